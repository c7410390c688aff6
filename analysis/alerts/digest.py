"""The week in words: what changed, what is new, what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from analysis.alerts import ledger
from analysis.alerts.event import DIGEST, HIGH, LOW, SMALL, TOLD, TROUBLES, Event, moment_of, text_of
from analysis.alerts.message import Message, Part
from analysis.alerts.wording import Item, Teller, kinds
from analysis.known_findings import known, state
from data.store import Store
from data.study_alerts import EVENTS

#: What a digest tells of, and at most where one was left out.
WEEK, LONGEST = timedelta(days=7), timedelta(days=14)
#: Two in one week are one too many, though a clock may go a little early.
_LEAST = timedelta(days=5)
_NEW = """
select coalesce(sum(posts_new), 0) as posts, count(distinct case when posts_new > 0 then source_id end) as sources
from crawls where ended_at > :since and ended_at <= :until
"""
_IMPORTS = """
select name from imports where imported_at > :since and imported_at <= :until and rows is not null order by import_id
"""


def due(store: Store, now: datetime) -> Event | None:
    """A digest up to ``now``; ``None`` where the last one is too young."""
    last = ledger.last_digest(store)
    if last is not None and now - moment_of(last) < _LEAST:
        return None
    since = now - WEEK if last is None else max(moment_of(last), now - LONGEST)
    values = {"since": text_of(since), "until": text_of(now)}
    return Event(DIGEST, f"{DIGEST}|{values['until']}", DIGEST, LOW, values["until"], None, values)


def message(event: Event, teller: Teller) -> Message:
    """The digest in words."""
    store, study, say = teller.store, teller.study, teller.say
    since, until = event.values["since"], event.values["until"]
    found = [one for one in ledger.between(store, since, until) if one[0].kind != DIGEST]
    told = _sorted([one for one, state in found if state == TOLD])
    small = sum(state == SMALL for _, state in found)
    parts = [
        Part(teller.tell("digest.new"), tuple(Item(text) for text in _new(teller, since, until))),
        _changed(teller, told, small, since),
        Part(teller.tell("digest.look"), tuple(_look(teller, told))),
    ]
    closing = Item(teller.tell("digest.report"), (), teller.report(), _next(teller), "open")
    title = teller.tell("digest.title", study=study.study, since=say.date(since), until=say.date(until))
    return Message(title, tuple(part for part in parts if part.items or part.rest), closing, say.lang)


def tells(week: Event, one: ledger.Delivery) -> bool:
    """Whether the digest says what ``one`` does: found in its week, and of no such weight that it needs its evidence beside it."""
    return one.event.level != HIGH and week.values["since"] < one.row["found_at"] <= week.values["until"]


def _sorted(events: Sequence[Event]) -> list[Event]:
    return sorted(events, key=lambda one: (one.level != HIGH, EVENTS.index(one.kind), one.at))


def _new(teller: Teller, since: str, until: str) -> Iterator[str]:
    say, limits = teller.say, {"since": since, "until": until}
    [row] = teller.store.query(_NEW, limits)
    key = "posts" if row["posts"] else "no_posts"
    yield teller.tell(f"digest.{key}", n=say.count(row["posts"]), sources=say.count(row["sources"]))
    names = [teller.cut(one["name"], 60) for one in teller.store.query(_IMPORTS, limits)]
    if names:
        yield teller.tell("digest.imports", names=teller.list(names[:5], max(len(names) - 5, 0)))


def _changed(teller: Teller, told: Sequence[Event], small: int, since: str) -> Part:
    most = teller.study.alerts.most
    items = tuple(teller.short(one) for one in told[:most])
    others = counted(teller, told[most:])
    rest = [teller.tell("others", list=others)] if others else []
    rest += [teller.tell("digest.small", n=teller.say.count(small))] if small else []
    if not items:
        items = (Item(teller.tell("digest.nothing")),)
    begun = ledger.read(teller.store).since
    if begun is not None and begun > since:
        rest.insert(0, teller.tell("digest.begun", date=teller.say.date(begun)))
    return Part(teller.tell("digest.changed"), items, " ".join(rest) or None)


def _look(teller: Teller, told: Sequence[Event]) -> Iterator[Item]:
    """At most three things worth a look, the weightiest first, and what keeps the study from seeing."""
    troubled = [one for one in told if one.kind in TROUBLES]
    seen: set[str] = set()
    for one in [*(one for one in told if one not in troubled), *troubled][:3]:
        item = teller.item(one)
        if item.command is not None and item.command not in seen:
            seen.add(item.command)
            what = teller.tell(f"digest.about.{one.kind}", brand=one.brand or "")
            yield Item(what, (), item.link, item.command, "open")


def counted(teller: Teller, events: Sequence[Event]) -> str:
    """How many there are of each kind: “4 giá, 2 nguồn”."""
    names = kinds(teller.say.lang)
    number = {kind: sum(one.kind == kind for one in events) for kind in EVENTS}
    told = [f"{teller.say.count(n)} {_one_or_many(names[kind], n)}" for kind, n in number.items() if n]
    return teller.say.join(told) if told else ""


def _one_or_many(name: str, n: int) -> str:
    one, _, many = name.partition("|")
    return one if n == 1 or not many else many


def _next(teller: Teller) -> str:
    """What brings the report up to date."""
    last = known(teller.store)
    if last is None or last["versions"].get("findings") != state(teller.store, teller.study):
        return "chandung analyze"
    return "chandung report --open"
