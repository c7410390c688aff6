"""When a Vietnamese phrase of buying tells nothing of the author: denied ("không ra chỗ nào"), past, advised to others, a price asked."""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Found, Reading
from analysis.text.phrases import Hit

_NONE = words("không chẳng chả chưa hổng hông đừng ko k hong khong chang")
_WISHED = words("ước giá phải mong")
_WISH_AFTER = words("gì chi mà như có")
_READER = words("bạn mẹ bác mom")
_THEN = words("mà nhưng thì nên , ;")


#: A condition reaches over so many clauses.
_CLAUSES = 4


def own(reading: Reading, hit: Hit, code: str) -> bool:
    """Whether the phrase at ``hit`` tells a behaviour ``code`` of the author's."""
    return not _idle(reading, hit, code)


def _idle(reading: Reading, hit: Hit, code: str) -> bool:
    if code == "researching":
        return _none_found(reading, hit)
    if code == "ready_to_buy":
        return _not_now(reading, hit)
    if code == "recommends":
        return _doing_advised(reading, hit)
    if code in ("repeat_buyer", "switching_from", "switching") and _supposed(reading, hit):
        return True
    if code == "repeat_buyer":
        return _forbidden(reading, hit)
    if code in ("switching_from", "discourages", "comparing"):
        return reading.clause(hit.start).hypothetical or _asked_of_readers(reading, hit)
    return False


def _supposed(reading: Reading, hit: Hit) -> bool:
    """ "nếu quên mã thì …, đặt lại được", "nếu chấn thương thì nghỉ, chứ bỏ hẳn …": what a condition in the sentence leads to."""
    number = reading.clause_index(hit.start)
    near = reading.clauses[max(0, number - _CLAUSES) : number + 1]
    return any(clause.link == "condition" and clause.sentence == near[-1].sentence for clause in near)


def _none_found(reading: Reading, hit: Hit) -> bool:
    """ "kiếm hoài không ra chỗ nào", "chưa hư cái nào", "ước gì có app nào": nothing is asked, there is none."""
    norms = reading.norms
    if norms[hit.end - 1] not in ("nào", "nao"):
        return False
    clause = reading.clause(hit.start)
    before = norms[clause.start : hit.start]
    for back, word in enumerate(reversed(before)):
        if word in _THEN:
            break
        if word in _NONE and back < 5 and not _unknown(reading, hit, clause.end):
            return True
    wish = next((i for i, word in enumerate(before) if word in _WISHED), None)
    return wish is not None and before[wish + 1 : wish + 2] != [] and before[wish + 1] in _WISH_AFTER


def _unknown(reading: Reading, hit: Hit, end: int) -> bool:
    """ "không biết chỗ nào bán", "chưa biết loại nào hợp": not known is asked."""
    return (
        "biết" in reading.norms[max(0, hit.start - 4) : hit.start]
        or "rõ" in reading.norms[max(0, hit.start - 3) : hit.start]
    )


def _not_now(reading: Reading, hit: Hit) -> bool:
    """ "chưa dám xuống tiền", "đặt cọc 100 triệu từ năm ngoái", "đặt 20 cái giá có giảm không": not ready now."""
    clause = reading.clause(hit.start)
    if reading.unreal(hit.start) or reading.negated(hit.start):
        return True
    first, after = reading.norms[hit.start], reading.norms[hit.end : hit.end + 5]
    before = reading.word(hit.start - 1)
    if first == "đặt" and "cọc" in reading.norms[hit.start : hit.end]:
        return before not in ("sắp", "muốn", "định", "tính", "chuẩn", "bị", "cần") and not clause.question
    if first == "ký":
        return before not in ("sắp", "muốn", "định", "chuẩn", "bị", "cần")
    if first == "đặt" and any(word.isdecimal() for word in reading.norms[hit.start : hit.end]):
        return "giá" in after or any(
            word in ("bể", "vỡ", "thiếu", "hỏng", "giao", "về") for word in reading.norms[hit.end : hit.end + 3]
        )
    return reading.phrase(hit) == "chốt đơn" and before in ("khách", "thì", "lúc", ",", "")


def _doing_advised(reading: Reading, hit: Hit) -> bool:
    """ "bạn thử xem", "đổi qua hãng khác thử xem sao", "vé đáng tiền": how to do it, or a verdict; nothing is recommended."""
    phrase = reading.phrase(hit)
    if phrase in ("đáng tiền", "đáng đồng tiền"):
        return True
    return phrase == "thử xem" and (reading.word(hit.end) == "sao" or reading.word(hit.start - 1) in _READER)


def _forbidden(reading: Reading, hit: Hit) -> bool:
    """ "vợ cấm mua thêm", "phải mua lại vé", "cam kết mua lại": bought for want, by others, or not at all."""
    before = reading.norms[max(reading.clause(hit.start).start, hit.start - 3) : hit.start]
    again = reading.norms[hit.end - 1] in ("thêm", "lại", "tiếp")
    return again and any(word in ("cấm", "phải", "kết", "tìm", "cần", "muốn") for word in before)


def _asked_of_readers(reading: Reading, hit: Hit) -> bool:
    """ "ai còn lưỡng lự thì đổi đi": the readers are spoken to."""
    before = reading.norms[max(0, hit.start - 2) : hit.start]
    return hit.code == "comparing" and any(word in ("ai", "người") for word in before)


def weighed(reading: Reading, found: list[Found]) -> list[Found]:
    """Researching that is more: two weighed ("Honto với Kazeda con nào ổn", "nên mua xe số hay tự động"), an offer asked for
    ("bên nào làm được gửi báo giá")."""
    ready = [cue.start for cue in found if cue.value == "ready_to_buy"]
    kept = []
    for cue in found:
        if cue.attribute == "behaviour" and cue.value == "researching":
            which = reading.norms[cue.end - 1] == "nào"
            if which and any(0 < start - cue.start < _OFFERED for start in ready):
                continue
            if _two(reading, cue, which):
                cue.value = "comparing"
        kept.append(cue)
    return kept


#: So many words behind "bên nào" an offer is still asked of it.
_OFFERED = 16
_NOT_OTHER = words("không ko k chưa gì sao là bị cả nhất")


def _two(reading: Reading, cue: Found, which: bool) -> bool:
    clause = reading.clause(cue.start)
    norms = reading.norms
    if which:
        before = norms[max(clause.start, cue.start - 7) : cue.start]
        joined = next((i for i, word in enumerate(before) if word in ("với", "vs", "hay")), None)
        if joined is None or joined == 0 or len(before) - joined < 2:
            return False
        return not any(w in reading.grammar.selves or w in _PERSONS for w in (before[joined - 1], before[joined + 1]))
    if norms[cue.start] not in ("nên", "có") or "nên" not in norms[cue.start : cue.end]:
        return False
    after = norms[cue.end : cue.end + 9]
    if "hay" not in after:
        return False
    follow = after[after.index("hay") + 1 :][:1]
    return bool(follow) and follow[0] not in _NOT_OTHER


_PERSONS = words("vợ chồng bạn mẹ bố con bé mọi các nhà")
