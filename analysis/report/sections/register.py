"""The register of assumptions: what was claimed when, what every kind of evidence says, and every check drawn over time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from analysis.report import hiding, registered
from analysis.report.blocks import Block, Card, Cards, Cell, Fold, Line, Lines, Moment, Section, Table, Text
from analysis.report.speech import Speech
from analysis.verdict_history import last
from data.store import Store
from data.study import Study
from data.study_assumption import LEAST_TO_DECIDE
from data.words import entry, tell_in

ORDER = 50
_WORST_RANK = 16.0
#: More points would not be told apart in a picture of this size.
_MOST_MOMENTS = 40
_MOST_CHANGES = 40

Row = dict[str, Any]


def section(store: Store, study: Study, say: Speech) -> Section | None:
    """The register as cards, the standing assumptions first; ``None`` where nothing is registered."""
    versions: dict[str, list[Row]] = {}
    for row in store.query("select * from assumptions order by id, version"):
        versions.setdefault(row["id"], []).append(row)
    if not versions:
        return None
    told = _Told(store, study, say)
    order = {row["assumption"]: place for place, row in enumerate(store.query(_IN_ORDER))}
    rows = sorted(
        versions.values(), key=lambda v: (v[-1]["retired_at"] is not None, order.get(v[-1]["id"], len(order)))
    )
    cards = [(told.card(place, mine), mine) for place, mine in enumerate(rows)]
    opened = [card for card, mine in cards if told.worth_opening(mine)]
    settled = [(card, mine) for card, mine in cards if not told.worth_opening(mine)]
    blocks: list[Block] = [Cards(opened)] if opened else []
    if settled:
        blocks.append(told.settled(settled))
        title = _tell(say, "report.settled_each", n=len(settled))
        blocks.append(Fold(title, [Cards([card for card, _ in settled])]))
    lead = _tell(say, "report.lead", own=study.own.name)
    return Section("register", _tell(say, "report.title"), lead, blocks, within="assumptions")


_IN_ORDER = "select distinct assumption from verdicts order by segment, position"


def _tell(say: Speech, key: str, /, **values: object) -> str:
    return tell_in(say.lang, f"assume.{key}", **values)


class _Told:
    """The tables of the register, read once, and told card by card."""

    def __init__(self, store: Store, study: Study, say: Speech) -> None:
        self.study, self.say, self.minimum = study, say, study.privacy.minimum_group
        self.own = study.own.name
        mine = {"own": self.own}
        self.kinds = _by(store.query("select * from verdicts_by_kind where brand = :own order by rowid", mine))
        self.readings = {
            row["assumption"]: row for row in store.query("select * from verdict_readings where brand = :own", mine)
        }
        #: The days of the first and the last post about the own brand, which posts' evidence was said on.
        seen = store.query(
            "select first_seen, last_seen from audiences where brand = :own and attribute = 'all' and audience >= :minimum",
            {**mine, "minimum": self.minimum},
        )
        self.said = next(((row["first_seen"], row["last_seen"]) for row in seen), (None, None))
        self.left = _by(last(store, self.own))  # of those that are checked no more
        self.history = _by(store.query("select * from verdict_history order by checked_at, run_id, brand, kind"))

    def card(self, place: int, versions: Sequence[Row]) -> Card:
        newest = versions[-1]
        title = registered.capital(registered.sentence(newest, self.say))
        if len({s.segment for s in self.study.own.target}) > 1:
            title = f"{newest['segment']}: {title}"
        blocks = [
            *self._dates(versions),
            *self._reading(newest),
            *self._by_kind(newest),
            *self._drawn(newest),
            *self._changes(versions),
            self._named(newest),
        ]
        return Card(title, blocks, self._tag(newest), f"r{place}", about=newest["id"])

    def worth_opening(self, versions: Sequence[Row]) -> bool:
        """Whether an assumption is contradicted, in conflict or undecided, or it or its verdict has changed."""
        newest = versions[-1]
        if newest["retired_at"]:
            return False
        if len(versions) > 1 or newest["after_data"]:
            return True
        mine = [row for row in self.kinds.get(newest["id"], ()) if row["version"] == newest["version"]]
        if any(row["newest"] and row["verdict"] in ("contradicted", "undecided") for row in mine):
            return True
        checks = [row for row in self.history.get(newest["id"], ()) if row["brand"] == self.own]
        return any(len({c["verdict"] for c in checks if c["kind"] == kind}) > 1 for kind in {c["kind"] for c in checks})

    def settled(self, cards: Sequence[tuple[Card, Sequence[Row]]]) -> Table:
        """The other assumptions, a line each."""
        lines: list[list[Cell | str]] = []
        for card, versions in cards:
            newest = versions[-1]
            posts = [r for r in self.kinds.get(newest["id"], ()) if r["version"] == newest["version"] and r["newest"]]
            told = registered.result(newest, posts[0], self.minimum, self.say) if posts else ""
            kind = registered.kind(posts[0]["kind"], self.say) if posts and told else None
            date = newest["made_at"] or versions[0]["registered_at"]
            lines.append([card.title, card.tag or "–", Cell(told or "–", note=kind), self._made(date)])
        columns = entry("assume.report.settled_columns", self.say.lang)
        return Table(_tell(self.say, "report.settled"), columns, lines, shown=20)

    def _tag(self, row: Row) -> str | None:
        if row["retired_at"]:
            return _tell(self.say, "report.tag_gone" if row["retired_how"] == "gone" else "report.tag_retired")
        reading = self.readings.get(row["id"])
        return _tell(self.say, f"tag.{_read(reading)}") if reading else None

    # Dates, versions, rule

    def _dates(self, versions: Sequence[Row]) -> Iterator[Block]:
        say, newest = self.say, versions[-1]
        registered_at = say.date(versions[0]["registered_at"])
        if newest["made_at"]:
            lines = [_tell(say, "report.made", made=self._made(newest["made_at"]), registered=registered_at)]
        else:
            lines = [_tell(say, "report.made_unknown", registered=registered_at)]
        if len(versions) > 1:
            lines.append(_tell(say, "report.version", n=newest["version"]))
        yield Text(" ".join(lines))
        if newest["retired_at"]:
            key = "report.gone" if newest["retired_how"] == "gone" else "report.retired"
            why = _tell(say, "report.retired_why", why=newest["retired_why"]) if newest["retired_why"] else ""
            yield Text(f"{_tell(say, key, date=self._made(newest['retired_at']))} {why}".strip())
        if versions[0]["after_data"]:
            yield Text(_tell(say, "report.after_data"))
        yield from (Text(self._change(before, now)) for before, now in pairwise(versions))
        if newest["minimum_n"] < LEAST_TO_DECIDE:
            yield Text(_tell(say, "report.minimum", n=newest["minimum_n"], usual=LEAST_TO_DECIDE))
        if newest["note"]:
            yield Text(_tell(say, "report.note", note=newest["note"]), soft=True)

    def _named(self, newest: Row) -> Fold:
        """Its name in the study file and the command, and its rule in words."""
        named = Text(_tell(self.say, "report.named", id=newest["id"]), soft=True)
        rule = Text(registered.capital(registered.rule_in_words(newest, self.say)), soft=True)
        return Fold(_tell(self.say, "report.in_file"), [rule, named])

    def _made(self, period: str) -> str:
        """A date of the study file, which may be a year or a month."""
        if len(period) >= 10:
            return self.say.date(period[:10])
        return self.say.month(period) if len(period) == 7 else period

    def _change(self, before: Row, now: Row) -> str:
        say, what = self.say, str(now["changed"]).split(",")
        date, old = say.date(now["registered_at"]), registered.sentence(before, say)
        if what == ["revived"]:
            return _tell(say, "report.revived", date=date)
        if what == ["rule"]:
            return _tell(say, "report.rule_changed", date=date)
        if not now["after_data"]:
            return _tell(say, "report.changed_before", date=date, before=old)
        if what == ["threshold"]:
            return _tell(say, "report.moved", date=date, before=registered.threshold(before, say))
        if what == ["minimum_n"]:
            return _tell(say, "report.minimum_changed", date=date, before=before["minimum_n"], now=now["minimum_n"])
        return _tell(say, "report.changed_after", date=date, before=old)

    # What every kind of evidence says

    def _reading(self, newest: Row) -> Iterator[Block]:
        row = self.readings.get(newest["id"])
        if row is None or newest["retired_at"]:
            return
        told = {name: self._kinds_of(row[name]) for name in ("supported", "contradicted")}
        kinds = told["supported"] or told["contradicted"]
        yield Text(registered.capital(_tell(self.say, f"reading.{_read(row)}", kinds=kinds, **told)))
        yield from self._within(newest)

    def _kinds_of(self, names: str) -> str:
        return self.say.join([registered.kind(name, self.say) for name in json.loads(names)])

    def _by_kind(self, newest: Row) -> Iterator[Block]:
        held = self.left if newest["retired_at"] else self.kinds
        rows = [row for row in held.get(newest["id"], ()) if row["version"] == newest["version"]]
        if not rows:
            return
        told: list[Row] = []
        lines = []
        for row in sorted(rows, key=lambda row: not row["newest"]):
            same = [other for other in told if (other["kind"], other["import_id"]) == (row["kind"], row["import_id"])]
            hidden = any(row["n"] and other["n"] and not _apart(row, other, self.minimum) for other in same)
            lines.append(self._kind_row(newest, row, hidden))
            told += [] if hidden else [row]
        yield Table(_tell(self.say, "report.kinds"), entry("assume.report.columns", self.say.lang), lines)

    def _place(self, claim: Row, row: Row) -> str:
        """Why a line is not what its kind goes by: it is older, of other people or another measure, or says of nobody how many."""
        best = self._best(claim, row)
        if best is None or best["audience"] != row["audience"] or best["unit"] != row["unit"]:
            return "beside"
        mine, other = (one["period_to"] or one["period_from"] for one in (row, best))
        return "older" if mine is None or other is None or mine < other else "beside"

    def _best(self, claim: Row, row: Row) -> Row | None:
        rows = self.kinds.get(claim["id"], ())
        return next(
            (r for r in rows if r["newest"] and (r["kind"], r["version"]) == (row["kind"], row["version"])), None
        )

    def _within(self, claim: Row) -> Iterator[Block]:
        """That two imports of one kind and period contradict each other, where they do."""
        for row in self.kinds.get(claim["id"], ()):
            best = self._best(claim, row)
            if (
                best is None
                or best is row
                or row["version"] != claim["version"]
                or best["import_id"] == row["import_id"]
            ):
                continue
            sides = {registered.side(claim, one) for one in (best, row)}
            if (
                self._place(claim, row) == "beside"
                and row["unit"] == best["unit"] == "people"
                and len(sides - {None}) == 2
            ):
                yield Text(_tell(self.say, "report.within", kind=registered.kind(row["kind"], self.say)))
                return

    def _kind_row(self, claim: Row, row: Row, hidden: bool) -> list[Cell | str]:
        """One kind's line. ``hidden``: beside what stands above, its number would tell of too few people."""
        say = self.say
        audience = row["audience"]
        if audience == "all":
            audience = _tell(say, f"audience.{row['kind']}", own=self.own)
        elif audience == "target":
            audience = _tell(say, "audience.target")
        result = _tell(say, "why.apart") if hidden else registered.result(claim, row, self.minimum, say)
        why = registered.why(row, say) if row["share"] is not None and row["why"] != "few" else ""
        if row.get("plain") is not None and not registered.top(claim):
            beside = {"share": say.percent(row["plain"]), "verdict": registered.verdict(row["plain_verdict"], say)}
            why = " · ".join(filter(None, (why, _tell(say, "report.plain", **beside))))
        period = self.said if row["kind"] == "posts" else (row["period_from"], row["period_to"])
        dates = [say.date(day) for day in period if day]
        older = None if row["newest"] else _tell(say, f"report.{self._place(claim, row)}")
        return [
            Cell(registered.kind(row["kind"], say), note=older),
            audience,
            registered.verdict(row["verdict"], say),
            Cell(result or "–", note=why or None),
            " – ".join(dict.fromkeys(dates)) or say.date(None),
        ]

    # Every check

    def _drawn(self, newest: Row) -> Iterator[Block]:
        say, rank = self.say, registered.top(newest) is not None
        lines = []
        checks = [row for row in self.history.get(newest["id"], ()) if row["brand"] == self.own]
        for kind in dict.fromkeys(row["kind"] for row in checks):
            mine = _daily(row for row in checks if row["kind"] == kind)
            moments = [self._moment(newest, row, rank) for row in tellable(newest, mine, self.minimum)]
            if moments:
                name = _tell(say, "report.line", brand=self.own, kind=registered.kind(kind, say))
                lines.append(Line(name, moments, marks=_changed_at(mine)))
        if not any(len(line.moments) > 1 for line in lines):
            return  # a single point is in the table above
        key = "report.rank_note" if rank else "report.history_note"
        note = _tell(say, key, threshold=registered.threshold(newest, say), minimum=self.minimum)
        yield Lines(_tell(say, "report.history"), lines, _WORST_RANK if rank else 1.0, note)

    def _moment(self, claim: Row, row: Row, rank: bool) -> Moment:
        say, n = self.say, self.say.tell("n_is", n=self.say.count(row["n"]))
        if rank:
            told = f"{say.tell('assume.rank', rank=say.count(row['share']))}, {say.tell(row['verdict'] + '.name')}"
            return Moment(row["checked_at"], row["share"], row["low"], row["high"], told, n)
        found = registered.estimate(claim, row, self.minimum)
        assert found is not None, "only what may be told is drawn"
        told = f"{say.told(found)}, {say.tell(row['verdict'] + '.name')}"
        return Moment(row["checked_at"], found.share, found.low, found.high, told, say.stands_on(found))

    def _changes(self, versions: Sequence[Row]) -> Iterator[Block]:
        say = self.say
        rows: list[Sequence[Cell | str]] = []
        before: dict[tuple[str, str], Row] = {}
        for row in self.history.get(versions[-1]["id"], ()):
            key = (row["brand"], row["kind"])
            last = before.get(key)
            if last is not None and last["verdict"] != row["verdict"]:
                other = _tell(say, "report.other_claim") if last["version"] != row["version"] else None
                who, kind = registered.capital(say.brand(row["brand"])), registered.kind(row["kind"], say)
                now = Cell(registered.verdict(row["verdict"], say), note=other)
                rows.append([say.date(row["checked_at"]), who, kind, registered.verdict(last["verdict"], say), now])
            before[key] = row
        if rows:
            columns = entry("assume.report.change_columns", say.lang)
            yield Table(_tell(say, "report.changes"), columns, rows[::-1][:_MOST_CHANGES])


def tellable(claim: Mapping[str, Any], checks: Sequence[Row], minimum: int) -> list[Row]:
    """The checks that may be drawn one after the other, oldest first.

    Between any two of them nobody, or at least the smallest group that may be shown, has come to either side: else their
    difference would tell of fewer. The newest is kept.
    """
    kept: list[Row] = []
    for row in reversed(checks):
        if row["share"] is None or not row["n"]:
            continue
        if registered.top(claim):
            if not row["count"] or hiding.too_few(row["count"], minimum):
                continue
        elif registered.estimate(claim, row, minimum) is None:
            continue
        if all(_apart(row, later, minimum) for later in kept):
            kept.append(row)
        if len(kept) == _MOST_MOMENTS:
            break
    return kept[::-1]


def _daily(checks: Iterable[Row]) -> list[Row]:
    """The last check of each day, oldest first: more would stand on one another."""
    return list({row["checked_at"][:10]: row for row in checks}.values())


def _apart(one: Row, other: Row, minimum: int) -> bool:
    counts = [row["count"] if row["count"] is not None else 0.0 for row in (one, other)]
    fits = abs(counts[0] - counts[1])
    rest = abs((one["n"] - counts[0]) - (other["n"] - counts[1]))
    return not any(hiding.too_few(size, minimum) for size in (fits, rest, abs(one["n"] - other["n"])))


def _changed_at(checks: Sequence[Row]) -> list[str]:
    """When the claim itself became another: where a check has a new version."""
    return [now["checked_at"] for before, now in pairwise(checks) if now["version"] != before["version"]]


def _read(reading: Row) -> str:
    """``agree_supported``, ``one_kind_contradicted``, ``conflict`` …: which sentence tells a reading."""
    if reading["reading"] in ("agree", "one_kind"):
        return f"{reading['reading']}_{'supported' if reading['supported'] != '[]' else 'contradicted'}"
    return str(reading["reading"])


def _by(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["assumption"], []).append(row)
    return found
