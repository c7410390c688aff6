"""Comparison: how far each audience is from ours, what it talks of, share of voice, switching, and what to learn and avoid."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.report import hiding, withholding
from analysis.report.blocks import (
    Bar,
    Bars,
    Block,
    Card,
    Cards,
    Cell,
    Columns,
    Fold,
    Line,
    Lines,
    Moment,
    Section,
    Table,
    Text,
)
from analysis.report.context import portrait_anchor
from analysis.report.model import Estimate
from analysis.report.sections import compared_words, lessons
from analysis.report.speech import Speech
from analysis.statistics import share
from data.store import Store
from data.study import MARKET, Study
from data.words import tell_in

ORDER = 20
Row = Mapping[str, Any]
#: What an overall distance has beyond chance is little below the first of these and much from the second on.
LITTLE, MUCH = 0.15, 0.30
_SHOWN = 10
_BEFORE_FOLD = 3
_SHOWN_BRANDS = 8
_LAST_MONTHS = 24
#: With fewer months a series is no line.
_FEWEST_MONTHS = 3


def section(store: Store, study: Study, say: Speech) -> Section | None:
    """The section, or ``None`` where there is no competitor to compare with."""
    told = Told(store, study, say)
    blocks = [*told.together()]
    cards = [*told.cards()]
    if not study.competitors or not (blocks or cards):
        return None
    lead = told.tell("lead", own=study.own.name)
    return Section(
        "compared",
        told.tell("title"),
        lead,
        [*blocks, *([Cards(cards)] if cards else [])],
        within="competitors",
        front=[*lessons.cards(told)],
    )


class Told:
    """What the findings' tables say, in one language."""

    def __init__(self, store: Store, study: Study, say: Speech) -> None:
        self.store, self.study, self.say = store, study, say
        self.own, self.minimum = study.own.name, study.privacy.minimum_group
        self.withheld = withholding.read(store, self.minimum)

    def tell(self, key: str, /, **values: object) -> str:
        return tell_in(self.say.lang, f"compare.{key}", **values)

    def name(self, brand: str) -> str:
        if brand != MARKET:
            return brand
        rest = self.tell("market")
        return rest[:1].upper() + rest[1:]

    def together(self) -> Iterator[Block]:
        """What is told of all brands at once: who is spoken of and who switches side by side, and how that went month by month."""
        parts = [[*self.voice()], [*self.switching()]]
        if all(parts):
            yield Columns(parts)
        else:
            yield from (block for part in parts for block in part)
        yield from (Fold(table.title, [table]) for table in self.overall())

    def overall(self) -> Iterator[Table]:
        rows = list(self.store.query("select * from comparisons where measure = 'overall' order by value desc"))
        rows = [
            row for row in rows if not hiding.too_few(min(row["n"], json.loads(row["detail"])["n_own"]), self.minimum)
        ]
        if not rows:
            return
        number = self.say.number
        lines = [
            [
                self.name(r["brand"]),
                number(r["value"], 2),
                number(json.loads(r["detail"])["by_chance"], 2),
                self.how_far(r),
            ]
            for r in rows
        ]
        columns = [self.tell(f"overall.{name}") for name in ("brand", "distance", "chance", "verdict")]
        yield Table(self.tell("overall.title", own=self.own), columns, lines, note=self.tell("overall.note"))

    def how_far(self, row: Row) -> str:
        """The overall distance in plain words: small groups are some way apart by chance alone, which is taken off (of the squares)."""
        if row["verdict"] != "different":
            return self.tell("overall.unknown")
        beyond = max(row["value"] ** 2 - json.loads(row["detail"])["by_chance"] ** 2, 0.0) ** 0.5
        size = "little" if beyond < LITTLE else "much" if beyond >= MUCH else "some"
        return self.tell(f"overall.{size}")

    def voice(self) -> Iterator[Block]:
        rows = list(self.store.query("select * from share_of_voice order by month, authors desc, brand"))
        bars, n = [], 0
        for row in (r for r in rows if r["month"] == "all"):
            estimate = self._voice(row)
            if estimate is None or estimate.at_least or not row["authors"]:
                continue
            n = row["n"]
            posts = self.tell(
                "voice.posts", share=self.say.percent(row["posts_share"]),
                interval=self.say.interval(row["posts_low"], row["posts_high"]),
            )  # fmt: skip
            told = f"{self.say.stands_on(estimate)} · {posts}"
            e = estimate
            share, place = self.say.percent(e.share), self._portrait(row["brand"])
            bars.append(Bar(row["brand"], e.share, e.low, e.high, share, told, key=place))
        if not bars:
            return
        title, size = self.tell("voice.title"), self.say.count(n)
        yield Bars(title, bars, note=self.tell("voice.note", n=size), alone=self.tell("voice.alone", n=size))
        lines = [line for bar in bars[:_SHOWN_BRANDS] if (line := self._months(bar.label, rows))]
        if lines:
            top, zero = self.say.percent(1), self.say.percent(0)
            drawn = Lines("", lines, alone=self.tell("voice.months_alone"), top_told=top, zero_told=zero)
            yield Fold(self.tell("voice.months"), [drawn])

    def _portrait(self, brand: str) -> str:
        """The place of a brand's portrait: who the people are that speak of it, with their words."""
        return portrait_anchor([self.own, *(b.name for b in self.study.competitors)].index(brand))

    def _voice(self, row: Row) -> Estimate | None:
        return hiding.estimate(row["authors"], row["n"], row["share"], row["low"], row["high"], self.minimum)

    def _months(self, brand: str, rows: Sequence[Row]) -> Line | None:
        moments = []
        for row in rows:
            if row["brand"] == brand and row["month"] != "all":
                e = self._voice(row)
                if e is not None and not e.at_least:
                    told = self.say.percent(e.share)
                    moments.append(Moment(row["month"], e.share, e.low, e.high, told, self.say.stands_on(e)))
        return Line(brand, moments[-_LAST_MONTHS:]) if len(moments) >= _FEWEST_MONTHS else None

    def switching(self) -> Iterator[Block]:
        rows = list(self.store.query("select * from switching order by authors desc, from_brand, to_brand"))
        if not rows:
            return
        shown = [row for row in rows if not hiding.too_few(row["authors"], self.minimum)]
        if not shown:
            yield Text(self.tell("switching.nobody", minimum=self.minimum), soft=True)
            return
        lines = [
            [row["from_brand"] or self.tell("switching.unnamed"), row["to_brand"] or self.tell("switching.unnamed"),
             self.say.count(row["authors"]), self._why(row)]
            for row in shown
        ]  # fmt: skip
        columns = [self.tell(f"switching.{name}") for name in ("from", "to", "people", "why")]
        note = self.tell("switching.note", minimum=self.minimum)
        if len(rows) > len(shown):
            note += " " + self.tell("switching.hidden", count=len(rows) - len(shown), minimum=self.minimum)
        yield Table(self.tell("switching.title"), columns, lines, note=note)

    def _why(self, row: Row) -> str:
        told = []
        for reason in json.loads(row["reasons"]):
            if not hiding.too_few(reason["authors"], self.minimum):
                name = (
                    self.say.category(reason["code"])
                    if reason["kind"] == "pain"
                    else self.say.value("value", reason["code"])
                )
                told.append(self.tell(f"switching.{reason['kind']}", code=name, n=self.say.count(reason["authors"])))
        return "; ".join(told) or "–"

    def cards(self) -> Iterator[Card]:
        for brand in (*(b.name for b in self.study.competitors), MARKET):
            size = next(
                self.store.query("select audience from audiences where brand = ? and attribute = 'all'", (brand,)), None
            )
            if size is None or not size["audience"] or hiding.too_few(size["audience"], self.minimum):
                continue
            blocks = [*self.against_whom(brand), *self.overlap(brand), *compared_words.blocks(self, brand)]
            if brand != MARKET:
                blocks += lessons.blocks(self, brand)
            if blocks:
                yield Card(self.name(brand), blocks, about=brand)

    def against_whom(self, brand: str) -> Iterator[Text]:
        """Why the summary may call alike what is different here: it compares with those we aim at."""
        asked = "select * from comparisons where brand = ? and attribute = 'all' and measure in ('overall', 'verdict')"
        found = {row["measure"]: row for row in self.store.query(asked, (brand,))}
        if len(found) < 2 or json.loads(found["verdict"]["detail"]).get("basis") != "target":
            return
        overall = found["overall"]
        if hiding.too_few(min(overall["n"], json.loads(overall["detail"])["n_own"]), self.minimum):
            return
        verdict = self.say.tell(f"verdict.{found['verdict']['verdict']}")
        real = "select count(*) as n from comparisons where brand = ? and measure like 'difference:%' and verdict = 'different'"
        apart = next(self.store.query(real, (brand,)))["n"] and overall["verdict"] != "different"
        distance = self.tell("overall.unknown_but") if apart else self.how_far(overall)
        yield Text(self.tell("overlap.against", brand=brand, own=self.own, verdict=verdict, distance=distance))

    def overlap(self, brand: str) -> Iterator[Block]:
        """The differences that are real, as shares, points and ratios."""
        rows = list(
            self.store.query("select * from comparisons where brand = ? and measure like 'difference:%'", (brand,))
        )
        if not rows:
            yield Text(self.tell("overlap.nothing"), soft=True)
            return
        lifts = {
            (r["attribute"], r["measure"].partition(":")[2]): r
            for r in self.store.query("select * from comparisons where brand = ? and measure like 'lift:%'", (brand,))
        }
        real = sorted((r for r in rows if r["verdict"] == "different"), key=lambda r: -abs(r["value"]))
        lines = [
            line for r in real if (line := self._line(r, lifts.get((r["attribute"], r["measure"].partition(":")[2]))))
        ]
        if not lines:
            yield Text(self.tell("overlap.none"), soft=True)
            return
        columns = [self.tell(f"overlap.{name}") for name in ("what", "theirs", "ours", "difference", "lift")]
        key = "overlap.title_market" if brand == MARKET else "overlap.title"
        title = self.tell(key, brand=brand, own=self.own)
        note = self.tell("overlap.note")
        if brand == MARKET and any(r["attribute"] == "pain" for r in real):
            note += " " + self.tell("overlap.note_market", own=self.own)
        yield Table(title, columns, lines[:_SHOWN], note=note, shown=_BEFORE_FOLD)

    def _line(self, row: Row, lift: Row | None) -> list[Cell | str] | None:
        value, detail = row["measure"].partition(":")[2], json.loads(row["detail"])
        if row["brand"] == MARKET and self.withheld.covers(row["attribute"], value):
            return None
        pain = row["attribute"] == "pain"
        sides = []
        for count, n in zip(detail["counts"], (row["n"], detail["n_own"]), strict=True):
            found = share(count, n)
            told = hiding.estimate(count, n, found.value, found.low, found.high, self.minimum, rest_is_silent=pain)
            if told is None and not hiding.too_few(count, self.minimum):
                return None
            sides.append(told)
        what = self.say.category(value) if pain else self.say.chip(row["attribute"], value)
        abouts = [(brand, row["attribute"], value) for brand in (row["brand"], self.own)]
        shown: list[Cell | str] = [
            self.tell("overlap.hidden", n=self.minimum) if e is None else Cell(self._side(e), about=about)
            for e, about in zip(sides, abouts, strict=True)
        ]
        if any(e is None or e.at_least for e in sides):
            return [what, *shown, "–", "–"]
        points = f"{self.say.points(row['value'])} ({self.say.between(row['low'], row['high'])})"
        return [what, *shown, points, self._times(lift) if lift and _has_ratio(lift, detail["counts"]) else "–"]

    def _side(self, estimate: Estimate) -> str:
        return f"{self.say.told(estimate)} ({self.say.tell('n_is', n=self.say.count(estimate.n))})"

    def _times(self, lift: Row) -> str:
        number = self.say.number
        spread = self.tell("overlap.range", low=number(lift["low"], 1), high=number(lift["high"], 1))
        return f"{self.tell('overlap.times', n=number(lift['value'], 1))} ({spread})"


def _has_ratio(lift: Row, counts: Sequence[float]) -> bool:
    """Nobody is no multiple of anybody; a ratio that may be 1 says nothing beside a difference that was found by its own interval."""
    return min(counts) > 0 and not lift["low"] <= 1 <= lift["high"]
