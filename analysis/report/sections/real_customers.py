"""Whether real customers are those we aim at, how they buy, and what follows: the first card of the section on kinds of evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.report import hiding
from analysis.report.blocks import Block, Card, Cell, Table, Text
from analysis.report.speech import Speech
from analysis.triangulation.real import APART, AS_CLAIMED, FEWER, FITS, NOT_ENOUGH, OPEN, OTHERS, PERSONS, SEEN
from data.store import Store
from data.study import Study
from data.words import entry, tell_in

Row = Mapping[str, Any]


def customers_card(store: Store, study: Study, say: Speech) -> Card | None:
    """The card; ``None`` where the study names no segment that could be recognised, or there is nothing beside posts."""
    rows = list(store.query("select * from real_customers order by segment, kind, platform"))
    orders = list(store.query("select * from customer_behaviour order by segment, who"))
    others = next(iter(store.query("select 1 from triangulation where kind not in ('posts', 'pages') limit 1")), None)
    if not rows and not orders and (not study.own.target or others is None):
        return None
    told = _Told(study, say)
    return Card(told.tell("real.title"), list(told.blocks(rows, orders)))


def upper(text: str) -> str:
    """A name at the beginning of a line."""
    return text[:1].upper() + text[1:]


class _Told:
    def __init__(self, study: Study, say: Speech) -> None:
        self.study, self.say, self.minimum = study, say, study.privacy.minimum_group

    def tell(self, key: str, /, **values: object) -> str:
        return tell_in(self.say.lang, f"triangulation.{key}", **values)

    def blocks(self, rows: Sequence[Row], orders: Sequence[Row]) -> Iterator[Block]:
        if not rows:
            yield Text(self.tell("real.none", own=self.study.own.name))
        for segment in dict.fromkeys(row["segment"] for row in rows):
            mine = [row for row in rows if row["segment"] == segment]
            yield self._table(segment, mine)
            yield Text(self._follows(mine))
        if any(row["basis"] != PERSONS for row in rows):
            yield Text(self.tell("real.bounds"), soft=True)
        if orders:
            yield from self._behaviour(orders)

    def _kind(self, row: Row) -> str:
        name = self.tell(f"kinds.{row['kind']}")
        names: dict[str, str] = entry("triangulation.platforms", self.say.lang)
        return f"{name} ({names.get(row['platform'], row['platform'])})" if row["platform"] else name

    def _table(self, segment: str, rows: Sequence[Row]) -> Table:
        lines: list[list[Cell | str]] = []
        for row in rows:
            seen = self.say.join([self.say.attribute(name) for name in json.loads(row["attributes"])])
            missing = self.say.join([self.say.attribute(name) for name in json.loads(row["missing"])])
            note = self.tell("real.missing", names=missing) if missing else None
            share, verdict = self._share(row)
            asked = self._expected(row) if verdict != NOT_ENOUGH else None
            if verdict == FEWER and asked is not None and (row["high"] or 0) >= row["expected"]:
                # Only single shares are known: what failed is one of the claims, whatever the range of those who meet all.
                verdict, asked = "single", None
            lines.append([
                upper(self._kind(row)), share, Cell(seen, note=note), Cell(self.tell(f"real.verdicts.{verdict}"), note=asked),
            ])  # fmt: skip
        names = [self.tell(f"real.{name}") for name in ("evidence", "fits", "by", "verdict")]
        return Table(self.tell("real.segment", segment=segment), names, lines)

    def _expected(self, row: Row) -> str | None:
        """What the claims lead one to expect of those who fit them all; of a single claim it is the claim itself."""
        if row["expected"] is None:
            return None
        return self.tell("real.expected", share=self.say.percent(row["expected"]))

    def _share(self, row: Row) -> tuple[Cell | str, str]:
        n = round(row["n"] or 0)
        if row["low"] is None:
            return self.say.tell("not_enough_data"), NOT_ENOUGH
        if row["basis"] != PERSONS:
            if 0 < n < self.minimum:
                return self.say.tell("fewer_people", n=self.minimum), NOT_ENOUGH
            low, high = self.say.percent(row["low"]), self.say.percent(row["high"])
            words = low if low == high else self.tell("real.between", low=low, high=high)
            note = self.say.tell("n_is", n=self.say.count(n)) if n else self.tell("no_people")
            return Cell(words, note=note), row["verdict"]
        found = hiding.estimate(row["count"], n, row["share"], row["low"], row["high"], self.minimum)
        if found is None:
            return self.say.tell("fewer_people", n=self.minimum), NOT_ENOUGH
        return Cell(self.say.told(found), number=found.share, note=self.say.stands_on(found)), row["verdict"]

    def _follows(self, rows: Sequence[Row]) -> str:
        named = {
            verdict: [self._kind(row) for row in rows if self._share(row)[1] == verdict]
            for verdict in (AS_CLAIMED, SEEN, APART, FEWER, OPEN)
        }
        by = {verdict: self.say.join(kinds) for verdict, kinds in named.items()}
        yes = self.say.join([*named[AS_CLAIMED], *named[SEEN]])
        if yes and by[FEWER]:
            return self.tell("real.both", yes=yes, no=by[FEWER])
        for verdict in (AS_CLAIMED, FEWER, APART):
            if by[verdict]:
                return self.tell(f"real.{verdict}", kinds=by[verdict])
        if by[SEEN] and not by[OPEN]:
            return self.tell("real.seen", kinds=by[SEEN])
        return self.tell("real.open" if by[OPEN] else "real.not_enough")

    def _behaviour(self, rows: Sequence[Row]) -> Iterator[Block]:
        shown = [row for row in rows if row["customers"] >= self.minimum]
        if not shown:
            return
        names = ("who", "customers", "again", "recency", "orders", "value")
        lines = [self._buys(row) for row in shown]
        yield Table(
            self.tell("behaviour.title"),
            [self.tell(f"behaviour.{n}") for n in names],
            lines,
            note=self.tell("behaviour.note"),
        )
        for segment in dict.fromkeys(row["segment"] for row in shown if row["segment"]):
            mine = {row["who"]: row for row in shown if row["segment"] == segment}
            if FITS in mine and OTHERS in mine and None not in (mine[FITS]["value_low"], mine[OTHERS]["value_low"]):
                fits, others = mine[FITS], mine[OTHERS]
                key = (
                    "more" if others["value_low"] > fits["value_high"]
                    else "less" if fits["value_low"] > others["value_high"] else "same"
                )  # fmt: skip
                yield Text(self.tell(f"behaviour.{key}"))

    def _buys(self, row: Row) -> list[Cell | str]:
        again = hiding.estimate(row["repeat"], row["customers"], row["share"], row["low"], row["high"], self.minimum)
        value: Cell | str = self.say.money(_round(row["value"], row["currency"]), row["currency"])
        if row["value_low"] is not None:
            low, high = (_round(max(v, 0), row["currency"]) for v in (row["value_low"], row["value_high"]))
            note = f"{self.say.money(low, None)}–{self.say.money(high, row['currency'])}"
            value = Cell(str(value), number=row["value"], note=note)
        return [
            self.tell(f"behaviour.{row['who']}", segment=row["segment"]),
            self.say.count(row["customers"]),
            Cell(self.say.told(again), number=again.share, note=self.say.stands_on(again))
            if again else self.say.tell("fewer_people", n=self.minimum),
            self.tell("behaviour.days", n=self.say.count(row["recency_days"])),
            self.say.number(row["orders"], 1),
            value,
        ]  # fmt: skip


def _round(sum_: float, currency: str) -> float:
    """A sum as people say it: thousands of dong, whole units of anything else."""
    return round(sum_, -3 if currency == "VND" else 0)
