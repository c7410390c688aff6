"""Taking a file of figures (a survey, analytics, orders) into the store: whole or not at all, and never twice."""

from __future__ import annotations

import calendar
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.alone import alone
from crawler.importers.history import period as days_of
from crawler.importers.history import take_out
from crawler.importers.plan import digest_of
from data.author_keys import KEY_VERSION, fingerprint, key_of
from data.errors import InputError
from data.store import Store, open_store
from data.store.imported import ImportedFile, Observation
from data.study import MARKET, Study

Period = tuple[str | None, str | None]
#: What is written beside the observations, given the store, the import's number and the study's key.
Write = Callable[[Store, int, bytes], None]

_KNOWN = """
select imported_at from imports where digest = ? and kind = ? and mapping = ? and rows is not null order by import_id desc limit 1
"""
_SAME_PERIOD = """
select i.import_id, i.name, i.period_from, i.period_to from imports i join sources s using (source_id)
left join brands b using (brand_id)
where i.kind = :kind and i.format is :format and coalesce(b.name, 'market') = :brand and i.rows is not null
    and (i.period_from is :from or (i.period_from <= :to and i.period_to >= :from))
    and (i.name = :name or i.kind = 'orders' or exists (select 1 from observations o
        where o.import_id = i.import_id and o.attribute in (select value from json_each(:attributes))))
order by i.import_id
"""
#: In the easternmost time zone it is this much later than in UTC.
_AHEAD = timedelta(hours=14)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(slots=True)
class Evidence:
    """What a file tells, before anything is stored. ``about`` is a brand's name or ``None`` for the market; ``noted`` all that
    decides what its rows become (the same file read in the same way is known again); ``rows`` how many it has."""

    path: Path
    kind: str
    format: str
    about: str | None
    rows: int
    observations: list[Observation] = field(default_factory=list)
    period: Period = (None, None)
    noted: Mapping[str, object] = field(default_factory=dict)
    write: Write | None = None
    counts: Counter[str] = field(default_factory=Counter)
    terms: str | None = None
    #: Imports that this one takes the place of, where it is not for the period to say.
    instead_of: Sequence[Mapping[str, Any]] | None = None

    @property
    def brand(self) -> str:
        """As in the table ``observations``."""
        return self.about or MARKET

    @property
    def file(self) -> ImportedFile:
        """The file as it is noted."""
        noted = {**self.noted, "about": self.brand, "period": list(self.period)}
        return ImportedFile(
            self.path.name, digest_of(self.path), self.kind, self.format, self.kind, self.about, noted, self.terms, self.period
        )  # fmt: skip


@dataclass(slots=True)
class Taken:
    """What an import of figures came to; ``replaced`` names the imports that it took the place of."""

    name: str
    kind: str
    rows: int = 0
    observations: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    replaced: list[str] = field(default_factory=list)
    already: str | None = None

    @property
    def unreadable(self) -> int:
        """A file of figures is taken whole or not at all."""
        return 0

    def as_json(self) -> dict[str, object]:
        """The same for scripts."""
        return {
            "file": self.name, "kind": self.kind, "already_imported": self.already, "rows": self.rows,
            "observations": self.observations, "counts": dict(self.counts), "replaced": self.replaced,
        }  # fmt: skip


def taken_before(found: Evidence, study: Study) -> str | None:
    """When the very file was taken in the very way, ``None`` where it was not."""
    if not study.database.exists() or study.database.stat().st_size == 0:
        return None
    with open_store(study.database, read_only=True) as store:
        return _known(store, found.file)


def take(found: Evidence, study: Study, *, replace: bool = False) -> Taken:
    """Store what a file tells, in one transaction. ``replace`` takes out first what this file, or another of the same platform,
    brand and period, told of the same attributes.

    Raises ``InputError`` where there is such another and ``replace`` is not given; nothing is stored then.
    """
    file = found.file
    with alone(study.database), open_store(study.database, create=True) as store:
        if not replace and (when := _known(store, file)):
            return Taken(file.name, found.kind, already=when)
        key = store.author_key_secret = key_of(store, study)
        store.sync_study(study)
        others = same_period(store, found) if found.instead_of is None else list(found.instead_of)
        if others and not replace:
            raise _same(found, others[0])
        run = store.begin_run("import", {"chandung": version("chandung"), KEY_VERSION: fingerprint(key)})
        done = Taken(
            file.name, found.kind, found.rows, counts=found.counts, replaced=[str(one["name"]) for one in others]
        )
        try:
            with store.one_transaction():
                take_out(store, [one["import_id"] for one in others])
                import_id, _ = store.begin_import(run, file)
                done.observations = store.save_observations(import_id, found.observations)
                if found.write is not None:
                    found.write(store, import_id, key)
                store.end_import(import_id, {"rows": found.rows})
                store.end_run(run, "done", done.as_json())
        except BaseException as error:
            state = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
            store.end_run(run, state, {"file": file.name})
            raise
        return done


def _known(store: Store, file: ImportedFile) -> str | None:
    noted = json.dumps(dict(file.mapping), ensure_ascii=False, sort_keys=True)
    return next((str(row["imported_at"]) for row in store.query(_KNOWN, (file.digest, file.kind, noted))), None)


def same_period(store: Store, found: Evidence) -> list[dict[str, Any]]:
    """The imports that tell of the same days and the same brand, out of the same platform, what ``found`` tells."""
    attributes = sorted({one.attribute for one in found.observations})
    values = {
        "kind": found.kind, "format": found.format, "brand": found.brand, "from": found.period[0], "to": found.period[1],
        "attributes": json.dumps(attributes), "name": found.path.name,
    }  # fmt: skip
    return list(store.query(_SAME_PERIOD, values))


def _same(found: Evidence, other: Mapping[str, Any]) -> InputError:
    mine = {"period_from": found.period[0], "period_to": found.period[1]}
    return InputError(
        "import_same_period", path=found.path.name, period=days_of(mine), id=other["import_id"], other=other["name"],
        other_period=days_of(dict(other)),
    )  # fmt: skip


def period_of(text: str | None) -> Period:
    """First and last day of ``2026``, ``2026-10`` or ``2026-10-31``. Raises ``InputError`` for anything else, and for days to come."""
    if text is None:
        return None, None
    match = _DATE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError(text)
        year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
        first = date(year, month, day)
        last = first if match[3] else date(year, month if match[2] else 12, 1)
    except ValueError:
        raise InputError("import_bad_date", got=text[:40]) from None
    if not match[3]:
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    if first > (datetime.now(UTC) + _AHEAD).date():
        raise InputError("import_future_date", got=text.strip())
    return first.isoformat(), last.isoformat()


def clock(moment: str, study: Study) -> str:
    """A moment as the store writes it, in the study's time."""
    return f"{datetime.fromisoformat(moment).astimezone(ZoneInfo(study.timezone)):%d/%m/%Y %H:%M}"
