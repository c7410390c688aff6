"""Over time: series of what people tell, which of them rise or fall or jump beyond chance, what may come, and the figures of each
analysis, kept. Methods and limits: ``docs/explanation/trends.md``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from analysis import coarser, forecasting, kept, offer_prices, periods, series, trending
from analysis.coarser import Told
from analysis.facts import Facts
from analysis.forecasting import Forecast
from analysis.memo import Memo
from analysis.periods import Calendar
from analysis.report.hiding import too_few
from analysis.series import Series
from analysis.statistics import Interval
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
    longer = coarser.Longer(people, calendar)
    tested = coarser.tested(every, longer, minimum)
    wholes = [one.calendar.whole for one in tested]
    found = trending.trends([one.series for one in tested], wholes, minimum, facts.memo)
    moving = [place for place, trend in enumerate(found) if not _steady(trend)]
    shown = coarser.told(every, longer, minimum, moving)
    told = list(coarser.rows(shown))
    if told:  # tens of thousands
        facts.store.replace_columns("series", {name: [row[name] for row in told] for name in told[0]})
    else:
        facts.store.replace_rows("series", ())
    facts.store.replace_rows("trends", rows(tested, found, shown, minimum, facts.memo))
    facts.store.replace_rows("offer_prices", offer_prices.rows(facts.store))
    kept.keep(facts.store, facts.run, facts.checked_at, kept.figures(facts.store, minimum))
    facts.counts |= {"undated": calendar.undated, "future": calendar.future}


def rows(
    tested: Sequence[Told], found: Sequence[Trend], shown: Sequence[Told], minimum: int, memo: Memo
) -> Iterator[dict[str, Any]]:
    """Rows of ``trends``, one a series."""
    every = [one.series for one in tested]
    order = sorted(range(len(every)), key=lambda i: (_steady(found[i]), -every[i].count.sum(), i))
    chosen = [i for i in order if found[i].p is not None and _forecastable(tested[i])][:MOST_FORECASTS]
    ahead = {i: _forecast(every[i], tested[i].calendar, minimum, memo) for i in chosen}
    for place, (trend, told) in enumerate(zip(found, shown, strict=True)):
        yield _row(told, trend, ahead.get(place, Forecast(forecasting.NOT_TRIED)), tested[place].calendar, minimum)


def _forecast(one: Series, calendar: Calendar, minimum: int, memo: Memo) -> Forecast:
    def found() -> Any:
        return asdict(forecasting.forecast(one, calendar.whole, minimum))

    whole = calendar.whole
    told = memo("forecast", (one.count[whole], one.n[whole], whole, minimum), found)
    return Forecast(**{**told, "shares": tuple(Interval(**share) for share in told["shares"])})


def _steady(trend: Trend) -> bool:
    return trend.verdict not in (trending.RISES, trending.FALLS) and not trend.jumps


def _forecastable(one: Told) -> bool:
    """Pains and share of voice are what plans are made for; longer periods are too few to forecast."""
    return one.series.subject != series.AUDIENCE and one.calendar.step in coarser.LONGER


def _share(count: float, n: float, minimum: int) -> float | None:
    return None if too_few(count, minimum) or too_few(n - count, minimum) else count / n


def _row(told: Told, trend: Trend, ahead: Forecast, calendar: Calendar, minimum: int) -> dict[str, Any]:
    odds = trend.odds
    jumps = [
        {
            "period": calendar.starts[jump.place],
            "before": _share(*jump.before, minimum),
            "after": _share(*jump.after, minimum),
            "up": jump.after[0] * jump.before[1] > jump.before[0] * jump.after[1],
        }
        for jump in trend.jumps
    ]
    shares = [{"share": share.value, "low": share.low, "high": share.high} for share in ahead.shares]
    return {
        **told.series.key,
        "step": calendar.step,
        "periods": trend.periods,
        "authors": round(float(told.series.count[told.periods].sum()), 2),
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
