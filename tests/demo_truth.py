"""The demonstration's report beside the truth that was planted into its market.

    python -m tests.demo_truth [FOLDER]

prints both for every audience, and how much of what was planted the text pipelines found. FOLDER is one that
``chandung demo`` has filled; without it a demonstration is made in a temporary folder.

The report counts the people who speak of a brand: who name it, write on its page, or blame it. Of a brand's truth it is
therefore ``by_mention`` that the report can know, not ``by_relation``: nothing in a forum tells who uses a brand in silence.
And it is what people *told* that the report shares out; what they kept to themselves no method recovers from their texts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.aging import moved
from analysis.report import build, model
from analysis.values import AGES, grouped, months
from data.demo import world
from data.store import open_store
from data.study import MARKET, Study
from data.study_file import load
from tests.demo_reading import Pair, Tally, cue_tallies, fair_category, pain_tallies, pair

Author = Mapping[str, Any]
#: The attributes of which enough people tell something; of the others the truth is too small to be compared.
COMPARED = (
    "gender", "age", "location", "price_sensitivity", "marital_status", "occupation", "children", "child_age",
    "value", "channel", "behaviour",
)  # fmt: skip
BIG_TWO = ("Hà Nội", "Hồ Chí Minh")


@dataclass(frozen=True, slots=True)
class Line:
    """A share of the report, and the same share as planted: ``people`` of ``of`` authors."""

    brand: str
    attribute: str
    value: str
    reported: model.Estimate
    people: int
    of: int

    @property
    def truth(self) -> float:
        return self.people / self.of if self.of else 0.0

    @property
    def off(self) -> float:
        """How far the report is from the truth, in shares; a bound ("at least 91 %") that holds is not off."""
        if self.reported.at_least and self.held:
            return 0.0
        return abs(self.reported.share - self.truth)

    @property
    def held(self) -> bool:
        """Whether the truth lies in the report's interval."""
        return self.reported.low <= self.truth <= self.reported.high


@dataclass(frozen=True, slots=True, repr=False)
class Demo:
    """A demonstration that has been made: its report, the truth, and every post as planted and as read."""

    study: Study
    report: model.Report
    truth: Mapping[str, Any]
    pairs: Sequence[Pair]

    def portrait(self, brand: str) -> model.Portrait:
        return next(p for p in self.report.portraits if p.brand == brand)

    def people(self, brand: str) -> list[Author]:
        """The planted authors of an audience."""
        customers = [a for a in self.truth["authors"] if a["role"] == "customer"]
        return customers if brand == MARKET else [a for a in customers if brand in a["speaks_of"]]

    def check(self, position: int, brand: str) -> model.Check:
        """The verdict on the assumption that stands at ``position`` in the study file."""
        found = self.report.segments[0].of(position, brand)
        assert found is not None
        return found


def open_demo(folder: Path) -> Demo:
    """The demonstration in ``folder``, which ``chandung demo`` has filled."""
    study = load(folder / "study.yaml")
    truth = grown(world.make().truth())
    with open_store(study.database, read_only=True) as store:
        return Demo(study, build.build(store, study, "2026-11-21T00:00:00+00:00"), truth, list(pair(truth, store)))


# ---- what was planted, in the report's groups ----


def grown(truth: dict[str, Any]) -> dict[str, Any]:
    """The truth with every child as old as at the analysis: the report tells how old they are now, not how old they were."""
    now = datetime.now(UTC)
    at = {(post["site"], post["id"]): datetime.fromisoformat(post["at"]) for post in truth["posts"] if post["at"]}
    for author in truth["authors"]:
        said = author["said"].get("child_age")
        if said:
            newest = {v: max((at[author["site"], n] for n in posts), default=now) for v, posts in said.items()}
            last = max(newest.values())
            months_since = (now.year - last.year) * 12 + now.month - last.month
            author["said"]["child_age"] = {
                moved("child_age", value, months_since): said[value] for value, when in newest.items() if when == last
            }
    return truth


def told(author: Author, attribute: str) -> set[str]:
    """The report's groups into which a planted author falls, of what they say of themselves; empty where they say nothing."""
    said: Mapping[str, list[str]] = author["said"].get(attribute, {})
    if not said:
        return set()
    if attribute == "age":
        return {_band(float(author["profile"]["age"]), AGES)}
    if attribute == "children":
        return {code for value in said for code in _children(value)}
    if attribute == "child_age":
        return {code for code, _ in grouped(attribute, max(said, key=_oldest), None)}
    if attribute == "occupation":
        return {author["profile"]["occupation_group"]}
    return set(said)


def _band(number: float, bands: Iterable[tuple[float, float]]) -> str:
    return next(f"{low:g}-{high:g}" for low, high in bands if low <= number <= high)


def _oldest(value: str) -> float:
    """A child only grows: of several ages told the highest is the newest."""
    span = months(value)
    assert span is not None
    return span[0]


def _children(value: str) -> tuple[str, ...]:
    if value.isdigit():
        return ("yes", value if int(value) < 3 else "3+")
    return (value,)


# ---- the report's shares beside the planted ones ----


def shares(demo: Demo, brand: str) -> Iterator[Line]:
    """Every share of an attribute that the report shows of an audience."""
    people, portrait = demo.people(brand), demo.portrait(brand)
    for attribute in COMPARED:
        coded = [codes for author in people if (codes := told(author, attribute))]
        counts = Counter(code for codes in coded for code in codes)
        if attribute == "child_age":
            counts = _shared_out(people)
        trait = portrait.trait(attribute)
        shown = {cell.value: cell.estimate for cell in trait.cells} if trait else {}
        for value, estimate in shown.items():
            yield Line(brand, attribute, value, estimate, round(counts[value]), len(coded))
    yield _big_two(demo, brand, people)


def _shared_out(people: Iterable[Author]) -> Counter[str]:
    """How many children's ages lie in each group; a child "of two" seven months ago is of two groups in part."""
    counts: Counter[str] = Counter()
    for author in people:
        if said := author["said"].get("child_age"):
            for code, weight in grouped("child_age", max(said, key=_oldest), None):
                counts[code] += weight  # type: ignore[assignment]
    return counts


def drawn(author: Author, attribute: str) -> str:
    """The report's group into which a planted author falls by what was drawn, whether they tell it or not."""
    profile: Mapping[str, str] = author["profile"]
    if attribute == "age":
        return _band(float(profile["age"]), AGES)
    if attribute == "location" and profile["location"] in BIG_TWO:
        return "+".join(BIG_TWO)
    return profile[attribute]


def of_everybody(demo: Demo, line: Line) -> Line:
    """The same share of the report, beside the truth of all the audience: those who tell and those who keep silent."""
    people = demo.people(line.brand)
    count = sum(drawn(author, line.attribute) == line.value for author in people)
    return Line(line.brand, line.attribute, line.value, line.reported, count, len(people))


def _big_two(demo: Demo, brand: str, people: Iterable[Author]) -> Line:
    """Hà Nội and Hồ Chí Minh together, as the study's third assumption asks for them."""
    found = demo.check(2, brand)
    assert found.expected == BIG_TWO
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.n is not None
    reported = model.Estimate(found.value * found.n, found.n, found.value, found.low, found.high, found.bound)
    coded = [codes for author in people if (codes := told(author, "location"))]
    return Line(brand, "location", "+".join(BIG_TWO), reported, sum(bool(c & set(BIG_TWO)) for c in coded), len(coded))


def pains(demo: Demo, brand: str) -> Iterator[Line]:
    """Every category of pain that the report shows of an audience, or that it should have shown."""
    people, portrait = demo.people(brand), demo.portrait(brand)
    hurt = planted_pains(demo, brand)
    size, minimum = portrait.people or 0, demo.report.minimum
    shown = {h.category: h.estimate for h in portrait.hurts}
    for category in sorted(shown.keys() | {c for c, authors in hurt.items() if len(authors) >= minimum}):
        nothing = model.Estimate(0, size, 0.0, 0.0, (minimum - 1) / size)
        yield Line(brand, category, "", shown.get(category, nothing), len(hurt.get(category, ())), len(people))


def planted_pains(demo: Demo, brand: str) -> dict[str, set[str]]:
    """The authors who were made to complain, by category: of a brand those who blame it.

    Where the codebook allows two categories, the one that was read is as right as the one that was planted; where it leaves
    open whether there is a pain of the market at all, so is what was read. No brand is ever blamed by what is left open.
    """
    found: dict[str, set[str]] = {}
    for planted, post in demo.pairs:
        if planted["kind"] in ("advert", "seeding"):
            continue
        read = {p["category"] for p in post.pains}
        for hurt in planted["pains"]:
            if brand in (MARKET, hurt["target"]):
                found.setdefault(fair_category(hurt, read), set()).add(f"{planted['site']} {planted['author']}")
        for category in read.intersection(planted["fair"]) if brand == MARKET else ():
            found.setdefault(category, set()).add(f"{planted['site']} {planted['author']}")
    return found


# ---- as a table ----


def main(arguments: Sequence[str]) -> int:
    if arguments:
        _print(open_demo(Path(arguments[0])))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        make_demo(Path(folder) / "demo")
        _print(open_demo(Path(folder) / "demo"))
    return 0


def make_demo(folder: Path) -> None:
    """Run ``chandung demo`` as a user does. Raises ``RuntimeError`` where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "chandung", "demo", "--folder", str(folder), "--language", "en"],
        cwd=Path(__file__).parent.parent,
        env=os.environ | {"CHANDUNG_LANG": "en", "PYTHONUTF8": "1", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=900,
    )
    if done.returncode:
        raise RuntimeError(f"chandung demo ended with {done.returncode}:\n{done.stdout[-3000:]}")


def _print(demo: Demo) -> None:
    for portrait in demo.report.portraits:
        planted = len(demo.people(portrait.brand))
        print(f"\n== {portrait.brand}: the report counts {portrait.people} people, {planted} were planted")
        _lines("told of themselves", shares(demo, portrait.brand))
        _lines("hurts them", pains(demo, portrait.brand))
    for name, count in (("cues", cue_tallies), ("pains", pain_tallies)):
        _tallies(name, count, demo.pairs)


def _lines(name: str, lines: Iterable[Line]) -> None:
    every = list(lines)
    print(f"\n{name}: {sum(not line.held for line in every)} of {len(every)} outside")
    for line in every:
        shown = line.reported
        print(
            f"  {'   ' if line.held else '>>>'} {line.attribute:18}{line.value:28} told {shown.n:5} "
            f"share {shown.share:5.3f} ({shown.low:5.3f}-{shown.high:5.3f})  truth {line.truth:5.3f} = {line.people}/{line.of}"
        )


def _tallies(name: str, count: Callable[[Iterable[Pair]], Mapping[str, Tally]], pairs: Sequence[Pair]) -> None:
    print(f"\n{name}, post by post: planted, found, invented, recall, precision")
    for key, tally in sorted(count(pairs).items()):
        if tally.planted + tally.extra >= 5:
            print(
                f"  {key:36}{tally.planted:6}{tally.found:6}{tally.extra:6}  {tally.recall:.2f}  {tally.precision:.2f}"
            )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
