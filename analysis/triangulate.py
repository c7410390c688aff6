"""Triangulation: every kind of evidence beside every other on one codebook, and real customers beside those we aim at."""

from __future__ import annotations

import json
from datetime import date

from analysis.facts import Facts
from analysis.triangulation import real
from analysis.triangulation.agreeing import CONFLICT, judge
from analysis.triangulation.evidence import Told, gathered


def find(facts: Facts) -> None:
    """Write ``triangulation``, ``real_customers`` and ``customer_behaviour``."""
    cells = gathered(facts.store, date.fromisoformat(facts.checked_at[:10]))
    judge(cells)
    facts.store.replace_rows("triangulation", (_row(one) for one in _distinct(cells)))
    facts.store.replace_rows("real_customers", real.rows(facts))
    facts.store.replace_rows("customer_behaviour", real.behaviour(facts))
    facts.counts["conflicts"] = len({(c.brand, c.attribute, c.value) for c in cells if c.agreement == CONFLICT})


def _distinct(cells: list[Told]) -> list[Told]:
    """One cell a value and kind, should an import ever bring the same twice."""
    return list({(c.brand, c.attribute, c.value, c.kind, c.platform): c for c in cells}.values())


def _row(one: Told) -> dict[str, object]:
    return {
        "brand": one.brand, "attribute": one.attribute, "value": one.value, "kind": one.kind, "platform": one.platform,
        "unit": one.unit, "people": one.people, "n": one.n, "share": one.share, "low": one.low, "high": one.high,
        "plain": one.plain, "weight": one.weight, "freshness": one.freshness, "as_of": one.as_of and one.as_of[:10],
        "rank_low": one.rank_low, "rank_high": one.rank_high, "agreement": one.agreement,
        "against": json.dumps(one.against), "sources": one.sources,
    }  # fmt: skip
