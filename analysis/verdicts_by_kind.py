"""Each assumption by every kind of evidence, side by side, with a short reading of whether they agree. Nothing is averaged."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from analysis import buying_channels
from analysis.cells import FEW, GROUPS, PAIN, PART, PEOPLE, VISITS, Answer, answer, told_by
from analysis.facts import Facts
from analysis.hypotheses import CONTRADICTED, NOT_ENOUGH, SUPPORTED, decide
from analysis.register import register
from analysis.statistics import Interval
from analysis.triangulation.weights import Combined, Figure, combined
from analysis.verdict_history import keep
from data.assumptions import Claim, claims

Row = dict[str, Any]
POSTS, NOTES, REFERENCE, ANALYTICS, ORDERS = "posts", "notes", "reference", "analytics", "orders"
ALL, TARGET = "all", "target"
AGREE, CONFLICT, ONE_KIND, STILL_OPEN = "agree", "conflict", "one_kind", "open"
_CELLS = """
select o.import_id, o.kind, o.brand, o.audience, o.attribute, o.value, o.unit, o.count, o.n, o.share, o.low, o.high, o.period_from,
    o.period_to, coalesce(o.period_to, o.period_from, i.imported_at) as until, d.reputation
from observations o join imports i using (import_id)
left join reference_figures f using (observation_id) left join reference_documents d on d.document_id = f.document_id
where o.state = 'taken' and o.audience <> 'others'
union all
select null, 'notes', brand, audience, attribute, value, unit, count, n, share, low, high, period_from, period_to, coalesce(period_to, ''),
    null
from note_shares
"""


def find(facts: Facts) -> None:
    """Register the study's assumptions, and judge each by every kind of evidence. The verdicts by posts are there already."""
    versions = register(facts.store, facts.study, facts.run, facts.checked_at)
    standing = [claim for claim in claims(facts.study) if claim.id in versions]
    rows = [
        *_by_posts(facts, versions), *_by_others(facts, standing, versions), *_by_references(facts, standing, versions),
        *_by_orders(facts, standing, versions),
    ]  # fmt: skip
    _mark_newest(rows, {claim.id: claim.segment for claim in standing})
    facts.store.replace_rows("verdicts_by_kind", ({k: v for k, v in row.items() if k != "until"} for row in rows))
    newest = [row for row in rows if row["newest"]]
    facts.store.replace_rows("verdict_readings", readings(newest))
    keep(facts.store, facts.run, newest)


def _by_posts(facts: Facts, versions: Mapping[str, int]) -> Iterator[Row]:
    for row in facts.verdicts:
        about = {**row, "version": versions[row["assumption"]]}
        count = json.loads(row["evidence"])["count"] if row["share"] is not None else None
        why = FEW if row["verdict"] == NOT_ENOUGH else None
        found = Answer(row["share"], row["low"], row["high"], count, row["n"], why)
        yield _row(about, POSTS, ALL, row["verdict"], found, PEOPLE, facts.checked_at)


def _by_others(facts: Facts, standing: Sequence[Claim], versions: Mapping[str, int]) -> Iterator[Row]:
    brands = {brand.name for brand in facts.study.brands} | {"market"}
    for (brand, kind, import_id, audience, attribute, unit, until), cells in _groups(facts).items():
        for claim in standing:
            about = claim.assumption.attribute or PAIN
            if brand not in brands or attribute != about or audience not in (ALL, TARGET, claim.segment):
                continue
            found = answer(claim.assumption, cells)
            if kind == NOTES and found.why == GROUPS and told_by(claim.assumption, cells):
                found = Answer(n=found.n, why=FEW)  # of notes what few tell is not kept
            if kind == ANALYTICS and attribute == buying_channels.CHANNEL and _is_of_buying(claim):
                found = Answer(found.share, None, None, found.count, found.n, VISITS)
            verdict, why = _judged(claim, found, facts.minimum)
            key = {"assumption": claim.id, "version": versions[claim.id], "brand": brand}
            found = Answer(found.share, found.low, found.high, found.count, found.n, why)
            row = _row(key, kind, audience, verdict, found, str(unit), facts.checked_at)
            dates = {name: cells[0][name] for name in ("period_from", "period_to")}
            yield {**row, "import_id": import_id, **dates, "until": until}


def _is_of_buying(claim: Claim) -> bool:
    return not buying_channels.BUYING.isdisjoint(claim.assumption.expected)


def _by_orders(facts: Facts, standing: Sequence[Claim], versions: Mapping[str, int]) -> Iterator[Row]:
    """Over which channels customers bought, by all imported orders together: a single platform's file holds its own buyers alone."""
    cells: defaultdict[str, list[Row]] = defaultdict(list)
    for cell in buying_channels.cells(facts.store):
        cells[cell["brand"]].append(cell)
    for brand, held in cells.items():
        for claim in standing:
            if claim.assumption.attribute != buying_channels.CHANNEL:
                continue
            found = answer(claim.assumption, held)
            verdict, why = _judged(claim, found, facts.minimum)
            if why is None and not held[0]["exact"]:
                why = PART
            key = {"assumption": claim.id, "version": versions[claim.id], "brand": brand}
            found = Answer(found.share, found.low, found.high, found.count, found.n, why)
            dates = {name: held[0][name] for name in ("period_from", "period_to")}
            row = _row(key, ORDERS, ALL, verdict, found, PEOPLE, facts.checked_at)
            yield {**row, **dates, "until": dates["period_to"] or ""}


def _by_references(facts: Facts, standing: Sequence[Claim], versions: Mapping[str, int]) -> Iterator[Row]:
    """All reports together, each figure weighed by how fresh and how well reputed its report is, with what they say unweighted beside.
    What the reading goes by; each report by itself stands in a row of its own."""
    today = date.fromisoformat(facts.checked_at[:10])
    brands = {brand.name for brand in facts.study.brands} | {"market"}
    groups: defaultdict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for cell in facts.store.query(_CELLS):
        if cell["kind"] == REFERENCE and cell["share"] is not None and cell["brand"] in brands:
            groups[cell["brand"], cell["audience"], cell["attribute"], cell["unit"]].append(cell)
    for (brand, audience, attribute, unit), cells in groups.items():
        weighed, plain = _together(cells, today)
        days = [cell["period_to"] or cell["period_from"] for cell in cells if cell["period_to"] or cell["period_from"]]
        for claim in standing:
            about = claim.assumption.attribute or PAIN
            if attribute != about or audience not in (ALL, TARGET, claim.segment):
                continue
            found, beside = answer(claim.assumption, weighed), answer(claim.assumption, plain)
            verdict, why = _judged(claim, found, facts.minimum)
            key = {"assumption": claim.id, "version": versions[claim.id], "brand": brand}
            found = Answer(found.share, found.low, found.high, found.count, found.n, why)
            row = _row(key, REFERENCE, audience, verdict, found, unit, facts.checked_at)
            yield {
                **row, "period_to": max(days, default=None), "until": max(str(cell["until"]) for cell in cells),
                "plain": beside.share, "plain_verdict": _judged(claim, beside, facts.minimum)[0],
            }  # fmt: skip


def _together(cells: Sequence[Row], today: date) -> tuple[list[Row], list[Row]]:
    """The figures of several reports as one cell a value: weighted, and each report for all the people it asked."""
    values: defaultdict[str, list[Row]] = defaultdict(list)
    for cell in cells:
        values[cell["value"]].append(cell)
    both: tuple[list[Row], list[Row]] = ([], [])
    for held in values.values():
        figures = [Figure(c["share"], c["n"], c["period_to"] or c["period_from"], c["reputation"]) for c in held]
        for whole, into in ((combined(figures, today), both[0]), (combined(figures, today, weighted=False), both[1])):
            into.append({**held[0], **_cell(whole)})
    return both


def _cell(whole: Combined) -> Row:
    return {"count": None, "n": whole.n, "share": whole.share, "low": whole.low, "high": whole.high}


def _groups(facts: Facts) -> dict[tuple[Any, ...], list[Row]]:
    """Cells that belong together: of one import, about the same people, attribute and period."""
    found: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for cell in facts.store.query(_CELLS):
        names = ("brand", "kind", "import_id", "audience", "attribute", "unit", "until")
        found[tuple(cell[name] for name in names)].append(cell)
    return found


def _judged(claim: Claim, found: Answer, minimum: int) -> tuple[str, str | None]:
    """The verdict by the claim's own rule. What has no interval decides nothing."""
    assumption = claim.assumption
    if found.share is None or found.low is None or found.high is None or found.why not in (None, PART):
        return NOT_ENOUGH, found.why or FEW
    least = max(assumption.minimum_n, minimum)
    n = found.n or 0
    at_most = assumption.at_most if assumption.top is None else assumption.top
    verdict = decide(Interval(found.share, found.low, found.high), assumption.at_least, at_most, n, least)
    return verdict, FEW if verdict == NOT_ENOUGH else found.why


def _row(
    about: Mapping[str, Any], kind: str, audience: str, verdict: str, found: Answer, unit: str, checked_at: str
) -> Row:
    return {
        "assumption": about["assumption"],
        "version": about["version"],
        "brand": about["brand"],
        "kind": kind,
        "audience": audience,
        "import_id": None,
        "verdict": verdict,
        "share": found.share,
        "low": found.low,
        "high": found.high,
        "count": found.count,
        "n": found.n,
        "unit": unit,
        "why": found.why,
        "period_from": None,
        "period_to": None,
        "newest": 0,
        "plain": None,
        "plain_verdict": None,
        "checked_at": checked_at,
        "until": "",
    }


def _mark_newest(rows: Iterable[Row], segments: Mapping[str, str]) -> None:
    """Of each kind, what the reading goes by: about everybody rather than a segment, of people, then the newest; of one period
    what says of how many people it is before what does not. Of reports all together, weighted; of channels all
    orders together."""
    best: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        key = (row["assumption"], row["brand"], row["kind"])
        if key not in best or _order(row, segments) > _order(best[key], segments):
            best[key] = row
    for row in best.values():
        row["newest"] = 1


def _order(row: Row, segments: Mapping[str, str]) -> tuple[int, bool, bool, str, bool, int]:
    widest = (TARGET, segments[row["assumption"]], ALL).index(row["audience"])
    until = (row["until"] or "")[:10]
    whole = row["kind"] in (REFERENCE, ORDERS) and row["import_id"] is None
    return widest, row["unit"] == PEOPLE, whole, until, row["low"] is not None and bool(row["n"]), row["import_id"] or 0


def readings(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows of ``verdict_readings``: whether the kinds that decide an assumption decide it alike."""
    together: defaultdict[tuple[str, int, str], list[Row]] = defaultdict(list)
    for row in rows:
        together[row["assumption"], row["version"], row["brand"]].append(row)
    for (assumption, version, brand), mine in together.items():
        by = {v: [r["kind"] for r in mine if r["verdict"] == v] for v in (SUPPORTED, CONTRADICTED)}
        decided = [*by[SUPPORTED], *by[CONTRADICTED]]
        yield {
            "assumption": assumption,
            "version": version,
            "brand": brand,
            "reading": reading(len(by[SUPPORTED]), len(by[CONTRADICTED])),
            "supported": json.dumps(by[SUPPORTED]),
            "contradicted": json.dumps(by[CONTRADICTED]),
            "open": json.dumps([r["kind"] for r in mine if r["kind"] not in decided]),
            "checked_at": mine[0]["checked_at"],
        }


def reading(supported: int, contradicted: int) -> str:
    """``conflict`` where kinds contradict each other, ``agree`` where two or more decide alike, ``one_kind``, or ``open``."""
    if supported and contradicted:
        return CONFLICT
    decided = supported + contradicted
    return STILL_OPEN if not decided else ONE_KIND if decided == 1 else AGREE
