"""Personas: what the people of a segment tell, line by line, and what they have not told yet. Nothing is added to it.

A persona begins as a sketch and grows with the evidence; the rules stand in ``docs/explanation/personas.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.facts import Facts
from analysis.group import Group
from analysis.segments import PAIN, among
from analysis.shown import Row, quotable, seen_by
from analysis.statistics import SLACK, wilson

SKETCH, PORTRAIT = "sketch", "portrait"
TRAIT, GAP = "trait", "gap"
OBJECTION = "objection"
#: The parts of a persona in their order, and what stands in each.
PARTS: Mapping[str, tuple[str, ...]] = {
    "who": ("gender", "age", "occupation", "education", "location", "customer_type"),
    "family": ("marital_status", "children", "child_age"),
    "lifestyle": ("interest",),
    "goals": ("goal",),
    "values": ("value",),
    "channels": ("channel",),
    "pains": (PAIN,),
    "objections": (OBJECTION,),
    "tried": ("effort", "behaviour"),
    "money": ("income", "budget", "price_sensitivity"),
    "role": ("purchase_role",),
}
#: A line stands on so many people who tell its attribute; of so many on, more than its first value is told.
_LEAST, _MANY = 10, 30
_VALUES, _VALUES_OF_PAINS = 3, 5
#: A sketch becomes a portrait with so many people and so many of the parts.
_PEOPLE, _PARTS = 30, 6
_QUOTES = 2
_SHOWN = ("posts", "sources", "first_seen", "last_seen", "evidence")


def find(facts: Facts) -> None:
    """Write ``personas``."""
    rows = [row for group in facts.groups for row in persona(facts, group)]
    facts.store.replace_rows("personas", rows)


def persona(facts: Facts, group: Group) -> Iterator[Row]:
    """Rows of ``personas`` of one segment: its lines part by part, then the gaps."""
    told = [*_traits(facts, group), *_hurts(facts, group)]
    lines: list[Row] = []
    gaps: list[Row] = []
    for part, attributes in PARTS.items():
        for attribute in attributes:
            mine = [row for row in told if row["attribute"] == attribute]
            defining = {"part": part, "defining": int(attribute in group.defining)}
            lines += [{**defining, **row} for row in mine]
            if not mine:
                n = _tellers(facts, group, attribute)
                gaps.append({**defining, "attribute": attribute, "n": n, "value": "", "evidence": "[]"})
    parts = {str(line["part"]) for line in lines}
    stage = PORTRAIT if len(group.members) >= _PEOPLE and len(parts) >= _PARTS else SKETCH
    blank = dict.fromkeys(
        ("authors", "share", "low", "high", "lift", "posts", "sources", "first_seen", "last_seen"), None
    )
    for position, (kind, line) in enumerate([(TRAIT, x) for x in lines] + [(GAP, x) for x in gaps]):
        head = {"kind": group.kind, "segment": group.segment, "position": position, "stage": stage, "line": kind}
        yield {**head, "audience": len(group.members), **blank, **line}


def _traits(facts: Facts, group: Group) -> Iterator[Row]:
    """Lines of what members tell of themselves, out of the segment's traits, with the posts behind them."""
    traits = [row for row in facts.traits.get((group.kind, group.segment), ()) if row["attribute"] != PAIN]
    kept = list(_commonest(traits, facts.minimum))
    told = facts.coded.told
    wanted = {(str(row["attribute"]), str(row["value"])) for row in kept}
    cells = told[["cell", "attribute", "code"]].drop_duplicates("cell")
    numbers = [c for c, a, v in cells.itertuples(index=False) if (str(a), str(v)) in wanted]
    member = among(facts.people, group.members)
    rows = told[np.isin(told["cell"].to_numpy(), numbers) & member[told["author"].to_numpy()]]
    for row in _with_posts(kept, rows):
        sure = row["lift_low"] is not None and (row["lift_low"] > 1 or row["lift_high"] < 1)
        columns = ("attribute", "value", "authors", "n", "share", "low", "high", *_SHOWN)
        yield {**{name: row[name] for name in columns}, "lift": row["lift"] if sure else None}


def _hurts(facts: Facts, group: Group) -> Iterator[Row]:
    """Lines of the members' pains and objections, of everybody in the segment."""
    pains, size = facts.people.pains, len(group.members)
    pains = pains[among(facts.people, group.members)[pains["author"].to_numpy()]]
    against = (pains["kind"] == OBJECTION).to_numpy()
    for attribute, rows in ((PAIN, pains[~against]), (OBJECTION, pains[against])):
        votes = rows[["author", "category"]].drop_duplicates()["category"].value_counts()
        votes = votes[(votes >= facts.minimum) & (votes.index != "other")].sort_index()
        low, high = wilson(votes.to_numpy(), size)
        found = [
            {"attribute": attribute, "value": str(category), "authors": float(count), "n": size, "share": count / size,
             "low": float(low[place]), "high": float(high[place])}
            for place, (category, count) in enumerate(votes.items())
        ]  # fmt: skip
        kept = list(_commonest(found, facts.minimum))
        mine = rows.assign(attribute=attribute, code=rows["category"].astype(object))
        yield from _with_posts(kept, mine[mine["code"].isin([row["value"] for row in kept])])


def _commonest(rows: Sequence[Mapping[str, Any]], minimum: int) -> Iterator[Mapping[str, Any]]:
    """The commonest values of each attribute that enough people tell; only the first where few do."""
    shown: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: (-row["authors"], row["value"])):
        attribute, asked = str(row["attribute"]), row["n"]
        most = 1 if asked < _MANY else _VALUES_OF_PAINS if attribute == PAIN else _VALUES
        if asked >= max(_LEAST, minimum) and row["authors"] >= minimum - SLACK and shown.get(attribute, 0) < most:
            shown[attribute] = shown.get(attribute, 0) + 1
            yield row


def _with_posts(lines: Sequence[Mapping[str, Any]], rows: pd.DataFrame) -> Iterator[Row]:
    """The lines with what stands behind them: ``rows`` are passages with attribute and code."""
    about, evidence = seen_by(rows, ["attribute", "code"]), quotable(rows, ["attribute", "code"], _QUOTES)
    nothing = {"posts": 0, "sources": 0, "first_seen": None, "last_seen": None}
    for line in lines:
        key = (str(line["attribute"]), str(line["value"]))
        yield {**line, **about.get(key, nothing), "evidence": json.dumps(evidence.get(key, []))}


def _tellers(facts: Facts, group: Group, attribute: str) -> int:
    """How many members tell an attribute; of pains and objections everybody is asked."""
    if attribute in (PAIN, OBJECTION):
        return len(group.members)
    rows = facts.coded.people
    authors = rows["author"].to_numpy()[(rows["attribute"] == attribute).to_numpy()]
    return len(np.unique(authors[among(facts.people, group.members)[authors]]))
