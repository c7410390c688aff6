"""Who goes from which brand to which, and what they tell in the same posts.

A change is told by the cues ``switching_from`` and ``switching_to``; which brands are meant is read from where they stand: after "sang",
"qua", "to" stands the new one, after "bỏ", "chuyển từ", "from" the old one, and before "đổi sang" the old one too.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.audience import QUOTES
from analysis.facts import Facts
from analysis.frames import LEAST_CONFIDENCE, People
from analysis.sampled import spellings
from data.folding import fold
from data.study import Study

FROM, TO = "switching_from", "switching_to"
_AFTER, _BEFORE = 40, 120
#: No sign of a sentence's end may stand between a change and the brand that it leads to.
_ENDS = re.compile(r"[.!?\n]")
_CUES = """
select c.post, c.value, c.start, c."end" as stop, p.text from cues c join posts p on p.id = c.post
where c.attribute = 'behaviour' and c.value in ('switching_from', 'switching_to') and c.who = 'self' and c.confidence >= ?
order by c.post, c.start
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One change that a post tells; an empty brand is one that it does not name."""

    post: int
    left: str
    taken: str


def find(facts: Facts) -> None:
    """Write ``switching``."""
    found = changes(facts.store.query(_CUES, (LEAST_CONFIDENCE,)), facts.study)
    facts.store.replace_rows("switching", rows(facts.people, list(found)))


def changes(cues: Iterator[dict[str, Any]], study: Study) -> Iterator[Change]:
    """The changes between brands told in posts; those that name no brand of the study are left out."""
    named = _Names(study)
    posts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for cue in cues:
        posts[cue["post"]].append(cue)
    for post, told in posts.items():
        for left, taken in sorted(_of_post(told, named)):
            yield Change(post, left, taken)


def _of_post(told: Sequence[Mapping[str, Any]], named: _Names) -> set[tuple[str, str]]:
    text = str(told[0]["text"])
    places = named(text)
    spans: dict[tuple[int, int], set[str]] = defaultdict(set)
    for cue in told:
        spans[cue["start"], cue["stop"]].add(cue["value"])
    left, taken = set[str](), set[str]()
    for (start, stop), values in spans.items():
        ahead = _ahead(places, text, start, stop)
        if values == {FROM, TO} or values == {TO}:
            taken |= {ahead} - {""}
            if ahead and values == {FROM, TO}:
                left |= {_behind(places, start, ahead)} - {""}
        else:
            left |= {ahead} - {""}
    left -= taken
    if len(left) > 1 or len(taken) > 1:
        return set()  # which goes with which cannot be told
    return {(next(iter(left), ""), next(iter(taken), ""))} if left or taken else set()


def _ahead(places: Sequence[tuple[int, int, str]], text: str, start: int, stop: int) -> str:
    """The first brand within the words of a change or right behind them."""
    for first, _, brand in places:
        if first >= start and first <= stop + _AFTER and not _ENDS.search(text[stop:first]):
            return brand
    return ""


def _behind(places: Sequence[tuple[int, int, str]], start: int, other: str) -> str:
    """The last brand before a change, other than the one it leads to."""
    before = [brand for _, last, brand in places if last <= start and start - last <= _BEFORE and brand != other]
    return before[-1] if before else ""


class _Names:
    """Finds the study's brands in a text: start, end, brand, in order."""

    def __init__(self, study: Study) -> None:
        forms = {form: brand.name for brand in study.brands for name in brand.names for form in spellings(name)}
        self._brands = {fold(form): brand for form, brand in forms.items()}
        ordered = sorted(self._brands, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)")

    def __call__(self, text: str) -> list[tuple[int, int, str]]:
        plain = fold(text)
        if len(plain) != len(text):  # a letter of two characters: places would be wrong
            plain = text.lower() if len(text.lower()) == len(text) else text
        return [(m.start(), m.end(), self._brands[fold(m.group())]) for m in self._pattern.finditer(plain)]


def rows(people: People, found: Sequence[Change]) -> Iterator[dict[str, Any]]:
    """Rows of ``switching``: distinct authors of each pair of brands, and the pains and values told in the same posts."""
    table = pd.DataFrame([(c.post, c.left, c.taken) for c in found], columns=["post", "left", "taken"])
    table = (
        table.astype({"post": "int64"})
        .merge(people.posts, on="post")
        .sort_values(["posted_at", "post"], na_position="first")
    )
    values = people.cues[people.cues["attribute"] == "value"]
    for (left, taken), told in table.groupby(["left", "taken"]):
        posts = told["post"].to_numpy()
        pains = people.pains[np.isin(people.pains["post"].to_numpy(), posts)]
        pains = pains[pains["brand"].isna() | (pains["brand"] == left)]
        wanted = values[np.isin(values["post"].to_numpy(), posts)]
        reasons = [*_why("pain", pains, "category"), *_why("value", wanted, "value")]
        dates = told["posted_at"].dropna()
        yield {
            "from_brand": left,
            "to_brand": taken,
            "authors": int(told["author"].nunique()),
            "posts": int(told["post"].nunique()),
            "first_seen": dates.min() if len(dates) else None,
            "last_seen": dates.max() if len(dates) else None,
            "reasons": json.dumps(sorted(reasons, key=lambda r: (-r["authors"], r["code"])), ensure_ascii=False),
            "evidence": json.dumps([int(p) for p in told.drop_duplicates("author", keep="last")["post"].tail(QUOTES)]),
        }


def _why(kind: str, told: pd.DataFrame, column: str) -> Iterator[dict[str, Any]]:
    for code, rows_ in told.groupby(column):
        yield {"kind": kind, "code": str(code), "authors": int(rows_["author"].nunique())}
