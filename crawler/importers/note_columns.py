"""The names by which columns of notes are known, in both languages: ``data/languages/*/importers/notes.tsv``."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import data
from crawler.importers.columns import plain, split_words
from data.words import LANGUAGES

_FOLDER = Path(data.__file__).parent / "languages"


@cache
def _fields() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for lang in LANGUAGES:
        with (_FOLDER / lang / "importers" / "notes.tsv").open(encoding="utf-8", newline="") as file:
            for place, row in enumerate(csv.DictReader(file, delimiter="\t")):
                found.setdefault(plain(row["name"]), (row["field"], place))
    return found


def notes_named(columns: Sequence[str]) -> dict[str, str]:
    """Field of a note → the column whose name says it the most plainly."""
    found: dict[str, tuple[int, str]] = {}
    for column in columns:
        known = _fields().get(plain(column)) or _fields().get(plain(split_words(column)))
        if known is not None and known[1] < found.get(known[0], (1_000, ""))[0]:
            found[known[0]] = (known[1], column)
    return {field: column for field, (_, column) in found.items()}
