"""Personas: what the people of a segment tell, line by line, and what they have not told yet. Nothing is added to it.

A persona begins as a sketch and grows with the evidence; the rules stand in ``docs/explanation/personas.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.audience import Row, quotable, seen
from analysis.facts import Facts
from analysis.group import Group
from analysis.segments import PAIN, among
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


def find(facts: Facts) -> None:
    """Write ``personas``."""
    rows = [row for group in facts.groups for row in persona(facts, group)]
    facts.store.replace_rows("personas", rows)


def persona(facts: Facts, group: Group) -> Iterator[Row]:
    """Rows of ``personas`` of one segment: its lines part by part, then the gaps."""
    telling = _telling(facts, group)
    lifts = _lifts(facts, group)
    size, lines, gaps = len(group.members), [], []
    for part, attributes in PARTS.items():
        for attribute in attributes:
            mine = telling[(telling["attribute"] == attribute).to_numpy()]
            asked = size if attribute in (PAIN, OBJECTION) else int(mine["author"].nunique())
            found = list(_lines(mine, attribute, asked, facts.minimum))
            base = {"part": part, "attribute": attribute, "n": asked, "defining": int(attribute in group.defining)}
            lines += [{**base, **line, "lift": lifts.get((attribute, str(line["value"])))} for line in found]
            if not found:
                gaps.append({**base, "value": "", "evidence": "[]"})
    parts = {str(line["part"]) for line in lines}
    stage = PORTRAIT if size >= _PEOPLE and len(parts) >= _PARTS else SKETCH
    blank = dict.fromkeys(
        ("authors", "share", "low", "high", "lift", "posts", "sources", "first_seen", "last_seen"), None
    )
    for position, (kind, line) in enumerate([(TRAIT, x) for x in lines] + [(GAP, x) for x in gaps]):
        head = {"kind": group.kind, "segment": group.segment, "position": position, "stage": stage, "line": kind}
        yield {**head, "audience": size, **blank, **line}


def _telling(facts: Facts, group: Group) -> pd.DataFrame:
    """Everything that members tell: author, attribute, code, weight, post, source, posted_at, confidence."""
    people = facts.people
    member = among(people, group.members)
    told = facts.coded.told[member[facts.coded.told["author"].to_numpy()]]
    weights = facts.coded.people[member[facts.coded.people["author"].to_numpy()]][["author", "cell", "weight"]]
    told = told.merge(weights, on=["author", "cell"])
    pains = people.pains[member[people.pains["author"].to_numpy()]].rename(columns={"category": "code"})
    against = (pains["kind"] == OBJECTION).to_numpy()
    both = [
        pains[~against].assign(attribute=PAIN, weight=1.0),
        pains[against].assign(attribute=OBJECTION, weight=1.0),
    ]
    columns = ["author", "attribute", "code", "weight", "post", "source", "posted_at", "confidence"]
    parts = [rows[columns].astype({"attribute": object, "code": object}) for rows in (told, *both) if len(rows)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _lines(mine: pd.DataFrame, attribute: str, asked: int, minimum: int) -> Iterator[Row]:
    """The commonest values of one attribute, each with its share and its posts."""
    if asked < max(_LEAST, minimum) or mine.empty:
        return
    votes = mine.drop_duplicates(["author", "code"]).groupby("code")["weight"].sum()
    votes = votes[votes >= minimum - SLACK]
    if attribute in (PAIN, OBJECTION):
        votes = votes.drop("other", errors="ignore")
    votes = votes.sort_index().sort_values(ascending=False, kind="stable")
    most = 1 if asked < _MANY else _VALUES_OF_PAINS if attribute == PAIN else _VALUES
    kept = votes.head(most)
    rows = mine[mine["code"].isin(kept.index)]
    shown = quotable(rows, ["code"], _QUOTES)
    low, high = wilson(np.minimum(kept.to_numpy(dtype=float), asked), asked)
    for place, (code, authors) in enumerate(kept.items()):
        yield {
            "value": str(code), "authors": round(float(authors), 2), "share": float(authors) / asked, "low": float(low[place]),
            "high": float(high[place]), **seen(rows[rows["code"] == code]), "evidence": json.dumps(shown.get((str(code),), [])),
        }  # fmt: skip


def _lifts(facts: Facts, group: Group) -> Mapping[tuple[str, str], float]:
    """How many times as often members tell a value as everybody else does, of the traits that surely differ."""
    rows: Sequence[Mapping[str, Any]] = facts.traits.get((group.kind, group.segment), ())
    surely = [row for row in rows if row["lift_low"] is not None and (row["lift_low"] > 1 or row["lift_high"] < 1)]
    return {(str(row["attribute"]), str(row["value"])): float(row["lift"]) for row in surely}
