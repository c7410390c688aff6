"""Height and weight, read only where the study asks for body attributes: "em 1m58 nặng 62kg", "5'4, 130 lb"."""

from __future__ import annotations

import re

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject

_METRES = re.compile(r"1m(\d{1,2})$")
_KILOS = re.compile(r"(\d{2,3})(?:kg|ký|kí)$")
_POUNDS = re.compile(r"(\d{2,3})(?:lbs?|pounds)$")
_CM = re.compile(r"(\d{3})cm$")
_GOAL = words("giảm tăng xuống còn lên lose gain lost to thêm sụt")


def read(reading: Reading) -> None:
    """Note heights in centimetres and weights in kilograms."""
    for i, word in enumerate(reading.norms):
        if not word[0].isdecimal() or reading.unreal(i):
            continue
        person = subject(reading, i)
        if person in NOBODY or person in ("organisation", "expert"):
            continue
        after = reading.word(i + 1)
        if match := _METRES.match(word):
            _add(reading, "height_cm", 100 + int(match[1].ljust(2, "0")), i, i + 1, person)
        elif match := _CM.match(word):
            _add(reading, "height_cm", int(match[1]), i, i + 1, person)
        elif word in ("4", "5", "6") and after == "'" and reading.word(i + 2).isdecimal():
            _add(reading, "height_cm", round(int(word) * 30.48 + int(reading.word(i + 2)) * 2.54), i, i + 3, person)
        elif reading.word(i - 1) in _GOAL or reading.word(i - 2) in _GOAL:
            continue
        elif match := _KILOS.match(word):
            _add(reading, "weight_kg", int(match[1]), i, i + 1, person)
        elif match := _POUNDS.match(word):
            _add(reading, "weight_kg", round(int(match[1]) * 0.4536), i, i + 1, person)
        elif (
            word.isdecimal() and 30 <= int(word) <= 400 and after in ("kg", "ký", "kí", "lb", "lbs", "pounds", "kilos")
        ):
            kilos = int(word) if after in ("kg", "ký", "kí", "kilos") else round(int(word) * 0.4536)
            _add(reading, "weight_kg", kilos, i, i + 2, person)


def _add(reading: Reading, attribute: str, number: int, start: int, end: int, person: str) -> None:
    low, high = (80, 220) if attribute == "height_cm" else (25, 250)
    if low <= number <= high:
        reading.add(attribute, str(number), start, end, person, 0.8)
