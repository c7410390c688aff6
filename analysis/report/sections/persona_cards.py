"""A segment's persona as a card, and the posts behind each of its lines. Nothing stands on it that people have not told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.personas import GAP, OBJECTION, SKETCH, TRAIT
from analysis.report import hiding
from analysis.report.blocks import Bar, Bars, Block, Card, Fold, Quotes, Text
from analysis.report.evidence import Wanted, plain, quotes_of, wants_pain, wants_value
from analysis.report.model import Estimate
from analysis.report.speech import Speech
from analysis.segments import PAIN, label
from analysis.survey.buyers import organisations
from data.survey import bank

if TYPE_CHECKING:
    from analysis.report.sections.segments import Told

Row = Mapping[str, Any]
#: Of what is still to be asked, so much at most.
_MOST_GAPS = 8
#: Of what people wrote in their own words.
_LONGEST = 80


def card(told: Told, segment: Row, number: int) -> Card:
    """The persona of a segment (a row of ``segments``)."""
    rows = _rows(told, segment)
    stage = rows[0]["stage"] if rows else SKETCH
    return Card(
        told.name(segment),
        list(_blocks(told, segment, rows, number)),
        told.tell(f"stage.{stage}"),
        f"persona-{number + 1}",
    )


def evidence(told: Told, segment: Row, number: int) -> list[Card]:
    """The posts behind a persona's lines, a card a part."""
    cards = []
    for part, lines in _parts(told, _rows(told, segment)):
        quotes: list[Block] = []
        for line, _ in lines:
            found = quotes_of(told.store, json.loads(line["evidence"]), _wanted(line))
            if found:
                quotes.append(Quotes(_label(told, line), found))
        if quotes:
            cards.append(Card(told.tell(f"part.{part}"), quotes, anchor=_anchor(number, part)))
    return cards


def _rows(told: Told, segment: Row) -> list[Row]:
    key = (segment["kind"], segment["segment"])
    return list(told.store.query("select * from personas where kind = ? and segment = ? order by position", key))


def _parts(told: Told, rows: Sequence[Row]) -> Iterator[tuple[str, list[tuple[Row, Estimate]]]]:
    """Each part with its lines that may be told."""
    parts: dict[str, list[tuple[Row, Estimate]]] = {}
    for row in rows:
        estimate = _estimate(told, row) if row["line"] == TRAIT else None
        if estimate is not None:
            parts.setdefault(row["part"], []).append((row, estimate))
    yield from parts.items()


def _blocks(told: Told, segment: Row, rows: Sequence[Row], number: int) -> Iterator[Block]:
    stage = rows[0]["stage"] if rows else SKETCH
    yield Text(told.tell(f"card.{stage}", people=told.say.people(segment["authors"])))
    if segment["kind"] == "named":
        attributes = [told.say.attribute(a) for a in json.loads(segment["rule"])["attributes"]]
        yield Text(told.tell("card.chosen", attributes=told.say.join(attributes)), soft=True)
    for part, lines in _parts(told, rows):
        bars = [_bar(told, row, estimate, number) for row, estimate in lines]
        yield Bars(told.tell(f"part.{part}"), bars)
    yield from _gaps(told, [row for row in rows if row["line"] == GAP])


def _bar(told: Told, row: Row, estimate: Estimate, number: int) -> Bar:
    say = told.say
    notes = [say.stands_on(estimate), told.tell("card.sources", n=row["sources"])]
    if row["defining"] and row["kind"] == "named":
        notes.append(told.tell("card.by_choice"))
    elif row["lift"] is not None and not estimate.at_least:
        notes.append(told.tell("card.more" if row["lift"] > 1 else "card.less"))
    key = _anchor(number, row["part"]) if json.loads(row["evidence"]) else None
    return Bar(
        _label(told, row), estimate.share, estimate.low, estimate.high, say.told(estimate), " · ".join(notes), key
    )


def _label(told: Told, row: Row) -> str:
    attribute = "pain" if row["attribute"] == OBJECTION else str(row["attribute"])
    alone = attribute in ("child_age", "income", "budget")
    name = (label if alone else Speech.value)(told.say, attribute, str(row["value"]))
    name = plain(name)[:_LONGEST]
    return f"{name[:1].upper()}{name[1:]}"


def _estimate(told: Told, row: Row) -> Estimate | None:
    silent = row["attribute"] in (PAIN, OBJECTION)
    return hiding.estimate(
        row["authors"], row["n"], row["share"], row["low"], row["high"], told.minimum, rest_is_silent=silent
    )


def _wanted(row: Row) -> Wanted:
    if row["attribute"] in (PAIN, OBJECTION):
        return wants_pain(str(row["value"]))
    return wants_value(str(row["attribute"]), str(row["value"]))


def _anchor(number: int, part: str) -> str:
    return f"persona-{number + 1}-{part}"


def _gaps(told: Told, rows: Sequence[Row]) -> Iterator[Fold]:
    """What too few tell, as questions for the next survey."""
    if not rows:
        return
    lang = told.say.lang
    product = bank.form(lang)["product"].format(brand=told.study.own.name)
    of_places = organisations(told.study, None)
    asked = []
    for row in rows:
        asking = bank.asking(str(row["attribute"]), lang, organisations=of_places)
        own = asking.ask.format(product=product) if asking is not None else None
        asked.append(own or told.tell("ask_objection", product=product))
    more = len(asked) - _MOST_GAPS
    lines = [Text(question) for question in asked[:_MOST_GAPS]]
    if more > 0:
        lines.append(Text(told.tell("card.more_gaps", n=more), soft=True))
    yield Fold(told.tell("card.gaps", n=len(asked)), lines)
