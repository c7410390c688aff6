"""Where people work, in English, when no trade is told: "I work at a pipe factory", "the hospital I work at", "a theater employee"."""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.occupation import add
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import NOBODY, subject
from analysis.text.phrases import Hit, longest

_SHORT = words("vet cop spy nun dev bar gym lab spa zoo")


def is_written(reading: Reading, hit: Hit) -> bool:
    """Abbreviations are written large ("TA", "IT"); "it" is IT only behind "work in"."""
    phrase = reading.phrase(hit)
    if len(phrase) > 3 or phrase in _SHORT or reading.doc[hit.start].text.isupper():
        return True
    return (
        phrase == "it"
        and "work" in reading.norms[max(0, hit.start - 4) : hit.start]
        and reading.word(hit.start - 1) == "in"
    )


WORKING = frozenset({"work", "works", "working", "employed", "worked", "job", "volunteering", "volunteer"})

_WORK_AT = frozenset({"at", "for", "in"})

_NO_EMPLOYER = words(
    "home night nights day days me us you free myself hours years long once least times time mornings morning evenings summer"
    " winter living fun money weekends everyone now shifts moment front general progress terms order case place favor tandem months"
    " all some any two three"
)


def named(reading: Reading) -> None:
    """ "I work at a pipe factory": an employer that no lexicon names is the occupation's words, group ``other``."""
    norms = reading.norms
    for i, word in enumerate(norms):
        if word not in WORKING or reading.unreal(i):
            continue
        at = (
            i
            + 1
            + (reading.word(i + 1) in ("is", "part", "full", "over", "down"))
            + (reading.word(i + 1) in ("part", "full"))
        )
        if reading.word(at) not in _WORK_AT or (word == "job" and "my" not in norms[max(0, i - 3) : i]):
            continue
        if word == "worked" or any(
            found.attribute == "occupation" and i <= found.start <= i + 6 for found in reading.found
        ):
            continue
        clause = reading.clause(i)
        window = norms[max(clause.start, i - 5) : i]
        if any(word in ("don't", "want", "used", "wish", "doesn't", "would", "if", "never") for word in window):
            continue
        if window[-1:] == ["it"] or ("not" in window and "when" not in window):
            continue
        person = subject(reading, i)
        if person in NOBODY or (
            person == "self" and not any(w in reading.grammar.selves for w in norms[max(0, i - 12) : i])
        ):
            continue
        start = at + 1
        if any(hit.start <= start < hit.end for hit in reading.by_area.get("places", ())):
            continue
        while reading.word(start) in ("a", "an", "the", "my", "our", "this", "local", "th", "near", "same"):
            start += 1
        end = start
        while end < clause.end and end - start < 3 and norms[end].isalpha() and norms[end] not in reading.grammar.stops:
            end += 1
        if end == start or norms[start] in _NO_EMPLOYER:
            continue
        reading.add(
            "occupation",
            " ".join(norms[start:end]),
            i,
            end,
            {"expert": "other", "organisation": "self"}.get(person, person),
            0.6,
            "other",
        )


_UNREAL = frozenset({"want", "wish", "used", "not", "don't"})
AT_WORK = words(
    "work working works job shift employee associate worker paycheck volunteer days manage stock bounce living leader help"
)
_EMPLOYEE = words("employee worker associate adviser advisor agent staff assistant clerk guy lady rep tech aide")
_PLACE_REACH = 6


def listed(reading: Reading) -> None:
    """A listed place of work near a word of working: "the hospital I work at", "a movie theater employee", "my job at the bank"."""
    for hit in longest(reading.by_area.get("occupations", ())):
        if hit.entry.notes != "place" or reading.unreal(hit.start) or not is_written(reading, hit):
            continue
        if any(f.attribute == "occupation" and f.start < hit.end + 3 and hit.start - 3 < f.end for f in reading.found):
            continue
        clause = reading.clause(hit.start)
        before = reading.norms[max(clause.start, hit.start - _PLACE_REACH) : hit.start]
        after = reading.norms[hit.end : min(clause.end, hit.end + 4)]
        who = subject(reading, hit.start)
        mine = who == "self" and not _UNREAL.intersection(before)
        if after[:1] and after[0] in _EMPLOYEE and {"a", "an"} & {*before} and mine:
            add(reading, hit, hit.start, hit.end + 1, "self", 0.7)
        elif after[:2] in (["i", "work"], ["that", "i"], ["where", "i"]) and "work" in after:
            add(reading, hit, hit.start, hit.end, "self", 0.7)
        elif mine and _WORKED.intersection(before) and before[-1:] and before[-1] in _BEFORE_PLACE:
            add(reading, hit, hit.start, hit.end, "self", 0.65)


_WORKED = words("work working job shift paycheck days volunteer stock bounce living manage leader help")
_BEFORE_PLACE = words("at in for the a an my our local of on this")
