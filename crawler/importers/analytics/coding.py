"""From an export's blocks to observations: every value in the codebook's words, with what tells nothing counted apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from crawler.importers.amounts import count_in, share_in
from crawler.importers.analytics import meanings
from crawler.importers.analytics.blocks import Block, Export, has_figures
from crawler.importers.asking import rather
from crawler.importers.evidence import attribute_name
from crawler.importers.lines import Row
from crawler.importers.localities import is_home, place_of
from crawler.importers.orders.meanings import known
from data.errors import InputError
from data.numbers import number
from data.store.imported import PEOPLE, Observation

#: What is counted → the unit of the observation. Users of single days added up are no people.
_UNITS = {
    "users": PEOPLE,
    "new_users": "new_people",
    "sessions": "sessions",
    "engaged_sessions": "engaged_sessions",
    "key_events": "key_events",
}
_SEXES = {"F": "female", "M": "male", "U": ""}
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
#: By how much one rounded percentage may be too large.
_ROUNDED = 0.005
_HIDDEN = re.compile(r"<\s?\d{1,3}|[-–—]|n/?a", re.I)
#: Dimension → the attribute it tells.
_ATTRIBUTE = {
    "age": "age", "gender": "gender", "city": "location", "region": "location", "device": "device", "source_medium": "channel",
    "source": "channel", "channel_group": "channel", "medium": "channel",
}  # fmt: skip
#: Of several columns that tell of one attribute, the first that says something is taken.
_ORDER = ("age", "gender", "region", "city", "device", "source_medium", "source", "channel_group", "medium")


@dataclass(slots=True)
class Cell:
    """One figure: the dimensions it is of, and how much of each unit."""

    line: int
    dims: dict[str, str]
    values: dict[str, float]


@dataclass(slots=True)
class Sum:
    """One attribute in one unit: value → how many; ``told`` of all that tell it, ``silent`` of those that do not; ``odd`` what no
    list knows, ``wide`` what is wider than the codebook's bands."""

    values: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    told: float = 0.0
    silent: float = 0.0
    odd: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    wide: dict[str, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(slots=True)
class Coded:
    """All that an export tells: (attribute, unit) → its sum. ``left`` are dimensions that the codebook has no place for."""

    sums: dict[tuple[str, str], Sum] = field(default_factory=lambda: defaultdict(Sum))
    left: list[str] = field(default_factory=list)
    period: tuple[str | None, str | None] = (None, None)
    hidden: int = 0
    rows: int = 0
    #: Users of single days were added up: nobody knows how many people they were.
    of_days: bool = False
    #: Rows whose first cell is empty, as cells that were merged are written.
    carried: int = 0

    def observations(self, brand: str, period: tuple[str | None, str | None]) -> Iterator[Observation]:
        """The cells that are stored. Percentages have no count and no bounds; nobody says of how many they are."""
        for (attribute, unit), one in sorted(self.sums.items()):
            for value, count in sorted(one.values.items()):
                cell = Observation("analytics", brand, attribute, value, period_from=period[0], period_to=period[1])
                if unit == "share":  # a list of the first few has less than a whole: what is not in it tells as well
                    yield replace(cell, share=min(count / max(one.told, 1 - one.silent), 1.0))
                else:
                    yield replace(cell, count=count, n=one.told, unit=unit).counted()


def coded(export: Export) -> Coded:
    """Code every block. Raises ``InputError`` with file and line for a figure that cannot be read, and for no figures at all."""
    found = Coded(left=list(export.left))
    blocks = [block for block in export.blocks if has_figures(block)]
    if not blocks and any(not block.rows and has_figures(replace(block, rows=[Row(0, [])])) for block in export.blocks):
        raise InputError("import_no_rows", path=export.path.name)
    if not blocks:
        raise _no_analytics(export)
    for block in blocks:
        found.period = _wider(found.period, block.period)
        cells = list(_cells(export, block, found))
        for attribute in dict.fromkeys(_ATTRIBUTE[one] for one in _ORDER if any(one in cell.dims for cell in cells)):
            told = _shares(found, attribute)
            _add(found, attribute, cells)
            if (whole := _shares(found, attribute) - told) > 1.005 + _ROUNDED * len(cells):
                said = number(100 * whole, 1)
                raise InputError(
                    "import_over_whole",
                    path=export.path.name,
                    line=block.line,
                    attribute=attribute_name(attribute),
                    sum=said,
                )
        found.left += [name for name, what in zip(block.header, block.meanings, strict=False) if what == "country"]
    if not any(one.told or one.silent for one in found.sums.values()):
        raise _no_analytics(export)
    return found


def _shares(found: Coded, attribute: str) -> float:
    one = found.sums.get((attribute, "share"))
    return one.told + one.silent if one else 0.0


def _no_analytics(export: Export) -> InputError:
    hint = rather("orders", export.path) if "order_id" in known(export.seen) else ""
    return InputError("import_no_analytics", path=export.path.name, columns=", ".join(export.seen) or "–", hint=hint)


def _wider(one: tuple[str | None, str | None], two: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    first = [day for day in (one[0], two[0]) if day]
    last = [day for day in (one[1], two[1]) if day]
    return min(first, default=None), max(last, default=None)


def _cells(export: Export, block: Block, found: Coded) -> Iterator[Cell]:
    """The figures of a block. A row of days is added up; of rows that are the days' state, the last one counts."""
    rows = block.rows
    if any((one or "").startswith("cell=") for one in block.meanings):
        rows = rows[-1:]  # how things stood on each day
    percent = _in_percent(block)
    for row in _unmerged(block, rows, found):
        texts = {what: cell for what, cell in zip(block.meanings, row.cells, strict=False) if what}
        dims = {what: texts[what] for what in meanings.DIMENSIONS if what in texts}
        if "label" in texts:
            dims |= _of_label(texts["label"])
        if not dims and block.title and "=" not in str(block.meanings) and row.cells:
            dims = {block.title: row.cells[0]}
        if (day := _DAY.match(texts.get("date", ""))) is not None:
            date = f"{day[1]}-{day[2]}-{day[3]}"
            found.period, found.of_days = _wider(found.period, (date, date)), True
        first = next(iter(dims.values()), "")
        if meanings.is_total(first) or (dims and not any(dims.values()) and "gender=" not in str(block.meanings)):
            continue
        found.rows += 1
        yield from _of_row(export, block, row, dims, percent, found)


def _unmerged(block: Block, rows: Sequence[Row], found: Coded) -> Iterator[Row]:
    """Rows whose first cell is empty with what stands above, where merged cells were written as text: what is beside it must
    not have stood beside the same before."""
    here = [place for place, what in enumerate(block.meanings) if what in meanings.DIMENSIONS]
    above, seen = "", set()
    for row in rows:
        beside = tuple(row.cells[place] for place in here[1:] if place < len(row.cells))
        if (
            len(here) > 1
            and here[0] == 0
            and not row.cells[0]
            and above
            and all(beside)
            and (above, beside) not in seen
        ):
            row, found.carried = Row(row.line, [above, *row.cells[1:]]), found.carried + 1
        above = row.cells[0] or above
        seen.add((above, beside))
        yield row


def _of_row(
    export: Export, block: Block, row: Row, dims: dict[str, str], percent: float, found: Coded
) -> Iterator[Cell]:
    values: dict[str, float] = {}
    for name, what, cell in zip(block.header, block.meanings, row.cells, strict=False):
        if what is None or not (what in meanings.METRICS or "=" in what):
            continue
        if not cell or _HIDDEN.fullmatch(cell):
            found.hidden += 1
            continue
        crossed = dict(dims)
        if "=" in what:
            kind, _, told = what.partition("=")
            sex, _, band = told.partition("/")
            crossed |= {"gender": _SEXES.get(sex, sex) if kind == "cell" else told} | ({"age": band} if band else {})
            if "age" not in crossed and row.cells[0] and meanings.age(row.cells[0]) is not None:
                crossed["age"] = row.cells[0]
        unit, value = _figure(export, row, name, what, cell, percent)
        if "=" in what:
            yield Cell(row.line, crossed, {unit: value})
        else:
            values[unit] = value
    if values:
        if found.of_days and PEOPLE in values:
            values["user_days"] = values.pop(PEOPLE)
        yield Cell(row.line, dims, values)


def _figure(export: Export, row: Row, name: str, what: str, cell: str, percent: float) -> tuple[str, float]:
    share = what == "share" or "%" in cell
    value = share_in(cell if "%" in cell or percent == 1 else f"{cell}%") if share else count_in(cell)
    if value is None and what == "share":
        value, share = count_in(cell), False
    if value is None:
        expected = "12,5 %" if share else "1.234"
        raise InputError(
            "import_bad_figure", path=export.path.name, line=row.line, column=name, got=cell[:40], expected=expected
        )
    return ("share" if share else _UNITS.get(what, PEOPLE)), value


def _in_percent(block: Block) -> float:
    """100 where a column of shares is written in percent without saying so."""
    places = [place for place, what in enumerate(block.meanings) if what == "share"]
    plain = [
        row.cells[place]
        for row in block.rows
        for place in places
        if place < len(row.cells) and "%" not in row.cells[place]
    ]
    return (
        100
        if any((count_in(cell) or 0) > 1 for cell in plain)
        and all((share_in(f"{cell}%") is not None) for cell in plain if cell)
        else 1
    )


def _of_label(label: str) -> dict[str, str]:
    """What a Matomo report is of is not said in its rows; the labels tell."""
    if meanings.device(label) is not None:
        return {"device": label}
    if meanings.channel(label) is not None:
        return {"source": label}
    return {"city": label}


def _add(found: Coded, attribute: str, cells: list[Cell]) -> None:
    dimensions = [one for one in _ORDER if _ATTRIBUTE[one] == attribute]
    for cell in cells:
        told = [cell.dims[one] for one in dimensions if one in cell.dims]
        if not told:
            continue
        values, known = _values(attribute, told)
        for unit, count in cell.values.items():
            one = found.sums[attribute, unit]
            if not known:
                one.silent += count
                continue
            one.told += count
            for value, weight in values:
                one.values[value] += count * weight
            if not values:
                (one.wide if attribute == "age" and meanings.age(told[0]) == [] else one.odd)[told[0]] += count


def _values(attribute: str, told: list[str]) -> tuple[list[tuple[str, float]], bool]:
    """The coded values with their weights, and whether anything is told at all."""
    for text in told:
        if attribute in ("gender", "device"):
            value = meanings.gender(text) if attribute == "gender" else meanings.device(text)
        elif attribute == "channel":
            value = meanings.channel(text)
        elif attribute == "age":
            if (bands := meanings.age(text)) is not None:
                return bands, True
            value = None
        else:
            value = None if is_home(text) else place_of(text)
        if value:
            return [(value, 1.0)], True
    some = [text for text in told if not (meanings.is_silent(text.partition(" / ")[0]) or is_home(text))]
    return [], any(attribute != "channel" or meanings.channel(text) != "" for text in some)
