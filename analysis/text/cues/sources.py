"""Where the author learnt, asked or bought: a channel beside a verb of seeing or buying, or a person who recommended.

Where the author sells is no channel, nor is the app that is complained of.
"""

from __future__ import annotations

from analysis.text.cues.facts import statements
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Mention, Reading
from analysis.text.cues.who import NOBODY, subject, subject_mention
from analysis.text.phrases import Hit, longest

_PREPOSITIONS = words("trên qua ở ngoài bên từ tại trong on from at via through in vào off by")
#: Channels that are also a thing, a place or a topic: they need the verb right before them.
_VAGUE = words("app store own_website blog_news tv_radio event supermarket email pharmacy google")
_WORD_OF_MOUTH = frozenset({"friend", "family", "partner", "parent", "other"})
_REACH = 6


def read(reading: Reading) -> None:
    """Note channels."""
    if "channels" in reading.by_area:
        _channels(reading)
    if "cues_sources" in reading.by_area:
        _recommended(reading)


def _channels(reading: Reading) -> None:
    for hit in longest(reading.by_area["channels"]):
        if reading.unreal(hit.start) or (hit.code == "other" and hit.entry.notes != "sure"):
            continue
        if hit.entry.notes != "sure" and not _used(reading, hit.start, hit.code):
            continue
        if hit.entry.notes == "sure" and reading.negated(hit.start):
            continue
        if reading.lang == "en" and hit.code in _SHOPS and not _at_the_shop(reading, hit):
            continue
        reading.add("channel", hit.code, hit.start, hit.end, "self", 0.8 * hit.entry.weight)


_SHOPS = frozenset({"store", "supermarket"})
#: Without one of these nobody is said to have seen, asked or bought anything in a shop.
_AT_THE_SHOP = words(
    "bought buy buying buys got get getting gets ordered order saw seen found find picked pick asked ask shop shopping shops queued"
    " tried try went go going paid pay returned sold told grabbed grab recommended demo spotted walked popped looked stood waited"
    " collected swapped prove chose chosen there's tested had have took rang sell sells from"
)


def _at_the_shop(reading: Reading, hit: Hit) -> bool:
    if reading.word(hit.start - 1) == "over":
        return False
    sentence = reading.clause(hit.start).sentence
    first = max(0, hit.start - 20)
    return any(
        reading.norms[at] in _AT_THE_SHOP and reading.clause(at).sentence == sentence
        for at in range(first, min(reading.size, hit.end + 8))
    )


def _used(reading: Reading, start: int, code: str) -> bool:
    """Whether the author saw, asked or bought there."""
    norms = reading.norms
    clause = reading.clause(start)
    verb = _verb(reading, start)
    if verb is None or verb.code == "sold":
        return False
    between = norms[verb.end : start]
    if any(word in ("mà", "nhưng", "but", "bị", "lỗi", "gọi", "nhắn", "chạy", "cài") for word in between):
        return False
    if norms[verb.start] in _WATCHING and verb.code == "seen" and not _about_wares(norms, verb.start, start, between):
        return False
    if norms[start] in ("nhóm", "group") and reading.lang == "vi" and not _in_group(reading, start, verb):
        return False
    if code == "app" and reading.lang == "vi" and reading.word(start - 1) not in _PREPOSITIONS:
        return False  # "tìm app học toán", "tải app": what is looked for
    if code in _VAGUE and len(between) > 3 and not any(word in _PREPOSITIONS for word in between):
        return False
    if reading.negated(verb.start):
        return False
    if verb.code == "got":
        return True
    person = subject(reading, verb.start)
    mention = subject_mention(reading, verb.start)
    if person in ("customer", "celebrity", "you"):
        return False
    if (
        person in ("partner", "child", "parent", "family", "friend", "other", "expert")
        and mention is not None
        and verb.start - mention.end <= 2
    ):
        return False
    return verb.start >= clause.start - 12


def _in_group(reading: Reading, start: int, verb: Hit) -> bool:
    """ "thấy trong nhóm", "hỏi trên group"; not "mới vào nhóm", "gửi trong nhóm", nor a group of pupils."""
    if reading.word(start + 1) in ("trẻ", "học", "bạn", "mình", "em"):
        return False
    return (
        verb.code != "got"
        and reading.norms[verb.start] not in ("vào", "vô", "lên", "tìm", "mở")
        and reading.word(start - 1)
        in (
            "trên",
            "trong",
            "ở",
            "qua",
            "từ",
            "hỏi",
        )
    )


#: What one does on a phone all day; a source only with "trên", "on", or beside a word of reviews and adverts.
_WATCHING = frozenset(
    {
        "xem",
        "coi",
        "lướt",
        "lên",
        "vào",
        "vô",
        "học",
        "đọc",
        "nghe",
        "tra",
        "cầm",
        "watched",
        "see",
        "scrolling",
        "browsing",
    }
)
_WARES = frozenset(
    {
        "review",
        "reviews",
        "quảng",
        "thấy",
        "giới",
        "đánh",
        "clip",
        "bài",
        "hỏi",
        "mua",
        "trúng",
        "đặt",
        "rv",
        "saw",
        "ad",
        "found",
    }
)


def _about_wares(norms: list[str], verb: int, start: int, between: list[str]) -> bool:
    return any(word in _PREPOSITIONS for word in between) or not _WARES.isdisjoint(norms[max(0, verb - 4) : start + 7])


def _verb(reading: Reading, start: int) -> Hit | None:
    return reading.near("cues_seen", start, _REACH)


def _recommended(reading: Reading) -> None:
    for hit in longest(reading.by_area["cues_sources"]):
        if reading.unreal(hit.start):
            continue
        if "=" in hit.code:
            for attribute, value, _ in statements(hit.code):
                reading.add(attribute, value, hit.start, hit.end, "self", 0.8)
            continue
        mention = subject_mention(reading, hit.start)
        if (
            mention is None
            or hit.start - mention.end > (8 if mention.code == "expert" else 4)
            or reading.negated(hit.start)
        ):
            continue
        if reading.lang == "vi" and _bidden(reading, mention, hit):
            continue
        if hit.code == "said" and (mention.code != "expert" or hit.start - mention.end > 1):
            continue
        if mention.code == "expert":
            reading.add("channel", "doctor_expert", mention.start, hit.end, "self", 0.8)
        elif mention.code in _WORD_OF_MOUTH and mention.code not in NOBODY:
            reading.add("channel", "word_of_mouth", mention.start, hit.end, "self", 0.75)


def _bidden(reading: Reading, mention: Mention, hit: Hit) -> bool:
    """ "thợ nào làm kỹ giới thiệu giúp em", "sếp chỉ định": the readers are asked, or somebody is told what to do."""
    norms = reading.norms
    if norms[mention.end - 1] == "nào" or not _OF_WORK.isdisjoint(norms[mention.start : mention.end]):
        return True
    said = norms[mention.end : hit.start]
    return (
        "nào" in said or "ai" in norms[max(0, mention.start - 4) : mention.start] or reading.word(hit.end + 1) == "với"
    )


_OF_WORK = words("sếp nv viên shipper")
