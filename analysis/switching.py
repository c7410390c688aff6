"""Who goes from which brand to which, and what they tell in the same posts.

A change is told by the cues ``switching_from`` and ``switching_to``; which brands are meant is read from the words before their names in
the same sentence (:mod:`analysis.brand_roles`). Where only the new one is named there, the brand named shortly before is the old one.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis import brand_roles
from analysis.audience import QUOTES, seen
from analysis.brand_roles import LEFT, TAKEN, Place
from analysis.facts import Facts
from analysis.frames import LEAST_CONFIDENCE, People
from analysis.sampled import spellings
from analysis.whole_words import any_of
from data.folding import fold
from data.study import Study

FROM, TO = "switching_from", "switching_to"
#: So many signs before a change the brand that it leads away from may be named.
_BEFORE = 120
#: What the changes that were read are kept as for the next analysis.
KEPT = "switching"
_CHANGED = "p.post in (select x.post from changed_posts x where x.change <= :change)"
_ENDS = re.compile(r"[.!?\n]")
_CUES = """
select p.post, p.value, p.start, p."end" as stop, t.text from cues p join posts t on t.id = p.post
where p.attribute = 'behaviour' and p.value in ('switching_from', 'switching_to') and p.who = 'self' and p.confidence >= :least
    and {of}
order by p.post, p.start
"""

_TOLD = """
select p.post, b.name as brand, p.relations from mentions p join brands b using (brand_id)
where (p.relations like '%left%' or p.relations like '%taken%') and {of}
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One change that a post tells; an empty brand is one that it does not name."""

    post: int
    left: str
    taken: str


def find(facts: Facts) -> None:
    """Write ``switching``."""
    gathered = facts.people.gathered
    kept = gathered.beside.get(KEPT) if gathered is not None and gathered.changed is not None else None
    found = _unchanged(facts, kept) + _read(facts, _CHANGED) if kept else _read(facts, "1")
    found.sort(key=lambda change: change.post)
    if gathered is not None:
        gathered.beside[KEPT] = json.dumps([(change.post, change.left, change.taken) for change in found]).encode()
    facts.store.replace_rows("switching", rows(facts.people, found))


def _read(facts: Facts, of: str) -> list[Change]:
    """The changes that the posts of which ``of`` holds tell."""
    values = {"least": LEAST_CONFIDENCE, "change": facts.people.gathered.change if facts.people.gathered else 0}
    cues, told = (facts.store.query(sql.replace("{of}", of), values) for sql in (_CUES, _TOLD))
    return list(changes(cues, facts.study, told))


def _unchanged(facts: Facts, kept: bytes) -> list[Change]:
    """What the last analysis read, of posts that have not changed since."""
    assert facts.people.gathered is not None
    before = {"change": facts.people.gathered.change}
    changed = {post for (post,) in facts.store.tuples("select post from changed_posts where change <= :change", before)}
    return [Change(*one) for one in json.loads(kept) if one[0] not in changed]


def changes(
    cues: Iterable[Mapping[str, Any]], study: Study, told: Iterable[Mapping[str, Any]] = ()
) -> Iterator[Change]:
    """The changes between brands told in posts; those that name no brand of the study are left out.

    ``told``: (post, brand, relations) of posts whose words around a brand's name say that it was left or taken up.
    """
    named = _Names(study)
    posts: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    said: dict[int, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for cue in cues:
        posts[cue["post"]].append(cue)
    for post, of_post in posts.items():
        said[post] = _of_post(of_post, named)
    for row in told:
        for place, relation in enumerate((LEFT, TAKEN)):
            if relation in row["relations"].split():
                said[row["post"]][place].add(row["brand"])
    for post, (left, taken) in said.items():
        gone = left - taken
        # Of several which goes with which cannot be told.
        if (gone or taken) and len(gone) < 2 and len(taken) < 2:
            yield Change(post, next(iter(gone), ""), next(iter(taken), ""))


def _of_post(told: Sequence[Mapping[str, Any]], named: _Names) -> tuple[set[str], set[str]]:
    text = str(told[0]["text"])
    places = named(text)
    sentences: dict[tuple[int, int], list[Mapping[str, Any]]] = defaultdict(list)
    for cue in told:
        sentences[_sentence(text, cue["start"], cue["stop"])].append(cue)
    left, taken = set[str](), set[str]()
    for (start, stop), cues in sentences.items():
        gone, come = _of_sentence(text, start, stop, cues, places)
        left |= gone
        taken |= come
    return left, taken


def _of_sentence(
    text: str, start: int, stop: int, cues: Sequence[Mapping[str, Any]], places: Sequence[Place]
) -> tuple[set[str], set[str]]:
    """The brands left and taken in the sentence from ``start`` to ``stop``, in which the ``cues`` tell of a change."""
    within = [(first - start, last - start, brand) for first, last, brand in places if start <= first < stop]
    gone, come, plain = brand_roles.split(text[start:stop], within)
    told, begin = {cue["value"] for cue in cues}, min(cue["start"] for cue in cues) - start
    ahead = [brand for first, _, brand in within if first >= begin and brand in plain]
    if not come and TO in told:
        come = ahead[:1]
    behind = [brand for brand in plain if brand not in come and brand not in ahead]
    if not gone and FROM in told and (come or told == {FROM}):
        # "MiniCare thì em bỏ luôn", and in a sentence before: "Nhà em dùng MiniCare. Giờ đổi sang An Nhiên."
        gone = behind[-1:] or (_before(places, start, come) if come else ahead[:1])
    return set(gone), set(come)


def _before(places: Sequence[Place], start: int, taken: Sequence[str]) -> list[str]:
    """The last brand named shortly before a change that is not the one it leads to."""
    found = [brand for _, last, brand in places if last <= start and start - last <= _BEFORE and brand not in taken]
    return found[-1:]


def _sentence(text: str, start: int, stop: int) -> tuple[int, int]:
    """The sentence in which a passage stands."""
    begin = max((m.end() for m in _ENDS.finditer(text, 0, start)), default=0)
    end = _ENDS.search(text, stop)
    return begin, end.start() if end else len(text)


class _Names:
    """Finds the study's brands in a text: start, end, brand, in order."""

    def __init__(self, study: Study) -> None:
        forms = {form: brand.name for brand in study.brands for name in brand.names for form in spellings(name)}
        self._brands = {fold(form): brand for form, brand in forms.items()}
        self._pattern = any_of(self._brands)

    def __call__(self, text: str) -> list[Place]:
        plain = fold(text)
        if len(plain) != len(text):  # a letter of two characters: places would be wrong
            plain = text.lower() if len(text.lower()) == len(text) else text
        return [(m.start(), m.end(), self._brands[fold(m.group())]) for m in self._pattern.finditer(plain)]


def rows(people: People, found: Sequence[Change]) -> Iterator[dict[str, Any]]:
    """Rows of ``switching``: distinct authors of each pair of brands, and the pains and values told in the same posts."""
    table = pd.DataFrame([(c.post, c.left, c.taken) for c in found], columns=["post", "left", "taken"])
    table = table.astype({"post": "int64"}).merge(people.posts, on="post").sort_values(["at", "post"])
    values = people.cues[people.cues["attribute"] == "value"]
    for (left, taken), told in table.groupby(["left", "taken"]):
        posts = told["post"].to_numpy()
        pains = people.pains[np.isin(people.pains["post"].to_numpy(), posts)]
        pains = pains[pains["brand"].isna() | (pains["brand"] == left)]
        wanted = values[np.isin(values["post"].to_numpy(), posts)]
        reasons = [*_why("pain", pains, "category"), *_why("value", wanted, "value")]
        dates = seen(told)
        yield {
            "from_brand": left,
            "to_brand": taken,
            "authors": int(told["author"].nunique()),
            "posts": int(told["post"].nunique()),
            "first_seen": dates["first_seen"],
            "last_seen": dates["last_seen"],
            "reasons": json.dumps(sorted(reasons, key=lambda r: (-r["authors"], r["code"])), ensure_ascii=False),
            "evidence": json.dumps([int(p) for p in told.drop_duplicates("author", keep="last")["post"].tail(QUOTES)]),
        }


def _why(kind: str, told: pd.DataFrame, column: str) -> Iterator[dict[str, Any]]:
    for code, rows_ in told.groupby(column):
        yield {"kind": kind, "code": str(code), "authors": int(rows_["author"].nunique())}
