"""Ages in English that stand alone: "34, nurse in Leeds", "my nan (81, Cardiff)", "learning at 52", "two boys 7 and 10",
"he's three", "pushing 50", "two under five".
"""

from __future__ import annotations

from analysis.text.cues.age import UNITS, child, note
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Mention, Reading
from analysis.text.cues.who import subject_mention

_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_TEENS = {
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_OPENS = frozenset({"", ",", "(", ".", "!", "\n", ";", "-", "–", "—", "?", "…", ":"})
_CLOSES = frozenset(
    {"", ",", ")", ".", "!", "\n", ";", "–", "—", "and", "with", "but", "here", "now", "this", "today", "still", "lol"}
)
_ME = words("i i'm im i've i'd i'll me my we we're our us myself")
_NEARLY = words("pushing approaching nearing nearly almost hitting")
_OVER = words("over past above")
_HIT = words("hit turned turning turn hitting reached")
_PLURAL = words(
    "kids children boys girls sons daughters twins lads grandkids ours mine they're they littles"
    " grandsons triplets teens"
)
_AGED = words(": , ( are aged ages is they're who")
_RELATED = frozenset({"partner", "parent", "family", "friend", "other", "customer"})
_HEAT = words(
    "wash washed washing degrees degree speed mph kph db rated volts set temperature heat oven gas cook"
    " bake mark setting motorway mpg eco kwh cycle doing capped starts start retire"
)
_ONCE = words(
    "left quit dropped died started had when was learned began since until till before retired bought got met"
)
_IS = words("he's she's hes shes is i'm im am they're was be are aged age only")
_BABY = words("son daughter boy girl baby kid toddler child lad twins kids")
_KIN_GIRL = words("girl boy daughter son lad lass kid")
_NO_AGE = words(
    "years year yrs months month weeks days hours minutes x kids children boys girls % pm am times people"
    " stone st foot ft other"
)


def number_at(reading: Reading, i: int) -> tuple[int, int]:
    """The number that begins at token ``i`` and where it ends: "63", "sixty-three", "three"; (0, i) where none does."""
    word = reading.word(i)
    if word.isdecimal() and len(word) <= 2:
        return int(word), i + 1
    if word in _TENS:
        dash = reading.word(i + 1) == "-"
        one = reading.grammar.numbers.get(reading.word(i + 1 + dash), 0)
        if one and one < 10 and reading.word(i + 1 + dash) not in ("a", "an"):
            return _TENS[word] + one, i + 2 + dash
        return _TENS[word], i + 1
    if word in _TEENS:
        return _TEENS[word], i + 1
    if word not in ("a", "an") and word in reading.grammar.numbers:
        return reading.grammar.numbers[word], i + 1
    return 0, i


def read(reading: Reading) -> None:
    """Note the ages that stand alone."""
    listed_to = 0
    for i, word in enumerate(reading.norms):
        if i < listed_to:
            continue
        if not (word[0].isdecimal() or word in _TENS or word in _TEENS or word in reading.grammar.numbers):
            continue
        number, end = number_at(reading, i)
        if not number or reading.unreal(i):
            continue
        if reading.word(end) == "under" and (limit := number_at(reading, end + 1)[0]) and number < 7 and limit <= 18:
            reading.add("children", str(number), i, end + 2, "self", 0.8, rank=2)
            reading.add("child_age", f"0-{limit - 1}y", i, end + 2, "child", 0.7)
            listed_to = end + 2
            continue
        if _young(reading, i, number, end):
            continue
        listed_to = _children_listed(reading, i)
        if not listed_to and not _after_pronoun(reading, i, number, end) and number > 12:
            _alone(reading, i, number, end)


def _young(reading: Reading, i: int, number: int, end: int) -> bool:
    """ "a boy of 8", "get a 13 year old to read", "she's 5 months", "mine's 13", "the eldest is 3"."""
    before, lead = reading.word(i - 1), reading.word(i - 2)
    if before == "of" and lead in _KIN_GIRL and number <= 17:
        child(reading, i, end, f"{number}y")
        if reading.word(i - 3) in ("a", "our", "my", "autistic", "and", "", "."):
            reading.add("children", "yes", i - 2, end, "self", 0.6)
        return True
    unit = reading.word(end + (reading.word(end) == "-"))
    after_unit = end + (reading.word(end) == "-") + 1
    old = reading.word(after_unit + (reading.word(after_unit) == "-"))
    months = unit in ("month", "months", "mo", "mos")
    weeks = unit in ("week", "weeks", "wk", "wks")
    value = f"{number // 4}m" if weeks else f"{number}{'m' if months else 'y'}"
    if (months or weeks) and before in ("he's", "she's", "baby's", "lo's") and number <= 36 and old not in _WAITS:
        if not any(f.attribute == "child_age" and f.start == i for f in reading.found):
            child(reading, i, after_unit, value)
            reading.add("children", "yes", i - 1, after_unit, "self", 0.55)
        return True
    if (months or weeks or unit in ("year", "yr")) and old in ("old", "olds") and (number <= 17 or months or weeks):
        close = after_unit + 1 + (reading.word(after_unit) == "-")
        article = next((k for k in range(i - 1, max(-1, i - 4), -1) if reading.norms[k] in ("a", "my", "our")), -1)
        told = any(f.attribute in ("child_age", "age") and f.start <= i < f.end for f in reading.found)
        if (
            article >= 0
            and not told
            and reading.word(close) in _CLOSES_CHILD
            and reading.word(article - 1) not in ("is", "was")
        ):
            child(reading, i, close, value)
            reading.add("children", "yes", article, close, "self", 0.6)
            return True
    if (
        number <= 17
        and reading.word(end) in _CLOSES | {"is", "spends"}
        and (
            before in ("mine's", "ours's")
            or (before == "is" and lead in ("mine", "ours", "eldest", "oldest", "youngest"))
        )
    ):
        half = reading.norms[end : end + 3] == ["and", "a", "half"]
        child(reading, i, end, f"{number * 12 + 6}m" if half else f"{number}y")
        reading.add("children", "yes", i - 1, end, "self", 0.6)
        return True
    return False


_WAITS = words("into late behind out away from in warranty overdue ago for without off")
_CLOSES_CHILD = words(
    ", . ! ? ) and to who here with that in at on is has had this for keeps loves son daughter boy girl baby out the"
) | {"", "\n"}


def _children_listed(reading: Reading, i: int) -> int:
    """ "two boys 7 and 10", "my daughter, 9,", "ours are 1, 3 and 5": where the list ends, 0 where none is."""
    at = i - 1
    while at >= 0 and i - at <= 3 and reading.word(at) in _AGED:
        at -= 1
    noun = reading.word(at)
    plural = noun in _PLURAL
    child_mention = next(
        (m for m in reading.mentions_in(max(0, at - 4), at + 1) if m.code == "child" and m.end == at + 1), None
    )
    if not plural and child_mention is None:
        return 0
    if noun == "they're" and (
        reading.pets or not (any(m.code == "child" for m in reading.mentions) or number_at(reading, i + 2)[0])
    ):
        return 0
    if noun in ("mine", "ours", "they") and reading.word(i - 1) not in ("are", "aged", "(") and noun != "they're":
        return 0
    ages: list[tuple[int, int]] = []
    j = i
    while True:
        number, end = number_at(reading, j)
        if not number or number > 25 or reading.word(j)[:1] == "0":
            break
        ages.append((j, number))
        j = end
        if reading.word(j) in (",", "and", "&", "/") and number_at(reading, j + 1)[0]:
            j += 1
        elif reading.word(j) == "," and reading.word(j + 1) == "and" and number_at(reading, j + 2)[0]:
            j += 2
        else:
            break
    if not ages or reading.word(j) in UNITS or reading.word(j) in _NO_AGE:
        return 0
    if not plural and len(ages) == 1 and reading.word(j) not in _CLOSES | {"is", "has", "who", "loves"}:
        return 0
    if plural and len(ages) == 1 and reading.word(i - 1) not in ("(", "are", "aged"):
        return 0
    for start, number in ages:
        child(reading, start, start + 1, f"{number}y")
    if len(ages) > 1:
        reading.add("children", str(len(ages)), max(0, at), j, "self", 0.7)
    return j


def _after_pronoun(reading: Reading, i: int, number: int, end: int) -> bool:
    """ "he's three", "my lad's 9", "she's 87": the last child, else the last person of the family spoken of."""
    before = reading.word(i - 1)
    pronoun = before in ("he's", "she's", "hes", "shes") or (before == "is" and reading.word(i - 2) in ("he", "she"))
    owned = before.endswith(("'s", "’s")) and any(
        m.end == i and m.code in (*_RELATED, "child") for m in reading.mentions_in(i - 6, i)
    )
    if (
        not pronoun
        and not owned
        and not (before in ("only", "just", "nearly") and reading.word(i - 2) in ("he's", "she's"))
    ):
        return False
    half = reading.norms[end : end + 3] == ["and", "a", "half"]
    after = reading.word(end + 3 * half)
    if (
        after in UNITS
        or after in _NO_AGE
        or after in ("of", "-", ":", "/", "foot", "kilos", "'", "ft", "’", "now_")
        or reading.word(end) == ".5"
    ):
        return False
    mention = _last_person(reading, i, number)
    if mention is None:
        return False
    if mention.code == "child":
        if number <= 30:
            child(reading, i, end + 3 * half, f"{number}y")
            return True
        return False
    if mention.code in _RELATED and number > 5:
        reading.add("age", str(number), i, end, mention.code, 0.85)
        return True
    return False


def _last_person(reading: Reading, i: int, number: int) -> Mention | None:
    """The person an age of ``number`` can be said of: children are young, parents old."""
    for mention in reversed(reading.mentions_in(max(0, i - 45), i)):
        if mention.code == "child" and number <= 30:
            return mention
        if mention.code == "parent" and number >= 35:
            return mention
        if mention.code in ("family", "partner", "friend") and (number >= 16 or mention.code == "family"):
            return mention
    return None


def _alone(reading: Reading, i: int, number: int, end: int) -> None:
    """A number between signs, after "at", "pushing", "over": an age where a person is told of."""
    before, after = reading.word(i - 1), reading.word(end)
    clause = reading.clause(i)
    if after in UNITS or after in _NO_AGE or after in ("/", ":", "'", "-", "+", "of", "per"):
        return
    if before in _NEARLY and number >= 18 and after in _CLOSES | {"years", "in", "so", "or"}:
        low = (number - 1) if number % 10 else number - 2
        note(reading, i - 1, end, low, number - 1, 0.75)
        return
    if before in _OVER and number % 5 == 0 and number >= 30 and _speaks_of_self(reading, i - 1):
        reading.add("age", f"{number + 1}-{(number // 10) * 10 + 9}", i - 1, end, "self", 0.7)
        return
    if "before" in reading.norms[max(clause.start, i - 4) : i] or "by" in reading.norms[max(clause.start, i - 4) : i]:
        return
    if (
        before in _HIT
        and number >= 16
        and after in _CLOSES | {"in", "last", "next", "soon"}
        and _said_by_self(reading, i)
    ):
        note(reading, i, end, number, number, 0.75)
        return
    if (
        before == "at"
        and number >= 16
        and after in _CLOSES | {"i", "after", "because", "as", "for", "in", "to", "years"}
    ):
        near = reading.norms[max(clause.start, i - 8) : i - 1]
        if (
            _ONCE.isdisjoint(near)
            and _HEAT.isdisjoint(reading.norms[clause.start : clause.end])
            and _said_by_self(reading, i)
        ):
            note(reading, i - 1, end, number, number, 0.65)
        return
    if before in ("both", "i'm", "im", "am") and number >= 16 and after in _CLOSES | {"at", "on", "in", "so", "who"}:
        note(reading, i, end, number, number, 0.8)
        return
    if before in _OPENS and after in _CLOSES and (before or after != "and"):
        _between_signs(reading, i, number, end)


def _own(reading: Reading, i: int) -> bool:
    """Whether nobody else is the subject of the words at token ``i``."""
    mention = subject_mention(reading, i)
    return mention is None or mention.code == "self"


def _said_by_self(reading: Reading, i: int) -> bool:
    """Whether the author is the subject, said or plainly unsaid ("learning at 52")."""
    clause = reading.clause(i)
    lead = reading.norms[clause.start : i]
    return _own(reading, i) and (not _ME.isdisjoint(lead) or len(lead) <= 3)


def _speaks_of_self(reading: Reading, at: int) -> bool:
    lead = reading.norms[max(reading.clause(at).start, at - 4) : at]
    return (
        bool({"i'm", "im", "am", "we're", "only", "other", "being"}.intersection(lead))
        or at == reading.clause(at).start
    )


def _between_signs(reading: Reading, i: int, number: int, end: int) -> None:
    """ "Self-employed plasterer, 44, about", "My uncle, 71,", "45, warehouse picker"."""
    clause = reading.clause(i)
    sentence = clause.sentence
    if i and number_at(reading, i - 2)[0]:
        return  # a row of numbers
    begins = i == clause.start and (reading.word(i - 1) not in (",", "("))
    index = reading.clause_index(i)
    prior = reading.clauses[index - 1] if index else None
    if not begins and prior is not None and prior.sentence == sentence:
        mention = _person_in(reading, prior.start, i)
        if mention is not None and mention.code == "other" and reading.norms[mention.start] in ("a", "an", "the"):
            mention = None
        if mention is not None and mention.code in (*_RELATED, "child"):
            if mention.code == "child":
                if number <= 25:
                    child(reading, i, end, f"{number}y")
            elif number > 9:
                reading.add("age", str(number), i, end, mention.code, 0.75)
            return
        told = any(
            found.who == "self" and found.attribute in _SELF_TOLD and prior.start <= found.start < i
            for found in reading.found
        ) or bool(_ME.intersection(reading.norms[prior.start : prior.end]))
        trade = any(
            hit.start >= prior.start and hit.end <= i and not hit.entry.notes
            for hit in reading.by_area.get("occupations", ())
        )
        if number >= 16 and (told or trade or _tells_next(reading, end)):
            reading.add("age", str(number), i, end, "self", 0.7)
        return
    if number >= 16 and reading.word(end) in (",", "and", "with", "here") and _tells_next(reading, end):
        reading.add("age", str(number), i, end, "self", 0.7)


_SELF_TOLD = frozenset({"gender", "marital_status", "children", "occupation", "education"})


def _person_in(reading: Reading, start: int, end: int) -> Mention | None:
    """The person told of right before, from token ``start``; ``None`` where the author speaks of himself."""
    found = [m for m in reading.mentions_in(start, end) if m.end <= end]
    for mention in reversed(found):
        if mention.code == "self":
            return None
        if mention.code == "other" and reading.norms[mention.start] in ("a", "an", "the"):
            continue
        if mention.code in (*_RELATED, "child") and (
            mention.end >= end - 2 or reading.norms[mention.start] in ("my", "our", "dad", "mum", "mom", "nan")
        ):
            return mention if end - mention.end <= 6 else None
    return None


def _tells_next(reading: Reading, end: int) -> bool:
    """Whether the next words tell of a person: a trade, a place, being married, looking for something."""
    window = range(end, min(reading.size, end + 7))
    for area in ("occupations", "places", "cues_family", "cues_education", "kinship"):
        for hit in reading.by_area.get(area, ()):
            if hit.start in window and hit.entry.notes not in ("place", "bare", "det"):
                return True
    return not _LIST_WORDS.isdisjoint(reading.norms[end : end + 6])


_LIST_WORDS = words(
    "retired single married divorced widowed living broke trying looking skin female male woman man guy never first"
    " nonsmoker student husband wife kids renting sensitive oily dry finally homeowner"
)
