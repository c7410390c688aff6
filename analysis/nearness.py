"""Whether a complaint is about just what a promise promised: late parcels break “delivered in two hours”, a missing topping does not.

A promise and a complaint are near when both speak of the same matter of ``promised_near.toml`` (in either language). Speed,
fees and answers are of something: a parcel that is late breaks no promise of roadside help in two hours, and staff who are rude
none to answer in five minutes. A promise about one part (a coating, a battery) is broken by what is told of that part alone.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import data
from analysis.whole_words import any_of
from data.store import Store
from data.words import LANGUAGES

_FOLDER = Path(data.__file__).parent / "languages"
_LONGEST, _AT_ONCE = 500, 500
#: Between two quotes of one post.
JOINT = " … "
_Matter = tuple[re.Pattern[str], re.Pattern[str]]
#: (post, what is said in it)
Said = tuple[int, str]
#: Matters that say how, not what.
_OF_SOMETHING = ("speed", "fee", "answer")
#: Categories that say by themselves what is fast or free.
_ONE_THING = frozenset({"delivery", "warranty_returns"})


@cache
def _matters() -> tuple[tuple[_Matter, ...], tuple[_Matter, ...], tuple[_Matter, ...]]:
    """What may be promised, what of it is of something, and of what."""
    whole, of_something, subjects = list[_Matter](), list[_Matter](), list[_Matter]()
    for lang in LANGUAGES:
        table = _table(lang)
        table.pop("asked_of")
        table.pop("parts")
        subjects += map(_matter, table.pop("subjects").values())
        for name, words in table.items():
            (of_something if name in _OF_SOMETHING else whole).append(_matter(words))
    return tuple(whole), tuple(of_something), tuple(subjects)


@cache
def _parts() -> tuple[_Matter, ...]:
    """Parts of a thing: what a promise says of one is broken by nothing that happens to another."""
    return tuple(_matter(words) for lang in LANGUAGES for words in _table(lang)["parts"].values())


@cache
def _elsewhere() -> re.Pattern[str]:
    """Whom people ask who are not the seller: what groups do not answer breaks no promise."""
    return any_of([word for lang in LANGUAGES for word in _table(lang)["asked_of"]])


def _table(lang: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / lang / "promised_near.toml").read_text(encoding="utf-8"))


def _matter(words: Sequence[Sequence[str]]) -> _Matter:
    promised, complained = words
    return any_of(promised), any_of(complained)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text[:_LONGEST]).lower()


def near(promise: str, category: str, complaints: Iterable[Said]) -> list[int]:
    """The posts whose complaint, one of the promise's category, is about what the promise promises, in their order; none where its
    matter is not known."""
    plain = _plain(promise)
    whole, of_something, subjects = (
        [complained for promised, complained in some if promised.search(plain)] for some in _matters()
    )
    parts = [complained for promised, complained in _parts() if promised.search(plain)]

    def is_near(text: str) -> bool:
        if parts:
            return any(pattern.search(text) for pattern in parts)
        if any(pattern.search(text) for pattern in whole):
            return True
        about = category in _ONE_THING or any(pattern.search(text) for pattern in subjects)
        return about and any(pattern.search(text) for pattern in of_something)

    return [post for post, text in complaints if is_near(_of_the_seller(_plain(text)))]


def _of_the_seller(text: str) -> str:
    return JOINT.join(part for part in text.split(JOINT) if not _elsewhere().search(part))


def said(store: Store, posts: Sequence[int], category: str, kinds: Sequence[str]) -> list[Said]:
    """What is complained of in these posts about one category, in the order of the posts; texts are short quotes."""
    found: dict[int, list[str]] = {}
    marks = ",".join("?" * len(kinds))
    for start in range(0, len(posts), _AT_ONCE):
        part = [int(post) for post in posts[start : start + _AT_ONCE]]
        asked = f"select post, quote from pains where post in ({','.join('?' * len(part))}) and category = ? and kind in ({marks})"  # noqa: S608 - only marks
        for row in store.query(asked, (*part, category, *kinds)):
            found.setdefault(row["post"], []).append(row["quote"])
    return [(post, JOINT.join(found[post])) for post in map(int, posts) if post in found]
