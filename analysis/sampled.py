"""What people write about each brand, in a bounded sample: whole texts are read only here.

Of each brand at most ``MOST_POSTS`` posts are read, drawn by lot, at most ``MOST_OF_ONE`` of one author and everybody's first before
anybody's second. Words are normal forms (case, tone placement, stretched letters, teencode); brands' names are taken out,
and a place of several words is one word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import mixed
from analysis.frames import People
from analysis.kept_words import KeptWords
from data.folding import fold
from data.store import Store
from data.study import Study

MOST_POSTS = 2000
MOST_OF_ONE = 3
_LONGEST = 2000
_CHUNK = 900
_LINK = re.compile(r"(?:https?://|www\.)\S+|\[\w+\]|[#@]\w+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|\d+", re.UNICODE)
_LANGUAGES = ("vi", "en")
#: Between the words of a place until the words of a text are split.
_GLUE = "_"


@dataclass(frozen=True, slots=True)
class Read:
    """One post about a brand: its words in normal form, with signs and numbers as ``.`` between them."""

    brand: str
    post: int
    author: int
    lang: str
    words: tuple[str, ...]
    likes: int | None
    replies: int | None
    rating: float | None
    source: int

    @property
    def line(self) -> str:
        """The words between blanks, to look for phrases in."""
        return f" {' '.join(self.words)} "


def draw(posts: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The sample of a brand's posts (columns post, author).

    A post's lot is its own, whatever other posts there are, so that a few new posts change few of the sample.
    """
    order = np.argsort(_lots(posts["post"].to_numpy(dtype=np.int64), seed), kind="stable")
    mixed = posts.iloc[order]
    turn = mixed.groupby("author").cumcount()
    mixed = mixed.assign(turn=turn)[turn < MOST_OF_ONE]
    return mixed.sort_values("turn", kind="stable").head(MOST_POSTS)


def _lots(posts: NDArray[np.int64], seed: int) -> NDArray[np.uint64]:
    return mixed(posts.astype(np.uint64) + mixed(np.array([seed], dtype=np.uint64)))


def read(people: People, store: Store, study: Study) -> list[Read]:
    """The sampled posts of every brand, with their words."""
    drawn = {
        brand: draw(people.posts_on(brand).sort_values("post"), place) for place, brand in enumerate(people.brands)
    }
    wanted = sorted({int(post) for rows in drawn.values() for post in rows["post"]})
    texts = {row["id"]: row for row in rows_of(store, _TEXTS, wanted)}
    answered = replies(store)
    words_of = Words(study)
    kept = people.gathered.beside if people.gathered is not None else {}
    reader = KeptWords(words_of, words_of.stamp, kept)
    split: dict[int, tuple[str, tuple[str, ...]]] = {}
    found = []
    for brand, rows in drawn.items():
        for post, author, source in zip(rows["post"], rows["author"], rows["source"], strict=True):
            row = texts.get(int(post))
            if row is None or not row["text"]:
                continue
            if int(post) not in split:
                lang = row["lang"] if row["lang"] in _LANGUAGES else study.language
                split[int(post)] = (lang, reader(row["text"], lang))
            lang, words = split[int(post)]
            found.append(
                Read(
                    brand, int(post), int(author), lang, words, row["likes"], answered(row["post_id"], int(source)),
                    row["rating"], int(source),
                )
            )  # fmt: skip
    kept |= reader.packed()
    return found


_TEXTS = "select id, post_id, text, lang, likes, rating from posts where id in"
_REPLIES = (
    "select reply_to, source_id, count(*) as replies from posts where reply_to is not null group by reply_to, source_id"
)


def replies(store: Store) -> Callable[[str, int], int | None]:
    """How many posts answer a post of a source; ``None`` where the source never shows who answers whom."""
    counts: dict[str, int] = {}
    sources: set[int] = set()
    for row in store.query(_REPLIES):
        counts[row["reply_to"]] = counts.get(row["reply_to"], 0) + row["replies"]
        sources.add(row["source_id"])
    return lambda post, source: counts.get(post, 0) if source in sources else None


def rows_of(store: Store, select: str, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The rows of ``select … in`` for many ids."""
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        yield from store.query(f"{select} ({','.join('?' * len(part))})", part)


class Words:
    """Splits texts into normal forms."""

    def __init__(self, study: Study) -> None:
        self._names = names(study)
        self._named = frozenset(word for form in _known(study) for word in form.split() if " " in form)
        self._files = study.lexicon_files

    def __call__(self, text: str, lang: str) -> tuple[str, ...]:
        plain = _LINK.sub(" . ", text[:_LONGEST])
        plain = self._names.sub(" . ", plain.lower()) if self._names else plain.lower()
        # A place is joined before its words are put into normal form, where “sài” alone would be taken for “xài”.
        normal = self._normalisers[lang].all([*_joined(_WORD.findall(plain), self._places[lang])])
        split = " ".join(word if word[:1].isalpha() and len(word) <= 30 else "." for word in normal).split()
        return tuple(word.replace(_GLUE, " ") for word in split)

    @property
    def stamp(self) -> str:
        """Changes whenever a text may be split otherwise."""
        from analysis.text.lexicon import load

        codes = {lang: sorted(load(lang, self._files).codes("teencode").items()) for lang in _LANGUAGES}
        places = {lang: sorted(self._places[lang]) for lang in _LANGUAGES}
        return repr((self._names.pattern if self._names else "", codes, places))

    @cached_property
    def _places(self) -> Mapping[str, frozenset[tuple[str, ...]]]:
        """Per language the names of places that are of several words."""
        from analysis.text.lexicon import load

        return {
            lang: frozenset(
                tuple(form.split())
                for entry in load(lang, self._files).area("places")
                for form in entry.forms
                if " " in form
            )
            for lang in _LANGUAGES
        }

    @cached_property
    def _normalisers(self) -> Mapping[str, Any]:
        from analysis.text.lexicon import load
        from analysis.text.normalise import Normaliser

        return {lang: Normaliser(load(lang, self._files).codes("teencode")) for lang in _LANGUAGES}

    @cached_property
    def dull(self) -> Mapping[str, frozenset[str]]:
        """Per language the words that carry no meaning by themselves; so do, on every side, those that are half of a brand's name."""
        from analysis.text.lexicon import load

        found = {}
        for lang in _LANGUAGES:
            lexicon = load(lang, self._files)
            words = set(lexicon.codes("function_words"))
            for area in ("negation", "clauses", "severity", "kinship", "pains_frames"):
                words |= {form for entry in lexicon.area(area) for form in entry.forms if " " not in form}
            found[lang] = frozenset(words | {fold(word) for word in words} | self._named)
        return found


def names(study: Study) -> re.Pattern[str] | None:
    """Every name of every brand, as written and without marks; in lower case."""
    known = _known(study)
    if not known:
        return None
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(known, key=lambda form: (-len(form), form))))})(?!\w)"
    )


def _known(study: Study) -> set[str]:
    """The spellings of all names. “bỉm beta” is left to “beta”: a word that only stands beside the name is nobody's name."""
    known: set[str] = set()
    for brand in study.brands:
        mine = {form for name in brand.names for form in spellings(name)}
        known |= {form for form in mine if not any(other != form and f" {other} " in f" {form} " for other in mine)}
    return known


def _joined(words: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> Iterator[str]:
    """The words, those of a phrase as one, the longest phrase first."""
    place, longest = 0, max(map(len, phrases), default=1)
    while place < len(words):
        size = next((n for n in range(longest, 1, -1) if tuple(words[place : place + n]) in phrases), 1)
        yield _GLUE.join(words[place : place + size])
        place += size


def spellings(name: str) -> Iterable[str]:
    """A name in lower case, as written, without marks, and written as one word."""
    lower = " ".join(name.lower().split())
    forms = {lower, fold(lower)}
    return forms | {form.replace(" ", "") for form in forms if len(form) > 3}
