"""What a brand's pages say of it: whom they address, what they offer, and for how much."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.offer_prices import once
from analysis.report import model
from analysis.report.evidence import plain, safe_url

Row = Mapping[str, Any]
_SHOWN_OFFERS, _SHOWN_DEALS = 8, 4
#: A line of a page that ends so is the beginning of a sentence, not the name of what is sold.
_OPEN_END = re.compile(
    r"(?<!\w)(?:chưa tới|chưa đến|không quá|chỉ|chỉ còn|còn|từ|giá|only|from|just|under|less than)\W*$|:\s*$", re.I
)


def pages(rows: Sequence[Row], promises: tuple[model.Promised, ...]) -> model.Pages:
    """A brand's pages as they are now; ``rows`` have url, last_seen and content (JSON)."""
    read = [(row["url"], json.loads(row["content"])) for row in rows]
    once_each = zip(read, once(page.get("offers") or [] for _, page in read), strict=True)
    offers = [_offer(url, offer) for (url, _), offers in once_each for offer in offers]
    priced = {
        (o.name, o.price, o.currency, o.price_text): o
        for o in offers
        if (o.price is not None or o.price_text) and not is_fragment(o.name)
    }
    shown = list(priced.values())[:_SHOWN_OFFERS]
    named = " | ".join((o.name or "").casefold() for o in shown)
    shown += [deal for deal in _deals(read) if (deal.name or "").casefold() not in named]
    return model.Pages(
        len(read),
        max((row["last_seen"] for row in rows), default=None),
        _lines(read, "audiences"),
        promises,
        tuple(shown),
        _lines(read, "proofs"),
    )


def _deals(read: Iterable[tuple[str, Row]]) -> list[model.OfferLine]:
    """What pages give besides a price: “Mua 1 tặng 1”."""
    found: dict[str, model.OfferLine] = {}
    for url, page in read:
        for claim in page.get("claims") or ():
            if claim.get("area") == "discount":
                name = plain(str(claim.get("text")))[:120]
                found.setdefault(name, model.OfferLine(name, None, None, None, None, "", safe_url(url)))
    return list(found.values())[:_SHOWN_DEALS]


def is_fragment(name: str | None) -> bool:
    """Whether an offer's name is the beginning of a sentence: ``only from``."""
    return bool(name and _OPEN_END.search(name))


def _offer(url: str, offer: Row) -> model.OfferLine:
    name, per = (plain(str(offer[key]))[:120] if offer.get(key) else None for key in ("name", "per"))
    return model.OfferLine(
        name, offer.get("price"), offer.get("currency"), per, offer.get("was"),
        plain(str(offer.get("price_text") or ""))[:60], safe_url(url),
    )  # fmt: skip


def _lines(read: Iterable[tuple[str, Row]], name: str) -> tuple[str, ...]:
    texts = (plain(str(text))[:200] for _, page in read for text in page.get(name) or ())
    return tuple(dict.fromkeys(text for text in texts if text))[:6]
