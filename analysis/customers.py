"""Recency, frequency and value of the customers whose orders are known: how real customers behave.

Formulas, source and limits: ``docs/explanation/orders.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from data.store import Store

#: Scores run from 1 to so many; fewer customers than this many for each score are not scored.
SCORES = 5
LEAST_EACH = 5

_CUSTOMERS = """
select customer_key, currency, orders, returned, cancelled, first_order, last_order, recency_days, value, location
from customers where brand = :brand and orders > 0
"""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a brand's customers buy, in one currency: medians, the share who bought again, and what the best fifth brings."""

    customers: int
    currency: str
    bought_again: float
    median_recency_days: float
    median_orders: float
    median_value: float
    share_of_best_fifth: float | None


def customers(store: Store, brand: str, *, currency: str | None = None) -> pd.DataFrame:
    """One row a customer who bought: ``customer_key, orders, recency_days, value, location`` … and the scores ``r``, ``f``, ``m``.

    Only of one currency, by default the one of most orders: sums of several are no sums. The frame is empty where no order is
    known; the scores are missing where there are fewer than ``SCORES * LEAST_EACH`` customers.
    """
    import pandas as pd

    found = pd.DataFrame(
        store.query(_CUSTOMERS, {"brand": brand}),
        columns=["customer_key", "currency", "orders", "returned", "cancelled", "first_order", "last_order", "recency_days",
                 "value", "location"],
    )  # fmt: skip
    if found.empty:
        return found.assign(r=pd.Series(dtype="Int64"), f=pd.Series(dtype="Int64"), m=pd.Series(dtype="Int64"))
    wanted = currency or str(found.groupby("currency")["orders"].sum().idxmax())
    return scored(found[found["currency"] == wanted].reset_index(drop=True))


def scored(found: pd.DataFrame) -> pd.DataFrame:
    """The frame with ``r``, ``f`` and ``m``: the fifth of all customers that each is in, 5 the best.

    The score is ``ceil(5 * rank / n)`` with the mean rank of those who are alike (Hughes 1994 cuts ties at random, so that
    customers alike in all would score differently).
    """
    import numpy as np

    scores: dict[str, pd.Series] = {}
    for name, column, better in (("r", "recency_days", False), ("f", "orders", True), ("m", "value", True)):
        ranks = found[column].astype(float).rank(method="average", ascending=better)
        whole = (SCORES * ranks / max(ranks.count(), 1)).apply(np.ceil).clip(1, SCORES)
        scores[name] = (whole if ranks.count() >= SCORES * LEAST_EACH else whole * np.nan).astype("Int64")
    return found.assign(**scores)


def behaviour(found: pd.DataFrame) -> Behaviour | None:
    """The figures of :func:`customers`; ``None`` where nobody bought. Who may be shown is the caller's to decide."""
    if found.empty:
        return None
    value = found["value"].astype(float).sort_values(ascending=False)
    best, whole = value.head(max(len(value) // SCORES, 1)).sum(), value.sum()
    return Behaviour(
        len(found), str(found["currency"].iloc[0]), float((found["orders"] > 1).mean()),
        float(found["recency_days"].astype(float).median()), float(found["orders"].median()), float(value.median()),
        float(best / whole) if whole > 0 and len(value) >= SCORES * LEAST_EACH else None,
    )  # fmt: skip
