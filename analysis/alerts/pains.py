"""A pain grows beyond chance: in the last seven days, or steadily over the periods of the analysis.

The rule, its sources and its false alarms: ``docs/explanation/alerts.md``. Who counts is who counts in the findings
(``counted_posts``); people are counted, once in seven days, never posts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from analysis.alerts.event import HIGH, NORMAL, PAIN, Event, moment_of, text_of
from analysis.alerts.ledger import Ledger
from analysis.gathering import LEAST_CONFIDENCE
from analysis.known_findings import known
from analysis.report.hiding import too_few
from data.store import Store
from data.study import MARKET, Study

#: Seven days are set beside so many stretches of seven days before them; of so many at least somebody spoke.
BEFORE, FEWEST_BEFORE = 8, 5
#: So many people at least spoke of it in those stretches, each counted once in seven days.
FEWEST_PEOPLE = 20
#: The chance of any false alarm in a week, all pains together, where alerts are looked for every day.
WEEKLY, LOOKS = 0.025, 7
#: The spread of all pains weighs as so many stretches beside a pain's own (Smyth 2004).
_PRIOR = 14
#: A pain that was told is left alone for so long; a steady rise longer, for it goes on rising.
REST, REST_OF_RISE = timedelta(days=28), timedelta(days=90)
#: A rise over periods is told from this corrected p on; the report marks it from 0.05 on.
RISE = 0.01
_QUOTED = 2
# The order of the joins is told: else every post is looked at, not only the newest.
_RECENT = """
select p.id as post, p.author_id as author, cast((julianday(:until) - julianday(p.posted_at)) / 7 as integer) as stretch
from posts p cross join counted_posts c on c.post = p.id where p.posted_at > :since and p.posted_at <= :until
"""
_SPOKEN = f"""
with recent as materialized ({_RECENT})
select b.name, r.stretch, count(distinct r.author) from (
    select r.post, r.author, r.stretch, m.brand_id from recent r cross join mentions m using (post) where m.how <> 'thread'
    union select r.post, r.author, r.stretch, n.brand_id from recent r cross join pains n using (post)
    where n.brand_id is not null and n.confidence >= :least
) r join brands b using (brand_id) where b.active group by 1, 2
union all select :market, stretch, count(distinct author) from recent group by 2
"""  # noqa: S608 - our own query within another
_TOLD = f"""
with recent as materialized ({_RECENT}),
told as materialized (
    select r.author, r.stretch, n.category, n.brand_id from recent r cross join pains n using (post)
    where n.confidence >= :least and n.category <> 'other'
)
select b.name, t.category, t.stretch, count(distinct t.author) from told t join brands b using (brand_id) where b.active group by 1, 2, 3
union all select :market, category, stretch, count(distinct author) from told group by 2, 3
"""  # noqa: S608 - likewise
_POSTS = f"""
with recent as materialized ({_RECENT})
select r.post from recent r cross join pains n using (post) left join brands b using (brand_id)
where r.stretch = 0 and n.confidence >= :least and n.category = :category and (:brand = :market or b.name = :brand)
group by r.author order by max(n.severity) desc, max(n.confidence) desc, r.post desc limit :most
"""  # noqa: S608 - likewise
_RISES = "select * from trends where subject = 'pain' and verdict = 'rises' and q_value <= :level order by q_value, brand, value"
Counts = Sequence[float]


@dataclass(frozen=True, slots=True)
class Grown:
    """A pain of a brand: ``count`` of ``n`` people in the last seven days, ``before`` of ``n_before`` in the stretches before, and the
    chance of that, corrected for all pains that were looked at."""

    brand: str
    category: str
    count: int
    n: int
    before: int
    n_before: int
    p: float


def find(store: Store, study: Study, ledger: Ledger, now: datetime) -> Iterator[Event]:
    """One event a pain that grew and was not told of for a while."""
    last = known(store)
    if last is None:
        return
    fresh: set[str] = set()
    until = min(now, moment_of(last["ended_at"]))
    spoken, told = counts(store, until)
    for one in grown(spoken, told):
        subject = f"{PAIN}|{one.brand}|{one.category}"
        if one.brand == MARKET and (one.category in fresh or _told_of_brand(one.category, study, ledger, now, REST)):
            continue
        if ledger.rested(subject, now, REST):
            event = _burst(one, subject, until, study, _blamed(one, told, study.privacy.minimum_group))
            if event is not None:
                fresh.add(one.category)
                yield _quoting(event, store, until)
    yield from _rises(store, study, ledger, now, fresh)


def _told_of_brand(category: str, study: Study, ledger: Ledger, now: datetime, rest: timedelta) -> bool:
    """Whether a pain was told of a brand lately: those who blame it are a part of the market."""
    subjects = (f"{kind}|{brand.name}|{category}" for brand in study.brands for kind in (PAIN, "rise"))
    return any(not ledger.rested(subject, now, rest) for subject in subjects)


def counts(store: Store, until: datetime) -> tuple[Mapping[str, Counts], Mapping[tuple[str, str], Counts]]:
    """Brand → people who spoke of it, (brand, category) → people who told the pain; in stretches of seven days, the newest first."""
    values = {**_limits(until), "least": LEAST_CONFIDENCE, "market": MARKET}
    spoken: dict[str, list[float]] = defaultdict(lambda: [0.0] * (BEFORE + 1))
    told: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0] * (BEFORE + 1))
    for brand, stretch, people in store.tuples(_SPOKEN, values):
        spoken[brand][min(stretch, BEFORE)] = people
    for brand, category, stretch, people in store.tuples(_TOLD, values):
        told[brand, category][min(stretch, BEFORE)] = people
    return spoken, told


def grown(spoken: Mapping[str, Counts], told: Mapping[tuple[str, str], Counts]) -> list[Grown]:
    """The pains that grew beyond chance, brands before the market, the surest first."""
    tested = []
    for (brand, category), people in told.items():
        count, n = np.asarray(people, dtype=float), np.asarray(spoken.get(brand, [0.0] * len(people)), dtype=float)
        if (n[1:] > 0).sum() >= FEWEST_BEFORE and n[1:].sum() >= FEWEST_PEOPLE and n[0] > 0:
            tested.append((brand, category, np.minimum(count, n), n))
    shared = _shared([_spread(count[1:], n[1:])[:2] for _, _, count, n in tested])
    found = []
    for brand, category, count, n in tested:
        p = min(_chance(count, n, shared) * len(tested), 1.0)
        if p <= WEEKLY / LOOKS:
            found.append(Grown(brand, category, int(count[0]), int(n[0]), int(count[1:].sum()), int(n[1:].sum()), p))
    return sorted(found, key=lambda one: (one.brand == MARKET, one.p, one.brand, one.category))


def _chance(count: np.ndarray[Any, Any], n: np.ndarray[Any, Any], shared: float) -> float:
    """One-sided p that the newest stretch is like those before: the greater of Fisher's and of a t with the spread seen."""
    from scipy.stats import hypergeom, t

    before, whole = count[1:].sum(), n[1:].sum()
    if count[0] * whole <= before * n[0]:
        return 1.0
    by_chance = float(hypergeom.sf(count[0] - 1, int(n[0] + whole), int(count[0] + before), int(n[0])))
    spread, degrees, mean = _spread(count[1:], n[1:])
    moderated = (_PRIOR * shared + degrees * spread) / (_PRIOR + degrees)
    away = (float(_even(count[:1], n[:1])[0]) - mean) / np.sqrt(moderated * (1 / n[0] + 1 / whole))
    return max(by_chance, float(t.sf(away, _PRIOR + degrees)))


def _even(count: np.ndarray[Any, Any], n: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Shares on a scale on which each varies by about 1/n, whatever it is (Anscombe 1948)."""
    return np.asarray(2 * np.arcsin(np.sqrt((count + 0.375) / (n + 0.75))))


def _spread(count: np.ndarray[Any, Any], n: np.ndarray[Any, Any]) -> tuple[float, int, float]:
    """How much more stretches vary than chance has it (1: just so much), its degrees of freedom, and their mean."""
    some = n > 0
    values, weights = _even(count[some], n[some]), n[some]
    mean = float(np.average(values, weights=weights))
    degrees = int(some.sum()) - 1
    return float(np.sum(weights * (values - mean) ** 2)) / max(degrees, 1), degrees, mean


def _shared(spreads: Sequence[tuple[float, int]]) -> float:
    """The spread of all pains together, never less than chance has it."""
    degrees = sum(one for _, one in spreads)
    return max(sum(spread * one for spread, one in spreads) / degrees, 1.0) if degrees else 1.0


def _blamed(one: Grown, told: Mapping[tuple[str, str], Counts], minimum: int) -> str | None:
    """The brand that most of those blame who told a pain of the whole market in the newest stretch: more than half, and no small group."""
    if one.brand != MARKET:
        return None
    most = max(
        (
            (people[0], brand)
            for (brand, category), people in told.items()
            if category == one.category and brand != MARKET
        ),
        default=(0, ""),
    )
    return most[1] if most[0] * 2 > one.count and most[0] >= minimum else None


def _burst(one: Grown, subject: str, until: datetime, study: Study, blamed: str | None) -> Event | None:
    """The event, ``None`` where it stays below the study's thresholds."""
    alerts, minimum = study.alerts, study.privacy.minimum_group
    share = one.count / one.n
    enough = one.count >= max(alerts.pain_people, minimum)
    enough &= one.before == 0 or share >= one.before / one.n_before * (1 + alerts.pain_growth / 100)
    if not enough:
        return None
    hidden = too_few(one.before, minimum)
    values = {
        "how": "burst", "category": one.category, "count": one.count, "n": one.n,
        "before": None if hidden else one.before / one.n_before, "stretches": BEFORE,
        **({"blamed": blamed} if blamed else {}),
    }  # fmt: skip
    at = text_of(until)
    return Event(PAIN, f"{subject}|{at}", subject, HIGH, at, one.brand, values)


def _quoting(event: Event, store: Store, until: datetime) -> Event:
    """The event with the numbers of posts to quote, each of another person; their texts are read when it is told."""
    values = {
        **_limits(until), "least": LEAST_CONFIDENCE, "market": MARKET, "brand": event.brand,
        "category": event.values["category"], "most": _QUOTED,
    }  # fmt: skip
    posts = [row[0] for row in store.tuples(_POSTS, values)]
    return Event(
        event.kind, event.key, event.subject, event.level, event.at, event.brand, {**event.values, "posts": posts}
    )


def _limits(until: datetime) -> dict[str, str]:
    return {"until": text_of(until), "since": text_of(until - timedelta(days=7 * (BEFORE + 1)))}


def _rises(store: Store, study: Study, ledger: Ledger, now: datetime, fresh: set[str]) -> Iterator[Event]:
    """Pains that rise from period to period. What grew in these seven days is not told twice."""
    for row in store.query(_RISES, {"level": RISE}):
        burst, subject = (f"{kind}|{row['brand']}|{row['value']}" for kind in (PAIN, "rise"))
        if row["value"] in fresh or not all(ledger.rested(one, now, REST_OF_RISE) for one in (burst, subject)):
            continue
        if row["brand"] == MARKET and _told_of_brand(row["value"], study, ledger, now, REST_OF_RISE):
            continue
        if row["authors"] < max(study.alerts.pain_people, study.privacy.minimum_group):
            continue
        values = {"how": "rise", "category": row["value"], "step": row["step"], "periods": row["periods"]}
        at = text_of(now)
        key = f"{PAIN}|rise|{row['brand']}|{row['value']}|{at[:10]}"
        yield Event(PAIN, key, subject, NORMAL, at, row["brand"], values)
