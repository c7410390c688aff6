"""Names that stand in the words of reviews: a line of its own that most reviews of a page begin or end with.

Such a line is no word of the review, and whoever wrote it must not stand in a stored text in clear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from data.records import Post

_STARS = re.compile(r"[★⭐☆✩✰]+")
#: «Nguyễn Lan đã đánh giá 5 sao», "Ann wrote".
_DID = re.compile(
    r"\s{1,3}(?:đã |vừa )?(?:đánh giá|nhận xét|viết|bình luận|chia sẻ|cho biết|reviewed|rated|wrote|says|said|gave)(?!\w).{0,40}$",
    re.I,
)
_EDGES: Final = " \t-–—|·•,;:()[]\"'“”.✓✔"
_MOST_WORDS: Final = 5
_LONGEST: Final = 80
_SHARE: Final = 0.7


def with_names(posts: Sequence[Post]) -> list[Post]:
    """The same reviews; where no author was found, those whose first or last lines are names have them as authors."""
    if len(posts) < 2 or any(post.author for post in posts):
        return list(posts)
    for at in (0, -1):
        found = [_name(post.text, at) for post in posts]
        if sum(name is not None for name in found) >= len(posts) * _SHARE and len(set(found)) > 1:
            return [
                post if name is None else replace(post, author=name, text=_without(post.text, at))
                for post, name in zip(posts, found, strict=True)
            ]
    return list(posts)


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _name(text: str, at: int) -> str | None:
    """The name that the first or last line of a text is, or ``None``; other lines must be left."""
    lines = _lines(text)
    if len(lines) < 2 or len(lines[at]) > _LONGEST:
        return None
    plain = _DID.sub("", _STARS.sub(" ", lines[at]).strip(_EDGES))
    name = re.split(r"\s*[,|·•(]\s*|\s[–—-]\s", plain)[0].strip(_EDGES)
    words = name.split()
    if not 1 <= len(words) <= _MOST_WORDS or any(map(str.isdigit, name)):
        return None
    return name if all(word[0].isupper() or "*" in word for word in words) else None


def _without(text: str, at: int) -> str:
    lines = text.split("\n")
    places = [place for place, line in enumerate(lines) if line.strip()]
    del lines[places[at]]
    return "\n".join(lines).strip()
