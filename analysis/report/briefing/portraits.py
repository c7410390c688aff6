"""Portraits: what each audience tells of itself, a card each, to be cut out; personas and segments with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.report import sentences
from analysis.report.blocks import Bars, Block, Card, Cards, Fold, Section, Text
from analysis.report.briefing.drawn import bar, heading
from analysis.report.context import portrait_anchor
from analysis.report.model import Portrait, Report, Trait
from analysis.report.speech import Speech
from data.codebook import ATTRIBUTES, SENSITIVE
from data.study import MARKET

_TRAITS, _VALUES = 3, 3
#: What most readers look for first.
_FIRST = ("gender", "age", "location", "price_sensitivity", "income", "occupation", "child_age", "value", "channel")


def portraits(report: Report, within: Sequence[Section], say: Speech) -> Section:
    """A card an audience, ours first; then what sections tell of segments and personas."""
    shown = [report.ours, *(c.portrait for c in report.competitors), report.market]
    cards = [
        _card(report, p, portrait_anchor(place) if p.brand != MARKET else f"p-{MARKET}", say)
        for place, p in enumerate(shown)
    ]
    blocks: list[Block] = [Cards(cards, narrow=True, cut=True)]
    for section in within:
        blocks += [heading(section.title), Text(section.lead, soft=True), *section.blocks]
    return Section("portraits", say.tell("sections.portraits"), say.tell("lead.portraits"), blocks)


def _card(report: Report, p: Portrait, anchor: str, say: Speech) -> Card:
    name = say.brand(p.brand)
    return Card(f"{name[:1].upper()}{name[1:]}", list(_blocks(report, p, say)), anchor=anchor)


def _blocks(report: Report, p: Portrait, say: Speech) -> Iterator[Block]:
    people = say.crowd(p.people, report.minimum)
    key = "portrait.market" if p.brand == MARKET else "portrait.people"
    text = say.tell(key, people=people, brand=p.brand)
    if p.traits:
        seen = {"posts": say.count(p.posts), "sources": say.count(p.sources)}
        text += f" · {say.tell('portrait.sources', first=say.date(p.first_seen), last=say.date(p.last_seen), **seen)}"
    yield Text(text, soft=True)
    told = sorted((t for t in p.traits if t.cells), key=_order)
    if not told:
        yield Text(say.tell("portrait.empty"), soft=True)
    yield from (_trait(t, report.minimum, say) for t in told[:_TRAITS])
    left = told[_TRAITS:]
    hidden = [t for t in p.traits if not t.cells]
    missing = sentences.gaps(p, [a for a in ATTRIBUTES if a not in SENSITIVE], say)
    more: list[Block] = [_trait(t, report.minimum, say) for t in left]
    if hidden:
        more.append(Text(say.tell("portrait.thin", list=say.names(hidden)), soft=True))
    if missing and p.traits:
        more.append(Text(missing, soft=True))
    if left:
        yield Fold(say.tell("portrait.more", list=say.names(left)), more)
    else:
        yield from more


def _order(trait: Trait) -> tuple[int, int]:
    place = _FIRST.index(trait.attribute) if trait.attribute in _FIRST else len(_FIRST)
    return place, -trait.told


def _trait(t: Trait, minimum: int, say: Speech) -> Bars:
    name = say.attribute(t.attribute)
    rows = [bar(say.value(t.attribute, cell.value), cell.estimate, cell.evidence, say) for cell in t.cells]
    return Bars(
        f"{name[:1].upper()}{name[1:]}", rows, note=sentences.silence(t, minimum, say), shown=_VALUES, name=t.attribute
    )
