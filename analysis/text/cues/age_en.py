"""Ages in English: "I'm 28", "in my late 40s", "24M", "my 3-year-old", "my dad, he's 68"."""

from __future__ import annotations

import re

from analysis.text.cues.age import MONTHS, UNITS, child, child_before, note
from analysis.text.cues.grammar import THINGS_AGED
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject

_YEARS = re.compile(r"(\d{1,2})(y|yo|yrs?|t|tuổi)$")

_DIGITS = re.compile(r"\d{1,2}")

_SEXED = re.compile(r"(\d{2})(m|f)$")

_TENS = re.compile(r"([2-9]0)(s|'s)?$")

_TEN_WORDS = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
}

_PARTS = {
    "early": (0, 3),
    "mid": (4, 6),
    "middle": (4, 6),
    "late": (7, 9),
    "đầu": (0, 3),
    "giữa": (4, 6),
    "cuối": (7, 9),
}

_TURN = frozenset({"turning", "turned", "turn", "bước", "sang"})


def read(reading: Reading) -> None:
    """Note every age that is told of a person."""
    if (
        reading.norms[0] in ("f", "m")
        and reading.word(1) == ","
        and reading.word(2).isdecimal()
        and len(reading.word(2)) == 2
    ):
        reading.add("gender", "female" if reading.norms[0] == "f" else "male", 0, 1)
        note(reading, 2, 3, int(reading.word(2)), int(reading.word(2)))
    norms = reading.norms
    for i, word in enumerate(norms):
        first = word[0]
        if first.isdecimal():
            _en_number(reading, i, word)
        elif word in _TEN_WORDS and reading.word(i - 1) in (*_PARTS, "my", "our", "their", "his", "her"):
            _tens(reading, i, _TEN_WORDS[word])
        elif word in _TEN_WORDS and reading.word(i - 1) == "-" and reading.word(i - 2) in _PARTS:
            low, high = _PARTS[reading.word(i - 2)]
            note(reading, i - 2, i + 1, _TEN_WORDS[word] + low, _TEN_WORDS[word] + high)
        elif (
            word in reading.grammar.numbers
            and word not in ("a", "an")
            and reading.word(i + 1) in ("years", "year", "months", "month", "weeks")
        ):
            _en_age(reading, i, reading.grammar.numbers[word])
        elif (
            word in reading.grammar.numbers
            and reading.word(i - 1) in ("turned", "turning")
            and subject(reading, i) == "child"
        ):
            child(reading, i, i + 1, f"{reading.grammar.numbers[word]}y")


def _en_number(reading: Reading, i: int, word: str) -> None:
    before = reading.word(i - 1)
    if match := _SEXED.match(word):
        clause = reading.clause(i)
        if i == clause.start or before in ("i", "i'm", "im", "am", "(", "a", "me"):
            note(reading, i, i + 1, int(match[1]), int(match[1]))
            if reading.found and reading.found[-1].start == i and subject(reading, i) == "self":
                reading.add("gender", "male" if match[2] == "m" else "female", i, i + 1)
        return
    ten = _TENS.match(word)
    if ten and ten[2] and before in (*_PARTS, "my", "our", "their", "his", "her"):
        _tens(reading, i, int(ten[1]))
        return
    joined = _YEARS.match(word)
    months = MONTHS.match(word)
    if joined and joined[2] != "t" and joined[2] != "tuổi":
        _en_age(reading, i, int(joined[1]), joined=True)
    elif months and months[2] in ("mo", "mos", "m") and child_before(reading, i):
        child(reading, i, i + 1, f"{months[1]}m")
    elif word.isdecimal() and len(word) <= 2:
        _en_age(reading, i, int(word))


def _tens(reading: Reading, i: int, ten: int) -> None:
    before = reading.word(i - 1)
    low, high = _PARTS.get(before, (0, 9))
    start = i - 1
    if before in _PARTS:
        start = i - 2 if reading.word(i - 2) in ("my", "our", "their", "his", "her") else i - 1
        if reading.word(start - 1) == "-":
            start -= 1
    owner = reading.word(start)
    if owner in ("my", "our"):
        if not reading.unreal(start):
            reading.add("age", f"{ten + low}-{ten + high}", start, i + 1, _plural_owner(reading, start), 0.9)
        return
    note(reading, start, i + 1, ten + low, ten + high)


def _plural_owner(reading: Reading, start: int) -> str:
    person = subject(reading, start)
    return "self" if person in NOBODY or person in ("other", "organisation") else person


def _en_age(reading: Reading, i: int, number: int, joined: bool = False) -> None:
    """A bare number, "28 years old", "28 yo", "3-year-old"."""
    norms, size = reading.norms, reading.size
    before = reading.word(i - 1)
    j = i + 1
    unit = "year" if joined else ""
    if not joined:
        if reading.word(j) == "-":
            j += 1
        if reading.word(j) in ("year", "years", "yr", "yrs", "yo", "y"):
            unit, j = "year", j + 1
        elif reading.word(j) in ("month", "months", "mo", "mos"):
            unit, j = "month", j + 1
        elif reading.word(j) in ("week", "weeks", "wks"):
            unit, j, number = "month", j + 1, number // 4
    old = False
    if unit == "year" and reading.norms[j : j + 2] == ["/", "o"]:
        old, j = True, j + 2
    if unit:
        if reading.word(j) == "-":
            j += 1
        if reading.word(j) in ("old", "olds"):
            old, j = True, j + 1
    old = old or joined or reading.word(i + 1) == "yo"
    if before in ("for", "since", "past", "last", "about", "by", "before", "until") and not old:
        return
    if any(word in ("before", "by", "until", "when") for word in norms[max(0, i - 4) : i]):
        return
    owner = _mention_over(reading, i)
    if owner == "child" and (unit or joined):
        if not reading.unreal(i):
            child(reading, i, min(j, size), f"{number}{'m' if unit == 'month' else 'y'}")
        return
    if unit and not old:
        _child_unit(reading, i, j, number, unit)
        return
    if old:
        if before == "a" and number < 18 and _mine_with_a(reading, i, j, unit):
            return
        if owner in _RELATED:
            if not reading.unreal(i):
                reading.add("age", str(number), i, min(j, size), owner, 0.85)
            return
        short = number < 18 and reading.norms[j - 1] in ("yo", "o") and reading.word(j) not in THINGS_AGED
        if (unit == "month" or short) and before in ("my", "our") and not owner and not reading.unreal(i):
            child(reading, i, min(j, size), f"{number}{'m' if unit == 'month' else 'y'}")
            reading.add("children", "yes", i - 1, min(j, size), "self", 0.75)
            return
        if unit == "month" or child_before(reading, i):
            if child_before(reading, i) or _just_said_age(reading, i):
                child(reading, i, min(j, size), f"{number}{'m' if unit == 'month' else 'y'}")
            return
        if owner == "" and before in ("the", "a", "this", "that", "our", "my") and before != "a":
            return
        if owner in ("thing", "pet"):
            return
        if before == "a" and number < 18:
            if (
                subject(reading, i) == "self"
                and reading.word(i - 2) in ("have", "with", "of", "to", "and")
                and not reading.unreal(i)
                and reading.word(j) not in THINGS_AGED
            ):
                child(reading, i, min(j, size), f"{number}y")
                reading.add("children", "yes", i, min(j, size), "self", 0.75)
            return
        follow = reading.word(j)
        if before == "a" and follow in ("house", "car", "phone", "hotel", "company", "dog", "cat", "building", "lab"):
            return
        _note_en(reading, i, j, number)
        return
    clause = reading.clause(i)
    after = reading.word(i + 1)
    if clause.end - clause.start == 1 and 18 <= number <= 90 and _told_of_self(reading, clause.sentence):
        note(reading, i, i + 1, number, number, confidence=0.6)
        return
    if before in ("turned", "turning") and after not in UNITS and number >= 18 and subject(reading, i) == "self":
        _note_en(
            reading, i, i + 1, number - (1 if before == "turning" and after in ("next", "in", "soon", "this") else 0)
        )
        return
    if (
        after in UNITS
        or after in ("/", "%", "'", "x", "-", ":", "kids", "children", "of", "more", "times")
        or before in ("$", "#", "/", "-", "'", ".")
    ):
        return
    if before in _TURN or before in (
        "i'm",
        "im",
        "am",
        "he's",
        "she's",
        "is",
        "aged",
        "age",
        "are",
        "only",
        "just",
        "hes",
        "shes",
        "was",
        "and",
    ):
        if before in ("only", "just") and reading.word(i - 2) not in ("am", "i'm", "im", "is", "he's", "she's"):
            return
        if before == "was" or (before == "and" and not _just_said_age(reading, i)):
            return
        if before == "is" and subject(reading, i) == "self":
            return
        ends = after in (
            "",
            ",",
            ".",
            "!",
            "?",
            "and",
            "but",
            ";",
            ")",
            "\n",
            "now",
            "who",
            "so",
            "this",
            "next",
            "with",
            "male",
            "female",
            "lol",
            "haha",
            "here",
            "…",
            "in",
        )
        if not ends or clause.sign == "%":
            return
        if before == "turning":
            number = number - 1 if reading.word(i + 1) in ("next", "in", "soon", "this") else number
        _note_en(reading, i, i + 1, number)


_RELATED = frozenset({"partner", "parent", "family", "friend", "other", "customer"})


def _mine_with_a(reading: Reading, i: int, j: int, unit: str) -> bool:
    """The author's own child: "I have a 9 month old and a 5 year old daughter"."""
    if reading.word(j) in THINGS_AGED or reading.unreal(i):
        return False
    near = reading.norms[max(0, i - 9) : i - 1]
    if subject(reading, i) not in ("self", "child", "pet") or not any(
        word in ("have", "got", "with", "had") for word in near
    ):
        return False
    digits = _DIGITS.match(reading.norms[i])
    number = int(digits[0]) if digits else reading.grammar.numbers.get(reading.norms[i], 0)
    end = min(j, reading.size)
    child(reading, i, end, f"{number}{'m' if unit == 'month' else 'y'}")
    reading.add("children", "yes", i, end, "self", 0.75)
    return True


def _told_of_self(reading: Reading, sentence: int) -> bool:
    """Whether the sentence has said something else of the author: "Dad of two, desk job, 38"."""
    return any(
        found.attribute in ("gender", "children", "occupation", "marital_status")
        and reading.clause(found.start).sentence == sentence
        for found in reading.found[-9:]
    ) or any(hit.code == "first_time_buyer" for hit in reading.by_area.get("behaviour", ())[:3])


def _just_said_age(reading: Reading, i: int) -> bool:
    return any(found.attribute == "child_age" and 0 < i - found.end <= 3 for found in reading.found[-9:])


def _mention_over(reading: Reading, i: int) -> str:
    """The code of a mention that holds the number itself: "my 3-year-old"."""
    for mention in reading.mentions_in(i - 8, i + 1):
        if i < mention.end and not (
            mention.code == "other" and reading.word(mention.start - 1) in reading.grammar.being
        ):
            return mention.code
    return ""


def _child_unit(reading: Reading, i: int, j: int, number: int, unit: str) -> None:
    """ "my kids (3 years and 5 months)"; a bare time span otherwise tells nothing."""
    if (
        child_before(reading, i)
        or _just_said_age(reading, i)
        or (reading.word(i - 1) in ("(", "is", "and") and subject(reading, i) == "child")
    ):
        if not reading.unreal(i):
            child(reading, i, min(j, reading.size), f"{number}{'m' if unit == 'month' else 'y'}")
    elif reading.word(i - 1) == "(" and any(f.attribute == "children" for f in reading.found):
        child(reading, i, min(j, reading.size), f"{number}{'m' if unit == 'month' else 'y'}")


def _note_en(reading: Reading, start: int, end: int, number: int) -> None:
    if child_before(reading, start) and number <= 25:
        if not reading.unreal(start):
            child(reading, start, min(end, reading.size), f"{number}y")
        return
    lead = reading.norms[reading.clause(start).start : start]
    if number < 16 and subject(reading, start) == "self" and _I_AM.isdisjoint(lead):
        return  # a thing's: "the cot is 14 years old"
    note(reading, start, min(end, reading.size), number, number)


_I_AM = frozenset({"i", "i'm", "im", "am", "we", "we're"})
