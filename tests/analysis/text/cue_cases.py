"""Reading the case files ``cases/cues_*.txt`` and scoring answers against them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from data.records import Cue

FOLDER = Path(__file__).parent / "cases"
WRITTEN = "2026-05-15T08:00:00+07:00"
#: Attributes whose value is a phrase: sharing a word is agreeing.
PHRASES = frozenset({"occupation", "interest", "goal", "effort"})


@dataclass(frozen=True)
class Expected:
    """One cue of a case: any of ``values`` is right; ``optional`` ones may be missing."""

    attribute: str
    values: tuple[str, ...]
    who: str
    optional: bool = False

    def met_by(self, cue: Cue) -> bool:
        if cue.attribute != self.attribute or cue.who != self.who:
            return False
        if self.attribute in PHRASES:
            return any(set(value.split()) & set(cue.value.split()) for value in self.values)
        return cue.value in self.values


@dataclass(frozen=True)
class Case:
    """A post with what must be read out of it."""

    domain: str
    text: str
    expected: tuple[Expected, ...]
    line: int


def cases(lang: str, name: str = "cues") -> Iterator[Case]:
    """The cases of one language, in the file's order."""
    domain = text = ""
    path = FOLDER / f"{name}_{lang}.txt"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            domain = line.strip("[] ")
        elif line.startswith("    "):
            yield Case(domain, text, tuple(_expected(line.strip())), number - 1)
        else:
            text = line


def _expected(line: str) -> Iterator[Expected]:
    for part in line.split(";") if line != "-" else []:
        attribute, _, rest = part.strip().partition("=")
        value, _, who = rest.partition("@")
        attribute, optional = attribute.lstrip("?"), attribute.startswith("?")
        yield Expected(
            attribute, tuple(value.split("|")), who or ("child" if attribute == "child_age" else "self"), optional
        )


@dataclass
class Score:
    """Right, wrong and missed answers."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    def __str__(self) -> str:
        return (
            f"P {self.precision:.3f} R {self.recall:.3f} F1 {self.f1:.3f} ({self.right}+ {self.wrong}- {self.missed}?)"
        )


def compare(case: Case, cues: Iterable[Cue]) -> tuple[list[Expected], list[Cue], list[Expected]]:
    """What was met, what was found without being expected, what was missed."""
    left = list(case.expected)
    met, wrong = [], []
    for cue in cues:
        match = next((e for e in left if e.met_by(cue) and not e.optional), None) or next(
            (e for e in left if e.met_by(cue)), None
        )
        if match is None:
            wrong.append(cue)
            continue
        left.remove(match)
        if not match.optional:
            met.append(match)
    return met, wrong, [e for e in left if not e.optional]


def scores(results: Iterable[tuple[Case, list[Cue]]]) -> dict[str, Score]:
    """Scores over all (``""``), by attribute and by domain (``"[domain]"``)."""
    table: dict[str, Score] = defaultdict(Score)
    for case, cues in results:
        met, wrong, missed = compare(case, cues)
        for field, items in (("right", met), ("wrong", wrong), ("missed", missed)):
            for attribute, count in Counter(item.attribute for item in items).items():
                for key in ("", attribute, f"[{case.domain}]"):
                    setattr(table[key], field, getattr(table[key], field) + count)
    return dict(table)
