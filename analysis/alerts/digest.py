"""The week in words: what changed, what is new, what to look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from analysis.alerts import ledger
from analysis.alerts.event import (
    CLAIM,
    DIGEST,
    HIGH,
    LOW,
    OFFER,
    PAIN,
    PRICE,
    SMALL,
    SOURCE,
    TOLD,
    TROUBLES,
    VERDICT,
    Event,
    moment_of,
    text_of,
)  # fmt: skip
from analysis.alerts.message import Message, Part
from analysis.alerts.ways import WORKS
from analysis.alerts.wording import Item, Teller, kinds
from analysis.known_findings import known, state
from data.assumptions import claims
from data.jobs import DIGESTS_APART
from data.store import Store
from data.study_alerts import EVENTS

#: What a digest tells of, and at most where one was left out.
WEEK, LONGEST = timedelta(days=7), timedelta(days=14)
_NEW = """
select coalesce(sum(posts_new), 0) as posts, count(distinct case when posts_new > 0 then source_id end) as sources
from crawls where ended_at > :since and ended_at <= :until
"""
_IMPORTS = """
select name from imports where imported_at > :since and imported_at <= :until and rows is not null order by import_id
"""
_SOURCES_READ = """
select count(*) from crawls c join sources s using (source_id) left join brands b on b.brand_id = s.brand_id
where c.ended_at > :since and c.ended_at <= :until and c.state in ('done', 'partial') and s.active and s.url not like 'file:%'
"""
_PAGES_READ = f"{_SOURCES_READ} and b.role = 'competitor'"
#: By what each kind of alert is found: without it nothing is known of its kind.
_LOOKED_BY = {"pages": (PRICE, OFFER, CLAIM), "findings": (PAIN, VERDICT), "sources": (SOURCE,)}


def due(store: Store, now: datetime) -> Event | None:
    """A digest up to ``now``; ``None`` where the last one is too young."""
    last = ledger.last_digest(store, now)
    if last is not None and now - moment_of(last) < DIGESTS_APART:
        return None
    since = now - WEEK if last is None else max(moment_of(last), now - LONGEST)
    return _of(text_of(since), now)


def _of(since: str, now: datetime) -> Event:
    until = text_of(now)
    return Event(DIGEST, f"{DIGEST}|{until}", DIGEST, LOW, until, None, {"since": since, "until": until})


def up_to(week: Event, now: datetime) -> Event:
    """A digest that was held, as it is when it is sent: what goes out beside it may be newer than the hour it was made in."""
    return _of(week.values["since"], now)


def release(store: Store, channels: Collection[str], now: datetime) -> None:
    """Have digests that were held for these channels tell of the time up to now."""
    for number, week, waits in ledger.unsent_digests(store, now):
        if any(one in channels for one in waits):  # else it would be moved for ever
            ledger.note_instead(store, number, up_to(week, now), waits, now)


def message(event: Event, teller: Teller) -> Message:
    """The digest in words."""
    store, study, say = teller.store, teller.study, teller.say
    since, until = event.values["since"], event.values["until"]
    found = [one for one in ledger.between(store, since, until) if one[0].kind != DIGEST]
    told = _sorted([one for one, state in found if state == TOLD])
    small = sum(state == SMALL for _, state in found)
    parts = [
        Part(teller.tell("digest.new"), tuple(Item(text) for text in _new(teller, since, until))),
        _changed(teller, told, small, since, until),
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


def _looked_at(teller: Teller, since: str, until: str) -> tuple[list[str], list[str]]:
    """What the study watches and what was looked at in that time, in words; and sentences of what was not, for it may have changed."""
    store, study, limits = teller.store, teller.study, {"since": since, "until": until}
    last = known(store)
    looked = {
        "pages": next(store.tuples(_PAGES_READ, limits))[0],
        "sources": next(store.tuples(_SOURCES_READ, limits))[0],
        "findings": last is not None and moment_of(last["ended_at"]) > moment_of(since),
    }
    there = {
        "pages": any(brand.sites for brand in study.competitors), "findings": True,
        "sources": any(source.kind != "site" for source in study.sources),
        VERDICT: any(claim.assumption.retired is None for claim in claims(study)),
    }  # fmt: skip
    watched = {
        by: [kind for kind in kinds if kind in study.alerts.events and there[by] and there.get(kind, True)]
        for by, kinds in _LOOKED_BY.items()
    }
    names = {by: [teller.tell(f"digest.watched.{kind}") for kind in kinds] for by, kinds in watched.items()}
    unseen = [by for by, kinds in watched.items() if kinds and not looked[by]]
    return (
        [name for by, told in names.items() if looked[by] for name in told],
        [teller.tell(f"digest.unseen.{by}", list=teller.say.join(names[by], "or")) for by in unseen],
    )


def _changed(teller: Teller, told: Sequence[Event], small: int, since: str, until: str) -> Part:
    most = teller.study.alerts.most
    items = tuple(teller.short(one) for one in told[:most])
    others = counted(teller, told[most:])
    rest = [teller.tell("others", list=others)] if others else []
    rest += [teller.tell("digest.small", n=teller.say.count(small))] if small else []
    seen, unseen = _looked_at(teller, since, until)
    if not items:
        items = (
            Item(teller.tell("digest.nothing", list=teller.say.join(seen)) if seen else teller.tell("digest.no_news")),
        )
    rest += unseen
    begun = ledger.read(teller.store).since
    if begun is not None and begun > since:
        rest.insert(0, teller.tell("digest.begun", date=teller.say.date(begun)))
    return Part(teller.tell("digest.changed"), items, " ".join(rest) or None)


def _look(teller: Teller, told: Sequence[Event]) -> Iterator[Item]:
    """At most three things worth a look, the weightiest first, and what keeps the study from seeing."""
    works = {one.key.removesuffix(f"|{WORKS}") for one in told if one.values.get("state") == WORKS}
    told = [one for one in told if one.key not in works and one.values.get("state") != WORKS]
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
