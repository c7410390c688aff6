"""Over which channels real customers bought: of all whose orders were imported, how many ordered on which platform.

A file from Shopee holds Shopee's buyers alone, so that only all files together tell anything; where one platform's orders are all
there is, nothing is told. Whose orders name no channel may have bought on any: the share lies between those who surely did and those
who may have. What was not imported is not seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from analysis.statistics import wilson
from data.store import Store

CHANNEL = "channel"
#: Where things are bought. Whoever comes to a website from there has visited, and bought nothing there by that.
BUYING = frozenset(
    {"shopee", "lazada", "tiki", "tiktok_shop", "amazon", "own_website", "app", "store", "supermarket", "pharmacy"}
)
_ORDERS = """
select brand, customer_key, channel, min(substr(ordered_at, 1, 10)) as first, max(substr(ordered_at, 1, 10)) as last from orders
where customer_key is not null and state in ('completed', 'open') group by brand, customer_key, channel
"""


def cells(store: Store) -> Iterator[dict[str, Any]]:
    """One cell a brand and channel, as of the table ``observations``; ``exact`` where every customer's channel is known."""
    people: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    days: defaultdict[str, list[str]] = defaultdict(list)
    for row in store.query(_ORDERS):
        people[row["brand"]][row["channel"] or ""].add(row["customer_key"])
        days[row["brand"]] += [day for day in (row["first"], row["last"]) if day]
    for brand, channels in people.items():
        everybody = set().union(*channels.values())
        known = {name: who for name, who in channels.items() if name}
        silent = everybody - set().union(*known.values())
        if len(known) + bool(silent) < 2:
            continue
        for name, who in sorted(known.items()):
            count, n = len(who), len(everybody)
            yield {
                "brand": brand, "kind": "orders", "attribute": CHANNEL, "value": name, "unit": "people", "count": count, "n": n,
                "share": count / n, "low": float(wilson(count, n)[0]), "high": float(wilson(count + len(silent), n)[1]),
                "period_from": min(days[brand], default=None), "period_to": max(days[brand], default=None), "exact": not silent,
            }  # fmt: skip
