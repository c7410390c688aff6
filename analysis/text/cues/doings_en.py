"""Whether words of buying are the author's own deed in an English text: somebody else's first car, a price that "went from"
4 to 9, a question whether the branch opens on Saturday and a phone dropped in the sink tell of no buying.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.phrases import Hit

_OTHERS_OWN = words("his her their your everyone's everybody's someone's somebody's people's")
_OTHERS = words("he he's she she's they they're they've it who you your his her their it's")
_OURS = words("my our me us")
_TROUBLE = words("problem problems issue issues complaint complaints fault bad bother trouble doubt single moment")
#: Words that may stand before a deed whose doer is left out: "so finally switched to".
_LEADS = words(
    "so and then just finally already now also but again recently since later eventually instead too well yes yeah basically"
    " last this week month year today yesterday ago one day the end in as soon please because ended up or if have has had been"
    " therefore after before immediately actually honestly still am was nearly almost"
)
#: Behind "know" these ask for a fact, not for a name: "does anyone know if the pool is open".
_A_FACT = words("if whether when why how what what's who's")
_INDEFINITE = words("someone somebody something somewhere anything anywhere anyone anybody")
_WANTING = words(
    "need needs needed want wants wanted after find finding found looking look seeking recommend suggest love like know for"
    " searching hunting fancy prefer get buy hoping"
)
_BETTER = words("better best worth wiser cheaper safer faster easier smarter right right? sense")
_IS = words("is was are were")
_KNOWN = words("the this that these those your there their they it's it")
_LAID_DOWN = words("in on off down into onto under behind out")


def own(reading: Reading, hit: Hit, code: str) -> bool:
    """Whether the author does what ``hit`` says: a behaviour of the codebook, or ``switching`` for both directions."""
    check = _CHECKS.get(code)
    return check is None or check(reading, hit)


def _first(reading: Reading, hit: Hit) -> bool:
    """Not "her first car", "never had a problem", "for the first time with these"."""
    norms = reading.norms
    if norms[hit.start] in _OTHERS_OWN or reading.word(hit.start - 1) in _OTHERS_OWN:
        return False
    if norms[hit.start : hit.start + 2] == ["never", "had"]:
        if reading.word(hit.end) in _TROUBLE or not _mine(reading, hit):
            return False
        return "before" in norms[hit.end : hit.end + 12]
    return not (norms[hit.end - 1] == "with" and norms[max(0, hit.start - 2) : hit.start] == ["for", "the"])


def _again(reading: Reading, hit: Hit) -> bool:
    """Not what one would do again, nor "regulars" of whom the author is none, nor the third box from the left."""
    first, last = reading.norms[hit.start], reading.norms[hit.end - 1]
    if "regulars" in reading.norms[hit.start : hit.end]:
        return not {"we're", "we", "i", "i'm"}.isdisjoint(reading.norms[max(0, hit.start - 4) : hit.start])
    if first in ("would", "i'd") and last == "again":
        return False
    return not (reading.word(hit.end - 2) in ("year", "box", "stage", "row") and last in ("of", "from", "in"))


def _heavily(reading: Reading, hit: Hit) -> bool:
    """Not advice to use it daily, nor "nine days in Sri Lanka"."""
    if reading.norms[hit.start : hit.end] == ["days", "in"]:
        return False
    clause = reading.clause(hit.start)
    return reading.norms[clause.start] not in ("use", "wear", "drink", "eat", "take", "apply")


def _left(reading: Reading, hit: Hit) -> bool:
    """Left by the author, who may be unsaid; not by the airline, and not put down somewhere."""
    if reading.norms[hit.start] in ("went", "go") and reading.word(hit.end)[:1].isdecimal():
        return False
    return _mine(reading, hit) and reading.word(hit.end) not in _LAID_DOWN


def _switched(reading: Reading, hit: Hit) -> bool:
    """Not a price or a number that "went from 4 to 9.50"."""
    after = reading.word(hit.end)
    if not after[:1].isalpha() or (after in ("about", "around", "just") and reading.word(hit.end + 1)[:1].isdecimal()):
        return False
    return reading.norms[hit.start] not in ("went", "coming") or _mine(reading, hit)


def _mine(reading: Reading, hit: Hit) -> bool:
    """Whether the author, said or plainly unsaid, is the subject of ``hit``."""
    clause = reading.clause(hit.start)
    before = reading.norms[max(clause.start, hit.start - 8) : hit.start]
    selves = [k for k, word in enumerate(before) if word in reading.grammar.selves or word in _OURS]
    if selves:
        return _OTHERS.isdisjoint(before[selves[-1] :])
    return all(word in _LEADS for word in before)


def _seeks(reading: Reading, hit: Hit) -> bool:
    """Not a question for a fact, not what somebody had, not what others look for."""
    norms = reading.norms
    first, last = norms[hit.start], norms[hit.end - 1]
    clause = reading.clause(hit.start)
    before = norms[max(clause.start, hit.start - 5) : hit.start]
    if last in ("know", "kno", "knows"):
        return reading.word(hit.end) not in _A_FACT and reading.word(hit.end) != "da"
    if last == "for" and "looking" in norms[hit.start : hit.end]:
        return _OTHERS.isdisjoint(before[-3:]) and "keep" not in before[-2:] and "spent" not in before
    if first in _INDEFINITE:
        begins = hit.start == clause.start and reading.word(hit.start - 1) in ("", ".", "!", "?", "\n")
        if last in ("else", "had", "has", "found", "on", "in"):
            begins = False
        return clause.question or begins or not _WANTING.isdisjoint(before)
    if first in ("who", "which"):
        return clause.question or not {"know", "sure", "decide", "wondering", "advise", "tell"}.isdisjoint(before)
    return True


def _weighs(reading: Reading, hit: Hit) -> bool:
    """Not one figure held against another, nor what somebody else compared."""
    first, after = reading.norms[hit.start], reading.word(hit.end)
    clause = reading.clause(hit.start)
    if not clause.question and not {"you", "you're", "whether"}.isdisjoint(reading.norms[clause.start : hit.start]):
        return False
    if first in ("vs", "versus"):
        return not after[:1].isdecimal()
    return first != "compared" or (after in ("with", "the", "a", "two", "three") and _mine(reading, hit))


def asks_a_fact(reading: Reading, start: int, end: int) -> bool:
    """Whether a question with "or" asks how something is ("is the ground rent per year or per quarter"), not what to choose."""
    asked = reading.norms[start:end]
    return asked[0] in _IS and len(asked) > 1 and asked[1] in _KNOWN and _BETTER.isdisjoint(asked)


_CHECKS: dict[str, Callable[[Reading, Hit], bool]] = {
    "first_time_buyer": _first,
    "repeat_buyer": _again,
    "heavy_user": _heavily,
    "switching_from": _left,
    "switching_to": _left,
    "switching": _switched,
    "researching": _seeks,
    "comparing": _weighs,
}
