"""The audience of a brand in the parts of a customer portrait, persons and organisations also apart.

The five parts: goals and values; information; demographics (with what people can pay); challenges; objections and the role
in the purchase. Behaviour and psychology stand as groups of their own. Shares have Wilson's interval, means a bootstrap over
authors; each number says how many of the audience tell nothing of it. ``docs/explanation/comparison.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.audience import FREE, quotable
from analysis.bootstrap import mean
from analysis.facts import Facts
from analysis.frames import People
from analysis.shown import seen_by
from analysis.statistics import SLACK, wilson
from analysis.values import amount, months, span
from data.codebook import ATTRIBUTES
from data.store import Store
from data.study import MARKET

Row = dict[str, Any]
EVERYBODY, TYPES = "all", ("person", "organisation")
#: The parts of a portrait in order: five, and two groups of their own.
PARTS = (
    "goals_values", "information", "demographics", "challenges", "objections_role", "behaviour", "psychology",
)  # fmt: skip
#: The greatest logarithm of a number that there is.
_MOST_LOG = float(np.log(np.finfo(np.float64).max))
_PART_OF = {
    "goals_values": "goals_values", "information": "information", "demographics": "demographics", "relationships": "demographics",
    "body": "demographics", "ability_to_pay": "demographics", "who_buys": "objections_role", "behaviour": "behaviour",
    "psychology": "psychology",
}  # fmt: skip
PAIN, OBJECTION = "pain", "objection"
#: Stands in place of a brand for what people tell of themselves.
ANY = "*"
#: Of attributes told in free words, the most frequent.
_MOST_VALUES = 25
_COLUMNS = ["author", "attribute", "code", "weight"]
_MONTHS_A_YEAR = 12


def part_of(attribute: str) -> str:
    """The part of the portrait to which an attribute, a ``pain`` or an ``objection`` belongs."""
    if attribute in (PAIN, OBJECTION):
        return "challenges" if attribute == PAIN else "objections_role"
    return _PART_OF[ATTRIBUTES[attribute]]


def find(facts: Facts) -> None:
    """Write ``portraits`` and ``portrait_means``; rests on ``audience_shares`` and ``pain_shares``, which tell of everybody."""
    people, minimum, typed = facts.people, facts.minimum, _typed(facts)
    everybody = [*_of_everybody(facts), *_objections(people, minimum)]
    telling, rated, numbers = _telling(facts, typed), ratings(facts.store, people), _numbers(people.profiles)
    rows: list[Row] = []
    means: list[Row] = []
    for brand in (MARKET, *people.brands):
        audience = people.audience(brand)
        for kind, members in ((EVERYBODY, audience), *((k, g[people.belongs(g, brand)]) for k, g in typed.items())):
            if len(members) < minimum:
                continue
            means += _means(people, numbers, rated, brand, kind, members, minimum)
            if kind != EVERYBODY:
                mine = telling[np.isin(telling["author"].to_numpy(), members)]
                if brand != MARKET:
                    mine = mine[mine["brand"].isin((ANY, brand))]
                rows += _shares(mine, brand, kind, members, minimum)
    facts.store.replace_rows("portraits", [*everybody, *rows])
    facts.store.replace_rows("portrait_means", means)


def _typed(facts: Facts) -> dict[str, NDArray[np.int64]]:
    """Who tells that they are a person, and who that they buy for an organisation."""
    told = facts.coded.people
    told = told[(told["attribute"] == "customer_type").to_numpy()]
    return {
        kind: np.unique(told["author"].to_numpy(dtype=np.int64)[(told["code"] == kind).to_numpy()]) for kind in TYPES
    }


_EVERYBODY = """
select s.brand, s.attribute, s.value, s.authors, s.told as n, s.audience, 1 - 1.0 * s.told / s.audience as silent, s.share, s.low,
    s.high, s.posts, s.sources, s.first_seen, s.last_seen, s.evidence
from audience_shares s
union all
select p.brand, 'pain', p.category, p.authors, p.audience, p.audience, 0, p.share, p.low, p.high, p.posts, p.sources, p.first_seen,
    p.last_seen, p.evidence
from pain_shares p where p.authors > 0
"""


def _of_everybody(facts: Facts) -> Iterator[Row]:
    """What ``audience_shares`` and ``pain_shares`` tell, in the parts of the portrait."""
    rows = list(facts.store.query(_EVERYBODY))
    hurt = {brand: facts.people.pains_of(brand)["author"].nunique() for brand in (MARKET, *facts.people.brands)}
    for row in rows:
        silent = {"silent": 1 - hurt[row["brand"]] / row["audience"]} if row["attribute"] == PAIN else {}
        yield {"customer_type": EVERYBODY, "part": part_of(row["attribute"]), **row, **silent}


def _objections(people: People, minimum: int) -> Iterator[Row]:
    """Reasons not to buy: of everybody in the audience."""
    told = people.pains[(people.pains["kind"] == OBJECTION).to_numpy()]
    told = told.rename(columns={"category": "code"}).assign(weight=1.0, attribute=OBJECTION)
    for brand in (MARKET, *people.brands):
        mine = told if brand == MARKET else told[(told["brand"] == brand).to_numpy()]
        yield from _shares(mine, brand, EVERYBODY, people.audience(brand), minimum)


def _telling(facts: Facts, typed: Mapping[str, NDArray[np.int64]]) -> pd.DataFrame:
    """Everything that people tell who say what kind of customer they are: author, attribute, code, weight, the brand (of pains
    alone), and the post that tells it."""
    columns = [*_COLUMNS, "post", "source", "at", "confidence", "best"]
    members = np.union1d(typed["person"], typed["organisation"])
    told, coded, pains = (
        rows[np.isin(rows["author"].to_numpy(), members)]
        for rows in (facts.coded.told, facts.coded.people, facts.people.pains)
    )
    told, coded = (rows.astype({"attribute": "object", "code": "object"}) for rows in (told, coded))
    told = told.merge(coded[_COLUMNS], on=["author", "attribute", "code"])[columns].assign(brand=ANY)
    pains = pains.rename(columns={"category": "code"}).assign(weight=1.0, attribute=PAIN)
    pains = pains.astype({"code": "object", "brand": "object", "kind": "object"})
    objections = pains[(pains["kind"] == OBJECTION).to_numpy()].assign(attribute=OBJECTION)
    return pd.concat([told, *(p[[*columns, "brand"]] for p in (pains, objections) if len(p))], ignore_index=True)


def _shares(mine: pd.DataFrame, brand: str, kind: str, members: NDArray[np.int64], minimum: int) -> Iterator[Row]:
    """Rows of ``portraits`` of one group of people. Of a pain everybody is asked, of an attribute those who tell it."""
    votes = mine.drop_duplicates(["author", "attribute", "code"])
    cells = votes.groupby(["attribute", "code"], sort=True)["weight"].sum().reset_index(name="authors")
    told = votes.groupby("attribute")["author"].nunique()
    cells = cells[cells["authors"] >= minimum - SLACK]
    free = cells["attribute"].isin(FREE)
    few = cells[free].sort_values(["authors", "code"]).groupby("attribute", sort=False).tail(_MOST_VALUES)
    cells = pd.concat([cells[~free], few])
    if cells.empty:
        return
    asked = cells["attribute"].map(lambda a: len(members) if a in (PAIN, OBJECTION) else int(told[a])).to_numpy()
    low, high = wilson(cells["authors"].to_numpy(), asked)
    kept = mine.merge(cells[["attribute", "code"]], on=["attribute", "code"])
    about = seen_by(kept, ["attribute", "code"])
    shown = quotable(kept, ["attribute", "code"])
    for place, cell in enumerate(cells.itertuples(index=False)):
        key = (str(cell.attribute), str(cell.code))
        n = int(asked[place])
        yield {
            "brand": brand,
            "customer_type": kind,
            "part": part_of(key[0]),
            "attribute": key[0],
            "value": key[1],
            "authors": round(float(str(cell.authors)), 2),
            "n": n,
            "audience": len(members),
            "silent": 1 - int(told[key[0]]) / len(members),
            "share": float(str(cell.authors)) / n,
            "low": float(low[place]),
            "high": float(high[place]),
            **about[key],
            "evidence": json.dumps(shown.get(key, [])),
        }


def _means(
    people: People,
    numbers: pd.DataFrame,
    rated: pd.DataFrame,
    brand: str,
    kind: str,
    members: NDArray[np.int64],
    minimum: int,
) -> Iterator[Row]:
    """Rows of ``portrait_means``: ages, amounts of money, children's ages, ratings, and how badly things hurt."""
    mine = numbers[np.isin(numbers["author"].to_numpy(dtype=np.int64), members)]
    pains = people.pains_of(brand)
    stars = rated if brand == MARKET else rated[(rated["brand"] == brand).to_numpy()]
    parts = [mine, _one_each(stars, "rating", "stars", members), _one_each(pains, "severity", "severity", members)]
    for (attribute, unit), rows in pd.concat(parts).groupby(["attribute", "unit"]):
        each = rows.groupby("author")["number"].mean()
        if len(each) < minimum:
            continue
        log = attribute in ("income", "budget")
        found = mean(np.log(each) if log else each.to_numpy())
        assert found is not None  # there are people
        bounds = [found.value, found.low, found.high]
        if log and bounds[2] > _MOST_LOG:  # so few tell so different sums that no end can be told
            continue
        if log:
            bounds = [float(np.exp(x)) for x in bounds]
        if not np.isfinite(bounds).all():
            continue
        yield {
            "brand": brand, "customer_type": kind, "attribute": attribute, "unit": unit, "mean": bounds[0], "low": bounds[1],
            "high": bounds[2], "n": len(each), "audience": len(members),
        }  # fmt: skip


def _numbers(profiles: pd.DataFrame) -> pd.DataFrame:
    """Profiles that tell a number: author, attribute, unit, number (the middle of a range)."""
    rows = profiles[profiles["attribute"].isin(("age", "child_age", "income", "budget")).to_numpy()]
    rows = rows[["author", "attribute", "value"]].astype({"attribute": "object"})
    pairs = rows[["attribute", "value"]].drop_duplicates()
    known = {(str(a), str(v)): number(str(a), str(v)) for a, v in zip(pairs["attribute"], pairs["value"], strict=True)}
    told = [known[str(a), str(v)] for a, v in zip(rows["attribute"], rows["value"], strict=True)]
    numbers = pd.Series([t[0] if t else np.nan for t in told], index=rows.index, dtype="float64")
    units = pd.Series([t[1] if t else "" for t in told], index=rows.index, dtype="object")
    found = rows[["author", "attribute"]].assign(unit=units, number=numbers)
    return found.dropna(subset="number")


def number(attribute: str, value: str) -> tuple[float, str] | None:
    """A coded value as a number and its unit; ``None`` where it tells none. Money of nothing is no amount."""
    if attribute in ("income", "budget"):
        told = amount(value)
        if told is None or not any(told[0]):
            return None
        (low, high), currency = told
        return (high if attribute == "budget" else (low + high) / 2), currency or "?"
    bounds = span(value) if attribute == "age" else months(value)
    if bounds is None:
        return None
    middle = (bounds[0] + bounds[1]) / 2
    return (middle, "years") if attribute == "age" else (middle / _MONTHS_A_YEAR, "years")


def _one_each(rows: pd.DataFrame, column: str, unit: str, members: NDArray[np.int64]) -> pd.DataFrame:
    """A column's mean of each member, as ``_numbers`` gives it."""
    mine = rows[np.isin(rows["author"].to_numpy(dtype=np.int64), members)]
    each = mine.groupby("author")[column].mean().reset_index(name="number")
    return each.assign(attribute=column, unit=unit)


# The index of the few posts with stars must be named: SQLite would take that of all authors, which is in the order of the groups.
_RATINGS = """
select p.author_id as author, b.name as brand, avg(p.rating) as rating
from posts p indexed by posts_rated join brands b using (brand_id) where p.rating is not null and p.author_id is not null
group by p.author_id, b.name
"""


def ratings(store: Store, people: People) -> pd.DataFrame:
    """Every author's mean rating of each brand: author, brand, rating (stars, 0 to 5)."""
    rows = [(r["author"], r["brand"], r["rating"]) for r in store.query(_RATINGS) if r["brand"] in people.brands]
    table = pd.DataFrame(rows, columns=["author", "brand", "rating"]).astype({"author": "int64", "rating": "float64"})
    return table[np.isin(table["author"].to_numpy(), people.authors)]
