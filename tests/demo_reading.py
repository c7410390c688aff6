"""The demonstration's posts as they were planted beside the same posts as they were read: which cues and pains were found.

A planted cue is found when its author is read to tell the same of themselves in the same post; a planted pain when the
post is read to complain of its category, or of another that its planter holds fair.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from analysis.values import grouped
from data.store import Store

Row = Mapping[str, Any]
#: A post of the little world and the same post in the store.
Pair = tuple[dict[str, Any], "ReadPost"]
#: Cues of the report count from this confidence on; so do they here.
LEAST_CONFIDENCE = 0.5
_POSTS = """
select p.id, p.post_id, p.posted_at, p.text, p.author_id, p.duplicate_of from posts p order by p.id
"""


@dataclass(slots=True)
class ReadPost:
    """A post of the store, with what counts of its cues and its pains."""

    id: int
    text: str
    counted: bool
    cues: list[Row] = field(default_factory=list)
    pains: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """What was planted of one thing, what was found of it, and what was found that nobody planted."""

    planted: int = 0
    found: int = 0
    extra: int = 0
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.extra) if self.found + self.extra else 1.0


def pair(truth: Mapping[str, Any], store: Store) -> Iterator[Pair]:
    """Every planted post with the post read; forum posts by number, comments by time and words."""
    posts = _read(store)
    for planted in truth["posts"]:
        number = planted["id"] if planted["site"] == "forum" else _when_and_what(planted["at"], planted["text"])
        if number in posts:
            yield planted, posts[number]


def _read(store: Store) -> dict[str, ReadPost]:
    """The store's posts: forum posts under their number, all under their time and first words."""
    cues, pains = _by_post(store, "cues"), _by_post(store, "pains")
    found: dict[str, ReadPost] = {}
    for row in store.query(_POSTS):
        counted = row["duplicate_of"] is None and row["author_id"] is not None
        post = ReadPost(row["id"], row["text"], counted, cues.get(row["id"], []), pains.get(row["id"], []))
        found[row["post_id"].rpartition("/")[2]] = post
        found[_when_and_what(row["posted_at"], row["text"])] = post
    return found


def _by_post(store: Store, table: str) -> dict[int, list[Row]]:
    rows: dict[int, list[Row]] = {}
    sql = f"select x.*, b.name as brand from {table} x left join brands b using (brand_id)"
    if table == "cues":
        sql = "select * from cues x"
    for row in store.query(f"{sql} where x.confidence >= {LEAST_CONFIDENCE}"):
        rows.setdefault(row["post"], []).append(row)
    return rows


def _when_and_what(at: str, text: str) -> str:
    when = datetime.fromisoformat(at).timestamp()
    return f"{int(when)} {unicodedata.normalize('NFC', text).strip()[:30]}"


def cue_tallies(pairs: Iterable[Pair]) -> dict[str, Tally]:
    """Per ``attribute``, and per ``attribute=value`` of its groups: the authors' own cues, one a post and group."""
    tallies: dict[str, Tally] = {}
    for planted, post in pairs:
        if not post.counted or planted["kind"] in ("advert", "seeding"):
            continue
        told = {(c["attribute"], code): c["quote"] for c in planted["cues"] if _own(c) for code in _codes(c)}
        read = {(c["attribute"], code): c["quote"] for c in post.cues if _own(c) for code in _codes(c)}
        for key in told.keys() | read.keys():
            for name in (key[0], f"{key[0]}={key[1]}"):
                tally = tallies.setdefault(name, Tally())
                _count(tally, told.get(key), read.get(key), planted["text"], f"{key[0]}={key[1]}")
    return tallies


def pain_tallies(pairs: Iterable[Pair]) -> dict[str, Tally]:
    """Per ``category``: one a post; a planted pain read as another fair category counts as found where it was planted."""
    tallies: dict[str, Tally] = {}
    for planted, post in pairs:
        if not post.counted or planted["kind"] in ("advert", "seeding"):
            continue
        read = {p["category"]: p["quote"] for p in post.pains}
        told = {category: read[category] for category in planted["fair"] if category in read}
        told |= {fair_category(p, read): p["quote"] for p in planted["pains"]}
        for category in told.keys() | read.keys():
            tally = tallies.setdefault(category, Tally())
            _count(tally, told.get(category), read.get(category), planted["text"], category)
    return tallies


def fair_category(pain: Row, read: Iterable[str]) -> str:
    """The category of a planted pain: its own, or the fair one that was read instead."""
    found = set(read)
    if pain["category"] in found:
        return str(pain["category"])
    return next((c for c in pain["accept"] if c in found), str(pain["category"]))


def _count(tally: Tally, told: str | None, read: str | None, text: str, code: str) -> None:
    tally.planted += told is not None
    tally.found += told is not None and read is not None
    tally.extra += told is None
    if read is None:
        tally.missed.append(f"{code}: {told}")
    elif told is None:
        tally.invented.append(f"{code}: «{read}» in: {text}")


def _own(cue: Row) -> bool:
    return bool(cue["who"] == "self" or (cue["who"] == "child" and cue["attribute"] == "child_age"))


def _codes(cue: Row) -> Sequence[str]:
    """The report's groups of a cue's value; of ages told as a range the likeliest. Free words count as told at all."""
    if cue["attribute"] in ("effort", "goal", "interest"):
        return ["told"]
    codes = grouped(cue["attribute"], str(cue["value"]), cue["group"])
    if cue["attribute"] in ("age", "child_age"):
        return [max(codes, key=lambda c: c[1])[0]] if codes else []
    return [code for code, _ in codes]
