"""Where somebody lives: a place counts with words of living, coming from or delivering to; not a trip's, a shop's, a maker's.

Values are the provinces as of before July 2025 (a city or district stands for its province); :func:`merged` names the
province that each has become since.
"""

from __future__ import annotations

from itertools import pairwise

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject, subject_mention
from analysis.text.normalise import fold
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

_AT = words(
    "ở tại trong ngoài trên dưới bên quanh gần khu tỉnh tp thành phố quận huyện xã phường kcn tận miệt vùng miền . q"
    " ngay chung cư căn hộ đô thị kđt ngõ đường ấp thôn xóm"
)
_LIVE_BEFORE = words("sống trọ thuê quê về định lập sinh gốc người dân gái trai làm học nhà hộ đang công")
_ORIGIN = frozenset(["quê", "gốc", "người", "sinh"])
_TRIP = words("đi đến tới lên ra vào vô ghé bay qua sang chơi du phượt tour công khám thăm chuyến hướng tận")
_STAY_AFTER = words("sống ở làm học định lập sinh trọ")
_DEED = words("mua bán gặp thấy ăn chụp khám đặt uống mở xem may sửa thi họp cưới diễn tổ xách sản nhập chạy giao_")
_DELIVER = frozenset({"ship", "giao", "gửi", "gởi", "cod", "chuyển"})
#: "mới chuyển về X" moves house.
_MOVED = frozenset({"mới", "vừa", "đã", "sắp", "nhà", "vợ", "chồng"})
_TO = words("ra vào vô lên về sang qua vao vo len ve")
_ONCE = ("trước kia", "trước đây", "hồi trước", "hồi xưa", "ngày xưa", "hồi đó")
_WHOLESALE = frozenset({"toàn", "nhận", "miễn", "free"})
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
    judge = _vietnamese if reading.lang == "vi" else _english
    found = list(longest(hits))
    foreign = {hit.code for hit in found if hit.entry.notes == "nước ngoài"}
    for start, end, value in _join(reading, found):
        nation = value in foreign and reading.word(start - 1) in ("người", "hàng", "đồ", "tiếng")
        if not reading.unreal(start) and not nation and not _once(reading, start):
            judge(reading, start, end, value)


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


def _vietnamese(reading: Reading, start: int, end: int, value: str) -> None:
    norms = reading.norms
    first = start
    while first > 0 and norms[first - 1] in _AT and start - first < 5 and not reading.ends_mention(first):
        first -= 1
    at = norms[first:start]
    before, before2 = reading.word(first - 1), reading.word(first - 2)
    after = reading.word(end)
    single = end - start == 1
    if (before in ("chuyển", "dọn") and "từ" in at) or (before == "từ" and before2 in ("chuyển", "dọn")):
        return  # where the author has left
    moved = before in _TO and (after in _STAY_AFTER or _moves(reading, first))
    if not moved and after not in _STAY_AFTER and _delivered(reading, first):
        reading.add("location", value, start, end, _dweller(reading, first, delivery=True), 0.75, rank=2)
        reading.add("behaviour", "ready_to_buy", first - 1, end, "self", 0.6)
        return
    if (
        single
        and reading.doc[start].text.islower()
        and len(norms[start]) <= 4
        and value in ("Mỹ", "Đức", "Anh", "Pháp", "Nga", "Lào", "Bỉ", "Úc", "Đài Loan")
    ):
        return
    if not moved and before in _TRIP and (not at or before in ("đi", "bay", "tour", "ghé", "chơi")):
        return
    person = subject(reading, first)
    if person == "thing" and _owns_shops(reading, first):
        person = "organisation"
    if person == "thing" and _told(reading, first):
        person = "self"  # "em làm lễ tân khách sạn ở X"
    if person == "other" and (other := subject_mention(reading, first)) and first - other.end > 4:
        person = "self"
    if at and any(
        word in ("ở", "o", "tại", "trong", "ngoài", "trên", "dưới", "bên", "quanh", "gần", "tận", "ngay") for word in at
    ):
        if after in ("chơi", "du", "nhập") or (before in _DEED and before not in ("làm", "học")):
            return
        if before in _TRIP and before not in ("về", "tận"):
            return
        if "gần" in at and before not in ("nhà", "trọ", "sống"):
            return
        if person in ("self", "thing", "child", "you") and not _lives(reading, first, before, before2):
            if not _asked_there(reading, end):
                return
            _add(reading, start, end, value, "self", first, 1, 0.6)
            return
        _add(reading, start, end, value, person, first, 2 if before not in _ORIGIN else 1, 0.8)
        return
    if before in reading.grammar.selves or before in ("nhà", "mẹ", "bố"):
        if single and value not in (
            "Thừa Thiên Huế",
            "Hồ Chí Minh",
            "Hà Nội",
            "Đà Nẵng",
            "Hải Phòng",
            "Bình Dương",
            "Bà Rịa - Vũng Tàu",
        ):
            return
        mention = subject_mention(reading, start)
        if mention is None or mention.code in ("self", "family", "partner", "parent", "friend"):
            _add(reading, start, end, value, person if mention else "self", first, 2, 0.7)
    elif before in ("thuê", "trọ") or (before == "viên" and before2 == "sinh"):
        _add(reading, start, end, value, person, first, 2, 0.7)
    elif before in ("dân", "người", "quê", "gốc", "gái", "trai") or (
        before == "từ" and before2 in ("người", "đến", "dân", "phát")
    ):
        if before == "dân" and before2 == "người":
            return
        _add(reading, start, end, value, person, first, 1, 0.7)
    elif before in ("về", "vào", "ra") and before2 in ("chồng", "vợ", "mới", "cưới"):
        _add(reading, start, end, value, "self", first, 2, 0.7)  # "lấy chồng về X", "nhà mới về X"
    elif before == "(" and before2 in reading.grammar.selves and reading.word(first - 3) in ("chỗ", "bên", "khu"):
        _add(reading, start, end, value, "self", first, 2, 0.7)
    elif moved:
        _add(reading, start, end, value, person, first, 2, 0.75)
    elif at and at[-1] in ("kcn", "khu"):
        mention = subject_mention(reading, first)
        if mention is not None and mention.code in ("self", "organisation"):
            _add(reading, start, end, value, person, first, 2, 0.7)


def _moves(reading: Reading, first: int) -> bool:
    """Whether "về X" ends a move: "chuyển từ quận 7 về Gò Vấp", "dọn nhà ra Hà Nội"."""
    begin = max(reading.clause(first).start, first - 6)
    norms = {fold(norm) for norm in reading.norms[begin:first]}
    return "don" in norms or ("chuyen" in norms and not norms.isdisjoint(("tu", "nha")))


def _once(reading: Reading, first: int) -> bool:
    """Whether "ở X" tells of an earlier time: "trước kia mình sống ở Huế", "I used to live in London"."""
    clause = reading.clause(first)
    norms = reading.norms[clause.start : first]
    if reading.lang == "en":
        return any(pair == ("used", "to") for pair in pairwise(norms))
    said = " ".join(norms)
    return any(once in said for once in _ONCE)


def _owns_shops(reading: Reading, first: int) -> bool:
    """The author's own: "mình có 3 cửa hàng ở Vinh"."""
    shop = subject_mention(reading, first)
    if shop is None or first - shop.end > 1:
        return False
    words = reading.norms[max(0, shop.start - 4) : shop.start]
    return "có" in words and any(word in reading.grammar.selves for word in words)


def _lives(reading: Reading, first: int, before: str, before2: str) -> bool:
    """Whether "ở X" says that the author lives there, not that something happens there."""
    if (
        before in reading.grammar.selves
        or before in _LIVE_BEFORE
        or before in ("đang", "hiện", "toàn", "vẫn", "cũng", "mình", "cư", "việc", "nay", "giờ", "chồng", "vợ")
    ):
        return True
    clause = reading.clause(first)
    if first == clause.start and reading.norms[first] == "tại":
        return any(word in ("sống", "ở", "trọ", "làm") for word in reading.norms[max(0, first - 7) : first])
    if first == clause.start:
        return not reading.word(first - 1) or reading.word(first - 1) in (",", ".", "\n", "-", "(", "và", "do", "tại")
    words = reading.norms[clause.start : first]
    if any(word in ("ai", "đâu", "chỗ", "nào", "bên") for word in words):
        return False
    if _told(reading, first):
        return True
    mention = subject_mention(reading, first)
    mine = mention is not None and mention.code == "self" and first - mention.end <= 6
    if any(word in _DEED for word in words):
        return mine and "bán" in words and not any(word in _DEED - {"bán"} for word in words)
    return mine or (any(word in ("làm", "học", "dạy") for word in words[-4:]) and mention is None)


def _told(reading: Reading, first: int) -> bool:
    """Whether the author has told of himself before token ``first`` in its clause."""
    start = reading.clause(first).start
    return any(f.who == "self" and start <= f.start < first and f.attribute in _TOLD for f in reading.found[-9:])


def _asked_there(reading: Reading, end: int) -> bool:
    """ "trung tâm nào ổn ở Thủ Đức ạ": one looks for what is near."""
    clause = reading.clause(end - 1)
    asked = any(word in ("nào", "đâu", "ai") for word in reading.norms[clause.start : clause.end])
    return asked and (
        end >= clause.end
        or reading.word(end) in ("ạ", "không", "vậy", "với", "nhỉ", "ta", "chỉ", "cho", "giống", "biết")
    )


def _delivered(reading: Reading, first: int) -> bool:
    """ "ship về X cho mình", "giao X": an address to deliver to."""
    window = reading.norms[max(0, first - 4) : first]
    if "chuyển" in window and not _MOVED.isdisjoint(window):
        return False
    if not any(word in _DELIVER for word in window) or any(word in _WHOLESALE for word in window):
        return False
    return not any(m.code in ("thing", "other", "customer") and m.end <= first for m in reading.mentions)


def _dweller(reading: Reading, first: int, delivery: bool = False) -> str:
    person = subject(reading, first)
    return (
        person
        if person in ("organisation", "self") and not delivery
        else ("organisation" if _speaks_for_company(reading) else "self")
    )


def _speaks_for_company(reading: Reading) -> bool:
    return any(m.code == "organisation" for m in reading.mentions)


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
