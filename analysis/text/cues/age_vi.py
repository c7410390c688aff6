"""Ages in Vietnamese: "mình 28t", "em sinh năm 97", "2k1", "9x", "gần 30", "ngoài 40", "u50", "bé 18 tháng"."""

from __future__ import annotations

import re

from analysis.text.cues.age import MONTHS, UNITS, child, child_before, child_months, note
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Known, Reading
from analysis.text.cues.who import subject, subject_mention

_PLAIN = re.compile(r"(\d{1,2})(t|tuổi|yo|y\.?o|yr|yrs)?$")

_DECADE = re.compile(r"([5-9])x$")

_BORN_2000 = re.compile(r"2k(\d{1,2})?(?:er)?$")

#: "99er", "9xer": born in those years.
_BORN_ER = re.compile(r"([5-9][\dx])er$")

_VI_TENS = {"hai": 20, "ba": 30, "bốn": 40, "năm": 50, "sáu": 60, "bảy": 70, "tám": 80}

_NEAR = words("gần sắp ngót xấp suýt almost nearly pushing")

_OVER = frozenset({"ngoài", "hơn", "trên", "quá", "over", "past"})

_YEAR_WORDS = words("tuổi t tủi years year yrs yr yo y")

_MONTH_WORDS = words("tháng th months month mo mos weeks week tuần")


def read(reading: Reading) -> None:
    """Note every age that is told of a person."""
    norms = reading.norms
    for i in reading.numbers:
        _vi_number(reading, i, norms[i])
    if _TELLING.isdisjoint(reading.said):
        return
    for i in _LOOKED_AT.places(norms):
        word = norms[i]
        if word in _DECADES_U:
            note(reading, i, i + 1, int(word[1:]) - 10, int(word[1:]) - 1)
        elif word == "tuổi":
            _vi_spelled(reading, i)
        elif word == "tháng":
            _spelled_months(reading, i)
        elif word == "mươi":
            _rough_tens(reading, i)
        elif word == "nôi":
            if reading.word(i - 1) == "thôi" and child_before(reading, i - 1):
                child(reading, i - 1, i + 1, "12m")
        elif word in ("băm", "đầu"):
            _thirties(reading, i)
        elif word == "sinh" or word[:2] == "sn":
            _born(reading, i)


_DECADES_U = frozenset(f"u{ten}0" for ten in range(2, 10))
_TELLING = (
    _DECADES_U
    | {"tuổi", "sinh", "sn", "tháng", "băm", "mươi", "nôi", "lên"}
    | {f"sn{year:02}" for year in range(100)}
    | {f"sn{year}" for year in range(1930, 2016)}
)


_LOOKED_AT = Known(lambda norm: norm in _TELLING or norm == "đầu" or norm[:2] == "sn")


def _vi_number(reading: Reading, i: int, word: str) -> None:
    norms = reading.norms
    after, before = reading.word(i + 1), reading.word(i - 1)
    if match := _BORN_ER.match(word):
        if match[1][1] != "x":
            _born_year(reading, i, i + 1, match[1])
            return
        word = match[1]
    if match := _DECADE.match(word):
        start, last = 1900 + int(match[1]) * 10, 9
        first = 0
        if after in ("đời", "đầu", "cuối"):
            told = reading.word(i + 2) if after == "đời" else after
            first, last = (0, 3) if told == "đầu" else (6, 9) if told == "cuối" else (0, 9)
            _years(reading, i, start + first, start + last, end=i + 2 + (after == "đời"))
            return
        _years(reading, i, start, start + last)
        return
    if word in ("2x", "3x", "4x") and before not in ("size", "số", "giảm"):
        note(reading, i, i + 1, int(word[0]) * 10, int(word[0]) * 10 + 9, confidence=0.65)
        return
    if match := _BORN_2000.match(word):
        if match[1] is None and not (
            before in reading.grammar.selves or before in ("toàn", "gen", "đời", "lứa", "thế")
        ):
            return
        _parent_word(reading, i, 99)
        born = 2000 + int(match[1] or 0)
        _years(reading, i, born, born + (0 if match[1] else 9))
        return
    months = MONTHS.match(word)
    if after in _MONTH_WORDS or (months and months[2] != "t"):
        child_months(reading, i, word, months is not None and after not in _MONTH_WORDS)
        return
    if after == "+" and word in ("20", "30", "40", "50", "60") and reading.word(i + 2) not in UNITS:
        note(reading, i, i + 2, int(word), int(word) + 9)
        return
    plain = _PLAIN.match(word)
    if plain is None or before in ("lớp", "quận", "thứ", "tháng", "q", "năm", "size", "nhau", "lần"):
        if (
            word[1:].isdecimal()
            and _is_year(word)
            and (before in reading.grammar.selves or before in ("vợ", "chồng", "bố", "mẹ"))
        ):
            _born_year(reading, i, i + 1, word)
        return
    number = int(plain[1])
    unit = bool(plain[2]) or after in _YEAR_WORDS
    if after == "năm" or (before in _BOUNDS and reading.word(i - 2) in _ANYBODY):
        return
    end = i + (1 if plain[2] else 2)
    if unit and _childs(reading, i, end, number, before):
        return
    if unit:
        if norms[i - 2 : i - 1] and before in ("-", "đến", "tới", "~") and reading.word(i - 2).isdecimal():
            note(reading, i - 2, end, int(reading.word(i - 2)), number)
        elif reading.word(end) in ("-", "đến"):
            return
        elif before in _NEAR:
            note(reading, i - 1, end, number - 2, number - 1)
        elif before in _OVER:
            note(reading, i - 1, end, number + 1, number + 9)
        elif before in ("trước", "trc") or (
            word.endswith("t")
            and i
            and not reading.mentions_in(reading.clause(i).start - 6, i + 4)
            and not _parent_before(reading, i)
            and after not in ("rồi", "mà")
        ):
            return
        else:
            note(reading, i, end, number, number)
        return
    if before in ("tuổi",) and number >= 10 and after not in UNITS:
        note(reading, i - 1, i + 1, number, number)
    elif before == "lên" and 1 <= number <= 12 and after not in UNITS and child_before(reading, i - 1):
        child(reading, i - 1, i + 1, f"{number}y")
    elif _bare_age(reading, i, number, before, after):
        note(reading, i, i + 1, number, number, confidence=0.7)
    elif number % 5 == 0 and 20 <= number <= 80 and before in _NEAR | {"ngoài"} and after not in UNITS and after != "%":
        low, high = (number - 2, number - 1) if before in _NEAR else (number + 1, number + 9)
        note(reading, i - 1, i + 1, low, high, confidence=0.65)
    elif (
        (before in reading.grammar.selves or before in ("vợ", "chồng") or _parent_word(reading, i, number))
        and _is_year(word)
        and not (
            len(word) == 2 and any(m.end == i and m.code in ("parent", "family") for m in reading.mentions_in(i - 5, i))
        )
        and after not in UNITS
        and after not in ("-", "/", ".")
    ):
        _born_year(reading, i, i + 1, word)
    elif 18 <= number <= 75 and after == "rồi" and before == "," and "tuổi" in norms[max(0, i - 6) : i]:
        note(reading, i, i + 2, number, number, confidence=0.65)  # "hơn các bạn vài tuổi, 36 rồi"
    elif number >= 40 and number % 5 == 0 and after == "rồi" and _third_subject(reading, i):
        note(reading, i, i + 1, number, number, confidence=0.6)


#: "Trẻ dưới 5 tuổi", "người trên 60 tuổi": whom a rule or a fare is for.
_BOUNDS = words("dưới trên từ")
_ANYBODY = words("trẻ bé em người khách con lớn")


def _childs(reading: Reading, i: int, end: int, number: int, before: str) -> bool:
    """A child's years: "nhóc 4 tuổi nhà mình", "con em sắp 1 tuổi" (11 months), "bé hơn 2 tuổi"."""
    if any(m.code == "child" and m.start < i < m.end for m in reading.mentions_in(i - 4, i)):
        child(reading, i, end, f"{number}y")
        return True
    if before not in _NEAR and before not in _OVER:
        return False
    if not child_before(reading, i - 1):
        return False
    near = before in _NEAR
    value = f"{number}y" if not near else f"{number * 12 - 1}m" if number <= 3 else f"{number - 1}y"
    child(reading, i - 1, end, value)
    return True


def _bare_age(reading: Reading, i: int, number: int, before: str, after: str) -> bool:
    """A number right behind somebody, or behind "năm nay": "em 19, sinh viên", "tôi 57", "bố em 59 làm ruộng"."""
    if (
        not 14 <= number <= 95
        or after in UNITS
        or (after in ("-", "/", ".", "%", "ngày", "rưỡi") and reading.word(i + 2)[:1].isdecimal())
    ):
        return False
    elder = any(m.end == i and m.code in ("parent", "family") for m in reading.mentions_in(i - 5, i)) and number >= 40
    if elder and not after[:1].isdecimal():
        return True
    if after not in _AFTER_AGE:
        return False
    if before in ("nay", "mới", "đã", "tròn", "cũng") and reading.word(i - 2) in _BEFORE_AGE:
        return before != "mới" or after in (",", ".", "", "tuổi", "thôi")
    mention = next((m for m in reversed(reading.mentions_in(i - 5, i)) if m.end == i), None)
    if mention is None:
        return False
    if mention.code == "self":
        return number < 75 and (
            mention.start == reading.clause(i).start or reading.word(mention.start - 1) in ("là", "của")
        )
    return mention.code in ("partner", "parent", "family", "friend") and number >= 18


_AFTER_AGE = words(
    ", . ! ? rồi mà tuổi còn vẫn nhưng làm là cũng chưa đang đã có ở sống bị hay nên thì và ạ nè đây sinh tới đi lái nuôi bán thôi nhà nghề"
    " mẹ bố bà anh lưng chân mắt - …"
) | {""}
_BEFORE_AGE = words("năm em mình tôi tui bác chị anh cô chú cháu mẹ bố ba má ông bà vợ chồng , . người") | {""}


def _parent_word(reading: Reading, i: int, number: int) -> bool:
    """ "mẹ 93, hai đứa": a parent is called by the year of birth; what is said is the author's own."""
    gender = _PARENTS.get(reading.word(i - 1))
    if gender is None or not 75 <= number <= 99 or reading.word(i - 2) in ("các", "mấy", "cho", "của"):
        return False
    if reading.word(i + 1) in ("rồi", "vẫn", "tuổi", "kg", "ký"):
        return False
    reading.add("gender", gender, i - 1, i + 1, "self", 0.7)
    reading.add("children", "yes", i - 1, i + 1, "self", 0.7)
    return True


_PARENTS = {"mẹ": "female", "mom": "female", "bố": "male", "ba": "male"}


def _parent_before(reading: Reading, i: int) -> bool:
    """ "mẹ bỉm 28t": what was told shortly before tells whose age it is."""
    return any(0 <= i - found.end <= 2 and found.attribute == "gender" for found in reading.found[-9:])


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
    return (len(word) == 2 and 75 <= int(word) <= 99) or (len(word) == 4 and 1940 <= int(word) <= 2015)


def _born(reading: Reading, i: int) -> None:
    """ "sinh năm 97", "sn 1995", "sn97", "sinh tháng 3/2025"."""
    word = reading.norms[i]
    if word[:2] == "sn" and word[2:].isdecimal():
        _born_year(reading, i, i + 1, word[2:])
        return
    j = i + 1
    while j < i + 5 and reading.word(j) in ("năm", "n", "hồi", ":", ".", "tháng", "thg", "ngày", "vào", "cuối", "đầu"):
        j += 1
    if (
        reading.word(j - 1) in ("tháng", "thg")
        and reading.word(j).isdecimal()
        and reading.word(j + 1) in ("/", "-", "năm")
    ):
        _born_month(reading, i, j)
        return
    word = reading.word(j)
    directly = j == i + 1 and word.isdecimal() and _is_year(word)
    if (j > i + 1 and word.isdecimal() and _is_birth(word)) or directly:
        _born_year(reading, i, j + 1, word)


def _is_birth(word: str) -> bool:
    return len(word) == 2 or (len(word) == 4 and 1930 <= int(word) <= 2100)


def _born_month(reading: Reading, i: int, j: int) -> None:
    month, year = int(reading.word(j)), reading.word(j + 2)
    if reading.written is None or not year.isdecimal() or not 1 <= month <= 12 or subject(reading, i) != "child":
        return
    full = int(year) if len(year) == 4 else 2000 + int(year)
    months = (reading.written.year - full) * 12 + reading.written.month - month
    if 0 <= months <= 18 * 12:
        child(reading, i, j + 3, f"{months}m" if months < 36 else f"{months // 12}y")


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
        note(reading, start, end or start + 1, low, high)


_MONTHS_SPELLED = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip


def _spelled_months(reading: Reading, i: int) -> None:
    """ "thằng cu ba tháng", "con mới đầy tháng"."""
    norms = reading.norms
    before = reading.word(i - 1)
    if before == "đầy" and child_before(reading, i - 1):
        child(reading, i - 1, i + 1, "1m")
        return
    number = _MONTHS_SPELLED.get(before)
    start = i - 1
    if number is not None and reading.word(i - 2) == "mười":
        number, start = number + 10, i - 2
    if (
        number is None
        or reading.word(i + 1) in ("nay", "trước", "sau", "trời", "đầu", "liền")
        or norms[start - 1 : start] == ["cả"]
    ):
        return
    if child_before(reading, start):
        child(reading, start, i + 1, f"{number}m")


def _rough_tens(reading: Reading, i: int) -> None:
    """ "gần tám mươi", "ngoài năm mươi", without "tuổi"."""
    ten, before = _VI_TENS.get(reading.word(i - 1)), reading.word(i - 2)
    after = reading.word(i + 1)
    if (
        ten is None
        or ten < 30
        or after == "tuổi"
        or after in UNITS
        or after in reading.grammar.numbers
        or after == "lăm"
    ):
        return
    if before in _NEAR:
        note(reading, i - 2, i + 1, ten - 2, ten - 1, confidence=0.65)
    elif before == "ngoài":
        note(reading, i - 2, i + 1, ten + 1, ten + 9, confidence=0.65)


def _thirties(reading: Reading, i: int) -> None:
    """ "tuổi băm", "tuổi cũng đầu bốn", "đầu 3 rồi"."""
    after = reading.word(i + 1)
    told = "tuổi" in reading.norms[max(0, i - 3) : i] or reading.word(i + 2) == "rồi"
    if reading.norms[i] == "băm":
        if "tuổi" in reading.norms[max(0, i - 2) : i + 3]:
            note(reading, i, i + 1, 30, 39, confidence=0.7)
    elif told and (after in ("3", "4", "5", "ba", "bốn", "năm")):
        ten = 10 * (int(after) if after.isdecimal() else {"ba": 3, "bốn": 4, "năm": 5}[after])
        note(reading, i, i + 2, ten, ten + 9, confidence=0.65)


def _vi_spelled(reading: Reading, i: int) -> None:
    """ "ba mươi hai tuổi", "3 mấy tuổi", "ngoài bốn mươi tuổi"."""
    words = reading.norms[max(0, i - 4) : i]
    if len(words) < 2:
        return
    if words[-1] == "mấy" and words[-2] == "mươi" and words[-3:-2] and words[-3] in _VI_TENS:
        note(reading, i - 3, i + 1, _VI_TENS[words[-3]] + 1, _VI_TENS[words[-3]] + 9)
        return
    numbers = reading.grammar.numbers
    if words[-1] in ("mươi", "chục") and words[-2] in _VI_TENS:
        ten, start = _VI_TENS[words[-2]], i - 2
        before = reading.word(start - 1)
        low, high = (ten - 2, ten - 1) if before in _NEAR else (ten + 1, ten + 9) if before in _OVER else (ten, ten)
        note(reading, start, i + 1, low, high)
    elif (
        len(words) >= 3
        and words[-2] == "mươi"
        and words[-3] in _VI_TENS
        and (words[-1] in numbers or words[-1] == "lăm")
    ):
        age = _VI_TENS[words[-3]] + numbers.get(words[-1], 5)
        note(reading, i - 3, i + 1, age, age)
    elif words[-1] == "mấy" and (words[-2] in _VI_TENS or words[-2] in ("30", "40", "50", "3", "4", "5", "20", "2")):
        ten = _VI_TENS.get(words[-2]) or (int(words[-2]) if len(words[-2]) == 2 else int(words[-2]) * 10)
        note(reading, i - 2, i + 1, ten + 1, ten + 9)
    elif words[-1] in numbers and words[-2] not in ("mươi",) and subject(reading, i - 1) == "child":
        years = numbers[words[-1]]
        if words[-2] in ("gần", "sắp") and 1 < years <= 3:
            child(reading, i - 2, i + 1, f"{years * 12 - 1}m")
        else:
            child(reading, i - 1, i + 1, f"{years}y")
