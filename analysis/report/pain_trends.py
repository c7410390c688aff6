"""How often each pain was told, period by period, as the last analysis wrote it down, and in words which of them rise and fall."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from analysis import series, trending
from analysis.periods import MONTHS
from analysis.report import withholding
from analysis.report.hiding import too_few
from analysis.report.model import Told, Trend
from analysis.report.speech import Speech
from data.store import Store
from data.study import MARKET
from data.words import tell_in

#: A level that changed at once, which no line through the periods tells.
JUMP_UP, JUMP_DOWN = "jump_up", "jump_down"
MOVED = (trending.RISES, JUMP_UP, trending.FALLS, JUMP_DOWN)
UP = (trending.RISES, JUMP_UP)
_MOST = 8
Trends = Mapping[tuple[str, str], Trend]


def verdict(row: Mapping[str, Any]) -> str:
    """What a row of ``trends`` comes to: its verdict, or the newest jump where no slope is found."""
    jumps = json.loads(row["jumps"])
    if row["verdict"] in (trending.RISES, trending.FALLS) or not jumps:
        return str(row["verdict"])
    return JUMP_UP if jumps[-1]["up"] else JUMP_DOWN


def read(store: Store, minimum: int) -> dict[tuple[str, str], Trend]:
    """The trend of each (brand, category) that people enough tell of: its verdict, and the whole periods that may be told.

    Of the market's pains from which a brand's small group would follow the verdict alone is told.
    """
    bound = withholding.read(store, minimum)
    people = {
        (r["brand"], r["category"]): r["authors"]
        for r in store.query("select brand, category, authors from pain_shares")
    }
    periods: dict[tuple[str, str], list[Told]] = {}
    silent: set[tuple[str, str]] = set()
    steps: dict[tuple[str, str], str] = {}
    for row in store.query("select * from series where subject = ? order by period", (series.PAIN,)):
        key = (row["brand"], row["value"])
        steps[key] = row["step"]
        if row["share"] is None or not row["whole"]:
            silent.add(key)  # the next point does not follow on the one before
            continue
        when = row["period"][:7] if row["step"] in MONTHS else row["period"]
        told = periods.setdefault(key, [])
        told.append(Told(when, row["share"], row["low"], row["high"], row["n"], bool(told) and key in silent))
        silent.discard(key)
    found = {}
    for row in store.query(
        "select * from trends where subject = ? order by authors desc, brand, value", (series.PAIN,)
    ):
        key = (row["brand"], row["value"])
        hidden = row["brand"] == MARKET and bound.covers(series.PAIN, row["value"])
        if not too_few(people.get(key, 0), minimum):
            told = [] if hidden else periods.get(key, [])
            judged = verdict(row)
            since = json.loads(row["jumps"])[-1]["period"] if judged in (JUMP_UP, JUMP_DOWN) else None
            since = since[:7] if since and row["step"] in MONTHS else since
            found[key] = Trend(judged, tuple(told), steps.get(key) or str(row["step"]), since)
    return found


def sentences(trends: Trends, say: Speech) -> list[str]:
    """Which pains rise and which fall beyond chance, each with what may be told of it; that none does only where that was tested."""
    moved = sorted(
        ((key, trend) for key, trend in trends.items() if trend.verdict in MOVED),
        key=lambda one: MOVED.index(one[1].verdict),
    )
    if not moved:
        tested = any(trend.verdict != trending.SHORT for trend in trends.values())
        return [tell_in(say.lang, f"trends.pains.{'still' if tested else 'untested'}")]
    texts = [_sentence(*key, trend, say) for key, trend in moved[:_MOST]]
    if len(moved) > _MOST:
        texts.append(tell_in(say.lang, "trends.pains.more", n=say.count(len(moved) - _MOST)))
    return texts


def _sentence(brand: str, category: str, trend: Trend, say: Speech) -> str:
    """A pain that moved, with its newest period that may be told, and the oldest where the two show which way it went."""
    names = {"pain": say.category(category), "brand": say.brand(brand)}
    figures, told, up = "", trend.periods, trend.verdict in UP
    if told:
        first, last = told[0], told[-1]
        values = {"now": _people(last, trend.step, say), "then": _people(first, trend.step, say)}
        if last.share > first.share if up else last.share < first.share:
            figures = tell_in(say.lang, "trends.pains.against", **values)
        elif up:  # of when few told it nothing may be said
            figures = tell_in(say.lang, "trends.pains.now", **values)
    since = ""
    if trend.since:
        key = "since_month" if len(trend.since) == len("2026-11") else "since"
        since = tell_in(say.lang, f"trends.pains.{key}", when=say.date(trend.since))
    return tell_in(say.lang, f"trends.pains.{trend.verdict}", **names, figures=figures, since=since)


def _people(period: Told, step: str, say: Speech) -> str:
    when = tell_in(say.lang, f"trends.period.{step}", when=say.date(period.when))
    count, n = say.count(round(period.share * period.n)), say.count(period.n)
    return tell_in(say.lang, "trends.pains.people", when=when, count=count, n=n)
