"""The front page: for every competitor whether their customers are ours, how sure that is, what to learn and what to avoid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.report import moving, pain_trends, sentences
from analysis.report.blocks import Bars, Block, Card, Cards, Items, Marks, Section, Text
from analysis.report.briefing.drawn import bar, hurt_bar
from analysis.report.briefing.pains import pages_read
from analysis.report.model import Check, Competitor, Portrait, Report, Segment
from analysis.report.speech import Speech

_PAINS, _PHRASES, _ALONE = 3, 4, 5
#: From this share of posts in languages that are not read, the front page warns.
UNREADABLE = 0.03
#: A source that has not been heard of for so long is told of on the front page by the section on changes, not here.
_MOST_UNKNOWN = 5


def front(report: Report, sections: Sequence[Section], say: Speech) -> Section:
    """The page that answers the question. What sections have for the front page stands with its competitor, or below."""
    asked = any(section.key == moving.KEY for section in sections)
    # What changed is told once: since the report that was asked for, else since the analysis before.
    cards = [card for section in sections if not (asked and section.key == "over-time") for card in section.front]
    blocks: list[Block] = [Text(text, look="call") for text in _beforehand(report, say)]
    if report.competitors:
        answers = [_answer(report, place, c, cards, say) for place, c in enumerate(report.competitors, 1)]
        blocks.append(Cards(answers, narrow=True))
    else:
        blocks.append(Cards([_alone(report, say)]))
    own = [card for card in cards if card.about is None]
    blocks.append(Cards([_start(report, say), *own, _unknown(report, say)], narrow=True, small=True))
    lead = say.tell("lead.summary" if report.competitors else "lead.summary_alone", own=report.own)
    return Section("summary", say.tell("sections.summary"), lead, blocks)


def _beforehand(report: Report, say: Speech) -> Iterator[str]:
    """What must be known before any number is read: posts that could not be read, an own brand of which nobody speaks, no target."""
    c = report.coverage
    if c.foreign > UNREADABLE * (c.counted + c.foreign):
        share = say.percent(c.foreign / (c.counted + c.foreign))
        people, left = say.crowd(c.people, report.minimum), say.count(c.counted)
        yield say.tell("start.foreign", n=say.count(c.foreign), share=share, people=people, left=left)
    if not c.posts:
        return
    if not report.ours.enough:
        key = "start.few" if report.ours.people is None else "start.nobody"
        yield say.tell(key, own=report.own, minimum=report.minimum)
    if report.competitors and not report.segments:
        yield say.tell("start.no_target", own=report.own)


def _answer(report: Report, place: int, c: Competitor, cards: Sequence[Card], say: Speech) -> Card:
    return Card(
        c.name,
        list(_answered(report, c, cards, say)),
        say.tell(f"verdict.{c.verdict}"),
        tone=c.verdict,
        key=f"b{place}",
    )


def _answered(report: Report, c: Competitor, cards: Sequence[Card], say: Speech) -> Iterator[Block]:
    yield Text(sentences.answer(c, report, say), look="lead")
    if not c.portrait.enough:
        return
    marks = list(_marks(report, c, say))
    if marks:
        yield Marks(marks)
    yield Text(sentences.certainty(c, say), soft=True)
    ours = sentences.own_score(c, report, say)
    if ours:
        yield Text(ours, soft=True)
    yield Bars(say.tell("hurts.title"), [hurt_bar(h, say) for h in c.portrait.hurts[:_PAINS]])
    if not c.portrait.hurts:
        yield Text(say.tell("hurts.none", minimum=report.minimum), soft=True)
    for card in cards:
        if card.about == c.name:
            yield from card.blocks
    alarm = sentences.broken(c, say)
    if alarm:
        yield Text(alarm[0], key=alarm[1], look="call")


def _marks(report: Report, c: Competitor, say: Speech) -> Iterator[tuple[str, str, str | None]]:
    for place, segment in enumerate(s for s in report.segments if s.checks):
        if segment.name == c.segment:
            for position in segment.positions:
                check = segment.of(position, c.name)
                if check is not None:
                    yield check.verdict, subject(check, say), f"a{place}-{position}"


def subject(check: Check, say: Speech) -> str:
    """What an assumption is about, in a word or two."""
    return say.category(check.pain) if check.pain else say.attribute(str(check.attribute))


def _alone(report: Report, say: Speech) -> Card:
    about = report.ours if report.ours.enough else report.market
    blocks: list[Block] = [Text(sentences.hurt_most(about.hurts, report.minimum, say), look="lead")]
    if about.hurts:
        blocks.append(Bars("", [hurt_bar(h, say) for h in about.hurts[:_ALONE]]))
    phrases = [bar(text, cell.estimate, cell.evidence, say) for text, cell in sentences.who(about, say)]
    if phrases:
        blocks.append(Bars(say.tell("who.title"), phrases))
    return Card(f"{say.brand(about.brand)} — {say.crowd(about.people, report.minimum)}", blocks)


def _start(report: Report, say: Speech) -> Card:
    """Three places to begin with, chosen by what was found."""
    places = [Text(text, key=key) for text, key in _places(report, say)]
    return Card(say.tell("start.first"), [Items("", places[:3])])


def _places(report: Report, say: Speech) -> Iterator[tuple[str, str]]:
    sure = [c for c in report.competitors if c.verdict in ("close", "partly") and c.portrait.enough]
    order = [c for verdict in ("close", "partly") for c in sure if c.verdict == verdict]
    if order:
        place = report.competitors.index(order[0]) + 1
        key = "start.alike" if order[0].verdict == "close" else "start.partly"
        yield say.tell(key, brand=order[0].name, own=report.own), f"b{place}"
    grown = list(_grown(report, say))
    yield from grown
    if not order or not grown:
        yield from _promised(report, say)
    opening = next(iter(report.openings), None)
    if opening is not None:
        pages = say.count(pages_read(report))
        yield say.tell("start.opening", pain=say.category(opening.category), n=pages), "openings"
    else:
        yield say.tell("start.pains"), "pains"
    wrong = [c for s in report.segments for c in s.checks if c.brand == report.own and c.verdict == "contradicted"]
    if wrong:
        yield say.tell("start.wrong", n=len(wrong)), "assumptions"
    elif any(s.checks for s in report.segments):
        yield say.tell("start.assumptions"), "assumptions"
    yield say.tell("start.portraits"), "portraits"
    yield say.tell("start.limits"), "method"


def _grown(report: Report, say: Speech) -> Iterator[tuple[str, str]]:
    """The pain that grew most: since the report that was asked for, else the largest that rises beyond chance."""
    names = [report.own, *(c.name for c in report.competitors)]
    grew = [
        (m.now - (m.before or 0), m)
        for m in report.moved
        if m.attribute == "pain" and m.brand in names and m.before is not None and m.now > m.before
    ]
    if grew:
        most = max(grew, key=lambda one: one[0])[1]
        values = {"before": say.percent(most.before or 0), "now": say.percent(most.now)}
        yield say.tell("start.jumped", brand=most.brand, pain=say.category(most.value), **values), moving.KEY
        return
    portraits = [report.ours, *(c.portrait for c in report.competitors)]
    rising = [
        (h.estimate.share, p.brand, h)
        for p in portraits
        for h in p.hurts
        if h.rank is not None and h.trend is not None and h.trend.verdict in pain_trends.UP
    ]
    if rising:
        _, brand, hurt = max(rising, key=lambda one: one[0])
        yield say.tell("start.rising", brand=brand, pain=say.category(hurt.category)), hurt.evidence or "pains"


def _promised(report: Report, say: Speech) -> Iterator[tuple[str, str]]:
    """The promise not kept of which most people complain, of whichever competitor."""
    found = [(c, one) for c in report.competitors if (one := sentences.most_broken(c)) is not None]
    if found:
        competitor, one = max(found, key=lambda pair: (pair[1].near or 0, pair[1].people or 0))
        said = say.tell("start.promised", brand=competitor.name, promise=one.broken)
        yield said, one.evidence or f"b{report.competitors.index(competitor) + 1}"


def _unknown(report: Report, say: Speech) -> Card:
    """What these data do not say yet."""
    texts = list(_open(report, say))[:_MOST_UNKNOWN]
    return Card(say.tell("unknown.title"), [Items("", texts)])


def _open(report: Report, say: Speech) -> Iterator[Text]:
    unknown = [c.name for c in report.competitors if c.verdict == "not_enough"]
    if unknown:
        yield Text(say.tell("unknown.competitor", brand=say.join(unknown)))
    waiting = [_what(s, p, report, say) for s in report.segments for p in s.positions]
    names = list(dict.fromkeys(name for name in waiting if name))
    if names:
        yield Text(say.tell("unknown.assumptions", own=report.own, list=say.join(names)), key="assumptions")
    thin = _silent(report.ours if report.ours.enough else report.market, say)
    if thin:
        told = say.tell("unknown.attributes", list=say.join(thin))
        if report.ours.enough and report.competitors:
            told = say.tell("unknown.attributes_of", brand=report.own, list=say.join(thin))
        yield Text(told, key="portraits")
    unread = [s for s in report.sources if s.state in ("failed", "interrupted")]
    if unread:
        yield Text(say.tell("unknown.sources", n=len(unread)), key="method")
    yield Text(say.tell("unknown.silent"), key="method")


def _what(segment: Segment, position: int, report: Report, say: Speech) -> str | None:
    check = segment.of(position, report.own)
    return subject(check, say) if check is not None and check.verdict in ("undecided", "not_enough") else None


def _silent(portrait: Portrait, say: Speech) -> list[str]:
    """What most readers ask for and too few tell."""
    wanted = ("gender", "age", "location", "income", "occupation", "budget")
    return [say.attribute(a) for a in wanted if not ((trait := portrait.trait(a)) and trait.cells)]
