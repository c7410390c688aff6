"""What boards write of their members beside each post, and in place of posts that are gone: nobody's words."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import Any, Final

from crawler.lexicons import either, words

_LONGEST: Final = 60
#: A detail's value that stands alone.
_SHORT: Final = 20
_GONE_AT_MOST: Final = 90


@cache
def _detail() -> re.Pattern[str]:
    """«Tham gia: 10/02/2019», «Bài viết: 56», "56 posts", "Location: Leeds"."""
    said = {code: either("posts", code, "pages") for code in ("since", "count", "place")}
    return re.compile(
        rf"(?P<since>{said['since']})\s?:?\s?(?=[^:]{{0,12}}\d)[^.!?]{{1,30}}|(?P<count>{said['count']})\s?:\s?[\d.,]{{1,9}}\s?[kn]?|"
        rf"[\d.,]{{1,9}}\s(?P<many>{said['count']})|(?P<place>{said['place']})\s?:\s?[^.!?:]{{1,30}}",
        re.I,
    )


@cache
def _label() -> re.Pattern[str]:
    """The name of such a detail, whose value is another element's."""
    return re.compile(
        rf"(?P<label>{'|'.join(either('posts', code, 'pages') for code in ('since', 'count', 'place'))})\s?:?", re.I
    )


@cache
def _gone() -> re.Pattern[str]:
    """«[Bình luận đã bị xóa]», "[deleted]", "This post was deleted by a moderator."."""
    said, short = either("posts", "deleted", "pages"), either("posts", "bracketed", "pages")
    whose = r"(?:\s(?:bởi|vì|do|by|because|due to)\s[^\n.!?]{1,50})?"
    return re.compile(
        rf"[\[(<*_\s]{{0,4}}(?:{said}){whose}[\])>*_\s.!]{{0,4}}|[\[(<]\s?(?:{short}){whose}\s?[\])>]", re.I
    )


@lru_cache(maxsize=10_000)
def _read(text: str) -> tuple[str | None, str | None, bool]:
    """The detail that a text is, the one that it only names, and whether it is a rank."""
    found, label = _detail().fullmatch(text), _label().fullmatch(text)
    kind = None if found is None else next(said for said in found.groups() if said).lower()
    return kind, None if label is None else label["label"].lower(), text.lower() in _ranks()


@cache
def _ranks() -> frozenset[str]:
    return frozenset(words("posts", "rank", "pages"))


def details(said: list[dict[Any, list[str]]]) -> set[str]:
    """The texts of a page's blocks that tell of members: details that most blocks give, and ranks."""
    told: Counter[str] = Counter()
    kinds: dict[str, str] = {}
    shown: set[str] = set()
    for block in said:
        here: set[str] = set()
        label: str | None = None
        for texts in block.values():
            for text in texts:
                if len(text) > _LONGEST:
                    label = None
                    continue
                kind, named, ranked = _read(text)
                if kind is None and label is not None and text[0].isdigit() and len(text) < _SHORT:
                    kind = label
                label = named
                if kind is not None:
                    kinds[text] = kind
                    here.add(kind)
                elif label is not None:
                    kinds[text] = label
                elif ranked:
                    shown.add(text)
        told.update(here)
    enough = max(min(2, len(said)), len(said) * 0.6)
    return {text for text, kind in kinds.items() if told[kind] >= enough} | shown


def is_gone(text: str) -> bool:
    """Whether a text stands in place of a post that somebody deleted."""
    return len(text) <= _GONE_AT_MOST and _gone().fullmatch(" ".join(text.split())) is not None
