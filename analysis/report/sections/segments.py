"""Segments, those the study names and those found in the data, and a persona of each as a card."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.group import FOUND, NAMED
from analysis.report import hiding
from analysis.report.blocks import Bar, Bars, Block, Cards, Cell, Columns, Fold, Section, Table, Text
from analysis.report.evidence import plain
from analysis.report.sections import persona_cards
from analysis.report.speech import Speech
from analysis.segment_search import NONE, STABLE, TOO_FEW
from data.store import Store
from data.study import MARKET, Study
from data.words import tell_in

ORDER = 40
KEY = "segments"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What the section's parts speak with."""

    store: Store
    study: Study
    say: Speech

    @property
    def minimum(self) -> int:
        return self.study.privacy.minimum_group

    def tell(self, key: str, /, **values: object) -> str:
        return tell_in(self.say.lang, f"segments.{key}", **values)

    def name(self, row: Row) -> str:
        return plain(str(row["name_vi" if self.say.lang == "vi" else "name_en"]))


def section(store: Store, study: Study, say: Speech) -> Section | None:
    """The section; ``None`` before there is anybody."""
    search = next(iter(store.query("select * from segment_search")), None)
    if search is None:
        return None
    told = Told(store, study, say)
    rows = list(store.query("select rowid, * from segments order by rowid"))
    if not rows and search["outcome"] == TOO_FEW and search["authors"] == 0:
        return None
    return Section(KEY, told.tell("title"), told.tell("lead"), list(_blocks(told, rows, search)), within="portraits")


def _blocks(told: Told, rows: Sequence[Row], search: Row) -> Iterator[Block]:
    market = [row for row in rows if row["brand"] == MARKET]
    named = [*_named(told, [row for row in market if row["kind"] == NAMED])]
    yield Columns([named, [*_found(told, [row for row in market if row["kind"] == FOUND], search)]])
    large = [row for row in market if row["authors"] >= told.minimum]
    if large:
        yield Fold(told.tell("by_brand"), [_by_brand(told, rows, large)])
    cards = [persona_cards.card(told, row, number) for number, row in enumerate(large)]
    if cards:
        yield Text(told.tell("personas_lead"))
        yield Cards(cards, narrow=True, cut=True)
        for number, row in enumerate(large):
            evidence = persona_cards.evidence(told, row, number)
            if evidence:
                yield Cards(evidence, narrow=True, folded=told.tell("quotes", segment=told.name(row)))


def _named(told: Told, rows: Sequence[Row]) -> Iterator[Block]:
    if not rows:
        yield Text(told.tell("none_named"))
        return
    for row in rows:
        rule = json.loads(row["rule"])
        if not rule["attributes"]:
            yield Text(told.tell("undefined", segment=told.name(row)))
    bars = [bar for row in rows if (bar := _bar(told, row)) is not None]
    if bars:
        yield Bars(told.tell("named"), bars, note=told.tell("named_note"))


def _found(told: Told, rows: Sequence[Row], search: Row) -> Iterator[Block]:
    say, attributes = told.say, [told.say.attribute(a) for a in json.loads(search["attributes"])]
    shown = hiding.people(search["authors"], told.minimum)
    people = say.crowd(shown, told.minimum)
    if search["outcome"] == TOO_FEW or not shown:
        key = "too_few" if shown else "too_few_hidden" if shown is None else "too_few_nobody"
        yield Text(told.tell(key, people=people, n=told.minimum))
    elif search["outcome"] == NONE:
        yield Text(told.tell("none", people=people, attributes=say.join(attributes)))
        yield Text(told.tell("none_why", stable=say.number(STABLE, 1)), soft=True)
    else:
        bars = [bar for row in rows if (bar := _bar(told, row)) is not None]
        note = told.tell(
            "found_note", stability=say.number(search["stability"], 2), chance=say.number(search["by_chance"], 2),
            people=people, attributes=say.join(attributes),
        )  # fmt: skip
        yield Bars(told.tell("found", n=search["segments"]), bars, note=note)


def _bar(told: Told, row: Row) -> Bar | None:
    if row["share"] is None:
        return None
    e = hiding.estimate(row["authors"], row["n"], row["share"], row["low"], row["high"], told.minimum)
    if e is None:
        return None
    return Bar(told.name(row), e.share, e.low, e.high, told.say.told(e), told.say.stands_on(e))


def _by_brand(told: Told, rows: Sequence[Row], segments: Sequence[Row]) -> Table:
    """A row an audience, a column a segment."""
    cells = {(row["brand"], row["kind"], row["segment"]): row for row in rows}
    lines = []
    for brand in (MARKET, *(b.name for b in told.study.brands)):
        name = told.say.brand(brand)
        line: list[Cell | str] = [name[:1].upper() + name[1:]]
        line += [_cell(told, cells.get((brand, s["kind"], s["segment"]))) for s in segments]
        lines.append(line)
    columns = [told.tell("audience"), *(told.name(s) for s in segments)]
    return Table(told.tell("by_brand"), columns, lines, told.tell("by_brand_note"))


def _cell(told: Told, row: Row | None) -> Cell:
    if row is None or row["share"] is None:
        return Cell(told.say.tell("not_enough_data"))
    e = hiding.estimate(row["authors"], row["n"], row["share"], row["low"], row["high"], told.minimum)
    if e is None:
        return Cell(told.say.tell("not_enough_data"))
    return Cell(told.say.told(e), e.share, note=told.say.stands_on(e))
