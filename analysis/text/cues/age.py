"""Ages: "mình 28t", "em sinh năm 97", "gần 30", "u50", "in my thirties", "my dad, he's 68"; a child's is its ``child_age``.

A number is an age only beside a person. Birth years are taken from the year in which the text was written; without one
they tell nothing. Months and ages under 18 after a child are the child's; things and animals have none.
"""

from __future__ import annotations

import re

from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject, subject_mention

_PLAIN = re.compile(r"(\d{1,2})(t|tuổi|yo|y\.?o|yr|yrs)?$")
_MONTHS = re.compile(r"(\d{1,2})(th|m|tháng|mo|mos|t)$")
_YEARS = re.compile(r"(\d{1,2})(y|yo|yrs?|t|tuổi)$")
_SEXED = re.compile(r"(\d{2})(m|f)$")
_DECADE = re.compile(r"([5-9])x$")
_BORN_2000 = re.compile(r"2k(\d{1,2})?$")
_U = re.compile(r"u([2-9])0$")
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
_VI_TENS = {"hai": 20, "ba": 30, "bốn": 40, "năm": 50, "sáu": 60, "bảy": 70, "tám": 80}
_NEAR = frozenset({"gần", "sắp", "ngót", "xấp", "suýt", "almost", "nearly", "pushing"})
_OVER = frozenset({"ngoài", "hơn", "trên", "quá", "over", "past"})
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
_YEAR_WORDS = frozenset({"tuổi", "t", "tủi", "years", "year", "yrs", "yr", "yo", "y"})
_MONTH_WORDS = frozenset({"tháng", "th", "months", "month", "mo", "mos", "weeks", "week", "tuần"})
_UNITS = frozenset(
    "kg ký kí k tr triệu củ tỷ năm tháng ngày giờ phút km m cm lít ml gram g % phần cái con chiếc người độ lần usd đô vnd inch w nghìn ngàn"
    " lbs lb pounds miles minutes hours days weeks dollars bucks percent x".split()
)
_SELF_AGE = (10, 99)


def read(reading: Reading) -> None:
    """Note every age that is told of a person."""
    if reading.lang == "vi":
        _vietnamese(reading)
    else:
        _english(reading)


def _vietnamese(reading: Reading) -> None:
    norms = reading.norms
    for i, word in enumerate(norms):
        first = word[0]
        if first.isdigit():
            _vi_number(reading, i, word)
        elif first == "u" and _U.match(word):
            high = int(word[1:])
            _note(reading, i, i + 1, high - 10, high - 1)
        elif word == "tuổi":
            _vi_spelled(reading, i)
        elif word in ("sinh", "sn", "sn:") or (first == "s" and word[:2] == "sn" and word[2:].isdigit()):
            _born(reading, i)


def _vi_number(reading: Reading, i: int, word: str) -> None:
    norms = reading.norms
    after, before = reading.word(i + 1), reading.word(i - 1)
    if match := _DECADE.match(word):
        start = 1900 + int(match[1]) * 10
        _years(reading, i, start, start + 9)
        return
    if match := _BORN_2000.match(word):
        if match[1] is None and not (
            before in reading.grammar.selves or before in ("toàn", "gen", "đời", "lứa", "thế")
        ):
            return
        born = 2000 + int(match[1] or 0)
        _years(reading, i, born, born + (0 if match[1] else 9))
        return
    months = _MONTHS.match(word)
    if after in _MONTH_WORDS or (months and months[2] != "t"):
        _child_months(reading, i, word, months is not None and after not in _MONTH_WORDS)
        return
    plain = _PLAIN.match(word)
    if plain is None or before in ("lớp", "quận", "thứ", "tháng", "q", "năm", "size", "lần"):
        if word[1:].isdigit() and before in reading.grammar.selves and _is_year(word):
            _born_year(reading, i, i + 1, word)
        return
    number = int(plain[1])
    unit = bool(plain[2]) or after in _YEAR_WORDS
    if after == "năm" or (after == "," and False):
        return
    end = i + (1 if plain[2] else 2)
    if unit:
        if after == "năm":
            return
        if norms[i - 2 : i - 1] and before in ("-", "đến", "tới", "~") and reading.word(i - 2).isdigit():
            _note(reading, i - 2, end, int(reading.word(i - 2)), number)
        elif reading.word(end) in ("-", "đến"):
            return
        elif before in _NEAR:
            _note(reading, i - 1, end, number - 2, number - 1)
        elif before in _OVER:
            _note(reading, i - 1, end, number + 1, number + 9)
        elif before in ("trước", "trc"):
            return
        else:
            _note(reading, i, end, number, number)
        return
    if before in ("tuổi",) and number >= 10 and after not in _UNITS:
        _note(reading, i - 1, i + 1, number, number)
    elif (
        number % 5 == 0 and 20 <= number <= 80 and before in _NEAR | {"ngoài"} and after not in _UNITS and after != "%"
    ):
        low, high = (number - 2, number - 1) if before in _NEAR else (number + 1, number + 9)
        _note(reading, i - 1, i + 1, low, high, confidence=0.65)
    elif before in reading.grammar.selves and _is_year(word) and after not in _UNITS and after not in ("-", "/", "."):
        _born_year(reading, i, i + 1, word)
    elif number >= 40 and number % 5 == 0 and after == "rồi" and _third_subject(reading, i):
        _note(reading, i, i + 1, number, number, confidence=0.6)


def _third_subject(reading: Reading, i: int) -> bool:
    return (
        subject(reading, i) in ("parent", "family")
        and i - 1 >= 0
        and (
            reading.word(i - 1) in reading.grammar.fillers
            or bool((m := subject_mention(reading, i)) and m.end >= i - 2)
            or reading.word(i - 1) == "bà"
        )
    )


def _is_year(word: str) -> bool:
    return (len(word) == 2 and 55 <= int(word) <= 99) or (len(word) == 4 and 1940 <= int(word) <= 2015)


def _born(reading: Reading, i: int) -> None:
    """ "sinh năm 97", "sn 1995", "sn97", "sinh tháng 3/2025"."""
    word = reading.norms[i]
    if word[:2] == "sn" and word[2:].isdigit():
        _born_year(reading, i, i + 1, word[2:])
        return
    j = i + 1
    while j < i + 5 and reading.word(j) in ("năm", "n", "hồi", ":", ".", "tháng", "thg", "ngày", "vào", "cuối", "đầu"):
        j += 1
    if (
        reading.word(j - 1) in ("tháng", "thg")
        and reading.word(j).isdigit()
        and reading.word(j + 1) in ("/", "-", "năm")
    ):
        _born_month(reading, i, j)
        return
    word = reading.word(j)
    if j > i + 1 and word.isdigit() and _is_birth(word):
        _born_year(reading, i, j + 1, word)


def _is_birth(word: str) -> bool:
    return len(word) == 2 or (len(word) == 4 and 1930 <= int(word) <= 2100)


def _born_month(reading: Reading, i: int, j: int) -> None:
    month, year = int(reading.word(j)), reading.word(j + 2)
    if reading.written is None or not year.isdigit() or not 1 <= month <= 12 or subject(reading, i) != "child":
        return
    full = int(year) if len(year) == 4 else 2000 + int(year)
    months = (reading.written.year - full) * 12 + reading.written.month - month
    if 0 <= months <= 18 * 12:
        _child(reading, i, j + 3, f"{months}m" if months < 36 else f"{months // 12}y")


def _born_year(reading: Reading, start: int, end: int, word: str) -> None:
    year = int(word)
    if len(word) == 2:
        year += 1900 if year > 30 else 2000
    _years(reading, start, year, year, end=end)


def _years(reading: Reading, start: int, first: int, last: int, end: int | None = None) -> None:
    """An age from birth years, by the year of the text."""
    if reading.written is None:
        return
    low, high = reading.written.year - last, reading.written.year - first
    if low >= 0:
        _note(reading, start, end or start + 1, low, high)


def _vi_spelled(reading: Reading, i: int) -> None:
    """ "ba mươi hai tuổi", "3 mấy tuổi", "ngoài bốn mươi tuổi"."""
    words = reading.norms[max(0, i - 4) : i]
    if len(words) < 2:
        return
    numbers = reading.grammar.numbers
    if words[-1] in ("mươi", "chục") and words[-2] in _VI_TENS:
        ten, start = _VI_TENS[words[-2]], i - 2
        before = reading.word(start - 1)
        low, high = (ten - 2, ten - 1) if before in _NEAR else (ten + 1, ten + 9) if before in _OVER else (ten, ten)
        _note(reading, start, i + 1, low, high)
    elif (
        len(words) >= 3
        and words[-2] == "mươi"
        and words[-3] in _VI_TENS
        and (words[-1] in numbers or words[-1] == "lăm")
    ):
        age = _VI_TENS[words[-3]] + numbers.get(words[-1], 5)
        _note(reading, i - 3, i + 1, age, age)
    elif words[-1] == "mấy" and (words[-2] in _VI_TENS or words[-2] in ("30", "40", "50", "3", "4", "5", "20", "2")):
        ten = _VI_TENS.get(words[-2]) or (int(words[-2]) if len(words[-2]) == 2 else int(words[-2]) * 10)
        _note(reading, i - 2, i + 1, ten + 1, ten + 9)
    elif words[-1] in numbers and words[-2] not in ("mươi",) and subject(reading, i - 1) == "child":
        _child(reading, i - 1, i + 1, f"{numbers[words[-1]]}y")


def _note(reading: Reading, start: int, end: int, low: int, high: int, confidence: float = 0.85) -> None:
    """An age of whoever is the subject."""
    if reading.unreal(start) or low > high:
        return
    mention = subject_mention(reading, start)
    person = mention.code if mention else "self"
    if person == "expert":
        person = "other"
    if person in NOBODY or person == "organisation":
        return
    if person == "child":
        if high <= 25:
            _child(reading, start, end, f"{low}y")
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
    return any(m.code == "thing" and first <= m.start < last for m in reading.mentions)


def _child_months(reading: Reading, i: int, word: str, joined: bool) -> None:
    digits = re.match(r"\d{1,2}", word)
    if digits is None or (not joined and not word.isdigit()):
        return
    number = int(digits[0])
    unit = reading.word(i + 1)
    end = i + (1 if joined else 2)
    if reading.word(end) == "tuổi" or reading.word(end) in ("rưỡi", "old"):
        end += 1
    if reading.word(i - 1) in ("-", "/") or number > 48 or reading.unreal(i):
        return
    told = reading.norms[end - 1 : end] == ["tuổi"] or reading.norms[end - 1 : end] == ["old"]
    mention = _child_before(reading, i, loose=told)
    if mention:
        _child(reading, i, end, f"{max(number // 4, 0)}m" if unit in ("tuần", "week", "weeks") else f"{number}m")


def _child_before(reading: Reading, i: int, loose: bool = False) -> bool:
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
        or w[0].isdigit()
        or w in ("sinh", "đôi", "y", "tháng", "months", "month", "years", "year", "old", "đc")
        for w in between
    )


def _child(reading: Reading, start: int, end: int, value: str) -> None:
    reading.add("child_age", value, start, min(end, reading.size), "child", 0.85)


def _english(reading: Reading) -> None:
    norms = reading.norms
    for i, word in enumerate(norms):
        first = word[0]
        if first.isdigit():
            _en_number(reading, i, word)
        elif word in _TEN_WORDS and reading.word(i - 1) in (*_PARTS, "my", "our", "their", "his", "her"):
            _tens(reading, i, _TEN_WORDS[word])
        elif (
            word in reading.grammar.numbers
            and word not in ("a", "an")
            and reading.word(i + 1) in ("years", "year", "months", "month", "weeks")
        ):
            _en_age(reading, i, reading.grammar.numbers[word])


def _en_number(reading: Reading, i: int, word: str) -> None:
    before = reading.word(i - 1)
    if match := _SEXED.match(word):
        clause = reading.clause(i)
        if i == clause.start or before in ("i", "i'm", "im", "am", "(", "a", "me"):
            _note(reading, i, i + 1, int(match[1]), int(match[1]))
            if reading.found and reading.found[-1].start == i and subject(reading, i) == "self":
                reading.add("gender", "male" if match[2] == "m" else "female", i, i + 1)
        return
    ten = _TENS.match(word)
    if ten and ten[2] and before in (*_PARTS, "my", "our", "their", "his", "her"):
        _tens(reading, i, int(ten[1]))
        return
    joined = _YEARS.match(word)
    months = _MONTHS.match(word)
    if joined and joined[2] != "t" and joined[2] != "tuổi":
        _en_age(reading, i, int(joined[1]), joined=True)
    elif months and months[2] in ("mo", "mos", "m") and _child_before(reading, i):
        _child(reading, i, i + 1, f"{months[1]}m")
    elif word.isdigit() and len(word) <= 2:
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
    _note(reading, start, i + 1, ten + low, ten + high)


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
    old = False
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
            _child(reading, i, min(j, size), f"{number}{'m' if unit == 'month' else 'y'}")
        return
    if unit and not old:
        _child_unit(reading, i, j, number, unit)
        return
    if old:
        if unit == "month" or _child_before(reading, i):
            if _child_before(reading, i) or _just_said_age(reading, i):
                _child(reading, i, min(j, size), f"{number}{'m' if unit == 'month' else 'y'}")
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
                and reading.word(j) not in _THINGS_AGED
            ):
                _child(reading, i, min(j, size), f"{number}y")
                reading.add("children", "yes", i, min(j, size), "self", 0.75)
            return
        follow = reading.word(j)
        if before == "a" and follow in ("house", "car", "phone", "hotel", "company", "dog", "cat", "building", "lab"):
            return
        _note_en(reading, i, j, number)
        return
    clause = reading.clause(i)
    after = reading.word(i + 1)
    if (
        after in _UNITS
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


_THINGS_AGED = frozenset(
    "house car phone hotel company dog cat building lab laptop mattress truck bike roof fridge washer puppy kitten".split()
)


def _just_said_age(reading: Reading, i: int) -> bool:
    return any(found.attribute == "child_age" and 0 < i - found.end <= 3 for found in reading.found)


def _mention_over(reading: Reading, i: int) -> str:
    """The code of a mention that holds the number itself: "my 3-year-old"."""
    for mention in reading.mentions:
        if mention.start <= i < mention.end:
            return mention.code
    return ""


def _child_unit(reading: Reading, i: int, j: int, number: int, unit: str) -> None:
    """ "my kids (3 years and 5 months)"; a bare time span otherwise tells nothing."""
    if (
        _child_before(reading, i)
        or _just_said_age(reading, i)
        or (reading.word(i - 1) in ("(", "is", "and") and subject(reading, i) == "child")
    ):
        if not reading.unreal(i):
            _child(reading, i, min(j, reading.size), f"{number}{'m' if unit == 'month' else 'y'}")
    elif reading.word(i - 1) == "(" and any(f.attribute == "children" for f in reading.found):
        _child(reading, i, min(j, reading.size), f"{number}{'m' if unit == 'month' else 'y'}")


def _note_en(reading: Reading, start: int, end: int, number: int) -> None:
    if _child_before(reading, start) and number <= 25:
        if not reading.unreal(start):
            _child(reading, start, min(end, reading.size), f"{number}y")
        return
    _note(reading, start, min(end, reading.size), number, number)
