"""What a column holds: by its name, as people and tools write it in Vietnamese and English, else by what stands in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import data
from crawler.importers.moments import looks_like_moment
from data.folding import words
from data.words import LANGUAGES

#: What a column may be. ``person`` is what tells who somebody is and is never stored as it stands; ``post_text`` (what a
#: comment stands under) and ``answer`` (what the shop wrote back) are texts only where nobody else's words are in the file.
FIELDS = (
    "text", "post_text", "answer", "title", "author", "author_id", "posted_at", "time", "edited_at", "url", "id", "thread",
    "thread_title", "thread_url", "reply_to", "likes", "helpful", "rating", "variant", "verified", "pictures", "person",
)  # fmt: skip
_FOLDER = Path(data.__file__).parent / "languages"
_ADDRESS = re.compile(r"https?://[^\s]{3,2000}")
_COUNT = re.compile(r"\d{1,12}([.,]\d{3}){0,3}")
_IN_PARENTHESES = re.compile(r"\([^()]{0,80}\)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CLOCK = re.compile(r"\d{1,2}\s?[:hg]\s?\d{2}(?:\s?[:m]\s?\d{2})?\s?s?(?:\s?[apAP]\.?[mM]\.?|\s?SA|\s?CH)?")
_STARS = re.compile(r"[0-5](?:[.,]\d{1,2})?\b.{0,12}|[★☆⭐\ufe0f]{1,10}")
_TITLES = ("title", "tieu de", "subject")
_OFTEN, _SOME = 0.7, 3
#: “ho ten” may be written in one word; anything shorter would be another word.
_SHORTEST_TOGETHER = 6
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


@cache
def _run_together() -> dict[str, tuple[str, int]]:
    """The names of several words, written as one: ``noidung``, ``HOTEN``."""
    found: dict[str, tuple[str, int]] = {}
    for name, known in _known().items():
        if " " in name and len(name) >= _SHORTEST_TOGETHER:
            found.setdefault(name.replace(" ", ""), known)
    return found


def plain(name: str) -> str:
    """A column's name as names are compared: folded, without signs and without what stands in parentheses."""
    short = _IN_PARENTHESES.sub(" ", name[:200])
    return " ".join(words(short)) or " ".join(words(name[:200]))


def split_words(name: str) -> str:
    """A column's name with the words of ``camelCase`` apart."""
    return _CAMEL.sub(" ", name[:200])


def known_headers(cells: Sequence[str]) -> int:
    """How many of a line's cells are names of columns that somebody uses."""
    return sum(1 for cell in cells if 0 < len(cell) <= 120 and {plain(cell), plain(split_words(cell))} & _headers())


@cache
def _headers() -> frozenset[str]:
    from crawler.importers.formats import formats

    named = {plain(name) for one in formats() for name in one.all_columns()}
    return frozenset(named | set(_known()) | set(_run_together()))


def _meaning(column: str) -> tuple[str, int] | None:
    """What a column's name says, and how likely. Of a nested name the end says it too, where it is more than one word."""
    known = _known()
    for name in (column, split_words(column)):
        if found := known.get(plain(name)):
            return found
    if found := _run_together().get(plain(column)):
        return found
    steps = split_words(column).split(".")
    for start in range(1, len(steps)):
        name = plain(" ".join(steps[start:]))
        if " " in name and (found := known.get(name)):
            return found[0], found[1] + 1_000 * start
    return None


def by_name(columns: Sequence[str]) -> dict[str, list[str]]:
    """Field → the columns whose names say that they are it, the likeliest first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for column in columns:
        if known := _meaning(column):
            found.setdefault(known[0], []).append((known[1], column))
    return {field: [column for _, column in sorted(names, key=lambda n: n[0])] for field, names in found.items()}


@dataclass(slots=True)
class Guess:
    """Field → column; the columns that tell who somebody is; and field → columns that might be it just as well."""

    fields: dict[str, str]
    person: list[str]
    doubts: dict[str, list[str]] = field(default_factory=dict)


def guess(columns: Sequence[str], sample: Sequence[Mapping[str, str]]) -> Guess:
    """What the columns hold, by their names first and then by what stands in them."""
    contents = {column: [row[column].strip() for row in sample if row.get(column, "").strip()] for column in columns}
    named = by_name(columns)
    doubts: dict[str, list[str]] = {}
    person = named.pop("person", [])
    posts, answers = named.pop("post_text", []), named.pop("answer", [])
    meant = {column for names in (*named.values(), person, posts, answers) for column in names}
    _clocks(named, contents, [column for column in columns if column not in meant])
    if "rating" in named:  # “Đánh giá” heads stars and words
        worded = [column for column in named["rating"] if _is_text(contents[column])]
        named["rating"] = [column for column in named["rating"] if column not in worded]
        if worded:
            named["text"] = [*named.get("text", []), *worded]
        if not named["rating"]:
            del named["rating"]
    if "pictures" in named and "text" not in named and _is_text(contents[named["pictures"][0]]):
        del named["pictures"]
    chosen = {name: names[0] for name, names in named.items()}
    if "text" in named:
        chosen["text"] = max(
            named["text"], key=lambda column: (_mean_words(contents[column]) >= _WORDS, -named["text"].index(column))
        )
        others = [c for c in named["text"] if c != chosen["text"] and _is_text(contents[c])]
        if others and _is_text(contents[chosen["text"]]):
            doubts["text"] = [chosen["text"], *others]
    if "rating" in named and len(stars := [c for c in named["rating"] if _share(contents[c], _is_stars) >= _OFTEN]) > 1:
        chosen["rating"], doubts["rating"] = stars[0], stars
    _title_of_review(chosen, contents)
    free = [c for c in columns if c not in chosen.values() and c not in (*person, *posts, *answers)]
    texts = [column for column in free if _is_text(contents[column])]
    if "text" not in chosen and texts:
        chosen["text"] = max(texts, key=lambda column: _mean_words(contents[column]))
        if len(texts) > 1:
            doubts["text"] = [chosen["text"], *(column for column in texts if column != chosen["text"])]
    for column in (*posts, *answers):
        if "text" not in chosen:
            chosen["text"] = column
        elif column in posts and "thread_title" not in chosen:
            chosen["thread_title"] = column
    if "url" in chosen and "thread_url" not in chosen and len(set(told := contents[chosen["url"]])) < len(told):
        chosen["thread_url"] = chosen.pop("url")  # of several rows at once it is the address of what they stand under
    dates = [column for column in free if _are_dates(contents[column])]
    if "posted_at" not in chosen and dates and dates[0] != chosen.get("text"):
        chosen["posted_at"] = dates[0]
    addresses = [column for column in free if _share(contents[column], _is_address) >= _OFTEN]
    if not {"url", "thread_url"} & set(chosen) and addresses:
        once = len(set(contents[addresses[0]])) == len(contents[addresses[0]])
        chosen["url" if once else "thread_url"] = addresses[0]
    return Guess(chosen, person, doubts)


def _title_of_review(chosen: dict[str, str], contents: Mapping[str, Sequence[str]]) -> None:
    """A “title” that hardly two reviews share is each review's own, and not the product's."""
    column = chosen.get("thread_title", "")
    told = contents.get(column, [])
    several = len(told) >= _SOME and len(set(told)) >= _OFTEN * len(told)
    if several and "rating" in chosen and "title" not in chosen and plain(column) in _TITLES:
        chosen["title"] = chosen.pop("thread_title")


def _clocks(named: dict[str, list[str]], contents: Mapping[str, Sequence[str]], others: Sequence[str]) -> None:
    """Tell columns of days from columns of the time of day, whatever either is called; ``others`` are of no known name."""
    both = [*named.pop("posted_at", []), *named.pop("time", [])]
    clocks = [column for column in both if _share(contents[column], _is_clock) >= _OFTEN]
    days = [column for column in both if column not in clocks]
    if clocks and not days:
        days = [column for column in others if _are_dates(contents[column])][:1]
    if days or clocks:
        named["posted_at"] = days or clocks
    if days and clocks and not any(":" in value for value in contents[days[0]][:50] if not value.endswith("00:00:00")):
        named["time"] = clocks


def counts_only(values: Sequence[str]) -> bool:
    """Whether a column holds plain counts: numbers too short to be anybody's telephone or card."""
    return bool(values) and all(len(value) <= 7 and _COUNT.fullmatch(value) for value in values)


def _share(values: Sequence[str], test: object) -> float:
    return sum(bool(test(value)) for value in values[:100]) / len(values[:100]) if values else 0.0  # type: ignore[operator]


def _is_clock(value: str) -> bool:
    return _CLOCK.fullmatch(value) is not None


def _are_dates(values: Sequence[str]) -> bool:
    """Whether a column holds days, with or without the time, and not the time of day alone."""
    moments = _share(values, looks_like_moment) >= _OFTEN and not _all_counts(values)
    return moments and _share(values, _is_clock) < _OFTEN


def _is_stars(value: str) -> bool:
    return _STARS.fullmatch(value) is not None


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
