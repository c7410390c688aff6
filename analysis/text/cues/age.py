"""What ages have in common: whose they are, what is too young or a thing's, and when a number is a child's age.

A number is an age only beside a person. Birth years are taken from the year in which the text was written; without one
they tell nothing. Things and animals have no age that counts.
"""

from __future__ import annotations

import re

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.things_vi import of_thing
from analysis.text.cues.who import NOBODY, subject_mention

MONTHS = re.compile(r"(\d{1,2})(th|m|tháng|mo|mos|t)$")

UNITS = words(
    "tiếng lít fps inch mah mp hộp chai suất ngàn nghìn gb ram kg ký kí k tr triệu củ tỷ năm tháng ngày giờ"
    " phút km m cm ml gram g % phần cái con chiếc người độ lần usd đô vnd w lbs lb pounds miles minutes hours"
    " days weeks dollars bucks percent x"
)

_SELF_AGE = (10, 99)


def note(reading: Reading, start: int, end: int, low: int, high: int, confidence: float = 0.85) -> None:
    """An age of whoever is the subject."""
    if reading.unreal(start) or low > high or (reading.lang == "vi" and of_thing(reading, start)):
        return
    mention = subject_mention(reading, start)
    person = mention.code if mention else "self"
    if person == "pet" and low >= 21:
        person = "self"
    if person == "expert":
        person = "other"
    if person in NOBODY or person == "organisation":
        return
    if person == "child":
        if high <= 25:
            child(reading, start, end, f"{low}y")
        return
    if person in ("other", "friend") and _like_me(reading, end):
        person = "self"
    if person not in ("self", "family") and high < 10:
        return
    if mention is not None and person == "self" and _product_between(reading, mention.end, start):
        return
    if person == "self" and not (_SELF_AGE[0] <= low and high <= _SELF_AGE[1]):
        return
    if (
        person == "self"
        and reading.word(start - 1) in ("trước", "before", "by", "tầm")
        and reading.word(end) not in ("rồi",)
    ):
        return
    reading.add("age", str(low) if low == high else f"{low}-{high}", start, min(end, reading.size), person, confidence)


def _like_me(reading: Reading, end: int) -> bool:
    """ "chủ quán 50 tuổi như tui"."""
    return reading.word(end) == "như" and reading.word(end + 1) in (*reading.grammar.selves, "tui")


def _product_between(reading: Reading, first: int, last: int) -> bool:
    """ "mình dùng con này 12 tuổi": a thing stands between the author and the number."""
    return any(m.code == "thing" for m in reading.mentions_in(first, last))


def child_months(reading: Reading, i: int, word: str, joined: bool) -> None:
    digits = re.match(r"\d{1,2}", word)
    if digits is None or (not joined and not word.isdecimal()):
        return
    number = int(digits[0])
    unit = reading.word(i + 1)
    end = i + (1 if joined else 2)
    if reading.word(end) == "tuổi" or reading.word(end) in ("rưỡi", "old"):
        end += 1
    if reading.word(i - 1) in ("-", "/") or number > 48 or reading.unreal(i):
        return
    told = reading.norms[end - 1 : end] == ["tuổi"] or reading.norms[end - 1 : end] == ["old"]
    if child_before(reading, i, loose=told) or _inside_child(reading, i) or _named_child(reading, i):
        child(reading, i, end, f"{max(number // 4, 0)}m" if unit in ("tuần", "week", "weeks") else f"{number}m")


def _inside_child(reading: Reading, i: int) -> bool:
    """ "nhóc 20 tháng nhà em"."""
    return any(m.code == "child" and m.start < i < m.end for m in reading.mentions_in(i - 3, i))


def _named_child(reading: Reading, i: int) -> bool:
    """ "Xoài nhà mình vừa tròn 7 tháng": a name of the house, and so many months; what one owns is a thing."""
    norms = reading.norms
    for at in range(i - 1, max(0, i - 5), -1):
        if norms[at - 1 : at] == ["nhà"] and norms[at] in _OWNERS and at >= 2:
            name = reading.doc[at - 2].text
            thing = any(m.start <= at - 2 < m.end for m in reading.mentions_in(at - 5, at))
            thing |= any(aspect.start <= at - 2 < aspect.end for aspect in reading.by_area.get("pains_aspects", ()))
            filled = all(word in reading.grammar.fillers or word in _JUST for word in norms[at + 1 : i])
            if name[:1].isupper() and name.isalpha() and not thing and filled:
                reading.add("children", "yes", at - 2, at + 1, "self", 0.65)
                return True
            return False
    return False


_OWNERS = frozenset({"em", "mình", "tôi", "tớ"})
_JUST = frozenset({"vừa", "tròn", "mới", "được", "nay", "đã", "gần", "hơn", "thì"})


def child_before(reading: Reading, i: int, loose: bool = False) -> bool:
    """Whether a child is the subject and nothing but small words lies between it and the number."""
    mention = subject_mention(reading, i)
    if mention is None or mention.code != "child":
        return False
    between = reading.norms[mention.end : i]
    if any(word in ("bầu", "thai", "mang") for word in between):
        return False
    fillers = reading.grammar.fillers
    return loose or all(
        w in fillers
        or w[0].isdecimal()
        or w in ("sinh", "đôi", "y", "tháng", "months", "month", "years", "year", "old", "đc")
        for w in between
    )


def child(reading: Reading, start: int, end: int, value: str) -> None:
    reading.add("child_age", value, start, min(end, reading.size), "child", 0.85)
