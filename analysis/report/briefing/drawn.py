"""Bars and lines of the model's numbers: what several parts of the briefing draw alike."""

from __future__ import annotations

from collections.abc import Sequence

from analysis import trending
from analysis.report import pain_trends
from analysis.report.blocks import Bar, Block, Line, Moment, Text
from analysis.report.model import Estimate, Hurt, Trend
from analysis.report.speech import Speech
from data.words import tell_in

#: With fewer periods a series is no line.
_FEWEST = 3


def bar(label: str, e: Estimate, key: str | None, say: Speech, tone: str = "") -> Bar:
    """A share of people as a bar."""
    return Bar(label, e.share, e.low, e.high, say.told(e), say.stands_on(e), key, tone)


def hurt_bar(hurt: Hurt, say: Speech) -> Bar:
    """A pain's share, with its rank where it has one, and how it went."""
    name, e, line = say.category(hurt.category), hurt.estimate, trend_line(hurt, say)
    stands_on = say.stands_on(e)
    if line is None and hurt.trend is not None and hurt.trend.verdict in pain_trends.MOVED:
        stands_on += f" {went(hurt, say)[0]}"  # the mark alone, where no line can be drawn
    return Bar(name, e.share, e.low, e.high, say.told(e), stands_on, hurt.evidence, "warn", line=line)


def trend_line(hurt: Hurt, say: Speech) -> Line | None:
    """How often a pain was told over time; ``None`` where too few periods may be told, or where those that may would show the contrary
    of what all of them say. Its note says where it goes."""
    if hurt.trend is None or len(hurt.trend.periods) < _FEWEST or _misleads(hurt.trend):
        return None
    moments = [
        Moment(p.when, p.share, p.low, p.high, say.percent(p.share), say.tell("n_is", n=say.count(p.n)), apart=p.apart)
        for p in hurt.trend.periods
    ]
    moved = hurt.trend.verdict in pain_trends.MOVED
    return Line(say.category(hurt.category), moments, note=went(hurt, say) if moved else None)


def _misleads(trend: Trend) -> bool:
    first, last = trend.periods[0].share, trend.periods[-1].share
    return trend.verdict in pain_trends.MOVED and (last <= first if trend.verdict in pain_trends.UP else last >= first)


def went(hurt: Hurt, say: Speech) -> str:
    """Where a pain goes, in a word or two."""
    verdict = hurt.trend.verdict if hurt.trend else trending.SHORT
    return tell_in(say.lang, f"trends.went.{verdict}")


def heading(text: str) -> Text:
    """A heading inside a card."""
    return Text(text, look="heading")


def block_list(*blocks: Block | None) -> list[Block]:
    """The blocks that there are."""
    return [block for block in blocks if block is not None]


def sentences(texts: Sequence[str], *, soft: bool = False) -> list[Text]:
    """Each as a paragraph; empty ones are left out."""
    return [Text(text, soft=soft) for text in texts if text]
