"""Finding any of some phrases in a text, as whole words."""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of ``phrases`` where it stands as whole words, the longest first; case counts."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(phrases, key=len, reverse=True)))})(?!\w)")
