"""Every table and picture of the report's sections as sheets: tables that say the same of several cards become one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile

from analysis.report.blocks import (
    Bars,
    Block,
    Cards,
    Cell,
    Columns,
    Fold,
    Items,
    Lines,
    Points,
    Quotes,
    Section,
    Table,
    Text,
)
from analysis.report.sheets import (
    COUNT,
    LONG,
    LONGEST_NAME,
    NUMBER,
    POINTS,
    SHARE,
    TEXT,
    Chart,
    Column,
    Key,
    Link,
    Series,
    Sheet,
    Value,
    cut,
)
from analysis.report.speech import Speech
from data.words import entry

_COUNTS = {"vi": re.compile(r"\d{1,3}(\.\d{3})*"), "en": re.compile(r"\d{1,3}(,\d{3})*")}
Row = list[Value]


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the titles of the cards and folds it stands in."""

    block: Block
    where: tuple[str, ...]

    @property
    def of(self) -> str:
        return " · ".join(self.where)


def placed(blocks: Sequence[Block], where: tuple[str, ...] = ()) -> Iterator[Placed]:
    """Every block that holds no others, in order."""
    for block in blocks:
        if isinstance(block, Fold):
            yield from placed(block.blocks, where)
        elif isinstance(block, Columns):
            for part in block.parts:
                yield from placed(part, where)
        elif isinstance(block, Cards):
            for card in block.cards:
                yield from placed(card.blocks, (*where, card.title))
        else:
            yield Placed(block, where)


def sheets(sections: Sequence[Section], say: Speech) -> list[Sheet]:
    """The sheets of all sections in their order; what is said and quoted of all sections stands on two sheets at the end."""
    of = _Blocks(say)
    found: list[Sheet] = []
    for section in sections:
        drawn = [sheet for sheet in (of.bars(section), of.lines(section), of.points(section)) if sheet.rows]
        found += [replace(sheet, group=section.title) for sheet in (*of.tables(section), *drawn)]
    found += [sheet for sheet in (of.quotes(sections), of.texts(sections)) if sheet.rows]
    return found


@dataclass
class _Merged:
    title: str
    columns: list[Sequence[str]] = field(default_factory=list)
    tables: list[tuple[str, Table]] = field(default_factory=list)


class _Blocks:
    def __init__(self, say: Speech) -> None:
        self.say = say
        self.words = entry("report_files", say.lang)

    def _column(self, named: str) -> Column:
        name, _, kind = named.partition(":")
        return Column(self.words["columns"][name], kind or TEXT, self.words["terms"].get(name))

    def _sheet(
        self, key: str, section: Section | None, columns: Sequence[str], rows: list[Row], charts: list[Chart]
    ) -> Sheet:
        pattern, whole = self.words["sheets"][key], section.title if section else ""
        room = LONGEST_NAME - len(pattern.format(section=""))
        name, title = pattern.format(section=cut(whole, room)), pattern.format(section=whole)
        return Sheet(name, title, self.words["about"][key], [self._column(c) for c in columns], rows, charts)

    # Tables

    def tables(self, section: Section) -> Iterator[Sheet]:
        """Those of one title or of the same columns, side by side in cards, are one sheet with a column for the card."""
        merged: list[_Merged] = []
        for one in placed(section.blocks):
            if isinstance(one.block, Table):
                self._merge(merged, one.block, one.of)
        for table in merged:
            yield self._table(section, table)

    def _merge(self, merged: list[_Merged], table: Table, of: str) -> None:
        for known in merged:
            first = known.tables[0][1]
            same = list(first.columns) == list(table.columns)
            if (
                of
                and known.tables[0][0]
                and (same or (first.title == table.title and len(first.columns) == len(table.columns)))
            ):
                break
        else:
            merged.append(known := _Merged(table.title))
        known.tables.append((of, table))
        known.columns.append(table.columns)

    def _table(self, section: Section, merged: _Merged) -> Sheet:
        several = len(merged.tables) > 1
        titles = [self._shared(names) for names in zip(*merged.columns, strict=True)]
        lines = [(of, [_cell(field) for field in row]) for of, table in merged.tables for row in table.rows]
        width = len(titles)
        details = [any(place < len(row) and _detail(row[place]) for _, row in lines) for place in range(width)]
        keyed = [any(place < len(row) and row[place].key for _, row in lines) for place in range(width)]
        kinds: list[str] = []
        columns = [self._column("of")] if several else []
        for place, title in enumerate(titles):
            values = [self._value(row[place]) for _, row in lines if place < len(row)]
            kinds.append(_kind(values))
            columns.append(Column(title or self.words["columns"]["name"], kinds[place]))
            if details[place]:
                columns.append(Column(self.words["columns"]["detail"].format(name=title)))
            if keyed[place]:
                columns.append(self._column("evidence"))
        rows: list[Row] = []
        for of, cells in lines:
            row: Row = [of] if several else []
            for place in range(width):
                cell = cells[place] if place < len(cells) else Cell("")
                value, kind = self._value(cell)
                row.append(value if kind == kinds[place] else cell.text)
                row += [_detail(cell)] if details[place] else []
                row += [Key(cell.key) if cell.key else None] if keyed[place] else []
            rows.append(row)
        title = merged.title if not several or len({t.title for _, t in merged.tables}) == 1 else section.title
        notes = list(dict.fromkeys(t.note for _, t in merged.tables if t.note))
        return Sheet(title, f"{section.title}: {title}", " ".join(notes), columns, rows)

    def _shared(self, names: Sequence[str]) -> str:
        """The title of a column that is not called the same in every table: what they have in common."""
        if len(set(names)) == 1:
            return names[0]
        words = zip(*(name.split() for name in names), strict=False)
        common = " ".join(same[0] for same in takewhile(lambda place: len(set(place)) == 1, words))
        return f"{common} …" if common else str(self.words["columns"]["side"])

    def _value(self, cell: Cell) -> tuple[Value, str]:
        """A field as a number where it says nothing else, and what kind of number."""
        text, number, say = cell.text, cell.number, self.say
        if number is not None:
            if text == say.percent(number):
                return number, SHARE
            if text == say.count(number):
                return number, COUNT
            if text == say.points(number):
                return number, POINTS
            if text in (say.number(number, 1), say.number(number, 2)):
                return number, NUMBER
        if _COUNTS[say.lang].fullmatch(text):
            return int(re.sub(r"\D", "", text)), COUNT
        if text.endswith("%") and text[:-1].isdigit():
            return int(text[:-1]) / 100, SHARE
        return text, TEXT

    # Pictures

    def bars(self, section: Section) -> Sheet:
        columns = (
            "of", "picture", "name", "share:share", "low:share", "high:share", "told", "note", "evidence", "moved",
            "to_low:share", "to_high:share",
        )  # fmt: skip
        rows: list[Row] = []
        charts: list[Chart] = []
        for one in placed(section.blocks):
            if not isinstance(one.block, Bars):
                continue
            start = len(rows)
            for bar in one.block.rows:
                key: Value = Key(bar.key) if bar.key and re.fullmatch(r"e\d+", bar.key) else None
                rows.append([
                    one.of, one.block.title, bar.label, bar.value, bar.low, bar.high, bar.told, bar.n, key, bar.moved,
                    *([None, None] if bar.value is None else [bar.value - bar.low, bar.high - bar.value]),
                ])  # fmt: skip
            if len(rows) - start > 1:
                title = ": ".join(filter(None, (one.of, one.block.title)))
                charts.append(Chart("bars", title, [Series(one.block.title, start, len(rows) - 1)], 2, 3, 10, 11))
        return self._sheet("bars", section, columns, rows, charts)

    def lines(self, section: Section) -> Sheet:
        columns = ("of", "picture", "line", "date:date", "told", "share:share", "low:share", "high:share", "note")
        rows: list[Row] = []
        charts: list[Chart] = []
        for one in placed(section.blocks):
            if not isinstance(one.block, Lines):
                continue
            shares = one.block.top <= 1 and not any(line.top_told for line in one.block.lines)
            title = one.block.title or one.block.alone
            series: list[Series] = []
            for line in one.block.lines:
                start = len(rows)
                for m in line.moments:
                    figures: Row = [m.value, m.low, m.high] if shares else [None, None, None]
                    rows.append([one.of, title, line.name, _day(m.when), m.told, *figures, m.n])
                if line.moments:
                    series.append(Series(line.name, start, len(rows) - 1))
            if shares and series:
                charts.append(Chart("lines", ": ".join(filter(None, (one.of, title))), series, 3, 5))
        return self._sheet("lines", section, columns, rows, charts)

    def points(self, section: Section) -> Sheet:
        rows: list[Row] = []
        charts: list[Chart] = []
        names = ("", "")
        for one in placed(section.blocks):
            if not isinstance(one.block, Points):
                continue
            names, start = (one.block.x_title, one.block.y_title), len(rows)
            rows += [[p.label, p.x, p.x_low, p.x_high, p.y, p.y_low, p.y_high, p.told] for p in one.block.points]
            series = [Series(p.label, start + place, start + place) for place, p in enumerate(one.block.points)]
            charts.append(Chart("points", one.block.title, series, 1, 4, percent=False, titles=names))
        made = self._sheet("points", section, ("name",), rows, charts)
        bounds = [self.words["columns"][key] for key in ("need_low", "need_high")]
        columns: list[Column] = [self._column("name")]
        for name in names:
            columns += [Column(name, NUMBER), *(Column(bound.format(name=name), NUMBER) for bound in bounds)]
        return Sheet(made.name, made.title, made.about, [*columns, self._column("told:long")], rows, charts)

    # Words

    def quotes(self, sections: Sequence[Section]) -> Sheet:
        say = self.say
        rows: list[Row] = []
        for section in sections:
            for one in placed(section.blocks):
                block = one.block
                for q in block.quotes if isinstance(block, Quotes) else ():
                    told, title = q.before + q.hit + q.after, block.title if isinstance(block, Quotes) else ""
                    rows.append([
                        section.title, one.of, title, told, say.place(q.source), say.day(q.posted_at), Link(q.url or "", q.url)
                    ])  # fmt: skip
        return self._sheet(
            "quotes", None, ("section", "of", "subject", "quote:long", "source", "date:date", "link"), rows, []
        )

    def texts(self, sections: Sequence[Section]) -> Sheet:
        rows: list[Row] = []
        for section in sections:
            rows.append([section.title, None, section.lead])
            for one in placed(section.blocks):
                said = (
                    [one.block]
                    if isinstance(one.block, Text)
                    else one.block.texts
                    if isinstance(one.block, Items)
                    else ()
                )
                rows += [[section.title, one.of, text.text] for text in said]
        return self._sheet("texts", None, ("section", "of", "text:long"), rows, [])


def _cell(field: Cell | str) -> Cell:
    return Cell(field) if isinstance(field, str) else field


def _detail(cell: Cell) -> str | None:
    return " · ".join(filter(None, (cell.note, cell.moved))) or None


def _kind(values: Sequence[tuple[Value, str]]) -> str:
    """What a column holds: the kind of its numbers, where it has any; else sentences, where they are long."""
    kinds = [kind for _, kind in values if kind != TEXT]
    if kinds:
        return max(set(kinds), key=kinds.count)
    return LONG if any(len(str(value or "")) > 40 for value, _ in values) else TEXT


def _day(when: str) -> Value:
    try:
        return date.fromisoformat(when[:10] if len(when) >= 10 else f"{when}-01")
    except ValueError:
        return when
