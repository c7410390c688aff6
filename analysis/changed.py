"""What has changed since an earlier analysis: evidence and assumptions, figures that moved beyond chance, pains that came and went,
verdicts of every kind of evidence, prices, claims, and sources that have fallen silent. Rules: ``docs/explanation/trends.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from analysis import changed_evidence, kept
from analysis.differences import LEVEL
from analysis.kept import Key
from analysis.report.hiding import too_few
from analysis.silence import silent
from analysis.statistics import SLACK, benjamini_hochberg, difference_p
from data.store import Store
from data.study import MARKET

MOVED, NEW, GONE, VERDICT, PRICE, CLAIM, SILENT = "moved", "new", "gone", "verdict", "price", "claim", "silent"
EVIDENCE, ASSUMED = "evidence", "assumed"
#: Every kind of change, in the order in which they are told.
KINDS = (EVIDENCE, ASSUMED, MOVED, NEW, GONE, VERDICT, PRICE, CLAIM, SILENT)
_COUNTED = (kept.AUDIENCE, kept.PAIN, kept.VOICE)
_PRICES = ("price", "was", "offer", "discount")
Row = Mapping[str, Any]
_ON_PAGES = """
select b.name as brand, c.* from landing_changes c join brands b using (brand_id) join sources s on s.source_id = c.source_id
where s.active and c.changed_at > :since and c.changed_at <= :until order by c.changed_at, c.change_id
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was.

    ``kind`` is one of :data:`KINDS`; ``subject`` audience, pain, voice, verdict, answer, price, claim, source, evidence or assumed, with
    ``attribute`` and ``value`` as ``kept_figures`` has them (of a source its address, of a verdict the kind of evidence where that is
    not posts, of evidence and assumptions what was done and the name). ``before`` and ``after`` hold answer, count, n, share, low and
    high; ``newcomers`` count, n and share of those who came in between, where they could be told apart; ``said`` the sentence of a
    page's change by language. ``q`` is the chance of it, corrected for all figures that were compared.
    """

    kind: str
    brand: str
    subject: str
    attribute: str
    value: str
    before: Row = field(default_factory=dict)
    after: Row = field(default_factory=dict)
    newcomers: Row = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    at: str | None = None
    q: float | None = None


def last_compared(store: Store) -> int | None:
    """The analysis before the last one, ``None`` where there was none."""
    known = kept.runs(store)
    return known[-2] if len(known) > 1 else None


def run_before(store: Store, moment: str) -> int | None:
    """The last analysis that had ended by a day or time (ISO 8601), ``None`` where there was none."""
    rows = store.query("select run_id, ended_at from runs where what = 'find' and state = 'done' order by run_id")
    until = moment if len(moment) > 10 else f"{moment}T23:59:59Z"
    known = set(kept.runs(store))
    return max((row["run_id"] for row in rows if row["ended_at"] <= until and row["run_id"] in known), default=None)


def changes_since(store: Store, run: int, *, minimum: int = 5) -> list[Change]:
    """What the last analysis tells otherwise than analysis ``run``; empty where that is the last one."""
    known = kept.runs(store)
    if not known or run >= known[-1]:
        return []
    before, after = kept.state(store, run), kept.state(store, known[-1])
    times = {
        row["run_id"]: row["ended_at"] for row in store.query("select run_id, ended_at from runs where what = 'find'")
    }
    found = [
        *(_beside(EVIDENCE, one) for one in changed_evidence.imports(store, run, known[-1])),
        *(_beside(ASSUMED, one) for one in changed_evidence.assumptions(store, run, known[-1], before, after)),
        *compared(before, after, minimum),
        *(_beside(VERDICT, one) for one in changed_evidence.verdicts(store, run)),
        *_pages(store, times.get(run) or "", times[known[-1]]),
        *_silent(store, times.get(run) or "", times[known[-1]]),
    ]
    return sorted(found, key=lambda change: KINDS.index(change.kind))


def compared(before: Mapping[Key, Row], after: Mapping[Key, Row], minimum: int) -> Iterator[Change]:
    """What one state of the figures tells otherwise than an earlier one: shares beyond chance, pains that came and went, verdicts."""
    yield from _moved(before, after, minimum)
    yield from _gone(before, after)
    yield from _verdicts(before, after)


def _moved(before: Mapping[Key, Row], after: Mapping[Key, Row], minimum: int) -> Iterator[Change]:
    """Figures whose newcomers are unlike those who were counted before, and pains that too few told of before."""
    found: list[tuple[Change, float]] = []
    sizes = {(key[0], key[1]): row["n"] for key, row in before.items() if key[1] == kept.PAIN}
    for key, new in after.items():
        if key[1] not in _COUNTED:
            continue
        old = before.get(key)
        if old is not None and _whole(key, old, minimum) and _whole(key, new, minimum):
            p = _chance(old, new, minimum)
            change = replace(_change(MOVED, key, old, new), newcomers=_newcomers(key, old, new, minimum))
        elif old is None and key[1] == kept.PAIN and key[:2] in sizes:
            # As many as could have told of it without being told of.
            p = _chance({"count": minimum - 1, "n": sizes[key[:2]]}, new, minimum)
            change = _change(NEW, key, {}, new)
        else:
            continue
        if p is not None:
            found.append((change, p))
    q_values = benjamini_hochberg([p for _, p in found]).tolist()
    for (change, _), q in zip(found, q_values, strict=True):
        if q <= LEVEL:
            yield replace(change, q=q)


def _whole(key: Key, row: Row, minimum: int) -> bool:
    """Whether a figure may be told as a number: of those who tell an attribute, no few are left over."""
    return key[1] == kept.PAIN or not too_few(row["n"] - row["count"], minimum)


def _newcomers(key: Key, old: Row, new: Row, minimum: int) -> Row:
    """Those who came in between, where nobody has gone and no few of them are told apart."""
    count, n = new["count"] - old["count"], new["n"] - old["n"]
    row = {"count": count, "n": n, "share": count / n} if 0 <= count <= n and n > SLACK else {}
    return row if row and not too_few(count, minimum) and _whole(key, row, minimum) else {}


def _chance(old: Row, new: Row, minimum: int) -> float | None:
    """p that those who came since are like those before; ``None`` where too few came.

    Those before are among those now, so that the newcomers are the difference of both. Where people have gone (texts are kept for a
    time only) that cannot be, and the two are compared as though they had nobody in common, which errs on the safe side.
    """
    count, n = new["count"] - old["count"], new["n"] - old["n"]
    if abs(n) < SLACK and abs(count) < SLACK:
        return None
    if 0 <= count <= n and n > SLACK:
        if n < minimum or too_few(count, minimum) or old["n"] < minimum:
            return None
        return difference_p(old["count"], round(old["n"]), count, round(n))
    if min(old["n"], new["n"]) < minimum:
        return None
    return difference_p(old["count"], round(old["n"]), new["count"], round(new["n"]))


def _gone(before: Mapping[Key, Row], after: Mapping[Key, Row]) -> Iterator[Change]:
    # A market's number goes where it would give a brand's small group away, which is not to be told as “too few”.
    brands = {key[0] for key in after} - {MARKET}
    for key, old in before.items():
        if key[1] == kept.PAIN and key not in after and key[0] in brands:
            yield _change(GONE, key, old, {})


def _verdicts(before: Mapping[Key, Row], after: Mapping[Key, Row]) -> Iterator[Change]:
    for key, new in after.items():
        old = before.get(key)
        if key[1] in (kept.ANSWER, kept.VERDICT) and old is not None and old["answer"] != new["answer"]:
            yield _change(VERDICT, key, old, new)


def _beside(kind: str, found: changed_evidence.Found) -> Change:
    brand, attribute, value, before, after = found
    return Change(kind, brand, kind, attribute, value, before, after)


def _change(kind: str, key: Key, old: Row, new: Row) -> Change:
    return Change(kind, key[0], key[1], key[2], key[3], old, new)


def _pages(store: Store, since: str, until: str) -> Iterator[Change]:
    for row in store.query(_ON_PAGES, {"since": since, "until": until}):
        kind = PRICE if row["area"] in _PRICES else CLAIM
        said = {"vi": row["said_vi"], "en": row["said_en"]}
        yield Change(kind, row["brand"], kind, row["area"], row["subject"] or "", said=said, at=row["changed_at"])


def _silent(store: Store, since: str, until: str) -> Iterator[Change]:
    known = {one.url for one in silent(store, since)} if since else set()
    for one in silent(store, until):
        if one.url not in known:
            seen = {"read": one.read, "days": one.days}
            yield Change(SILENT, "", "source", "source", one.url, after=seen, at=one.newest)
