"""Assumptions as dated claims: the name each goes by, its canonical wording, and the rule that decides it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.folding import fold
from data.groups import NEWEST_POST, SINGLE
from data.study import Assumption, Study

_LONGEST = 40
#: Rises when the rule itself changes; every claim then gets a new version in the register.
RULE = 1


@dataclass(frozen=True, slots=True)
class Claim:
    """An assumption with the id it goes by. ``number`` and ``position`` are its places in the study file, from 0."""

    id: str
    segment: str
    number: int
    position: int
    assumption: Assumption


def claims(study: Study) -> list[Claim]:
    """Every assumption of a study in the file's order, the retired ones too.

    An assumption without an ``id`` goes by one made of its segment and subject, not of its threshold: moving the threshold
    makes no new assumption of it. Where that is taken, ``-2``, ``-3`` … follow in the file's order.
    """
    taken = {a.id for segment in study.own.target for a in segment.assumptions if a.id}
    seen: Counter[str] = Counter()
    found = []
    for number, segment in enumerate(study.own.target):
        for position, assumption in enumerate(segment.assumptions):
            name = assumption.id or _free(derived_id(segment.segment, assumption), taken, seen)
            found.append(Claim(name, segment.segment, number, position, assumption))
    return found


def derived_id(segment: str, assumption: Assumption) -> str:
    """The id of an assumption that has none of its own: ``me-bim-thanh-thi.gender``, ``….value-safety``, ``….pain-price``."""
    if assumption.pain is not None:
        subject = f"pain-{assumption.pain}"
    elif assumption.attribute not in SINGLE | NEWEST_POST:  # of one with many values there may well be several
        subject = f"{assumption.attribute}-{_slug('-'.join(expected(assumption)))}"
    else:
        subject = str(assumption.attribute)
    return f"{_slug(segment)}.{subject}"


def _free(name: str, taken: set[str], seen: Counter[str]) -> str:
    while True:
        seen[name] += 1
        numbered = name if seen[name] == 1 else f"{name}-{seen[name]}"
        if numbered not in taken:
            return numbered


def _slug(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:_LONGEST].strip("-")
    return plain or hashlib.sha256(text.encode()).hexdigest()[:8]


def expected(assumption: Assumption) -> list[str]:
    """The expected values as a claim is compared by: in one order, spaces evened out."""
    return sorted({" ".join(value.split()) for value in assumption.expected})


def statement(assumption: Assumption) -> str:
    """The claim in canonical form, the same in every language: ``gender: female >= 0.7``."""
    limits = ((">=", assumption.at_least), ("<=", assumption.at_most))
    bounds = [f"{sign} {limit:g}" for sign, limit in limits if limit is not None]
    subject = assumption.attribute or f"pain {assumption.pain}"
    return " ".join([f"{subject}: {', '.join(expected(assumption))}", *bounds])


def rule(assumption: Assumption) -> str:
    """The rule by which the claim is decided, in one line that is the same in every language."""
    if assumption.top is not None:
        right, wrong, of = f"high <= {assumption.top}", f"low > {assumption.top}", "rank, bootstrap 95%"
    else:
        low, high = assumption.at_least, assumption.at_most
        holds = [
            f"{end} {sign} {at:g}" for end, sign, at in (("low", ">=", low), ("high", "<=", high)) if at is not None
        ]
        fails = [f"{end} {sign} {at:g}" for end, sign, at in (("high", "<", low), ("low", ">", high)) if at is not None]
        right, wrong = " and ".join(holds), " or ".join(fails)
        of = "share, Wilson 95%"
    return (
        f"{of}; n < {assumption.minimum_n}: not_enough; {right}: supported; {wrong}: contradicted; "
        f"else undecided (rule {RULE})"
    )


def direction(assumption: Assumption) -> str:
    """``top``, ``at_least``, ``at_most`` or ``between``: which way a claim points."""
    if assumption.top is not None:
        return "top"
    both = assumption.at_least is not None and assumption.at_most is not None
    return "between" if both else "at_least" if assumption.at_least is not None else "at_most"


def same_subject(one: Assumption, other: Assumption) -> bool:
    """Whether two assumptions ask the same, be it with another threshold."""
    return (one.attribute, one.pain) == (other.attribute, other.pain) and (
        one.pain is not None or expected(one) == expected(other)
    )


def named(found: Sequence[Claim], name: str) -> Claim | None:
    """The claim of that id, or the only one whose id ends in ``.name``."""
    ends = [claim for claim in found if claim.id.endswith(f".{name}")]
    exact = [claim for claim in found if claim.id == name]
    return exact[0] if exact else ends[0] if len(ends) == 1 else None


def changes(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """What of a claim is not as it was: ``threshold``, ``expected``, ``subject``, ``minimum_n`` or ``rule``."""
    found = []
    if (before["attribute"], before["pain"]) != (now["attribute"], now["pain"]):
        found.append("subject")
    tops = [str(row["expected"]) if row["pain"] else "" for row in (before, now)]
    if any(before[name] != now[name] for name in ("at_least", "at_most")) or tops[0] != tops[1]:
        found.append("threshold")
    if not now["pain"] and before["expected"] != now["expected"]:
        found.append("expected")
    if before["minimum_n"] != now["minimum_n"]:
        found.append("minimum_n")
    return found or (["rule"] if before["rule"] != now["rule"] else [])
