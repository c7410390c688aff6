"""Goals and values: an outcome in life after a word of wishing, a quality beside a word of wanting or said to matter.

A goal's value is the wish in the author's words; buying a thing or going on a trip is none.
"""

from __future__ import annotations

from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject, subject_mention
from analysis.text.phrases import Hit, longest

_MOST_GOAL = 8


def read(reading: Reading) -> None:
    """Note goals and values."""
    if "cues_triggers" in reading.by_area:
        _goals(reading)
    if "values" in reading.by_area and ("cues_want" in reading.by_area or "cho" in reading.said):
        _values(reading)


def _goals(reading: Reading) -> None:
    for trigger in reading.by_area.get("cues_triggers", ()):
        if trigger.code == "goal_be" and not reading.unreal(trigger.start) and not _anothers(reading, trigger):
            end = trigger.end
            while (
                end < reading.size
                and end - trigger.end < 3
                and reading.norms[end].isalpha()
                and reading.norms[end] not in reading.grammar.stops
            ):
                end += 1
            if end > trigger.end:
                reading.add("goal", " ".join(reading.norms[trigger.end : end]), trigger.start, end, "self", 0.65)
    goals = reading.by_area.get("cues_goals")
    if not goals:
        return
    last = -1
    for hit in longest(goals):
        if hit.start < last or reading.clause(hit.start).quoted:
            continue
        wish = reading.near("cues_triggers", hit.start, 4, "goal")
        if wish is None or reading.clause_index(wish.start) < reading.clause_index(hit.start) - 1:
            continue
        if _anothers(reading, wish) or reading.negated(wish.start):
            continue
        if any(
            word in ("ai", "bạn", "you", "if", "nếu") for word in reading.norms[max(0, wish.start - 2) : wish.start]
        ):
            continue
        end = _goal_end(reading, hit)
        if hit.code == "become" and end - hit.end < 1:
            continue
        reading.add("goal", " ".join(reading.norms[hit.start : end]), hit.start, end, "self", 0.75)
        last = end


def _anothers(reading: Reading, trigger: Hit) -> bool:
    mention = subject_mention(reading, trigger.start)
    if mention is None or mention.code in ("self", "organisation"):
        return False
    near = reading.clause_index(mention.start) == reading.clause_index(trigger.start)
    return near or reading.lang == "en"


def _goal_end(reading: Reading, hit: Hit) -> int:
    clause_end = max(reading.clause(hit.end - 1).end, hit.end)
    end = hit.end
    while end < clause_end and end - hit.start < _MOST_GOAL:
        word = reading.norms[end]
        if word in (
            "nên",
            "mà",
            "nhưng",
            "thì",
            "but",
            "so",
            "and",
            "because",
            "ạ",
            "nha",
            "with",
            "cho_",
            "các",
            "mọi",
            ".",
            "like",
            "for",
            "when",
            "someday",
            "one",
            "myself",
            "là",
            "can",
            "is",
            "lol",
            "haha",
            "not",
        ):
            break
        end += 1
    return end


def _values(reading: Reading) -> None:
    for hit in longest(reading.by_area["values"]):
        start = hit.start
        clause = reading.clause(start)
        if clause.quoted or clause.hypothetical or reading.word(start - 1) in ("báo", "đánh", "hỏi", "xin"):
            continue
        want = reading.near("cues_want", start, 4, "want") or reading.near("cues_want", start, 9, "want")
        matters = reading.near_after("cues_want", hit.end, "matters", 3)
        if reading.norms[start] == "cho":
            reading.add("value", hit.code, start, hit.end, "self", 0.6)
            continue
        if matters is None and (want is None or reading.clause_index(want.start) < reading.clause_index(start) - 1):
            continue
        if want is not None and matters is None and not _wanted(reading, want, hit):
            continue
        if matters is not None and any(
            w in reading.grammar.negators for w in reading.norms[hit.end : matters.start + 1]
        ):
            continue
        if any(m.code == "you" and reading.norms[m.end - 1] == "nào" for m in reading.mentions_in(start - 14, start)):
            continue
        first = want.start if want is not None and matters is None else start
        if reading.negated(first) or subject(reading, first) not in (
            "self",
            "organisation",
            "child",
            "thing",
            "family",
            "partner",
        ):
            continue
        reading.add("value", hit.code, first, matters.end if matters else hit.end, "self", 0.7)


def _wanted(reading: Reading, want: Hit, hit: Hit) -> bool:
    """A weak word of wanting must stand beside a plain quality, not beside a mere noun ("cần bảo hành", "tìm giá")."""
    weak = reading.phrase(want) in (
        "cần",
        "muốn",
        "tìm",
        "kiếm",
        "chọn",
        "đặt",
        "yêu cầu",
        "i need",
        "i want",
        "looking for",
        "need a",
        "want the",
        "prefer",
    )
    between = reading.norms[want.end : hit.start]
    if len(between) > 4 and (weak or any(word in ("mà", "nhưng", "but") for word in between)):
        return False
    if any(word in reading.grammar.negators or word in ("không", "hỏi", "mua", "xem", "biết") for word in between):
        return False
    plain = reading.phrase(hit) in (
        "giá",
        "giá cả",
        "gia đình",
        "con cái",
        "dịch vụ",
        "bảo hành",
        "camera",
        "thiết kế",
        "mẫu mã",
        "price",
        "cost",
        "support",
        "family",
        "battery",
        "results",
        "last",
        "service",
        "brand",
        "fast",
        "cheap",
    )
    return not (weak and plain)
