"""What the columns and the states of lists of orders mean, in both languages: lists in ``data/languages/*/importers``."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import data
from crawler.importers.columns import plain, split_words
from data.folding import words
from data.words import LANGUAGES

FIELDS = (
    "order_id", "ordered_at", "status", "return_status", "buyer_id", "buyer_name", "phone", "email", "province", "district",
    "address", "country", "order_total", "line_total", "unit_price", "quantity", "returned_quantity", "refund", "currency", "channel",
)  # fmt: skip
#: ``none`` is said of a return that was refused: it changes nothing.
STATES = ("completed", "open", "cancelled", "returned", "none")
_FOLDER = Path(data.__file__).parent / "languages"


def _rows(name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for lang in LANGUAGES:
        with (_FOLDER / lang / "importers" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, delimiter="\t")
    return found


@cache
def _columns() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for place, row in enumerate(_rows("orders")):
        if row["field"] not in FIELDS:
            raise ValueError(f"orders.tsv: {row['field']}")
        found.setdefault(" ".join(words(row["name"])), (row["field"], place))
    return found


@cache
def _states() -> dict[tuple[str, ...], str]:
    return {tuple(words(row["name"])): row["state"] for row in _rows("order_states")}


def meaning(name: str) -> tuple[str, int] | None:
    """The field of a column and how far up its list the name stands; ``None`` for a column that is not needed."""
    if not name or len(name) > 120:
        return None
    spellings = (plain(name), " ".join(words(name)), plain(split_words(name)))
    return next((found for one in spellings if (found := _columns().get(one))), None)


def known(cells: Sequence[str]) -> set[str]:
    """The fields that a line of names has."""
    return {found[0] for cell in cells if (found := meaning(cell))}


def fields_of(header: Sequence[str]) -> dict[str, int]:
    """Field → the place of its column; of several, the one whose name stands further up."""
    best: dict[str, tuple[int, int]] = {}
    for place, name in enumerate(header):
        found = meaning(name)
        if found is not None and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], place)
    return {field: place for field, (_, place) in best.items()}


@lru_cache(maxsize=5_000)
def state(text: str) -> str | None:
    """``completed``, ``open``, ``cancelled``, ``returned`` or ``none``: of the names that stand in a cell the longest."""
    said = words(text[:200])
    for length in range(min(len(said), 6), 0, -1):
        for start in range(len(said) - length + 1):
            if found := _states().get(tuple(said[start : start + length])):
                return found
    return None
