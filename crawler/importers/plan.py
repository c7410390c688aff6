"""What a file is taken for: its format, its columns, its dates. Made before anything is stored, so that it can be shown."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.importers.asking import brand_named
from crawler.importers.columns import counts_only, guess
from crawler.importers.damaged_ids import ID_FIELDS, MADE, Ids
from crawler.importers.formats import Format, formats
from crawler.importers.mapping import Mapping, check
from crawler.importers.moments import How, Moments, Order, Tally
from crawler.importers.numbers import stars_of
from crawler.importers.persons import person_in
from crawler.importers.placing import Names, Placed, Placing, host_of, words_of
from crawler.importers.tables import Table, open_table
from data.errors import InputError
from data.own_accounts import own_accounts
from data.store import Store
from data.study import MARKET, Study

#: Where no row has an address, what ids and people are unique within.
NOWHERE = "file"
_SHARE_OF_HOST = 0.9
_PIECE = 1 << 20


@dataclass(slots=True)
class Seen:
    """What one look at all rows shows."""

    rows: int = 0
    unreadable: int = 0
    without_text: int = 0
    first_without_text: int | None = None
    dates: Tally = field(default_factory=Tally)
    hosts: Counter[str] = field(default_factory=Counter)
    names: Names = field(default_factory=Names)
    counts: set[str] = field(default_factory=set)
    ids: Ids = field(default_factory=Ids)
    #: Rows that the format leaves out, by why.
    left: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Plan:
    """How a file will be read. ``about`` is a brand's name or ``None`` for the market; ``rest`` are columns without a place;
    ``kind`` that of the import; ``beside`` writes what else a batch of rows tells; ``remarks`` are told with the guess."""

    path: Path
    table: Table
    mapping: Mapping
    form: Format | None
    about: str | None
    zone: str
    site: str
    order: Order
    how: How
    seen: Seen
    rest: list[str]
    digest: str
    told: bool = False
    terms: str | None = None
    doubts: dict[str, list[str]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    kind: str = "posts"
    beside: Callable[[Store, int, Sequence[Placed]], None] | None = None
    remarks: Sequence[str] = ()

    @property
    def private(self) -> bool:
        """Whether the file holds what people wrote to each other and not to everybody."""
        return self.form is not None and self.form.private

    @property
    def without_grounds(self) -> str:
        """The error that says that such a file needs ``terms``."""
        return "import_notes_private" if self.kind == "notes" else "import_private"

    @property
    def whole(self) -> str:
        """What all rows belong to where no column says so."""
        return (self.form.whole(self.table.head) if self.form else None) or self.path.name

    @property
    def swapped(self) -> bool:
        """Whether day and month of real dates are put back."""
        return self.mapping.dates == "swapped"

    def placing(self, key: bytes) -> Placing:
        """What turns the file's rows into posts."""
        zone, exported = ZoneInfo(self.zone), None
        if said := self.mapping.exported_at:
            made = datetime.fromisoformat(said)
            made = made + timedelta(hours=12) if len(said) <= 10 else made
            exported = made if made.tzinfo is not None else made.replace(tzinfo=zone)
        moments = Moments(zone, self.order, self.mapping.date_format, swapped=self.swapped, exported=exported)
        common = self.form.common(self.table.head) if self.form else None
        return Placing(
            self.mapping, form=self.form, site=self.site, whole=self.whole, moments=moments, names=self.seen.names,
            key=key, damaged=frozenset(self.seen.ids.damaged()), counts=self.seen.counts, own=self.own, common=common,
        )  # fmt: skip

    def noted(self) -> dict[str, object]:
        """The mapping as it is noted with the import: all that decides what the rows become."""
        said: dict[str, object] = self.mapping.model_dump(exclude_defaults=True, exclude_none=True)
        return said | {
            "timezone": self.zone,
            "site": self.site,
            "dates": "swapped" if self.swapped else f"{self.order} first",
            "about": self.about or MARKET,
            **({"kind_of_import": self.kind} if self.kind != "posts" else {}),
        }


def plan(
    path: Path,
    study: Study,
    *,
    told: Mapping | None = None,
    about: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    terms: str | None = None,
) -> Plan:
    """Look at a file and say how it will be read; nothing is stored. ``told`` is the user's mapping.

    Raises ``InputError`` for a file that is no table, a mapping that does not fit it, or a file without any text.
    """
    said = told or Mapping()
    table = open_table(path, encoding=encoding or said.encoding, delimiter=said.delimiter, sheet=sheet or said.sheet)
    form = format_of(table, said.format)
    if form is None and said.text is None:
        from crawler.importers.looks import refuse_no_posts  # it knows the other kinds, and they know this module

        refuse_no_posts(table)
    mapping, doubts = _mapping(table, form, said)
    check(mapping, table.columns, path=path)
    seen = look(table, mapping, form)
    order, how = seen.dates.order(order_told(mapping))
    rest = [
        c for c in table.columns if c not in mapping.used() and c not in mapping.person and c not in mapping.leave_out
    ]
    return Plan(
        path, table, mapping, form, brand_named(study, about or mapping.about), mapping.timezone or study.timezone,
        _site(mapping, form, seen, table.head), order, how, seen, rest, digest_of(path), told=told is not None, terms=terms, doubts=doubts,
        own=own_accounts(study),
    )  # fmt: skip


def order_told(mapping: Mapping) -> Order | None:
    """Which of day and month comes first, where the user says so."""
    return {"day first": "day", "month first": "month"}.get(mapping.dates or "")  # type: ignore[return-value]


def format_of(table: Table, name: str | None) -> Format | None:
    """The format of that name, or the one that the file has; ``None`` for a plain table. Raises ``InputError``."""
    if name in (None, "table"):
        return next((one for one in formats() if one.fits(table.columns, table.head)), None) if name is None else None
    found = next((one for one in formats() if one.name == name), None)
    if found is None:
        known = ", ".join(sorted(one.name for one in formats()))
        raise InputError("import_no_format", name=name, known=f"{known}, table")
    return found


def _mapping(table: Table, form: Format | None, said: Mapping) -> tuple[Mapping, dict[str, list[str]]]:
    """The mapping, and what of a guess might be another column just as well."""
    if form is not None:
        return said.filled(form.mapping(table.columns)), {}
    if said.text is not None:
        return said, {}  # whoever names the texts has said what he wants placed
    found = guess(table.columns, [row.cells for row in table.sample()])
    guessed: dict[str, object] = {**found.fields, **({"person": found.person} if found.person else {})}
    stars = found.fields.get("rating")
    if stars and any(stars_of(row.cells.get(stars, "")) is not None for row in table.sample()):
        guessed["kind"] = "reviews"
    doubts = {name: names for name, names in found.doubts.items() if getattr(said, name) is None}
    return said.filled(Mapping.model_validate(guessed)), doubts


def _site(mapping: Mapping, form: Format | None, seen: Seen, head: dict[str, str]) -> str:
    if mapping.site or (form is not None and form.site):
        return str(mapping.site or (form.site if form else ""))
    if not seen.hosts and form is not None and (address := form.common(head).get("@thread_url")):
        return host_of(address) or NOWHERE
    host, count = seen.hosts.most_common(1)[0] if seen.hosts else ("", 0)
    return host if host and count >= _SHARE_OF_HOST * seen.hosts.total() else NOWHERE


def look(table: Table, mapping: Mapping, form: Format | None) -> Seen:
    """Read the file once from end to end: what its dates, addresses and authors are can only be said of all rows."""
    seen, fields = Seen(), mapping.columns()
    date, author, text, stars = (fields.get(name) for name in ("posted_at", "author", "text", "rating"))
    ids = [(name, (fields.get(name, ""), MADE[name])) for name in ID_FIELDS]
    addresses = [column for column in (fields.get("url"), fields.get("thread_url")) if column is not None]
    plain = {column: [] for column in table.columns}  # type: dict[str, list[str]]
    for line in table.rows():
        seen.rows += 1
        if line.wrong is not None:
            seen.unreadable += 1
            continue
        cells = form.mend(dict(line.cells), mapping) if form else line.cells
        if date is not None and (said := cells.get(date)):
            seen.dates.add(said)
        if author is not None and (name := cells.get(author, "").strip()):
            seen.names.add(person_in(name)[0])
        if why := cells.get("@why"):
            seen.left[why] += 1
        elif (
            text is not None and words_of(cells.get(text, "")) == "" and not (stars and stars_of(cells.get(stars, "")))
        ):
            seen.without_text += 1
            seen.first_without_text = seen.first_without_text or line.number
        for name, columns in ids:
            for column in columns:
                if value := cells.get(column, ""):
                    seen.ids.add(name, value.strip(), cells.get(text or "", ""))
        for column in addresses:
            if (address := cells.get(column, "")).startswith("http") and (len(seen.hosts) < 5_000):
                seen.hosts[host_of(address[:2_000])] += 1
        if seen.rows <= 2_000:
            for column, value in line.cells.items():
                if value and column in plain:
                    plain[column].append(value.strip()[:20])
    hidden = {*mapping.person, *mapping.leave_out}
    seen.counts = {column for column, values in plain.items() if column not in hidden and counts_only(values)}
    return seen


def digest_of(path: Path) -> str:
    """The digest by which the same file is known again."""
    state = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            state.update(piece)
    return state.hexdigest()
