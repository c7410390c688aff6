"""What to learn of a competitor whose people are like those we aim at, and what to avoid: parts of a card of the comparison."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.report import hiding
from analysis.report.blocks import Block, Quotes, Table, Text
from analysis.report.evidence import plain, quotes_of, wants_pain
from data.words import entry

if TYPE_CHECKING:
    from analysis.report.sections.compared import Told

#: Audiences near enough for their brand's ways to be worth following.
LIKE_OURS = ("close", "partly")
_SHOWN, _QUOTES = 6, 3
_LEARNT = ("draws", "strength", "kept")
Row = Mapping[str, Any]


def blocks(told: Told, brand: str) -> Iterator[Block]:
    """Learn and avoid, with posts as evidence; nothing where the audience is not like ours."""
    rows = list(
        told.store.query("select * from lessons where brand = ? order by q_value is null, q_value, subject", (brand,))
    )
    rows = [row for row in rows if row["fits"] in LIKE_OURS]
    if not rows:
        return
    fits = told.tell(f"lessons.{rows[0]['fits']}")
    yield Text(told.tell("lessons.alike", brand=brand, fits=fits, own=told.own))
    yield from _learn(told, rows)
    yield from _avoid(told, brand, rows)


def _learn(told: Told, rows: Sequence[Row]) -> Iterator[Block]:
    learnt = sorted((r for r in rows if r["verdict"] in _LEARNT), key=lambda r: _LEARNT.index(r["verdict"]))
    lines, posts, shown = list[list[str]](), list[int](), Counter[str]()
    for row in learnt:
        said = _said(told, row)
        if said is None or shown[row["verdict"]] >= _SHOWN:
            continue
        shown[row["verdict"]] += 1
        where = f" ({_whose(told, row)})" if row["verdict"] == "draws" else ""
        lines.append([_name(told, row), said + where])
        posts += json.loads(row["evidence"])[:1]
    if not lines:
        yield Text(f"{told.tell('lessons.learn')}: {told.tell('lessons.nothing')}", soft=True)
        return
    columns = [told.tell("lessons.what"), told.tell("lessons.shown")]
    yield Table(told.tell("lessons.learn"), columns, lines, shown=3)
    found = quotes_of(told.store, posts[:_QUOTES])
    if found:
        yield Quotes(told.tell("lessons.quotes"), found, shown=1)


def _whose(told: Told, row: Row) -> str:
    return told.tell(f"lessons.by_{row['by']}", brand=row["brand"])


def _name(told: Told, row: Row) -> str:
    subject, lang = str(row["subject"]), told.say.lang
    if row["kind"] in ("offer", "proof"):
        subject = str(entry(f"compare.{row['kind']}s", lang).get(subject, subject))
    elif row["kind"] == "channel":
        subject = told.say.value("channel", subject)
    elif row["kind"] == "strength":
        subject = told.tell(f"aspects.{subject}")
    return told.tell(f"kinds.{row['kind']}", subject=plain(subject))


def _said(told: Told, row: Row) -> str | None:
    """What was seen, unless too few people stand behind it; a brand's own posts are no people."""
    number = told.say.number
    if row["by"] == "people" and hiding.too_few(row["n"], told.minimum):
        return None
    if row["verdict"] == "draws":
        spread = told.tell("overlap.range", low=number(row["low"], 1), high=number(row["high"], 1))
        return told.tell("lessons.draws", times=number(row["value"], 1), range=spread)
    if row["verdict"] == "kept":
        return told.tell("lessons.kept", promise=plain(str(row["subject"])), n=told.say.count(row["n"]))
    if row["measure"] == "praise":
        return told.tell("lessons.praise", category=told.tell(f"aspects.{row['subject']}"))
    mine = next(
        told.store.query(
            "select authors, share from strengths where brand = ? and side = 'complaint' and category = ?",
            (row["brand"], row["subject"]),
        )
    )
    if hiding.too_few(mine["authors"], told.minimum):
        return None
    points = number(abs(row["value"]) * 100)
    share = told.say.percent(mine["share"])
    return told.tell("lessons.strength", category=told.say.category(row["subject"]), share=share, points=points)


def _avoid(told: Told, brand: str, rows: Sequence[Row]) -> Iterator[Block]:
    hurt = [r for r in rows if r["lesson"] == "avoid" and not hiding.too_few(r["n"], told.minimum)]
    hurt.sort(key=lambda r: -r["value"])
    said = [
        told.tell(
            "lessons.suffered", category=told.say.category(r["subject"]), share=told.say.percent(r["value"]),
            interval=told.say.interval(r["low"], r["high"]),
        )
        for r in hurt
    ]  # fmt: skip
    if said:
        yield Text(told.tell("lessons.avoid", list="; ".join(said)))
    else:
        yield Text(told.tell("lessons.no_pain", brand=brand), soft=True)
    for row in hurt[:1]:
        found = quotes_of(told.store, json.loads(row["evidence"])[:_QUOTES], wants_pain(row["subject"]))
        if found:
            yield Quotes(told.say.category(row["subject"]), found, shown=1)
