"""Segments that are in the data: who tells enough to be placed, how many kinds of people there are, and whether that is sure.

The number of segments is the most stable one under resampling, and none where chance alone does as well.
Rules and limits: ``docs/explanation/segments.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import latent
from analysis.columns import Ints, distinct
from analysis.latent import Blocks, Classes
from analysis.statistics import Floats

FOUND, NONE, TOO_FEW = "found", "none", "too_few"
#: What people are told apart by: who they are and how they live. What they can pay and what they look for stays out, so that need
#: and ability to pay are something to find out of a segment; goals and efforts are free words, height and weight nobody's segment.
ATTRIBUTES = (
    "age", "gender", "occupation", "education", "location", "marital_status", "children", "child_age", "interest", "value", "channel",
    "customer_type", "purchase_role",
)  # fmt: skip
#: Who tells fewer attributes cannot be placed; fewer people show no segments.
LEAST_TOLD, FEWEST = 3, 100
#: So many people at most are looked at to find the number, and to fit the segments.
_LOOKED_AT, _FITTED = 1_500, 8_000
_NUMBERS = range(2, 7)
#: Segments that are less alike from one resample to the next are not stable.
STABLE = 0.6
_RESAMPLES, SHUFFLES, _RESAMPLES_OF_EACH = 6, 19, 2
#: A segment is at least so many of the people looked at, and such a part of them.
_SMALLEST, _SMALLEST_PART = 20, 0.03
#: Who is less surely of one segment than this is of none.
SURE = 0.7
#: Values that fewer than this part of those who tell the attribute tell stand together; attributes fewer tell than this stay out.
_RARE_VALUE, _RARE_ATTRIBUTE = 0.02, 0.05
_SEED = 20
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Answers:
    """People × columns: what the ``authors`` tell, each attribute a block of columns that sums to 1 or, untold, to 0."""

    authors: NDArray[np.int64]
    x: Floats
    blocks: Blocks
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One number of segments that was tried. ``stability`` is ``None`` where the data do not fit it better than one segment."""

    segments: int
    better_fit: bool
    stability: float | None


@dataclass(frozen=True)
class Search:
    """What the search came to. ``labels`` are the segments of ``authors``, counted from 0 by size, -1 where nobody can tell."""

    outcome: str
    authors: NDArray[np.int64]
    attributes: tuple[str, ...] = ()
    labels: NDArray[np.int64] = field(default_factory=lambda: np.array([], dtype=np.int64))
    sureness: Floats = field(default_factory=lambda: np.array([]))
    segments: int | None = None
    stability: float | None = None
    by_chance: float | None = None
    tried: Sequence[Tried] = ()


def answers(told: pd.DataFrame) -> Answers:
    """What people tell (author, attribute, code, weight), of those who tell enough attributes to be placed."""
    attributes, codes = (told[name].astype("category").cat for name in ("attribute", "code"))
    known = [str(name) in ATTRIBUTES for name in attributes.categories]
    which = np.flatnonzero(np.array([*known, False])[attributes.codes.to_numpy()])
    author, weight = told["author"].to_numpy(dtype=np.int64)[which], told["weight"].to_numpy(dtype=float)[which]
    attribute, code = (of.codes.to_numpy().astype(np.int64)[which] for of in (attributes, codes))
    tellers = distinct(author * (len(known) + 1) + attribute) // (len(known) + 1)
    authors, many = np.unique(tellers, return_counts=True)
    authors = authors[many >= LEAST_TOLD]
    mine = np.isin(author, authors)
    attribute, code, weight = attribute[mine], code[mine], weight[mine]
    at = np.searchsorted(authors, author[mine])
    spelled = [str(one) for one in codes.categories]
    columns: list[Floats] = []
    blocks: list[tuple[int, int]] = []
    used: list[str] = []
    for name, number in sorted((str(name), number) for number, name in enumerate(attributes.categories)):
        of = np.flatnonzero(attribute == number)
        block = _block(at[of], code[of], weight[of], spelled, len(authors)) if len(of) else None
        if block is not None:
            blocks.append((sum(b.shape[1] for b in columns), sum(b.shape[1] for b in columns) + block.shape[1]))
            columns.append(block)
            used.append(name)
    x = np.hstack(columns) if columns else np.zeros((len(authors), 0))
    enough = np.zeros(len(authors), dtype=int)
    for start, end in blocks:
        enough += x[:, start:end].any(axis=1)
    kept = enough >= LEAST_TOLD
    return Answers(authors[kept], x[kept], tuple(blocks), tuple(used))


def _block(at: Ints, code: Ints, weight: Floats, codes: Sequence[str], authors: int) -> Floats | None:
    """An attribute's columns, of who tells it (places among so many ``authors``) by ``code`` (a place in ``codes``); rare values stand
    together in the last. ``None`` where too few tell it, or all the same."""
    tellers = len(distinct(at))
    counts = np.bincount(code, weights=weight, minlength=len(codes))
    told = np.bincount(code, minlength=len(codes)) > 0
    common = sorted(np.flatnonzero(told & (counts >= _RARE_VALUE * tellers)).tolist(), key=codes.__getitem__)
    if tellers < _RARE_ATTRIBUTE * authors or not common:
        return None
    place = np.full(len(codes), len(common), dtype=np.int64)
    place[common] = np.arange(len(common))
    many = len(common) + 1
    block = np.bincount(at * many + place[code], weights=weight, minlength=authors * many).reshape(authors, many)
    block = block[:, block.any(axis=0)]
    sums = block.sum(axis=1, keepdims=True)
    return None if block.shape[1] < 2 else np.divide(block, sums, out=np.zeros_like(block), where=sums > 0)


def search(found: Answers) -> Search:
    """Look for segments; deterministic for the same answers."""
    from threadpoolctl import threadpool_limits

    if len(found.authors) < FEWEST or len(found.blocks) < LEAST_TOLD:
        return Search(TOO_FEW, found.authors, found.attributes)
    with threadpool_limits(1):  # the matrices are small: threads would only wait for each other
        return _search(found)


def _search(found: Answers) -> Search:
    rng = np.random.default_rng(_SEED)
    x = found.x[_some(len(found.x), _LOOKED_AT, rng)]
    tried = list(_tries(x, found.blocks, rng))
    stable = [one for one in tried if one.stability is not None and one.stability >= STABLE]
    if not stable:
        return Search(NONE, found.authors, found.attributes, tried=tried)
    best = max(stable, key=lambda one: (one.stability or 0.0, -one.segments))
    chance = [
        latent.stability(latent.shuffled(x, found.blocks, rng), found.blocks, best.segments, rng, _RESAMPLES_OF_EACH)
        for _ in range(SHUFFLES)
    ]
    told = {"stability": best.stability, "by_chance": float(np.max(chance)), "tried": tried}
    if float(np.max(chance)) >= (best.stability or 0.0):
        return Search(NONE, found.authors, found.attributes, **told)  # type: ignore[arg-type]
    fitted = found.x[_some(len(found.x), _FITTED, rng)]
    classes = latent.fit(fitted, found.blocks, best.segments, rng)
    labels, sureness = _placed(found.x, classes)
    return Search(FOUND, found.authors, found.attributes, labels, sureness, best.segments, **told)  # type: ignore[arg-type]


def _tries(x: Floats, blocks: Blocks, rng: np.random.Generator) -> Iterable[Tried]:
    """Each number of segments: whether the data fit it better than one segment, and then how stable it is."""
    alone = latent.bic(latent.fit(x, blocks, 1, rng), blocks, len(x))
    smallest = max(_SMALLEST, _SMALLEST_PART * len(x))
    for k in _NUMBERS:
        classes = latent.fit(x, blocks, k, rng)
        better = latent.bic(classes, blocks, len(x)) < alone
        large = np.bincount(classes.posterior(x).argmax(axis=1), minlength=k).min() >= smallest
        stability = latent.stability(x, blocks, k, rng, _RESAMPLES) if better and large else None
        yield Tried(k, better, stability)


def _some(n: int, most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return np.sort(rng.permutation(n)[:most])


def _placed(x: Floats, classes: Classes) -> tuple[NDArray[np.int64], Floats]:
    """Everybody's segment, the largest first, -1 where none is sure; and how sure each is."""
    parts = [classes.posterior(x[start : start + _AT_ONCE]) for start in range(0, len(x), _AT_ONCE)]
    posterior = np.vstack(parts)
    labels, sureness = posterior.argmax(axis=1), posterior.max(axis=1)
    labels[sureness < SURE] = -1
    sizes = np.bincount(labels[labels >= 0], minlength=posterior.shape[1])
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return np.where(labels >= 0, rank[labels], -1), sureness
