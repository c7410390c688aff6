"""Prices on the brands' pages as they went: the offers whose price has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from analysis.report.blocks import Block, Line, Lines, Moment, Text
from analysis.report.evidence import plain
from analysis.report.sections.trends_drawn import tell
from analysis.report.speech import Speech
from data.page_changes import per_unit
from data.store import Store

_OFFERS = 9
_KEY = ("brand", "url", "offer", "currency", "per")
Row = dict[str, Any]


def pictures(store: Store, say: Speech) -> Iterator[Block]:
    """The offers whose price changed last; none where no page has shown a price."""
    offers: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in store.query("select * from offer_prices order by since"):
        offers[tuple(row[name] for name in _KEY)].append(row)
    if not offers:
        return
    moved = [rows for rows in offers.values() if len({row["price"] for row in rows}) > 1]
    moved.sort(key=lambda rows: rows[-1]["since"], reverse=True)
    title = tell(say, "prices")
    if not moved:
        yield Text(tell(say, "prices_none"))
        return
    lines = [_line(rows, say) for rows in moved[:_OFFERS]]
    yield Lines(title, lines, note=tell(say, "prices_note"), zero_told="0")


def _line(rows: Sequence[Row], say: Speech) -> Line:
    highest = max(row["price"] for row in rows)
    moments = []
    for row in rows:
        told, height = per_unit(say.money(row["price"], row["currency"]), row["per"], say.lang), row["price"] / highest
        days = dict.fromkeys((row["since"][:10], row["until"][:10]))
        moments += [Moment(when, height, height, height, told, tell(say, "price_seen")) for when in days]
    top = per_unit(say.money(highest, rows[0]["currency"]), rows[0]["per"], say.lang)
    name = plain(rows[0]["offer"]) or rows[0]["url"]
    return Line(tell(say, "named", what=name[:80], brand=say.brand(rows[0]["brand"])), moments, top_told=top)
