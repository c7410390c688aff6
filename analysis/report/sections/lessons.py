"""What to learn of a competitor whose people are like those we aim at, and what to avoid: parts of a card of the comparison.

Of one whose people are unlike them, what hurts its customers and what does not is told all the same, and nothing as worth following.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.report import hiding
from analysis.report.blocks import Bar, Bars, Block, Card, Cell, Columns, Items, Quotes, Table, Text
from analysis.report.evidence import plain, quotes_of, wants_pain
from analysis.report.model import Estimate
from analysis.statistics import share
from data.words import entry

if TYPE_CHECKING:
    from analysis.report.sections.compared import Told

#: Audiences near enough for their brand's ways to be worth following.
LIKE_OURS = ("close", "partly")
_SHOWN, _QUOTES, _BRIEFLY = 6, 3, 3
_LEARNT = ("draws", "strength")
_LESS = ("strength", "kept")
Row = Mapping[str, Any]


def cards(told: Told) -> Iterator[Card]:
    """What to learn and what to avoid of each competitor in a few lines, for the front page."""
    found = {b.name: _rows(told, b.name) for b in told.study.competitors}
    nothing = {brand: _nothing(told, brand) for brand, rows in found.items() if not rows}
    # Of one it is told; of several each card's verdict says it already.
    tell_early = list(nothing.values()).count("too_early") == 1
    for brand, rows in found.items():
        if not rows:
            why = nothing[brand]
            if why is not None and (why != "too_early" or tell_early):
                yield Card(brand, [Text(told.tell(f"lessons.{why}", own=told.own), soft=True)], about=brand)
            continue
        learnt = [_name(told, row, alone=True) for row in _learnt(rows) if _said(told, row)][:_BRIEFLY]
        wrong = _contradicted(told, brand)
        seldom = {
            r["subject"]: told.say.category(r["subject"])
            for r in _less(rows)
            if r["kind"] == "strength" and _said(told, r)
        }
        # in quotes, for names of pains have commas of their own
        less = [f"“{name}”" for name in seldom.values() if name not in wrong][:_BRIEFLY]
        # What many suffer everywhere, and fewer here, is nothing to avoid of this one.
        hurt = [row["subject"] for row in _hurt(told, rows) if row["subject"] not in seldom]
        avoided = [f"“{told.say.category(subject)}”" for subject in hurt][:_BRIEFLY]
        lines = []
        if not _alike(rows):
            lines.append(told.tell("lessons.unlike", own=told.own))
        elif learnt:
            lines.append(told.tell("lessons.brief_learn", list=told.say.join(learnt)))
        elif less:
            lines.append(told.tell("lessons.only_less", list=told.say.join(less)))
        else:
            lines.append(told.tell("lessons.nothing"))
        if less and (learnt or not _alike(rows)):
            lines.append(told.tell("lessons.brief_less", list=told.say.join(less)))
        if avoided:
            lines.append(told.tell("lessons.brief_avoid", list=told.say.join(avoided)))
        yield Card(brand, [Items("", [Text(line) for line in lines])], about=brand)


def _rows(told: Told, brand: str) -> list[Row]:
    asked = "select * from lessons where brand = ? order by q_value is null, q_value, subject"
    rows = told.store.query(asked, (brand,))
    return [row for row in rows if row["fits"] in LIKE_OURS or (row["fits"] == "far" and row["lesson"] != "learn")]


def _alike(rows: Sequence[Row]) -> bool:
    return all(row["fits"] in LIKE_OURS for row in rows)


def _nothing(told: Told, brand: str) -> str | None:
    """Why there is nothing to learn or to avoid of a competitor: ``not_like`` or ``too_early``; ``None`` where nobody speaks of it, which
    is told anyhow."""
    asked = "select verdict, n from comparisons where brand = ? and measure = 'verdict'"
    row = next(told.store.query(asked, (brand,)), None)
    if row is None or not row["n"] or hiding.too_few(row["n"], told.minimum):
        return None
    return "not_like" if row["verdict"] == "far" else "too_early"


def _contradicted(told: Told, brand: str) -> set[str]:
    """The pains about which an assumption is contradicted at this competitor: its mark stands on the same card."""
    asked = "select distinct pain from verdicts where brand = ? and verdict = 'contradicted' and pain is not null"
    return {told.say.category(row["pain"]) for row in told.store.query(asked, (brand,))}


def _learnt(rows: Sequence[Row]) -> list[Row]:
    """What was liked, answered or praised; fewer complaints are none of these."""
    mine = (r for r in rows if r["lesson"] == "learn" and r["verdict"] in _LEARNT)
    return sorted(mine, key=lambda r: _LEARNT.index(r["verdict"]))


def _less(rows: Sequence[Row]) -> list[Row]:
    """What fewer suffer here than elsewhere, and promises of which nobody is seen to complain."""
    mine = (r for r in rows if r["lesson"] == "less_blamed")
    return sorted(mine, key=lambda r: _LESS.index(r["verdict"]))


def _hurt(told: Told, rows: Sequence[Row]) -> list[Row]:
    hurt = [r for r in rows if r["lesson"] == "avoid" and not hiding.too_few(r["n"], told.minimum)]
    return sorted(hurt, key=lambda r: -r["value"])


def blocks(told: Told, brand: str) -> Iterator[Block]:
    """Learn and avoid, with posts as evidence; only what to avoid where the audience is not like ours."""
    rows = _rows(told, brand)
    if not rows:
        return
    if _alike(rows):
        fits = told.tell(f"lessons.{rows[0]['fits']}")
        yield Text(told.tell("lessons.alike", brand=brand, fits=fits, own=told.own))
        learnt, seldom = [*_learn(told, rows)], [*_seldom(told, brand, rows)]
        # Where nothing stands out, what is worth a look has the room.
        beside = isinstance(learnt[0], Text)
        yield Columns([[*learnt, *(seldom if beside else ())], [*_avoid(told, brand, rows)]])
        yield from () if beside else seldom
        return
    yield Text(told.tell("lessons.unlike", own=told.own))
    yield from _avoid(told, brand, rows)
    yield from _seldom(told, brand, rows)


def _learn(told: Told, rows: Sequence[Row]) -> Iterator[Block]:
    lines, posts, shown = list[list[str]](), list[int](), Counter[str]()
    for row in _learnt(rows):
        said = _said(told, row)
        if said is None or shown[row["verdict"]] >= _SHOWN:
            continue
        shown[row["verdict"]] += 1
        where = f" ({_whose(told, row)})" if row["verdict"] == "draws" else ""
        lines.append([_name(told, row), said + where])
        posts += json.loads(row["evidence"])[:1]
    if not lines:
        yield Text(told.tell("lessons.nothing"), soft=True)
        return
    columns = [told.tell("lessons.what"), told.tell("lessons.shown")]
    yield Table(told.tell("lessons.learn"), columns, lines, shown=3)
    found = quotes_of(told.store, posts[:_QUOTES])
    if found:
        yield Quotes(told.tell("lessons.quotes"), found, shown=1)


def _seldom(told: Told, brand: str, rows: Sequence[Row]) -> Iterator[Table]:
    """What is complained of less: told as that, and never as something to learn."""
    lines = list[list[Cell | str]]()
    for row in _less(rows):
        if row["verdict"] == "kept":
            lines.append([f"“{plain(str(row['subject']))}”", told.tell("lessons.kept", n=told.say.count(row["n"]))])
        elif (cell := _fewer(told, row)) is not None:
            lines.append([told.say.category(row["subject"]), cell])
    if lines:
        columns = [told.tell("lessons.less_what"), told.tell("lessons.shown")]
        yield Table(
            told.tell("lessons.less", brand=brand), columns, lines, note=told.tell("lessons.less_note"), shown=4
        )


def _fewer(told: Told, row: Row) -> Cell | None:
    """How many tell of a pain here and at the other brands, of how many; ``None`` where that would tell of a few."""
    asked = "select * from strengths where brand = ? and side = 'complaint' and category = ?"
    found = next(told.store.query(asked, (row["brand"], row["subject"])), None)
    if found is None or hiding.too_few(found["authors"], told.minimum):
        return None
    others = share(found["authors_others"], found["n_others"])
    sides = []
    for count, n, e in ((found["authors"], found["n"], found), (found["authors_others"], found["n_others"], None)):
        value, low, high = (e["share"], e["low"], e["high"]) if e else (others.value, others.low, others.high)
        shown = hiding.estimate(count, n, value, low, high, told.minimum, rest_is_silent=True)
        if shown is None:
            return None
        sides.append(f"{told.say.told(shown)} ({told.say.stands_on(shown)})")
    text = told.tell("lessons.fewer", share=sides[0], others=sides[1])
    return Cell(text, about=(row["brand"], "pain", str(row["subject"])))


def _whose(told: Told, row: Row) -> str:
    return told.tell(f"lessons.by_{row['by']}", brand=row["brand"])


def _name(told: Told, row: Row, *, alone: bool = False) -> str:
    """What is to be learnt; a strength ``alone`` goes by what it is in."""
    subject, lang = str(row["subject"]), told.say.lang
    if row["kind"] in ("offer", "proof"):
        subject = str(entry(f"compare.{row['kind']}s", lang).get(subject, subject))
    elif row["kind"] == "channel":
        subject = told.say.value("channel", subject)
    elif row["kind"] == "strength":
        subject = told.tell(f"aspects.{subject}")
        if alone:
            return subject
    return told.tell(f"kinds.{row['kind']}", subject=plain(subject))


def _said(told: Told, row: Row) -> str | None:
    """What was seen, unless too few people stand behind it; a brand's own posts are no people."""
    number = told.say.number
    if row["by"] == "people" and hiding.too_few(row["n"], told.minimum):
        return None
    if row["verdict"] == "draws":
        spread = told.tell("overlap.range", low=number(row["low"], 1), high=number(row["high"], 1))
        return told.tell("lessons.draws", times=number(row["value"], 1), range=spread)
    if row["measure"] == "praise":
        return _praise(told, row)
    return None if (cell := _fewer(told, row)) is None else str(cell.text)


def _praise(told: Told, row: Row) -> str | None:
    """How many praise it, of those whose posts were sampled, here and at the other brands."""
    asked = "select * from strengths where brand = ? and side = 'praise' and category = ?"
    found = next(told.store.query(asked, (row["brand"], row["subject"])), None)
    if found is None or hiding.too_few(found["authors"], told.minimum):
        return None
    e = Estimate(found["authors"], found["n"], found["share"], found["low"], found["high"])
    said = f"{told.say.told(e)} ({told.say.stands_on(e)})"
    return told.tell("lessons.praise", category=told.tell(f"aspects.{row['subject']}"), share=said)


def _avoid(told: Told, brand: str, rows: Sequence[Row]) -> Iterator[Block]:
    hurt = _hurt(told, rows)
    if not hurt:
        yield Text(told.tell("lessons.no_pain", brand=brand), soft=True)
        return
    say = told.say
    bars = []
    for r in hurt:
        e = Estimate(r["n"], r["n_others"], r["value"], r["low"], r["high"])
        about = (brand, "pain", str(r["subject"]))
        name, told_of = say.category(r["subject"]), say.stands_on(e)
        bars.append(Bar(name, e.share, e.low, e.high, say.told(e), told_of, tone="warn", about=about))
    yield Bars(told.tell("lessons.avoid"), bars)
    for row in hurt[:1]:
        found = quotes_of(told.store, json.loads(row["evidence"])[:_QUOTES], wants_pain(row["subject"]))
        if found:
            yield Quotes(told.say.category(row["subject"]), found[:1])
