"""Where somebody lives, in English: in words of living, moving and delivering, in lists ("29F, Toronto"), and by default
wherever a place is spoken of that is no trip's, no maker's and nobody else's ("any dentist near Fresno?").

Names that are ordinary words too ("Reading", "Bath") need a capital letter inside a sentence; the words that tell of
living, of trips and of makers lie in cues_places.tsv.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from analysis.text.cues import elsewhere_en, named, surroundings_en
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Mention, Reading
from analysis.text.cues.who import NOBODY, subject_mention
from analysis.text.phrases import Hit, longest

_ORDINARY = "also an ordinary word or a name"
_CAPITALS = "in capitals"
_AT = words("in near outside around round at across over by inside off within")
_BEFORE_NAME = words(
    "the southern northern eastern western north south east west rural downtown central sunny rainy old"
    " small beautiful lovely"
    " good greater county just mid upstate deepest inner outer wet cold metro suburban"
)
_OTHERS = frozenset({"partner", "parent", "family", "friend", "child", "other", "expert", "customer"})
_IS = words("is are was were lives live lived 's he's she's they're works work worked been stays based at over")
_HERE = words("here down up out over back currently now i'm im we're am are both also still")
_ORIGIN = words(
    "am i'm im i are we're originally come comes hail hails here hello hi hey greetings cheers love"
    " regards he's she's also"
    " me all is are customer writing living man woman girl guy lad family someone ,"
)
_SETS_OUT = words("leaving departing driving drove drive relocating relocated moved")
_PAST = frozenset({"was", "were", "when", "used", "ago", "last", "once"})
_ONCE = (("used", "to"), ("when", "i"), ("years", "ago"))
_NOT_PLACES = words(
    "united city university college airport fc afc underground pudding dispatch times pie cream terrier"
    " bulldog road street lane"
    " avenue hotel bank review trip marathon derby fried style institute museum tower bridge beer"
)
_PARTS = words(
    "outside north south east west part parts whole all rest edge outskirts suburbs middle centre center"
    " bit side city town"
)
#: Who looks for something in a place lives there.
_SEEKING = words(
    "any anyone anybody anywhere somewhere someone somebody no not nobody none can't cant couldn't cannot"
    " find finding looking need"
    " needs needed want wanting after recommend recommendations recommended where who which best decent"
    " good nearest every single"
    " searching searched hunting hunt getting available delivers deliver stock stocks carries sell sells know"
)
_DEEDS = words(
    "wore bought got met left froze saw put took went came drove rang did made sent had found said told was"
    " were been gave ate read heard"
    " passed landed put closed"
)
_STATES = words(
    "started moved settled relocated qualified trained worked need based retired employed used tired"
    " married divorced engaged stressed red bed speed indeed"
)
_CLOSE = frozenset({")", "]", ".", ",", "!", "?", "\n", "", ";", "-", "–", "—", "…", "...", "|", "/"})
_SENT_BACK = frozenset({"return", "back", "me", "seller", "returns"})
_DENIED = frozenset({"not", "don't", "doesn't", "isn't", "never", "nor"})
_THANKED = frozenset({"thank", "thanks", "goodbye", "bye"})
_TOLD = frozenset({"gender", "marital_status", "age", "children", "occupation", "education", "income"})
_REACH = 8


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the text: its tokens, its name, and ``first``, where the words that belong to it begin ("rural Kenya")."""

    start: int
    end: int
    first: int
    value: str
    ordinary: bool


def read(reading: Reading) -> None:
    """Note where people live."""
    told = reading.by_area.get("cues_places", ())
    hits = reading.by_area.get("places")
    if hits:
        marks = {
            token: hit.code
            for hit in longest(hit for hit in told if hit.code not in surroundings_en.CODES)
            for token in range(hit.start, hit.end)
        }
        places = list(_places(reading, list(longest(hits))))
        for place in places:
            if not reading.unreal(place.start):
                _judge(reading, place, marks, places)
    if not any(found.attribute == "location" and found.who == "self" for found in reading.found):
        surroundings_en.note(reading, told)


def _places(reading: Reading, hits: list[Hit]) -> list[_Place]:
    """Names written as names; neighbouring ones are one address of which the first gives the place ("Austin, TX")."""
    lower = not any(word[:1].isupper() for word in _inner_words(reading))
    found: list[_Place] = []
    for hit in hits:
        ordinary = hit.entry.notes in (_ORDINARY, _CAPITALS)
        if not _is_name(reading, hit, lower):
            continue
        last = found[-1] if found else None
        between = reading.norms[last.end : hit.start] if last else None
        if last is not None and hit.start >= last.end and between in ([","], [], ["("], ["/"]):
            found[-1] = _Place(last.start, hit.end, last.first, last.value, last.ordinary)
            continue
        first = hit.start
        while first > 0 and hit.start - first < 3 and reading.norms[first - 1] in _BEFORE_NAME:
            first -= 1
        found.append(_Place(hit.start, hit.end, first, hit.code, ordinary))
    return found


def _inner_words(reading: Reading) -> list[str]:
    starts = {clause.start for clause in reading.clauses}
    words = [reading.doc[i].text for i in range(reading.size) if i not in starts]
    return [word for word in words if word.lower() not in ("i", "i'm", "i’m", "i've", "i’ve")]


def _is_name(reading: Reading, hit: Hit, lower: bool) -> bool:
    """Whether the words are written as a place's name; a text all in small letters writes names small too."""
    text = reading.doc[hit.start].text
    note = hit.entry.notes
    after = reading.word(hit.end)
    if reading.word(hit.start - 1) == ".":
        sticks = reading.doc[hit.start - 1].idx + 1 == reading.doc[hit.start].idx
        if sticks:
            return False  # "gov.uk"
    if after in _NOT_PLACES and reading.doc[hit.end].text[:1].isupper() != lower:
        return False
    if note == _CAPITALS:
        return text.isupper() or (lower and reading.word(hit.start - 1) in ("in", "from", "to"))
    if note != _ORDINARY:
        return True
    if text[:1].isupper():
        return reading.clause(hit.start).start != hit.start or reading.word(hit.end) in _CLOSE
    lower = lower and not reading.doc[0].text[:1].isupper()
    return lower and (
        reading.word(hit.start - 1) in ("in", "from", "near") or reading.clause(hit.start).start == hit.start
    )


def _judge(reading: Reading, place: _Place, marks: dict[int, str], places: list[_Place]) -> None:
    """Whose place it is, if anybody's."""
    frame = _frame(reading, place, marks, places)
    if frame is None:
        return
    rank, confidence = frame
    person = _dweller(reading, place)
    if elsewhere_en.stranger_lives(reading, place.first, person):
        return
    if person in NOBODY or not _DENIED.isdisjoint(reading.norms[max(0, place.first - 4) : place.first]):
        return
    start, end = surroundings_en.widened(reading, place.start, place.end, place.first)
    reading.add("location", place.value, start, end, person, confidence, rank=rank)


def _frame(reading: Reading, place: _Place, marks: dict[int, str], places: list[_Place]) -> tuple[int, float] | None:
    """How surely somebody lives there, as rank and confidence; ``None`` where nobody does."""
    norms, first, end = reading.norms, place.first, place.end
    clause = reading.clause(place.start)
    before, after = reading.word(first - 1), reading.word(end)
    near = norms[max(clause.start, first - _REACH) : first]
    near_marks = {marks.get(i, "") for i in range(max(clause.start, first - _REACH), first)}
    if any(pair in _ONCE for pair in itertools.pairwise(near)):
        return None
    if after == "based" or (after == "-" and reading.word(end + 1) == "based"):
        return 3, 0.9
    if before == "based":
        return 3, 0.9
    named = _beside_people(reading, place, marks)
    if named is not None:
        return named
    sentence_marks = _sentence_marks(reading, place, marks)
    if before == "to":
        return _towards(near, near_marks)
    if before == "from":
        return _from(reading, place, near)
    if "live" in near_marks and not ("trip" in near_marks and "stay" in near):
        return 3, 0.9
    if before == "of" and reading.word(first - 2) == "out" and "made" not in near_marks:
        return 2, 0.75
    if before == "of" and reading.word(first - 2) in _PARTS | {"corner", "parts"}:
        return 2, 0.75
    if before == "stay" or (before in ("i", "we") and after == ""):
        return 2, 0.7
    if before not in _AT:
        return _bare(reading, place, marks, places)
    if "made" in sentence_marks and "home" not in near_marks:
        return None
    said = reading.word(first - 2) in _HERE or "home" in near_marks
    if said and "trip" not in near_marks:
        return 3, 0.85
    if "trip" in sentence_marks or _travels(marks):
        return None
    return _spoken_of(reading, place, near)


def _spoken_of(reading: Reading, place: _Place, near: list[str]) -> tuple[int, float] | None:
    """A place with "in", "near" and no word of living: where the author looks for something, works or is."""
    if _told_in_clause(reading, place) or near[-2:-1] in (["job"], ["shift"]):
        return 2, 0.8
    if near[-2:-1] == ["been"] and not {"since", "for"}.isdisjoint(reading.norms[place.end : place.end + 2]):
        return 2, 0.7
    clause = reading.clause(place.start)
    words = reading.norms[clause.start : clause.end]
    if not clause.question and elsewhere_en.somebody_elses(reading, place.start, place.first, near):
        return None
    if clause.question or not _SEEKING.isdisjoint(words):
        return 1, 0.65
    deed = any(word in _DEEDS or (len(word) > 4 and word.endswith("ed") and word not in _STATES) for word in near)
    if deed or _PAST.intersection(near[-4:]):
        return None
    if _told(reading, place):
        return 2, 0.7
    mention = subject_mention(reading, place.start)
    if mention is not None and (mention.code in _OTHERS or mention.code == "organisation"):
        return 1, 0.6
    if clause.start == place.first - 1 or (len(near) < 4 and reading.word(place.first - 2) not in ("", "the", "a")):
        return 1, 0.55
    return None


def _beside_people(reading: Reading, place: _Place, marks: dict[int, str]) -> tuple[int, float] | None:
    """ "Manchester lad here", "Chicago folks, where do you shop?", "QC area", "Perth here"."""
    after = marks.get(place.end, "")
    before = reading.word(place.first - 1)
    begins = reading.clause(place.start).start == place.first
    if reading.word(place.end) == "here" and begins:
        return 2, 0.8
    if after == "people" and (
        before in ("any", "fellow", "my", "i'm", "hi", "hey", "am", "as") or begins or before == "a"
    ):
        third = before == "a" and reading.word(place.first - 2) not in ("i'm", "im", "am", "as")
        return None if third else (2, 0.8)
    if after == "area" and (begins or before in ("in", "the", "this", "our", "near", "around", "round")):
        return 2, 0.7
    return None


def _towards(near: list[str], near_marks: set[str]) -> tuple[int, float] | None:
    """ "moved to Halifax", "do you ship to New Zealand"; not "flying to Denver"."""
    if "trip" in near_marks:
        return None
    if "ship" in near_marks:
        return None if _SENT_BACK.intersection(near) else (2, 0.75)
    if "moved" in near_marks or "live" in near_marks:
        return (2, 0.75) if "want" not in near and "thinking" not in near else None
    return None


def _from(reading: Reading, place: _Place, near: list[str]) -> tuple[int, float] | None:
    before = reading.word(place.first - 2)
    if before in _ORIGIN or not near[:-1]:
        return 1, 0.75
    if before in _SETS_OUT or (near[-2:-1] == ["way"] and _SETS_OUT.intersection(near)):
        return 1, 0.65
    mention = subject_mention(reading, place.start)
    if mention is not None and mention.code in _OTHERS and place.first - mention.end <= 3:
        return 1, 0.75
    told = _told_just_before(reading, place) or _told_in_clause(reading, place)
    return (2, 0.75) if told else None


def _bare(reading: Reading, place: _Place, marks: dict[int, str], places: list[_Place]) -> tuple[int, float] | None:
    """A place that stands alone between signs: "37, chef, Sheffield, trying to", "(Austin, TX)", "Geelong btw"."""
    clause = reading.clause(place.start)
    end = place.end
    while marks.get(end) == "area" or marks.get(end) == "people":
        end += 1
    if reading.word(place.first - 1) in ("delivered", "delivery", "based", "ship"):
        return 2, 0.7
    alone = clause.start == place.first and (end >= clause.end or reading.word(end) in _CLOSE)
    if (
        not alone
        or _travels(marks)
        or clause.question
        or not _THANKED.isdisjoint(reading.norms[place.first - 4 : place.first])
    ):
        return None
    if sum(reading.clause(other.start).sentence == clause.sentence for other in places) > 1:
        return None
    opening, closing = reading.word(place.first - 1), reading.word(end)
    if opening == "(" or closing == ")" or closing in ("", ".", "!", "\n", "…") or end > place.end:
        return 2, 0.75
    return (2, 0.7) if _told_in_sentence(reading, clause.sentence) else None


def _dweller(reading: Reading, place: _Place) -> str:
    """Who lives there: the company that speaks, whoever is said to be or live there, else the author."""
    mention = subject_mention(reading, place.start)
    code = mention.code if mention is not None else "self"
    if mention is not None and code in _OTHERS and _says_of(reading, mention, place):
        return {"expert": "other"}.get(code, code)
    if mention is not None and code == "organisation" and place.first - mention.end <= 3:
        return "organisation"
    if mention is not None and code == "thing" and _is_about(reading, mention, place):
        return "thing"
    return "organisation" if _speaks_for_company(reading) else "self"


def _is_about(reading: Reading, thing: Mention, place: _Place) -> bool:
    """ "The bank was founded in Boston": the place is the thing's; "our house is in Leeds" is ours."""
    if (
        reading.norms[thing.start] in ("my", "our")
        or "here" in reading.norms[place.first - 2 : place.first]
        or thing.start != reading.clause(place.start).start
    ):
        return False
    return place.first - thing.end <= 5 and not _told(reading, place)


def _says_of(reading: Reading, mention: Mention, place: _Place) -> bool:
    """ "my sister lives in", "my nan (81, Cardiff)", "my aunty's stall in"; not "can somebody in"."""
    between = reading.norms[mention.end : place.first]
    if len(between) > 9 or any(word in reading.grammar.selves for word in between):
        return False
    if mention.code == "child" and _IS.isdisjoint(between):
        return False
    if any(
        found.who == "self" and mention.start <= found.start < place.start and found.attribute in _TOLD
        for found in reading.found[-9:]
    ):
        return False
    if mention.code in ("other", "expert", "customer"):
        whose = reading.norms[mention.start]
        if named.is_name(mention):
            return True
        if whose in _ANYBODY:
            return False
        if "landlord" in reading.norms[mention.start : mention.end] and _IS.isdisjoint(between):
            return False
        return whose in ("my", "our", "his", "her", "the") and (len(between) <= 1 or not _IS.isdisjoint(between))
    return True


_ANYBODY = words("people someone somebody everyone everybody anyone")


def _speaks_for_company(reading: Reading) -> bool:
    """Whether the text asks or buys for a company; one's own little shop is oneself."""
    return any(
        found.attribute == "customer_type" and found.value == "organisation" for found in reading.found
    ) and not any(found.attribute == "occupation" and found.group == "business_owner" for found in reading.found)


def _sentence_marks(reading: Reading, place: _Place, marks: dict[int, str]) -> set[str]:
    sentence = reading.clause(place.start).sentence
    first = last = reading.clause_index(place.start)
    while first > 0 and reading.clauses[first - 1].sentence == sentence:
        first -= 1
    while last + 1 < len(reading.clauses) and reading.clauses[last + 1].sentence == sentence:
        last += 1
    low, high = reading.clauses[first].start, reading.clauses[last].end
    return {code for token, code in marks.items() if low <= token < high}


def _travels(marks: dict[int, str]) -> bool:
    """Whether the whole text is about travelling."""
    return sum(code == "trip" for code in marks.values()) >= 3


def _told_in_clause(reading: Reading, place: _Place) -> bool:
    """Whether the clause has told something of the author: "I'm a nurse in Leeds", "a family of five in Ohio"."""
    start = reading.clause(place.start).start
    return any(
        found.who == "self" and start <= found.start < place.first and found.attribute in _TOLD
        for found in reading.found
    )


def _told(reading: Reading, place: _Place) -> bool:
    """Whether the author speaks of himself in the clause: "we do our shop in Walthamstow"."""
    window = reading.norms[reading.clause(place.start).start : place.first]
    return any(word in reading.grammar.selves or word in ("my", "our") for word in window)


def _told_just_before(reading: Reading, place: _Place) -> bool:
    return any(found.who == "self" and 0 <= place.first - found.end <= 2 for found in reading.found[-12:])


def _told_in_sentence(reading: Reading, sentence: int) -> bool:
    return any(
        found.who == "self" and found.attribute in _TOLD and reading.clause(found.start).sentence == sentence
        for found in reading.found
    )
