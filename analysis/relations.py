"""What people have to do with brands: owns, bought, left, considers, complains, praises, follows. Each is counted apart.

Which post shows which relation: ``docs/explanation/profiles.md``.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from analysis.columns import NEVER, Columns, Ints, among, take

RELATIONS = ("owns", "bought", "left", "considers", "complains", "praises", "follows")
_OF = {name: number for number, name in enumerate(RELATIONS)}
#: What a behaviour says of the brand that it is about.
BEHAVIOURS: dict[str, tuple[str, ...]] = {
    "heavy_user": ("owns",),
    "repeat_buyer": ("owns", "bought"),
    "first_time_buyer": ("bought",),
    "tried_before": ("bought",),
    "switching_to": ("owns", "bought"),
    "switching_from": ("left",),
    "comparing": ("considers",),
    "researching": ("considers",),
    "ready_to_buy": ("considers",),
    "recommends": ("praises",),
    "discourages": ("complains",),
    # What the words around the brand's name say (``mentions.relations``).
    "told_owns": ("owns",),
    "told_bought": ("bought",),
    "told_left": ("left",),
    "told_taken": ("owns", "bought"),
    "told_considers": ("considers",),
    "told_praises": ("praises",),
}
#: Kinds of pain that say what somebody has to do with the brand that they blame.
PAINS: dict[str, str] = {"complaint": "complains", "objection": "considers"}
#: Stars of five: from here up a review praises, down to here it complains.
PRAISE, COMPLAINT = 4.0, 2.0
#: Two brands are weighed against each other in these; in all other behaviours a post of several brands tells of none.
_OF_ALL = frozenset({"comparing"})


def rows(
    posts: Columns, behaviours: Columns, pains: Columns, speaks: Columns, pages: Iterable[int], kinds: list[str]
) -> Columns:
    """One row a post, brand and relation: author, post, at, brand, relation (numbers of brands and of :data:`RELATIONS`).

    ``behaviours``: author, post, at, brand (-1: of none) and value (a number of :data:`BEHAVIOURS`). ``pains``: the same with kind, a
    place in ``kinds``. ``speaks``: with ``how`` 0 text, 1 source, 2 thread. ``pages`` are the sources that are a brand's own page.
    """
    found = [
        _picked(behaviours, behaviours["value"] == number, relation)
        for number, relations in enumerate(BEHAVIOURS.values())
        for relation in relations
    ]
    for kind, relation in PAINS.items():
        if kind in kinds:
            found.append(_picked(pains, pains["kind"] == kinds.index(kind), relation))
    own_place = speaks["how"] == 1
    found.append(_picked(speaks, own_place & among(speaks["source"], list(pages)), "follows"))
    rating, verified = (posts[name][speaks["place"]] for name in ("rating", "verified"))
    reviews = own_place & (rating >= 0)
    found.append(_picked(speaks, reviews & (verified != 0), "bought"))
    found.append(_picked(speaks, reviews & (rating >= PRAISE), "praises"))
    found.append(_picked(speaks, reviews & (rating <= COMPLAINT), "complains"))
    whole = {
        name: np.concatenate([one[name] for one in found]) for name in ("author", "post", "at", "brand", "relation")
    }
    return take(whole, whole["brand"] >= 0)


def with_told(behaviours: Columns, told: Columns) -> Columns:
    """``behaviours`` and what the words around brands' names tell, in the same shape (post, brand, value).

    A change of brands gives the cues of both leaving and taking up; of a brand that the words tell to be left only the one
    counts, and of one taken up only the other.
    """
    values = list(BEHAVIOURS)
    doubtful = np.zeros(len(behaviours["post"]), dtype=bool)
    for said, not_meant in (("told_left", "switching_to"), ("told_taken", "switching_from")):
        of = told["value"] == values.index(said)
        pairs = _pairs(told["post"][of], told["brand"][of])
        doubtful |= (behaviours["value"] == values.index(not_meant)) & np.isin(
            _pairs(behaviours["post"], behaviours["brand"]), pairs
        )
    kept = take(behaviours, ~doubtful)
    return {name: np.concatenate([kept[name], told[name]]) for name in kept}


def _pairs(posts: Ints, brands: Ints) -> Ints:
    return posts * 10_000 + brands


def _picked(columns: Columns, which: NDArray[np.bool_], relation: str) -> Columns:
    found = take({name: columns[name] for name in ("author", "post", "at", "brand")}, which)
    return {**found, "relation": np.full(len(found["post"]), _OF[relation], dtype=np.int64)}


def merged(found: Columns) -> Columns:
    """One row an author, brand and relation: ``first`` and ``at`` of the newest post that shows it, and how many ``posts`` do."""
    order = np.lexsort((found["post"], found["at"], found["relation"], found["brand"], found["author"]))
    one = take(found, order)
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for name in ("author", "brand", "relation"):
        same &= one[name][1:] == one[name][:-1]
    new = np.append(True, ~same)[: len(order)]
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(order))[: len(starts)] - 1
    other = new.copy()
    other[1:] |= one["post"][1:] != one["post"][:-1]
    known = np.where(one["at"] == NEVER, -NEVER, one["at"])
    first: Ints = np.minimum.reduceat(known, starts) if len(starts) else known[:0]
    return {
        **{name: one[name][starts] for name in ("author", "brand", "relation")},
        "first": np.where(first == -NEVER, NEVER, first),
        "at": one["at"][ends],
        "posts": np.add.reduceat(other.astype(np.int64), starts) if len(starts) else one["at"][:0],
    }


def brand_of(named: list[int], quoted: list[int], value: str) -> list[int]:
    """The brands that a behaviour is about: of several in its post those in its own words, of one that one."""
    if len(named) <= 1 or value in _OF_ALL:
        return named
    return quoted if len(quoted) == 1 else []
