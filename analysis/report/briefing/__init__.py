"""The briefing: the report's model and the sections of the findings put together, in the order in which they are best read.

One page that answers the question, the competitors one by one, pains across the market, portraits, who needs and can pay,
assumptions with their history, the kinds of evidence side by side, what has changed, method and limits. Everything is blocks,
so that every rendering tells the same; the evidence itself (``report.evidence``) is the renderings' own.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import moving
from analysis.report.blocks import Section
from analysis.report.briefing.assumptions import assumptions
from analysis.report.briefing.competitors import competitors
from analysis.report.briefing.front import front
from analysis.report.briefing.method import method
from analysis.report.briefing.pains import pains
from analysis.report.briefing.portraits import portraits
from analysis.report.model import Report
from analysis.report.speech import Speech

#: Sections of their own that stand before the assumptions; the others follow these.
_BEFORE_ASSUMPTIONS = ("need-and-ability",)


def compose(report: Report, sections: Sequence[Section], say: Speech) -> tuple[Section, ...]:
    """Every part but the evidence, the method last. ``sections`` are in the language of ``say`` already."""
    inside = {
        part: [s for s in sections if s.within == part] for part in ("competitors", "pains", "portraits", "assumptions")
    }
    alone = [s for s in sections if s.within not in inside]
    every = (
        front(report, sections, say),
        *(s for s in alone if s.key == moving.KEY),
        *([competitors(report, inside["competitors"], say)] if report.competitors else []),
        pains(report, inside["pains"], say),
        portraits(report, inside["portraits"], say),
        *(s for s in alone if s.key in _BEFORE_ASSUMPTIONS),
        assumptions(report, inside["assumptions"], say),
        *(s for s in alone if s.key not in (*_BEFORE_ASSUMPTIONS, moving.KEY)),
        method(report, say),
    )
    return moving.marked(report, every, say)
