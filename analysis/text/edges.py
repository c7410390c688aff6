"""What stands at the edges of a clause and is no part of what it says: joining words at its head, particles at its end.

The words are in ``pains_edges.tsv`` of both languages; people mix them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from analysis.text.lexicon import FOLDER, read

_FILES = tuple(FOLDER / lang / "lexicon" / "pains_edges.tsv" for lang in ("vi", "en"))
_LEADING_SIGNS = frozenset((",", "-", ":", "*", ".", "/", " ", "\n"))
_TRAILING_SIGNS = frozenset(("-", ":", ",", ".", "/", "(", "=", " ", "\n"))


@cache
def _edges() -> tuple[frozenset[str], frozenset[str]]:
    lines = [entry for file in _FILES for entry in read(file)]
    leading, trailing = (
        frozenset(form for entry in lines if entry.code == code for form in entry.forms)
        for code in ("leading", "trailing")
    )
    return leading | _LEADING_SIGNS, trailing | _TRAILING_SIGNS


def trimmed(norms: Sequence[str], first: int, last: int, *, least: int = 0) -> tuple[int, int]:
    """Tokens ``first`` to ``last`` (exclusive) without what stands at their edges; ``least`` tokens are left in any case."""
    leading, trailing = _edges()
    while first < last - least and norms[first] in leading:
        first += 1
    while last > first + least and norms[last - 1] in trailing:
        last -= 1
    return first, last
