"""The study's keywords, found whatever the case, the tone marks and the diacritics."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from data.folding import fold


class Keywords:
    """Whole words or phrases; ``bỉm`` finds "bim" and "Bỉm", not "bimbim". False when there are none."""

    def __init__(self, words: Iterable[str]) -> None:
        folded = [" ".join(fold(word).split()) for word in words]
        parts = [r"\s{1,3}".join(re.escape(part) for part in word.split()) for word in folded if word]
        #: The same for the same keywords: what was left out for others is looked at again.
        self.mark = "no_keyword " + hashlib.blake2b("\n".join(sorted(folded)).encode(), digest_size=6).hexdigest()
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)") if parts else None

    def __bool__(self) -> bool:
        return self._pattern is not None

    def found_in(self, text: str) -> bool:
        """Whether any of them stands in ``text``; true when there are none to look for."""
        return self._pattern is None or self._pattern.search(fold(text)) is not None
