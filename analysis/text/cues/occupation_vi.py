"""Occupations in Vietnamese: a lexicon term beside "là, làm, dân, nghề, như mình", or beside the person."""

from __future__ import annotations

from analysis.text.cues import trades_vi
from analysis.text.cues.grammar import words
from analysis.text.cues.occupation import add
from analysis.text.cues.reading import Mention, Reading
from analysis.text.cues.who import NOBODY, subject, subject_mention
from analysis.text.phrases import Hit, longest

_ADVERBS = words(
    "đang hiện vẫn cũng chỉ một 1 nghề bên về thì mảng ngành trong anh chị cô người dân từng công việc bộ phận cho ra mới tối ngày"
    " sáng có giờ toàn đi đã xong ở nhà"
)

_FRAMES = words("là làm nghề dân theo ngành lương đời phận kiếp lính mảng hệ")

_AS_I = frozenset({"như", "tụi", "bọn", "chúng"})

_DOING = words(
    "chạy làm dạy đi bán mở lái nuôi trồng buôn kinh ở nghỉ về thất đang mất chưa mới vừa không livestream tự nội đứng bưng phụ"
    " đạp rửa giữ trông cạo hái cắt lượm nhặt hưu bị jobless ăn cho đánh chài cào nhận order học vá thầu freelance freelancer"
    " hưởng sống may nấu full nhà hàng live shop"
)

_TAIL_STOPS = words("ba hết hạng các mấy những của a b đây được")

_MOST_TAIL = 2


def read(reading: Reading) -> None:
    """Note occupations of the author and of the people spoken of."""
    for hit in longest(reading.by_area.get("occupations", ())):
        if not reading.unreal(hit.start):
            _judge(reading, hit)
    if "làm" in reading.said:
        _workplaces(reading)
    trades_vi.read(reading)
    _work_found(reading)


def _work_found(reading: Reading) -> None:
    """Whoever has work again is not out of work: "thất nghiệp dài, giờ chạy bàn"."""
    own = {f.group for f in reading.found if f.attribute == "occupation" and f.who == "self"}
    if "unemployed" in own and len(own - {"student"}) > 1:
        reading.found[:] = [f for f in reading.found if not (f.group == "unemployed" and f.who == "self")]


_NO_WORKPLACE = words(
    "nhà đây đó kia này đâu ngoài đường xa gần quê tỉnh thành nước bển trỏng đó tận hai mỗi cả khuya đêm"
)


def _workplaces(reading: Reading) -> None:
    """Where somebody works, as the words tell it, group ``other``: "em làm ở phòng khám thú y"."""
    norms = reading.norms
    for i, word in enumerate(norms):
        if word != "làm" or reading.word(i + 1) not in ("ở", "tại", "cho", "bên", "trong") or reading.unreal(i):
            continue
        start = i + 2
        if reading.word(i + 1) == "cho" and reading.word(start) not in (
            "công",
            "nhà",
            "hãng",
            "tập",
            "ngân",
            "bên",
            "trường",
            "shop",
            "quán",
            "một",
        ):
            continue
        if any(hit.start <= start < hit.end for hit in reading.by_area.get("places", ())) or reading.negated(i):
            continue
        end, clause_end = start, reading.clause(start - 1).end
        while end < clause_end and end - start < 4 and norms[end].isalpha() and norms[end] not in reading.grammar.stops:
            end += 1
        person = subject(reading, i)
        if (
            end - start < 2
            or norms[start] in _NO_WORKPLACE
            or person not in ("self", "partner", "parent", "family", "friend")
        ):
            continue
        if not any(
            found.attribute == "occupation" and found.start < end and start < found.end for found in reading.found
        ):
            reading.add("occupation", " ".join(norms[start:end]), i, end, person, 0.6, "other")


def _judge(reading: Reading, hit: Hit) -> None:
    start, end = hit.start, hit.end
    if reading.norms[start] == "dân" and end - start > 1:
        start += 1
    notes = hit.entry.notes
    if notes in _NOUNS and reading.norms[start] in ("làm", "nghề"):
        start += 1
    if _no_trade(reading, hit, start):
        return
    noun = notes in _NOUNS
    tail = _tail(reading, end) if noun or hit.code in ("teacher", "business_owner", "driver") else end
    if _said_like_me(reading, end, tail):
        add(reading, hit, start, tail, "self", 0.85)
        return
    before = _first_before(reading, start)
    word = reading.word(before)
    if reading.word(start - 1) == "có" or (noun and reading.word(end) in _THAT):
        return
    mention = subject_mention(reading, start)
    if notes == "frame" and not (
        word in _DOES
        or _apposed(reading, start)
        or _our_side(reading, start)
        or (word == "là" and _is_one(reading, before, tail, mention))
    ):
        return
    if reading.phrase(hit) == "nhân viên" and (tail == end or reading.word(start - 2) in ("có", "kết", "gặp", "mấy")):
        return
    if word in _FRAMES and reading.word(before - 1) not in ("không", "chưa"):
        owner = _framed(reading, before, mention)
        if not (owner == "organisation" and word == "là"):
            add(reading, hit, start, tail, owner, 0.85)
    elif mention is not None and mention.code in _PERSONS and start - mention.end <= 1 + (before < start - 1) * 2:
        if not _calls_elder(reading, mention, tail):
            add(reading, hit, start, tail, mention.code, 0.75)
    elif notes == "verb":
        _verb(reading, hit, start, tail, before)
    elif notes != "frame" and trades_vi.opens(reading, start, tail):
        add(reading, hit, start, tail, "self", 0.7)


_NOUNS = frozenset({"head", "frame"})
_THAT = frozenset({"này", "đó", "kia", "nào", "ấy"})
_DOES = frozenset({"làm", "nghề", "dân", "ngành", "theo", "lương"})
_PERSONS = frozenset({"partner", "parent", "child", "family", "friend", "self"})
#: Before a trade these make it somebody met, sought or spoken to.
_MET = words(
    "với của nhờ gặp hỏi bảo gọi thuê tìm các mấy cho kiếm giá học từ ngành_ tự ghế tay mùa bằng ít nhiều hồi thời lớp thẻ"
)
_STUDIED = words("học tốt nghiệp trái đẳng trường thi")
_UNREAL = words("muốn định mơ ước kiếp tính thích mê")
_STUDENTS = words("ít nhiều giá hồi thời thẻ như toàn lớp đứa khách ưu dành đám")


def _no_trade(reading: Reading, hit: Hit, start: int) -> bool:
    """A trade denied, wished for, met or studied for is nobody's."""
    norms, last = reading.norms, reading.word(start - 1)
    if reading.negated(start) and hit.code != "unemployed":
        return True
    if norms[start] == "ba" and reading.doc[start].text != "BA":
        return True
    if norms[start] == "ai" and reading.doc[start].text != "AI":
        return True
    if last in _MET and hit.code not in ("unemployed", "homemaker"):
        return True
    if last in ("ngành", "nghề") and not _STUDIED.isdisjoint(norms[max(0, start - 5) : start - 1]):
        return True
    if hit.entry.notes == "verb" and last in ("cô", "chú", "anh", "chị", "bà", "ông", "nào", "chỗ") and start > 1:
        return True
    if hit.entry.notes == "verb" and last == "là" and norms[start] in _DOING and start > 1:
        return True
    if reading.phrase(hit) == "đi học" and (subject(reading, start) != "self" or last in ("còn", "con", "cho")):
        return True
    if hit.code == "student" and students_at_large(reading, hit.end):
        return True
    if hit.code == "student" and (
        last in _STUDENTS or reading.word(start - 2) in _STUDENTS or reading.word(hit.end) == "giỏi"
    ):
        return True
    clause = reading.clause(start)
    if hit.code == "retired" and reading.word(start - 1) in ("sắp", "sau", "tới"):
        return True
    return any(word in _UNREAL for word in norms[max(clause.start, start - 6) : start])


def students_at_large(reading: Reading, end: int) -> bool:
    """ "sinh viên giờ toàn dùng …", "học sinh bây giờ …": students at large."""
    after = reading.norms[end : end + 3]
    return (
        after[:2] == ["bây", "giờ"]
        or (after[:1] == ["giờ"] and after[1:2] != [] and after[1] in ("toàn", "ai", "hay", "đứa"))
        or (after[:1] == ["nào"] or after[:2] == ["thời", "nay"])
    )


def _said_like_me(reading: Reading, end: int, tail: int) -> bool:
    """ "giáo viên như em", "nhân viên văn phòng 9 tiếng như tui", "kế toán là em"."""
    norms = reading.norms
    for at in (end, tail):
        if reading.word(at) in _AS_I and reading.word(at + 1) in reading.grammar.selves:
            return True
        if reading.word(at) == "là" and reading.word(at + 1) in ("em", "mình", "tôi") and reading.word(at + 2) in _EDGE:
            return True
    if "như" in norms[end : end + 4] and reading.word(end)[:1].isdecimal():
        return reading.word(norms.index("như", end) + 1) in reading.grammar.selves
    return False


_EDGE = words("phải nè đây , . ngồi làm lo luôn") | {""}


def _is_one(reading: Reading, before: int, tail: int, mention: Mention | None) -> bool:
    """ "em là bảo vệ", and no more of it: "em này là bảo vệ da" says what a thing does."""
    after = reading.word(tail)
    return (
        mention is not None
        and mention.code in _PERSONS
        and mention.end == before
        and (not after[:1].isalpha() or after in reading.grammar.stops)
    )


def _our_side(reading: Reading, start: int) -> bool:
    """ "em bên kế toán", "phòng kế toán bên em"."""
    return reading.word(start - 1) == "bên" and reading.word(start - 2) in reading.grammar.selves


def _framed(reading: Reading, before: int, mention: Mention | None) -> str:
    """Who does what a frame ("làm", "là", "nghề", "lương") is followed by."""
    owner = subject(reading, before) if before > 0 else "self"
    if owner == "self" and mention is not None and mention.code in ("organisation", "thing"):
        owner = mention.code
    if reading.word(before) in ("lương", "nghề") and (owner in NOBODY or owner == "child"):
        return "self"
    return owner


def _calls_elder(reading: Reading, mention: Mention, tail: int) -> bool:
    """ "anh shipper", "cô giáo viên" are people met; "anh thợ hồ ngày làm 10 tiếng" at the head of a text is its author."""
    if not (
        mention.code == "self"
        and reading.norms[mention.start] in ("anh", "chị", "cô", "bác", "chú")
        and mention.end - mention.start == 1
    ):
        return False
    return not (mention.start == 0 and reading.word(tail) in ("ngày", "đây", "nè", "làm", "lương", ","))


def _verb(reading: Reading, hit: Hit, start: int, tail: int, before: int) -> None:
    """What one does for a living, told by a verb: "chạy ba gác", "ở nhà trông con"."""
    mention = subject_mention(reading, start)
    if (reading.norms[start] not in _DOING and hit.code != "retired") or (
        mention is not None and mention.code not in _PERSONS | {"organisation"}
    ):
        return
    opening = reading.clause(start).start >= before + 1
    turned = reading.word(start - 1) in ("đi", "về", "qua", "sang", "rồi", "xong", "giờ")
    if reading.doc[max(0, start - 1)].text.istitle() and start > 1 and mention is not None and start - mention.end == 1:
        return  # "Cô Lan dạy toán"
    if mention is not None and any(word in ("nào", "chỗ", "ai") for word in reading.norms[mention.end : start]):
        return
    if (
        mention is None
        and before >= 0
        and not (opening or turned)
        and hit.code not in ("homemaker", "retired", "unemployed")
    ):
        return
    if mention is not None and not (opening or turned) and start - mention.end > 6 and hit.code not in _STATES:
        return
    if mention is not None and mention.code == "organisation" and hit.code not in ("business_owner", "online_seller"):
        return
    add(reading, hit, start, tail, mention.code if mention else "self", 0.7)


_STATES = frozenset({"homemaker", "retired", "unemployed"})


def _apposed(reading: Reading, start: int) -> bool:
    """Right behind a relation: "anh rể em thợ gò"."""
    return any(
        m.end == start and m.code in ("partner", "parent", "family", "friend")
        for m in reading.mentions_in(start - 5, start)
    )


def _first_before(reading: Reading, start: int) -> int:
    """The token before ``start`` that is no mere adverb."""
    i = start - 1
    while i >= 0 and start - i <= 3 and reading.norms[i] in _ADVERBS and reading.norms[i] not in _FRAMES:
        i -= 1
    return i


def _tail(reading: Reading, end: int) -> int:
    """Where the words that narrow an occupation end: "giáo viên | cấp 2", "kỹ sư | bảo trì"."""
    i = end
    clause_end = reading.clause(end - 1).end
    while i < clause_end and i - end < _MOST_TAIL:
        word = reading.norms[i]
        if (
            word in reading.grammar.stops
            or word in _TAIL_STOPS
            or not (word[0].isalpha() or (reading.word(i - 1) in ("cấp", "lớp")))
        ):
            break
        i += 1
    if i < reading.size and reading.norms[i - 1 : i] == ["cấp"] and reading.word(i).isdecimal():
        i += 1
    return i if _noun_like(reading, end, i) else end


def _noun_like(reading: Reading, end: int, i: int) -> bool:
    words = reading.norms[end:i]
    return not any(
        word
        in (
            "nói",
            "ngồi",
            "làm",
            "nhiệt",
            "hay",
            "đi",
            "tầm",
            "dễ",
            "rất",
            "quá",
            "mê",
            "nào",
            "chạy",
            "sinh",
            "năm",
            "gia",
            "nuôi",
            "ế",
            "nghèo",
            "thích",
            "tuổi",
            "già",
            "lâu",
            "nên",
            "chê",
            "khen",
            "hướng",
            "báo",
            "kêu",
            "la",
        )
        for word in words
    )
