"""Whose attribute is it? The nearest person before the words that is no possessor, in the same sentence; else the author.

Mentions of people come from the lexicon (kinship.tsv, cues_people.tsv). "của mình", "cho em", "my" own or receive and are
no subject; "là bác sĩ", "a nurse" say what somebody is. "Nó", "he", "ông bà" mean the last person spoken of.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from analysis.text.cues import kin_vi, named
from analysis.text.cues.grammar import KINDS_OF_THING, THINGS_AGED, words
from analysis.text.cues.reading import Mention, Reading
from analysis.text.phrases import Hit, longest

AREAS = ("kinship", "cues_people")
#: Codes whose attributes are never coded at all.
NOBODY = frozenset({"you", "thing", "pet", "celebrity"})
_THIRD = words("partner child parent family friend other expert customer")
_MY = frozenset({"my", "our"})
_DET = _MY | {"the", "a", "an", "his", "her", "their", "this", "that", "your", "some", "these", "those", "any", "every"}
_POSSESSORS = frozenset({"em", "mình", "tôi", "tớ", "tui", "tao"})
#: "lấy vợ", "cho con học" are deeds: whoever is in them is no subject.
_DEEDS = words("lấy cưới cho nuôi chăm trông có")
_GIVEN = frozenset({"cho", "tặng", "biếu", "hỏi", "lương", "với", "cùng", "và"})
#: Whoever may have a child that is not the author's.
_PARENTS = frozenset({"other", "friend", "family", "expert", "customer"})
_APPOSED = frozenset({"self", "partner", "parent", "family", "friend", "child"})
_OWNED = words("partner parent child family friend other expert customer pet")
_WITH = frozenset({"với", "cùng", "with"})
_AGES = frozenset({"tháng", "th", "tuổi", "tuần"})
_ACTORS = frozenset({"other", "expert", "celebrity", "friend"})
#: A subject further away than this is forgotten.
_FAR = 18


def find_mentions(reading: Reading) -> None:
    """Set ``reading.mentions`` and whether the text speaks of animals."""
    by_area = reading.by_area
    hits = [hit for area in AREAS for hit in by_area.get(area, ())]
    people = named.find(reading)
    if not hits and not people:
        return
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    mentions = list(_english(reading, hits) if reading.lang == "en" else _vietnamese(reading, hits))
    if people:
        mentions = sorted([*people, *_outside(mentions, people)], key=_start)
    reading.pets = any(m.code == "pet" for m in mentions)
    if reading.pets and reading.lang == "vi":
        for mention in mentions:
            if mention.code == "child" and reading.norms[mention.start] in ("bé", "em", "cu", "baby"):
                mention.code = "pet"
    reading.mentions = _distinct(mentions)


def _outside(mentions: list[Mention], people: list[Mention]) -> list[Mention]:
    """``mentions`` without what is part of a name: the "Anh" of "Hà Anh Tuấn". A celebrity's name is the celebrity's."""
    for person in people:
        if any(m.end == person.start and m.code == "celebrity" for m in mentions):
            person.code = "celebrity"
    return [m for m in mentions if not any(p.start <= m.start < p.end for p in people)]


def _vietnamese(reading: Reading, hits: list[Hit]) -> Iterator[Mention]:
    """Vietnamese nouns for people; those marked ``of`` need a possessor behind them, which the mention then takes in."""
    norms = reading.norms
    at = 0
    found = list(longest(hits))
    places = {hit.start: hit.code for hit in found}
    owners = {hit.start for hit in found if hit.entry.notes == "of" and _owned(reading, hit.end) > hit.end}
    for hit in found:
        if hit.start < at or (hit.code == "self" and hit.start in owners):
            continue
        need = hit.entry.notes
        end = hit.end
        if need or hit.code in _OWNED:
            end = _owned(reading, hit.end)
            given = norms[hit.start - 1 : hit.start] in (
                ["cho"],
                ["tặng"],
                ["biếu"],
                ["hỏi"],
                ["lương"],
            ) and (hit.code in ("parent", "partner") or norms[hit.start] == "cháu")
            if end == hit.end and need == "of" and not given and not kin_vi.own(reading, hit):
                continue
        at = end
        if end == hit.end and hit.code == "child" and _any_girl(reading, hit):
            continue
        yield Mention(hit.start, end, _whose(reading, hit, end, places), hit)


def _any_girl(reading: Reading, hit: Hit) -> bool:
    """Whether "con gái" is a woman and nobody's daughter: "e 20 tuổi, con gái, đi lướt xanh", "nhẹ, con gái đi hợp"."""
    if reading.phrase(hit) != "con gái":
        return False
    before, after = reading.word(hit.start - 1), reading.word(hit.end)
    if before in _FITS or (before in _STOPS and after in _STOPS):
        return True
    return after in _USES and reading.word(hit.end + 1) in _SUITS


_STOPS = frozenset((",", ".", ";", "!", "?", "\n", ""))
_FITS = frozenset(("hợp", "là", "mình", "em", "tôi"))
_USES = frozenset(("đi", "chạy", "mặc", "dùng", "xài", "cầm", "lái", "đeo"))
_SUITS = frozenset(("hợp", "đẹp", "xinh", "được", "ok", "ổn", "tiện", "vừa", "thì"))


def _whose(reading: Reading, hit: Hit, end: int, people: dict[int, str]) -> str:
    """A mention's code; somebody else's child ("con bạn em", "con gái chị đồng nghiệp") is no child of the author."""
    if hit.code == "family" and reading.norms[hit.start : hit.start + 2] == ["cháu", "nhà"]:
        return "child"  # said to strangers of one's own child
    if hit.code != "child":
        return hit.code
    if hit.entry.group == "notmine":
        return "other"
    after = end + (reading.word(end) == "của")
    return "other" if people.get(after) in _PARENTS else hit.code


def _owned(reading: Reading, end: int) -> int:
    """Where a possessor behind a noun ends: "em", "của mình", "nhà em", "thứ hai nhà em"; ``end`` where there is none."""
    word, after = reading.word(end), reading.word(end + 1)
    if after == "-":
        return end  # a name: "con e-chim"
    if word == "thứ":
        return _owned(reading, end + 2) if reading.word(end + 2) in ("nhà", "của") else end
    if word in _POSSESSORS and after not in ("này", "nó", "ấy", "ơi"):
        return end + 1
    if word[:1].isdigit() and after in _AGES and reading.word(end + 2) in ("nhà", "của"):
        return _owned(reading, end + 2)  # "bé 3 tháng nhà em"
    if word in ("của", "nhà", "bên") and after in _POSSESSORS:
        return end + 2
    if word in ("tụi", "bọn", "chúng") and after in _POSSESSORS:
        return end + 2
    return end


def _english(reading: Reading, hits: list[Hit]) -> Iterator[Mention]:
    """English nouns for people count after the right word before them; the mention begins with that word."""
    norms = reading.norms
    for hit in longest(hits):
        need = hit.entry.notes
        start = hit.start
        if hit.code == "child" and norms[hit.end - 1] in ("old", "olds") and _aged_thing(reading, hit.end):
            continue
        if need in ("my", "det"):
            wanted = _MY if need == "my" else _DET
            reach = 8 if norms[start - 1 : start] in (["old"], ["-"]) else 5
            at = next((i for i in range(start - 1, max(-1, start - reach), -1) if norms[i] in wanted), None)
            if at is None:
                if need == "my" and _of_the_author(reading, hit):
                    yield Mention(start, hit.end, hit.code, hit)
                continue
            between = norms[at + 1 : start]
            if any(word in _DET or word in reading.grammar.stops for word in between):
                continue
            start = at
            if any(word.endswith(("'s", "’s")) for word in between):
                yield Mention(start, hit.end, "other", hit)  # "my friend's baby"
                continue
        elif (
            need == "name"
            and norms[start - 1 : start] in (["an"], ["a"])
            and norms[start - 2 : start - 1] in (["am"], ["i'm"])
        ):
            continue
        yield Mention(start, hit.end, hit.code, hit)


def _aged_thing(reading: Reading, at: int) -> bool:
    """Whether a thing has the age told right before: "my 5 year old phone", "my 5-year-old gaming laptop"."""
    at += reading.word(at) in KINDS_OF_THING
    return reading.word(at) in THINGS_AGED


def _of_the_author(reading: Reading, hit: Hit) -> bool:
    """Family named without "my": "wife's a dinner lady", "Dad (83) won't", "the missus picked it"; not "kids menu"."""
    if hit.code not in _RELATIVES:
        return False
    before, after = reading.word(hit.start - 1), reading.word(hit.end)
    first = reading.norms[hit.start]
    if before == "the":
        return hit.code == "partner" or first in _THE_KIDS
    begins = reading.clause(hit.start).start == hit.start or before in _JOINING
    owner = reading.norms[hit.end - 1].endswith(("'s", "’s"))
    if not begins or (hit.code == "child" and first in _ANY_KIDS):
        return False
    return owner or after in _DOES_EN or (after == "(" and reading.word(hit.end + 1)[:1].isdecimal())


_RELATIVES = frozenset({"partner", "parent", "child", "family"})
_THE_KIDS = words("kids children boys girls twins baby toddler")
_ANY_KIDS = words("kids children babies teens boys girls kid child")
_JOINING = words("and but so because as when while since if plus though with my the says said")
_DOES_EN = words(
    "is isn't has hasn't was wasn't said says swears loves hates likes works drives does doesn't did didn't won't can't wants needs"
    " uses bought got gets made gave left put never always still just keeps kept went lives and on earns brings thinks told tried"
    " sleeps will wouldn't couldn't broke picked wears runs plays teaches refuses turned turns earns signed sorted insists are have"
)


def _distinct(mentions: list[Mention]) -> list[Mention]:
    """One mention for the same words, the first; a child's age that an animal has is the animal's."""
    kept: list[Mention] = []
    for mention in mentions:
        if kept and kept[-1].start == mention.start and kept[-1].end == mention.end:
            continue
        if kept and mention.code == "pet" and kept[-1].code == "child" and mention.start == kept[-1].end:
            kept[-1].code = "pet"
        kept.append(mention)
    return kept


def subject(reading: Reading, token: int) -> str:
    """Whose attribute the words at ``token`` tell: a ``who`` of the codebook, or ``you``, ``thing``, ``pet``, ``celebrity``."""
    mention = subject_mention(reading, token)
    return who(mention.code) if mention else "self"


def who(code: str) -> str:
    """The codebook's word for a mention's code."""
    return "other" if code == "expert" else code


def subject_mention(reading: Reading, token: int) -> Mention | None:
    """The mention that is the subject of the words at ``token``; ``None`` where it is the author unsaid."""
    grammar = reading.grammar
    clause = reading.clause(token)
    clauses_between = False
    mentions = reading.mentions
    for index in range(bisect_left(mentions, token, key=_start) - 1, -1, -1):
        mention = mentions[index]
        if mention.end > token:
            continue
        if token - mention.end > _FAR:
            return None
        if mention.start < clause.start:
            if reading.clause(mention.start).sentence != clause.sentence:
                return None
            clauses_between = True
        if mention.end == token and mention.code == "child":
            return mention
        if reading.lang == "en" and _possesses(reading, mention):
            continue
        if reading.norms[mention.start] == "who" and index and mention.start - mentions[index - 1].end <= 1:
            continue
        before = reading.word(mention.start - 1)
        if mention.code == "self" and (before in grammar.possessing or _is_object(reading, index)):
            continue
        if before in _WITH or reading.norms[mention.start] in _DEEDS:
            continue
        if mention.code in ("other", "expert", "celebrity", "thing") and before in grammar.being:
            continue
        if mention.code == "organisation" and index and _names_person(mentions[index - 1], mention):
            continue
        if (
            mention.code == "other"
            and index
            and _is_predicate(
                mentions[index - 1], mention, mentions[index - 1].start == reading.clause(mention.start).start
            )
        ):
            continue
        if mention.code == "pronoun":
            if reading.norms[mention.start] in ("their", "his", "her", "them", "him"):
                continue
            return _antecedent(reading, index)
        if clauses_between and mention.code == "you":
            continue
        return mention
    return None


def _start(mention: Mention) -> int:
    return mention.start


def _possesses(reading: Reading, mention: Mention) -> bool:
    """ "my son's phone" speaks of the phone, "my mom's 60" of her."""
    after = reading.word(mention.end)
    return reading.norms[mention.end - 1].endswith("'s") and not (after[:1].isdecimal() or after in _IS_AFTER)


_IS_AFTER = frozenset(
    {"a", "an", "in", "from", "the", "only", "still", "always", "been", "just", "almost", "not", "turning"}
)


def _is_object(reading: Reading, index: int) -> bool:
    """ "bác tài chở em 50 tuổi", "con trai nhà em": the author is carried along, or owns, and is no subject."""
    if index == 0 or reading.lang == "en":
        return False
    mention = reading.mentions[index]
    first = reading.norms[mention.start]
    other = reading.mentions[index - 1]
    gap = mention.start - other.end
    if reading.clause_index(other.start) != reading.clause_index(mention.start):
        return False
    if first in ("nhà", "của") and gap <= 2 and other.code in ("child", "partner", "parent", "family", "friend"):
        return True
    return gap == 1 and other.code in _ACTORS


def _is_predicate(person: Mention, mention: Mention, first: bool) -> bool:
    """A profession right behind a person says what the person is: "em nhân viên bank"."""
    return person.end == mention.start and person.code in _APPOSED and (person.code != "self" or first)


def _names_person(other: Mention, mention: Mention) -> bool:
    """The company only says which person is meant: "anh thủ kho bên em"."""
    return other.end == mention.start and other.code in ("other", "expert", "customer")


def _antecedent(reading: Reading, index: int) -> Mention:
    """The last person before a pronoun of the third person; the pronoun itself, as somebody, where there is none ("cháu" at
    the head of a clause is a young author)."""
    pronoun = reading.mentions[index]
    for mention in reversed(reading.mentions[max(0, index - 12) : index]):
        if mention.code in (*_THIRD, "pet", "organisation", "celebrity"):
            return mention
    young = reading.norms[pronoun.start] == "cháu" and pronoun.start == reading.clause(pronoun.start).start
    return Mention(pronoun.start, pronoun.end, "self" if young else "other", pronoun.hit)
