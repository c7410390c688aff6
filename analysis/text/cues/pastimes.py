"""Interests, goals and values: something listed (interests, goals, values) beside words of liking, wishing or wanting.

A liking of the product spoken of ("thích màu này", "I love this phone") is no interest. A goal is an outcome in life; its
value is the wish in the author's words. A value is a quality beside a word of wanting, or said to matter.
"""

from __future__ import annotations

from bisect import bisect_left

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject, subject_mention
from analysis.text.phrases import Hit, longest

_THIS = words("này đó kia ấy nó this that it these those the its your their his her")
_LINK = words("với và , and or hay cả lẫn / & nữa cùng")
_MOST_GOAL = 8
_NO_GOAL = words("đổi mua tìm hỏi thử xem biết đặt")
_VERBS = words(
    "hike camp fish hunt kayak climb garden surf ski travel bike swim run jog paint draw write sing dance cook bake knit sew quilt"
    " crochet read gamble shop volunteer meditate skate bowl golf box wrestle workout exercise act program drive eat sleep party"
    " collect lift coach explore invent blog cosplay craft game teach bird rap model nap learn"
)
_AMBIGUOUS = words(
    "read run drive write eat act sleep learn teach model program coach lift shop fish exercise cook party camp game"
)
_OFTEN = words("often every sometimes on too when all in out alot and for with while professionally competitively")
_DOUBT = words("want wanna wish would should could try trying going need hate dislike used never to_")


def read(reading: Reading) -> None:
    """Note interests, goals and values."""
    if "cues_triggers" in reading.by_area:
        _interests(reading)
        _goals(reading)
    elif reading.lang == "en" and "interests" in reading.by_area:
        _interests(reading)
    if reading.lang == "en" and not _LIKING.isdisjoint(reading.norms):
        _gerunds(reading)
    if "values" in reading.by_area and "cues_want" in reading.by_area:
        _values(reading)


def _interests(reading: Reading) -> None:
    hits = reading.by_area.get("interests")
    if not hits:
        return
    linked_end, linked_who = -1, ""
    for hit in longest(hits):
        if reading.unreal(hit.start):
            continue
        between = reading.norms[linked_end : hit.start] if 0 <= linked_end <= hit.start else ["x"]
        if (
            linked_who
            and len(between) <= 4
            and any(w in _LINK for w in between)
            and not any(w in reading.grammar.negators or w in _DOUBT for w in between)
        ):
            person = linked_who
        else:
            person = _liked_by(reading, hit)
        if person:
            last = reading.found[-1] if reading.found else None
            if last and last.attribute == "interest" and last.end == hit.start:
                last.end, last.value = hit.end, " ".join(reading.norms[last.start : hit.end])
            else:
                _interest(reading, hit, person)
            linked_end, linked_who = hit.end, person
        else:
            linked_who = ""


def _interest(reading: Reading, hit: Hit, person: str) -> None:
    value = " ".join(reading.norms[hit.start : hit.end]).replace(" - ", "-")
    reading.add("interest", value, hit.start, hit.end, person, 0.75)


def _liked_by(reading: Reading, hit: Hit) -> str:
    """Whose pastime it is; empty where nobody's."""
    start = hit.start
    clause = reading.clause(start)
    trigger = _trigger(reading, hit, clause.start)
    if reading.lang == "en":
        return _liked_en(reading, hit, trigger)
    if trigger is None or reading.word(hit.end) in _THIS:
        return ""
    if any(
        word in ("fan", "ai", "người", "những", "bạn")
        for word in reading.norms[max(0, trigger.start - 2) : trigger.start]
    ):
        return ""
    strong = trigger.code == "interest_strong"
    if (
        not strong
        and reading.phrase(trigger)
        in ("đi", "theo", "hay", "thường", "chuyên", "tập", "chơi", "cuối tuần", "suốt ngày")
        and _weak_vi(reading, trigger, hit)
    ):
        return ""
    if reading.negated(trigger.start):
        return ""
    person = subject(reading, trigger.start)
    return "" if person in NOBODY or person in ("organisation",) else ("other" if person == "expert" else person)


def _weak_vi(reading: Reading, trigger: Hit, hit: Hit) -> bool:
    """Weak words tell a pastime only of a person named before them, or with "cuối tuần", "suốt"."""
    mention_close = reading.word(trigger.start - 1) in reading.grammar.selves | {"hay", "toàn", "thường", "thích", "mê"}
    habit = (
        reading.phrase(trigger) in ("hay", "thường", "chơi", "cuối tuần", "suốt ngày")
        or "suốt" in reading.norms[hit.end : hit.end + 2]
    )
    return not (mention_close and habit)


def _start(hit: Hit) -> int:
    return hit.start


def _trigger(reading: Reading, hit: Hit, clause_start: int) -> Hit | None:
    """The word of liking before a pastime: a strong one within five words, a weak one within two."""
    best: Hit | None = None
    triggers = reading.by_area.get("cues_triggers", [])
    for i in range(bisect_left(triggers, hit.start, key=_start) - 1, -1, -1):
        trigger = triggers[i]
        if trigger.start < clause_start:
            break
        if trigger.end > hit.start or trigger.code.startswith("goal"):
            continue
        gap = hit.start - trigger.end
        between = reading.norms[trigger.end : hit.start]
        if any(word in _THIS and reading.lang == "vi" for word in between):
            continue
        if gap <= (5 if trigger.code == "interest_strong" else 3):
            if trigger.code == "interest_strong":
                return trigger
            best = best or trigger
    return best


def _liked_en(reading: Reading, hit: Hit, trigger: Hit | None) -> str:
    norms, start = reading.norms, hit.start
    before = reading.word(start - 1)
    clause = reading.clause(start)
    window = norms[max(clause.start, start - 6) : start]
    if not window or all(word in ("just", "mostly", "and", "well", "yes", "but", "so") for word in window):
        follow = reading.norms[hit.end : hit.end + 3]
        if follow[:1] in (["is"], ["are"], ["was"]) and any(
            word in ("my", "mine", "fun", "relaxing", "great") for word in follow[1:]
        ):
            return "self"
    if (before in _THIS and before != "the") or reading.word(hit.end) in ("this", "that", "stuff", "company"):
        return ""
    if any(
        word in ("not", "don't", "hate", "dislike", "never", "can't", "doesn't", "used", "didn't", "if", "cannot")
        for word in window
    ):
        return ""
    person = subject(reading, start)
    if person in NOBODY or person in ("organisation", "expert"):
        return ""
    if trigger is not None and not _likes(reading, trigger):
        return ""
    if "-" in (before, reading.word(hit.end)):
        return ""
    if trigger is not None:
        return (
            person
            if person == "self" or trigger.code == "interest_strong"
            else (person if reading.phrase(trigger) in ("like", "play") else "")
        )
    term = norms[start : hit.end]
    after = reading.word(hit.end)
    if term[0] in _AMBIGUOUS and len(term) == 1 and trigger is None and after not in _OFTEN and hit.end < clause.end:
        return ""
    by_me = (
        before
        in (
            "i",
            "also",
            "usually",
            "sometimes",
            "often",
            "always",
            "mostly",
            "just",
            "still",
            "really",
            "can",
            "do",
            "and",
            "to",
        )
        and "i" in window
    )
    if by_me and term[0] in _VERBS and not any(word in _DOUBT for word in window):
        return "self"
    if (
        before in ("am", "i'm", "im", "been", "off", "while", "usually")
        and term[0].endswith("ing")
        and ("i" in window or before in ("i'm", "im") or "i've" in window)
    ):
        return "self"
    return ""


def _likes(reading: Reading, trigger: Hit) -> bool:
    """Somebody likes: "I like"; not "a service like" nor "would like to"."""
    phrase = reading.phrase(trigger)
    if phrase == "into":
        return reading.word(trigger.start - 1) in _INTO
    if not phrase.startswith(("like", "love", "enjoy")):
        return True
    near = reading.norms[max(reading.clause(trigger.start).start, trigger.start - 4) : trigger.start]
    if any(word in ("would", "'d", "i'd", "we'd") for word in near):
        return False
    if not reading.phrase(trigger).startswith("like"):
        return True
    return not near or any(
        w in reading.grammar.selves or w in ("who", "and", "kids", "son", "daughter", "husband", "wife") for w in near
    )


_INTO = frozenset(
    {
        "am",
        "i'm",
        "im",
        "really",
        "big",
        "super",
        "very",
        "so",
        "got",
        "get",
        "getting",
        "is",
        "are",
        "be",
        "heavily",
        "he's",
    }
)
_LIKING = frozenset({"love", "enjoy", "like", "adore", "loves", "enjoys"})
_NO_PASTIME = words(
    "being having using getting seeing going buying knowing working living looking trying wearing keeping thing something anything"
    " nothing everything morning evening making taking feeling finding putting giving doing coming"
)


def _gerunds(reading: Reading) -> None:
    """A pastime that no lexicon names: "I love making candles", "my kids enjoy roller blading"."""
    norms = reading.norms
    for i, word in enumerate(norms):
        if word not in _LIKING or reading.unreal(i) or reading.negated(i):
            continue
        start = i + 1
        follow = reading.word(start)
        if not (follow.endswith("ing") and len(follow) > 4) or follow in _NO_PASTIME:
            continue
        window = norms[max(reading.clause(i).start, i - 4) : i]
        person = subject(reading, i)
        if any(w in _DOUBT or w == "you" for w in window) or person not in (
            "self",
            "partner",
            "child",
            "family",
            "parent",
            "friend",
        ):
            continue
        if person == "self" and not any(w in reading.grammar.selves for w in window):
            continue
        end, clause_end = start + 1, reading.clause(i).end
        while end < clause_end and end - start < 3 and norms[end].isalpha() and norms[end] not in reading.grammar.stops:
            end += 1
        if reading.word(end) in _THIS or any(
            f.attribute == "interest" and f.start < end and start < f.end for f in reading.found[-6:]
        ):
            continue
        reading.add("interest", " ".join(norms[start:end]), start, end, person, 0.6)


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
