"""What people do for a living: a lexicon term beside "là, làm, dân, nghề, như mình", "I'm a, work as, work at", or the person.

The value is the words themselves in lower case; the group comes from the lexicon. What somebody wishes to become is a
goal, what somebody was ("used to be", "former") is none, and a profession merely met ("bác sĩ khuyên") is nobody's.
"""

from __future__ import annotations

from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject, subject_mention
from analysis.text.phrases import Hit, longest

_ADVERBS = frozenset(
    {
        "đang",
        "hiện",
        "vẫn",
        "cũng",
        "chỉ",
        "một",
        "1",
        "nghề",
        "bên",
        "về",
        "thì",
        "mảng",
        "ngành",
        "trong",
        "anh",
        "chị",
        "cô",
        "người",
        "dân",
        "từng",
        "công",
        "việc",
        "bộ",
        "phận",
        "cho",
        "ra",
        "mới",
        "tối",
        "ngày",
        "sáng",
        "có",
        "giờ",
        "toàn",
        "đi",
        "đã",
        "xong",
        "ở",
        "nhà",
    }
)
_FRAMES = frozenset(
    {"là", "làm", "nghề", "dân", "theo", "ngành", "việc", "lương", "đời", "phận", "kiếp", "lính", "mảng", "hệ"}
)
_AS_I = frozenset({"như", "tụi", "bọn", "chúng"})
_VERB_GROUPS = frozenset(
    {
        "driver",
        "farmer",
        "teacher",
        "business_owner",
        "online_seller",
        "freelancer",
        "homemaker",
        "retired",
        "unemployed",
    }
)
_DOING = frozenset(
    "chạy làm dạy đi bán mở lái nuôi trồng buôn kinh ở nghỉ về thất đang mất chưa mới vừa không livestream tự nội đứng".split()
)
_TAIL_STOPS = frozenset({"hết", "hạng", "các", "mấy", "những", "của", "a", "b", "đây", "được"})
_MOST_TAIL = 2
_EN_FRAMES = frozenset("a an as i'm im am be".split())
_EN_ARTICLES = frozenset({"a", "an", "the", "my", "our"})
_EN_WORK = frozenset("work works working worked job jobs career employed shift gig intern internship".split())
_EN_PAST = frozenset(
    {
        "used",
        "former",
        "ex",
        "was",
        "wanted",
        "retired",
        "wish",
        "want",
        "become",
        "becoming",
        "hope",
        "would",
        "could",
        "were",
        "aspiring",
        "studying",
        "wanna",
        "not",
        "someday",
        "going",
        "dream",
        "being",
        "hire",
        "called",
        "need",
        "call",
        "met",
        "see",
        "saw",
        "love",
        "like",
    }
)
_EN_ADJECTIVES_MOST = 3
_NOT_OF_THIS = frozenset({"'s", "recommended", "says", "said", "told"})


def read(reading: Reading) -> None:
    """Note occupations of the author and of the people spoken of."""
    hits = reading.by_area.get("occupations")
    if hits:
        judge = _vietnamese if reading.lang == "vi" else _english
        for hit in longest(hits):
            if not reading.unreal(hit.start):
                judge(reading, hit)


def _add(reading: Reading, hit: Hit, start: int, end: int, person: str, confidence: float) -> None:
    if person in NOBODY:
        return
    person = {"expert": "other", "organisation": "self"}.get(person, person)
    value = " ".join(reading.norms[start:end]).replace(" - ", "-").replace(" ' ", "'")
    reading.add("occupation", value, start, end, person, confidence * hit.entry.weight, hit.code)


def _vietnamese(reading: Reading, hit: Hit) -> None:
    start, end = hit.start, hit.end
    if reading.norms[start] == "dân" and end - start > 1:
        start += 1
    if reading.negated(start) and hit.code != "unemployed":
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
        like_me = reading.word(at + 1) in (*reading.grammar.selves, "tui") and reading.word(end)[:1].isdigit()
    if like_me or (tail > end and reading.word(tail) in _AS_I and reading.word(tail + 1) in reading.grammar.selves):
        _add(reading, hit, start, tail, "self", 0.85)
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
        and word not in _FRAMES
    ):
        return
    mention = subject_mention(reading, start)
    if word in _FRAMES and reading.word(before - 1) not in ("không", "chưa"):
        owner = subject(reading, before) if before > 0 else "self"
        if owner == "self" and mention is not None and mention.code in ("organisation", "thing"):
            owner = mention.code
        if owner == "organisation" and word == "là":
            return
        if word == "lương" and owner in NOBODY:
            owner = "self"
        _add(reading, hit, start, tail, owner, 0.85)
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
        _add(reading, hit, start, tail, mention.code, 0.75)
        return
    if (
        notes == "verb"
        and _tells_by_itself(hit)
        and (mention is None or mention.code in ("self", "partner", "parent", "family", "friend", "child"))
    ):
        if (
            mention is None
            and before >= 0
            and reading.clause(start).start < before + 1
            and hit.code not in ("homemaker", "retired", "unemployed")
        ):
            return
        _add(reading, hit, start, tail, mention.code if mention else "self", 0.7)


def _first_before(reading: Reading, start: int) -> int:
    """The token before ``start`` that is no mere adverb."""
    i = start - 1
    while i >= 0 and start - i <= 3 and reading.norms[i] in _ADVERBS and reading.norms[i] not in _FRAMES:
        i -= 1
    return i


def _tells_by_itself(hit: Hit) -> bool:
    return hit.code in _VERB_GROUPS and hit.entry.term.split()[0] in _DOING


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
    if i < reading.size and reading.norms[i - 1 : i] == ["cấp"] and reading.word(i).isdigit():
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


def _english(reading: Reading, hit: Hit) -> None:
    start, end = hit.start, hit.end
    norms = reading.norms
    clause = reading.clause(start)
    notes = hit.entry.notes
    window = norms[max(clause.start, start - 7) : start]
    before = reading.word(start - 1)
    if notes == "state":
        _state(reading, hit, window)
        return
    article = next(
        (
            i
            for i in range(start - 1, max(clause.start, start - 1 - _EN_ADJECTIVES_MOST) - 1, -1)
            if norms[i] in ("a", "an") or (norms[i] == "the" and reading.word(i - 1) in ("am", "i'm", "im"))
        ),
        None,
    )
    if before in _EN_PAST and before not in ("being",):
        if before == "retired":
            return
        return
    if article is not None:
        lead = reading.word(article - 1)
        if lead in ("as", "i'm", "im", "am", "i", "we're") or (
            lead
            in ("just", "also", "actually", "still", "currently", "only", "now", "really", "basically", "proud", "not")
            and reading.word(article - 2) in ("am", "i'm", "im")
        ):
            if (
                lead == "not"
                or "not" in window[-3:]
                or any(word in ("used", "wish", "want", "if", "was") for word in window)
            ):
                return
            if lead == "as" and not (
                "work" in window
                or "working" in window
                or "job" in window
                or article - 1 == clause.start
                or "worked" in window
                or any(w in ("i", "me", "my") for w in window)
            ):
                return
            _add(reading, hit, article + 1, end, "self" if lead != "as" else _person(reading, article), 0.9)
            return
        if lead in ("is", "was", "are") or lead == "'s" or lead in ("he's", "she's"):
            person = subject(reading, article)
            if person not in ("self",) and lead != "was":
                _add(reading, hit, article + 1, end, person, 0.8)
                return
        if lead in (",", "and") and any(word in ("i'm", "im", "am") for word in norms[max(0, article - 7) : article]):
            _add(reading, hit, article + 1, end, "self", 0.8)
            return
        if (
            any(word in ("run", "own", "manage", "opened") for word in norms[max(0, article - 2) : article])
            and "i" in norms[max(0, article - 4) : article]
        ):
            reading.add("occupation", " ".join(norms[article + 1 : end]), start, end, "self", 0.8, "business_owner")
            return
    if before == "turned" and start > clause.start:
        _add(reading, hit, start, end, "self", 0.7)
        return
    if any(word in _EN_WORK for word in window) and not any(
        word in ("want", "wish", "used", "not", "don't") for word in window
    ):
        if (
            before in ("a", "an", "the", "at", "for", "in", "as", "my", "local", "with", "is", "of", "big", "our", "to")
            or len(window) <= 4
        ):
            _add(reading, hit, start, end, _person(reading, start), 0.8)
            return
    if (
        reading.word(end) in ("here", "by")
        and reading.word(end + 1) in ("", ",", ".", "trade", "day", "!", "profession")
        and start == clause.start
    ):
        _add(reading, hit, start, end, "self", 0.8)
        return
    if reading.word(end) in ("job", "shift", "career") and ("my" in window or "i" in window):
        _add(reading, hit, start, end, "self", 0.7)
        return
    if reading.word(end) == "like" and reading.word(end + 1) in ("me", "us", "myself"):
        _add(reading, hit, start, end, "self", 0.8)
        return
    if before in ("at", "for") and reading.word(start - 2) in (
        "manager",
        "cook",
        "intern",
        "associate",
        "job",
        "shift",
        "cashier",
        "server",
        "accountant",
        "work",
        "working",
        "employee",
        "clerk",
    ):
        _add(reading, hit, start, end, _person(reading, start), 0.7)
        return
    if (
        before in ("the", "in")
        and any(w in ("in", "joined", "join") for w in window[-2:])
        and hit.code == "army_police"
    ):
        if any(w in ("i", "i'm", "am", "im", "my") for w in window):
            _add(reading, hit, start, end, _person(reading, start), 0.8)
        return
    if before in ("i", "also", "currently", "usually") and hit.entry.term.split()[0] in (
        "drive",
        "own",
        "run",
        "sell",
        "teach",
        "work",
        "stay",
        "fix",
        "raise",
        "deliver",
        "babysit",
        "bartend",
        "build",
        "homeschool",
        "clean",
        "cut",
        "tend",
        "wait",
        "walk",
        "serve",
    ):
        _add(reading, hit, start, end, "self", 0.85)
        return
    alone = start == clause.start and end == clause.end and not notes
    if (
        alone
        and any(found.attribute in ("age", "gender", "marital_status") for found in reading.found)
        and reading.clause_index(start) > 0
    ):
        _add(reading, hit, start, end, "self", 0.6)
    elif before == "i" and reading.word(start - 2) == "":
        return


def _state(reading: Reading, hit: Hit, window: list[str]) -> None:
    """ "retired", "between jobs": a state, not a trade."""
    before = reading.word(hit.start - 1)
    term = hit.entry.term
    strong = (
        term
        in ("laid off", "lost my job", "not working", "do not work", "don't work", "looking for work", "quit my job")
        or " " in hit.entry.term
    )
    said = (
        before
        in (
            "am",
            "i'm",
            "im",
            "is",
            "are",
            "been",
            "both",
            "currently",
            "now",
            "newly",
            "recently",
            "just",
            "he's",
            "she's",
            "we're",
            "on",
            "a",
            "since",
            "got",
            "i",
            "still",
            "fully",
            "semi",
            "after",
            "when",
            "to",
        )
        or strong
    )
    if not said or any(word in ("when", "until", "want", "if", "before", "for") for word in window):
        return
    if term == "retired" and reading.word(hit.end)[:1].isalpha() and reading.word(hit.end) not in reading.grammar.stops:
        end = hit.end + 1
        _add(reading, hit, hit.start, end, _person(reading, hit.start), 0.8)
        return
    if term in ("retirement",):
        return
    _add(reading, hit, hit.start, hit.end, _person(reading, hit.start), 0.8)


def _person(reading: Reading, token: int) -> str:
    person = subject(reading, token)
    return "self" if person in ("organisation", "thing") else person
