"""Series as small pictures: the pains told most at each brand, share of voice, and what has changed of who people are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis import forecasting, series, trending
from analysis.coarser import LONGER
from analysis.periods import FEWEST_MONTHS, MONTHS, Step, following
from analysis.report import pain_trends
from analysis.report.blocks import Fold, Line, Lines, Moment, Text
from analysis.report.speech import Speech
from data.store import Store
from data.study import MARKET, Study
from data.words import tell_in

_PAINS = 6
_TRAITS = 8
#: With fewer periods a series is no line.
_FEWEST_DRAWN = 3
#: Pictures reach somewhat beyond the highest share, so that its interval is seen.
_ROOM = 1.5
_DIRECTIONS = (trending.RISES, trending.FALLS)
Row = Mapping[str, Any]
Key = tuple[str, str, str, str]


def tell(say: Speech, key: str, /, **values: object) -> str:
    """The sentence ``trends.<key>`` of the report's language."""
    return tell_in(say.lang, f"trends.{key}", **values)


def read(store: Store, minimum: int) -> Drawn:
    """What the last analysis wrote of periods."""
    points: dict[Key, list[Row]] = defaultdict(list)
    for row in store.query("select * from series order by period"):
        points[_key(row)].append(row)
    found = list(store.query("select * from trends order by authors desc, brand, value"))
    told = {key: rows for key, rows in points.items() if any(r["share"] is not None for r in rows)}
    return Drawn(found, told, pain_trends.read(store, minimum))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Trends, and the points of those series of which anything may be told."""

    trends: Sequence[Row]
    points: Mapping[Key, Sequence[Row]]
    pains: pain_trends.Trends

    def counted(self, say: Speech) -> Iterator[str]:
        """How periods are counted, and which pains rise and fall."""
        if not self.trends:
            yield tell(say, "too_short", n=series.FEWEST_TOLD)
            return
        steps = [trend["step"] for trend in self.trends]
        step = next((one for one in steps if one in LONGER), steps[0])
        every = [point for points in self.points.values() for point in points]
        days = sorted(_when(point) for point in every if point["step"] == step)
        if days:
            first, last = say.date(days[0]), say.date(days[-1])
            yield tell(say, f"counted_{step}", first=first, last=last, fewest=FEWEST_MONTHS)
        if any(point["step"] != step for point in every):
            yield tell(say, f"longer_{step}")
        yield from pain_trends.sentences(self.pains, say)
        yield tell(say, "rules")

    def pictures(self, study: Study, say: Speech) -> Iterator[Lines | Text | Fold]:
        """Pictures for the market and each brand, for share of voice, and for what has changed of who people are."""
        for brand in (MARKET, study.own.name, *(b.name for b in study.competitors)):
            shown = self._of(series.PAIN, brand)[:_PAINS]
            kind = "_market" if brand == MARKET else ""
            title, note = tell(say, f"pains_of{kind}", brand=brand), tell(say, f"pains_note{kind}", brand=brand)
            drawn = [*self._drawn(title, note, shown, say)]
            # The page shows the market's; a brand's stand there at once where one of them moves.
            moves = any(t["verdict"] in _DIRECTIONS or _jumps(t) for t in shown)
            yield from drawn if brand == MARKET or moves else self._folded(title, drawn)
        names = [study.own.name, *(b.name for b in study.competitors)]
        voices = sorted(self._of(series.VOICE), key=lambda t: names.index(t["brand"]) if t["brand"] in names else 99)
        yield from self._folded(
            tell(say, "voice"), [*self._drawn(tell(say, "voice"), tell(say, "voice_note"), voices, say)]
        )
        moved = [t for t in self._of(series.AUDIENCE) if t["verdict"] in _DIRECTIONS or _jumps(t)]
        # Of two values of one attribute one is often the other's mirror.
        first = {(t["brand"], t["attribute"]): t for t in reversed(moved)}
        moved = [t for t in moved if first[t["brand"], t["attribute"]] is t]
        yield from self._drawn(tell(say, "audience"), tell(say, "audience_note"), moved[:_TRAITS], say)

    def _folded(self, title: str, blocks: Sequence[Lines | Text]) -> Iterator[Fold]:
        if blocks:
            yield Fold(title, blocks)

    def _of(self, subject: str, brand: str | None = None) -> list[Row]:
        return [
            t for t in self.trends if t["subject"] == subject and brand in (None, t["brand"]) and _key(t) in self.points
        ]

    def _drawn(self, title: str, note: str, shown: Sequence[Row], say: Speech) -> Iterator[Lines | Text]:
        if not shown:
            return
        drawn = [trend for trend in shown if self._told(trend) >= _FEWEST_DRAWN]
        names = say.join([_name(trend, say) for trend in shown if trend not in drawn])
        if names:
            note = f"{note} {tell(say, 'too_few_periods', names=names, fewest=_FEWEST_DRAWN)}"
        if not drawn:
            yield Text(f"{title}. {note}", soft=True)
            return
        lines = [self._line(trend, say) for trend in drawn]
        highest = max(self._highest(trend) for trend in drawn)
        top = min(max(highest * _ROOM, 0.05), 1.0)
        yield Lines(title, lines, top=top, note=note, top_told=say.percent(top), zero_told=say.percent(0), shown=3)

    def _told(self, trend: Row) -> int:
        """In how many whole periods something may be told."""
        return sum(1 for point in self.points[_key(trend)] if point["whole"] and point["share"] is not None)

    def _highest(self, trend: Row) -> float:
        """The highest share of a whole period, else of any."""
        told = [point for point in self.points[_key(trend)] if point["share"] is not None]
        return float(max(point["share"] for point in [p for p in told if p["whole"]] or told))

    def _line(self, trend: Row, say: Speech) -> Line:
        points = self.points[_key(trend)]
        moments: list[Moment] = []
        joined, now = False, None
        for point in points:
            told, whole = point["share"] is not None, bool(point["whole"])
            if told:
                # A period that is not whole may be unlike the others for that reason alone.
                moments.append(_moment(point, say, apart=bool(moments) and not (joined and whole)))
                now = moments[-1] if whole else now
            joined = told and whole
        if points[-1]["step"] == trend["step"]:
            moments += _ahead(trend, points[-1], say)
        marks = [jump["period"] for jump in _jumps(trend)]
        return Line(_marked(trend, say), moments, marks, " ".join(_notes(trend, say)), now)


def _key(row: Row) -> Key:
    return (row["brand"], row["subject"], row["attribute"], row["value"])


def _jumps(trend: Row) -> list[dict[str, Any]]:
    return list(json.loads(trend["jumps"]))


def _when(point: Row) -> str:
    """A month by its name, a week by its first day."""
    return str(point["period"])[:7] if point["step"] in MONTHS else str(point["period"])


def _moment(point: Row, say: Speech, *, apart: bool) -> Moment:
    n = say.tell("n_is", n=say.count(point["n"]))
    if not point["whole"]:
        n = f"{n}, {tell(say, 'partly')}"
    told = f"{say.percent(point['share'])} ({say.interval(point['low'], point['high'])})"
    return Moment(
        _when(point), point["share"], point["low"], point["high"], told, n, apart=apart, partial=not point["whole"]
    )


def _ahead(trend: Row, last: Row, say: Speech) -> Iterator[Moment]:
    """The forecast's points; they follow the last whole period, in place of one that is not."""
    start, step = date.fromisoformat(last["period"]), last["step"]
    for number, share in enumerate(json.loads(trend["forecast"]), start=1 if last["whole"] else 0):
        when = following(start, step, number).isoformat()
        told = f"{say.percent(share['share'])} ({say.interval(share['low'], share['high'])})"
        point = {"period": when, "step": step}
        figures, apart = (share["share"], share["low"], share["high"]), number == 0
        yield Moment(_when(point), *figures, told, tell(say, "guessed"), guessed=True, apart=apart)


def _name(trend: Row, say: Speech) -> str:
    if trend["subject"] == series.VOICE:
        return say.brand(trend["brand"])
    if trend["subject"] == series.PAIN:
        return say.category(trend["value"])
    return tell(say, "named", what=say.chip(trend["attribute"], trend["value"]), brand=say.brand(trend["brand"]))


def _marked(trend: Row, say: Speech) -> str:
    """The name with the direction in which it goes, where it goes beyond chance."""
    went = pain_trends.verdict(trend)
    return tell(say, f"mark.{went if went in pain_trends.MOVED else 'plain'}", name=_name(trend, say))


def _notes(trend: Row, say: Speech) -> Iterator[str]:
    step: Step = trend["step"]
    jumps = _jumps(trend)
    if not jumps or trend["verdict"] in _DIRECTIONS:
        yield tell(say, f"note.{trend['verdict']}", periods=trend["periods"], step=tell(say, f"step.{step}"))
    for jump in jumps:
        when = say.date(_when({"period": jump["period"], "step": step}))
        untold = jump["before"] is None or jump["after"] is None
        shares = {} if untold else {side: say.percent(jump[side]) for side in ("before", "after")}
        yield tell(say, "note.jump_untold" if untold else "note.jump", when=when, **shares)
    ahead = json.loads(trend["forecast"])
    if ahead:
        error, naive = (say.number(trend[name] * 100, 1) for name in ("error", "error_naive"))
        interval = say.interval(ahead[0]["low"], ahead[0]["high"])
        share = say.percent(ahead[0]["share"])
        yield tell(say, "note.forecast", share=share, interval=interval, tries=trend["tries"], error=error, naive=naive)
    elif trend["forecast_verdict"] == forecasting.NOT_BETTER:
        yield tell(say, "note.not_better")
