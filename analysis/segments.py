"""Segments: those the study names, by who fits its assumptions, and those found in the data; what tells each apart.

Rules, fixed before looking, and limits: ``docs/explanation/segments.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import hypotheses, segment_search
from analysis.audience import FREE, Row
from analysis.facts import Facts
from analysis.frames import People
from analysis.group import FOUND, NAMED, Group
from analysis.report.speech import Speech
from analysis.segment_search import Search
from analysis.statistics import SLACK, lift, share, wilson
from data.study import MARKET, Segment
from data.words import entry

Authors = NDArray[np.int64]
#: So many of the attributes that define a named segment must somebody tell to be placed; all of them where it has fewer.
LEAST_TOLD = 2
#: A value that meets an expectation so far fits it; one that meets it less than so far contradicts it; between, it tells nothing.
_FITS, _CONTRADICTS = 2 / 3, 1 / 3
PAIN = "pain"
#: Of attributes told in free words, the most frequent.
_MOST_FREE = 10
#: A segment's name is made of so many values, each told by such a part of its people who tell the attribute.
_IN_NAME, _LEAST_IN_NAME = 3, 0.3


def find(facts: Facts) -> None:
    """Write ``segments``, ``segment_members``, ``segment_traits`` and ``segment_search``."""
    people, store = facts.people, facts.store
    search = segment_search.search(segment_search.answers(facts.coded.people))
    groups = [*(named(people, segment) for segment in facts.study.own.target), *found(search)]
    told = [(group, list(traits(facts, group))) for group in groups]
    facts.groups = [group for group in groups if len(group.members) >= facts.minimum]
    facts.traits = {(group.kind, group.segment): mine for group, mine in told}
    store.replace_rows("segments", (row for group, mine in told for row in _sizes(people, group, mine, facts.minimum)))
    store.replace_rows("segment_traits", (row for _, mine in told for row in mine))
    store.replace_columns(
        "segment_members",
        {
            "author_id": np.concatenate([g.members for g in groups]) if groups else np.array([], dtype=np.int64),
            "kind": [g.kind for g in groups for _ in g.members],
            "segment": [g.segment for g in groups for _ in g.members],
            "fit": np.round(np.concatenate([g.fit for g in groups]), 4) if groups else np.array([]),
        },
    )
    store.replace_rows("segment_search", [_outcome(search)])


def named(people: People, segment: Segment) -> Group:
    """Who fits a segment of the study: told enough attributes of its definition, and none that contradicts it.

    The definition is what most of its people are expected to be: its assumptions that name an attribute and a least share.
    """
    fits = pd.Series(dtype="float64")
    definition: dict[str, list[pd.Series[float]]] = {}
    for assumption in segment.standing:
        if assumption.attribute is not None and assumption.at_least is not None:
            each = hypotheses.weighed(people, assumption).groupby("author")["weight"].max()
            definition.setdefault(assumption.attribute, []).append(each)
    answers = {name: pd.concat(each, axis=1).max(axis=1) for name, each in definition.items()}
    rule = json.dumps({"attributes": sorted(answers), "least_told": min(LEAST_TOLD, len(answers))})
    if not answers:
        none = np.array([], dtype=np.int64)
        return Group(NAMED, segment.segment, none, np.array([]), none, frozenset(), rule)
    table = pd.DataFrame(answers).sort_index()
    met, unmet = (table >= _FITS).sum(axis=1), (table <= _CONTRADICTS).sum(axis=1)
    placed = (met + unmet) >= min(LEAST_TOLD, len(answers))
    belongs = placed & (unmet == 0)
    fits = (met / len(answers))[belongs]
    authors = table.index.to_numpy(dtype=np.int64)
    return Group(
        NAMED, segment.segment, authors[belongs.to_numpy()], fits.to_numpy(dtype=float), authors[placed.to_numpy()],
        frozenset(answers), rule,
    )  # fmt: skip


def found(search: Search) -> Iterator[Group]:
    """The segments that a search found, the largest first."""
    rule = json.dumps({"attributes": list(search.attributes), "least_told": segment_search.LEAST_TOLD})
    for number in range(search.segments or 0):
        mine = search.labels == number
        yield Group(
            FOUND, f"found-{number + 1}", search.authors[mine], search.sureness[mine], search.authors,
            frozenset(search.attributes), rule,
        )  # fmt: skip


def traits(facts: Facts, group: Group) -> Iterator[Row]:
    """Rows of ``segment_traits``: what members tell, beside what everybody else tells. Small groups are left out."""
    minimum, people = facts.minimum, facts.people
    if len(group.members) < minimum:
        return
    for cells in (_told(facts, group.members), _hurt(people, group.members)):
        cells = cells[(cells["authors"] >= minimum - SLACK).to_numpy()]
        free = cells["attribute"].isin(FREE).to_numpy()
        most = (
            cells[free]
            .sort_values(["authors", "code"])
            .groupby("attribute", sort=False, observed=True)
            .tail(_MOST_FREE)
        )
        cells = pd.concat([cells[~free], most]).sort_values(
            ["attribute", "authors", "code"], ascending=[True, False, True]
        )
        low, high = wilson(cells["authors"], cells["n"])
        for place, cell in enumerate(cells.to_dict("records")):
            others = float(cell["authors_others"]), int(cell["n_others"])
            ratio = lift(float(cell["authors"]), int(cell["n"]), *others) if others[1] else None
            yield {
                "kind": group.kind, "segment": group.segment, "attribute": str(cell["attribute"]), "value": str(cell["code"]),
                "authors": round(float(cell["authors"]), 2), "n": int(cell["n"]), "share": float(cell["authors"] / cell["n"]),
                "low": float(low[place]), "high": float(high[place]), "authors_others": round(others[0], 2), "n_others": others[1],
                "lift": ratio.value if ratio else None, "lift_low": ratio.low if ratio else None,
                "lift_high": ratio.high if ratio else None, "defining": int(cell["attribute"] in group.defining),
            }  # fmt: skip


def _told(facts: Facts, members: Authors) -> pd.DataFrame:
    """Each value: how many members and others tell it (``authors``), of how many who tell the attribute (``n``)."""
    rows = facts.coded.people
    inside = among(facts.people, members)[rows["author"].to_numpy()]
    names = facts.coded.cells
    many, weight, cell = (
        int(rows["cell"].max()) + 1 if len(rows) else 0,
        rows["weight"].to_numpy(),
        rows["cell"].to_numpy(),
    )
    attributes, tellers = rows["attribute"].cat, facts.coded.tellers
    of = attributes.codes.to_numpy()
    known = [str(name) for name in attributes.categories]
    n, n_others = (
        dict(zip(known, np.bincount(of[side], minlength=len(known)).tolist(), strict=True))
        for side in (tellers[inside[tellers]], tellers[~inside[tellers]])
    )
    return pd.DataFrame(
        {
            "attribute": names["attribute"].astype(object),
            "code": names["code"].astype(object),
            "authors": np.bincount(cell[inside], weights=weight[inside], minlength=many)[names["cell"]],
            "authors_others": np.bincount(cell[~inside], weights=weight[~inside], minlength=many)[names["cell"]],
            "n": names["attribute"].astype(object).map(n).fillna(0).astype(int),
            "n_others": names["attribute"].astype(object).map(n_others).fillna(0).astype(int),
        }
    )


def _hurt(people: People, members: Authors) -> pd.DataFrame:
    """The same of each pain: of everybody, since silence about a pain is none."""
    rows = people.pains[["author", "category"]].drop_duplicates()
    inside = among(people, members)[rows["author"].to_numpy()]
    counts = [rows["category"][side].value_counts(sort=False) for side in (inside, ~inside)]
    table = pd.DataFrame({"authors": counts[0], "authors_others": counts[1]}).fillna(0)
    table = table.assign(attribute=PAIN, code=table.index.astype(object), n=len(members))
    return table.assign(n_others=len(people.authors) - len(members)).reset_index(drop=True)


def among(people: People, members: Authors) -> NDArray[np.bool_]:
    """Which author numbers are members'."""
    mask = np.zeros(int(people.authors.max(initial=0)) + 2, dtype=bool)
    mask[members] = True
    return mask


def _sizes(people: People, group: Group, told: Sequence[Row], minimum: int) -> Iterator[Row]:
    """Rows of ``segments``: how many belong, of those who tell enough to be placed, in the market and each brand's audience."""
    names = {lang: name(told, group, Speech(lang)) for lang in ("vi", "en")}
    member, placed = among(people, group.members), among(people, group.placed)
    for brand in (MARKET, *people.brands):
        audience = people.audience(brand)
        n, authors = int(placed[audience].sum()), int(member[audience].sum())
        estimate = share(authors, n) if n >= minimum and (authors == 0 or authors >= minimum) else None
        yield {
            "kind": group.kind, "segment": group.segment, "brand": brand, "name_vi": names["vi"], "name_en": names["en"],
            "authors": authors, "n": n, "audience": len(audience), "share": estimate.value if estimate else None,
            "low": estimate.low if estimate else None, "high": estimate.high if estimate else None, "rule": group.rule,
        }  # fmt: skip


def name(told: Sequence[Row], group: Group, say: Speech) -> str:
    """A segment's name: the study's, or the values that tell it apart best, one an attribute."""
    if group.kind == NAMED:
        return group.segment
    apart = [row for row in told if row["share"] >= _LEAST_IN_NAME and (row["lift_low"] or 0) > 1 and row["defining"]]
    best: dict[str, str] = {}
    for row in sorted(apart, key=lambda r: (-float(r["lift_low"]), str(r["attribute"]), str(r["value"]))):
        best.setdefault(str(row["attribute"]), label(say, str(row["attribute"]), str(row["value"])))
    words = " · ".join(list(best.values())[:_IN_NAME])
    number = group.segment.removeprefix("found-")
    return f"{words[:1].upper()}{words[1:]}" if words else f"{'Nhóm' if say.lang == 'vi' else 'Segment'} {number}"


def label(say: Speech, attribute: str, code: str) -> str:
    """A value's name that can stand alone: of a child's age or an amount it says whose or what for."""
    alone: Mapping[str, str] = entry("segments.alone", say.lang)
    return alone.get(attribute, "{value}").format(value=say.value(attribute, code))


def _outcome(search: Search) -> Row:
    return {
        "outcome": search.outcome, "authors": len(search.authors), "attributes": json.dumps(list(search.attributes)),
        "segments": search.segments, "stability": search.stability, "by_chance": search.by_chance,
        "rounds": segment_search.SHUFFLES, "tried": json.dumps([asdict(one) for one in search.tried]),
    }  # fmt: skip
