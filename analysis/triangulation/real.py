"""Are our customers the ones we aim at? The share of real customers who fit each segment, by every kind that sees customers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from analysis.cells import answer
from analysis.columns import moments
from analysis.customers import customers
from analysis.facts import Facts
from analysis.statistics import wilson
from analysis.triangulation.agreeing import LEAST
from analysis.triangulation.evidence import ANALYTICS, ORDERS, POSTS, SURVEY
from data.expectations import meets
from data.study import MARKET, Assumption, Segment
from data.survey.coded import WHO, is_of
from data.survey.questionnaire import BOUGHT

Row = dict[str, Any]
#: A single claim's attribute, share, interval and n.
Part = tuple[str, float, float, float, float]
#: Each customer fits or not; or only the shares of single attributes are known.
PERSONS, SHARES = "persons", "shares"
#: As many as the claims lead one to expect; each claim holds as far as seen; each holds, but they seldom meet in one person; fewer.
AS_CLAIMED, SEEN, APART, FEWER, OPEN, NOT_ENOUGH = "as_claimed", "seen", "apart", "fewer", "open", "not_enough"
ALL, FITS, OTHERS = "all", "fits", "others"
#: Who owns or bought of a brand is its customer; who only talks of it is not.
_CUSTOMERS = ("owns", "bought")
_RESPONDENTS = """
select r.import_id, r.respondent, r.weight, r.answered_at, coalesce(b.name, :market) as brand,
       coalesce(i.period_to, substr(i.imported_at, 1, 10)) as as_of
from respondents r join imports i using (import_id) join sources s using (source_id) left join brands b using (brand_id)
"""
_ANSWERS = (
    "select import_id, respondent, attribute, value from answers where attribute is not null and value is not null"
)
_CELLS = """
select o.kind, o.attribute, o.value, o.unit, o.count, o.n, o.share, o.low, o.high, i.format,
       coalesce(o.period_to, o.period_from, substr(i.imported_at, 1, 10)) as as_of, i.import_id
from observations o join imports i using (import_id)
where o.state = 'taken' and o.audience = 'all' and o.brand = ? and o.kind in ('analytics', 'orders') and o.share is not null
"""


def criteria(segment: Segment) -> list[Assumption]:
    """What tells who is of a segment."""
    return [one for one in segment.standing if one.attribute in WHO and one.at_least is not None]


def rows(facts: Facts) -> Iterator[Row]:
    """Rows of ``real_customers``."""
    segments = [(segment, criteria(segment)) for segment in facts.study.own.target]
    for segment, wanted in segments:
        if not wanted:
            continue
        for found in (*_survey(facts, wanted), *_posts(facts, wanted), *_figures(facts, wanted)):
            yield {"brand": facts.study.own.name, "segment": segment.segment, **found}


def claimed(wanted: Sequence[Assumption]) -> float | None:
    """The share who fit everything when each claim holds by just as much as it says and none depends on another: the product of the
    claims' own thresholds (of several claims on one attribute the smallest). ``None`` without claims."""
    least: dict[str, float] = {}
    for one in wanted:
        bound = one.at_least or 0.0
        least[str(one.attribute)] = min(bound, least.get(str(one.attribute), bound))
    return prod(least.values()) if least else None


def _row(
    kind: str, platform: str, basis: str, seen: Sequence[str], wanted: Sequence[Assumption], count: float | None,
    n: float | None, share: float | None, low: float | None, high: float | None, as_of: str | None, each: Sequence[Part] = (),
) -> Row:  # fmt: skip
    missing = [str(one.attribute) for one in wanted if one.attribute not in seen]
    expected = claimed([one for one in wanted if one.attribute in seen])
    verdict = _verdict(n, low, high, expected, [_holds(wanted, part) for part in each], whole=not missing, basis=basis)
    return {
        "kind": kind, "platform": platform, "basis": basis, "attributes": json.dumps(list(dict.fromkeys(seen))),
        "missing": json.dumps(list(dict.fromkeys(missing))), "count": count, "n": n, "share": share, "low": low,
        "high": high, "expected": expected, "verdict": verdict, "as_of": as_of,
    }  # fmt: skip


def _holds(wanted: Sequence[Assumption], part: Part) -> bool | None:
    """Whether a single claim holds by itself; ``None`` where its interval has the threshold within."""
    name, _, low, high, _ = part
    least = min(one.at_least or 0.0 for one in wanted if one.attribute == name)
    return True if low >= least else False if high < least else None


def _verdict(
    n: float | None, low: float | None, high: float | None, expected: float | None, holds: Sequence[bool | None] = (), *,
    whole: bool, basis: str = PERSONS,
) -> str:  # fmt: skip
    """Whether as many customers fit a segment as its claims lead one to expect. That each of several claims of “at least half” holds
    makes few who meet all of them: they are never measured by one half."""
    if low is None or high is None or expected is None or (n or 0) < LEAST:
        return NOT_ENOUGH
    all_hold = bool(holds) and all(holds)
    if basis == SHARES:
        if low >= expected and all_hold and whole:
            return AS_CLAIMED
        return FEWER if False in holds or high < expected else SEEN if all_hold else OPEN
    if high < expected:
        return APART if all_hold else FEWER
    return OPEN if low < expected else AS_CLAIMED if whole else SEEN


def _survey(facts: Facts, wanted: Sequence[Assumption]) -> Iterator[Row]:
    """Respondents of the newest survey that has our customers: all of them where it is about our brand, else who bought it."""
    told: defaultdict[tuple[int, int], defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    asked: defaultdict[int, set[str]] = defaultdict(set)
    for row in facts.store.query(_ANSWERS):
        told[row["import_id"], row["respondent"]][row["attribute"]].append(row["value"])
        asked[row["import_id"]].add(row["attribute"])
    own = facts.study.own.name
    surveys: defaultdict[tuple[str, int], list[tuple[float, Mapping[str, list[str]]]]] = defaultdict(list)
    for row in facts.store.query(_RESPONDENTS, {"market": MARKET}):
        mine = told[row["import_id"], row["respondent"]]
        bought = own in mine.get(BOUGHT, ())
        ours = bought if BOUGHT in asked[row["import_id"]] else row["brand"] == own
        if ours and row["brand"] in (own, MARKET):
            surveys[str(row["as_of"]), row["import_id"]].append((float(row["weight"]), mine))
    if not surveys:
        return
    (as_of, import_id), people = max(surveys.items())
    seen = [str(one.attribute) for one in wanted if one.attribute in asked[import_id]]
    yield _persons(SURVEY, seen, wanted, people, as_of)


def _persons(
    kind: str, seen: Sequence[str], wanted: Sequence[Assumption], people: Sequence[tuple[float, Mapping[str, list[str]]]],
    as_of: str | None,
) -> Row:  # fmt: skip
    """Of those who tell everything that is asked of a segment, those who fit it. Whoever leaves something out would only ever
    be found not to fit."""
    some = [(str(one.attribute), one.expected) for one in wanted if one.attribute in seen]
    whole = [(w, is_of(some, told)) for w, told in people if all(told.get(name) for name, _ in some)] if some else []
    decided = [(w, fits) for w, fits in whole if fits is not None]
    if not decided:
        return _row(kind, "", PERSONS, seen, wanted, None, 0, None, None, None, as_of)
    total = sum(w for w, _ in decided)
    n = total**2 / sum(w * w for w, _ in decided)
    share = sum(w for w, fits in decided if fits) / total
    low, high = wilson(share * n, n)
    each = list(_each([one for one in wanted if one.attribute in seen], people, n / len(decided)))
    return _row(kind, "", PERSONS, seen, wanted, share * n, n, share, float(low), float(high), as_of, each)


def _each(
    wanted: Sequence[Assumption], people: Sequence[tuple[float, Mapping[str, list[str]]]], worth: float
) -> Iterator[Part]:
    """Of each claim by itself the share of those who tell it who meet it; ``worth`` is what a weighted person counts."""
    for one in wanted:
        name = str(one.attribute)
        found = [(w, fits) for w, told in people if (fits := is_of([(name, one.expected)], told)) is not None]
        if found:
            n = len(found) * worth
            share = sum(w for w, fits in found if fits) / sum(w for w, _ in found)
            low, high = wilson(share * n, n)
            yield name, share, float(low), float(high), n


def _posts(facts: Facts, wanted: Sequence[Assumption]) -> Iterator[Row]:
    """Authors who own or bought of our brand. Where too few tell everything, the shares of single attributes bound the rest."""
    people = facts.people
    related = people.relations
    mine = related[(related["brand"] == facts.study.own.name) & related["relation"].isin(_CUSTOMERS)]
    authors = np.unique(mine["author"].to_numpy(dtype=np.int64))
    if not len(authors):
        return
    names = {str(one.attribute) for one in wanted}
    rows_ = people.profiles[people.profiles["attribute"].isin(names) & people.profiles["author"].isin(authors)]
    told: defaultdict[int, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for author, attribute, value, group in zip(
        rows_["author"], rows_["attribute"], rows_["value"], rows_["group"], strict=True
    ):
        told[int(author)][str(attribute)].append(str(group) if attribute == "occupation" and group else str(value))
    as_of = moments(mine["at"].to_numpy(dtype=np.int64).max(keepdims=True))[0]
    seen = sorted({name for one in told.values() for name in one})
    if not seen:
        return
    row = _persons(POSTS, seen, wanted, [(1.0, told[int(author)]) for author in authors], as_of)
    if row["n"] >= LEAST:
        yield row
        return
    parts = [part for part in _each(wanted, [(1.0, one) for one in told.values()], 1.0) if part[4] >= LEAST]
    if parts:
        yield _bounded(POSTS, "", wanted, parts, as_of)


def _figures(facts: Facts, wanted: Sequence[Assumption]) -> Iterator[Row]:
    """Analytics and orders, which know no person whole."""
    groups: defaultdict[tuple[str, str], defaultdict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for cell in facts.store.query(_CELLS, (facts.study.own.name,)):
        groups[cell["kind"], str(cell["format"] or "")][cell["attribute"]].append(cell)
    for (kind, platform), attributes in groups.items():
        parts, days = [], []
        for one in wanted:
            held = attributes.get(str(one.attribute), [])
            newest = max(((c["unit"] == "people", c["as_of"] or "", c["import_id"]) for c in held), default=None)
            held = [c for c in held if (c["unit"] == "people", c["as_of"] or "", c["import_id"]) == newest]
            found = answer(one, held) if held else None
            if found is None or found.share is None:
                continue
            days.append(str(held[0]["as_of"] or ""))
            low = found.low if found.low is not None else found.share
            high = found.high if found.high is not None else found.share
            parts.append((str(one.attribute), found.share, low, high, found.n or 0.0))
        if parts:
            yield _bounded(kind, platform, wanted, parts, max(days) or None)


def _bounded(
    kind: str, platform: str, wanted: Sequence[Assumption], parts: Sequence[Part],
    as_of: str | None,
) -> Row:  # fmt: skip
    """What shares of single attributes say of all together: at most the smallest, at least what they overlap by (Fréchet 1935)."""
    seen = [name for name, *_ in parts]
    low = max(sum(part[2] for part in parts) - (len(parts) - 1), 0.0)
    high = min(part[3] for part in parts)
    n = min(part[4] for part in parts)
    share = parts[0][1] if len(parts) == 1 else None
    count = share * n if share is not None else None
    return _row(kind, platform, SHARES, seen, wanted, count, n or None, share, low, high, as_of, parts)


def behaviour(facts: Facts) -> Iterator[Row]:
    """Rows of ``customer_behaviour``: recency, frequency and value of those who live where a segment is expected to, and of the
    others."""
    own = facts.study.own.name
    found = customers(facts.store, own)
    if found.empty:
        return
    yield _behaviour(own, "", ALL, found)
    for segment in facts.study.own.target:
        places = [one.expected for one in criteria(segment) if one.attribute == "location"]
        known = found[found["location"].notna()]
        if not places or known.empty:
            continue
        fits = known["location"].map(lambda where, at=places[0]: (meets("location", at, str(where), None) or 0) >= 0.5)
        for who, rows_ in ((FITS, known[fits]), (OTHERS, known[~fits])):
            if len(rows_):
                yield _behaviour(own, segment.segment, who, rows_)


def _behaviour(brand: str, segment: str, who: str, found: Any) -> Row:
    size = len(found)
    again = int((found["orders"] > 1).sum())
    low, high = wilson(again, size)
    value = found["value"].astype(float)
    half = 1.96 * float(value.std(ddof=1)) / size**0.5 if size > 1 else None
    placed = float((found["orders"] + found["cancelled"].fillna(0)).sum())
    gone = float(found["returned"].fillna(0).sum() + found["cancelled"].fillna(0).sum())
    mean = float(value.mean())
    return {
        "brand": brand, "segment": segment, "who": who, "customers": size, "repeat": again, "share": again / size,
        "low": float(low), "high": float(high), "orders": float(found["orders"].mean()),
        "recency_days": float(found["recency_days"].astype(float).median()), "value": mean,
        "value_low": None if half is None else mean - half, "value_high": None if half is None else mean + half,
        "currency": str(found["currency"].iloc[0]), "returned": gone / placed if placed else None,
        "as_of": str(found["last_order"].max())[:10],
    }  # fmt: skip


__all__ = ["ANALYTICS", "ORDERS", "behaviour", "criteria", "rows"]
