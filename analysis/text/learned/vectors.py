"""Word vectors: what stands in a clause for words that no coded post held."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
#: How much the vectors of a clause and of its neighbours weigh.
OWN, NEAR = 0.7, 0.35
_NO_WORDS = np.zeros((0, 0), dtype=np.float32)


@dataclass(slots=True)
class Vectors:
    """Words and their vectors, shape (words, dimensions)."""

    index: dict[str, int] = field(default_factory=dict)
    matrix: Floats = field(default_factory=lambda: _NO_WORDS)
    #: Two syllables that are one word.
    two: dict[tuple[str, str], int] = field(init=False)

    def __post_init__(self) -> None:
        self.two = {(pair[0], pair[1]): row for word, row in self.index.items() if len(pair := word.split(" ")) == 2}

    def __bool__(self) -> bool:
        return bool(self.index)

    def pooled(self, rows: NDArray[Any], owner: NDArray[Any], changes: NDArray[np.bool_], count: int) -> Floats:
        """Shape (clauses, 5 × dimensions): mean, greatest and least of each clause's words, and its neighbours' means.

        ``rows`` are the words' rows, below 0 for none, and ``owner`` their clauses, rising; ``changes`` tells where one
        clause and the next are of two documents.
        """
        known = rows >= 0
        rows, owner = rows[known], owner[known]
        lengths = np.bincount(owner, minlength=count)
        order = np.argsort(-lengths, kind="stable")
        firsts = (np.cumsum(lengths) - lengths)[order]
        # With the longest clauses first, the words at each place of all clauses are one block: whole rows are compared at once.
        held = np.searchsorted(-lengths[order], -np.arange(lengths.max(initial=0)), side="left")
        size = self.matrix.shape[1]
        out = np.zeros((count, 5 * size), dtype=np.float32)
        pools = [np.zeros((count, size), dtype=np.float32) for _ in range(3)]
        for place, many in enumerate(held.tolist()):
            found = self.matrix[rows[firsts[:many] + place]]
            for pool, together in zip(pools, (np.add, np.maximum, np.minimum) if place else [None] * 3, strict=True):
                if together is None:
                    pool[:many] = found
                else:
                    together(pool[:many], found, out=pool[:many])
        mean = np.empty_like(pools[0])
        mean[order] = pools[0] / np.maximum(lengths[order], 1)[:, None]
        out[:, :size] = 2 * OWN * mean
        out[order, size : 2 * size] = OWN * pools[1]
        out[order, 2 * size : 3 * size] = OWN * pools[2]
        near = 2 * NEAR * mean
        out[1:, 3 * size : 4 * size] = np.where(changes[:, None], 0, near[:-1])
        out[:-1, 4 * size :] = np.where(changes[:, None], 0, near[1:])
        return out


def load(path: Path) -> Vectors:
    """The word vectors in ``path``: words, and their vectors of length 1 in steps of a 127th."""
    with np.load(path, allow_pickle=False) as arrays:
        words: Sequence[str] = json.loads(arrays["words"].tobytes())
        matrix = arrays["vectors"].astype(np.float32)
    matrix /= np.float32(127)
    return Vectors({word: i for i, word in enumerate(words)}, matrix)
