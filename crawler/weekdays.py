"""Days of the week as pages write them, told from names of people that are written alike."""

from __future__ import annotations

import re
from typing import Final

_WEEKDAYS: Final = (
    "monday mon montag lundi lunes|tuesday tue tues dienstag mardi martes|wednesday wed mittwoch mercredi miércoles|"
    "thursday thu thurs donnerstag jeudi jueves|friday fri freitag vendredi viernes|saturday sat samstag samedi sábado|"
    "sunday sun sonntag dimanche domingo"
)
_WEEKDAY: Final = {name: number for number, names in enumerate(_WEEKDAYS.split("|")) for name in names.split()}
_VI_WEEKDAY: Final = {
    name: number
    for number, names in enumerate(("hai 2", "ba 3", "tư 4", "năm 5", "sáu 6", "bảy 7"))
    for name in names.split()
}
_VI_DAY = re.compile(r"\bthứ\s*(hai|ba|tư|năm|sáu|bảy|[2-7])\b")
_SUNDAY = re.compile(r"chủ nhật|\bcn\b")
_WORD = re.compile(r"[^\W\d_]+")
#: «10:30», «9h15», «3 pm».
_TIME_OF_DAY = re.compile(r"\d{1,2}[:h]\d\d|\d\s?[ap]\.?m\b|\d\s?(?:giờ|uhr)", re.I)
#: Longer names of days are nobody's name.
_SHORT: Final = 5


def weekday_in(text: str) -> int | None:
    """The day of the week that a text names, Monday 0, or ``None``.

    A short one counts only beside a time of day: «Thu Hà», «Hà Thu», «Mon» and «Sun» are people.
    """
    low = text.lower()
    if found := _VI_DAY.search(low):
        return _VI_WEEKDAY[found[1]]
    if _SUNDAY.search(low):
        return 6
    named = next((word for word in _WORD.findall(low) if word in _WEEKDAY), None)
    if named is None or (len(named) <= _SHORT and not _TIME_OF_DAY.search(low)):
        return None
    return _WEEKDAY[named]
