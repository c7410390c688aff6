"""Children counted: "có 2 bé", "mẹ 3 con", "bé thứ hai", "mother of two", "our second". Wishes for children are none."""

from __future__ import annotations

from analysis.text.cues import parents_vi
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject

_CHILD = frozenset({"bé", "con", "nhóc", "đứa", "cháu", "tiểu"})
_CHILD_ONLY = frozenset({"bé", "nhóc", "đứa"})
_AFTER_CON = frozenset(
    {
        "",
        ",",
        ".",
        "gái",
        "trai",
        "nhỏ",
        "rồi",
        "thì",
        "nên",
        "(",
        "đang",
        "mà",
        "và",
        "ăn",
        "học",
        "một",
        "1",
        "!",
        "?",
        "lớn",
        "o",
        "ở",
        "còn",
        "với",
        "nữa",
        "thơ",
        ")",
        "-",
        "\n",
        "tuổi",
        "vẫn",
        "cũng",
        "mới",
        "tính",
        "cần",
        "muốn",
        "định",
    }
)
_BEFORE_CON = words("có mẹ nuôi đẻ bỉm sinh bố ba được sữa đông cả với và vừa má chồng em mình nhà")
#: The child that these carry is not born yet.
_UNBORN = frozenset({"bầu", "chửa", "mang", "thai", "nghén"})
_NTH = frozenset({"thứ"})
_ANIMAL = words("mèo chó cún gà vịt bò heo lợn cá này đó kia xe máy hàng poodle corgi miu chim boss")
_KIDS = words(
    "lads teenagers lasses toddler teenager kids children sons daughters boys girls toddlers babies kid"
    " child teens son daughter kiddos littles"
)
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_OF = words("mom mother mum dad father mama parent parents momma mommy sahm")


_COUNTED_EN = _KIDS | _OF | _ORDER.keys()


def read(reading: Reading) -> None:
    """Note how many children the author has."""
    if reading.lang == "vi":
        if not _CHILD.isdisjoint(reading.said):
            _vietnamese(reading)
        parents_vi.read(reading)
    elif not _COUNTED_EN.isdisjoint(reading.said):
        _english(reading)


def _count(reading: Reading, token: int) -> int | None:
    word = reading.word(token)
    if word.isdecimal() and len(word) == 1:
        return int(word)
    return reading.grammar.numbers.get(word)


def _vietnamese(reading: Reading) -> None:
    norms = reading.norms
    for i, word in enumerate(norms):
        if word not in _CHILD:
            continue
        after = reading.word(i + 1)
        if (
            after in _NTH
            and (number := _count(reading, i + 2))
            and word in ("bé", "con")
            and reading.word(i + 3) != "của"
        ):
            if (
                word == "con"
                and not any(m.code in ("child", "self") for m in reading.mentions)
                and reading.word(i - 1) not in ("sinh", "đẻ", "bầu")
            ):
                continue
            _add(reading, i, i + 3, number - (reading.word(i - 1) in _UNBORN))
            continue
        number = _count(reading, i - 1)
        if number is None or number > 9 or after in _ANIMAL or (reading.pets and word == "bé"):
            continue
        before = reading.word(i - 2)
        if (
            word in ("con", "cháu", "đứa")
            and not (before in _BEFORE_CON and after in _AFTER_CON)
            and after not in ("gái", "trai")
            and not (word == "đứa" and (_of_the_house(reading, i - 1) or _of_our_house(reading, i + 1)))
            and not _own_number(reading, i, before, after)
        ):
            continue
        if word in _CHILD_ONLY and after in ("này", "đó"):
            continue
        if before in ("tặng", "cho") and word == "bé":
            continue
        _add(reading, i - 1, i + 1 + (after in ("gái", "trai")), number)


def _own_number(reading: Reading, i: int, before: str, after: str) -> bool:
    """ "chăm 2 đứa", "hai đứa con", "một nách hai con nhỏ", "hai đứa sinh đôi", "8x, hai con,"."""
    word = reading.norms[i]
    if word == "đứa":
        return after in ("con", "sinh", "nhóc", "nhỏ") or (
            before in _KEEPING and after not in ("bạn", "em", "mình", "một")
        )
    if word == "con":
        return (before in _KEEPING or before in ("", ",", ".", "nách")) and (
            after in _AFTER_CON or after in ("nhỏ", "sinh", "đang")
        )
    return before in _KEEPING and after in _AFTER_CON


_KEEPING = words("chăm nuôi trông giữ lo có đẻ sinh nách cho đón đưa kèm được thêm")


def _of_our_house(reading: Reading, at: int) -> bool:
    """ "hai đứa | nhà mình"."""
    return reading.word(at) == "nhà" and reading.word(at + 1) in reading.grammar.selves


def _of_the_house(reading: Reading, at: int) -> bool:
    """ "nhà mình | hai đứa", "mẹ 93, | hai đứa": of whom so many are told."""
    if reading.word(at - 1) == ",":
        return any(found.attribute == "children" and 0 < at - found.end <= 4 for found in reading.found[-9:])
    return reading.word(at - 1) in reading.grammar.selves and reading.word(at - 2) == "nhà"


def _english(reading: Reading) -> None:
    norms = reading.norms
    for i, word in enumerate(norms):
        if word in _KIDS:
            _en_kids(reading, i)
        elif word == "of" and norms[max(0, i - 2) : i] == ["a", "family"] and reading.word(i - 3) in _WE_ARE:
            number = _count(reading, i + 1)
            if number and 3 <= number <= 7:
                _add(reading, i - 2, i + 2, number - 2)
        elif word == "of" and reading.word(i - 1) in _OF:
            number = _count(reading, i + 1)
            if number and reading.word(i + 1) not in ("a", "an") and reading.word(i + 2) not in _PETS_EN:
                _add(reading, i - 1, i + 2, number)
        elif (
            word in _ORDER
            and reading.word(i - 1) in ("our", "my")
            and (reading.word(i - 2) == "with" or reading.word(i + 1) in ("is", "baby", "child", "kid"))
        ):
            number = _ORDER[word] - 1
            if number and any(found.value == "expecting" for found in reading.found):
                _add(reading, i - 1, i + 1, number)


_WE_ARE = words("we're are for as")
_PETS_EN = words("dogs cats huskies pets puppies kittens labs horses birds plants")


def _en_kids(reading: Reading, i: int) -> None:
    for j in range(i - 1, max(-1, i - 4), -1):
        word = reading.word(j)
        if word == "with":
            break
        if word in ("and", "hundred", "thousand", "each", "every", "for", "?", ".", ",", "year"):
            return
        number = _count(reading, j)
        if number is not None and word not in ("a", "an"):
            if reading.word(j + 1) in ("year", "yr", "month", "-", "years", "months"):
                return
            if number > 5 and reading.word(i) in ("lads", "boys", "girls"):
                return
            if word == "one" and reading.word(j - 1) in ("no", "this", "that"):
                return
            own = reading.norms[max(0, j - 4) : j]
            if (
                any(
                    w
                    in (
                        "have",
                        "had",
                        "with",
                        "my",
                        "our",
                        "of",
                        "and",
                        "has",
                        "got",
                        "raising",
                        "raise",
                        "having",
                        "wife",
                        "married",
                        ",",
                        ".",
                        "to",
                        "mom",
                        "dad",
                        "gets",
                    )
                    for w in own
                )
                or j == 0
            ) or j == reading.clause(j).start:
                _add(reading, j, i + 1, number)
            return
        if word in ("have", "had", "having", "raising", "got") and subject(reading, j) == "self":
            if i - j <= 3 and not reading.negated(i):
                _yes(reading, j, i + 1)
            return
    if (
        reading.word(i - 1) == "a"
        and reading.word(i - 2) in ("have", "having", "had", "got", "raising")
        and subject(reading, i) == "self"
    ):
        _yes(reading, i - 2, i + 1)


def _yes(reading: Reading, start: int, end: int) -> None:
    before = reading.word(start - 1)
    if before in (
        "to",
        "never",
        "not",
        "don't",
        "could",
        "can't",
        "cannot",
        "you",
        "they",
        "want",
        "may",
        "will",
        "would",
        "who",
    ):
        return
    if not reading.unreal(start) and not reading.negated(start):
        reading.add("children", "yes", start, end, "self", 0.7)


def _add(reading: Reading, start: int, end: int, number: int) -> None:
    if reading.unreal(start) or reading.negated(start) or number <= 0:
        return
    who = subject(reading, start)
    if who in ("self", "partner", "child", "you", "organisation", "pet"):
        who = "self" if who != "you" else "you"
    if who != "self":
        if who in ("family", "friend", "other", "parent") and reading.lang == "vi":
            reading.add("children", str(number), start, end, who, 0.5)
        return
    if reading.word(start - 1) in ("want", "wanted", "muốn", "mong", "to"):
        return
    reading.add("children", str(number), start, end, "self", 0.85, rank=2)
