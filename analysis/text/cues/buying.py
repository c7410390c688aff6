"""How people buy: behaviours, efforts, and for whom (CODEBOOK ``behaviour``, ``effort``, ``purchase_role`` buyer)."""

from __future__ import annotations

from analysis.text.cues import brand_cues, doings_en, doings_vi
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject, subject_mention
from analysis.text.normalise import fold
from analysis.text.phrases import Hit, longest

_FOR = frozenset({"cho", "tặng", "biếu", "for"})
_BUY = words(
    "mua đặt sắm lấy order tặng biếu tìm rước chọn hốt tư cần kiếm buy bought buying get got getting ordered ordering purchased"
    " gift present looking need want picked these shopping"
)
_RECEIVERS = frozenset({"parent", "partner", "child", "family", "friend", "pet"})
_MOST_EFFORT = 9
_SWITCH_BACK = frozenset({"qua", "sang", "to", "over"})
_NOT_SWITCH = words(
    "ứng trang cảm chế màn tab cài màu tiền size trả khoản hàng lại chỗ nhà phòng đơn giờ chủ money off seats rooms places houses in out"
)


def read(reading: Reading) -> None:
    """Note behaviours, efforts and bought-for-others."""
    if "behaviour" in reading.by_area:
        _behaviours(reading)
    if "nên" in reading.said and "hay" in reading.said:
        _or(reading)
    if "giữa" in reading.said or "between" in reading.said:
        _between(reading)
    if reading.lang == "en":
        _which_do_you(reading)
        if "for" in reading.said:
            _left_for(reading)
    if "cues_effort" in reading.by_area:
        _efforts(reading)
    if "brands" in reading.by_area:
        brand_cues.read(reading)
    if reading.mentions:
        _bought_for(reading)
        if reading.lang == "vi":
            _asks_around(reading)


def _behaviours(reading: Reading) -> None:
    for hit in longest(reading.by_area["behaviour"]):
        clause = reading.clause(hit.start)
        if clause.quoted:
            continue
        code = hit.code
        if not (doings_en if reading.lang == "en" else doings_vi).own(reading, hit, code):
            continue
        if code == "switching":
            _switch(reading, hit)
            continue
        if code in ("heavy_user", "tried_before", "first_time_buyer", "repeat_buyer"):
            person = subject(reading, hit.start)
            if clause.hypothetical or person not in ("self", "organisation", "family", "child", "pet", "thing"):
                continue
            if code == "heavy_user" and (person in ("child", "pet") or not _uses(reading, hit)):
                continue
            if code == "tried_before" and reading.negated(hit.start):
                continue
        if code == "researching" and reading.norms[hit.end - 1] == "nào" and _whichever(reading, hit.end):
            continue
        if (
            code == "researching"
            and reading.norms[hit.start] == "cần"
            and subject(reading, hit.start) in ("you", "other")
        ):
            continue
        if reading.phrase(hit) == "chân ái" and not _of_wares(reading, hit):
            continue
        if code == "switching_from" and reading.word(hit.start - 1) == "loại":
            continue
        if code == "researching" and not _asks(reading, hit):
            continue
        if code == "discourages" and clause.hypothetical:
            continue
        if reading.lang == "en" and code in ("recommends", "discourages") and not _ordered(reading, hit):
            continue
        if code == "recommends" and (
            reading.negated(hit.start)
            or clause.question
            or subject(reading, hit.start) in ("friend", "parent", "family", "expert", "partner")
        ):
            continue
        reading.add("behaviour", code, hit.start, hit.end, "self", 0.75 * hit.entry.weight)


def _ordered(reading: Reading, hit: Hit) -> bool:
    """Whether "buy it", "don't get" is told to the reader: at the head of a clause, not "I don't buy", "would buy it"."""
    if reading.norms[hit.start] not in _ORDERS:
        return True
    if reading.clause(hit.start).hypothetical:
        return False
    return hit.start == reading.clause(hit.start).start or reading.word(hit.start - 1) in _BEFORE_ORDER


_ORDERS = words(
    "buy get grab go hire book use try call give don't dont do never just skip avoid bin run walk leave take think look"
)
_BEFORE_ORDER = words(
    "please just so and honestly seriously definitely then folks guys people but lads ladies mate mates or"
)


def _of_wares(reading: Reading, hit: Hit) -> bool:
    """Whether a brand or a thing is spoken of near ``hit``; else the love is somebody's."""
    near = [m for m in reading.mentions_in(hit.start - 8, hit.end + 4) if m.code == "thing"]
    return bool(near) or any(abs(b.start - hit.start) <= 8 for b in reading.by_area.get("brands", ()))


def _asks_around(reading: Reading) -> None:
    """ "chị em nào dùng retinol chưa", "ai học ở đây rồi cho em xin ý kiến"."""
    for mention in reading.mentions:
        if mention.code != "you" or reading.norms[mention.end - 1] not in ("nào", "ai"):
            continue
        clause = reading.clause(mention.start)
        words = reading.norms[mention.end : clause.end]
        for k, word in enumerate(words):
            if word in _TRY and any(after in ("chưa", "rồi") for after in words[k + 1 :]):
                reading.add("behaviour", "researching", mention.start, mention.end + k + 1, "self", 0.65)
                return


_TRY = words("dùng xài mua đi học thử uống ăn vay làm đăng ghé ở nuôi biết")


def _asks(reading: Reading, hit: Hit) -> bool:
    """ "loại nào" asks unless it is "loại nào cũng"; "X nào" of people is an address."""
    after = reading.word(hit.end)
    if reading.norms[hit.end - 1] == "nào" and after in ("cũng", "đó", "đấy", "mà", "khác"):
        return False
    if reading.norms[hit.end - 1] == "for" and (
        after in ("work", "trouble", "ward") or reading.word(hit.end + 1) in ("job", "new")
    ):
        return reading.word(hit.end + 1) == "new" and reading.word(hit.end + 2) != "job"
    if reading.norms[hit.start] != "tư":
        return True
    before = reading.word(hit.start - 1)
    if before in ("được", "bạn", "nhân", "viên", "không"):
        return False
    return before in ("nhờ", "cần") or subject(reading, hit.start) not in ("other", "expert", "organisation")


def _or(reading: Reading) -> None:
    """ "nên mua chung cư hay thuê"."""
    norms = reading.norms
    at = norms.index("nên")
    if reading.word(at + 1) in _TRY | {"chọn", "lấy", "thuê", "theo", "gửi"} and "hay" in norms[at + 2 : at + 9]:
        either = norms.index("hay", at + 2)
        ends = reading.clause_index(at) == reading.clause_index(either) and reading.clause(at).end - either <= 3
        if (
            ends
            and reading.word(at - 1) != "không"
            and reading.word(either + 1) not in ("không", "chưa", "là", "gì", "sao", "ho", "bị")
        ):
            reading.add("behaviour", "comparing", at, min(reading.size, either + 2), "self", 0.65)


def _whichever(reading: Reading, end: int) -> bool:
    """ "loại nào rẻ là mình mua", "chỗ nào rẻ thì lấy": no question."""
    words = reading.norms[end : reading.clause(end - 1).end]
    if any(w == "thì" and words[k + 1 : k + 2] in (["mua"], ["lấy"], ["chọn"], ["dùng"]) for k, w in enumerate(words)):
        return True
    return any(
        w == "là" and words[k + 1 : k + 2] in (["mình"], ["em"], ["mua"], ["tôi"], ["lấy"]) for k, w in enumerate(words)
    )


def _left_for(reading: Reading) -> None:
    """ "we left Tallyo for Bookbay": both named, so both written large."""
    norms, doc = reading.norms, reading.doc
    for i, word in enumerate(norms):
        if word in ("left", "ditched", "dropped", "dumped") and "for" in norms[i + 2 : i + 5]:
            at = norms.index("for", i + 2)
            if (
                at + 1 < reading.size
                and doc[i + 1].text[:1].isupper()
                and doc[at + 1].text[:1].isupper()
                and reading.word(i - 1) in ("i", "we", "finally", "just")
            ):
                reading.add("behaviour", "switching_from", i, at, "self", 0.65)
                reading.add("behaviour", "switching_to", at, at + 2, "self", 0.65)


def _between(reading: Reading) -> None:
    """Weighing two: "giữa A với B thì nên theo con nào", "between A and B, which"."""
    norms = reading.norms
    for i, word in enumerate(norms):
        if word in ("giữa", "between"):
            follow = norms[i + 1 : i + 9]
            sentence = norms[max(0, i - 8) : i + 20]
            if any(w in ("với", "và", "hay", "and", "or") for w in follow) and any(w in _WEIGHING for w in sentence):
                reading.add("behaviour", "comparing", i, min(reading.size, i + 5), "self", 0.65)
                return


_WEIGHING = frozenset({"nên", "nào", "chọn", "which", "choose", "decide", "deciding", "pick", "torn", "better"})


def _which_do_you(reading: Reading) -> None:
    """Asking others for a name: "which invoicing tool do you like?"."""
    for clause in reading.clauses:
        if clause.question:
            asked = reading.norms[clause.start : clause.end]
            if any(w in ("which", "what") for w in asked) and "you" in asked and any(w in _NAMING for w in asked):
                reading.add("behaviour", "researching", clause.start, clause.end, "self", 0.65)
                return


_NAMING = frozenset({"like", "use", "recommend", "prefer", "pick", "get", "buy", "suggest", "choose"})


def _uses(reading: Reading, hit: Hit) -> bool:
    """Daily weather and troubles are no use: something must be used, eaten, driven."""
    if reading.lang == "vi":
        return not any(
            word in ("lỗi", "bị", "gọi", "hỏng", "mưa", "kẹt", "nghĩ") for word in reading.norms[hit.end : hit.end + 3]
        )
    window = reading.norms[max(0, hit.start - 9) : hit.end]
    mine = any(word in reading.grammar.selves for word in window) or not _USING.isdisjoint(window)
    return mine and _NO_USE.isdisjoint(window)


_USING = frozenset({"using", "use", "used", "wearing", "drinking", "eating", "daily"})
_NO_USE = frozenset(
    {"they", "crashes", "crash", "wake", "wait", "call", "worry", "think", "cry", "breaks", "he", "she"}
)


def _switch(reading: Reading, hit: Hit) -> None:
    """Leaving one and taking another are two cues; what is changed must not be a size or a room."""
    clause = reading.clause(hit.start)
    if clause.hypothetical or reading.word(hit.end) in _NOT_SWITCH or reading.negated(hit.start):
        return
    if fold(reading.word(hit.end)) == fold(reading.norms[hit.end - 1]) == "tu":
        return  # "chuyển từ từ": slowly
    if any(hit.end <= place.start <= hit.end + 1 for place in reading.by_area.get("places", ())):
        return  # "chuyển từ Sài Gòn ra Hà Nội": moves house
    if subject(reading, hit.start) not in ("self", "organisation", "family", "child", "pet", "partner", "thing"):
        return
    if reading.lang == "en" and not _by_author(reading, hit):
        return
    words = reading.norms[hit.start : hit.end]
    end = min(reading.size, hit.end + 5, max(clause.end, hit.end))
    rest = reading.norms[hit.end : end]
    leaving = "từ" in words or "from" in words
    both = leaving and any(word in _SWITCH_BACK for word in rest)
    if leaving:
        reading.add("behaviour", "switching_from", hit.start, hit.end, "self", 0.8)
    if both or not leaving:
        reading.add("behaviour", "switching_to", hit.start, hit.end, "self", 0.8)
    if not leaving and _left_named(reading, hit):
        reading.add("behaviour", "switching_from", hit.start, hit.end, "self", 0.65)


def _left_named(reading: Reading, hit: Hit) -> bool:
    """ "Sumobi chán nên đổi sang MiniCare": what is left is named before in the sentence."""
    first = max(0, hit.start - 9)
    sentence = reading.clause(hit.start).sentence
    named = [b for b in reading.by_area.get("brands", ()) if first <= b.start < hit.start]
    return any(reading.clause(brand.start).sentence == sentence for brand in named)


def _by_author(reading: Reading, hit: Hit) -> bool:
    """ "we switched to", "Switched from"; not "focus should be switched to" nor an imperative."""
    clause = reading.clause(hit.start)
    before = reading.norms[max(clause.start, hit.start - 8) : hit.start]
    if before and before[-1] in ("be", "auto", "is", "was", "been", "get", "not"):
        return False
    if any(word in reading.grammar.selves or word in ("my", "our") for word in before):
        return True
    return (not before and reading.norms[hit.start].endswith(("ed", "ing"))) or reading.norms[hit.start] in (
        "coming",
        "went",
    )


def _efforts(reading: Reading) -> None:
    last = -1
    hits = reading.by_area["cues_effort"]
    for hit in longest(hits):
        if hit.code != "tried" or hit.start < last or reading.clause(hit.start).quoted:
            continue
        if (
            reading.negated(hit.start)
            or reading.clause(hit.start).hypothetical
            or subject(reading, hit.start) not in ("self", "organisation", "child", "pet", "thing")
        ):
            continue
        failed = reading.near_after("cues_effort", hit.end, "fail", 25) is not None
        weak = reading.norms[hit.start] in (
            "đã",
            "em",
            "mình",
            "have",
            "i've",
            "called",
            "contacted",
            "emailed",
            "returned",
            "replaced",
            "cleaned",
            "updated",
        )
        if not failed and (weak or hit.entry.weight < 1):
            continue
        if not failed and reading.norms[hit.start] not in ("thử", "tìm", "làm", "đi", "tried", "done", "factory"):
            continue
        if not failed and not any(
            word in ("everything", "đủ", "mọi", "hết", "khắp", "every", "countless")
            for word in reading.norms[hit.start : hit.end + 1]
        ):
            continue
        end = _effort_end(reading, hit)
        if last >= 0 and hit.start - last <= 3:
            reading.found[-1].end = last = end
            reading.found[-1].value = " ".join(reading.norms[reading.found[-1].start : end])
            continue
        start = hit.start + (reading.norms[hit.start] in ("đã", "i've", "have"))
        reading.add("effort", " ".join(reading.norms[start:end]), start, end, "self", 0.75)
        last = end


def _effort_end(reading: Reading, hit: Hit) -> int:
    clause_end = max(reading.clause(hit.end - 1).end, hit.end)
    end = hit.end
    while (
        end < clause_end
        and end - hit.start < _MOST_EFFORT
        and reading.norms[end] not in ("mà", "nhưng", "vẫn", "but", "and", "nothing", "with", "rồi")
    ):
        end += 1
    return end


def _bought_for(reading: Reading) -> None:
    for mention in reading.mentions:
        if mention.code not in _RECEIVERS:
            continue
        before = reading.word(mention.start - 1)
        if before not in _FOR or reading.unreal(mention.start):
            continue
        clause = reading.clause(mention.start)
        first = max(clause.start, mention.start - 8)
        window = reading.norms[first : mention.start - 1]
        if (
            mention.code == "child"
            and reading.lang == "vi"
            and before == "cho"
            and not any(w in ("tặng", "biếu") for w in window)
        ):
            continue
        if mention.code == "pet" and reading.word(mention.start) != "my":
            continue
        if before in ("tặng", "biếu") or any(word in _BUY for word in window):
            if reading.negated(mention.start - 1) or _for_others(reading, first, mention.start):
                continue
            reading.add("purchase_role", "buyer", mention.start - 1, mention.end, "self", 0.75)
    for mention in reading.mentions:
        if mention.code == "pronoun" and reading.word(mention.start - 1) == "cho":
            bought = any(w in ("mua", "sắm", "tặng") for w in reading.norms[max(0, mention.start - 7) : mention.start])
            if bought and any(
                m.code in _RECEIVERS - {"pet"} for m in reading.mentions_in(mention.start - 30, mention.start)
            ):
                reading.add("purchase_role", "buyer", mention.start - 1, mention.end, "self", 0.65)


def _for_others(reading: Reading, first: int, token: int) -> bool:
    mention = subject_mention(reading, token - 1)
    return (
        mention is not None
        and mention.code in ("customer", "friend", "other", "celebrity", "you")
        and mention.start >= first
    )
