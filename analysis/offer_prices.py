"""What each offer cost when: the prices on a brand's pages, one row a stretch of time at one price; and which can be compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from statistics import median
from typing import Any

from data.store import Store

#: A page with more offers is a catalogue, which shows others each time.
_MOST_OFFERS = 60
_LONGEST_NAME = 120
_SNAPSHOTS = """
select b.name as brand, l.url, l.first_seen, l.last_seen, l.content
from landing_snapshots l join sources s using (source_id) join brands b on b.brand_id = l.brand_id
where s.active and (s.kind = 'site' or not exists (select 1 from threads t where t.source_id = l.source_id))
order by l.url, l.first_seen, l.snapshot_id
"""
Row = dict[str, Any]
Key = tuple[str, str, str, str, str]


def rows(store: Store) -> list[Row]:
    """Rows of ``offer_prices``. An offer that two prices go by at once has none."""
    open_: dict[Key, Row] = {}
    found: list[Row] = []
    for snapshot in store.query(_SNAPSHOTS):
        for key, (price, was) in _offers(snapshot):
            before = open_.get(key)
            if before is not None and before["price"] == price and before["was"] == was:
                before["until"] = max(before["until"], snapshot["last_seen"])
                continue
            if before is not None and before["since"] == snapshot["first_seen"]:
                continue
            names = dict(zip(("brand", "url", "offer", "currency", "per"), key, strict=True))
            open_[key] = names | {
                "since": snapshot["first_seen"],
                "until": snapshot["last_seen"],
                "price": price,
                "was": was,
            }
            found.append(open_[key])
    return found


def _offers(snapshot: Row) -> Iterator[tuple[Key, tuple[float, float | None]]]:
    seen: dict[Key, set[tuple[float, float | None]]] = {}
    for offer in (json.loads(snapshot["content"]).get("offers") or ())[:_MOST_OFFERS]:
        price, name = _money(offer.get("price")), " ".join(str(offer.get("name") or "").split())[:_LONGEST_NAME]
        if price is None or not offer.get("currency"):
            continue
        key = (snapshot["brand"], snapshot["url"], name, str(offer["currency"]), str(offer.get("per") or ""))
        seen.setdefault(key, set()).add((price, _money(offer.get("was"))))
    for key, prices in seen.items():
        if len(prices) == 1:
            yield key, next(iter(prices))


#: “Mỗi miếng chưa tới 3.200 đồng” is no price that anybody pays: it is a pack's, divided.
_PIECE = r"(?:miếng|cái|chiếc|tờ|viên|lần|ngày|piece|nappy|diaper|pad|sheet|tablet|use|day)"
_OF_A_PIECE = re.compile(
    rf"(?:/|\b(?:mỗi|each|per)) ?{_PIECE}\b|^(?:chỉ |từ |only |from )?(?:một|1) {_PIECE}\b|^/?each$", re.IGNORECASE
)
#: A price below this part of the middle one is of something else: a piece, a sample, the delivery.
FAR_BELOW = 0.1


def of_a_piece(offer: Mapping[str, Any]) -> bool:
    """Whether an offer's words say that its price is for one piece of a pack."""
    texts = (" ".join(str(offer.get(name) or "").split()) for name in ("name", "price_text", "per"))
    name, price_text, per = texts
    return any(_OF_A_PIECE.search(text) for text in (name, price_text, f"/{per}" if per else ""))


def once(pages: Iterable[Sequence[Mapping[str, Any]]]) -> list[list[Mapping[str, Any]]]:
    """The offers of each of a brand's pages, without a lone one whose price stands in another page's list: “Giá chỉ từ 790.000đ” under
    a slogan is the price of something that the list names."""
    every = [list(offers) for offers in pages]
    listed = {_asked(offer) for offers in every if len(offers) > 1 for offer in offers}
    return [[] if len(offers) == 1 and _asked(offers[0]) in listed else offers for offers in every]


def offers_of(rows: Iterable[Row]) -> dict[str, list[tuple[str, list[Mapping[str, Any]]]]]:
    """Brand → each of its pages with its offers, each offer once; ``rows`` have brand, url and content (JSON)."""
    read: dict[str, list[tuple[str, list[Mapping[str, Any]]]]] = {}
    for row in rows:
        read.setdefault(row["brand"], []).append((row["url"], json.loads(row["content"]).get("offers") or []))
    return {
        brand: list(zip((url for url, _ in pages), once(offers for _, offers in pages), strict=True))
        for brand, pages in read.items()
    }


def _asked(offer: Mapping[str, Any]) -> tuple[object, object]:
    return offer.get("price"), offer.get("currency")


def comparable(prices: Iterable[float]) -> list[float]:
    """The prices of one brand in one currency without those far below the middle one."""
    every = list(prices)
    least = FAR_BELOW * median(every) if every else 0.0
    return [price for price in every if price >= least]


def _money(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and isfinite(value) and value > 0 else None
