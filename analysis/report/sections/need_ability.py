"""Need and ability to pay of every segment and every brand's audience: a square cut into four, the scores, and what they rest on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.needs import ABILITY, BRAND, BY_CHOICE, LESS, LINE, MORE, NEED, NOT_ENOUGH, SCORE, WEIGHTS
from analysis.report import hiding
from analysis.report.blocks import Bar, Bars, Block, Cell, Fold, Point, Points, Section, Table, Text
from analysis.report.evidence import plain
from analysis.report.model import Estimate
from analysis.report.speech import Speech
from data.store import Store
from data.study import MARKET, Study
from data.words import tell_in

ORDER = 30
KEY = "need-and-ability"
Row = Mapping[str, Any]
#: Components of which silence is an answer: those who do not say so have told nothing and are no group.
_EVENTS = ("hurt", "wish", "seeking")
#: The least that the square shows to either side of the line.
_LEAST_SHOWN = 0.05
#: The square reaches beyond the longest whisker, so that what its quarters mean stands free.
_ROOM = 1.3
_NAMED = (MORE, LESS)
#: Most budgets reach the price, or do not, where the whole interval lies on one side of this.
_MOST = 0.5


@dataclass(frozen=True)
class Rows:
    """The rows of one group: by axis and component."""

    kind: str
    name: str
    by: Mapping[tuple[str, str], Row]

    def score(self, axis: str) -> Row:
        return self.by[axis, SCORE]

    @property
    def scored(self) -> bool:
        return all(self.score(axis)["share"] is not None for axis in WEIGHTS)


@dataclass(frozen=True)
class _Told:
    store: Store
    say: Speech
    minimum: int
    names: Mapping[str, str]

    def tell(self, key: str, /, **values: object) -> str:
        return tell_in(self.say.lang, f"needs.{key}", **values)

    def name(self, group: Rows) -> str:
        if group.kind == MARKET:
            return self.tell("market")
        if group.kind == BRAND:
            return self.tell("of_brand", brand=group.name)
        return plain(self.names.get(group.name, group.name))

    def signed(self, value: float) -> str:
        sign = "+" if value > 0 else "−" if value < 0 else ""
        # On which side of 0 the end of an interval lies must not be lost in rounding.
        return f"{sign}{self.say.number(abs(value), 2 if round(abs(value), 2) or not value else 3)}"


def section(store: Store, study: Study, say: Speech) -> Section | None:
    """The section, unless nobody is there to be scored."""
    rows: dict[tuple[str, str], dict[tuple[str, str], Row]] = {}
    for row in store.query("select rowid, * from need_ability order by rowid"):
        rows.setdefault((row["kind"], row["name"]), {})[row["axis"], row["component"]] = row
    groups = [Rows(kind, name, by) for (kind, name), by in rows.items()]
    minimum = study.privacy.minimum_group
    groups = [g for g in groups if g.score(NEED)["audience"] >= minimum]
    if not any(g.score(axis)["share"] is not None for g in groups for axis in WEIGHTS):
        return None
    told = _Told(store, say, minimum, _names(store, say.lang))
    return Section(KEY, told.tell("title"), told.tell("lead"), list(_blocks(told, groups)))


def _names(store: Store, lang: str) -> Mapping[str, str]:
    column = "name_vi" if lang == "vi" else "name_en"
    rows = store.query("select segment, name_vi, name_en from segments where brand = ?", (MARKET,))
    return {row["segment"]: row[column] for row in rows}


def _blocks(told: _Told, groups: Sequence[Rows]) -> Iterator[Block]:
    apart = [g for g in groups if g.kind != MARKET]
    drawn = [g for g in apart if g.scored]
    if drawn:
        yield _square(told, drawn)
    else:
        yield Text(told.tell("none_scored"))
    yield from _budgets(told, groups)
    yield Text(told.tell("limits"), soft=True)
    yield Fold(told.tell("fold"), [_scores(told, groups), _components(told, groups)])


def _square(told: _Told, groups: Sequence[Rows]) -> Points:
    """Every scored group beside the line of the market, which runs through the middle."""
    bounds = [abs(g.score(a)[b]) for g in groups for a in WEIGHTS for b in ("difference_low", "difference_high")]
    widest: float = max([_LEAST_SHOWN, *bounds]) * _ROOM

    def at(value: float) -> float:
        return 0.5 + value / widest / 2

    points = []
    for group in groups:
        need, ability = group.score(NEED), group.score(ABILITY)
        both = told.tell(
            "both", need=_beside(told, need), ability=_beside(told, ability), verdict=_verdict(told, group)
        )
        points.append(
            Point(
                told.name(group),
                x=at(need["difference"]),
                x_low=at(need["difference_low"]),
                x_high=at(need["difference_high"]),
                y=at(ability["difference"]),
                y_low=at(ability["difference_low"]),
                y_high=at(ability["difference_high"]),
                told=both,
            )
        )
    quarters = (
        told.tell("corner.less_less"),
        told.tell("corner.more_less"),
        told.tell("corner.less_more"),
        told.tell("corner.more_more"),
    )
    ticks = (told.signed(-widest), told.signed(0), told.signed(widest))
    note = told.tell("square_note", widest=told.say.number(widest, 2))
    return Points(
        told.tell("square"),
        told.tell("axis.need"),
        told.tell("axis.ability"),
        points,
        quarters,
        note,
        ticks,
        told.tell("square_alone"),
    )


def _beside(told: _Told, row: Row) -> str:
    return told.tell(
        "beside", score=told.say.number(row["share"], 2), difference=told.signed(row["difference"]),
        low=told.signed(row["difference_low"]), high=told.signed(row["difference_high"]),
    )  # fmt: skip


def _verdict(told: _Told, group: Rows) -> str:
    need, ability = group.score(NEED)["verdict"], group.score(ABILITY)["verdict"]
    if LINE in (need, ability):
        return told.tell("verdict.line")
    if NOT_ENOUGH in (need, ability):
        return told.tell("verdict.not_enough")
    if need in _NAMED and ability in _NAMED:
        said = told.tell(f"verdict.{need}_{ability}")
    else:
        said = f"{told.tell(f'verdict.need.{need}')}; {told.tell(f'verdict.ability.{ability}')}"
    budget = group.by[ABILITY, "budget"]
    if budget["share"] is not None and (budget["high"] < _MOST or budget["low"] > _MOST):
        reach = "short" if budget["high"] < _MOST else "enough"
        return f"{said}; {told.tell(f'verdict.{reach}')}"
    return said


def _scores(told: _Told, groups: Sequence[Rows]) -> Table:
    columns = [told.tell(f"column.{name}") for name in ("group", "people", "need", "ability")]
    rows: list[list[Cell | str]] = []
    for group in groups:
        need, ability = group.score(NEED), group.score(ABILITY)
        people = Cell(told.say.count(need["audience"]), float(need["audience"]))
        rows.append([told.name(group), people, _score(told, need), _score(told, ability)])
    return Table(told.tell("scores"), columns, rows, told.tell("scores_note"))


def _score(told: _Told, row: Row) -> Cell:
    if row["share"] is None:
        return Cell(told.say.tell("not_enough_data"))
    say = told.say
    text = told.tell(
        "score", score=say.number(row["share"], 2), low=say.number(row["low"], 2), high=say.number(row["high"], 2)
    )
    if row["verdict"] == LINE:
        return Cell(text, row["share"])
    return Cell(text, row["share"], note=told.tell("line", line=say.number(row["line"], 2)))


def _components(told: _Told, groups: Sequence[Rows]) -> Table:
    """What each score rests on: a row a component, a column a group."""
    shown = {(g.kind, g.name, axis): _tellable(told, g, axis) for g in groups for axis in WEIGHTS}
    rows = []
    for axis, weights in WEIGHTS.items():
        for component, weight in weights.items():
            line: list[Cell | str] = [
                Cell(
                    told.tell(f"component.{component}"),
                    note=told.tell("weighs", axis=told.tell(f"axis.{axis}"), weight=told.say.percent(weight)),
                )
            ]
            line += [_part(told, g.by[axis, component], shown[g.kind, g.name, axis]) for g in groups]
            rows.append(line)
    columns = [told.tell("column.component"), *(told.name(g) for g in groups)]
    return Table(told.tell("components"), columns, rows, told.tell("components_note"))


def _estimate(told: _Told, row: Row) -> Estimate | None:
    silent = row["component"] in _EVENTS
    return hiding.estimate(
        row["authors"], row["n"], row["share"], row["low"], row["high"], told.minimum, rest_is_silent=silent
    )


def _tellable(told: _Told, group: Rows, axis: str) -> bool:
    """Whether all components of a score may be told: where one may not, the score and the others would give it away."""
    parts = [row for (of, name), row in group.by.items() if of == axis and name != SCORE]
    known = [row for row in parts if row["share"] is not None and row["verdict"] != BY_CHOICE]
    found = [_estimate(told, row) for row in known]
    return all(one is not None and not one.at_least for one in found)


def _part(told: _Told, row: Row, tellable: bool) -> Cell:
    if row["share"] is None:
        return Cell(told.tell("missing"))
    if row["verdict"] == BY_CHOICE:
        return Cell(told.tell("by_choice"))
    if not tellable:
        return Cell(told.tell("counted"), note=told.say.size(row["n"]))
    return Cell(told.say.percent(row["share"]), row["share"], note=told.say.size(row["n"]))


def _budgets(told: _Told, groups: Sequence[Rows]) -> Iterator[Block]:
    """Of those who tell a budget, how many reach the price that pages ask: the one answer that needs no line beside it."""
    rows = [g.by[ABILITY, "budget"] for g in groups]
    prices = json.loads(rows[0]["detail"]).get("prices", {}) if rows else {}
    if not prices:
        yield Text(told.tell("not_asked"), soft=True)
        return
    asked = told.say.join([told.say.money(price, currency) for currency, price in sorted(prices.items())], "or")
    bars = []
    for group, row in zip(groups, rows, strict=True):
        e = _estimate(told, row) if row["share"] is not None and _tellable(told, group, ABILITY) else None
        if e is not None:
            bars.append(Bar(told.name(group), e.share, e.low, e.high, told.say.told(e), told.say.stands_on(e)))
    if bars:
        yield Bars(told.tell("budgets"), bars, limits=(_MOST,), note=told.tell("asked", prices=asked))
    else:
        yield Text(f"{told.tell('asked', prices=asked)} {told.tell('no_budgets')}", soft=True)
