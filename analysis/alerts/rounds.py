"""One round of alerts: what is new is noted, and told by every channel that has not told it; nothing twice, nothing in quiet hours.

What a channel took is noted after it took it. Where the machine dies in between, it is told once more rather than never.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analysis.alerts import digest as weekly
from analysis.alerts import health, ledger, pages, pains, sources, verdicts
from analysis.alerts import ways as means
from analysis.alerts.channels import Channel, ChannelError, channels, wants
from analysis.alerts.event import DIGEST, HIGH, KNOWN, LOW, NORMAL, PAIN, TOLD, TROUBLES, UNWANTED, Event
from analysis.alerts.ledger import Delivery, Ledger
from analysis.alerts.message import Message, Part
from analysis.alerts.wording import Teller
from data.errors import StoreError
from data.quiet_hours import QuietHours
from data.store import Store
from data.study import Study
from data.study_alerts import EVENTS

Finder = Callable[[Store, Study, Ledger, datetime], Iterator[Event]]
_FINDERS: tuple[Finder, ...] = (pains.find, pages.find, verdicts.find, sources.find, health.find)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a channel in a round: how many things it told, and why it could not where it failed, in this round or before;
    ``rests_until`` where it was therefore not tried."""

    channel: str
    events: int
    why: str | None = None
    rests_until: datetime | None = None

    @property
    def failed(self) -> bool:
        """Whether it was tried and could not."""
        return self.why is not None and self.rests_until is None


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to. ``first``: alerts were never asked for before, and ``known`` things that were there are taken as known, but
    what does not work now is among the ``new``.
    ``held_until``: it is quiet, and the ``waiting`` are told then. ``digest``: a digest was made."""

    first: bool
    known: int
    new: tuple[Event, ...]
    held_until: datetime | None
    told: tuple[Told, ...]
    waiting: int = 0
    digest: bool = False


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Hold the study's alerts meanwhile: two rounds at once would tell things twice. Raises :class:`StoreError`."""
    from filelock import FileLock, Timeout

    lock = FileLock(database.with_name(database.name + "-alerts.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError("alerts_running", path=database) from None
    except OSError as error:
        raise StoreError("database_read_only", path=database, why=error) from error
    try:
        yield
    finally:
        lock.release()


def new_events(
    store: Store, study: Study, book: Ledger, now: datetime, finders: Sequence[Finder] = _FINDERS
) -> list[tuple[Event, str]]:
    """What has happened and is not known, each with what becomes of it, in the order in which it is told. The first time what was there
    is known, but for what does not work: nobody has been told of that."""
    found: dict[str, tuple[Event, str]] = {}
    for find in finders:
        for event in find(store, study, book, now):
            if book.knows(event.key) or event.key in found:
                continue
            unwanted = event.state == TOLD and event.kind not in study.alerts.events
            if book.since is None and event.kind not in TROUBLES:
                found[event.key] = event, KNOWN
            elif not (unwanted and event.kind == PAIN):  # it is no thing of one day: turned on later, it is news then
                found[event.key] = event, UNWANTED if unwanted else event.state
    return sorted(found.values(), key=lambda one: (_rank(one[0]), one[0].at))


def _rank(event: Event) -> tuple[int, int]:
    return (HIGH, NORMAL, LOW).index(event.level), EVENTS.index(event.kind)


def run(
    store: Store,
    study: Study,
    now: datetime,
    *,
    digest: bool = False,
    ways: Sequence[Channel] | None = None,
    patient: bool = False,
) -> Round:
    """Find what is new, note it, and tell what waits. ``digest``: and the week in words, where it is due. ``patient``: channels that keep
    failing are tried less and less often."""
    ways = channels(study) if ways is None else ways
    book = ledger.read(store)
    found = new_events(store, study, book, now)
    first = book.since is None
    if first:
        ledger.begin(store, now)
    known = sum(state == KNOWN for _, state in found) if first else 0
    told = [event for event, state in found if state == TOLD]
    week = weekly.due(store, now) if digest else None
    if week is not None:
        found.append((week, TOLD))
    ledger.note(
        store, found, [(event, way.name) for event, _ in found for way in ways if _for(way, event, told, week)], now
    )
    held = QuietHours(study.alerts.quiet_hours, study.timezone).until(now)
    teller = Teller(study, store)
    if held is None:
        weekly.release(store, [way.name for way in ways], now)
    rests = means.resting(store, now) if patient else {}
    answers = tuple(_turn(way, teller, now, rests) for way in ways) if held is None else ()
    if held is None:
        late, answers = _of_channels(teller, ways, answers, now)
        told += late
    waiting = len({one.row["alert_id"] for way in ways for one in ledger.waiting(store, way.name)})
    return Round(first, known, tuple(told), held, answers, waiting, week is not None)


def _of_channels(
    teller: Teller, ways: Sequence[Channel], answers: Sequence[Told], now: datetime
) -> tuple[list[Event], tuple[Told, ...]]:
    """What the round itself shows, told in the same round by the channels that work: one that keeps failing, one that works again.
    Where none works it is no channel's fault, and nothing is noted."""
    store, well = teller.store, {way.name: way for way, told in zip(ways, answers, strict=True) if told.why is None}
    found = new_events(store, teller.study, ledger.read(store), now, [means.find]) if well else []
    told = [event for event, state in found if state == TOLD]
    if not found:
        return [], tuple(answers)
    others = [(event, name) for event in told for name in well if _hears(well[name], event)]
    ledger.note(store, found, others, now)
    again = {name: _deliver(well[name], teller, now) for name in {name for _, name in others}}
    return told, tuple(
        Told(one.channel, one.events + again[one.channel].events, again[one.channel].why)
        if one.channel in again
        else one
        for one in answers
    )


def _hears(way: Channel, event: Event) -> bool:
    return way.name != event.values["channel"] and wants(way, event.level)


def _for(way: Channel, event: Event, told: Sequence[Event], week: Event | None) -> bool:
    if event is week:
        return way.setting.digest
    return event in told and wants(way, event.level)


def _turn(way: Channel, teller: Teller, now: datetime, rests: Mapping[str, tuple[datetime, str]]) -> Told:
    """A channel's turn in a round: what waits is told, unless it rests."""
    until, why = rests.get(way.name, (now, ""))
    if until > now and ledger.waiting(teller.store, way.name):
        return Told(way.name, 0, why, until)
    return _deliver(way, teller, now)


def _deliver(way: Channel, teller: Teller, now: datetime) -> Told:
    """Tell a channel what waits for it: alerts in one message, each digest in its own."""
    done = 0
    for deliveries in _bundles(ledger.waiting(teller.store, way.name)):
        events = [one.event for one in deliveries]
        try:
            way.send(message(teller, events), max((one.level for one in events), key=(LOW, NORMAL, HIGH).index), now)
        except ChannelError as error:
            ledger.settle(teller.store, deliveries, now, str(error) or "?")
            means.note(teller.store, way.name, now, str(error) or "?")
            return Told(way.name, done, str(error))
        ledger.settle(teller.store, deliveries, now)
        means.note(teller.store, way.name, now, None)
        done += len(deliveries)
    return Told(way.name, done)


def _bundles(waiting: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    # Of digests that piled up at a channel that was away the newest is told.
    weeks = [one for one in waiting if one.event.kind == DIGEST]
    # What it missed and that digest tells is not told twice in one go; what matters most is told by itself all the same.
    others = [one for one in waiting if one.event.kind != DIGEST]
    missed = [one for one in others if weeks and one.row["tries"] and weekly.tells(weeks[-1].event, one)]
    alerts = [one for one in others if one not in missed]
    if alerts:
        yield alerts
    if weeks:
        yield [*missed, *weeks]


def message(teller: Teller, events: Sequence[Event]) -> Message:
    """Several events as one message, the weightiest first; a digest as its own."""
    if events[-1].kind == DIGEST:
        return weekly.message(events[-1], teller)
    in_order = sorted(events, key=lambda one: (_rank(one), one.at))
    most = teller.study.alerts.most
    others = weekly.counted(teller, in_order[most:])
    part = Part(
        None, tuple(teller.item(one) for one in in_order[:most]), teller.tell("others", list=others) if others else None
    )
    title = teller.tell("title", study=teller.study.study, n=len(events))
    return Message(title, (part,), None, teller.say.lang)
