"""Over time: what has changed since the analysis before, and how pains, audiences, share of voice and prices have moved."""

from __future__ import annotations

from analysis.known_findings import known
from analysis.report.blocks import Block, Card, Cards, Section, Text
from analysis.report.sections import trends_changes, trends_drawn, trends_prices
from analysis.report.sections.trends_drawn import tell
from analysis.report.speech import Speech
from data.store import Store
from data.study import Study

ORDER = 70


def section(store: Store, study: Study, say: Speech) -> Section | None:
    """The section, or ``None`` where nobody has written anything yet."""
    last = known(store)
    if last is None or not last["counts"].get("posts"):
        return None
    drawn = trends_drawn.read(store, study.privacy.minimum_group)
    counted: list[Block] = [Text(text) for text in drawn.counted(say)]
    left_out = {name: last["counts"].get(name) for name in ("undated", "future")}
    counted += [Text(tell(say, name, n=say.count(n)), soft=True) for name, n in left_out.items() if n]
    changes, front = trends_changes.card(store, study, say)
    cards = Cards([changes, Card(tell(say, "moving"), counted)], narrow=True)
    pictures = [*drawn.pictures(study, say)]
    blocks = [cards, *trends_prices.pictures(store, say), *pictures]
    return Section("over-time", tell(say, "title"), tell(say, "lead"), blocks, front=[front])
