"""Sentences from findings: which words a number and its certainty allow."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report.model import Cell, Check, Competitor, Difference, Hurt, Portrait, Promised, Report, Trait
from analysis.report.speech import Speech

#: From so many people, and so many assumptions answered, a verdict is called fairly sure.
_MANY = 100
#: From this share on a value is said to be that of many.
_MANY_SHARE = 0.3
#: What a portrait says first, in this order; values that most readers ask for.
_FIRST = ("gender", "age", "location", "occupation", "income", "price_sensitivity", "child_age", "channel", "value")


def title(report: Report, say: Speech) -> str:
    return say.tell("title" if report.competitors else "title_alone", own=report.own)


def answer(competitor: Competitor, report: Report, say: Speech) -> str:
    """Whether a competitor's customers are ours."""
    people, brand, own = competitor.portrait.people, competitor.name, report.own
    if not people:
        return say.tell("answer.nobody", brand=brand)
    if people < report.minimum:
        return say.tell("answer.too_few", brand=brand, minimum=report.minimum)
    match = competitor.match
    if match is None:
        kinds = [a.verdict for a in competitor.apart]
        counts = {"alike": kinds.count("alike"), "different": kinds.count("different"), "all": len(kinds)}
        return say.tell(f"answer.own_{competitor.verdict}", brand=brand, own=own, **counts)
    decided, every = match.supported + match.contradicted, match.supported + match.contradicted + match.not_enough
    left = say.tell("answer.open", n=match.not_enough) if match.not_enough else ""
    kind = competitor.verdict
    if kind == "close" and not match.contradicted and decided > 1:
        kind = "close_all"
    elif kind == "far" and not match.supported:
        kind = "far_none"
    return say.tell(
        f"answer.{kind}",
        own=own, brand=brand, segment=match.segment, supported=match.supported, decided=decided, all=every, open=left,
    )  # fmt: skip


def certainty(competitor: Competitor, say: Speech) -> str:
    """How much the verdict rests on."""
    people, match = competitor.portrait.people, competitor.match
    if match is None:
        return say.tell("sure.only_people", people=say.people(people), brand=competitor.name)
    decided, every = match.supported + match.contradicted, match.supported + match.contradicted + match.not_enough
    level = "low"
    if people >= _MANY and decided >= 0.8 * every:
        level = "high"
    elif people >= _MANY / 3 and decided >= every / 2:
        level = "middle"
    return say.tell(
        f"sure.{level}",
        people=say.people(people),
        brand=competitor.name,
        decided=decided,
        all=every,
        open=every - decided,
    )


def hurt_most(hurts: Sequence[Hurt], minimum: int, say: Speech) -> str:
    """The pain that most tell of, said as surely as its rank allows."""
    first = next((h for h in hurts if h.rank is not None), None)
    if first is None:
        return say.tell("hurts.none", minimum=minimum)
    sure = (first.rank_high or 99) <= 1
    text = say.tell("hurts.first" if sure else "hurts.tied", pain=say.category(first.category))
    return text[:1].upper() + text[1:] + "."


def who(portrait: Portrait, say: Speech) -> list[tuple[str, Cell]]:
    """What the portrait says first: a phrase for the leading value of each attribute, with the cell it rests on."""
    phrases = []
    for attribute in _FIRST:
        trait = portrait.trait(attribute)
        if trait and trait.cells:
            cell = leading(trait)
            if cell.estimate.share < _MANY_SHARE:
                continue
            kind = "who.mostly" if cell.estimate.low > 0.5 else "who.often"
            phrases.append((say.tell(kind, what=say.says(attribute, say.value(attribute, cell.value))), cell))
    return phrases


def leading(trait: Trait) -> Cell:
    """The value that most people tell."""
    return max(trait.cells, key=lambda cell: cell.estimate.share)


def result(check: Check, say: Speech) -> str:
    """What the data say of an assumption, the number always with its n."""
    if check.value is None:
        return say.tell("assume.no_share")
    if check.top is not None:
        if not check.count:
            return say.tell("assume.nobody_hurt", n=say.people(check.n))
        return say.tell("assume.rank", rank=say.count(check.value))
    return say.percent(check.value)


def bounds(check: Check, say: Speech) -> str:
    """The interval and the n that belong to a result; empty where there is no number."""
    if check.value is None or check.low is None or check.high is None or (check.top and not check.count):
        return ""
    if check.top is not None:
        low, high = say.count(check.low), say.count(check.high)
        between = "" if low == high else say.tell("assume.rank_between", low=low, high=high) + " · "
        return f"{between}{say.tell('n_is', n=say.count(check.n))}"
    return f"{say.interval(check.low, check.high)} · {say.tell('n_is', n=say.count(check.n))}"


def needed(check: Check, say: Speech) -> str | None:
    """How many people would settle an open assumption, where that can be said."""
    if check.verdict != "not_enough" or check.value is None or check.top is not None:
        return None
    return say.tell("assume.needed", n=say.count(check.needed)) if check.needed else say.tell("assume.never")


def heard(promise: Promised, minimum: int, say: Speech) -> str:
    """What customers say of the thing that pages promise."""
    values = {"category": say.category(promise.category), "people": say.people(promise.authors), "minimum": minimum}
    text = say.tell(f"promise.{promise.verdict}", **values)
    return text[:1].upper() + text[1:]


def broken(competitor: Competitor, say: Speech) -> tuple[str, str | None] | None:
    """The promise that most people contradict, in its shortest wording, and the key of its evidence."""
    worst = next((p for p in competitor.pages.promises if p.verdict == "complained"), None)
    if worst is None:
        return None
    words = min((text for text, _ in worst.texts), key=len)
    text = say.tell(
        "promise.broken", promise=words, people=say.people(worst.authors), category=say.category(worst.category)
    )
    return text, worst.evidence


def kinds(hurt: Hurt, minimum: int, say: Speech) -> str:
    """How a pain is told: `complaint 192, problem 31`; kinds told by too few are left out."""
    return ", ".join(f"{say.name('kinds', kind)} {say.count(n)}" for kind, n in hurt.kinds if n >= minimum)


def differs(difference: Difference, say: Speech) -> str:
    """`more women`, `fewer complaints about price`."""
    what = say.value(difference.attribute, difference.value)
    if difference.attribute == "pain":
        what = say.tell("says.pain", values=what)
    return say.tell("differ.more" if difference.estimate > 0 else "differ.less", what=what)


def gaps(portrait: Portrait, attributes: Sequence[str], say: Speech) -> str | None:
    """The attributes of which nobody tells anything."""
    known = {t.attribute for t in portrait.traits}
    missing = [say.attribute(a) for a in attributes if a not in known]
    return say.tell("portrait.gaps", list=", ".join(missing)) if missing else None
