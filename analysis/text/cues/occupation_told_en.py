"""Occupations in English without "I'm a": in lists ("34, nurse in Leeds"), of relatives ("wife's a dinner lady"), as deeds
("I clean offices", "husband drives a forklift") and as states ("retired machinist, 71").
"""

from __future__ import annotations

import re

from analysis.text.cues.grammar import words
from analysis.text.cues.occupation import doer
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject, subject_mention
from analysis.text.phrases import Hit

RELATED = frozenset({"partner", "parent", "family", "friend", "child", "other"})
_MODIFIERS = 5
#: What may follow a trade that stands alone: "nurse here", "farmer outside Saskatoon", "chef, 41".
_FOLLOWS = words(
    ", . ! ) ; - – — … / & here in at for from near outside out by with on and who based speaking since working trying looking doing"
    " wanting after of btw lah too now living renting"
) | {"", "\n"}
_NO_MODIFIER = words(
    "said told asked called phoned rang emailed saw met hired found need needs want wants great good best bad worst decent cheap"
    " any no some every each another other which what former then daily self hobby pole screw"
)
_TOLD = frozenset({"age", "gender", "marital_status", "location", "occupation", "education", "children", "income"})
_ME = words("i i'm im i've i'd i'll me my we we're our us")
_JOINED = words(
    "i we i've we've who also currently now been and i'm im still mostly usually just both she he he's she's they"
)
_NOT_REAL = words(
    "to want wanna would could should if wish used dream hope hoping going gonna will might never not don't you your"
)
_PAST_DEED = words("twice before once the his her half everyone people staff over in from loads hundreds")


def listed(reading: Reading, hit: Hit) -> str | None:
    """Whose the trade is that begins a clause of its own; ``None`` where it is merely spoken of."""
    clause = reading.clause(hit.start)
    norms = reading.norms
    if hit.entry.notes:
        return None
    first = hit.start
    while first > clause.start and hit.start - first < _MODIFIERS and _modifies(reading, first - 1):
        first -= 1
    if reading.word(hit.end) not in _FOLLOWS or clause.question or clause.quoted:
        return None
    if first > clause.start:
        return _both(reading, first, clause.start)
    opening = reading.word(first - 1)
    if opening == "(" and (owner := subject_mention(reading, first)) is not None and first - owner.end <= 1:
        return owner.code if owner.code in RELATED else None
    if opening == "(" or norms[hit.end - 1].endswith("s") or reading.mentions_in(first, hit.start):
        return None
    if reading.word(hit.end) in ("here", "speaking") or norms[hit.end : hit.end + 2] == ["by", "trade"]:
        return "self"
    mention = subject_mention(reading, first) if opening == "," else None
    if mention is not None and mention.code in RELATED and first - mention.end <= 6:
        return mention.code if _is_family(mention.code) else None
    if _told_before(reading, clause.sentence, first) or _lives_after(reading, hit.end):
        return "self"
    long_or_me = hit.end - hit.start > 1 or not _ME.isdisjoint(norms[hit.end :])
    return "self" if long_or_me and _opens_text(reading, clause.sentence, first) else None


def _modifies(reading: Reading, token: int) -> bool:
    word = reading.norms[token]
    if word in reading.grammar.stops or word in _NO_MODIFIER:
        return False
    return word == "-" or word[:1].isalnum()


def _both(reading: Reading, first: int, start: int) -> str | None:
    """ "We're both teachers", "my fiancé and I are both teachers"."""
    lead = reading.norms[max(start, first - 3) : first]
    if lead[-1:] in (["we're"], ["both"]) and not _ME.isdisjoint(reading.norms[start:first]):
        return "self"
    if lead[-2:] in (["we", "are"], ["we", "both"], ["i", "am"]):
        return "self"
    return None


def _is_family(code: str) -> bool:
    return code not in ("other", "friend")


def _told_before(reading: Reading, sentence: int, token: int) -> bool:
    """Whether the sentence has begun to tell of the author: an age, a place, another work."""
    if any(
        found.who == "self" and found.attribute in _TOLD and found.end <= token
        for found in reading.found
        if reading.clause(found.start).sentence == sentence
    ):
        return True
    start = reading.clause(token).start
    index = reading.clause_index(token)
    while index > 0 and reading.clauses[index - 1].sentence == sentence:
        index -= 1
        start = reading.clauses[index].start
    return any(_aged(word) for word in reading.norms[start:token])


def _aged(word: str) -> bool:
    """Whether a word can be an age: "34", "27f"."""
    digits = word.rstrip("fmyo")
    return len(digits) == 2 and digits.isdecimal() and 16 <= int(digits) <= 90


def _lives_after(reading: Reading, end: int) -> bool:
    """Whether a place or an age follows: "farmer outside Saskatoon", "retail manager, 39"."""
    if any(end <= place.start <= end + 5 for place in reading.by_area.get("places", ())):
        clause = reading.clause(end - 1)
        between = reading.norms[end : end + 5]
        return clause.end >= end and (
            "," in between[:1] or reading.word(end) in ("in", "at", "from", "near", "outside", "out")
        )
    return reading.word(end) == "," and _aged(reading.word(end + 1)) and reading.word(end + 2) in ("", ",", ".", "and")


def _opens_text(reading: Reading, sentence: int, first: int) -> bool:
    """Whether nothing but a greeting stands before."""
    return (
        sentence == 0
        and first <= 6
        and not any(
            word in reading.grammar.stops - {"here", "so", "of", "about", "me"} for word in reading.norms[:first]
        )
    )


def deed(reading: Reading, hit: Hit) -> str | None:
    """Who does the work told as a verb: the author, or a relative in the third person."""
    norms = reading.norms
    verb = norms[hit.start]
    before = reading.word(hit.start - 1)
    clause = reading.clause(hit.start)
    lead = norms[max(clause.start, hit.start - 4) : hit.start]
    if not _NOT_REAL.isdisjoint(lead) or clause.question or reading.negated(hit.start):
        return None
    if verb == "in":
        person = subject(reading, hit.start)
        said = before in ("i'm", "im", "am", "is", "he's", "she's", "been", "serving", "was") or before.endswith("'s")
        return person if said and person in (*RELATED, "self") else None
    if (verb.endswith("s") and verb not in ("has", "does")) or verb in ("has", "does"):
        mention = subject_mention(reading, hit.start)
        if mention is None or mention.code not in RELATED or hit.start - mention.end > 8:
            return None
        return mention.code
    if before in _JOINED or hit.start == clause.start:
        person = doer(reading, hit.start)
        mine = not _ME.isdisjoint(norms[max(0, hit.start - 10) : hit.start])
        if person == "self":
            return "self" if mine or (hit.start == clause.start and verb.endswith("ing")) else None
        return person if person in RELATED and verb.endswith("ing") else None
    return "self" if not {"i", "we"}.isdisjoint(lead) else None


def state(reading: Reading, hit: Hit) -> str | None:
    """Whose state stands at the head of a clause: "semi-retired, wife does the online stuff", "Just made redundant at 51"."""
    clause = reading.clause(hit.start)
    if reading.norms[hit.end - 1] in ("off", "redundant", "go") and reading.word(hit.end) in _PAST_DEED:
        return None
    lead = reading.norms[clause.start : hit.start]
    if clause.question or not all(word in _BEFORE_STATE for word in lead):
        return None
    after = reading.word(hit.end)
    follows = after in _FOLLOWS or any(other.start == hit.end for other in reading.by_area.get("occupations", ()))
    if not follows:
        return None
    mention = subject_mention(reading, hit.start) if reading.word(clause.start - 1) == "," else None
    if mention is not None and mention.code in RELATED and hit.start - mention.end <= 6:
        return mention.code
    return "self"


_BEFORE_STATE = words(
    "just now recently newly happily semi fully early still currently been got - and both i'm im we're being"
)


_HEAD = re.compile(
    r".{2,}(er|or|ist|ian|man|woman|smith|tech|nurse|crew|warden|guy|lady|mechanic|chef|medic|clerk|assistant|aide|agent)$"
)
_NO_TRADE = words(
    "beginner newcomer lover buyer customer member mother father brother sister daughter homeowner renter user reader subscriber fighter"
    " believer sucker woman man minor senior hoarder sleeper eater smoker vegetarian survivor sufferer winner loser thinker hater"
    " latecomer foreigner outsider stranger insider owner lodger passenger commuter traveller traveler camper hiker neighbour neighbor"
    " christian never ever over under other better bigger smaller older younger longer either rather whether after later number"
    " matter color colour bother order offer letter paper water dinner winter summer corner power computer monitor supporter follower"
    " shopper drinker spender saver earner starter learner leaver voter taxpayer pensioner carnivore listener viewer viewer's guy lady"
    " stickler leader_ user's gamer runner swimmer cyclist walker rider climber gardener's knitter crafter collector spinster widower"
    " wheelchair teenager youngster oldtimer regular perfectionist optimist pessimist realist minimalist feminist nudist humanist"
    " size further perfumer_ bachelor bridesmaid housewife heavier picker_ fan addict diabetic asthmatic celiac coeliac"
)
_ENDS = words(
    ", . ! ? ; ) at for in with and who on from by so but here working living based of because ( – — now turned"
) | {"", "\n"}


def open_class(reading: Reading) -> None:
    """A trade that no lexicon lists, told outright: "I'm a rally navigator", "as a court interpreter"."""
    norms = reading.norms
    for i, word in enumerate(norms):
        if word not in ("a", "an") or reading.word(i - 1) not in ("i'm", "im", "am", "as") or reading.unreal(i):
            continue
        if reading.word(i - 1) == "as" and not (i < 2 or not _ME.isdisjoint(norms[max(0, i - 6) : i - 1])):
            continue
        end = i + 1
        while end < reading.size and end - i < 6 and norms[end] not in _ENDS and _modifies(reading, end):
            end += 1
        head = reading.word(end - 1)
        if end - i < 2 or reading.word(end) not in _ENDS or not _HEAD.match(head) or head in _NO_TRADE:
            continue
        covered = any(
            f.start < end and i < f.end and f.attribute in ("occupation", "interest", "gender") for f in reading.found
        )
        listed_pastime = any(h.end == end for h in reading.by_area.get("interests", ()))
        if not covered and not listed_pastime and not reading.negated(i):
            start = i + 1
            while start < end - 1 and (
                norms[start][:1].isdecimal() or norms[start] in ("year", "yr", "old", "-", "yo")
            ):
                start += 1
            reading.add("occupation", " ".join(norms[start:end]), start, end, "self", 0.55, "other")


def for_a_living(reading: Reading) -> None:
    """ "I subtitle for a living", "I lay kerbs for a living"."""
    norms = reading.norms
    for i, word in enumerate(norms):
        if word == "living" and norms[max(0, i - 2) : i] == ["for", "a"]:
            clause = reading.clause(i)
            lead = norms[clause.start : i - 2]
            at = next((k for k in range(len(lead) - 1, -1, -1) if lead[k] in ("i", "we")), None)
            if at is None or reading.unreal(i) or not 1 <= len(lead) - at - 1 <= 6:
                continue
            start = clause.start + at + 1
            if not any(f.attribute == "occupation" and f.start < i + 1 and start < f.end for f in reading.found):
                reading.add("occupation", " ".join(norms[start : i - 2]), start, i + 1, "self", 0.7, "other")
