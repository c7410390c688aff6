"""Over time: series of what people tell, which of them rise or fall or jump beyond chance, what may come, and the figures of each
analysis, kept. Methods and limits: ``docs/explanation/trends.md``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from analysis import forecasting, kept, offer_prices, periods, series, trending
from analysis.facts import Facts
from analysis.forecasting import Forecast
from analysis.periods import Calendar
from analysis.report.hiding import too_few
from analysis.series import Series
from analysis.trending import Trend

#: So many series get a forecast: those that rise or fall or jump first, then those that most people tell.
MOST_FORECASTS = 24


def find(facts: Facts) -> None:
    """Write ``series``, ``trends`` and ``offer_prices``, and add what is new to ``kept_figures``."""
    people, minimum = facts.people, facts.minimum
    posts = people.posts
    calendar = periods.calendar(
        posts["at"].to_numpy(dtype=np.int64), posts["author"].to_numpy(dtype=np.int64),
        facts.study.timezone, int(datetime.fromisoformat(facts.checked_at).timestamp()), minimum,
    )  # fmt: skip
    every = series.every(people, calendar)
    facts.store.replace_rows("series", series.rows(every, calendar, minimum))
    facts.store.replace_rows("trends", rows(every, calendar, minimum))
    facts.store.replace_rows("offer_prices", offer_prices.rows(facts.store))
    kept.keep(facts.store, facts.run, facts.checked_at, kept.figures(facts.store, minimum))
    facts.counts |= {"undated": calendar.undated, "future": calendar.future}


def rows(every: Sequence[Series], calendar: Calendar, minimum: int) -> Iterator[dict[str, Any]]:
    """Rows of ``trends``, one a series."""
    found = trending.trends(every, calendar.whole, minimum)
    order = sorted(range(len(every)), key=lambda i: (_steady(found[i]), -every[i].count.sum(), i))
    chosen = [i for i in order if found[i].p is not None and _forecastable(every[i])][:MOST_FORECASTS]
    ahead = {i: forecasting.forecast(every[i], calendar.whole, minimum) for i in chosen}
    for place, (one, trend) in enumerate(zip(every, found, strict=True)):
        yield _row(one, trend, ahead.get(place, Forecast(forecasting.NOT_TRIED)), calendar, minimum)


def _steady(trend: Trend) -> bool:
    return trend.verdict not in (trending.RISES, trending.FALLS) and not trend.jumps


def _forecastable(one: Series) -> bool:
    """Pains and share of voice are what plans are made for."""
    return one.subject != series.AUDIENCE


def _share(count: float, n: float, minimum: int) -> float | None:
    return None if too_few(count, minimum) or too_few(n - count, minimum) else count / n


def _row(one: Series, trend: Trend, ahead: Forecast, calendar: Calendar, minimum: int) -> dict[str, Any]:
    odds, told = trend.odds, series.tellable(one, minimum)
    jumps = [
        {
            "period": calendar.starts[jump.place],
            "before": _share(*jump.before, minimum),
            "after": _share(*jump.after, minimum),
        }
        for jump in trend.jumps
    ]
    shares = [{"share": share.value, "low": share.low, "high": share.high} for share in ahead.shares]
    return {
        **one.key,
        "step": calendar.step,
        "periods": trend.periods,
        "authors": round(float(one.count[told].sum()), 2),
        "verdict": trend.verdict,
        "odds": odds.value if odds else None,
        "odds_low": odds.low if odds else None,
        "odds_high": odds.high if odds else None,
        "spread": trend.spread,
        "p_value": trend.p,
        "q_value": trend.q,
        "jump_p": trend.jump_p,
        "jump_q": trend.jump_q,
        "jumps": json.dumps(jumps),
        "forecast_verdict": ahead.verdict,
        "forecast": json.dumps(shares),
        "error": ahead.error,
        "error_naive": ahead.naive,
        "tries": ahead.tries,
    }
