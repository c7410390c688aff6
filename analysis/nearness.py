"""Whether a complaint is about just what a promise promised: late parcels break “delivered in two hours”, a missing topping does not.

A promise and a complaint are near when both speak of the same matter of ``promised_near.toml`` (in either language).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import data
from analysis.whole_words import any_of
from data.store import Store
from data.words import LANGUAGES

_FOLDER = Path(data.__file__).parent / "languages"
_LONGEST, _AT_ONCE = 500, 500
_Matter = tuple[re.Pattern[str], re.Pattern[str]]
#: (post, what is said in it)
Said = tuple[int, str]


@cache
def _matters() -> tuple[_Matter, ...]:
    found = []
    for lang in LANGUAGES:
        table = tomllib.loads((_FOLDER / lang / "promised_near.toml").read_text(encoding="utf-8"))
        found += [(any_of(promised), any_of(complained)) for promised, complained in table.values()]
    return tuple(found)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text[:_LONGEST]).lower()


def near(promise: str, complaints: Iterable[Said]) -> list[int]:
    """The posts whose complaint is about what the promise promises, in their order; none where its matter is not known."""
    plain = _plain(promise)
    wanted = [complained for promised, complained in _matters() if promised.search(plain)]
    return [post for post, text in complaints if any(pattern.search(_plain(text)) for pattern in wanted)]


def said(store: Store, posts: Sequence[int], category: str, kinds: Sequence[str]) -> list[Said]:
    """What is complained of in these posts about one category, in the order of the posts; texts are short quotes."""
    found: dict[int, list[str]] = {}
    marks = ",".join("?" * len(kinds))
    for start in range(0, len(posts), _AT_ONCE):
        part = [int(post) for post in posts[start : start + _AT_ONCE]]
        asked = f"select post, quote from pains where post in ({','.join('?' * len(part))}) and category = ? and kind in ({marks})"  # noqa: S608 - only marks
        for row in store.query(asked, (*part, category, *kinds)):
            found.setdefault(row["post"], []).append(row["quote"])
    return [(post, " … ".join(found[post])) for post in map(int, posts) if post in found]
