"""Trades that no list names, in Vietnamese: what somebody sells ("bán mắm"), a shop of one's own ("tiệm thuốc nhà mình"), and
a trade that opens a text or follows an age ("giáo viên đây", "27t, kỹ thuật viên").
"""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject_mention

_SELL = frozenset({"bán", "buôn"})
_SHOPS = words("phòng cửa nhà cơ tiệm quán xưởng sạp shop spa salon studio homestay vựa trại gara garage farm lò chuỗi")
#: Shops of two words.
_SHOP_PAIRS = {
    "phòng": frozenset({"răng", "khám", "tập", "gym", "net", "mạch", "trà"}),
    "cửa": frozenset({"hàng"}),
    "nhà": frozenset({"hàng", "nghỉ", "trọ", "thuốc", "xe"}),
    "cơ": frozenset({"sở"}),
}
_OWN = words("em mình tôi tui tớ")
#: After "bán" these tell of one sale, not of a trade.
_ONE_SALE = words(
    "lại được hết nhà đất xe căn máy đi cho rẻ con cái miếng lô nền giá lỗ mắc đắt ra sỉ lẻ chạy online_ thì là không gấp bớt hộ giùm"
    " với ở trên ngoài buôn kèm hàng_ dạo_ hơn tốt chậm ế đồ_ mấy một 1 2 ba hai sản"
    " trú kính tự nguyệt dẫn thời kết"
)
_TAIL_STOPS = words("từ ở trên ngoài trong tại được hơn hết mà mười hai ba cũng quanh nè ạ thôi")
#: Who begins with what is sold and says how to order it, advertises.
_CALLED = words("inbox ib inb lh zalo hotline sđt ship sỉ lẻ đơn")
_EARNERS = frozenset({"self", "partner", "parent", "family", "friend"})
_BETWEEN = words("đi chuyên đang hiện cũng chỉ toàn vẫn thì nay giờ là hay ngày_ nhà tụi bọn hàng")
_TOLD = frozenset({"age", "gender", "marital_status", "children", "education", "location"})
_MOST_WARES = 4
_ONLINE = words("online onl shopee mạng livestream tiktok facebook fb zalo")


def read(reading: Reading) -> None:
    """Note sellers and owners."""
    norms = reading.norms
    if not _NEEDING.isdisjoint(reading.said):
        _firms(reading)
    if not _SELL.isdisjoint(reading.said):
        for i, word in enumerate(norms):
            if word in _SELL:
                _seller(reading, i)
    if not _SHOPS.isdisjoint(reading.said):
        for i, word in enumerate(norms):
            if word in _SHOPS:
                _owner(reading, i)


_NEEDING = words("cần mua tìm kiếm đặt báo lắp thuê sắm mối nguồn đầu phần gửi nhập đăng in")
_FOR_FIRM = words(
    "công cty xưởng nhà quán tiệm shop spa văn trường kho htx hợp khách đội phòng doanh salon homestay resort cửa lớp"
)
_FIRM_SECOND = {
    "công": frozenset({"ty", "trường"}), "nhà": frozenset({"hàng", "máy", "xưởng", "nghỉ"}), "văn": frozenset({"phòng"}),
    "hợp": frozenset({"tác"}), "khách": frozenset({"sạn"}), "phòng": frozenset({"khám", "gym", "tập", "răng", "kế", "nha"}),
    "doanh": frozenset({"nghiệp"}), "cửa": frozenset({"hàng"}), "trường": frozenset({"em", "mình", "mầm", "học"}),
    "đội": frozenset({"giao", "xe", "em", "mình", "tụi"}), "lớp": frozenset({"học"}),
}  # fmt: skip


def _firms(reading: Reading) -> None:
    """A company that buys: "trường em cần mua 30 thảm", "40 suất cho công trường", "phần mềm cho shop"."""
    norms = reading.norms
    for mention in reading.mentions:
        named = mention.code == "organisation" and mention.end > mention.hit.end and not reading.unreal(mention.start)
        clause = reading.clause(mention.start)
        if named and not _NEEDING.isdisjoint(norms[clause.start : clause.end + 8]):
            reading.add("customer_type", "organisation", mention.start, mention.end, "self", 0.65)
            return
    for i, word in enumerate(norms[:-1]):
        if word != "cho" or norms[i + 1] not in _FOR_FIRM or reading.unreal(i):
            continue
        second = _FIRM_SECOND.get(norms[i + 1])
        if second is not None and reading.word(i + 2) not in second:
            continue
        if not _NEEDING.isdisjoint(norms[max(reading.clause(i).start, i - 12) : i]):
            reading.add("customer_type", "organisation", i, i + 2 + (second is not None), "self", 0.6)
            return


def _taken(reading: Reading, start: int, end: int) -> bool:
    return any(f.attribute == "occupation" and f.start < end and start < f.end for f in reading.found)


def _seller(reading: Reading, i: int) -> None:
    """ "tui bán mắm", "mẹ em buôn rau ngoài chợ"; not "em bán lại con xe"."""
    norms = reading.norms
    start = i + 1
    if reading.word(start) in _ONE_SALE or not reading.word(start).isalpha() or reading.unreal(i) or reading.negated(i):
        return
    end, clause_end = start, reading.clause(i).end
    while end < clause_end and end - start < _MOST_WARES and norms[end].isalpha():
        if norms[end] in _TAIL_STOPS or (norms[end] in reading.grammar.stops and norms[end] not in ("cơm", "nước")):
            break
        end += 1
    mention = subject_mention(reading, i)
    first = i
    while first and norms[first - 1] in _BETWEEN:
        first -= 1
    if end == start or _taken(reading, i, end):
        return
    opening = first == reading.clause(i).start and mention is None and first == 0
    if opening and ("giá" in norms[start:end] or not _CALLED.isdisjoint(norms[end:])):
        return  # "Bán bỉm giá sỉ, inbox em"
    near = mention is not None and first - mention.end <= 0 and mention.code in _EARNERS
    shop = mention is not None and mention.code == "organisation" and first - mention.end <= 0
    if first > 1 and norms[first - 1] in ("cô", "chú", "anh", "chị", "bà", "ông"):
        return
    if any(word in ("muốn", "định", "tính", "cần") for word in norms[max(reading.clause(i).start, i - 5) : i]):
        return
    if near or shop or opening:
        group = "online_seller" if not _ONLINE.isdisjoint(norms[start : end + 2]) else "business_owner"
        who = mention.code if near and mention is not None else "self"
        reading.add("occupation", " ".join(norms[i:end]), i, end, who, 0.7, group)


def _owner(reading: Reading, i: int) -> None:
    """ "tiệm thuốc nhà mình", "quán của tui", "gia đình tôi có tiệm thuốc thú y", "mở cái xưởng nhỏ"."""
    norms = reading.norms
    if norms[i] in _SHOP_PAIRS and reading.word(i + 1) not in _SHOP_PAIRS[norms[i]]:
        return
    if reading.unreal(i) or norms[i - 1 : i] in (["của"], ["ở"], ["chủ"], ["nhiều"], ["mấy"]):
        return
    clause = reading.clause(i)
    end = i + 1 + (norms[i] in _SHOP_PAIRS)
    while end < clause.end and end - i < 5:
        word, after = norms[end], reading.word(end + 1)
        if (
            (word == "nhà" and after in _OWN)
            or (word == "của" and (after in _OWN or after in ("vợ", "gia", "nhà")))
            or word == "tui"
        ):
            _owns(reading, i, end + (1 if word == "tui" else 2), clause.start)
            return
        if not word.isalpha() or word in reading.grammar.stops or word in _OWN:
            break
        end += 1
    held = next((k for k in range(i - 1, max(clause.start, i - 4) - 1, -1) if norms[k] in ("có", "mở")), None)
    if held is None or (held == clause.start and norms[held] == "có"):
        return
    if any(
        word in ("không", "nào", "chưa", "muốn", "định", "ước", "tính", "chỗ", "ai")
        for word in norms[max(clause.start, held - 5) : held + 2]
    ):
        return
    mention = subject_mention(reading, held)
    owner = mention.code if mention is not None and held - mention.end <= 3 else ""
    if not owner and norms[held] == "mở" and reading.word(held + 1) in ("cái", "một", "1", "được"):
        owner = "self"
    if owner not in _EARNERS:
        return
    if end < clause.end and norms[end] in ("nào", "không"):
        return
    if not _taken(reading, held, end):
        reading.add("occupation", " ".join(norms[i:end]), held, end, owner, 0.65, "business_owner")


def _owns(reading: Reading, start: int, end: int, clause_start: int) -> None:
    end = min(end, reading.size)
    if _taken(reading, start, end):
        return
    reading.add("occupation", " ".join(reading.norms[start:end]), start, end, "self", 0.65, "business_owner")
    reading.add("customer_type", "organisation", start, end, "self", 0.6)


def opens(reading: Reading, start: int, end: int) -> bool:
    """Whether a trade at ``start`` to ``end`` is called by its author: "Tài xế công nghệ đây", "27t, kỹ thuật viên sửa máy"."""
    clause = reading.clause(start)
    if clause.start != start or reading.word(end) in ("ơi", "nào", "nói", "bảo", "này", "đó", "kêu"):
        return False
    if sum(reading.doc[k].text.istitle() for k in range(start + 1, end)) > 1:
        return False  # "Ca sĩ Mỹ Tâm"
    whole = end >= clause.end or reading.word(end) in ("ở", "tại", "kcn", "khu", "tăng", "lương")
    if reading.word(end) in ("đây", "nè") or reading.word(end)[:1].isdecimal():
        return reading.clause_index(start) == 0 or clause.sentence == 0
    if not whole:
        return False
    if start == 0:
        mine = not _OWN.isdisjoint(reading.norms[end : end + 40]) or reading.word(end) in (
            "tăng",
            "lương",
            "kcn",
            "khu",
        )
        return mine and end - start >= 2 and end < reading.size and reading.word(clause.end) in (",", "")
    told = any(f.attribute in _TOLD and f.who == "self" and f.end <= start <= f.end + 4 for f in reading.found[-12:])
    return told and reading.clause(max(0, start - 2)).sentence == clause.sentence
