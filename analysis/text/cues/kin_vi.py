"""Family named without "my" in Vietnamese, where it can only be the author's: "chồng đưa lương", "bế con", "bé chịu uống".

"Con" is also the word for an animal or a thing ("con xe này"), and "bé" a small anything; both need a child's doings beside
them or a parent's hands.
"""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.phrases import Hit

#: What a partner named without "my" does where it is the author's.
_DOES = words(
    "là làm đang bị đi lương sinh cũng mới mua dùng xài không hay thích đã vừa thì chạy bán dạy học tên quê ở thợ công giáo kỹ bộ lái"
    " buôn phụ đưa tặng muốn cứ toàn nấu gọi rủ chở đẻ đau than cãi xúi gửi bắt trông giữ ngủ ngáy hút nhậu cầm đòi tính định sắp"
    " nghe giao chưa vẫn ép cho tặng mê nghiện giận cằn"
)
_BESIDE = words("với cùng rủ giấu nhờ dẫn bắt để cho tặng hỏi xin bàn thương sợ")
_PARTNER_STOP = words("mà thì người khác nó họ chị cô anh bạn ai nào con mình_")
_CHILD_DOES = words(
    "mới đã chưa không cũng hay bị được đang vẫn chịu bú ăn ngủ khóc quấy ốm sốt ho đi học về vào lên đòi sợ biếng lười gọi đậu thi"
    " tự chập mọc tập nằm ngồi mặc uống nói nghịch hết cứ toàn còn nó hắn tui thì mà tầm tròn gần sắp lớn nhỏ đầy bám nôn trớ rớ"
    " chơi sinh bỏ cai tiêm ra bò lẫy té ngã thức ngậm nhả dị mẩn hăm nổi ị đái tè phản khoái mê khỏi vô tan chuyển ngoan"
)
_CHILD_HELD = words(
    "bế ẵm bồng gửi đưa đón dạy trông chăm nuôi chở dắt dìu ru đẻ mặt má tay chân lưỡi lưng thương dỗ kèm tắm tã mắng ôm cõng chiều"
    " nhường rước sinh xa nhớ đặt cổ"
)
#: After "con" these name a thing or an animal; before it, somebody else or a kind.
_NO_CHILD_AFTER = words(
    "xe máy này đó kia ấy nào gì lap laptop card chip pc ip iphone samsung số đường dấu dao tàu thuyền người vật chữ cá gà tôm bò"
    " heo lợn mèo chó chuột gián kiến ốc sông trăn hàng serum kem son ss redmi oppo tivi vợ chồng nhà điện em_ cún vẹt cua vịt"
)
_NO_CHILD_BEFORE = words(
    "bà mấy các những một 1 hai 2 ba 3 4 số giống nhân trẻ người mụn dâu cháu cô thằng đứa chị bạn nhỏ vợ từng mỗi nhiều đàn cái bọn"
    " lũ anh cả cu_ đôi"
)
_NO_BABY_BEFORE = words(
    "các mấy những mỗi nhiều trẻ em bạn một 1 hai 2 ba 3 4 5 cô chú cậu từng của thằng nhà_ giường ghế áo bỉm"
)
_AGE = words("tháng th tuổi tuần t m")
_SMALL = frozenset({"con", "bé", "nhóc", "cu", "baby"})


def own(reading: Reading, hit: Hit) -> bool:
    """Whether the person at ``hit``, named without a possessor, is the author's."""
    after = reading.word(hit.end)
    if hit.code == "child":
        return _child(reading, hit, after)
    if hit.code != "partner" or after in _PARTNER_STOP:
        return False
    if hit.start == reading.clause(hit.start).start:
        return after in _DOES or after[:1].isdecimal()
    before = reading.word(hit.start - 1)
    if reading.norms[hit.start] not in ("chồng", "vợ", "bạn"):
        return False
    return before in _BESIDE or (before in ("con", "xong", "mà", "nên", "vì") and after in _DOES)


def _child(reading: Reading, hit: Hit, after: str) -> bool:
    first = reading.norms[hit.start]
    if first in ("đứa", "thằng") and after[:1].isdecimal():
        return True
    aged = reading.word(hit.end + 1) in ("tháng", "tuổi", "tuần") and (
        after[:1].isdecimal() or after in reading.grammar.numbers
    )
    if aged and first == "con" and reading.word(hit.start - 1) not in _NO_CHILD_BEFORE:
        return True
    if after[:1].isdecimal():
        return hit.end - hit.start > 1 and (reading.word(hit.end + 1) in _AGE or after[-1:] in ("m", "t"))
    if first in ("thằng", "con", "nhóc", "bé") and hit.end - hit.start > 1:
        return after in _CHILD_DOES and reading.word(hit.start - 1) not in ("một", "mấy", "có")
    return first == "con" and bare(reading, hit)


def bare(reading: Reading, hit: Hit) -> bool:
    """Whether "con" or "bé" alone is a child of the author's: "con bú xong vẫn khóc", "đặt con xuống"."""
    if hit.end - hit.start > 1 or reading.pets:
        return False
    word, before, after = reading.norms[hit.start], reading.word(hit.start - 1), reading.word(hit.end)
    if word not in _SMALL or after in _NO_CHILD_AFTER or reading.word(hit.end + 1) in ("này", "kia", "đó"):
        return False
    if hit.end < reading.size and reading.doc[hit.end].text[:1].isupper():
        return False
    if before in (_NO_CHILD_BEFORE if word == "con" else _NO_BABY_BEFORE):
        return False
    if before in _CHILD_HELD:
        return True
    if after in _CHILD_DOES:
        return (
            word != "con"
            or after not in ("bị", "được", "hay", "mà", "thì", "không", "cũng", "tầm", "mới", "cứ", "hết")
            or _homely(reading, hit.start)
        )
    return (
        before in ("cho", "để", "khi", "lúc")
        and (after in _EDGE or after in _CHILD_DOES)
        and _homely(reading, hit.start)
    )


_EDGE = words(", . ! ? với ạ nha nhé từ ở nên và rồi") | {""}
#: Words of a home with children; with one of them "con bị …" is a child.
_HOME = words(
    "bé mẹ bố bỉm sữa mom má cháu cô trường lớp bú ngủ sốt khóc trẻ nôi bầu sinh tã yếm học bác_sĩ ho cai dặm ăn ba uống chồng"
)


def _homely(reading: Reading, token: int) -> bool:
    near = reading.norms[max(0, token - 30) : token] + reading.norms[token + 1 : token + 30]
    return not _HOME.isdisjoint(near)


def others_marriage(reading: Reading, start: int, end: int) -> bool:
    """ "có bác kể lấy chồng năm 16", "người yêu cũ của ca sĩ", "để còn lấy chồng": somebody else's spouse, or none yet."""
    norms = reading.norms
    if norms[start] in ("lấy", "cưới", "có"):
        first = max(reading.clause(start).start, start - 7)
        if not _NOT_YET.isdisjoint(norms[max(first, start - 2) : start]):
            return True
        told = [m for m in reading.mentions_in(first, start) if m.end <= start]
        return bool(told) and told[-1].code in ("other", "friend", "family", "celebrity", "expert", "pronoun")
    return reading.word(end) == "cũ" or (reading.word(end) == "của" and reading.word(end + 1) not in _OURS)


_NOT_YET = words("còn sắp để kịp mong đòi giục kể")
_OURS = words("em mình tôi tui tớ tao chị anh tụi bọn chúng nhà vợ chồng")


def readers_at_large(reading: Reading, start: int, end: int) -> bool:
    """ "hợp với mẹ bầu", "các bà bầu", "dành cho mẹ bỉm", "hai vợ chồng chủ": for whom something is, or met; not who speaks."""
    if reading.word(end) == "chủ":
        return True
    before, before2 = reading.word(start - 1), reading.word(start - 2)
    return before in ("các", "những", "mấy", "nhiều") or (
        before in ("với", "cho") and before2 in ("hợp", "dành", "tốt", "bán", "đồ")
    )
