"""The competitors one by one: claimed and actual, who speaks of them, what hurts, how they differ, what to learn and avoid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.report import sentences
from analysis.report.blocks import Bar, Bars, Block, Card, Cards, Cell, Columns, Fold, Items, Section, Table, Text
from analysis.report.briefing.drawn import bar, heading, hurt_bar
from analysis.report.evidence import safe_url
from analysis.report.model import Competitor, Difference, Estimate, Portrait, Promised, Report
from analysis.report.speech import Speech
from data.page_changes import per_unit
from data.study import MARKET

_PAINS, _TRAITS, _DIFFERENCES = 6, 9, 10


def competitors(report: Report, within: Sequence[Section], say: Speech) -> Section:
    """An article a competitor; what sections tell of no single one follows."""
    cards = [
        Card(
            c.name,
            list(_article(report, place, c, within, say)),
            say.tell(f"verdict.{c.verdict}"),
            f"b{place}",
            tone=c.verdict,
        )
        for place, c in enumerate(report.competitors, 1)
    ]
    notes: list[str] = []
    cards = [replace(card, blocks=[_without_note(block, notes) for block in card.blocks]) for card in cards]
    rest = [card for section in within if (card := _rest(section, report, say)) is not None]
    if notes:
        read = Fold(say.tell("competitors.reading"), [Items("", [Text(note) for note in dict.fromkeys(notes)])])
        rest = [*rest[:-1], replace(rest[-1], blocks=[*rest[-1].blocks, read])] if rest else rest
    blocks: list[Block] = [Cards([*cards, *rest])]
    if notes and not rest:
        blocks.append(read)
    return Section("competitors", say.tell("sections.competitors"), say.tell("lead.competitors"), blocks)


def _without_note(block: Block, notes: list[str]) -> Block:
    """A block whose tables leave their rules to one place, for every article has the same; ``notes`` collects them."""
    if isinstance(block, Table) and block.note:
        notes.append(block.note)
        return replace(block, note=None)
    if isinstance(block, Columns):
        return replace(block, parts=[[_without_note(inner, notes) for inner in part] for part in block.parts])
    if isinstance(block, Fold):
        return replace(block, blocks=[_without_note(inner, notes) for inner in block.blocks])
    return block


def _article(report: Report, place: int, c: Competitor, within: Sequence[Section], say: Speech) -> Iterator[Block]:
    yield Text(sentences.answer(c, report, say), look="lead")
    if fit := sentences.fit(c, say):
        yield Text(fit, soft=True)
    if c.portrait.enough:
        yield Columns([[_who(report, place, c, say)], [_hurts(report, c, say)]])
    told = {s.key: [b for card in _cards(s) if card.about == c.name for b in card.blocks] for s in within}
    for section in within:
        mine = told[section.key]
        if mine:
            yield heading(section.title)
            yield from mine
    yield from _pages(c, report.minimum, say, promises=not told.get("claimed"))
    if c.portrait.enough:
        yield from _differences(report, c, say, shown=not told.get("compared"))


def _cards(section: Section) -> list[Card]:
    return [card for block in section.blocks if isinstance(block, Cards) for card in block.cards]


def _rest(section: Section, report: Report, say: Speech) -> Card | None:
    """What a section tells of no competitor alone."""
    names = {c.name for c in report.competitors}
    blocks: list[Block] = []
    for block in section.blocks:
        if isinstance(block, Cards):
            left = [card for card in block.cards if card.about not in names]
            blocks += [Fold(card.title, card.blocks) for card in left if card.about == MARKET]
            others = [card for card in left if card.about != MARKET]
            blocks += [replace(block, cards=others)] if others else []
        else:
            blocks.append(block)
    return Card(say.tell("competitors.together"), blocks) if blocks else None


def _who(report: Report, place: int, c: Competitor, say: Speech) -> Bars:
    """What their people tell most of themselves, beside the same share of ours."""
    rows = []
    for text, cell in sentences.who(c.portrait, say)[:_TRAITS]:
        mine = _same(report.ours, cell.attribute, cell.value)
        row = bar(text[:1].upper() + text[1:], cell.estimate, cell.evidence, say)
        rows.append(replace(row, beside=bar(report.own, mine[0], mine[1], say)) if mine else row)
    size = say.people(c.portrait.people or 0)
    note = say.tell("who.beside", brand=c.name, own=report.own) if any(r.beside for r in rows) else None
    if not rows:
        note = say.tell("who.nothing")
    title = say.tell("who.of", people=size, brand=c.name)
    return Bars(title, rows, note=note, name=say.tell("who.title"), alone=title)


def _same(portrait: Portrait, attribute: str, value: str) -> tuple[Estimate, str | None] | None:
    trait = portrait.trait(attribute)
    found = next((cell for cell in trait.cells if cell.value == value), None) if trait else None
    return (found.estimate, found.evidence) if found else None


def _hurts(report: Report, c: Competitor, say: Speech) -> Bars | Text:
    if not c.portrait.hurts:
        return Text(say.tell("hurts.none", minimum=report.minimum), soft=True)
    note = sentences.hurt_most(c.portrait.hurts, report.minimum, say)
    return Bars(say.tell("hurts.title"), [hurt_bar(h, say) for h in c.portrait.hurts], note=note, shown=_PAINS)


def _pages(c: Competitor, minimum: int, say: Speech, *, promises: bool) -> Iterator[Block]:
    """What their pages say in their own words."""
    pages = c.pages
    if not pages.count:
        yield Text(say.tell("claims.none", brand=c.name), soft=True)
        return
    if promises:
        yield (
            _promises(pages.promises, minimum, say)
            if pages.promises
            else Text(say.tell("claims.no_promise"), soft=True)
        )
    said = [Text(say.tell("claims.pages", n=say.count(pages.count), date=say.date(pages.newest)), soft=True)]
    blocks: list[Block] = [*said]
    if pages.audiences:
        blocks.append(Items(say.tell("claims.for"), [Text(f"“{text}”") for text in pages.audiences]))
    else:
        blocks.append(Text(say.tell("claims.no_audience"), soft=True))
    if pages.offers:
        blocks.append(_offers(c, say))
    else:
        blocks.append(Text(say.tell("claims.no_offer"), soft=True))
    wordings = {text: url for p in pages.promises for text, url in p.texts}
    if wordings:
        said_so = [Text(f"“{text}”", url=safe_url(url)) for text, url in wordings.items()]
        blocks.append(Items(say.tell("claims.promises"), said_so))
    if pages.proofs:
        blocks.append(Items(say.tell("claims.proofs"), [Text(f"“{text}”") for text in pages.proofs]))
    yield Fold(say.tell("claims.fold", brand=c.name), blocks)


def _offers(c: Competitor, say: Speech) -> Table:
    rows: list[list[Cell | str]] = []
    for o in c.pages.offers:
        shown = say.money(o.price, o.currency) if o.price is not None else o.price_text or say.tell("claims.deal")
        text = per_unit(shown, o.per, say.lang)
        was = say.tell("claims.was", price=say.money(o.was, o.currency)) if o.was is not None else None
        rows.append([Cell(o.name or o.price_text, url=safe_url(o.url)), Cell(text, o.price, note=was)])
    return Table(say.tell("claims.offers"), [say.tell("claims.offer"), say.tell("claims.price")], rows, shown=6)


def _promises(promises: Sequence[Promised], minimum: int, say: Speech) -> Table:
    rows: list[list[Cell | str]] = []
    for p in promises:
        heard = [(sentences.heard(one, minimum, say), one.evidence) for one in p.heard]
        said = ", ".join(f"“{text}”" for text, _ in p.texts)
        rows.append([said, Cell(heard[0][0], key=heard[0][1], more=heard[1:])])
    names = [say.tell("promise.promised"), say.tell("promise.heard")]
    return Table(say.tell("promise.title"), names, rows, note=say.tell("promise.lead"))


def _differences(report: Report, c: Competitor, say: Speech, *, shown: bool) -> Iterator[Block]:
    """The differences from our own audience, unless a section tells them; which attributes are alike, and which unknown."""
    real = [d for d in c.differences if d.verdict == "different"]
    if shown:
        if not (c.apart or c.differences):
            yield Text(say.tell("differ.nothing"), soft=True)
        elif not real:
            yield Text(say.tell("differ.none"))
        else:
            rows = [_difference(d, c, report, say) for d in real[:_DIFFERENCES]]
            note = say.tell("differ.lead", brand=c.name, own=report.own)
            yield Bars(say.tell("differ.title", own=report.own), rows, signed=True, note=note)
    same = {kind: [a for a in c.apart if a.verdict == kind] for kind in ("alike", "unknown")}
    texts = [say.tell(f"differ.{kind}", list=say.names(found)) for kind, found in same.items() if found]
    if texts:
        yield Text(" ".join(texts), soft=True)


def _difference(d: Difference, c: Competitor, report: Report, say: Speech) -> Bar:
    label = say.chip(d.attribute, d.value)
    if d.estimate is None or d.low is None or d.high is None:
        return Bar(label, None, 0, 0, sentences.sides(d, c.name, report, say), "", d.evidence)
    n = say.tell("n_is", n=f"{say.count(d.n)}/{say.count(d.n_own)}")
    told = f"({say.between(d.low, d.high)}) · {n}"
    return Bar(label, d.estimate, d.low, d.high, say.points(d.estimate), told, d.evidence, "strong")
