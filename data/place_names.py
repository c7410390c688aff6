"""Provinces and places by name, as the lists that texts are read with have them: to tell a name mistyped in the study file."""

from __future__ import annotations

import csv
import difflib
import re
from functools import cache
from pathlib import Path

from data.folding import words

_FOLDER = Path(__file__).parent / "languages"
_KIND = re.compile(r"^(?:thanh pho|tp|tinh|t p)\s+")
_LEAST_ALIKE = 0.8


def mistyped(name: str) -> str | None:
    """The province that ``name`` is nearly, where no list has ``name`` itself; else ``None``."""
    key = _key(name)
    provinces = _listed(provinces=True)
    if not key or key in provinces:
        return None
    close = difflib.get_close_matches(key, provinces, n=1, cutoff=_LEAST_ALIKE)
    if not close or key in _listed(provinces=False):
        return None
    return provinces[close[0]]


def _key(name: str) -> str:
    return _KIND.sub("", " ".join(words(name))).replace(" ", "")


@cache
def _listed(*, provinces: bool) -> dict[str, str]:
    """Names without marks and spaces → province; only the provinces' own, or every place's."""
    found: dict[str, str] = {}
    for path in (
        [_FOLDER / "vi" / "lexicon" / "places.tsv"] if provinces else sorted(_FOLDER.glob("*/lexicon/places*.tsv"))
    ):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if not provinces or (row.get("notes") or "") == "tỉnh/thành":
                    for name in (row["term"], row["code"], *(row.get("variants") or "").split("|")):
                        found.setdefault(_key(name), row["code"])
    found.pop("", None)
    return found
