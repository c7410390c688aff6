"""What a column holds: by its name, as people and tools write it in Vietnamese and English, else by what stands in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import data
from crawler.importers.moments import looks_like_moment
from data.folding import words
from data.words import LANGUAGES

#: What a column may be. ``person`` is what tells who somebody is and is never stored as it stands.
FIELDS = (
    "text", "title", "author", "author_id", "posted_at", "edited_at", "url", "id", "thread", "thread_title",
    "thread_url", "reply_to", "likes", "rating", "person",
)  # fmt: skip
_FOLDER = Path(data.__file__).parent / "languages"
_ADDRESS = re.compile(r"https?://[^\s]{3,2000}")
_COUNT = re.compile(r"\d{1,12}([.,]\d{3}){0,3}")
_IN_PARENTHESES = re.compile(r"\([^()]{0,80}\)")
_OFTEN = 0.7
#: Words a text has on average that is more than a name or a label.
_WORDS = 4


@cache
def _known() -> dict[str, tuple[str, int]]:
    """Folded name of a column → what it is, and how far up the list it stands."""
    found: dict[str, tuple[str, int]] = {}
    for lang in LANGUAGES:
        with (_FOLDER / lang / "importers" / "columns.tsv").open(encoding="utf-8", newline="") as file:
            for place, row in enumerate(csv.DictReader(file, delimiter="\t")):
                if row["field"] not in FIELDS:
                    raise ValueError(f"columns.tsv ({lang}): {row['field']}")
                found.setdefault(plain(row["name"]), (row["field"], place))
    return found


def plain(name: str) -> str:
    """A column's name as names are compared: folded, without signs and without what stands in parentheses."""
    short = _IN_PARENTHESES.sub(" ", name[:200])
    return " ".join(words(short)) or " ".join(words(name[:200]))


def known_headers(cells: Sequence[str]) -> int:
    """How many of a line's cells are names of columns that somebody uses."""
    return sum(1 for cell in cells if 0 < len(cell) <= 120 and plain(cell) in _headers())


@cache
def _headers() -> frozenset[str]:
    from crawler.importers.formats import formats

    named = {plain(name) for one in formats() for name in one.all_columns()}
    return frozenset(named | set(_known()))


def by_name(columns: Sequence[str]) -> dict[str, list[str]]:
    """Field → the columns whose names say that they are it, the likeliest first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for column in columns:
        if known := _known().get(plain(column)):
            found.setdefault(known[0], []).append((known[1], column))
    return {field: [column for _, column in sorted(names, key=lambda n: n[0])] for field, names in found.items()}


def guess(columns: Sequence[str], sample: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], list[str]]:
    """Field → column, and the columns that tell who somebody is (``person``), by names first and then by contents."""
    named = by_name(columns)
    person = named.pop("person", [])
    chosen = {field: names[0] for field, names in named.items()}
    contents = {column: [row[column].strip() for row in sample if row.get(column, "").strip()] for column in columns}
    if "text" in named:
        chosen["text"] = max(
            named["text"], key=lambda column: (_mean_words(contents[column]) >= _WORDS, -named["text"].index(column))
        )
    free = [column for column in columns if column not in chosen.values() and column not in person]
    texts = [column for column in free if _is_text(contents[column])]
    if "text" not in chosen and texts:
        chosen["text"] = max(texts, key=lambda column: _mean_words(contents[column]))
    dates = [
        column
        for column in free
        if _share(contents[column], looks_like_moment) >= _OFTEN and not _all_counts(contents[column])
    ]
    if "posted_at" not in chosen and dates and dates[0] != chosen.get("text"):
        chosen["posted_at"] = dates[0]
    addresses = [column for column in free if _share(contents[column], _is_address) >= _OFTEN]
    if not {"url", "thread_url"} & set(chosen) and addresses:
        once = len(set(contents[addresses[0]])) == len(contents[addresses[0]])
        chosen["url" if once else "thread_url"] = addresses[0]
    return chosen, person


def counts_only(values: Sequence[str]) -> bool:
    """Whether a column holds plain counts: numbers too short to be anybody's telephone or card."""
    return bool(values) and all(len(value) <= 7 and _COUNT.fullmatch(value) for value in values)


def _share(values: Sequence[str], test: object) -> float:
    return sum(bool(test(value)) for value in values[:100]) / len(values[:100]) if values else 0.0  # type: ignore[operator]


def _is_address(value: str) -> bool:
    return _ADDRESS.fullmatch(value) is not None


def _all_counts(values: Sequence[str]) -> bool:
    return all(_COUNT.fullmatch(value) and len(value) < 10 for value in values)


def _mean_words(values: Sequence[str]) -> float:
    return sum(len(value[:2000].split()) for value in values) / len(values) if values else 0.0


def _is_text(values: Sequence[str]) -> bool:
    return (
        _mean_words(values) >= _WORDS and _share(values, looks_like_moment) < 0.3 and len(set(values)) > len(values) / 3
    )
