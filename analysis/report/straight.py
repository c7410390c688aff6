"""Text from the web without the characters that turn its line round."""

from __future__ import annotations

import re

#: Embeddings, overrides and isolates of Unicode's bidirectional algorithm; letters of right-to-left scripts need none of them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def straight(text: str) -> str:
    """The text as it is read, whatever its writer put in to have it, or what stands beside it, shown the other way round."""
    return _TURNING.sub("", text)
