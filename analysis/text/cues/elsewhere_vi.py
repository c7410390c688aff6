"""Places named in Vietnamese where nobody tells of himself: an event, a branch, what shipping costs, whoever lives there being advised."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading

#: What is held, built or opened somewhere, by its first word or two.
_HELD = words("workshop expo offline")
_HELD_PAIRS = frozenset(
    {
        ("sự", "kiện"), ("lễ", "hội"), ("hội", "chợ"), ("hội", "thảo"), ("triển", "lãm"), ("dự", "án"), ("chi", "nhánh"),
        ("trụ", "sở"), ("giao", "dịch"), ("tổ", "chức"), ("khai", "trương"), ("cuộc", "thi"), ("đêm", "nhạc"),
        ("giải", "chạy"), ("giải", "bóng"), ("giải", "đấu"),
        ("ga", "metro"),
    }
)  # fmt: skip
#: Before "tổ chức" these plan something of their own.
_PLANNING = words("cần muốn định tìm kiếm tính")
_COSTS = words("nhiêu mấy bao sao phí")
#: Whose the parcel is.
_RECEIVER = words("em mình tôi tui tớ nhà cháu chị anh")
_ADVICE = words("nên cứ ghé thử qua tới đến ra chạy thì chưa")
#: Asking whoever lives there speaks as a neighbour.
_ASKS = words("biết chỉ cho có xin giúp mách rành giới giao không rủ rảnh chia hỏi giùm")
_ANYONE = words("ai nào em bạn mem bác mom mẹ người")


def told_of_others(reading: Reading, first: int, start: int, end: int) -> bool:
    """Whether the place at tokens ``start`` to ``end``, led to from ``first``, is where something is or somebody else lives."""
    clause = reading.clause(start)
    begins, number = clause.start, reading.clause_index(start)
    if number and clause.link == "cause" and reading.clauses[number - 1].sentence == clause.sentence:
        begins = reading.clauses[number - 1].start  # "tại" is also "because"
    before, after = reading.norms[begins:first], reading.norms[end : clause.end]
    return (
        _held(reading, before, after)
        or _shipping_asked(before, after)
        or _advised(reading, before, first, end)
        or _priced(before, reading.norms[first:start])
    )


def _held(reading: Reading, before: Sequence[str], after: Sequence[str]) -> bool:
    """ "sự kiện tại Thảo Điền", "mở thêm chi nhánh ở Quy Nhơn", "ở Phú Quốc có lễ hội"; not "công ty em tổ chức ở X"."""
    mine = any(word in reading.grammar.selves for word in before)
    if not mine and _PLANNING.isdisjoint(before) and _pair(before):
        return True
    return bool(after) and after[0] in ("có", "mở", "sắp") and _pair(after[:5]) and not mine


def _pair(norms: Sequence[str]) -> bool:
    return any(pair in _HELD_PAIRS for pair in pairwise(norms)) or not _HELD.isdisjoint(norms)


def _shipping_asked(before: Sequence[str], after: Sequence[str]) -> bool:
    """ "ship về Cần Thơ mấy ngày": a bare question about price or time, no parcel of the author's."""
    near = before[-4:]
    if not any(word in ("ship", "shíp", "gửi", "gởi") for word in near) or not _RECEIVER.isdisjoint(near):
        return False
    return (any(word in _COSTS for word in after[:6]) and _RECEIVER.isdisjoint(after)) or "có" in near


def _advised(reading: Reading, before: Sequence[str], first: int, end: int) -> bool:
    """ "ai ở quận 10 nên ghé", "bạn ở Hải Phòng thì qua cửa hàng": the readers there, and nothing asked of them."""
    if reading.word(first - 1) not in _ANYONE or any(word in reading.grammar.selves for word in before[:-1]):
        return False
    if reading.word(first - 1) == "em" and reading.word(first - 2) != "anh":
        return False
    clause = reading.clause(max(0, end - 1))
    rest = reading.norms[end : clause.end + 1]
    return bool(rest) and rest[0] in _ADVICE and _ASKS.isdisjoint(rest)


def _priced(before: Sequence[str], lead: Sequence[str]) -> bool:
    """ "giá phân tuần này 11 nghìn tại Tiền Giang": what something costs there."""
    return "tại" in lead and "giá" in before and any(word[:1].isdecimal() for word in before)
