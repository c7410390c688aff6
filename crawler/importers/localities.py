"""Provinces and countries by what exports and addresses call them, out of the lists of places that texts are read with."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

import data
from data.folding import words

_FOLDER = Path(data.__file__).parent / "languages"
#: What stands before or behind a name without being part of it, folded.
_KIND = re.compile(r"^(?:thanh pho|tp|tinh|t p|province of|city of)\s+|\s+(?:city|province|municipality|prefecture)$")
_COUNTRY = ("vietnam", "viet nam", "vn")
#: Spellings of tools that are in no list of how people write.
_TOOLS = {
    "hanoi": "Hà Nội",
    "hochiminh": "Hồ Chí Minh",
    "hochiminhcity": "Hồ Chí Minh",
    "thuathienhue": "Thừa Thiên Huế",
    "hue": "Thừa Thiên Huế",
}
_LONGEST = 200
#: “Hà Nội - Quận Cầu Giấy” is two names, “Bà Rịa - Vũng Tàu” is one.
_SEVERAL = re.compile(r"[/|]|\s-\s")


@cache
def _known() -> dict[str, str]:
    """A name without marks and spaces → the province or country. A name that stands for two is left out."""
    found: dict[str, set[str]] = {}
    first: dict[str, str] = {}
    for lang in ("vi", "en"):
        for path in sorted((_FOLDER / lang / "lexicon").glob("places*.tsv")):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                    code = row["code"]
                    for name in (row["term"], code, *(row.get("variants") or "").split("|")):
                        key = "".join(words(name))
                        if len(key) < 2 or key in first:
                            continue
                        if (row.get("notes") or "") == "tỉnh/thành" or name == code:
                            first[key] = code  # a province's own name stands for nothing else
                        found.setdefault(key, set()).add(code)
    alone = {key: next(iter(codes)) for key, codes in found.items() if len(codes) == 1}
    return {**alone, **first, **_TOOLS}


@lru_cache(maxsize=20_000)
def place_of(text: str) -> str | None:
    """The province (as of before July 2025) or, abroad, the country or city that a cell names; ``None`` where no list has it.

    ``Biên Hòa, Đồng Nai, Vietnam`` is looked up part by part, from the largest that is no country to the smallest.
    """
    text = text[:_LONGEST]
    return _place(text.split(",")) or (_place(re.split(r"[,/|]|\s-\s", text)) if _SEVERAL.search(text) else None)


def _place(names: list[str]) -> str | None:
    parts = [part for part in (" ".join(words(one)) for one in names) if part]
    at_home = [part for part in parts if part not in _COUNTRY]
    for part in reversed(at_home):
        plain = _KIND.sub("", part)
        for name in (plain, part):
            if found := _known().get(name.replace(" ", "")):
                return found
    return None


def is_home(text: str) -> bool:
    """Whether a cell names Vietnam and nothing smaller."""
    return " ".join(words(text[:_LONGEST])) in _COUNTRY
