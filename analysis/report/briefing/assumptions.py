"""Assumptions with their history: what every audience and every kind of evidence says of each, in one place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analysis.report import sentences
from analysis.report.blocks import Bar, Bars, Block, Card, Cards, Cell, Columns, Fold, Lines, Section, Table, Text
from analysis.report.context import pains_read
from analysis.report.model import Check, Report, Segment
from analysis.report.speech import Speech
from data.study import MARKET


def assumptions(report: Report, within: Sequence[Section], say: Speech) -> Section:
    """A table of verdicts, then each assumption: open where its verdict has a history to show, else behind its title.

    A card that a section has of an assumption stands with what the audiences say of it.
    """
    cards = [card for section in within for block in section.blocks for card in _cards(block)]
    blocks = list(_blocks(report, cards, say)) or [Text(say.tell("assume.none"))]
    lead = say.tell("lead.assumptions") if any(s.checks for s in report.segments) else ""
    return Section("assumptions", say.tell("sections.assumptions"), lead, blocks)


def _cards(block: Block) -> list[Card]:
    if isinstance(block, Cards):
        return list(block.cards)
    return [card for inner in block.blocks for card in _cards(inner)] if isinstance(block, Fold) else []


def _blocks(report: Report, cards: Sequence[Card], say: Speech) -> Iterator[Block]:
    segments = [s for s in report.segments if s.checks]
    by_name: dict[str | None, Card] = {card.about: card for card in cards if card.about is not None}
    whole: list[tuple[Card, Card | None]] = []
    for place, segment in enumerate(segments):
        yield _matrix(report, place, segment, by_name, say)
        for position in segment.positions:
            mine = [c for c in segment.checks if c.position == position]
            told = by_name.get(mine[0].name)
            whole.append((_card(report, place, position, mine, told, say, named=len(segments) > 1), told))
    moved = [card for card, told in whole if told is not None and _has_history(told)]
    still = [card for card, _ in whole if card not in moved]
    left = [card for card in cards if all(card is not told for _, told in whole)]
    if moved:
        yield Cards(moved)
    if still or left:
        yield Cards([*still, *left], closed=True)


def _has_history(card: Card) -> bool:
    """Whether an assumption's verdict was drawn over time, or changed."""
    return any(isinstance(block, Lines) for block in card.blocks)


def _audiences(report: Report) -> list[str]:
    return [report.own, *(c.name for c in report.competitors), MARKET]


def _matrix(report: Report, place: int, segment: Segment, told: Mapping[str | None, Card], say: Speech) -> Table:
    """A row an assumption, a column an audience; the last says what all kinds of evidence come to, of our own customers."""
    audiences = _audiences(report)
    rows: list[list[Cell | str]] = []
    for position in segment.positions:
        mine = {c.brand: c for c in segment.checks if c.position == position}
        name = say.assumption(next(iter(mine.values())))
        row: list[Cell | str] = [Cell(name[:1].upper() + name[1:], key=f"a{place}-{position}")]
        row += [_field(mine[b], report, say) if b in mine else "" for b in audiences]
        if told:
            card = told.get(next(iter(mine.values())).name)
            row.append(Cell(card.tag, key=f"a{place}-{position}") if card is not None and card.tag else "–")
        rows.append(row)
    title = say.tell("assume.segment", name=segment.name)
    if segment.share_of_revenue is not None:
        title += f" ({say.tell('assume.revenue', share=say.percent(segment.share_of_revenue))})"
    kinds = ("supported", "contradicted", "undecided", "not_enough")
    note = " · ".join(f"{say.tell(f'{kind}.mark')} {say.tell(f'{kind}.name')}" for kind in kinds)
    columns = [say.tell("assume.statement"), *(say.brand(b) for b in audiences)]
    if told:
        columns.append(say.tell("assume.together"))
    return Table(title, columns, rows, note=note, shown=40, look="matrix")


def _field(check: Check, report: Report, say: Speech) -> Cell:
    text = sentences.result(check, report.minimum, say)
    number = check.value if check.value is not None and not check.top else None
    key, note = check.met or check.unmet, sentences.bounds(check, say) or None
    return Cell(text, number, key, note, mark=check.verdict)


def _card(
    report: Report, place: int, position: int, checks: Sequence[Check], told: Card | None, say: Speech, *, named: bool
) -> Card:
    """One assumption: its verdict in each audience, then what the register has of it."""
    audiences = _audiences(report)
    ordered = sorted(checks, key=lambda c: audiences.index(c.brand) if c.brand in audiences else len(audiences))
    name = say.assumption(checks[0])
    title = name[:1].upper() + name[1:]
    limits = [limit for limit in (checks[0].at_least, checks[0].at_most) if limit is not None]
    bars = Bars(say.tell("assume.audiences"), [_bar(c, report, say) for c in ordered], limits=limits)
    if limits and any(c.value is not None for c in checks):
        bars = Bars(bars.title, bars.rows, limits=limits, note=say.tell("assume.threshold_note"))
    blocks = [block for block in told.blocks if not isinstance(block, Fold)] if told else []
    folded = [block for fold in (told.blocks if told else ()) if isinstance(fold, Fold) for block in fold.blocks]
    tables = [block for block in blocks if isinstance(block, Table)][:1]
    beside = [block for block in blocks if isinstance(block, Text)]
    rest = [block for block in blocks if block not in tables and block not in beside]
    shown: list[Block] = [Columns([beside, tables], aside=True)] if beside and tables else [*beside, *tables]
    caution = pains_read(report, say) if checks[0].pain else None
    if caution:
        shown.append(Text(caution, soft=True))
    shown += [*rest, Fold(say.tell("assume.closer"), [bars, *folded])]
    return Card(
        f"{checks[0].segment}: {title}" if named else title,
        shown,
        told.tag if told else None,
        f"a{place}-{position}",
    )


def _bar(check: Check, report: Report, say: Speech) -> Bar:
    name, text = say.brand(check.brand), sentences.result(check, report.minimum, say)
    name = name[:1].upper() + name[1:]
    more: list[tuple[str, str | None]] = []
    if check.met:
        more.append((say.tell("assume.met"), check.met))
    if check.unmet:
        more.append((say.tell("assume.unmet"), check.unmet))
    if check.ahead:
        more.append((say.tell("assume.ahead"), None))
        more += [(say.category(pain), key) for pain, key in check.ahead[:3]]
    needed = sentences.needed(check, say)
    if needed:
        more.insert(0, (needed, None))
    hidden = sentences.why_hidden(check, report.minimum, say)
    if hidden and not more:
        more.append((hidden, None))
    drawn = check.value is not None and not check.top and check.low is not None and check.high is not None
    tone = {"supported": "", "contradicted": "warn"}.get(check.verdict, "muted")
    return Bar(
        name,
        check.value if drawn else None,
        check.low or 0.0,
        check.high or 0.0,
        text,
        sentences.bounds(check, say),
        check.met or check.unmet,
        tone,
        mark=check.verdict,
        more=more,
    )
