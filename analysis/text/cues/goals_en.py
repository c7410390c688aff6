"""Goals in English in words of one's own: "training for my first triathlon", "want to be able to chase my kids", "trying to drop 40 lb".

What one wishes to buy or to visit is none, except a home; nor is what a thing should do.
"""

from __future__ import annotations

from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Reading
from analysis.text.cues.who import subject_mention

_WANTS = words(
    "want wanna wanted hoping hope trying aiming aim dream dreaming saving like love working training"
    " plan planning fancy need looking goal"
)
_OUTCOMES = words(
    "lose drop shift gain get become be pass learn quit retire retrain write finish open start build save"
    " run qualify own leave grow raise"
    " sell record pay reach hit improve walk make live bring put stop complete earn settle graduate study"
    " race climb set conceive read have"
)
_THINGS = words(
    "refund quote one it them this that something phone laptop car sofa pram buggy charger ticket tickets"
    " deal sense rid hold started in"
    " through into hold of back_ money_ some any bigger new cheaper used better working sleep answer reply"
    " access help person human rid"
)
_HOMES = words("house home flat place apartment farm")
_ENDS = words("but so because which although though and then if since cos as")
_MOST = 9


def read(reading: Reading) -> None:
    """Note goals that the lists of goals do not have."""
    norms = reading.norms
    for i, word in enumerate(norms):
        if word not in _WANTS or reading.unreal(i) or reading.negated(i):
            continue
        start = _outcome(reading, i, word)
        if (
            start
            and _mine(reading, i)
            and not any(f.attribute == "goal" and abs(f.start - start) < 6 for f in reading.found)
        ):
            clause = reading.clause(start)
            end = start + 1
            while end < min(clause.end, start + _MOST) and norms[end] not in _ENDS:
                end += 1
            if end - start > 1:
                reading.add("goal", " ".join(norms[start:end]), start, end, "self", 0.6)


def _outcome(reading: Reading, i: int, word: str) -> int:
    """Where the outcome begins that is wanted at token ``i``; 0 where none is."""
    after, next_after = reading.word(i + 1), reading.word(i + 2)
    if word == "training" and after == "for" and next_after in ("my", "a", "the", "our"):
        return i + 2
    if word in ("aiming", "working") and after in ("for", "towards"):
        return i + 2 if next_after not in _THINGS else 0
    if word == "trying" and after == "for" and reading.norms[i + 2 : i + 4] == ["a", "baby"]:
        return i + 2
    if word in ("goal", "dream", "aim") and reading.word(i - 1) in ("my", "our", "the") and after in ("is", "was", ":"):
        return i + 2
    if word in ("saving", "dreaming") and after in ("up", "for", "of", "to"):
        at = i + 2 + (next_after in ("for", "to"))
        return at if not _HOMES.isdisjoint(reading.norms[at : at + 5]) or after == "of" else 0
    if word == "like" and reading.word(i - 1) not in ("i'd", "we'd", "would", "d"):
        return 0
    if word == "love" and reading.word(i - 1) not in ("i'd", "we'd", "would"):
        return 0
    if after != "to" or word in ("working", "training", "need", "looking"):
        return 0
    if next_after in ("buy", "own", "get") and not _HOMES.isdisjoint(reading.norms[i + 3 : i + 8]):
        return i + 2
    follow = reading.word(i + 3)
    if (
        next_after not in _OUTCOMES
        or follow in _THINGS
        or (
            next_after in ("get", "make", "have", "put", "sell", "set", "read")
            and follow in ("a", "the", "an", "my", "some", "sure")
        )
    ):
        return 0
    if next_after == "be" and follow not in (
        "able",
        "debt",
        "a",
        "an",
        "under",
        "fit",
        "home",
        "independent",
        "healthy",
        "the",
    ):
        return 0
    return i + 2


def _mine(reading: Reading, i: int) -> bool:
    """Whether the author wishes it."""
    mention = subject_mention(reading, i)
    if mention is not None and mention.code not in ("self", "family"):
        near = reading.norms[max(reading.clause(i).start, i - 4) : i]
        return bool({"i", "we", "i'm", "we're", "i'd", "my"}.intersection(near))
    return True
