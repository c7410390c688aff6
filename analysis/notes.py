"""What customers tell in notes of sales and support: shares of people, coded like every other evidence and never mixed with posts.

Notes are private and about those who are customers already; public posts are by anybody. Both are read by the same pipeline, and
their figures stand side by side (``docs/how-to/import-notes.md`` says what notes cannot see).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analysis import audience, frames
from analysis.columns import among
from analysis.facts import Facts
from analysis.frames import People
from analysis.statistics import SLACK, wilson
from data.study import MARKET

KIND = "notes"
PAIN = "pain"
_SOURCES = """
select s.source_id, coalesce(b.name, 'market') as brand from sources s left join brands b using (brand_id)
where s.active and s.kind = 'notes' order by s.source_id
"""
Row = dict[str, Any]


def find(facts: Facts) -> None:
    """Write ``note_shares``."""
    people = frames.load_notes(facts.store, facts.study, datetime.fromisoformat(facts.checked_at))
    facts.store.replace_rows("note_shares", rows(people, _brands(facts), facts.minimum) if people is not None else ())
    facts.counts["note_people"] = len(people.authors) if people is not None else 0


def _brands(facts: Facts) -> dict[int, str]:
    known = {brand.name for brand in facts.study.brands} | {MARKET}
    return {int(row["source_id"]): row["brand"] for row in facts.store.query(_SOURCES) if row["brand"] in known}


def rows(people: People, brands: dict[int, str], minimum: int) -> Iterator[Row]:
    """Rows of ``note_shares``: of each brand whose notes there are (``brands`` by source), every value that enough people tell."""
    coded = audience.code(people)
    for brand in dict.fromkeys(brands.values()):
        sources = [source for source, name in brands.items() if name == brand]
        posts = people.posts[among(people.posts["source"].to_numpy(), sources)]
        authors = np.unique(posts["author"].to_numpy(dtype=np.int64))
        if len(authors) < minimum:
            continue
        mine = coded.people[among(coded.people["author"].to_numpy(), authors)]
        told = coded.told[among(coded.told["source"].to_numpy(), sources)]
        pains = people.pains[among(people.pains["source"].to_numpy(), sources)]
        period = _period(posts)
        for row in (*_values(mine, told), *_pains(pains, len(authors))):
            if row["count"] >= minimum - SLACK:
                low, high = wilson(row["count"], row["n"])
                yield {
                    "brand": brand, "audience": "all", **row, "unit": "people", "share": row["count"] / row["n"],
                    "low": float(low), "high": float(high), **period,
                }  # fmt: skip


def _values(people: pd.DataFrame, told: pd.DataFrame) -> Iterator[Row]:
    n = people.groupby("attribute", observed=True)["author"].nunique()
    posts = told.groupby(["attribute", "code"], observed=True)["post"].nunique()
    weights: dict[Any, Any] = people.groupby(["attribute", "code"], observed=True)["weight"].sum().to_dict()
    for (attribute, code), weight in weights.items():
        yield {
            "attribute": str(attribute), "value": str(code), "count": round(float(weight), 2), "n": int(n[attribute]),
            "posts": int(posts.get((attribute, code), 0)),
        }  # fmt: skip


def _pains(pains: pd.DataFrame, size: int) -> Iterator[Row]:
    """Everybody has a vote on pains: whoever tells of none has none."""
    for category, hurt in pains.groupby("category", observed=True):
        count, posts = int(hurt["author"].nunique()), int(hurt["post"].nunique())
        yield {"attribute": PAIN, "value": str(category), "count": count, "n": size, "posts": posts}


def _period(posts: pd.DataFrame) -> Row:
    about = audience.seen(posts)
    first, last = (when and str(when)[:10] for when in (about["first_seen"], about["last_seen"]))
    return {"period_from": first, "period_to": last}
