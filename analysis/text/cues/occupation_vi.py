"""Occupations in Vietnamese: a lexicon term beside "là, làm, dân, nghề, như mình", or beside the person."""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.occupation import add
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject, subject_mention
from analysis.text.phrases import Hit, longest

_ADVERBS = words(
    "đang hiện vẫn cũng chỉ một 1 nghề bên về thì mảng ngành trong anh chị cô người dân từng công việc bộ phận cho ra mới tối ngày"
    " sáng có giờ toàn đi đã xong ở nhà"
)

_FRAMES = words("là làm nghề dân theo ngành lương đời phận kiếp lính mảng hệ")

_AS_I = frozenset({"như", "tụi", "bọn", "chúng"})

_VERB_GROUPS = words("driver farmer teacher business_owner online_seller freelancer homemaker retired unemployed")

_DOING = words(
    "chạy làm dạy đi bán mở lái nuôi trồng buôn kinh ở nghỉ về thất đang mất chưa mới vừa không livestream tự nội đứng"
)

_TAIL_STOPS = words("hết hạng các mấy những của a b đây được")

_MOST_TAIL = 2


def read(reading: Reading) -> None:
    """Note occupations of the author and of the people spoken of."""
    for hit in longest(reading.by_area.get("occupations", ())):
        if not reading.unreal(hit.start):
            _judge(reading, hit)
    if "làm" in reading.norms:
        _workplaces(reading)


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
    if reading.negated(start) and hit.code != "unemployed":
        return
    if reading.norms[start : start + 1] == ["ba"] and reading.doc[start].text != "BA":
        return
    before = _first_before(reading, start)
    word = reading.word(before)
    notes = hit.entry.notes
    after = reading.word(end)
    tail = _tail(reading, end) if notes == "head" or hit.code in ("teacher", "business_owner", "driver") else end
    if (
        reading.word(start - 1)
        in (
            "với",
            "của",
            "nhờ",
            "gặp",
            "hỏi",
            "bảo",
            "gọi",
            "thuê",
            "tìm",
            "các",
            "mấy",
            "cho",
            "kiếm",
            "giá",
            "học",
            "từ",
        )
        and hit.code != "unemployed"
    ):
        return
    like_me = after in _AS_I and reading.word(end + 1) in reading.grammar.selves
    if not like_me and "như" in reading.norms[end : end + 4]:
        at = reading.norms.index("như", end)
        like_me = reading.word(at + 1) in (*reading.grammar.selves, "tui") and reading.word(end)[:1].isdecimal()
    if like_me or (tail > end and reading.word(tail) in _AS_I and reading.word(tail + 1) in reading.grammar.selves):
        add(reading, hit, start, tail, "self", 0.85)
        return
    if reading.word(start - 1) == "có" or (after in ("này", "đó", "kia", "nào", "ấy") and notes == "head"):
        return
    if (
        notes == "head"
        and reading.norms[start:end]
        in (
            ["sale"],
            ["ba"],
            ["ai"],
            ["data"],
            ["tóc"],
            ["bếp"],
            ["spa"],
            ["lính"],
            ["may"],
            ["thợ"],
            ["trang", "điểm"],
            ["phục", "vụ"],
            ["thiết", "kế"],
            ["giao", "hàng"],
            ["bán", "hàng"],
            ["bảo", "hiểm"],
            ["ngân", "hàng"],
            ["bảo", "vệ"],
            ["dược"],
            ["phần", "mềm"],
            ["thuế"],
            ["xây", "dựng"],
            ["bất", "động", "sản"],
            ["tài", "chính"],
            ["tín", "dụng"],
            ["vận", "hành"],
            ["nhà", "nước"],
            ["y", "tế"],
            ["nghiên", "cứu"],
            ["truyền", "thông"],
            ["hưu"],
        )
        and word not in ("làm", "nghề", "dân", "ngành", "theo", "lương")
        and not _apposed(reading, start)
    ):
        return
    mention = subject_mention(reading, start)
    if reading.phrase(hit) == "nhân viên" and (
        tail == end or (start and reading.word(start - 2) in ("có", "kết", "gặp", "mấy"))
    ):
        return
    if word in _FRAMES and reading.word(before - 1) not in ("không", "chưa"):
        owner = subject(reading, before) if before > 0 else "self"
        if owner == "self" and mention is not None and mention.code in ("organisation", "thing"):
            owner = mention.code
        if owner == "organisation" and word == "là":
            return
        if word == "lương" and owner in NOBODY:
            owner = "self"
        add(reading, hit, start, tail, owner, 0.85)
        return
    gap = start - mention.end if mention else 99
    if (
        mention is not None
        and mention.code in ("partner", "parent", "child", "family", "friend", "self")
        and gap <= 1 + (before < start - 1) * 2
    ):
        if (
            mention.code == "self"
            and reading.norms[mention.start] in ("anh", "chị", "cô", "bác")
            and mention.end - mention.start == 1
        ):
            return
        add(reading, hit, start, tail, mention.code, 0.75)
        return
    if (
        notes == "verb"
        and _tells_by_itself(reading, hit)
        and (mention is None or mention.code in ("self", "partner", "parent", "family", "friend", "child"))
    ):
        if (
            mention is None
            and before >= 0
            and reading.clause(start).start < before + 1
            and hit.code not in ("homemaker", "retired", "unemployed")
        ):
            return
        add(reading, hit, start, tail, mention.code if mention else "self", 0.7)


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


def _tells_by_itself(reading: Reading, hit: Hit) -> bool:
    return hit.code in _VERB_GROUPS and reading.norms[hit.start] in _DOING


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
