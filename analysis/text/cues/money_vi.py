"""Income per month and budget in Vietnamese: "lương 8 củ", "tầm 5tr đổ lại", "gom mãi được 300 triệu", "kinh phí sếp duyệt 15 triệu".

A sum alone tells nothing: the words beside it (cues_money.tsv) say whether it is pay, a budget, or a price, a debt, a rent.
"""

from __future__ import annotations

from itertools import pairwise

from analysis.text.cues.amounts_vi import SPELLED, Amount, amount
from analysis.text.cues.dwellers_vi import trade
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Known, Reading
from analysis.text.cues.who import NOBODY, subject_mention, who
from analysis.text.phrases import Hit, longest

_MONTH = frozenset({"tháng", "th", "month", "thang"})
_YEAR = frozenset({"năm", "year"})
_DAY = frozenset({"ngày", "day"})
_SHIFT = frozenset({"tuần", "week", "ca", "cuốc", "buổi"})
_HOUR = frozenset({"giờ", "tiếng", "h"})
_PER = frozenset({"/", "một", "1", "mỗi", "per", "a"})
#: Words of needing: a sum with "tầm", "dưới" is a budget only where something is looked for.
_SEEKING = words(
    "cần tìm muốn mua định tính nên loại nào ok chọn lấy tư nhờ dự kiếm sắm đổi ngó thuê mở giới mách chỉ gợi review hỏi xin"
    " recommend need budget ạ đầu tư đặt xây săn nhắm"
)
_STRICT = words("cần tìm muốn định tính nên nào kiếm ngó mở mách gợi tư giới sắm chọn ai xin")
_COMPANY = words("duyệt sếp hội ban cty giám")
_LOSS = words("mất tốn trả đóng nợ lỗ phạt vay hết cọc chuyển nạp")
_NOW = words("nay giờ lên còn xuống hiện tụt")
_REACH = 5
#: A text of so few words answers the question what one would pay.
_ANSWER = 9
#: A month of pay by the day: six days a week, as Vietnamese firms count it.
_WORKING_DAYS = 26
#: Less than this for a day is no pay.
_LEAST_DAY = 60_000
#: More than this in a month is no pay.
_MOST_PAY = 120_000_000


_LOOKED_AT = Known(lambda norm: "0" <= norm[0] <= "9" or norm in SPELLED)


def read(reading: Reading) -> None:
    """Note incomes and budgets."""
    told = reading.by_area.get("cues_money")
    if not told:
        return
    reading.by_area["cues_money"] = list(longest(told))  # "tầm giá" is no "giá"
    norms, end = reading.norms, 0
    for i in _LOOKED_AT.places(norms):
        if i < end:
            continue
        found = amount(norms, i)
        if found is not None:
            _judge(reading, found)
            end = found.end


def _judge(reading: Reading, found: Amount) -> None:
    """Pay, budget or neither, by the nearest telling words before (and a few after) the sum."""
    if reading.unreal(found.start):
        return
    period, end = _period(reading, found.end)
    frames = _frames(reading, found.start)
    codes = [hit.code for hit in frames]
    nearest = _nearest(codes)
    if nearest == "income":
        _income(reading, found, frames, period, end)
    elif nearest != "other":
        _budget(reading, found, frames, codes, nearest, period)


def _nearest(codes: list[str]) -> str:
    """What the sum is; "có", "còn" only pass on what stands before them: "lương bảo mẫu có 6tr8", "ép giá còn 48 nghìn"."""
    told = [code for code in codes if code not in ("cap", "about", "from")]
    return next((code for code in told if code != "have"), "have" if told else "")


def _frames(reading: Reading, start: int) -> list[Hit]:
    """The telling phrases before ``start``, nearest first, up to the next sum."""
    kept: list[Hit] = []
    at = start
    while hit := reading.near("cues_money", at, _REACH):
        between = reading.norms[hit.end : at]
        counted = any(word[0].isdecimal() and word not in ("1", "2", "3", "4", "5", "7") for word in between)
        if counted and (hit.code != "income" or _NOW.isdisjoint(between)):
            break
        if hit.code != "cap_after":
            kept.append(hit)
        at = hit.start
        if len(kept) > 4:
            break
    return kept


def _period(reading: Reading, end: int) -> tuple[str, int]:
    """ "month", "year", "hour", "day" or "shift" behind a sum, with where it ends; "giờ" alone is "now"."""
    per = reading.word(end) in _PER
    j = end + 1 if per else end
    word = reading.word(j)
    if word == "tôi" and reading.word(end) == "/":
        return "month", j + 1  # "5tr/t"
    for name, known in (("month", _MONTH), ("year", _YEAR), ("day", _DAY), ("shift", _SHIFT)):
        if word in known and (per or word not in ("ca", "buổi", "tuần", "năm")):
            return name, j + 1
    return ("hour", j + 1) if per and word in _HOUR else ("", end)


def _income(reading: Reading, found: Amount, frames: list[Hit], period: str, end: int) -> None:
    frame = next(hit for hit in frames if hit.code == "income")
    start = frame.start
    if reading.negated(start) or period == "shift":
        return
    if reading.norms[start] in ("tháng", "mỗi") and not _SPENT.isdisjoint(_sentence(reading, found.start)):
        return
    if not period and found.currency == "VND" and found.high >= _MOST_PAY:
        return
    factor = {"year": 1 / 12, "hour": 2080 / 12, "day": _WORKING_DAYS}.get(period, 1.0)
    if period == "day" and found.currency == "VND" and found.high < _LEAST_DAY:
        return  # what is taken off for a day: "trừ 5k/ngày"
    person = _earner(reading, start, found.start, frame)
    if person in NOBODY:
        return
    low = 0.0 if "cap" in [hit.code for hit in frames] and found.low == found.high else found.low
    value = money(low * factor, found.high * factor, found.currency)
    before = reading.found[-1] if reading.found else None
    if (
        before is not None
        and before.attribute == "income"
        and before.who == person
        and _risen(reading, before.end, found.start)
    ):
        reading.found.pop()
    reading.add("income", value, start, end, "self" if person == "organisation" else person, 0.85)


_SPENT = words("xăng trả phí đóng hết tốn chi tiêu học tiền_sữa nuôi bỉm góp nợ")


def _sentence(reading: Reading, token: int) -> list[str]:
    clause = reading.clause(token)
    return reading.norms[clause.start : clause.end]


def _risen(reading: Reading, first: int, last: int) -> bool:
    """ "lương thử việc 9tr nay lên 12tr": the second sum is today's."""
    return 0 < last - first <= 5 and not _NOW.isdisjoint(reading.norms[first:last])


def _earner(reading: Reading, start: int, end: int, frame: Hit) -> str:
    """Who earns; a couple's joint pay is the family's."""
    norms = reading.norms
    sentence = reading.clause(start).sentence
    near = norms[max(0, start - 12) : end]
    total = any(word in ("tổng", "cộng", "chung", "gộp", "hai") for word in near[-9:])
    for mention in reading.mentions_in(start - 14, end):
        if reading.clause(mention.start).sentence == sentence and "vợ chồng" in reading.phrase(mention.hit):
            return "family"
    if total and ("vợ" in near or "chồng" in near or ("hai" in near and "đứa" in near) or "cộng" in near):
        return "family"
    said = norms[frame.start : frame.end]
    if "chồng" in said or "vợ" in said:
        return "partner"
    earner = subject_mention(reading, start)
    if earner is None:
        return "self"
    told = trade(reading, earner.start)
    person = told or who(earner.code)
    if person == "other" and told is None and _scolds(reading, earner.start, start):
        return "self"
    if person in ("thing", "pet", "child") or (person == "other" and told is None and earner.start >= start):
        return "self"
    return person


def _scolds(reading: Reading, first: int, last: int) -> bool:
    """ "sếp hay mắng nhân viên, lương 7tr … muốn nghỉ việc": whose pay is told is not who is grumbled about before."""
    clause = reading.clause(first)
    if clause.end > last:
        return False
    ahead = reading.norms[last : last + _QUITS_WITHIN]
    quits = any(pair in _QUITS for pair in pairwise(ahead))
    return quits or not _HARSH.isdisjoint(reading.norms[clause.start : clause.end])


_QUITS = frozenset((("nghỉ", "việc"), ("nghi", "viec"), ("nhảy", "việc")))
_QUITS_WITHIN = 16
_HARSH = words("mắng chửi quát nạt ép đì hành chèn")


def _budget(reading: Reading, found: Amount, frames: list[Hit], codes: list[str], nearest: str, period: str) -> None:
    after = reading.near_after("cues_money", found.end, "cap_after", 4)
    capped = "cap" in codes or after is not None
    sought = _sought(reading, found.start, _SEEKING) or reading.size <= _ANSWER
    asked = capped or (period == "year" and _sought(reading, found.start, _STRICT))
    if period in ("hour", "day", "shift") or (period and nearest != "budget" and not (asked and sought)):
        return
    if nearest == "price":
        if not (capped or found.low < found.high or "about" in codes) or not _sought(reading, found.start, _STRICT):
            return
    elif nearest in ("have", "saved"):
        if (
            not _sought(reading, found.start, _STRICT)
            or not found.sure
            or (nearest == "have" and not _mine(reading, frames))
        ):
            return
    elif nearest != "budget":
        about = "about" in codes or ("from" in codes and found.low < found.high)
        if not capped and not (about and found.sure):
            return
        if not sought and not (after and not nearest):
            return
        if _lost(reading, found.start):
            return
    if found.bare and not (capped or nearest == "budget"):
        return
    if reading.negated(found.start) and not capped and nearest != "budget":
        return
    low = 0.0 if capped and (found.low == found.high or after is not None) else found.low
    person = "organisation" if _approved(reading, found, frames) else "self"
    reading.add(
        "budget", money(low, found.high, found.currency), found.start, after.end if after else found.end, person, 0.8
    )


def _mine(reading: Reading, frames: list[Hit]) -> bool:
    """ "em có 5 triệu", "tiền còn 2 triệu": somebody's own money, not what a thing costs."""
    frame = next(hit for hit in frames if hit.code == "have")
    before = reading.word(frame.start - 1)
    return before in reading.grammar.selves or before in _HAVING


_HAVING = words("tiền vốn nhà chồng đang hiện chỉ cũng giờ ví túi mới")


def _lost(reading: Reading, start: int) -> bool:
    return not _LOSS.isdisjoint(reading.norms[max(reading.clause(start).start, start - 4) : start])


def _approved(reading: Reading, found: Amount, frames: list[Hit]) -> bool:
    """Money of the company: approved by somebody, or asked for a company's needs."""
    clause = reading.clause(found.start)
    near = reading.norms[max(clause.start, found.start - 14) : min(clause.end, found.end + 3)]
    if not _COMPANY.isdisjoint(near) or "công ty" in " ".join(near):
        return True
    if any(hit.entry.notes == "approved" for hit in frames):
        return True
    return any(
        f.attribute == "customer_type" and f.value == "organisation" and reading.norms[f.start] not in _OWN_SHOPS
        for f in reading.found
    )


_OWN_SHOPS = words("tiệm quán shop spa salon sạp xưởng homestay")


def _sought(reading: Reading, token: int, wanted: frozenset[str]) -> bool:
    """Whether the sentence, or one beside it, looks for something."""
    index = reading.clause_index(token)
    sentence = reading.clauses[index].sentence
    for clause in reading.clauses[max(0, index - 6) : index + 7]:
        if abs(clause.sentence - sentence) <= 1 and not wanted.isdisjoint(reading.norms[clause.start : clause.end]):
            return True
    return False


def money(low: float, high: float, currency: str) -> str:
    """A sum as the codebook writes it: "8000000 VND", "0-5000000 VND"."""
    return f"{low:.0f} {currency}" if round(low) == round(high) else f"{low:.0f}-{high:.0f} {currency}"
