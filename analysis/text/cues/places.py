"""Where somebody lives: a place counts with words of living, coming from or delivering to; not a trip's, a shop's, a maker's.

Values are the provinces as of before July 2025 (a city or district stands for its province); :func:`merged` names the
province that each has become since.
"""

from __future__ import annotations

from itertools import pairwise

from analysis.text.cues import places_vi
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject, subject_mention
from analysis.text.phrases import Hit, longest

#: Province of before July 2025 → its name among the 34 of today, where that differs.
_MERGED = {
    "Hà Giang": "Tuyên Quang", "Yên Bái": "Lào Cai", "Bắc Kạn": "Thái Nguyên", "Vĩnh Phúc": "Phú Thọ", "Hòa Bình": "Phú Thọ",
    "Bắc Giang": "Bắc Ninh", "Thái Bình": "Hưng Yên", "Hải Dương": "Hải Phòng", "Hà Nam": "Ninh Bình", "Nam Định": "Ninh Bình",
    "Quảng Bình": "Quảng Trị", "Thừa Thiên Huế": "Huế", "Quảng Nam": "Đà Nẵng", "Kon Tum": "Quảng Ngãi", "Bình Định": "Gia Lai",
    "Phú Yên": "Đắk Lắk", "Ninh Thuận": "Khánh Hòa", "Đắk Nông": "Lâm Đồng", "Bình Thuận": "Lâm Đồng", "Bình Phước": "Đồng Nai",
    "Bình Dương": "Hồ Chí Minh", "Bà Rịa - Vũng Tàu": "Hồ Chí Minh", "Long An": "Tây Ninh", "Bến Tre": "Vĩnh Long",
    "Trà Vinh": "Vĩnh Long", "Tiền Giang": "Đồng Tháp", "Bạc Liêu": "Cà Mau", "Kiên Giang": "An Giang", "Sóc Trăng": "Cần Thơ",
    "Hậu Giang": "Cần Thơ",
}  # fmt: skip

_ONCE = ("trước kia", "trước đây", "hồi trước", "hồi xưa", "ngày xưa", "hồi đó")
_EN_LIVE = words(
    "live lives living lived based located reside resides residing stuck settled relocated renting rent home stay staying"
)
_EN_AT = words("in from near outside around of at to")
_EN_TRIP = words(
    "flew fly flying trip visit visited visiting vacation travel traveled travelled traveling went go going drove driving through"
    " stopped holiday weekend tour met concert show shipped ships made manufactured see band born raised hotel flight"
)
_SAYS = words(
    "am i'm im i are we're originally come here hello hi is he's she's all greetings also me too moved up visiting"
)
_EN_HERE = words("here out down up over back currently now")
_EN_THINGS = words("the this that it they he she there these his her their your you a an its")


def merged(province: str) -> str:
    """The province of the 34 since July 2025 that ``province`` (of the 63 before) belongs to."""
    return _MERGED.get(province, province)


def read(reading: Reading) -> None:
    """Note where people live."""
    hits = reading.by_area.get("places")
    if not hits:
        return
    found = [hit for hit in longest(hits) if hit.entry.notes != "viết hoa" or not reading.doc[hit.start].text.islower()]
    foreign = {hit.code for hit in found if hit.entry.notes == "nước ngoài"}
    for start, end, value in _join(reading, found):
        nation = value in foreign and reading.word(start - 1) in ("người", "hàng", "đồ", "tiếng")
        if not reading.unreal(start) and not nation and not _once(reading, start):
            if reading.lang == "vi":
                places_vi.judge(reading, start, end, value, value in foreign)
            else:
                _english(reading, start, end, value)


def _join(reading: Reading, hits: list[Hit]) -> list[tuple[int, int, str]]:
    """Neighbouring names are one address, the first (most exact) gives the place: "Kiến An, HP", "Dĩ An TP.HCM"."""
    joined: list[tuple[int, int, str]] = []
    for hit in hits:
        if joined and reading.lang == "vi":
            start, end, value = joined[-1]
            between = reading.norms[end : hit.start]
            if (
                hit.start >= end
                and len(between) <= 2
                and all(word in (",", "-", ".", "tp", "tỉnh", "(", "thành", "phố") for word in between)
            ):
                joined[-1] = (start, hit.end, value)
                continue
        if joined and reading.lang == "en":
            start, end, value = joined[-1]
            if hit.start >= end and reading.norms[end : hit.start] in ([","], []):
                joined[-1] = (start, hit.end, value)
                continue
        joined.append((hit.start, hit.end, hit.code))
    return joined


def _once(reading: Reading, first: int) -> bool:
    """Whether "ở X" tells of an earlier time: "trước kia mình sống ở Huế", "I used to live in London"."""
    clause = reading.clause(first)
    norms = reading.norms[clause.start : first]
    if reading.lang == "en":
        return any(pair == ("used", "to") for pair in pairwise(norms))
    said = " ".join(norms)
    return any(once in said for once in _ONCE)


def _add(
    reading: Reading, start: int, end: int, value: str, person: str, first: int, rank: int, confidence: float
) -> None:
    if reading.negated(first) or person in NOBODY:
        return
    if person == "expert":
        person = "other"
    if person == "child":
        person = "self"
    reading.add("location", value, start, end, person, confidence, rank=rank)


def _english(reading: Reading, start: int, end: int, value: str) -> None:
    norms = reading.norms
    before = reading.word(start - 1)
    first = (
        start - 1
        if before
        in (
            "the",
            "southern",
            "northern",
            "rural",
            "downtown",
            "central",
            "sunny",
            "old",
            "small",
            "beautiful",
            "lovely",
            "good",
        )
        else start
    )
    before = reading.word(first - 1)
    clause = reading.clause(start)
    sentence_words = norms[clause.start : start]
    person = subject(reading, start)
    mention = subject_mention(reading, start)
    if (
        mention is not None
        and mention.code == "thing"
        and norms[mention.start] in ("my", "our")
        and norms[mention.end - 1] in ("house", "home", "apartment", "condo", "place")
    ):
        person = "self"
    if any(f.attribute == "customer_type" and 0 <= start - f.end <= 3 for f in reading.found[-9:]):
        person = "organisation"
    if before in _EN_AT and (reading.word(first - 2) in _EN_HERE or _i_live(norms, clause.start, first)):
        person = "self" if person in NOBODY else person
    if person in NOBODY:
        return
    if before == "from" and (person != "self" or _says_from(reading, first)):
        _add(reading, start, end, value, person, start, 1, 0.75)
        return
    if any(word in _EN_LIVE for word in norms[max(0, first - 7) : first]):
        if mention is None and sentence_words and sentence_words[0] in _EN_THINGS:
            return
        _add(reading, start, end, value, person, start, 2, 0.9)
        return
    if before not in _EN_AT:
        if first == clause.start and reading.word(end) == "here":
            _add(reading, start, end, value, "self", start, 2, 0.7)
        return
    if any(word in _EN_TRIP for word in sentence_words):
        return
    if before == "to":
        if "moved" in sentence_words or "moving" in sentence_words or "relocating" in sentence_words:
            _add(reading, start, end, value, person, start, 2, 0.75)
        return
    if person == "organisation":
        _add(reading, start, end, value, person, start, 2, 0.8)
        return
    if person != "self":
        if any(word in ("is", "are", "was", "uncle", "s") for word in norms[max(0, first - 3) : first]) or (
            mention and first - mention.end <= 1
        ):
            _add(reading, start, end, value, person, start, 2, 0.7)
        return
    if _says_in(reading, first, clause.start):
        _add(reading, start, end, value, person, start, 2, 0.7)


_TOLD = frozenset({"gender", "marital_status", "age", "children", "occupation"})
_HOMES = words("house home apartment condo flat place live living room rent cabin")


def _i_live(norms: list[str], start: int, first: int) -> bool:
    """ "i live in a car right outside of", "i have an apartment in"."""
    words = norms[start:first]
    mine = any(word in ("i", "i'm", "we", "im", "i've") for word in words)
    return mine and any(word in _HOMES for word in words[-8:])


def _says_from(reading: Reading, first: int) -> bool:
    before = reading.word(first - 2)
    return before in _SAYS


def _says_in(reading: Reading, first: int, clause_start: int) -> bool:
    """ "here in Leeds", "I'm in Texas", "my house in Ohio", "a family of five in Ohio"."""
    words = reading.norms[clause_start:first]
    before = reading.word(first - 2)
    if before in _EN_HERE or before in (
        "am",
        "i'm",
        "im",
        "are",
        "we're",
        "house",
        "home",
        "apartment",
        "flat",
        "place",
        "school",
        "college",
        "job",
        "university",
    ):
        return True
    if any(
        f.who == "self" and clause_start <= f.start and f.end <= first and f.attribute in _TOLD
        for f in reading.found[-9:]
    ):
        return True
    if any(word in _EN_THINGS for word in words[:1]) or reading.word(first - 3) in ("the", "a", "his"):
        return False
    return any(word in reading.grammar.selves or word in ("my", "our") for word in words) and len(words) <= 9
