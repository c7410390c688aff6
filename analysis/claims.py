"""Claimed against actual: whom a brand's pages address, what they promise and ask, beside who talks of it and what hurts them.

Rules, fixed before looking, stand in ``docs/explanation/comparison.md``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from analysis import addressed, nearness, promises
from analysis.addressed import Addressed
from analysis.audience import quotable
from analysis.facts import Facts
from analysis.frames import People
from analysis.offer_prices import comparable, of_a_piece, offers_of
from analysis.promises import BROKEN_BY, COMPLAINED, CURRENT_PAGES
from analysis.statistics import Interval, share
from analysis.values import amount, meets
from data.codebook import PAIN_CATEGORIES
from data.store import Store

Row = dict[str, Any]
_Heard = dict[str, tuple[int, Interval, list[int]]]
AUDIENCE, PRICE, PROMISE, UNPROMISED = "audience", "price", "promise", "unpromised"
#: Verdicts. Of those who tell: most are whom the page addresses, most are not, or neither is sure.
MET, MISSED, OPEN, NOT_ENOUGH = "met", "missed", "open", "not_enough"
#: Of a promise: surely so many complain in just its matter; of what no page of the brand promises, and what no brand's page does.
NOT_KEPT, OPENING = "not_kept", "opening"
#: Of those who speak of a brand at least this share tells of a pain that is called one of many.
SURELY = 0.05
#: Fewer people decide nothing.
_ENOUGH = 30
_MOST = 0.5
#: Of what people may tell several of, a quarter is much.
_MUCH = {"value": 0.25}


def find(facts: Facts) -> None:
    """Write ``claims``."""
    people, store, minimum = facts.people, facts.store, facts.minimum
    own = facts.study.own.name
    promised = list(promises.read(store))
    heard = {brand: _complaining(people, brand) for brand in people.brands}
    rows = [
        *_audiences(people, addressed.read(store), minimum),
        *_prices(people, store, minimum),
        *_promises(people, store, heard, promised, minimum),
        *_unpromised(people, heard, promises.touched(store), own, minimum),
    ]
    store.replace_rows("claims", rows)


def _row(
    brand: str, area: str, attribute: str, value: str, claimed: str, url: str, count: float | None, n: int,
    verdict: str, detail: object, shown: Sequence[int],
) -> Row:  # fmt: skip
    estimate = share(count, n) if count is not None and n else None
    return {
        "brand": brand, "area": area, "attribute": attribute, "value": value, "claimed": claimed, "url": url,
        "authors": None if count is None else round(count, 2), "n": n, "share": estimate.value if estimate else None,
        "low": estimate.low if estimate else None, "high": estimate.high if estimate else None, "verdict": verdict,
        "detail": json.dumps(detail, ensure_ascii=False), "evidence": json.dumps(list(shown)),
    }  # fmt: skip


def _audiences(people: People, told: Sequence[Addressed], minimum: int) -> Iterator[Row]:
    """Whom pages address beside who talks: each value's share, and a verdict on all values of the attribute together."""
    groups: dict[tuple[str, str], list[Addressed]] = defaultdict(list)
    for one in told:
        if one.brand in people.brands:
            groups[one.brand, one.attribute].append(one)
    of: dict[str, pd.DataFrame] = {}
    for (brand, attribute), lines in groups.items():
        if attribute not in of:
            of[attribute] = people.profiles[(people.profiles["attribute"] == attribute).to_numpy()]
        rows = people.of(of[attribute], brand)
        every = _fitting(rows, attribute, [line.value for line in lines])
        n, together = len(every), float(every.sum())
        verdict = _most(together, n, _MUCH.get(attribute, _MOST))
        for line in lines:
            fits = _fitting(rows, attribute, [line.value])
            count = float(fits.sum())
            members = rows[rows["author"].isin(fits[fits >= _MOST].index)]
            evidence = quotable(members, ["attribute"]).get((attribute,), []) if count >= minimum else []
            detail = {"together": round(together, 2), "told": n, "audience": len(people.audience(brand))}
            yield _row(
                brand,
                AUDIENCE,
                attribute,
                line.value,
                line.claimed,
                line.url,
                count,
                len(fits),
                verdict,
                detail,
                evidence,
            )


def _fitting(rows: pd.DataFrame, attribute: str, expected: Sequence[str]) -> pd.Series[float]:
    """How far each author who tells an attribute is what is expected, 0 to 1, by author."""
    values = rows.drop_duplicates("key")
    told = zip(values["key"], values["value"], values["group"], strict=True)
    known = {key: meets(attribute, expected, str(value), group or None) for key, value, group in told}
    weights = rows["key"].map(known).astype("float64")
    return weights.dropna().groupby(rows["author"]).max()


def _most(count: float, n: int, limit: float = _MOST) -> str:
    """Whether most of those who tell fit, by the whole interval."""
    if n < _ENOUGH:
        return NOT_ENOUGH
    estimate = share(count, n)
    return MET if estimate.low >= limit else MISSED if estimate.high < limit else OPEN


def _prices(people: People, store: Store, minimum: int) -> Iterator[Row]:
    """What a brand's pages ask beside what its people say they can spend."""
    budgets_of = people.profiles[(people.profiles["attribute"] == "budget").to_numpy()]
    for (brand, currency), (prices, url) in _asked(store).items():
        if brand not in people.brands:
            continue
        middle = median(prices)
        rows = people.of(budgets_of, brand)
        budgets = [amount(str(value)) for value in rows["value"]]
        same = [b is not None and b[1] == currency and any(b[0]) for b in budgets]
        enough = pd.Series([bool(b and b[0][1] >= middle) for b in budgets], index=rows.index, dtype="float64")
        each = enough[same].groupby(rows["author"][same]).max()
        count, n = float(each.sum()), len(each)
        claimed = f"{min(prices):.0f}-{max(prices):.0f} {currency}"
        detail = {
            "median": middle,
            "lowest": min(prices),
            "highest": max(prices),
            "currency": currency,
            "offers": len(prices),
        }
        members = rows[same]
        evidence = quotable(members, ["attribute"]).get(("budget",), []) if n >= minimum else []
        yield _row(
            brand,
            PRICE,
            "budget",
            f"{middle:.0f} {currency}",
            claimed,
            url,
            count,
            n,
            _most(count, n),
            detail,
            evidence,
        )


def _asked(store: Store) -> dict[tuple[str, str], tuple[list[float], str]]:
    """(brand, currency) → the prices of whole packs on its current pages, and a page that shows them."""
    found: dict[tuple[str, str], tuple[list[float], str]] = {}
    for brand, pages in offers_of(store.query(CURRENT_PAGES)).items():
        for url, offers in pages:
            seen = set()
            for offer in offers:
                price, currency = offer.get("price") or 0, offer.get("currency")
                known = isinstance(price, int | float) and np.isfinite(price) and price > 0 and currency
                if known and not of_a_piece(offer) and (offer.get("name"), price) not in seen:
                    seen.add((offer.get("name"), price))
                    found.setdefault((brand, str(currency)), ([], url))[0].append(float(price))
    return {key: (comparable(prices), url) for key, (prices, url) in found.items()}


def _complaining(people: People, brand: str) -> _Heard:
    """Category → how many complain of just that, as a share of everybody who speaks of the brand, and posts."""
    rows = people.pains_of(brand)
    rows = rows[rows["kind"].isin(BROKEN_BY)]
    size, evidence = len(people.audience(brand)), quotable(rows, ["category"])
    counts = rows.groupby("category")["author"].nunique()
    return {
        str(category): (int(count), share(int(count), size), evidence[(str(category),)])
        for category, count in counts.items()
    }


def _promises(
    people: People, store: Store, heard: Mapping[str, _Heard], promised: Sequence[promises.Promise], minimum: int
) -> Iterator[Row]:
    """Promises beside complaints of their category; not kept is only what surely many complain of in just that matter."""
    told: dict[tuple[str, str], tuple[pd.DataFrame, list[nearness.Said]]] = {}
    unsure = promises.Unsure(store)
    for promise in promised:
        if promise.brand not in people.brands:
            continue
        size = len(people.audience(promise.brand))
        count, estimate, shown = heard[promise.brand].get(promise.category, (0, Interval(0, 0, 1), []))
        verdict = unsure.verdict(promise, count, size, minimum)
        detail: Row = {}
        if verdict == COMPLAINED and estimate.low >= SURELY:
            place = promise.brand, promise.category
            if place not in told:
                rows = people.pains_of(promise.brand)
                rows = rows[(rows["category"] == promise.category) & rows["kind"].isin(BROKEN_BY)]
                posts = [int(post) for post in dict.fromkeys(rows["post"].tolist())]
                told[place] = rows, nearness.said(store, posts, promise.category, BROKEN_BY)
            rows, texts = told[place]
            close = rows[rows["post"].isin(nearness.near(promise.text, promise.category, texts))]
            since = promises.made_since(store, promise)
            if since is not None:  # nobody complained of what was not promised yet
                detail = {"since": since}
                close = close[close["at"] >= datetime.fromisoformat(since).timestamp()]
            people_close = int(close["author"].nunique())
            detail |= {"near": people_close}
            if people_close >= minimum and share(people_close, size).low >= SURELY:
                verdict = NOT_KEPT
                shown = quotable(close, ["category"])[(promise.category,)]
        yield _row(
            promise.brand, PROMISE, "pain", promise.category, promise.text, promise.url, float(count), size, verdict, detail, shown
        )  # fmt: skip


def _unpromised(
    people: People,
    heard: Mapping[str, _Heard],
    touched: Mapping[str, tuple[int, set[str]]],
    own: str,
    minimum: int,
) -> Iterator[Row]:
    """What surely many complain of and the brand's pages that were read say nothing of; an opening where no competitor's do."""
    others = {brand: read for brand, read in touched.items() if brand != own}
    by_competitors = {category for _, told in others.values() for category in told}
    detail = {"pages": sum(pages for pages, _ in others.values())}
    for brand in sorted(set(touched) & set(people.brands)):
        said = touched[brand][1]
        size = len(people.audience(brand))
        for category, (count, estimate, shown) in heard[brand].items():
            if category in said or category not in PAIN_CATEGORIES or category == "other":
                continue
            if count < minimum or estimate.low < SURELY:
                continue
            verdict = OPENING if brand in others and category not in by_competitors else UNPROMISED
            yield _row(brand, UNPROMISED, "pain", category, "", "", float(count), size, verdict, detail, shown)
