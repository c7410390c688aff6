"""Pains across the market: how many tell of each at each brand, how it went, and what nobody promises to solve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.report import pain_trends, sentences
from analysis.report.blocks import Bars, Block, Cell, Columns, Fold, Items, Section, Table, Text
from analysis.report.briefing.drawn import bar, trend_line, went
from analysis.report.build import OPENING_FROM
from analysis.report.context import categories, pains_missed
from analysis.report.model import Hurt, Portrait, Report
from analysis.report.speech import Speech

_SHOWN = 9


def pains(report: Report, within: Sequence[Section], say: Speech) -> Section:
    """The heat map with a trend line a pain, openings, and the ranking behind a fold."""
    blocks = list(_blocks(report, say))
    blocks += [block for section in within for block in section.blocks]
    return Section("pains", say.tell("sections.pains"), say.tell("lead.pains"), blocks)


def _blocks(report: Report, say: Speech) -> Iterator[Block]:
    ranked = [report.ours, *(c.portrait for c in report.competitors), report.market]
    shown = categories(ranked)
    if not report.competitors and report.ours.people == report.market.people:
        ranked = [report.ours]  # the market is nobody else
    if not shown:
        yield Text(say.tell("pains.empty", minimum=report.minimum))
        return
    yield _moving(report, say)
    yield _heat(report, ranked, shown, say)
    if missed := pains_missed(report, say):
        yield Text(missed, soft=True)
    openings = list(_openings(report, say))
    if openings:
        yield Columns([[block] for block in openings])
    unread = [c.name for c in report.competitors if not c.pages.count]
    if unread:
        name = "unread" if len(unread) < len(report.competitors) else "nothing_read"
        yield Text(say.tell(f"openings.{name}", list=say.join(unread)), soft=True)
    yield Fold(say.tell("pains.ranking_fold"), [_ranking(report, say)])


def _moving(report: Report, say: Speech) -> Text | Items:
    """Which pains rise or fall beyond chance, across the market and at each brand."""
    trends = {(p.brand, h.category): h.trend for p in report.portraits for h in p.hurts if h.trend is not None}
    texts = [Text(text) for text in pain_trends.sentences(trends, say)]
    return Items("", texts) if len(texts) > 1 else texts[0]


def _heat(report: Report, ranked: Sequence[Portrait], shown: Sequence[str], say: Speech) -> Table:
    columns = [say.tell("pains.category")]
    columns += [f"{say.brand(p.brand)} ({say.size(p.people)})" for p in ranked]
    market = {h.category: h for h in report.market.hurts}
    lines = {category: trend_line(market[category], say) if category in market else None for category in shown}
    if any(lines.values()):
        columns.append(say.tell("pains.trend"))
    rows: list[list[Cell | str]] = []
    for category in shown:
        row: list[Cell | str] = [say.category(category), *(_field(p, category, report, say) for p in ranked)]
        if any(lines.values()):
            line = lines[category]
            row.append(Cell(went(market[category], say) if category in market else "", line=line))
        rows.append(row)
    note = _note(report, say, lines=any(lines.values()))
    return Table(say.tell("pains.table"), columns, rows, note=note, shown=_SHOWN, look="heat")


def _note(report: Report, say: Speech, *, lines: bool) -> str:
    """How the table is read, of what is in it: lines only where there are some; and what its marks are held against, beside an
    earlier report."""
    keys = [*(["note_lines"] if lines else []), "note", *(["note_moved"] if _moved(report) else [])]
    return " ".join(say.tell(f"pains.{key}") for key in keys)


def _moved(report: Report) -> bool:
    return any(m.attribute == "pain" for m in report.moved)


def _field(portrait: Portrait, category: str, report: Report, say: Speech) -> Cell:
    hurt = portrait.hurt(category)
    if hurt is None:
        if portrait.people == 0:
            return Cell(say.tell("people.nobody"))
        silent = category in portrait.unheard
        return Cell(say.percent(0) if silent else say.tell("fewer_than", n=report.minimum))
    e = hurt.estimate
    note = f"({say.tell('n_is', n=say.count(e.n))})" if e.at_least else f"({say.count(e.count)}/{say.count(e.n)})"
    text = say.told(e)
    if hurt.trend is not None and hurt.trend.verdict in pain_trends.MOVED:
        note = f"{note} {went(hurt, say)[0]}"
    return Cell(text, e.share, hurt.evidence, note)


def pages_read(report: Report) -> int:
    """How many pages of competitors were read: what is said of their promises rests on these alone."""
    return sum(c.pages.count for c in report.competitors)


def _openings(report: Report, say: Speech) -> Iterator[Bars]:
    n = say.count(pages_read(report))
    for found, name, lead in (
        (report.openings, "openings", say.tell("openings.lead", least=say.percent(OPENING_FROM), n=n)),
        (report.weaknesses, "weaknesses", say.tell("weaknesses.lead", own=report.own, n=n)),
    ):
        if found:
            rows = [bar(say.category(o.category), o.estimate, o.evidence, say, "warn") for o in found]
            yield Bars(say.tell(f"{name}.title", own=report.own), rows, note=lead, anchor=name)


def _ranking(report: Report, say: Speech) -> Table:
    names = ("rank", "category", "severity", "kinds", "seen")
    columns = [say.tell(f"pains.{name}") for name in names]
    columns.insert(2, say.tell("pains.share", n=say.count(report.market.people or 0)))
    rows = [_ranked(h, say) for h in report.market.hurts]
    return Table(say.tell("pains.ranking"), columns, rows, shown=40)


def _ranked(h: Hurt, say: Speech) -> list[Cell | str]:
    rank = "–" if h.rank is None else say.count(h.rank)
    between = say.tell("pains.rank_range", low=h.rank_low, high=h.rank_high) if h.rank_low != h.rank_high else None
    e = h.estimate
    return [
        Cell(rank, note=between),
        Cell(say.category(h.category)),
        Cell(say.told(e), e.share, h.evidence, say.stands_on(e)),
        Cell(say.tell("pains.severity_of", n=say.number(h.severity, 1)), h.severity),
        sentences.kinds(h, say),
        say.tell("pains.seen_range", first=say.date(h.seen.first), last=say.date(h.seen.last)),
    ]
