"""Who is no customer: shops, staff and seeding accounts, told by what they write. Rules: ``docs/explanation/profiles.md``.

An account is judged by its own posts alone, copies among them, and only where at least half of them show the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.columns import Columns, Ints, pairs, size
from analysis.relations import RELATIONS

STAFF, SHOP, SEEDING, PRAISE = "staff", "shop", "seeding", "praise"
REASONS = (STAFF, SHOP, SEEDING, PRAISE)
#: Marks of posts (``data/store/screening.py``) as bits.
MARKS = {"contact": 1, "link": 2, "template": 4, "burst": 8, "selling": 16, "prices": 32, "staff": 64, "offer": 128}
#: So many posts that show it, and so large a part of all that the account wrote.
_LEAST = {STAFF: 2, SHOP: 3, SEEDING: 3}
_PART = 0.5
#: An account of no more posts is a shop's where each of them shows two signs of selling, and seeding where each of them sells in
#: words that other accounts write too.
_FEW = 2
#: One brand praised in so many threads, no other brand, and no word against it.
THREADS = 5
_SELLS = MARKS["contact"] | MARKS["link"] | MARKS["selling"] | MARKS["prices"] | MARKS["offer"]


def find(posts: Columns, relations: Columns) -> Columns:
    """Who is set aside: author, why (a place in :data:`REASONS`), posts, shown; one row an author.

    ``posts`` (author, thread, copy, marks, rating) are all posts with a known author, copies too; ``relations`` as
    :func:`analysis.relations.rows` gives them.
    """
    authors, place = np.unique(posts["author"], return_inverse=True)
    n = np.bincount(place, minlength=len(authors))
    marks = posts["marks"]
    # Stars come with ready-made praise: copied words of a review prove nothing.
    copied = (posts["copy"] | (marks & MARKS["template"] > 0)) & (posts["rating"] < 0)
    selling = _bits(marks & _SELLS)
    shown = {
        STAFF: _count(place, marks & MARKS["staff"] > 0, len(authors)),
        SHOP: _count(place, selling > 0, len(authors)),
        SEEDING: _count(place, copied, len(authors)),
        PRAISE: _praising(posts, relations, authors),
    }
    judged = {why: (shown[why] >= least) & (shown[why] >= n * _PART) for why, least in _LEAST.items()}
    # Whoever wrote it first of all who spread it: the earliest of many copies is no copy, but a template all the same.
    judged[SEEDING] |= (n <= _FEW) & (_count(place, copied & (selling > 0), len(authors)) == n)
    judged[SHOP] |= (n <= _FEW) & (_count(place, selling >= 2, len(authors)) == n)
    judged[PRAISE] = (shown[PRAISE] >= THREADS) & (shown[PRAISE] >= n * _PART)
    found = np.full(len(authors), -1, dtype=np.int64)
    for number, why in reversed(list(enumerate(REASONS))):
        found[judged[why]] = number
    aside = np.flatnonzero(found >= 0)
    of = np.array([shown[why] for why in REASONS], dtype=np.int64).reshape(len(REASONS), -1)
    return {"author": authors[aside], "why": found[aside], "posts": n[aside], "shown": of[found[aside], aside]}


def _bits(marks: Ints) -> Ints:
    return sum(((marks & bit) > 0).astype(np.int64) for bit in MARKS.values() if bit & _SELLS)  # type: ignore[return-value]


def _count(place: Ints, which: NDArray[np.bool_], size: int) -> Ints:
    return np.bincount(place[which], minlength=size)


def _praising(posts: Columns, relations: Columns, authors: Ints) -> Ints:
    """In how many threads each author praises, 0 where more than one brand is spoken of or anything is complained of.

    Buyers praise what they review, thread by thread; only praise outside reviews counts.
    """
    if not size(relations):
        return np.zeros(len(authors), dtype=np.int64)
    at = np.searchsorted(posts["post"], relations["post"])
    who = np.searchsorted(authors, relations["author"])
    praises = (relations["relation"] == RELATIONS.index("praises")) & (posts["rating"][at] < 0)
    complains = relations["relation"] == RELATIONS.index("complains")
    threads = np.bincount(pairs(who[praises], posts["thread"][at][praises])[0], minlength=len(authors))
    several = np.bincount(pairs(who, relations["brand"])[0], minlength=len(authors)) > 1
    threads[several | (_count(who, complains, len(authors)) > 0)] = 0
    return threads
