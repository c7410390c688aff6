"""A segment's people, as later steps of an analysis need them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Kinds of segments: named by the study, or found in the data.
NAMED, FOUND = "named", "found"


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one segment. Arrays of authors are sorted.

    ``fit`` is how well, or how surely, each of the ``members`` belongs, 0 to 1. ``placed`` are all who tell enough to be placed in
    the segment or not; ``defining`` are the attributes by which people were chosen, ``rule`` says how (JSON).
    """

    kind: str
    segment: str
    members: NDArray[np.int64]
    fit: NDArray[np.float64]
    placed: NDArray[np.int64]
    defining: frozenset[str]
    rule: str
