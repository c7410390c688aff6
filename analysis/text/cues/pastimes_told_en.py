"""Pastimes in English beyond "I love hiking": what somebody is mad about, what "is my thing", what a keen cyclist does, what is
done every week, and the short answers of chatter ("just video games", "sewing is one of my hobbies").
"""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.leisure_en import is_pastime
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject, subject_mention
from analysis.text.phrases import Hit, longest

_ME = words("i i'm im i've i'd i'll me my we we're our us mine myself")
_KEEN = words("obsessed mad crazy nuts passionate keen bonkers daft addicted hooked fanatical enthusiastic wild potty")
_KEEN_ON = words("with about on to by for over")
_FAN = words("fan fanatic buff nerd geek enthusiast addict junkie lover nut freak obsessive supporter aficionado")
_MY = words("my mine our his her their")
_THING = words(
    "thing passion religion church life hobby hobbies escape favorite favourite therapy joy obsession"
    " love weakness luxury pastime"
    " everything sanctuary bag personality jam outlet guilty first"
)
_DOES_GOOD = words(
    "helps keeps relaxes relieves calms clears saves makes relaxing fun awesome great amazing best takes where what"
)
_OFTEN = words(
    "every daily weekly weekends weekend often sometimes most days usually twice thrice times sundays"
    " saturdays mornings evenings"
    " nights always regularly together lot tons hours fun miles mile competitively professionally"
)
_DOES = words("do go went play love enjoy like")
_TAKES_UP = words("took taken taking learning learnt started practising practicing studying teaching")
_NO_NP = words(
    "this that these those it its how when the my your our his her their to you them him me being having"
    " the_ all what a an"
)
_STOP = words(
    "and but so because i we he she they is are was in at on for with from since while when if then too"
    " also already as or who which"
    " that this lately now right again . , ! ? ; ) ( : - – — than like me much more"
)
_AGENT_LEAD = words(
    "a an keen avid amateur hobby weekend casual competitive fellow passionate lifelong serious recreational total huge"
    " former big am i'm im as ex bit of"
)
_NOT_REAL = words(
    "not don't never hate dislike can't cannot used wish want wanna would could should if no doesn't didn't try trying"
)
_AMBIGUOUS = words(
    "shop car stocks gym food cards cleaning collect collecting travel sleep sleeping car cars cook read"
    " run drive write eat work"
    " program coach lift fish exercise party camp game games driving writing running bike music theater"
    " theatre paint painting"
    " learn hair nails clothes furniture beach nature dogs cats animals pets history science fly flying"
    " pool track band bars tea"
)
_RELATED = frozenset({"partner", "parent", "family", "friend", "child"})
_MOST = 4


def read(reading: Reading) -> None:
    """Note the pastimes told in these ways."""
    norms = reading.norms
    for i, word in enumerate(norms):
        if word in _KEEN and reading.word(i + 1) in _KEEN_ON:
            _open_phrase(reading, i, i + 2)
        elif word == "into" and (
            reading.word(i - 1) in ("deep", "really", "massively", "well", "proper", "big", "super")
        ):
            _open_phrase(reading, i, i + 1)
        elif word in _FAN:
            _fan(reading, i)
        elif word in _THING and reading.word(i - 1) in (*_MY, "one", "whole", "only", "happy", "kind"):
            _is_my_thing(reading, i)
        elif word == "up" and reading.word(i - 1) in _TAKES_UP:
            _open_phrase(reading, i - 1, i + 1)
    for hit in longest(reading.by_area.get("interests", ())):
        if reading.unreal(hit.start) or any(
            f.attribute == "interest" and f.start < hit.end and hit.start < f.end for f in reading.found
        ):
            continue
        if hit.entry.notes != "agent" and not is_pastime(reading, hit.start, hit.end):
            continue
        person = _agent(reading, hit) if hit.entry.notes == "agent" else _habit(reading, hit)
        if person:
            _add(reading, hit.start, hit.end, person, 0.65)


def _add(reading: Reading, start: int, end: int, person: str, confidence: float) -> None:
    if person in NOBODY or person in ("organisation", "expert") or end <= start:
        return
    value = " ".join(reading.norms[start:end]).replace(" - ", "-")
    reading.add("interest", value, start, end, person, confidence)


def _open_phrase(reading: Reading, at: int, start: int) -> None:
    """What follows "mad about": up to four words."""
    if reading.unreal(at) or not _NOT_REAL.isdisjoint(reading.norms[max(reading.clause(at).start, at - 4) : at]):
        return
    first = start + (reading.word(start) in ("the", "making", "playing"))
    if reading.word(first) in _NO_NP or not reading.word(first).isalpha():
        return
    end = first + 1
    limit = min(reading.clause(at).end, first + _MOST)
    while end < limit and reading.norms[end] not in _STOP:
        end += 1
    _add(reading, start, end, subject(reading, at), 0.7)


def _fan(reading: Reading, i: int) -> None:
    """ "huge Spurs fan", "a true crime junkie", "fan of jazz"."""
    if reading.word(i + 1) == "of":
        _open_phrase(reading, i, i + 2)
        return
    clause = reading.clause(i)
    start = i
    while start > clause.start and i - start < 4 and reading.norms[start - 1] not in _AGENT_LEAD | _STOP:
        start -= 1
    if start == i or reading.word(start - 1) not in _AGENT_LEAD or reading.unreal(i):
        return
    lead = reading.norms[max(clause.start, start - 5) : start]
    if not _NOT_REAL.isdisjoint(lead) or reading.word(i - 1) in (
        "cooling",
        "ceiling",
        "extractor",
        "desk",
        "the",
        "tower",
        "loud",
    ):
        return
    _add(reading, start, i, subject(reading, start), 0.65)


def _is_my_thing(reading: Reading, i: int) -> None:
    """ "Old machine tools are my thing", "Vinyl's my religion"."""
    clause = reading.clause(i)
    verb = next(
        (j for j in range(i - 1, max(clause.start, i - 5) - 1, -1) if reading.norms[j] in ("is", "are", "was", "were")),
        None,
    )
    start = clause.start
    while start < i and reading.norms[start] in ("and", "but", "honestly", "well", "yes", "because", "i", "guess"):
        start += 1
    if reading.norms[start] in ("the", "a", "an", "and"):
        return
    if verb is None:
        own = reading.norms[start : start + 1]
        if own and own[0].endswith(("'s", "’s")) and own[0] not in _SHORT_IS and i - start <= 4:
            _add(reading, start, start + 1, "self", 0.65)
        return
    if not 0 < verb - start <= _MOST or reading.norms[start] in _NO_NP or reading.unreal(i) or reading.negated(i):
        return
    owner = reading.norms[verb + 1 : i + 1]
    if _MY.isdisjoint(owner):
        return
    _add(reading, start, verb, "self" if {"my", "mine", "our"}.intersection(owner) else subject(reading, verb), 0.65)


def _agent(reading: Reading, hit: Hit) -> str:
    """ "I'm a keen cyclist", "Birdwatcher, 67", "runner here", "as a swimmer"."""
    clause = reading.clause(hit.start)
    norms = reading.norms
    lead = norms[max(clause.start, hit.start - 5) : hit.start]
    after = reading.word(hit.end)
    if not _NOT_REAL.isdisjoint(lead) or clause.question:
        return ""
    if after == "here" or (
        hit.start == clause.start and after in ("", ",", ".", "!") and not reading.word(hit.start - 1)
    ):
        return "self"
    if not lead or lead[-1] not in _AGENT_LEAD:
        return ""
    if {"i'm", "im", "am", "as", "fellow"}.intersection(lead) and lead[-1] != "of":
        return "self"
    mention = subject_mention(reading, hit.start)
    if mention is not None and mention.code in _RELATED and not _IS.isdisjoint(lead):
        return mention.code
    return (
        "self"
        if lead[0] in ("keen", "avid", "amateur", "hobby", "lifelong") and hit.start - len(lead) == clause.start
        else ""
    )


_SHORT_IS = words("it's that's he's she's there's what's this who's here's let's everything's nothing's")
_IS = words("is 's he's she's was who a")


def _habit(reading: Reading, hit: Hit) -> str:
    """A listed pastime that fills somebody's time, in one of the ways of telling so."""
    clause = reading.clause(hit.start)
    norms = reading.norms
    lead = norms[max(clause.start, hit.start - 6) : hit.start]
    follow = norms[hit.end : min(clause.end, hit.end + 6)]
    if not _NOT_REAL.isdisjoint(lead) or reading.word(hit.start - 1) in ("the", "this", "that", "your", "a", "-"):
        return ""
    if _asked_and_done(reading, hit):
        return "self"
    person = subject(reading, hit.start)
    person = "self" if person in ("thing", "you", "pronoun") and not _ME.isdisjoint(lead + follow) else person
    if person not in ("self", *_RELATED):
        return ""
    gerund = norms[hit.start].endswith("ing")
    first = norms[hit.start]
    told = not (_THING | _DOES_GOOD | _ME).isdisjoint(follow[1:] or follow) and (gerund or not _ME.isdisjoint(follow))
    if (
        not lead
        and told
        and follow[:1] in (["is"], ["are"], ["was"], ["takes"], ["helps"], ["relieves"], ["keeps"], ["saves"])
    ):
        return "self"
    if lead[-1:] in (["love"], ["passion"], ["skill"]) or lead[-2:] in (
        ["love", "for"],
        ["passion", "for"],
        ["skill", "of"],
    ):
        return person if person != "self" or not _ME.isdisjoint(lead) else ""
    if lead[-3:] in (["a", "lot", "of"],) and not _ME.isdisjoint(lead):
        return person
    if (
        lead[-1:] in (["usually"], ["mostly"], ["rather", "be"], ["besides"])
        and not _ME.isdisjoint(lead)
        and first not in _AMBIGUOUS
    ):
        return person
    if follow[:2] in (
        ["in", "spare"],
        ["in", "my"],
        ["on", "weekends"],
        ["on", "the"],
        ["for", "fun"],
    ) and not _ME.isdisjoint(lead):
        return person
    if gerund and follow[-1:] in (["do"], ["most"], ["enjoy"], ["best"], ["love"]) and "what" in follow:
        return person
    if follow[:2] == ["with", "my"] and gerund and hit.start - clause.start <= 2:
        return person
    if gerund and not _SPENDING.isdisjoint(lead) and (not _ME.isdisjoint(lead) or hit.start - clause.start <= 3):
        return person
    if first in _AMBIGUOUS and _OFTEN.isdisjoint(follow):
        return ""
    if not _OFTEN.isdisjoint(follow) and lead[-1:] and (lead[-1] in _SUBJECTS or lead[-2:-1] in (["i"], ["we"])):
        return person
    if gerund and lead[-1:] in (["go"], ["goes"], ["went"], ["going"]) and not _ME.isdisjoint(lead):
        return person
    if (
        not follow
        and len(lead) <= 1
        and lead[:1] in ([], ["mostly"], ["just"], ["mainly"])
        and clause.end - clause.start <= 3
    ):
        return "self" if gerund and _short_answer(reading, clause.start, clause.end) else ""
    return ""


_SUBJECTS = words("i we usually mostly also still often always sometimes play do watch just she he")
_SPENDING = words(
    "spend spending spends time busy evenings days weekends occupy done finished keen hobby hobbies other"
    " enjoys exercise fit"
)


def _asked_and_done(reading: Reading, hit: Hit) -> bool:
    """ "do you enjoy cooking? I do!", "do you ever go hiking? I enjoy it"."""
    clause = reading.clause(hit.start)
    if not clause.question or "you" not in reading.norms[clause.start : clause.start + 4]:
        return False
    answer = reading.norms[clause.end + 1 : clause.end + 5]
    return answer[:1] == ["i"] and not _DOES.isdisjoint(answer[1:3])


def _short_answer(reading: Reading, start: int, end: int) -> bool:
    """A fragment of its own in a short text."""
    return reading.size <= 30 and reading.word(end) in (".", "!", "") and reading.word(start - 1) in ("", ".", "!", "?")
