"""What the whole text says of its clauses: where nothing speaks of trouble, a single dark word counts less.

Two labels are the same for all clauses of a text: whether it tells any pain, and whether any cue. Their mean over the clauses moves the
scores of each clause, and, where it speaks of trouble, most of all the score of the likeliest clause: somewhere it must stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.text.learned.vectors import Floats

#: Labels of all clauses of a text that tells a pain, and of one that tells a cue.
TEXT_PAIN, TEXT_CUE = "text.pain", "text.cue"
#: Settings: the part of the text's log-odds that every clause gets where they are below 0, and above; and the likeliest clause above.
PAIN_LOWERED, PAIN_RAISED, BEST_RAISED = "pain_lowered", "pain_raised", "best_raised"
#: The same for cues, where the log-odds of any cue are below :data:`_CUE_LIKELY`.
CUE_LOWERED = "cue_lowered"
DEFAULTS = {PAIN_LOWERED: 1.2, PAIN_RAISED: 0.3, BEST_RAISED: 0.8, CUE_LOWERED: 0.5}
_LEAST, _MOST = -3.0, 2.0
_CUE_LIKELY = 0.5


class Whole:
    """Moves scores by what the texts say; ``columns`` are the model's labels, of which an older model lacks these."""

    def __init__(self, columns: Mapping[str, int], pain: int) -> None:
        self._pain = pain
        self._text_pain, self._text_cue = columns.get(TEXT_PAIN), columns.get(TEXT_CUE)

    def __bool__(self) -> bool:
        return self._text_pain is not None and self._text_cue is not None

    def moved(
        self, scores: Floats, counts: Sequence[int], cues: NDArray[np.bool_], settings: Mapping[str, float]
    ) -> Floats:
        """The scores of documents of ``counts`` clauses each, those of pains and of the columns ``cues`` moved."""
        if self._text_pain is None or self._text_cue is None or not len(scores):
            return scores
        sizes = np.array(counts)
        owner = np.repeat(np.arange(len(sizes)), sizes)
        moved = scores.copy()
        text = np.clip(_means(scores[:, self._text_pain], owner, sizes), _LEAST, _MOST)
        below, above = np.minimum(text, 0), np.maximum(text, 0)
        best = np.lexsort((scores[:, self._pain], owner))[(np.cumsum(sizes) - 1)[sizes > 0]]
        moved[:, self._pain] += (settings[PAIN_LOWERED] * below + settings[PAIN_RAISED] * above)[owner]
        moved[best, self._pain] += settings[BEST_RAISED] * above[sizes > 0]
        lowered = np.minimum(_means(scores[:, self._text_cue], owner, sizes) - _CUE_LIKELY, 0)
        moved += (settings[CUE_LOWERED] * lowered[owner])[:, None] * cues
        return moved


def _means(column: Floats, owner: NDArray[np.intp], sizes: NDArray[np.intp]) -> Floats:
    """The mean of each document."""
    summed = np.bincount(owner, weights=column, minlength=len(sizes))
    return (summed / np.maximum(sizes, 1)).astype(np.float32)
