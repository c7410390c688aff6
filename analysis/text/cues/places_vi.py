"""Where somebody lives, in Vietnamese: "ở Cầu Giấy", "dân Hải Phòng", "mẹ bỉm Thanh Hóa", "ship về Vinh", "Pleiku ơi".

A place after a word of being somewhere counts unless something else is done there: a trip, a meal, a repair, a dwelling
that is looked for. A bare place counts beside whoever is from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.text.cues.dwellers_vi import SHOPS, beside, dweller, firm
from analysis.text.cues.elsewhere_vi import told_of_others
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY
from analysis.text.normalise import fold

_AT = words(
    "ở o tại trong ngoài trên dưới bên quanh gần khu tỉnh tp thành phố quận huyện xã phường thị trấn kcn tận miệt vùng miền . q p"
    " ngay chung cư căn hộ đô thị kđt ngõ hẻm đường ấp thôn xóm mạn giữa khắp cụm công nghiệp hướng phía chợ quê cao sâu ven"
    " bến xe cầu base mãi cổ vsip"
)
_PREPOSITION = words(
    "ở o tại trong ngoài trên dưới bên quanh gần khu tận ngay miệt mạn giữa khắp mãi xã phường quận huyện vùng ven phía"
)
_LIVE = words("sống trọ quê định lập sinh gốc người dân gái trai làm học nhà hộ đang công cư hiện toàn vẫn nay giờ")
_ORIGIN = words("quê gốc người sinh")
_STAY_AFTER = words("sống ở làm học định lập sinh trọ")
_TRIP = words(
    "đi đến tới lên ra vào vô ghé bay qua sang chơi du phượt tour khám thăm chuyến hướng tận vé visa xuống lịch"
)
#: What one does somewhere without living there.
_DEED = words(
    "mua gặp thấy ăn chụp khám đặt uống xem thi họp cưới diễn sản nhập bảo sửa đem mang coi chơi du tour phượt nghe bụi"
)
_DWELLING = words("nhà đất căn nền lô trọ phòng mặt sàn chung biệt villa kho suất mảnh")
_SEEK = words("mua tìm kiếm thuê cần bán sang đầu săn hỏi lấy chọn xem")
_DELIVER = words("ship giao gửi gởi cod shíp hoá hóa vận")
_TO = words("ra vào vô lên về sang qua vao vo len ve xuống")
_WHOLESALE = words("toàn nhận miễn free khách đơn")
#: People called by what they do: the place behind them is where they do it.
_ROLES = frozenset({"occupation", "gender", "education", "age", "marital_status", "children", "customer_type"})
_CALL = words("ơi mình đây em tui này có ạ nha nè cho à đó")
_ALONE = frozenset({"", ",", ".", "\n", "-", "(", ")", "…", "|", "!", ":", ";", "?"})
_ASKING = words("nào đâu ai giùm giúp mách chỉ hú ib cần tìm xin hỏi")
_SCHOOLS = words("bách khoa kinh tế y dược sư phạm đại học đh cao đẳng cđ trường luật ngoại ngữ nông lâm thương khoa")


@dataclass(frozen=True, slots=True)
class Place:
    """A name of a place in a text: its tokens, the province it stands for, and the tokens before it that lead to it."""

    start: int
    end: int
    value: str
    first: int
    lead: Sequence[str]
    foreign: bool

    def at(self, wanted: frozenset[str]) -> bool:
        """Whether one of ``wanted`` leads to the place."""
        return any(word in wanted for word in self.lead)


def judge(reading: Reading, start: int, end: int, value: str, foreign: bool) -> None:
    """Note whose place it is, if anybody's."""
    first = start
    while first > 0 and start - first < 5 and _leads(reading, first):
        first -= 1
    place = Place(start, end, value, first, reading.norms[first:start], foreign)
    before, before2 = reading.word(first - 1), reading.word(first - 2)
    if told_of_others(reading, first, start, end):
        return
    if place.at(_FROM) or before in _FROM:
        _from(reading, place, before2)
    elif foreign and not _abroad(reading, place, before):
        return
    elif _delivered(reading, place):
        _delivery(reading, place)
    elif _moved(reading, place, before):
        _add(reading, place, dweller(reading, place.first), 2, 0.75)
    elif place.at(_PREPOSITION):
        if not _elsewhere(reading, place, before):
            _add(reading, place, dweller(reading, place.first), 1 if _comes_from(place, before, before2) else 2, 0.8)
    else:
        _bare(reading, place, before, before2)


def _comes_from(place: Place, before: str, before2: str) -> bool:
    """ "quê ở Nghệ An", "quê em ở Nghệ An": where one lives beats it."""
    return not _ORIGIN.isdisjoint((before, *place.lead)) or (before2 in _ORIGIN and before in _SELVES)


_SELVES = words("em mình tôi tui tớ anh chị con cháu nhà")
_FROM = frozenset({"từ"})
_COMING = frozenset({"người", "dân", "đến", "phát"})


def _leads(reading: Reading, first: int) -> bool:
    word = reading.norms[first - 1]
    if word not in _AT and word not in _FROM:
        return False
    if word == "." and reading.word(first - 2) not in ("tp", "q", "p"):
        return False
    if word in ("cư", "hộ", "phố", "thị", "nghiệp", "cao", "xe") and reading.word(first - 2) == "":
        return False
    return not reading.ends_mention(first)


def _from(reading: Reading, place: Place, before2: str) -> None:
    """ "đi từ Vĩnh Phúc xuống": who comes from there; "chuyển từ X" has left."""
    near = reading.norms[max(0, place.first - 4) : place.start]
    after = reading.word(place.end)
    if "chuyển" in near or "dọn" in near or "bay" in near or "xe" in near:
        return
    if not _COMING.isdisjoint(near):
        _add(reading, place, dweller(reading, place.first), 1, 0.7)
    elif after in ("xuống", "lên", "ra", "vô", "vào", "qua", "sang") and reading.word(place.end + 1) not in (
        "tới",
        "đến",
    ):
        _add(reading, place, dweller(reading, place.first), 1, 0.6)


def _abroad(reading: Reading, place: Place, before: str) -> bool:
    """A country is where somebody lives only with words of living: "sống bên Úc", "du học sinh bên Hàn", "ở Đức"."""
    single = place.end - place.start == 1
    if single and reading.doc[place.start].text.islower() and not place.at(frozenset({"bên", "ở", "nước", "tại"})):
        return False
    if reading.norms[place.end : place.end + 2] == ["người", "ta"]:
        return False
    if reading.word(place.end) in ("về", "bãi", "chơi", "nhập", "xịn", "nội"):
        return False
    if place.at(frozenset({"bên", "ở", "tại", "nước"})):
        return True
    return before in ("sống", "người", "làm", "sinh", "cư") and place.value != "Lào"


def _delivered(reading: Reading, place: Place) -> bool:
    """ "ship về X cho mình", "giao X", "có bên nào xuống tận X": an address to come to."""
    first = place.first
    clause = reading.clause(place.start)
    window = reading.norms[max(clause.start, first - 4) : first]
    if not window or reading.word(place.end) in _STAY_AFTER:
        return False
    if any(_parcel(reading, at) for at in range(first - len(window), first)):
        return "tiền" not in window and not any(word in _WHOLESALE for word in window)
    asked = (
        any(word in ("bên", "thợ", "ai", "đội") for word in reading.norms[clause.start : first])
        and "nào" in (reading.norms[clause.start : first])
    )
    return asked and "tận" in place.lead and reading.word(first - 1) in _TO


def _parcel(reading: Reading, at: int) -> bool:
    """ "ship", "giao", "hoá tốc"; not "giao dịch", "tạp hoá" nor a courier's "chạy giao hàng"."""
    if reading.norms[at] not in _DELIVER:
        return False
    return reading.word(at - 1) not in ("tạp", "bách", "văn", "chạy", "xe") and reading.word(at + 1) not in (
        "dịch",
        "lưu",
        "thông",
    )


def _delivery(reading: Reading, place: Place) -> None:
    organisation = any(m.code == "organisation" for m in reading.mentions) or any(
        found.attribute == "customer_type" and found.value == "organisation" for found in reading.found
    )
    _add(reading, place, "organisation" if organisation else "self", 2, 0.75)
    clause = reading.clause(place.start)
    asked = clause.question or any(
        word in ("không", "mấy", "nhiêu", "bao", "sao", "chưa", "ko")
        for word in reading.norms[place.end : place.end + 5]
    )
    if not asked:
        reading.add("behaviour", "ready_to_buy", max(0, place.first - 1), place.end, "self", 0.6)


def _moved(reading: Reading, place: Place, before: str) -> bool:
    """ "vào Sài Gòn sống", "lấy chồng về X", "chuyển từ quận 7 về Gò Vấp", "dọn nhà ra Hà Nội", "moved to X"."""
    if before in ("to", "in") and {"moved", "move", "based", "base", "live", "living", "relocated"} & set(
        reading.norms[max(0, place.first - 4) : place.first]
    ):
        return True
    if before not in _TO:
        return False
    after = reading.word(place.end)
    clause = reading.clause(place.start)
    near = reading.norms[max(clause.start, place.first - 7) : place.first]
    if after in _STAY_AFTER or reading.word(place.end + 1) in ("sống", "học", "làm"):
        return "muốn" not in near and after != "công"
    folded = {fold(word) for word in near}
    if "don" in folded or ("chuyen" in folded and not folded.isdisjoint(("tu", "nha", "moi", "vua", "cong"))):
        return True
    before2 = reading.word(place.first - 2)
    if before2 in ("chồng", "vợ", "cưới"):
        return True
    if {"quê", "dân", "người", "gốc"} & set(near) and "muốn" not in near:
        return after in (",", ".", "", "được", "mấy", "kiếm", "thuê", "đây") or after in _STAY_AFTER
    return before2 in ("mới", "vừa") and "đi" not in near


def _elsewhere(reading: Reading, place: Place, before: str) -> bool:
    """Whether something else than living is told of the place: a trip, a purchase, a dwelling that is looked for."""
    norms, first = reading.norms, place.first
    after = reading.word(place.end)
    if after in ("chơi", "du", "nhập", "về", "nghỉ") and before not in _LIVE:
        return True
    clause = reading.clause(place.start)
    begin = max(clause.start, first - 14) if norms[first] != "tại" else max(0, first - 6)
    said = norms[begin:first]
    if before in _LIVE or before in reading.grammar.selves or not said or _worked(reading, place):
        return False
    if beside(reading, first) is not None:
        return False
    if "giữa" in place.lead and after in ("và", "với", "hay"):
        return True
    if "gần" in place.lead and before not in ("nhà", "trọ", "sống", "ở"):
        return True
    if "khắp" in place.lead:
        return "lùng" not in said
    if before in _TRIP and before not in ("về", "tận", "xuống"):
        return True
    if _dwelling_sought(said, norms[clause.start : clause.end]):
        return True
    asked = any(word in _ASKING for word in norms[clause.start : clause.end])
    mine = _mine(said, reading)
    if (_DEED.intersection(said[-8:]) or _shop_itself(said)) and not mine and not asked:
        return True
    if any(word in ("tour", "vé", "du", "phượt", "nghe", "báo", "thời") for word in said):
        return True
    return any(word in ("hãng", "chợ", "chuỗi", "mối", "nguồn", "phối") for word in said[-6:]) and not mine


def _shop_itself(said: Sequence[str]) -> bool:
    """ "quán này ở Đà Lạt", "shop ở quận 10": the shop's place, not the author's."""
    return any(word in SHOPS or word == "đầu" for word in said[-4:])


def _worked(reading: Reading, place: Place) -> bool:
    """Whether a trade is told shortly before: it is plied there."""
    start = reading.clause(place.start).start
    return any(
        found.attribute == "occupation" and start <= found.start and 0 <= place.first - found.end <= 4
        for found in reading.found[-12:]
    )


def _mine(said: Sequence[str], reading: Reading) -> bool:
    """Whether the author, or what is his, is spoken of just before."""
    near = said[-9:]
    return any(word in reading.grammar.selves and near[i - 1 : i] != ["một"] for i, word in enumerate(near))


def _dwelling_sought(said: Sequence[str], whole: Sequence[str]) -> bool:
    """ "mua đất ở X", "tìm phòng trọ quanh X"; not "hiện thuê căn 45m2 bên X"."""
    sought = next((i for i, word in enumerate(said) if word in _SEEK), None)
    if sought is None:
        return any(word.endswith(("tỷ", "tỉ")) for word in said[-4:]) and "căn" in whole
    if sought and said[sought - 1] in ("đang", "hiện", "đi") and said[sought] == "thuê":
        return False
    if said[sought] == "thuê" and not any(word in ("cần", "tìm", "muốn", "định", "nên") for word in said):
        return sought == 0 and "phòng" not in said and "bằng" in said and False
    return any(word in _DWELLING for word in said[sought + 1 :]) and "đồ" not in said


def _bare(reading: Reading, place: Place, before: str, before2: str) -> None:
    """A place with no word that leads to it: "dân X", "công nhân KCN X", "X mình", "(X)"."""
    start, end, first = place.start, place.end, place.first
    after = reading.word(end)
    told = _told_before(reading, first)
    if told is not None:
        if not place.foreign:
            _add(reading, place, told, 2, 0.75)
    elif before in ("dân", "người", "quê", "gốc", "gái", "trai") or "quê" in place.lead:
        if before2 in ("người", "mua", "đổ", "bọn", "mấy") or before in ("về", "xây"):
            return
        _add(reading, place, dweller(reading, place.first), 1, 0.7)
    elif before in ("thuê", "trọ") or (before in ("viên", "nhà") and before2 in ("sinh", "thuê", "ở")):
        _add(reading, place, dweller(reading, place.first), 2, 0.7)
    elif _firm_named(reading, place, before):
        _add(reading, place, "organisation", 2, 0.65)
    elif place.lead and _sought_there(reading, place):
        _add(reading, place, "self", 2, 0.6)
    elif before in reading.grammar.selves or before in ("nhà", "đây"):
        if before == "nhà" or end - start > 1 or start > first or _well_known(reading, place):
            _add(reading, place, dweller(reading, place.first), 2, 0.7)
    elif _called(reading, place, before, after):
        _add(reading, place, "self", 2, 0.65)


def _firm_named(reading: Reading, place: Place, before: str) -> bool:
    """ "nhà máy nước sạch | Quảng Ngãi": a company of the author's named with its place."""
    if before in _TRIP or place.foreign or firm(reading, place.first) != "organisation":
        return False
    near = reading.norms[max(reading.clause(place.start).start, place.first - 9) : place.first]
    return any(word in reading.grammar.selves or word in ("cho", "là") for word in near)


def _sought_there(reading: Reading, place: Place) -> bool:
    """ "có nhóm học nào quận 3 không": what is looked for is looked for nearby."""
    clause = reading.clause(place.start)
    said = reading.norms[clause.start : place.first]
    if _dwelling_sought(said, said) or not _TRIP.isdisjoint(said[-3:]) or "chỗ" in said:
        return False
    return any(word in ("nào", "tìm", "ai", "anyone", "kiếm", "cần") for word in said) and not _mine(said, reading)


def _well_known(reading: Reading, place: Place) -> bool:
    """One syllable or abbreviation beside a pronoun may be anything; these few are not."""
    return place.value in (
        "Thừa Thiên Huế",
        "Hồ Chí Minh",
        "Hà Nội",
        "Đà Nẵng",
        "Hải Phòng",
        "Bình Dương",
        "Đắk Lắk",
        "Bà Rịa - Vũng Tàu",
    )


def _told_before(reading: Reading, first: int) -> str | None:
    """Who was called by trade, family or schooling right before the place: "mẹ bỉm | Hải Phòng"."""
    for found in reversed(reading.found[-12:]):
        if found.attribute in _ROLES and 0 <= first - found.end <= 1 and found.end - found.start < 9:
            if first - found.end == 1 and reading.word(first - 1) not in ("ở", "khoa", "em", "mình", ",", "tại"):
                continue
            return "organisation" if found.attribute == "customer_type" else found.who
        between = reading.norms[found.end : first]
        if found.attribute == "education" and 0 < len(between) <= 4 and all(word in _SCHOOLS for word in between):
            return found.who
    return None


def _called(reading: Reading, place: Place, before: str, after: str) -> bool:
    """ "Pleiku mình có chỗ nào", "Biên Hoà ơi", "… (Đồng Tháp)": a place called at the edge of a sentence."""
    clause = reading.clause(place.start)
    opening = place.first == clause.start
    if after == "ơi":
        return True
    if (
        opening
        and after in ("mình", "em", "tui")
        and reading.word(place.end + 1) not in ("mua", "dùng", "đi", "thấy", "xài")
    ):
        return True
    near = place.first - clause.start <= 3 and before not in _TRIP
    if (
        near
        and after in ("có", "ai", "đây", "cho")
        and any(word in _ASKING for word in reading.norms[place.end : place.end + 7])
    ):
        return True
    alone = before in _ALONE and after in _ALONE and place.end >= clause.end
    if not alone or (reading.size - place.end > 3 and before not in ("(",)):
        return False
    return place.first > 0 and (before == "(" or reading.size - place.end <= 2)


def _add(reading: Reading, place: Place, person: str, rank: int, confidence: float) -> None:
    denied = any(word in reading.grammar.negators for word in reading.norms[max(0, place.first - 2) : place.first])
    if denied or person in NOBODY or (place.foreign and person == "organisation"):
        return
    if person == "expert":
        person = "other"
    reading.add("location", place.value, place.start, place.end, person, confidence, rank=rank)
