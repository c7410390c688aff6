"""Numbers of orders, products and parcels: kept as they are where they can be nobody's phone, card or identity number.

Both must be sure, the column by its name (``number_columns.tsv``) and the number by its shape. Everything else is masked.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import data
from crawler.importers.columns import plain, split_words
from data.words import LANGUAGES

_FOLDER = Path(data.__file__).parent / "languages"
_NUMBER = re.compile(r"#?\s?(\d{5,24})")
#: How Vietnamese phones and identity numbers begin, and phones of elsewhere written without their plus.
_DIALLED = re.compile(r"0|84")
#: A North American phone without its marks: area code and exchange begin with 2 to 9.
_AMERICAN = re.compile(r"[2-9]\d\d[2-9]\d{6}")
#: Visa, Mastercard, Discover, JCB, UnionPay, Maestro, American Express, Diners and Napas, by first digits and length
#: (ISO/IEC 7812).
_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7]|6[05]|35|81)\d{14}|62\d{14,17}"
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}|3[47]\d{13}|3[0689]\d{12,17}|9704\d{12,15}"
)


def is_number_column(name: str) -> bool:
    """Whether a column's name says that it holds the numbers of orders, products or parcels."""
    known = _names()
    return plain(name) in known or plain(split_words(name)) in known or plain(split_words(name.split(".")[-1])) in known


def is_nobodys(value: str) -> bool:
    """Whether a number has a shape that no phone, card or identity number has."""
    found = _NUMBER.fullmatch(value.strip())
    if found is None:
        return False
    number = found[1]
    return not (_DIALLED.match(number) or _AMERICAN.fullmatch(number) or _CARD.fullmatch(number))


@cache
def _names() -> frozenset[str]:
    names: set[str] = set()
    for lang in LANGUAGES:
        with (_FOLDER / lang / "importers" / "number_columns.tsv").open(encoding="utf-8", newline="") as file:
            names.update(plain(row["name"]) for row in csv.DictReader(file, delimiter="\t"))
    return frozenset(names)
