"""Evidence beside posts and pages, of the same invented people: a survey, orders, visitors and a report of others.

Whoever answers, buys or visits is drawn out of the forum's people, so that kinds of evidence agree as far as chance lets them. One
conflict is planted: half of the parcels to mothers in the two big cities go to their home provinces, so that orders tell
of another place than posts, survey and analytics do.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from data.demo import fragments
from data.demo.people import Names, Person, draw_people
from data.demo.survey import answers, questionnaire
from data.survey import files
from data.survey.questionnaire import Questionnaire

OWN = "An Nhiên"
#: So many days of orders.
_DAYS = 180


def write(folder: Path, seed: int | None, lang: str) -> list[Path]:
    """Write the files that are not there yet into a folder of ``folder`` that is called fiction; gives those that it wrote.

    A file that is there stays as it is.
    """
    place = folder / fragments.toml("evidence")[lang]["folder"]
    missing = [name for name in names(lang) if not (place / name).exists()]
    if not missing:
        return []
    made = make(seed, lang)
    place.mkdir(parents=True, exist_ok=True)
    for name in missing:
        (place / name).write_text(made[name], encoding="utf-8", newline="")
    return [place / name for name in missing]


def names(lang: str) -> list[str]:
    """What the files are called, in the order in which the study names them, and then what belongs to them."""
    words = fragments.toml("evidence")[lang]
    kinds = [str(words[kind]) for kind in ("survey", "orders", "analytics", "reference")]
    return [*kinds, mapping_of(kinds[0]), "README.md"]


def mapping_of(survey: str) -> str:
    """The questionnaire that belongs to a file of answers."""
    return f"{Path(survey).stem}{files.ENDING}"


def make(seed: int | None, lang: str) -> dict[str, str]:
    """Name → text of every file, the same for the same seed. The world itself draws nothing anew for it."""
    market, facts = fragments.toml("market"), fragments.toml("evidence")
    seed = int(market["seed"]) if seed is None else seed
    words: dict[str, Any] = facts[lang]
    world = random.Random(seed)  # noqa: S311 - the draw that the world begins with
    people = draw_people(world, Names(world))
    today: date = market["today"]
    form = questionnaire(facts["asked"], list(market["brands"]), lang, words["product"], today)
    survey, orders, analytics, reference, mapping, readme = names(lang)
    return {
        survey: _survey(_rng(seed, "survey"), people, form, facts, words, today),
        orders: _orders(_rng(seed, "orders"), people, facts, words, today),
        analytics: _analytics(_rng(seed, "analytics"), people, facts, words, today),
        reference: (Path(__file__).parent / "templates" / f"reference.{lang}.html").read_text(encoding="utf-8"),
        mapping: files.text_of(form, [words["fiction"]]),
        readme: f"# {words['fiction']}\n",
    }


def _rng(seed: int, what: str) -> random.Random:
    return random.Random(f"{seed}:{what}")  # noqa: S311 - a repeatable draw, no secret


def _users(people: Iterable[Person], brand: str | None) -> list[Person]:
    return [person for person in people if person.brand == brand]


def _csv(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _survey(
    rng: random.Random, people: Sequence[Person], form: Questionnaire, facts: Mapping[str, Any], words: Mapping[str, Any],
    today: date,
) -> str:  # fmt: skip
    """Answers as Google Forms gives them: one row a respondent, several answers in one cell with commas between."""
    asked = [
        person
        for brand, size in facts["respondents"].items()
        for person in rng.sample(_users(people, None if brand == "nobody" else brand), size)
    ]
    rng.shuffle(asked)
    at = datetime.combine(today - timedelta(days=32), time(8))
    rows: list[list[str]] = [[words["answered_at"], *(question.ask for question in form.questions)]]
    for person in asked:
        at += timedelta(minutes=rng.randint(3, 300), seconds=rng.randint(0, 59))
        rows.append([at.strftime(words["times"]), *answers(rng, person, form, facts)])
    return _csv(rows)


def _orders(
    rng: random.Random, people: Sequence[Person], facts: Mapping[str, Any], words: Mapping[str, Any], today: date
) -> str:
    """Half a year's orders of our brand, some cancelled, some sent back, of some a part of the money."""
    states, rows = words["states"], list[tuple[datetime, list[object]]]()
    away = list(fragments.toml("market")["places"]["rural"])
    for number, person in enumerate(rng.sample(_users(people, OWN), facts["customers"]), start=1):
        where = person.profile["location"]
        if person.profile["area"] == "urban" and rng.random() < facts["sent_home"]:
            where = rng.choice(away)
        channel = rng.choices(list(facts["bought_on"]), list(facts["bought_on"].values()))[0]
        for _ in range(1 + (rng.random() < 0.4) * rng.randint(1, 5)):
            day = today - timedelta(days=rng.randint(1, _DAYS))
            at = datetime.combine(day, time(rng.randint(7, 22), rng.randint(0, 59)))
            paid, luck = rng.choice(facts["prices"]), rng.random()
            state = states["cancelled" if luck < 0.05 else "returned" if luck < 0.09 else "completed"]
            back = paid if state == states["returned"] else rng.choice((20_000, 50_000)) if luck > 0.95 else 0
            rows.append((at, [state, f"KH{number:03}", where, paid, back, words["channels"][channel]]))
    rows.sort(key=lambda row: row[0])
    table = [[f"AN{place:05}", f"{at:%Y-%m-%d %H:%M}", *rest] for place, (at, rest) in enumerate(rows, start=1)]
    return _csv([words["order_columns"], *table])


def _analytics(
    rng: random.Random, people: Sequence[Person], facts: Mapping[str, Any], words: Mapping[str, Any], today: date
) -> str:
    """A month's visitors of our shop, as four reports in one file; of many neither age nor gender is known."""
    ours, others = _users(people, OWN), [p for p in people if p.brand not in (OWN, None)]
    seen = [
        rng.choice(others if rng.random() < facts["visitors_of_others"] else ours) for _ in range(facts["visitors"])
    ]
    known = [rng.random() < facts["tells_age"] for _ in seen]
    cities: dict[str, str] = facts["cities"]
    ways: dict[str, list[str]] = facts["came_from"]
    counted = {
        "age": Counter(_age(int(p.profile["age"])) if told else "unknown" for p, told in zip(seen, known, strict=True)),
        "gender": Counter(p.profile["gender"] if told else "unknown" for p, told in zip(seen, known, strict=True)),
        "city": Counter(
            "(not set)" if rng.random() < facts["nowhere"] else cities[p.profile["location"]] for p in seen
        ),
        "came": Counter(
            rng.choice(ways.get(p.profile["channel"], ways["other"])) for p in seen for _ in range(rng.randint(1, 3))
        ),
    }
    last = today.replace(day=1) - timedelta(days=1)
    days = [f"# {words['start']}: {last.replace(day=1):%Y%m%d}", f"# {words['end']}: {last:%Y%m%d}"]
    head = ["# " + "-" * 40, f"# {words['report']}", f"# {words['fiction']}", "# " + "-" * 40, *days]
    blocks = []
    for dimension, values in counted.items():
        unit = words["sessions" if dimension == "came" else "users"]
        body = _csv([[words[dimension], unit], *values.most_common()])
        blocks.append("\r\n".join([*head, body]))
    return "\r\n".join(blocks)


def _age(age: int) -> str:
    """The band that GA4 puts an age into."""
    return next(
        (f"{low}-{high}" for low, high in ((18, 24), (25, 34), (35, 44), (45, 54)) if low <= age <= high), "55+"
    )
