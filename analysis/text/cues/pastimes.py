"""Interests: something listed (interests.tsv) beside a word of liking, or a pastime told in words of its own.

A liking of the product spoken of ("thích màu này", "I love this phone") is no interest.
"""

from __future__ import annotations

from bisect import bisect_left

from analysis.text.cues.grammar import words
from analysis.text.cues.leisure_en import is_pastime
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject
from analysis.text.phrases import Hit, longest

_THIS = words("này đó kia ấy nó this that it these those the its your their his her")
_LINK = words("với và , and or hay cả lẫn / & nữa cùng")
#: What everybody does, and how somebody does it who likes to.
_CHORES = words("sleep eat collect shop drive cook draw fly climb run swim travel fish bake paint")
_HABIT = words(
    "often every sometimes alot too when everyday a most lots all together professionally competitively outdoors miles"
)
#: Of these a weak word ("go", "been") makes no pastime: shops are gone to, food is bought.
_DOINGS = words(
    "shop stocks collect collecting car cars cards gym food cleaning travel sleep sleeping stories movie driving running music band"
    " furniture hair nails clothes bars program pool track run plants technology charity shopping house_"
)
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
    """Note interests."""
    if "interests" in reading.by_area and ("cues_triggers" in reading.by_area or reading.lang == "en"):
        _interests(reading)
    if reading.lang == "en" and not _LIKING.isdisjoint(reading.said):
        _gerunds(reading)


def _interests(reading: Reading) -> None:
    hits = reading.by_area.get("interests")
    if not hits:
        return
    linked_end, linked_who = -1, ""
    for hit in longest(hits):
        if reading.unreal(hit.start) or hit.entry.notes == "agent":
            continue
        if reading.lang == "en" and not is_pastime(reading, hit.start, hit.end):
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
    if trigger is not None and trigger.code == "interest_weak" and norms[start] in _DOINGS:
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
    if len(term) == 1 and term[0] in _CHORES and after not in _HABIT:
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
