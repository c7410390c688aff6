"""The posts of a thread's pages so far: told apart by who wrote what and when, for a number may begin anew on every page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from data.records import Post

#: «3 minutes ago» is another moment each time that it is read.
_GRAIN: Final = timedelta(hours=1)


@dataclass(slots=True)
class Said:
    """What was read of a thread in one crawl."""

    _by_id: dict[str, tuple[str | None, datetime | None]] = field(default_factory=dict)
    _by_words: dict[tuple[str | None, int], datetime | None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, posts: Iterable[Post]) -> None:
        """Remember a page's posts."""
        for post in posts:
            self._by_id.setdefault(post.post_id, (post.author, post.posted_at))
            self._by_words[post.author, hash(post.text)] = post.posted_at

    def knows(self, post: Post) -> bool:
        """Whether the post was there before: under its id, by the same author or of the same time; or the same words."""
        author, moment = self._by_id.get(post.post_id, (None, None))
        if post.post_id in self._by_id and (author == post.author or _near(moment, post.posted_at)):
            return True
        words = (post.author, hash(post.text))
        return words in self._by_words and _near(self._by_words[words], post.posted_at)


def _near(one: datetime | None, two: datetime | None) -> bool:
    return one is None or two is None or abs(one - two) <= _GRAIN
