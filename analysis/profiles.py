"""One profile a person: the cues of an author over all posts and years, merged, with what speaks against them.

Rules, formula and limits: ``docs/explanation/profiles.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.aging import move
from analysis.columns import NEVER, Columns, Ints, Words, among, distinct, pairs, size, take
from analysis.values import NEWEST_POST, SINGLE, grouped, span
from data.codebook import ATTRIBUTES, COUNTED

#: A profile's value that is less sure than this counts nowhere.
LEAST_CONFIDENCE = COUNTED
#: People do not change in these: what most of their posts tell counts, not what the newest does.
LASTING = frozenset({"gender", "height_cm"})
#: Another wish, another sum: an earlier one is never against the newest.
NEVER_AGAINST = frozenset({"budget"})
#: People change in the other attributes; but who tells otherwise within so many seconds (90 days) contradicts themself.
SETTLED = 90 * 86_400
#: Ages that lie so many years apart may be one person's.
_SAME_AGE = 1
#: Numbers of attributes, so that a person's attribute is one number.
ORDER = {attribute: number for number, attribute in enumerate(ATTRIBUTES)}
_MANY = 32
PROFILE = ("author", "key", "told", "post", "first", "at", "posts", "confidence", "against")


def merge(cues: Columns, keys: Words, now: np.datetime64) -> Columns:
    """Profiles out of cues (author, post, key, at, confidence), and the column ``now`` of ``cues``: the key as it is now.

    ``keys`` are (attribute, value, group). A profile has one row an author and value: ``key`` as it is now and ``told`` as the
    newest post tells it; the newest ``post``; ``first`` and ``at`` of the first and newest telling; ``posts`` that tell it;
    ``confidence``; and ``against``, how many posts tell otherwise.
    """
    cues["now"] = move(cues["key"], cues["at"], keys, now)
    attribute = np.array([ORDER.get(word[0], _MANY - 1) for word in keys.words], dtype=np.int64)
    rows = take(cues, _known_children(cues, keys))
    values = _values(rows)
    person = values["author"] * _MANY + attribute[values["key"]]
    best = _best(values, person, attribute)
    return take(_weighed(values, person, best, attribute, keys), best)


def counted(profiles: Columns) -> Columns:
    """The profiles that are sure enough to count."""
    return take(profiles, profiles["confidence"] >= LEAST_CONFIDENCE)


def _known_children(cues: Columns, keys: Words) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """All but "has children" of people who tell elsewhere how many."""
    words = keys.words
    told = among(cues["now"], [n for n, word in enumerate(words) if word[0] == "children" and word[1] != "yes"])
    vague = among(cues["now"], [n for n, word in enumerate(words) if word[0] == "children" and word[1] == "yes"])
    return ~(vague & among(cues["author"], distinct(cues["author"][told])))


def _values(rows: Columns) -> Columns:
    """One row an author and value: the posts that tell it, the first and the newest time, the surest reading."""
    order = np.lexsort((rows["confidence"], rows["post"], rows["at"], rows["now"], rows["author"]))
    author, key, post, at = (rows[name][order] for name in ("author", "now", "post", "at"))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (author[1:] != author[:-1]) | (key[1:] != key[:-1])
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(order))[: len(starts)] - 1
    other_post = new.copy()
    other_post[1:] |= post[1:] != post[:-1]
    confidence = rows["confidence"][order]
    return {
        "author": author[starts],
        "key": key[starts],
        "told": rows["key"][order][ends],
        "post": post[ends],
        "first": _known_first(at, starts, ends),
        "at": at[ends],
        "posts": _sums(other_post.astype(np.int64), starts),
        "confidence": np.maximum.reduceat(confidence, starts) if len(starts) else confidence[:0],
        "newest_confidence": confidence[ends],
        "last": order[ends],
    }


def _sums(values: Ints, starts: Ints) -> Ints:
    return np.add.reduceat(values, starts) if len(starts) else values[:0]


def _known_first(at: Ints, starts: Ints, ends: Ints) -> Ints:
    """The earliest known time of each run of sorted times; unknown ones stand first."""
    whole = np.where(at == NEVER, -NEVER, at)
    first = np.minimum.reduceat(whole, starts) if len(starts) else at[:0]
    return np.where(first == -NEVER, at[ends], first)


def _best(values: Columns, person: Ints, attribute: Ints) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows are in the profile: of single attributes one row a person, of children what the newest post tells, else all."""
    of = attribute[values["key"]]
    single, newest = among(of, [ORDER[a] for a in SINGLE]), among(of, [ORDER[a] for a in NEWEST_POST])
    weight = np.where(among(of, [ORDER[a] for a in LASTING]), values["posts"], 0)
    order = np.lexsort((values["last"], values["newest_confidence"], values["at"], weight, person))
    last = np.zeros(len(person), dtype=bool)
    last[order[_ends(person[order])]] = True
    newest_post = np.zeros(len(person), dtype=np.int64)
    ordered = person[order]
    newest_post[order] = values["post"][order][_ends(ordered)][np.cumsum(_starts(ordered)) - 1]
    return np.asarray(np.where(single, last, np.where(newest, values["post"] == newest_post, True)), dtype=bool)


def _starts(ordered: Ints) -> np.ndarray[Any, np.dtype[np.bool_]]:
    new = np.ones(len(ordered), dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    return new


def _ends(ordered: Ints) -> Ints:
    starts = np.flatnonzero(_starts(ordered))
    return np.append(starts[1:], len(ordered))[: len(starts)] - 1


def _weighed(values: Columns, person: Ints, best: np.ndarray[Any, Any], attribute: Ints, keys: Words) -> Columns:
    """``values`` with what the other values of a single attribute say of the best one: for it or ``against`` it.

    Confidence: of the reading, times (for + 1) / (for + against + 1), in posts.
    """
    posts, against = values["posts"].copy(), np.zeros(size(values), dtype=np.int64)
    first = np.where(values["first"] == NEVER, -NEVER, values["first"])
    single = among(attribute[values["key"]], [ORDER[a] for a in SINGLE])
    winners = np.flatnonzero(best & single)
    others = np.flatnonzero(~best & single)
    winners = winners[np.argsort(person[winners], kind="stable")]
    mine = winners[np.searchsorted(person[winners], person[others])] if len(others) else others
    elsewhere = values["post"][mine] != values["post"][others]
    near = values["at"][mine] - values["at"][others] <= SETTLED
    unknown = (values["at"][mine] == NEVER) | (values["at"][others] == NEVER)
    agrees, always = _agreement(values["key"][mine], values["key"][others], keys)
    np.add.at(posts, mine[agrees], values["posts"][others[agrees]])
    np.minimum.at(first, mine[agrees], first[others[agrees]])
    first[first == -NEVER] = NEVER
    contrary = (
        ~agrees
        & elsewhere
        & (always | near | unknown)
        & ~among(attribute[values["key"][others]], [ORDER[a] for a in NEVER_AGAINST])
    )
    np.add.at(against, mine[contrary], values["posts"][others[contrary]])
    confidence = values["confidence"] * (posts + 1) / (posts + against + 1)
    weighed = {**values, "posts": posts, "first": first, "confidence": confidence, "against": against}
    return {name: weighed[name] for name in PROFILE}


def _agreement(one: Ints, other: Ints, keys: Words) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Whether two values of a single attribute may be one person's at one time, and whether they may not at any time."""
    words = keys.words
    left, right, place = pairs(one, other)
    found = [_agree(words[a], words[b]) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
    picked = np.array(found, dtype=bool).reshape(-1, 2)[place]
    return picked[:, 0], picked[:, 1]


def _agree(one: tuple[str, str, str | None], other: tuple[str, str, str | None]) -> tuple[bool, bool]:
    attribute = one[0]
    if attribute == "age":
        ages, others = span(one[1]), span(other[1])
        apart = max(ages[0], others[0]) - min(ages[1], others[1]) if ages and others else 0.0
        return apart <= _SAME_AGE, True
    codes: Callable[[tuple[str, str, str | None]], set[str]] = lambda word: {c for c, _ in grouped(*word)} or {word[1]}  # noqa: E731
    return bool(codes(one) & codes(other)), attribute in LASTING
