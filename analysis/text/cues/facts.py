"""Phrases that say a value outright: "độc thân", "mẹ bỉm", "my final call". The lexicon's ``code`` is what they say.

``code`` (or ``group``, for people) holds ``attribute=value`` joined by ``;`` or spaces; an occupation may name its group
after a slash. ``notes`` tells when the phrase counts: ``asis`` (a denial is part of it), ``be`` (only said of somebody with
"am", "is"), ``bare`` (only beside the person or a number), ``person`` and ``edu`` (said of whoever is the subject).
"""

from __future__ import annotations

from functools import lru_cache

from analysis.text.cues import kin_vi
from analysis.text.cues.grammar import words
from analysis.text.cues.occupation_vi import students_at_large
from analysis.text.cues.reading import Mention, Reading
from analysis.text.cues.who import NOBODY, subject, subject_mention
from analysis.text.phrases import Hit, longest

AREAS = ("cues_family", "cues_education", "cues_price", "cues_roles")
#: Attributes that are coded for the author alone, whoever else is told of.
_AUTHOR_ONLY = words("gender behaviour effort channel value goal customer_type")
_BE = words("am i'm im are is be been being was we're he's she's still happily both newly now")
_PERSON_EDGE = frozenset({"", ",", ".", "-", "!", "?", "rồi", "là", "giới", "mình", "em", "tôi"})


@lru_cache(maxsize=4096)
def statements(code: str) -> tuple[tuple[str, str, str | None], ...]:
    """The (attribute, value, group) of a lexicon code."""
    found = []
    for part in (
        code.replace(";", " ").split("|")[0].replace(" ", "\n").split("\n") if "=" not in code else _split(code)
    ):
        attribute, _, value = part.partition("=")
        value, _, group = value.partition("/")
        found.append((attribute, value, group or None))
    return tuple(found)


def _split(code: str) -> list[str]:
    parts: list[str] = []
    for part in code.replace(";", " ").split(" "):
        if "=" in part:
            parts.append(part)
        elif part and parts:
            parts[-1] = f"{parts[-1]} {part}".replace("/student", "/student")
    return parts


def read(reading: Reading) -> None:
    """Note what the phrases of :data:`AREAS` say."""
    for area in AREAS:
        hits = reading.by_area.get(area)
        if hits:
            for hit in longest(hits):
                _fact(reading, hit)


def _fact(reading: Reading, hit: Hit) -> None:
    entry = hit.entry
    if reading.unreal(hit.start):
        return
    notes = entry.notes
    if notes == "heavy" or (notes != "asis" and reading.negated(hit.start)):
        return
    if entry.area == "cues_price" and reading.word(hit.start - 1) in ("chất", "người", "số"):
        return
    if notes == "expecting" and reading.phrase(hit) == "expecting" and reading.word(hit.end) not in _BABY:
        return
    if notes == "be" and not _said_of_somebody(reading, hit):
        return
    if notes == "bare" and not _beside_person(reading, hit):
        return
    if reading.lang == "vi" and entry.area == "cues_education" and students_at_large(reading, hit.end):
        return
    if reading.lang == "vi" and entry.area == "cues_family" and kin_vi.readers_at_large(reading, hit.start, hit.end):
        return
    if notes == "student" and not _is_student(reading, hit):
        return
    if notes == "edu" and reading.word(hit.start - 1) in ("was", "were"):
        return
    if notes == "person" and reading.word(hit.start - 1) in _CROWD:
        return
    if entry.area == "cues_education" and not _WISHED.isdisjoint(reading.norms[max(0, hit.start - 3) : hit.start]):
        return
    if reading.norms[hit.end - 1] == "ba" and reading.doc[hit.end - 1].text == "BA":
        return
    if notes == "money" and not _of_money(reading, hit.start):
        return
    if _of_animal(reading, hit):
        return
    if reading.phrase(hit) in ("là con trai", "là con gái") and reading.word(hit.end) in reading.grammar.selves:
        return  # "… là con trai em 23 tháng": the child
    person = entry.who or _owner(reading, hit)
    if notes in ("asis", "money"):
        person = entry.who or ("self" if person in NOBODY else person)
        if entry.code.startswith(("customer_type", "price", "purchase")):
            person = entry.who or "self"
    if (
        person == "other"
        and entry.code.startswith("income")
        and "lương" in reading.norms[max(0, hit.start - 5) : hit.start + 1]
    ):
        person = "self"
    if person in NOBODY or person == "expert":
        return
    if person == "organisation":
        person = "self"
    start, end = _widened(reading, hit) if notes == "edu" else (hit.start, hit.end)
    for attribute, value, group in statements(entry.code):
        if attribute in _AUTHOR_ONLY and person != "self":
            continue
        if attribute == "children" and value == "no":
            continue
        if attribute == "children" and person in ("partner", "child"):
            reading.add(attribute, value, hit.start, hit.end, "self", 0.8)
            continue
        reading.add(attribute, value, start, end, person, 0.85 * entry.weight, group)


def _owner(reading: Reading, hit: Hit) -> str:
    """The subject; a person whose naming reaches into the phrase is it ("em chồng | mình mới sinh")."""
    for mention in reading.mentions_in(hit.start - 4, hit.start):
        if hit.start < mention.end < hit.end and mention.code not in ("self", "thing"):
            return mention.code
    return subject(reading, hit.start)


def _widened(reading: Reading, hit: Hit) -> tuple[int, int]:
    """The quote of a schooling with its subject and school: "my nursing degree", "degree in law from Leeds"."""
    start, end = hit.start, hit.end
    clause = reading.clause(start)
    stops = reading.grammar.stops
    while end < clause.end and end - hit.end < 4:
        word = reading.norms[end]
        if word in stops and not (
            word in ("in", "at", "from", "of", "for", "and")
            and end + 1 < clause.end
            and reading.norms[end + 1] not in stops
        ):
            break
        end += 1
    while (
        start > clause.start
        and hit.start - start < 2
        and reading.norms[start - 1] not in stops
        and reading.norms[start - 1].isalpha()
    ):
        start -= 1
    return start, end


def _is_student(reading: Reading, hit: Hit) -> bool:
    """ "as an engineering student", "I'm a nursing student"; not "student discount"."""
    if reading.word(hit.end) in ("discount", "loan", "loans", "price", "prices", "visa", "card", "account"):
        return False
    for i in range(hit.start - 1, max(-1, hit.start - 4), -1):
        if reading.norms[i] in ("a", "an"):
            return reading.word(i - 1) in ("as", "am", "i'm", "im", "i", "still", "just", "she's", "he's", "is")
    return False


_WISHED = words("muốn định tính mơ ước nên lương")
#: "lớp ít học sinh", "thời sinh viên", "giá học sinh": nobody in particular.
_CROWD = words("ít nhiều giá hồi thời thẻ như toàn lớp khách ưu dành đám các mấy cho sinh học là_ nhóm từ")


_BABY = frozenset({"our", "my", "a", "twins", "baby", "first", "in", "and", "", ".", ",", "!", "number", "again"})


def _of_money(reading: Reading, token: int) -> bool:
    """Whether a price is spoken of shortly before ``token``."""
    words = reading.norms[max(0, token - 8) : token]
    return any(
        word in ("giá", "tiền", "đắt", "mắc", "củ", "triệu", "tỷ", "lương") or word.endswith(("tr", "củ"))
        for word in words
    )


def _of_animal(reading: Reading, hit: Hit) -> bool:
    """ "dog mom of 3 huskies" has no children."""
    return reading.pets and any(
        m.code == "pet" and hit.end - 2 <= m.end for m in reading.mentions_in(hit.start - 4, hit.start + 1)
    )


def _said_of_somebody(reading: Reading, hit: Hit) -> bool:
    before, after = reading.word(hit.start - 1), reading.word(hit.end)
    if before == "a":
        return after in _PEOPLE
    clause = reading.clause(hit.start)
    if before not in _BE:
        return clause.end - clause.start <= 2
    mine = subject_mention(reading, hit.start) is not None or before in ("am", "i'm", "im", "now", "still")
    return mine and after not in _NOT_PEOPLE


_NOT_PEOPLE = words("out from by for of threaded use player page sign speed digit file control bed malt day")
_PEOPLE = words("mom mum dad woman man guy girl person parent lady dude female male mother father")


def _beside_person(reading: Reading, hit: Hit) -> bool:
    before, after = reading.word(hit.start - 1), reading.word(hit.end)
    clause = reading.clause(hit.start)
    if clause.end - clause.start == 1:
        return True
    if after[:1].isdecimal() or after in ("sinh",):
        return hit.start == clause.start or before in reading.grammar.selves or before in ("là", ",")
    return before in reading.grammar.selves and after in _PERSON_EDGE


def people(reading: Reading) -> None:
    """Note what naming a relation says: "chồng em" is said by a married woman (column ``group`` of kinship.tsv)."""
    for mention in reading.mentions:
        says = mention.hit.entry.group
        if not says or mention.code in ("pet", "other") or says == "notmine":
            continue
        if mention.hit.entry.notes == "of?" and mention.end == mention.hit.end:
            continue
        _relation(reading, mention, says)


def _relation(reading: Reading, mention: Mention, says: str) -> None:
    if reading.norms[mention.start] == "gấu" and reading.doc[mention.start].text[:1] == "G":
        return  # a child's name
    presupposed = reading.lang == "en" and reading.norms[mention.start] in ("my", "our")
    if not presupposed and (reading.unreal(mention.start) or reading.negated(mention.start)):
        return
    if presupposed and reading.clause(mention.start).quoted:
        return  # "if my husband agrees" and "not for my son" are said by who has one
    if mention.code == "child" and _somebody_elses(reading, mention):
        return
    if mention.code == "organisation" and "own" in reading.norms[mention.start : mention.end]:
        return
    if mention.code == "pet" or (reading.lang == "vi" and reading.word(mention.end) == "chủ"):
        return
    if mention.end == mention.hit.end and reading.lang == "vi" and mention.code == "partner":
        owner = subject_mention(reading, mention.start)
        if owner is not None and owner.code == "you":
            return
        if kin_vi.others_marriage(reading, mention.start, mention.end):
            return
    for attribute, value, group in statements(says):
        reading.add(attribute, value, mention.start, mention.end, "self", 0.8, group)


def companies(reading: Reading) -> None:
    """A company that speaks: "we're a small machine shop"."""
    if reading.lang != "en":
        return
    norms = reading.norms
    for hit in reading.by_area.get("kinship", ()):
        if hit.code == "organisation":
            for i in range(max(0, hit.start - 5), hit.start - 1):
                if norms[i] == "we're" or (norms[i] == "are" and reading.word(i - 1) == "we"):
                    if norms[i + 1] in ("a", "an"):
                        reading.add("customer_type", "organisation", i, hit.end)
                    break


def _somebody_elses(reading: Reading, mention: Mention) -> bool:
    """ "chị hàng xóm có bé": a child told of as another's; "mọi người nên cho con học": anybody's."""
    if mention.end > mention.hit.end or reading.lang == "en":
        return False
    owner = subject_mention(reading, mention.start)
    if owner is None or reading.clause_index(owner.start) != reading.clause_index(mention.start):
        return False
    return owner.code in ("you", "other", "friend", "family", "customer", "celebrity", "expert")
