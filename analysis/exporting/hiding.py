"""Small groups stay out of exported findings: what :mod:`analysis.report.hiding` decides, over whole tables.

Of a table of shares the row of a group too small is left out. Of a table of answers its numbers are emptied and the answer
stays, for “not enough data” is one. Where the values of an attribute add up to everybody who tells it and those left out are
together still too few, the smallest row that is left goes too: else they would follow from the others.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from analysis.exporting import working_out
from analysis.report.hiding import too_few
from analysis.report.withholding import PAIN, Withheld, withheld
from analysis.statistics import SLACK
from data.study import MARKET

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """How a table tells groups: ``counts`` of people in it, ``wholes`` of which they are part.

    ``rest``: those of the first whole who are not counted are a group, too. ``together``: the columns within which rows are
    parts of one whole. ``emptied``: the columns emptied; without them the row is left out. ``others``: what is emptied where
    the people it is compared with are too few.
    """

    counts: tuple[str, ...]
    wholes: tuple[str, ...] = ()
    rest: bool = False
    together: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    others: tuple[tuple[str, ...], ...] = ()


_SEEN = ("posts", "sources", "first_seen", "last_seen", "evidence")
_SHARE = ("share", "low", "high")
RULES = {
    "posts_by_brand": Rule(("authors",)),
    "posts_by_brand_and_source": Rule(("authors",)),
    "pains_by_brand": Rule(("authors",)),
    "audiences": Rule(("told",), ("audience",)),
    "audience_shares": Rule(("authors",), ("told", "audience"), True, ("brand", "attribute")),
    "pain_shares": Rule(("authors",), ("audience",)),
    "verdicts": Rule(("evidence.count",), ("n",), True, emptied=("n", *_SHARE, "evidence")),
    "verdicts_by_kind": Rule(("count",), ("n",), True, emptied=("count", "n", *_SHARE)),
    "verdict_history": Rule(("count",), ("n",), True, emptied=("count", "n", *_SHARE)),
    "comparisons": Rule(
        ("detail.n_own", "detail.counts"), ("n",), emptied=("value", "low", "high", "n", "p_value", "q_value", "detail")
    ),
    "portraits": Rule(("authors",), ("n", "audience"), True, ("brand", "customer_type", "attribute")),
    "portrait_means": Rule(("n",), ("audience",)),
    "claims": Rule(("authors",), ("n",), True, emptied=("authors", "n", *_SHARE, "detail", "evidence")),
    "distinctive": Rule(
        ("authors",), ("n", "n_against"), others=(("authors_against", "delta", "z", "p_value", "q_value"),)
    ),
    "share_of_voice": Rule(("authors",), ("n",), True),
    "series": Rule(("authors",), ("n",), emptied=("authors", "n", *_SHARE)),
    "trends": Rule(("authors",)),
    "strengths": Rule(
        ("authors",), ("n",),
        others=(("authors_others", "difference", "difference_low", "difference_high", "p_value", "q_value"),),
    ),
    "switching": Rule(("authors",)),
    "lessons": Rule(("n",), ("n_others",), emptied=("value", "low", "high", "n", "n_others", "p_value", "q_value", "detail", "evidence")),
    "promises_kept": Rule(("authors",), emptied=("authors", "complaints", "evidence")),
    "segments": Rule(("authors",), ("n", "audience"), True, emptied=("authors", "n", *_SHARE)),
    "segment_traits": Rule(("authors",), ("n",), True, others=(("authors_others", "lift", "lift_low", "lift_high"),)),
    "personas": Rule(("authors",), ("n", "audience"), True, emptied=("authors", "n", *_SHARE, "lift", *_SEEN)),
    "need_ability": Rule(
        ("authors",), ("n", "audience"), True,
        emptied=("authors", "n", *_SHARE, "line", "difference", "difference_low", "difference_high", "detail"),
    ),
    "note_shares": Rule(("count",), ("n",), True, ("brand", "audience", "attribute")),
    "observations": Rule(("count",), ("n",), True, ("import_id", "brand", "audience", "attribute", "unit")),
    "triangulation": Rule(("people",), ("n",), True, ("brand", "attribute", "kind", "platform")),
    "real_customers": Rule(("count",), ("n",), True, emptied=("count", "n", *_SHARE)),
    "customer_behaviour": Rule(("customers", "repeat"), (), True, emptied=(
        "customers", "repeat", *_SHARE, "orders", "recency_days", "value", "value_low", "value_high", "returned")),
    "kept_figures": Rule(("count",), ("n",), True, ("brand", "kind", "attribute", "run_id")),
}  # fmt: skip
#: Tables in which the market may be the sum of its brands: the column of the value, and of all who tell.
_ADD_UP = {"audience_shares": ("value", "told"), "pain_shares": ("category", "audience")}
#: Tables that tell of the market what :mod:`analysis.report.withholding` withholds: the column of the value (which kept verdicts have
#: as attribute), or of the assumption.
OF_MARKET = {
    "audience_shares": ("value", True), "pain_shares": ("category", True), "triangulation": ("value", True),
    "kept_figures": ("value", True), "verdicts": ("assumption", False), "verdicts_by_kind": ("assumption", False),
    "verdict_history": ("assumption", False), "series": ("value", True),
}  # fmt: skip
#: Kinds of evidence, or of kept figures, that are numbers of people in posts.
_FROM_POSTS = ("posts", "verdict", "audience", "pain")
#: What each assumption is about (:func:`analysis.report.withholding.assumptions`).
About = Mapping[str, tuple[str, str | None]]
#: Lists and tables of people inside a cell, whose entries of too few are taken out.
_INSIDE = {"kinds", "reasons"}


def told(
    table: str,
    rows: Sequence[Row],
    minimum: int,
    market: Withheld = Withheld(),  # noqa: B008 - frozen
    about: About = MappingProxyType({}),
) -> tuple[list[Row], int]:
    """The rows as they may be told, and how many were left out or emptied. ``market`` is what must not be told of the market, and
    ``about`` what each assumption is about."""
    rule = RULES.get(table)
    if rule is None or minimum <= 1:
        return list(rows), 0
    out = {place for place, row in enumerate(rows) if _small(row, rule, minimum)}
    out |= _derivable(rows, rule, out, minimum)
    out |= _of_market(table, rows, minimum)
    if table in OF_MARKET:
        out |= {place for place, row in enumerate(rows) if _covered(table, row, market, about)}
    if table == "comparisons":
        out |= working_out.of_values(rows, minimum)
    alone = working_out.of_others(rows, out, minimum) if table == "strengths" else set()
    kept = [
        _inside(_others(_emptied(row, rule.emptied) if place in out else row, rule, minimum, place in alone), minimum)
        for place, row in enumerate(rows)
        if rule.emptied or place not in out
    ]
    return kept, len(out)


def _of_market(table: str, rows: Sequence[Row], minimum: int) -> set[int]:
    """The market's rows from which a brand's small group would follow."""
    if table not in _ADD_UP:
        return set()
    value, whole = _ADD_UP[table]
    cells = [{**row, "attribute": row.get("attribute", PAIN), "value": row[value], "n": row[whole]} for row in rows]
    sizes = {(str(cell["brand"]), str(cell["attribute"])): float(cell["n"]) for cell in cells}
    found = withheld(cells, sizes, minimum)
    return {place for place, c in enumerate(cells) if c["brand"] == MARKET and found.covers(c["attribute"], c["value"])}


def _covered(table: str, row: Row, market: Withheld, about: About) -> bool:
    """Whether a number of the market from posts would tell a brand's small group."""
    if row["brand"] != MARKET or row.get("kind", "posts") not in _FROM_POSTS:
        return False
    column, is_value = OF_MARKET[table]
    if is_value and row.get("kind") != "verdict":
        return market.covers(str(row.get("attribute", PAIN)), str(row[column]))
    subject = about.get(str(row["attribute" if is_value else column]))
    return subject is not None and market.covers(*subject)


def _value(row: Row, name: str) -> list[float]:
    column, _, key = name.partition(".")
    value = row.get(column)
    if key:
        whole = json.loads(value) if isinstance(value, str) and value.startswith("{") else {}
        value = whole.get(key)
    values = value if isinstance(value, list) else [value]
    return [float(one) for one in values if isinstance(one, int | float)]


def _small(row: Row, rule: Rule, minimum: int) -> bool:
    counts = [count for name in rule.counts for count in _value(row, name)]
    wholes = [whole for name in rule.wholes for whole in _value(row, name)]
    if any(too_few(number, minimum) for number in (*counts, *wholes)):
        return True
    whole = wholes[:1] or _value(row, rule.counts[0])
    silent = row.get("attribute") == "pain" or row.get("pain") or row.get("subject") == "pain"
    return bool(
        rule.rest and not silent and whole and counts and too_few(whole[0] - counts[-1 if not wholes else 0], minimum)
    )


def _derivable(rows: Sequence[Row], rule: Rule, out: set[int], minimum: int) -> set[int]:
    """The rows that have to go with those that are left out, for the others and their sum tell the rest."""
    if not rule.together:
        return set()
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        groups[tuple(row.get(name) for name in rule.together)].append(place)
    more: set[int] = set()
    for places in groups.values():
        counted = {place: sum(_value(rows[place], rule.counts[0])) for place in places}
        whole = max((number for place in places for number in _value(rows[place], rule.wholes[0])), default=0.0)
        hidden = sum(counted[place] for place in places if place in out)
        if not SLACK < hidden < minimum - SLACK or abs(sum(counted.values()) - whole) > 0.5:
            continue
        left = sorted(
            (place for place in places if place not in out and counted[place] > SLACK), key=counted.__getitem__
        )
        more.update(left[:1])
    return more


def _emptied(row: Row, columns: tuple[str, ...]) -> Row:
    return row | {name: None for name in columns if name in row}


def _others(row: Row, rule: Rule, minimum: int, alone: bool) -> Row:
    for columns in rule.others:
        if alone or any(too_few(count, minimum) for count in _value(row, columns[0])):
            row = _emptied(row, columns)
    return row


def _inside(row: Row, minimum: int) -> Row:
    """``row`` without the entries of too few people in its lists."""
    for name in _INSIDE.intersection(row):
        if not isinstance(row[name], str):
            continue
        value = json.loads(row[name])
        if isinstance(value, dict):
            value = {key: count for key, count in value.items() if not too_few(float(count), minimum)}
        else:
            value = [one for one in value if not too_few(float(one.get("authors", 0)), minimum)]
        row = row | {name: json.dumps(value, ensure_ascii=False)}
    return row
