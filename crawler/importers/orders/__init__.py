"""``chandung import orders``: Shopee, TikTok Shop and any list of orders, with customers as keyed hashes.

What the columns and the states mean is in ``data/languages/*/importers/order*.tsv``; :mod:`reading` turns lines into orders.
No name, telephone or address of a customer is written: of an address only the province is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC
from functools import partial
from zoneinfo import ZoneInfo

import click

from crawler.importers.asking import brand_named, save_text
from crawler.importers.evidence import taken
from crawler.importers.kinds import Asked, How
from crawler.importers.orders.mapping import load, text_of
from crawler.importers.orders.meanings import fields_of, known
from crawler.importers.orders.reading import Order, Orders, Reader, likely_header
from crawler.importers.raw import Sheet, sheets_of
from crawler.importers.taking import Evidence, Period, Taken, period_of
from data.errors import InputError
from data.numbers import number
from data.privacy import author_key
from data.store import Store
from data.store.imported import PEOPLE, Observation
from data.study import Study
from data.words import tell

_NAMED = 5
_HEADER_WITHIN = 25
#: Within the file, people are told apart as they will be in the database.
_WITHIN = b"within one file"


def run(asked: Asked, study: Study, how: How) -> Taken | None:
    """Import one list of orders; ``None`` where nothing was to be stored. Raises ``InputError`` for a file that is none."""
    found_sheets = sheets_of(asked.path, encoding=asked.encoding, sheet=asked.sheet)
    sheet = max(
        found_sheets, key=lambda one: max((len(known(row.cells)) for row in one.rows[:_HEADER_WITHIN]), default=0)
    )
    told = load(asked.mapping) if asked.mapping is not None else None
    try:
        reader = Reader(sheet, study.timezone, told)
    except InputError as error:
        if how.save_mapping is None or told is not None or error.key != "import_no_orders":
            raise
        save_text(how.save_mapping, unnamed(sheet))  # for the user to say which column is what
        return None
    if how.save_mapping is not None:
        rest = [name for name in reader.header if name and name not in reader.named.values()]
        save_text(how.save_mapping, text_of(reader.named, rest, reader.read().unknown_returns))
        if not how.yes:
            click.echo(tell("import.nothing_stored"), err=True)
            return None
    found = reader.read()
    if found.unknown_returns:
        raise _unknown_returns(asked, reader, found)
    period = _period(found, asked, study)
    brand = brand_named(study, asked.about) or study.own.name
    evidence = Evidence(
        asked.path, "orders", found.platform, brand, found.rows, list(observations(found, brand, period)), period,
        noted={"columns": found.fields, "states": dict(told.states) if told else {}},
        write=partial(_write, found.orders, brand, found.platform),
        counts=Counter(one.state for one in found.orders) + Counter(orders=len(found.orders)),
    )  # fmt: skip
    return taken(asked, study, how, evidence, _remarks(found))


def unnamed(sheet: Sheet) -> str:
    """A mapping to fill in, of a file in which no column is known for an order's number."""
    header = likely_header(sheet)
    named = {name: header[place] for name, place in fields_of(header).items()}
    rest = [name for name in header if name and name not in named.values()]
    return text_of({"order_id": "?", **named}, rest)


def _unknown_returns(asked: Asked, reader: Reader, found: Orders) -> InputError:
    """Words of a returns column that no list has: whether the money was paid back is not for a guess."""
    told = [f"“{said}” ({number(count)})" for said, count in found.unknown_returns.most_common(_NAMED)]
    return InputError(
        "import_unknown_returns", path=asked.path.name, column=reader.named["return_status"],
        count=number(found.unknown_returns.total()), values=", ".join(told) + (", …" if len(found.unknown_returns) > _NAMED else ""),
        first=next(iter(found.unknown_returns)),
    )  # fmt: skip


def _period(found: Orders, asked: Asked, study: Study) -> Period:
    zone = ZoneInfo(study.timezone)
    days = sorted(f"{one.ordered_at.astimezone(zone):%Y-%m-%d}" for one in found.orders if one.ordered_at)
    period = (days[0], days[-1]) if days else period_of(asked.date)
    if None in period:
        raise InputError("import_no_period", path=asked.path.name)
    return period


def customer_key(key: bytes, platform: str, buyer: tuple[str, str] | None) -> str | None:
    """The keyed hash that stands for a customer. An account or a name is its platform's; a telephone is the same everywhere."""
    if buyer is None:
        return None
    kind, text = buyer
    where = f"orders {kind}" if kind in ("phone", "email") else f"orders {platform} {kind}"
    return author_key(key, where, text)


def _write(orders: Iterable[Order], brand: str, platform: str, store: Store, import_id: int, key: bytes) -> None:
    store.add_rows("orders", (
        {
            "import_id": import_id, "brand": brand, "platform": platform,
            "order_key": author_key(key, f"order {platform}", one.number),
            "customer_key": customer_key(key, platform, one.buyer),
            "ordered_at": f"{one.ordered_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if one.ordered_at else None,
            "state": one.state, "amount": one.amount, "refunded": one.refunded, "currency": one.currency,
            "items": one.items, "location": one.location, "channel": one.channel,
        }
        for one in orders
    ))  # fmt: skip


def observations(found: Orders, brand: str, period: Period) -> Iterator[Observation]:
    """Where customers live, over which channels they bought, and how many bought again; of orders that were not cancelled.

    Where the file tells nobody apart, orders are counted instead of people, and where they were sent.
    """
    kept = [one for one in found.orders if one.state in ("completed", "open")]
    groups: dict[str, list[Order]] = defaultdict(list)
    for one in kept:
        if (person := customer_key(_WITHIN, found.platform, one.buyer)) is not None:
            groups[person].append(one)
    cell = Observation("orders", brand, "", "", period_from=period[0], period_to=period[1])
    if not groups:
        places = Counter(one.location for one in kept if one.location)
        yield from _counted(
            replace(cell, attribute="location", unit="orders"), places, sum(one.sent_somewhere for one in kept)
        )
        return
    people = [
        sorted(orders, key=lambda one: one.ordered_at.timestamp() if one.ordered_at else 0.0)
        for orders in groups.values()
    ]
    places = Counter(where for orders in people if (where := _newest_place(orders)))
    yield from _counted(
        replace(cell, attribute="location", unit=PEOPLE),
        places,
        sum(any(one.sent_somewhere for one in orders) for orders in people),
    )
    if "channel" in found.fields:
        told = [{one.channel for one in orders if one.channel} for orders in people]
        channels = Counter(one for channels in told for one in channels)
        yield from _counted(replace(cell, attribute="channel", unit=PEOPLE), channels, sum(map(bool, told)))
    again = Counter(repeat_buyer=sum(len(orders) > 1 for orders in people))
    yield from _counted(replace(cell, attribute="behaviour", unit=PEOPLE), again, len(people))


def _newest_place(orders: list[Order]) -> str | None:
    return next((one.location for one in reversed(orders) if one.location), None)


def _counted(cell: Observation, values: Counter[str], n: int) -> Iterator[Observation]:
    for value, count in sorted(values.items()):
        yield replace(cell, value=value, count=count, n=n).counted()


def _money(found: Orders) -> list[dict[str, str]]:
    """What was read of each currency: all amounts, all that was paid back, the smallest and the largest amount."""
    said = []
    for currency in sorted({one.currency for one in found.orders}):
        amounts = [one.amount for one in found.orders if one.amount is not None and one.currency == currency]
        back = sum(one.refunded for one in found.orders if one.currency == currency)
        if amounts:
            places = 0 if currency == "VND" else 2
            told = {"total": sum(amounts), "back": back, "least": min(amounts), "most": max(amounts)}
            said.append({name: number(value, places) for name, value in told.items()} | {"currency": currency})
    return said


def _remarks(found: Orders) -> list[str]:
    """What has to be known before one agrees."""
    said = []
    states = Counter(one.state for one in found.orders)
    told = ", ".join(f"{tell(f'evidence.states.{state}')} {number(count)}" for state, count in states.most_common())
    said.append(tell("evidence.orders", count=number(len(found.orders)), states=told))
    if found.encoding not in (None, "utf-8", "utf-8-sig"):
        said.append(tell("import.notes.encoding", name=found.encoding))
    buyers = {one.buyer for one in found.orders if one.buyer}
    if buyers:
        known_by = Counter(kind for kind, _ in buyers).most_common(1)[0][0]
        said.append(tell("evidence.customers", count=number(len(buyers)), by=tell(f"evidence.known_by.{known_by}")))
    else:
        said.append(tell("evidence.nobody"))
    if found.masked:
        said.append(tell("evidence.masked", count=number(found.masked)))
    said += [tell("evidence.money", **sums) for sums in _money(found)]
    for what in ("over_refunded", "doubtful"):
        told_so: Counter[str] = +getattr(found, what)
        if told_so:
            some = ", ".join(list(told_so)[:_NAMED]) + (", …" if len(told_so) > _NAMED else "")
            said.append(tell(f"evidence.{what}", count=number(len(told_so)), values=some))
    if found.refunds_alone:
        said.append(tell("evidence.refunds_alone", count=number(found.refunds_alone)))
    for what in ("unknown", "odd"):
        values: Counter[str] = getattr(found, what)
        if values:
            named = ", ".join(value for value, _ in values.most_common(_NAMED)) + (
                ", …" if len(values) > _NAMED else ""
            )
            said.append(tell(f"evidence.orders_{what}", count=number(values.total()), values=named))
    if found.dates in ("ambiguous", "contradicts"):
        said.append(tell("evidence.dates_ambiguous"))
    if "status" not in found.fields:
        said.append(tell("evidence.no_status"))
    currencies = sorted({one.currency for one in found.orders})
    if len(currencies) > 1:
        said.append(tell("evidence.orders_mixed", currencies=", ".join(currencies)))
    said.append(tell("evidence.private"))
    return said
