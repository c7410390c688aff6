"""Searching posts and titles: the index is without marks; what was typed with marks comes first where it stands so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from data.folding import fold

EXCERPT = 160
_TYPED = re.compile(r"[^\W_]+")

_TEXTS = """
select p.post_id, p.url, p.posted_at, b.name as brand, p.text, 'text' as found_in
from posts_fts f join posts p on p.id = f.rowid left join brands b using (brand_id)
where posts_fts match :match{exactly} order by rank limit :limit
"""
_TITLES = """
select p.post_id, t.url, p.posted_at, b.name as brand, t.title as text, 'title' as found_in
from threads_fts f join threads t on t.thread_id = f.rowid
join posts p on p.id = (select o.id from posts o where o.thread_id = t.thread_id order by o.posted_at, o.id limit 1)
left join brands b using (brand_id)
where threads_fts match :match{exactly} order by rank limit :limit
"""
#: Posts that have all words, then the opening posts of threads whose titles have them, the best first;
#: ``written_so`` is made by :func:`exactly`.
EXACT_SQL = (
    _TEXTS.format(exactly=" and written_so(p.text)"),
    _TITLES.format(exactly=" and written_so(t.title)"),
)
ANY_SQL = (_TEXTS.format(exactly=""), _TITLES.format(exactly=""))


def match_of(words: list[str]) -> str:
    """The index's expression for posts that contain all of ``words`` (folded)."""
    return " ".join(f'"{word}"' for word in words)


def marked(typed: str) -> list[str]:
    """The words of ``typed`` that were typed with diacritics, in lower case."""
    found = _TYPED.findall(unicodedata.normalize("NFC", typed).lower())
    return [word for word in dict.fromkeys(found) if fold(word) != word]


def exactly(words: list[str]) -> Callable[[str], bool]:
    """Whether a text has every word with the very marks: ``bẩn`` is not ``bạn``."""
    patterns = [_whole(word) for word in words]

    def written_so(text: str) -> bool:
        plain = unicodedata.normalize("NFC", text or "").lower()
        return all(pattern.search(plain) for pattern in patterns)

    return written_so


def perhaps_written_so(words: list[str]) -> Callable[[str], bool]:
    """Whether a text may have every word as it was typed: with the very marks, wherever the tone mark stands (``hoà``, ``hòa``), or
    without any. ``ổn`` and ``ơn`` are other words than ``ồn``, ``on`` may be the same."""
    wanted = {fold(word): _letters(word) for word in words}

    def may_be(text: str) -> bool:
        missing = set(wanted)
        for said in _TYPED.findall(unicodedata.normalize("NFC", text or "").lower()):
            plain = fold(said)
            if plain in missing and (said == plain or _letters(said) == wanted[plain]):
                missing.remove(plain)
        return not missing

    return may_be


def _letters(word: str) -> list[str]:
    return sorted(unicodedata.normalize("NFD", word))


def excerpt(text: str, typed: list[str], folded_words: list[str]) -> str:
    """Up to 160 characters of ``text`` around the first word found: as typed with marks, else without."""
    place = _place(text, text.lower(), typed)
    if place is None:
        place = _place(text, fold(text), folded_words) or 0
    start = max(0, place - EXCERPT // 3)
    cut = " ".join(text[start : start + EXCERPT].split())
    return ("…" if start else "") + cut + ("…" if start + EXCERPT < len(text) else "")


def _place(text: str, plain: str, words: list[str]) -> int | None:
    if len(plain) != len(text):
        return None
    return next((found.start() for word in words if (found := _whole(word).search(plain))), None)


def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])")
