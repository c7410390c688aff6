"""Claimed against actual: whom each competitor's pages address and what they promise, beside who speaks of it and what hurts them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.report import hiding
from analysis.report.blocks import Block, Card, Cards, Cell, Columns, Fold, Quotes, Section, Table, Text
from analysis.report.evidence import plain, quotes_of, wants_pain
from analysis.report.model import Estimate
from analysis.report.speech import Speech
from data.store import Store
from data.study import Study
from data.words import tell_in

ORDER = 10
Row = Mapping[str, Any]
_SHOWN_WORDINGS, _SHOWN_QUOTES, _LONGEST = 2, 2, 160
#: Of fewer prices half of them is no number worth telling.
_HALVED = 4
#: What is worth knowing first.
_FIRST = ("not_kept", "complained", "few", "none", "not_enough", "opening", "unpromised")


def section(store: Store, study: Study, say: Speech) -> Section | None:
    """The section, or ``None`` where no competitor's page has been read."""
    rows = list(store.query("select * from claims order by brand, area, attribute, share desc, value, claimed"))
    told = _Told(store, study.privacy.minimum_group, say)
    cards = []
    for brand in (b.name for b in study.competitors):
        mine = [row for row in rows if row["brand"] == brand]
        blocks = list(told.blocks(brand, mine)) if mine else [Text(told.tell("nothing", brand=brand), soft=True)]
        cards.append(Card(brand, blocks, about=brand))
    if not any(row["brand"] == card.title for row in rows for card in cards):
        return None
    return Section("claimed", told.tell("title"), told.tell("lead"), [Cards(cards)], within="competitors")


class _Told:
    def __init__(self, store: Store, minimum: int, say: Speech) -> None:
        self.store, self.minimum, self.say = store, minimum, say
        hurts = store.query("select brand, category, authors from pain_shares")
        self.wholes = {(row["brand"], row["category"]): row["authors"] for row in hurts}

    def tell(self, key: str, /, **values: object) -> str:
        return tell_in(self.say.lang, f"claimed.{key}", **values)

    def blocks(self, brand: str, rows: Sequence[Row]) -> Iterator[Block]:
        areas = {
            area: [r for r in rows if r["area"] == area] for area in ("audience", "price", "promise", "unpromised")
        }
        asked: list[Block] = [Text(self._price(row)) for row in areas["price"]]
        if areas["unpromised"]:
            asked.append(self._complaints("unpromised", brand, [[row] for row in areas["unpromised"]]))
        if areas["audience"]:
            asked.insert(0, self._audience(areas["audience"]))
        if areas["audience"] and len(asked) > 1:
            yield Columns([asked[:1], asked[1:]])
        else:
            yield from asked
        if areas["promise"]:
            yield self._complaints("promise", brand, _together(areas["promise"]))
            yield from self._quotes(areas["promise"])

    def _audience(self, rows: Sequence[Row]) -> Table:
        columns = [self.tell(f"audience.{name}") for name in ("who", "words", "actual", "verdict")]
        lines = []
        for row in rows:
            estimate = self._estimate(row, rest_is_silent=False)
            share = (
                Cell(
                    self.say.told(estimate),
                    note=self.say.stands_on(estimate),
                    about=(row["brand"], row["attribute"], row["value"]),
                )
                if estimate
                else self.tell("audience.few")
            )
            verdict = row["verdict"] if estimate else "not_enough"
            lines.append(
                [
                    self.say.chip(row["attribute"], row["value"]),
                    self._words(row["claimed"]),
                    share,
                    self._verdict(verdict),
                ]
            )
        return Table(self.tell("audience.title"), columns, lines, note=self.tell("audience.note"))

    def _price(self, row: Row) -> str:
        asked = json.loads(row["detail"])
        money = {name: self.say.money(asked[name], asked["currency"]) for name in ("median", "lowest", "highest")}
        key = "price.single" if asked["lowest"] == asked["highest"] else "price.range"
        if key == "price.range" and asked.get("offers", _HALVED) < _HALVED:
            key = "price.few"
        text = self.tell(key, low=money["lowest"], high=money["highest"], middle=money["median"])
        estimate = self._estimate(row, rest_is_silent=False)
        if estimate is None:
            return f"{text} {self.tell('price.unknown')}"
        said = {"n": self.say.count(estimate.n), "share": self.say.told(estimate)}
        if estimate.at_least:
            return f"{text} {self.tell('price.covers_bound', **said)}"
        return f"{text} {self.tell('price.covers', interval=self.say.interval(estimate.low, estimate.high), **said)}"

    def _complaints(self, area: str, brand: str, groups: Sequence[Sequence[Row]]) -> Table:
        """Complaints beside what is promised; of promises about the same thing the first wordings stand together."""
        columns = [self.tell(f"{area}.{name}", brand=brand) for name in ("about", "share", "verdict")]
        if area == "promise":
            columns.insert(0, self.tell("promise.said"))
        lines = []
        for group in groups:
            row = group[0]
            pages = json.loads(row["detail"]).get("pages", 0)
            verdict = self._verdict(
                row["verdict"], pages=self.say.count(pages), category=self.say.category(row["value"])
            )
            if row["verdict"] == "few" and not row["authors"]:
                verdict = self.tell("promise.unsure")
            verdict = self._near(group) or verdict
            line: list[Cell | str] = [self.say.category(row["value"]), self._share(row), verdict]
            if area == "promise":
                said = [self._words(r["claimed"]) for r in group[:_SHOWN_WORDINGS]]
                left = len(group) - len(said)
                line.insert(0, Cell("; ".join(said), note=self.tell("promise.more", n=left) if left else None))
            lines.append(line)
        note = f"{self.tell('counts_complaints')} {self.tell('promise.note') if area == 'promise' else ''}".rstrip()
        return Table(self.tell(f"{area}.title"), columns, lines, note=note)

    def _near(self, group: Sequence[Row]) -> str | None:
        """How many complain of just what was promised, where that is one number and gives away nobody."""
        near = {json.loads(row["detail"]).get("near") for row in group}
        row = group[0]
        if row["verdict"] != "not_kept" or len(near) != 1 or not (people := near.pop()):
            return None
        if hiding.too_few(people, self.minimum) or hiding.too_few(row["authors"] - people, self.minimum):
            return None
        return self.tell("promise.near", people=self.say.people(people))

    def _share(self, row: Row) -> Cell | str:
        if not row["authors"]:
            return self.tell("promise.nobody") if row["n"] else self.say.tell("not_enough_data")
        whole = self.wholes.get((row["brand"], row["value"]), 0)
        estimate = hiding.part(row["authors"], whole, row["n"], row["share"], row["low"], row["high"], self.minimum)
        if estimate is None and not hiding.too_few(row["authors"], self.minimum):
            return self.tell("untold")
        if estimate is None:
            return self.say.tell("fewer_people", n=self.minimum)
        about = (row["brand"], "pain", row["value"], "complaints")
        return Cell(self.say.told(estimate), number=estimate.share, note=self.say.stands_on(estimate), about=about)

    def _quotes(self, rows: Sequence[Row]) -> Iterator[Fold]:
        """What people write of the promise that most complain of."""
        broken = [row for row in rows if row["verdict"] == "not_kept"]
        for row in sorted(broken, key=lambda r: -r["share"])[:1]:
            found = quotes_of(self.store, json.loads(row["evidence"])[:_SHOWN_QUOTES], wants_pain(row["value"]))
            if found:
                title = self.tell("quotes.title", promise=plain(row["claimed"])[:_LONGEST])
                yield Fold(title, [Quotes("", found)])

    def _estimate(self, row: Row, *, rest_is_silent: bool) -> Estimate | None:
        if row["share"] is None or row["authors"] is None:
            return None
        return hiding.estimate(
            row["authors"], row["n"], row["share"], row["low"], row["high"], self.minimum, rest_is_silent=rest_is_silent
        )

    def _verdict(self, verdict: str, **values: object) -> str:
        return self.tell(f"verdicts.{verdict}", minimum=self.minimum, **values)

    def _words(self, claimed: str) -> str:
        return f"“{plain(claimed)[:_LONGEST]}”"


def _together(rows: Sequence[Row]) -> list[list[Row]]:
    """Promises about the same pain of which the same is to be said as one, what is broken first."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["value"], row["verdict"]), []).append(row)
    return sorted(groups.values(), key=lambda g: (_FIRST.index(g[0]["verdict"]), -(g[0]["share"] or 0)))
