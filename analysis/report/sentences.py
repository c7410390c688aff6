"""Sentences from findings: which words a number and its certainty allow."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import pain_trends
from analysis.report.hiding import too_few
from analysis.report.model import (
    Cell,
    Check,
    Competitor,
    Difference,
    Estimate,
    Heard,
    Hurt,
    Match,
    Portrait,
    Report,
    Trait,
)
from analysis.report.speech import Speech
from analysis.statistics import NARROW, SLACK, people_for_narrow

#: What people tell as readily one way as the other.
_EITHER_WAY = frozenset({"age", "gender", "location", "child_age", "income", "budget"})
#: From so many people, and so many assumptions answered, a verdict is called fairly sure.
_MANY = 100
#: Nobody gathers more people than this, and than so many times those there are, to settle one assumption.
_REACHABLE, _TIMES = 300, 3
#: From this share on a value is said to be that of many.
_MANY_SHARE = 0.3
#: What a portrait says first, in this order; values that most readers ask for.
_FIRST = ("gender", "age", "location", "occupation", "income", "price_sensitivity", "child_age", "channel", "value")


def title(report: Report, say: Speech) -> str:
    return say.tell("title" if report.competitors else "title_alone", own=report.own)


def start(report: Report, say: Speech) -> str:
    """What the reader is looking at, or that there is nothing to look at."""
    if not report.coverage.posts:
        return say.tell("start.empty", sources=say.count(len(report.sources)))
    people = say.crowd(report.coverage.people, report.minimum)
    key = "start.text" if report.competitors else "start.text_alone"
    return say.tell(
        key, posts=say.count(report.coverage.counted or report.coverage.posts), people=people, own=report.own
    )


def answer(competitor: Competitor, report: Report, say: Speech) -> str:
    """Whether a competitor's customers are ours."""
    people, brand, own = competitor.portrait.people, competitor.name, report.own
    if people is None:
        return say.tell("answer.too_few", brand=brand, minimum=report.minimum)
    if not people:
        return say.tell("answer.nobody", brand=brand)
    match = competitor.match
    if match is None:
        kinds = [a.verdict for a in competitor.apart]
        counts = {"alike": kinds.count("alike"), "different": kinds.count("different"), "all": len(kinds)}
        return say.tell(f"answer.own_{competitor.verdict}", brand=brand, own=own, **counts)
    decided, every = match.supported + match.contradicted, match.supported + match.contradicted + match.open
    left = say.tell("answer.open", n=match.open) if match.open else ""
    return say.tell(
        f"answer.{_kind_of_answer(competitor.verdict, match)}",
        own=own, brand=brand, segment=match.segment, supported=match.supported, contradicted=match.contradicted,
        decided=decided, all=every, open=left,
    )  # fmt: skip


def fit(competitor: Competitor, say: Speech) -> str | None:
    """How far an audience fits its segment with what is still open weighed in; nothing where all is decided, or too little."""
    match = competitor.match
    if match is None or not match.open or competitor.verdict == "not_enough":
        return None
    return say.tell(
        "answer.fit", value=say.percent(match.value), interval=say.interval(match.low, match.high), segment=match.segment,
        brand=competitor.name,
    )  # fmt: skip


def _kind_of_answer(verdict: str, match: Match) -> str:
    """Which sentence fits the numbers: none, one, some or all of the answered assumptions hold."""
    decided = match.supported + match.contradicted
    if verdict == "not_enough":
        return "not_enough" if decided else "not_enough_none"
    if verdict == "close" and not match.contradicted:
        return "close_all" if decided > 1 else "close_one"
    if verdict == "far" and not match.supported:
        return "far_none" if decided > 1 else "far_one"
    return verdict


def certainty(competitor: Competitor, say: Speech) -> str:
    """How much the verdict rests on."""
    people, match = competitor.portrait.people or 0, competitor.match
    if match is None:
        return say.tell("sure.only_people", people=say.people(people), brand=competitor.name)
    decided, every = match.supported + match.contradicted, match.supported + match.contradicted + match.open
    level = "low"
    if competitor.verdict == "not_enough":
        pass
    elif people >= _MANY and decided >= 0.8 * every:
        level = "high"
    elif people >= _MANY / 3 and 3 * decided >= 2 * every:
        level = "middle"
    return say.tell(
        f"sure.{level}",
        people=say.people(people),
        brand=competitor.name,
        decided=decided,
        all=every,
        open=every - decided,
    )


def own_score(competitor: Competitor, report: Report, say: Speech) -> str | None:
    """How the assumptions that a competitor is judged by stand with our own people; where those fail them, to look at them first."""
    segment = next((s for s in report.segments if s.checks and s.name == competitor.segment), None)
    mine = [c.verdict for p in segment.positions if (c := segment.of(p, report.own))] if segment else []
    if not mine or not report.ours.enough:
        return None
    right, wrong = mine.count("supported"), mine.count("contradicted")
    text = say.tell("sure.own", own=report.own, supported=right, contradicted=wrong, open=len(mine) - right - wrong)
    return f"{text} {say.tell('sure.own_fails')}" if wrong and wrong >= right else text


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
            kind = f"who.{_most(cell.estimate)}"
            if cell.estimate.count == cell.estimate.n and not cell.estimate.at_least:
                kind = "who.all"
            phrases.append((say.tell(kind, what=say.says(attribute, say.value(attribute, cell.value))), cell))
    return phrases


def _most(e: Estimate) -> str:
    """How many a share stands for: most for certain, perhaps most, surely many, or some."""
    if e.low > 0.5:
        return "mostly"
    if e.share > 0.5 and not e.at_least:
        return "perhaps"
    return "often" if e.low >= _MANY_SHARE or e.at_least else "some"


def leading(trait: Trait) -> Cell:
    """The value that most people tell."""
    return max(trait.cells, key=lambda cell: cell.estimate.share)


def result(check: Check, minimum: int, say: Speech) -> str:
    """What the data say of an assumption, the number always with its n."""
    if check.few:
        return say.tell("fewer_people", n=minimum)
    if check.n is not None and check.value is None and not check.top:
        return say.tell("assume.withheld")
    if check.n is None or (check.value is None and not check.top):
        return say.tell("assume.no_share")
    if check.value is None:
        return say.tell("assume.nobody_hurt", n=say.people(check.n)) if check.n else say.tell("assume.no_share")
    if check.top is not None:
        return say.tell("assume.rank", rank=say.count(check.value))
    return say.bound(check.value) if check.bound else say.percent(check.value)


def bounds(check: Check, say: Speech) -> str:
    """The interval and the n that belong to a result; empty where there is no number."""
    if check.n is None or (check.value is None and not check.few):
        return ""
    n = say.tell("n_is", n=say.count(check.n))
    if check.low is None or check.high is None or check.bound:
        return n
    if check.top is not None:
        low, high = say.count(check.low), say.count(check.high)
        return n if low == high else f"{say.tell('assume.rank_between', low=low, high=high)} · {n}"
    return f"{say.interval(check.low, check.high)} · {n}"


def needed(check: Check, say: Speech) -> str | None:
    """How many people would settle an open assumption, where that can be said."""
    if (
        check.verdict not in ("undecided", "not_enough")
        or check.value is None
        or check.n is None
        or check.bound
        or check.top is not None
    ):
        return None
    if check.needed:
        missing = check.needed - check.n
        if missing > max(_REACHABLE, _TIMES * check.n):
            return say.tell("assume.out_of_reach")
        return say.tell("assume.needed", n=say.count(missing))
    more = people_for_narrow(check.value) - check.n
    if more <= 0:
        return say.tell("assume.never")
    key = "assume.wide" if check.verdict == "not_enough" else "assume.wide_undecided"
    return say.tell(key, n=say.count(more), points=say.count(NARROW * 100))


def why_hidden(check: Check, minimum: int, say: Speech) -> str | None:
    """Why an assumption shows no posts."""
    return say.tell("assume.hidden", minimum=minimum) if check.few or check.n is None else None


def heard(one: Heard, minimum: int, say: Speech) -> str:
    """What customers say of the thing that pages promise."""
    people = say.crowd(one.people, minimum)
    if one.at_least:
        people = say.tell("at_least", n=people)
    text = say.tell(f"promise.{one.verdict}", category=say.category(one.category), people=people, minimum=minimum)
    return text[:1].upper() + text[1:]


def most_broken(competitor: Competitor) -> Heard | None:
    """The promise not kept that is most worth a look: what is complained of ever more first, then what most people complain of."""
    rising = {h.category for h in competitor.portrait.hurts if h.trend and h.trend.verdict in pain_trends.UP}
    complained = [
        (one.category in rising, one.near or 0, one.people, -place, one)
        for place, p in enumerate(competitor.pages.promises)
        for one in p.heard
        if one.verdict == "complained" and one.broken and one.people and not one.at_least
    ]
    return max(complained, key=lambda found: found[:-1])[-1] if complained else None


def broken(competitor: Competitor, say: Speech) -> tuple[str, str | None] | None:
    """The same in a sentence, and the key of its evidence."""
    one = most_broken(competitor)
    if one is None:
        return None
    values = {"promise": one.broken, "people": say.people(one.people or 0), "category": say.category(one.category)}
    if one.near is None:
        return say.tell("promise.broken", **values), one.evidence
    return say.tell("promise.broken_near", near=say.people(one.near), **values), one.evidence


def kinds(hurt: Hurt, say: Speech) -> str:
    """How a pain is told: `complaint 192, problem 31`; without numbers where one of them must not be told."""
    told = [f"{say.name('kinds', kind)}{'' if n is None else f' {say.count(n)}'}" for kind, n in hurt.kinds]
    return ", ".join(told) or say.tell("pains.mixed_kinds")


def differs(difference: Difference, say: Speech) -> str:
    """`more women`, `fewer complaints about price`."""
    what = say.value(difference.attribute, difference.value)
    if difference.attribute == "pain":
        what = say.tell("says.pain", values=what)
    return say.tell("differ.more" if (difference.estimate or 0) > 0 else "differ.less", what=what)


def sides(difference: Difference, brand: str, report: Report, say: Speech) -> str:
    """Both shares of a difference that must not be told as a number."""
    shown = [
        say.told(e) if e else say.tell("fewer_people", n=report.minimum) for e in (difference.theirs, difference.ours)
    ]
    return say.tell("differ.sides", theirs=shown[0], ours=shown[1], brand=brand, own=report.own)


def silence(trait: Trait, minimum: int, say: Speech) -> str:
    """How many tell an attribute, and how many do not."""
    silent = trait.audience - trait.told
    values = {"told": say.count(trait.told), "audience": say.count(trait.audience), "silent": say.count(silent)}
    said = say.tell("portrait.told_most" if too_few(silent, minimum) else "portrait.told", **values)
    # Who has no children hardly ever says so: a hundred of a hundred who tell are not everybody.
    alike = (
        trait.cells
        and trait.attribute not in _EITHER_WAY
        and all(cell.estimate.share > 1 - SLACK for cell in trait.cells)
    )
    return f"{said} · {say.tell('portrait.alike')}" if alike else said


def gaps(portrait: Portrait, attributes: Sequence[str], say: Speech) -> str | None:
    """The attributes of which nobody tells anything."""
    known = {t.attribute for t in portrait.traits}
    missing = [say.attribute(a) for a in attributes if a not in known]
    return say.tell("portrait.gaps", list=", ".join(missing)) if missing else None
