"""Registered assumptions in words: the claim, its rule, and what one kind of evidence says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from analysis.report import hiding
from analysis.report.model import Check, Estimate
from analysis.report.speech import Speech
from data.assumptions import Claim, expected, rule, statement
from data.words import tell_in

Row = Mapping[str, Any]


def of_claim(claim: Claim) -> dict[str, Any]:
    """An assumption of the study file as the register would hold it."""
    given = claim.assumption
    return {
        "id": claim.id,
        "segment": claim.segment,
        "claim": statement(given),
        "attribute": given.attribute,
        "pain": given.pain,
        "expected": json.dumps(expected(given), ensure_ascii=False),
        "at_least": given.at_least,
        "at_most": given.at_most,
        "minimum_n": given.minimum_n,
        "rule": rule(given),
        "made_at": given.made,
        "note": given.note,
        "retired_at": given.retired,
        "retired_why": given.retired_why,
    }


def top(row: Row) -> int | None:
    """``N`` of a claim that a pain is among the first N."""
    match = re.fullmatch(r"top\s*(\d+)", json.loads(row["expected"])[0]) if row["pain"] else None
    return int(match[1]) if match else None


def sentence(row: Row, say: Speech) -> str:
    """A registered claim as a sentence without its full stop."""
    check = Check(
        row["segment"], 0, "", row["attribute"], row["pain"], tuple(json.loads(row["expected"])), row["at_least"],
        row["at_most"], top(row), "", None, None, None, None, None, None, None,
    )  # fmt: skip
    return say.assumption(check)


def rule_in_words(row: Row, say: Speech) -> str:
    """What would support the claim, what would contradict it, and how many people that takes."""
    low, high, first = row["at_least"], row["at_most"], top(row)
    kind = "top" if first else "between" if None not in (low, high) else "at_least" if low is not None else "at_most"
    limits = {name: say.percent(value) for name, value in (("low", low), ("high", high)) if value is not None}
    return tell_in(say.lang, f"assume.rule.{kind}", n=say.count(row["minimum_n"]), top=first, **limits)


def threshold(row: Row, say: Speech) -> str:
    """The threshold alone: ``at least 70%``, ``top 3``."""
    low, high, first = row["at_least"], row["at_most"], top(row)
    if first:
        return tell_in(say.lang, "assume.threshold.top", top=first)
    kind = "between" if None not in (low, high) else "at_least" if low is not None else "at_most"
    limits = {name: say.percent(value) for name, value in (("low", low), ("high", high)) if value is not None}
    return tell_in(say.lang, f"assume.threshold.{kind}", **limits)


def estimate(claim: Row, row: Row, minimum: int) -> Estimate | None:
    """A verdict's share as it may be told; ``None`` where it may not, or where it is a rank."""
    if row["share"] is None or row["low"] is None or not row["n"] or top(claim):
        return None
    count = row["count"] if row["count"] is not None else row["share"] * row["n"]
    return hiding.estimate(
        count, row["n"], row["share"], row["low"], row["high"], minimum, rest_is_silent=bool(claim["pain"])
    )


def result(claim: Row, row: Row, minimum: int, say: Speech) -> str:
    """What a verdict rests on, with its interval and n; or in a few words why there is no number."""
    if row["share"] is None:
        return say.tell("fewer_people", n=minimum) if row["why"] == "few" and row["kind"] == "notes" else why(row, say)
    if top(claim):
        return _rank(row, minimum, say)
    found = estimate(claim, row, minimum)
    if found is not None:
        weighted = f", {tell_in(say.lang, 'assume.weighted')}" if is_weighted(row) else ""
        return f"{say.told(found)} ({say.stands_on(found)}{weighted})"
    if row["low"] is None and not hiding.too_few(row["count"] or 0, minimum):
        return say.percent(row["share"])
    return say.tell("fewer_people", n=minimum)


def _rank(row: Row, minimum: int, say: Speech) -> str:
    if not row["count"] or hiding.too_few(row["count"], minimum) or row["low"] is None:
        return say.tell("fewer_people", n=minimum) if row["count"] else tell_in(say.lang, "assume.nobody")
    rank = say.tell("assume.rank", rank=say.count(row["share"]))
    n = say.tell("n_is", n=say.count(row["n"]))
    if row["low"] == row["high"]:
        return f"{rank} ({n})"
    between = say.tell("assume.rank_between", low=say.count(row["low"]), high=say.count(row["high"]))
    return f"{rank} ({between} · {n})"


def is_weighted(row: Row) -> bool:
    """Whether a survey's answers were weighted: they are then worth a number of people that is seldom whole."""
    return bool(row["kind"] == "survey" and row["n"] and abs(row["n"] - round(row["n"])) > 1e-6)


def side(claim: Row, row: Row) -> str | None:
    """On which side of the threshold a line lies: as it is decided, or where nobody knows of how many, as its share is."""
    if row["verdict"] in ("supported", "contradicted"):
        return str(row["verdict"])
    if row["share"] is None or row["why"] != "no_interval" or top(claim):
        return None
    low, high = claim["at_least"], claim["at_most"]
    fits = (low is None or row["share"] >= low) and (high is None or row["share"] <= high)
    return "supported" if fits else "contradicted"


def why(row: Row, say: Speech) -> str:
    """What keeps evidence from deciding, in a few words; empty where nothing does."""
    return tell_in(say.lang, f"assume.why.{row['why']}") if row.get("why") else ""


def kind(name: str, say: Speech) -> str:
    """A kind of evidence by its name."""
    return tell_in(say.lang, f"assume.kind.{name}")


def verdict(name: str, say: Speech) -> str:
    """A verdict with its mark."""
    return f"{say.tell(f'{name}.mark')} {say.tell(f'{name}.name')}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
