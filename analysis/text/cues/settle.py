"""From everything found to what is kept: one answer where two contradict, each answer once, nothing of an advert.

The codebook's rulings on rivals: ``comparing`` replaces ``researching``; a count of children replaces ``yes``; where one
lives beats where one is from; a budget named while looking for something is ``researching``.
"""

from __future__ import annotations

from analysis.text.cues import doings_vi
from analysis.text.cues.grammar import words
from analysis.text.cues.reading import Found, Reading
from analysis.text.cues.who import subject_mention
from data.codebook import SENSITIVE

#: Of these a person has one; the highest rank, then the first, stays.
_SINGLE = frozenset({"age", "gender", "location", "marital_status"})
_NEEDY = words("cần tìm muốn định nào tư hỏi need looking which any what best")
#: Nobody tells more of himself in one text.
_MOST = 200
_MARITAL_RANK = {"widowed": 5, "separated": 4, "dating": 3, "married": 2, "single": 1}


def settle(reading: Reading, *, sensitive: bool) -> list[Found]:
    """The cues that stay, by position."""
    found = reading.found
    if not found:
        return []
    if not sensitive:
        found = [cue for cue in found if cue.attribute not in SENSITIVE]
    told = {cue.attribute for cue in found}
    if not told.isdisjoint(("behaviour", "budget")):
        found = _behaviour(reading, found)
    if "children" in told:
        found = _children(reading, found)
    if "marital_status" in told:
        found = _marriage(found)
    if not told.isdisjoint(("interest", "channel")):
        found = _overlaps(found)
    kept: list[Found] = []
    seen: dict[tuple[str, str], Found] = {}
    said: set[tuple[str, str, str]] = set()
    for cue in sorted(found, key=lambda cue: (-cue.rank, -cue.confidence, cue.start)) if len(found) > 1 else found:
        key = (cue.attribute, cue.value, cue.who)
        if key in said or _inside(cue, kept):
            continue
        if cue.attribute in _SINGLE:
            if (cue.attribute, cue.who) in seen:
                continue
            seen[cue.attribute, cue.who] = cue
        said.add(key)
        kept.append(cue)
        if len(kept) >= _MOST:
            break
    kept.sort(key=lambda cue: (cue.start, cue.end, cue.attribute))
    return kept


def _inside(cue: Found, kept: list[Found]) -> bool:
    """Whether the same attribute has been read out of the same words."""
    return cue.attribute not in ("behaviour", "children", "purchase_role") and any(
        other.attribute == cue.attribute and other.start < cue.end and cue.start < other.end for other in kept
    )


def _behaviour(reading: Reading, found: list[Found]) -> list[Found]:
    values = {cue.value for cue in found if cue.attribute == "behaviour"}
    budget = next((cue for cue in found if cue.attribute == "budget"), None)
    if budget and not values & {"researching", "comparing", "ready_to_buy"}:
        clause = reading.clause(budget.start)
        words = [
            w for c in reading.clauses if abs(c.sentence - clause.sentence) <= 1 for w in reading.norms[c.start : c.end]
        ]
        if any(word in _NEEDY for word in words):
            found = [*found, Found("behaviour", "researching", "self", budget.start, budget.end, 0.6)]
    if reading.lang == "vi" and "researching" in values:
        found = doings_vi.weighed(reading, found)
        values = {cue.value for cue in found if cue.attribute == "behaviour"}
    if "comparing" in values:
        found = [cue for cue in found if not (cue.attribute == "behaviour" and cue.value == "researching")]
    if "discourages" in values:
        found = [cue for cue in found if not (cue.attribute == "behaviour" and cue.value == "recommends")]
    return found


def _overlaps(found: list[Found]) -> list[Found]:
    """A trade is no pastime; a group on Facebook is named more exactly than Facebook."""
    trades = [(cue.start, cue.end) for cue in found if cue.attribute == "occupation"]
    groups = [cue.start for cue in found if cue.attribute == "channel" and cue.value == "facebook_group"]
    return [
        cue
        for cue in found
        if not (cue.attribute == "interest" and any(start < cue.end and cue.start < end for start, end in trades))
        and not (
            cue.attribute == "channel"
            and cue.value == "facebook"
            and any(abs(cue.start - start) <= 6 for start in groups)
        )
    ]


def _children(reading: Reading, found: list[Found]) -> list[Found]:
    if any(cue.attribute == "children" and cue.value == "expecting" for cue in found):
        found = [cue for cue in found if not (cue.attribute == "children" and _first_born(reading, cue))]
    counted = any(cue.attribute == "children" and cue.who == "self" and cue.value.isdecimal() for cue in found)
    expecting = any(cue.attribute == "children" and cue.value == "expecting" for cue in found)
    own_child = any(cue.attribute == "child_age" for cue in found)
    if counted:
        found = [cue for cue in found if not (cue.attribute == "children" and cue.value == "yes")]
        numbers = sorted(
            (
                int(cue.value)
                for cue in found
                if cue.attribute == "children" and cue.value.isdecimal() and cue.who == "self"
            ),
            reverse=True,
        )
        best = str(numbers[0])
        return [
            cue
            for cue in found
            if not (cue.attribute == "children" and cue.value.isdecimal() and cue.who == "self" and cue.value != best)
        ]
    if expecting:
        return [cue for cue in found if not (cue.attribute == "children" and cue.value == "yes" and not own_child)]
    number = len(_told_apart(reading, found))
    if number > 1:
        for cue in found:
            if cue.attribute == "children" and cue.who == "self" and cue.value == "yes":
                cue.value = str(number)
    return found


#: What tells one child from another.
_WHICH_CHILD = frozenset({"gái", "trai", "lớn", "nhỏ", "đầu", "út", "cả"})


def _told_apart(reading: Reading, found: list[Found]) -> set[str]:
    """Children each told with an age and a name of its own: "con gái 4 tuổi, con trai 1 tuổi"."""
    apart: set[str] = set()
    for cue in found:
        if cue.attribute == "child_age" and (child := subject_mention(reading, cue.start)) is not None:
            apart.update(_WHICH_CHILD.intersection(reading.norms[child.start : child.end]))
    return apart


def _first_born(reading: Reading, cue: Found) -> bool:
    """ "đang bầu bé đầu lòng": the first child is the one expected."""
    words = reading.norms[cue.start : cue.end]
    return cue.value == "1" and ("lòng" in words or "first" in words)


def _marriage(found: list[Found]) -> list[Found]:
    mine = [cue for cue in found if cue.attribute == "marital_status" and cue.who == "self"]
    if len({cue.value for cue in mine}) < 2:
        return found
    best = max(mine, key=lambda cue: _MARITAL_RANK.get(cue.value, 0)).value
    return [cue for cue in found if cue.attribute != "marital_status" or cue.who != "self" or cue.value == best]
