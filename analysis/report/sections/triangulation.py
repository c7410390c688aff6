"""All kinds of evidence side by side: where they agree, where they contradict each other, and what each cannot see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.report import hiding, registered
from analysis.report.blocks import Block, Card, Cards, Cell, Fold, Section, Table, Text
from analysis.report.model import Estimate
from analysis.report.sections.real_customers import customers_card, upper
from analysis.report.speech import Speech
from analysis.triangulation.agreeing import AGREE, CONFLICT, OPEN, by_rank
from analysis.triangulation.evidence import KINDS, PAGES, PEOPLE, POSTS, REFERENCE
from data.codebook import ATTRIBUTES
from data.groups import BANDED, SINGLE, band_start
from data.store import Store
from data.study import MARKET, Study
from data.survey.questionnaire import PAIN
from data.words import entry, tell_in

ORDER = 60
Row = Mapping[str, Any]
_MOST_CONFLICTS, _MOST_VALUES = 8, 12


def section(store: Store, study: Study, say: Speech) -> Section | None:
    """The section, or ``None`` where there is nothing beside posts."""
    rows = list(store.query("select * from triangulation order by brand, attribute, value, kind, platform"))
    told = Told(study, say)
    card = customers_card(store, study, say)
    if all(row["kind"] in (POSTS, PAGES) for row in rows):  # pages beside posts are a section of their own
        rows = []
    if not rows and card is None:
        return None
    blocks: list[Block] = [Cards([card])] if card is not None else []
    if rows:
        hidden = told.hidden(rows)
        blocks += [Text(told.summary(rows)), *told.conflicts(rows, hidden)]
        blocks += [Fold(told.tell("fold", brand=card.title), [Cards([card])]) for card in told.cards(rows, hidden)]
        blocks += [Fold(table.title, [table]) for table in told.references(rows, hidden)]
        blocks.append(Fold(told.tell("cannot"), [told.cannot_see(rows), Text(told.tell("rule"), soft=True)]))
    return Section("triangulation", told.tell("title"), told.tell("lead"), blocks)


class Told:
    """The rows of ``triangulation`` in words."""

    def __init__(self, study: Study, say: Speech) -> None:
        self.study, self.say, self.minimum = study, say, study.privacy.minimum_group

    def tell(self, key: str, /, **values: object) -> str:
        return tell_in(self.say.lang, f"triangulation.{key}", **values)

    def kind(self, kind: str, platform: str = "") -> str:
        name = self.tell(f"kinds.{kind}")
        if not platform:
            return name
        names: dict[str, str] = entry("triangulation.platforms", self.say.lang)
        return f"{name} ({names.get(platform, platform)})"

    def summary(self, rows: Sequence[Row]) -> str:
        verdicts = {(row["brand"], row["attribute"], row["value"]): row["agreement"] for row in rows}
        counts = Counter(v for v in verdicts.values() if v in (AGREE, CONFLICT, OPEN))
        if not counts:
            return self.tell("summary_none")
        return self.tell(
            "summary", told=counts.total(), agree=counts[AGREE], conflict=counts[CONFLICT], open=counts[OPEN]
        )

    def hidden(self, rows: Sequence[Row]) -> set[int]:
        """Cells that must not be told, so that no small group can be worked out from the others: where those left over are too
        few, the smallest that could be told is hidden with them."""
        found = {id(row) for row in rows if self.estimate(row) is None}
        groups: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in rows:
            if row["attribute"] in SINGLE and row["people"] is not None and row["unit"] == PEOPLE:
                groups[row["brand"], row["attribute"], row["kind"], row["platform"]].append(row)
        for group in groups.values():
            shown = [row for row in group if id(row) not in found and row["people"]]
            left = (group[0]["n"] or 0) - sum(row["people"] for row in shown)
            if len(shown) > 1 and hiding.too_few(left, self.minimum):
                found.add(id(min(shown, key=lambda row: row["people"])))
        return found

    def estimate(self, row: Row) -> Estimate | None:
        """A share of people as it may be told; of what is no count of people there is nobody to hide."""
        share = row["share"]
        if share is None:
            return None
        if row["people"] is None or row["n"] is None or row["unit"] != PEOPLE or row["kind"] == REFERENCE:
            low, high = (row["low"], row["high"]) if row["low"] is not None else (share, share)
            return Estimate(row["people"] or 0, round(row["n"] or 0), share, low, high)
        return hiding.estimate(
            row["people"], round(row["n"]), share, row["low"], row["high"], self.minimum,
            rest_is_silent=row["attribute"] == PAIN,
        )  # fmt: skip

    def conflicts(self, rows: Sequence[Row], hidden: set[int]) -> Iterator[Block]:
        """Every value that is counted as a contradiction, the own brand's first, then by how far apart they lie."""
        found: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in rows:
            if row["agreement"] == CONFLICT and row["share"] is not None:
                found[row["brand"], row["attribute"], row["value"]].append(row)
        if not found:
            return
        order = sorted(found, key=lambda key: (key[0] != self.study.own.name, -_gap(found[key])))
        lines: list[list[Cell | str]] = []
        for brand, attribute, value in order[:_MOST_CONFLICTS]:
            said = "; ".join(self._said(row, hidden) for row in found[brand, attribute, value])
            lines.append([self.say.chip(attribute, value), self.say.brand(brand), said])
        left = len(order) - len(lines)
        note = self.tell("conflict_more", n=left) if left else None
        names = [self.tell("attribute"), self.tell("whose"), self.tell("conflict")]
        yield Table(self.tell("conflicts"), names, lines, note=note)

    def _said(self, row: Row, hidden: set[int]) -> str:
        kind = self.kind(row["kind"], row["platform"])
        if id(row) in hidden:
            told = self.tell("few" if self.estimate(row) is None else "protects")
            return self.tell("said_hidden", kind=kind, told=told)
        if by_rank(row["attribute"]) and row["rank_low"] is not None:
            return self.tell("ranked", kind=kind, rank=_rank(row))
        estimate = self.estimate(row)
        assert estimate is not None, "what cannot be told is among the hidden"
        share = self.say.told(estimate)
        if not row["n"]:
            return self.tell("said_unknown", kind=kind, share=share)
        return self.tell("said", kind=kind, share=share, n=self.say.count(row["n"]))

    def cards(self, rows: Sequence[Row], hidden: set[int]) -> Iterator[Card]:
        brands = [self.study.own.name, MARKET, *(brand.name for brand in self.study.competitors)]
        for brand in brands:
            mine = [row for row in rows if row["brand"] == brand]
            tables = [self._table(attribute, mine, hidden) for attribute in (*ATTRIBUTES, PAIN)]
            held = [table for table in tables if table is not None]
            if held:
                yield Card(self.say.brand(brand), held)

    def _table(self, attribute: str, rows: Sequence[Row], hidden: set[int]) -> Table | None:
        mine = [row for row in rows if row["attribute"] == attribute]
        whose = {(row["kind"], row["platform"]) for row in mine}
        if len(whose) < 2 or all(row["kind"] == PAGES for row in mine):
            return None
        columns = sorted(whose, key=lambda one: (KINDS.index(one[0]), one[1]))
        largest: defaultdict[str, float] = defaultdict(float)
        for row in mine:
            largest[row["value"]] = max(largest[row["value"]], row["share"] or 0.0)
        if mine[0]["brand"] not in (self.study.own.name, MARKET):  # of others only what can be compared
            largest = defaultdict(float, {v: s for v, s in largest.items() if _kinds(mine, v) > 1})
            if not largest:
                return None
        values = sorted(largest, key=lambda value: (-largest[value], value))[:_MOST_VALUES]
        if attribute in BANDED:
            values.sort(key=band_start)
        cells = {(row["value"], row["kind"], row["platform"]): row for row in mine}
        verdicts = {row["value"]: row["agreement"] for row in mine}
        lines: list[list[Cell | str]] = []
        for value in values:
            line: list[Cell | str] = [self.say.value(attribute, value)]
            line += [self._cell(cells.get((value, *one)), hidden) for one in columns]
            lines.append([*line, self._verdict(attribute, verdicts[value])])
        names = [self.tell("values"), *(upper(self.kind(*one)) for one in columns), self.tell("verdict")]
        notes = [self.tell("by_rank")] if by_rank(attribute) and {AGREE, CONFLICT} & set(verdicts.values()) else []
        notes += [self.tell("more_values", n=_MOST_VALUES)] if len(largest) > _MOST_VALUES else []
        note = " ".join(notes) or None
        return Table(upper(self.say.attribute(attribute)), names, lines, note=note)

    def _verdict(self, attribute: str, verdict: str) -> str:
        """A verdict, and where ranks were compared, that they were: two shares may agree in rank and yet lie far apart."""
        ranked = by_rank(attribute) and verdict in (AGREE, CONFLICT)
        return self.tell(f"agreement.{verdict}_rank" if ranked else f"agreement.{verdict}")

    def _cell(self, row: Row | None, hidden: set[int]) -> Cell | str:
        if row is None:
            return self.tell("no_share")
        if row["kind"] == PAGES:
            return self.tell("addressed")
        estimate = self.estimate(row)
        if estimate is None:
            return self.tell("few")
        if id(row) in hidden:
            return self.tell("protects")
        if not row["n"]:
            return Cell(self.say.percent(row["share"]), number=row["share"], note=self.tell("no_people"))
        if row["unit"] != PEOPLE:
            units: dict[str, str] = entry("triangulation.units", self.say.lang)
            note = self.tell("of_units", unit=units.get(row["unit"], row["unit"]))
            return Cell(self.say.percent(row["share"]), number=row["share"], note=note)
        note = self.say.stands_on(estimate)
        if by_rank(row["attribute"]) and row["rank_low"] is not None:
            note = f"{note} · {self.tell('rank', rank=_rank(row))}"
        if registered.is_weighted(row):
            note = f"{note} · {self.tell('is_weighted')}"
        return Cell(self.say.told(estimate), number=estimate.share, note=note)

    def references(self, rows: Sequence[Row], hidden: set[int]) -> Iterator[Table]:
        held = [row for row in rows if row["kind"] == REFERENCE and id(row) not in hidden]
        if not held:
            return
        names = ("attribute", "weighted", "unweighted", "weight", "documents")
        lines: list[list[Cell | str]] = [
            [
                f"{self.say.brand(row['brand'])} – {self.say.chip(row['attribute'], row['value'])}",
                Cell(self.say.percent(row["share"]), number=row["share"]),
                Cell(self.say.percent(row["plain"]), number=row["plain"]),
                self.say.number(row["weight"], 2),
                self.say.count(row["sources"]),
            ]
            for row in held[:60]
        ]
        yield Table(self.tell("references"), [self.tell(n) for n in names], lines, note=self.tell("references_note"))

    def cannot_see(self, rows: Sequence[Row]) -> Table:
        lines: list[list[Cell | str]] = []
        for kind in KINDS:
            mine = [row for row in rows if row["kind"] == kind]
            if not mine:
                continue
            newest = max((row["as_of"] for row in mine if row["as_of"]), default=None)
            has = (
                self.tell("has", count=len(mine), as_of=self.say.date(newest))
                if newest
                else self.tell("has_undated", count=len(mine))
            )
            lines.append([upper(self.kind(kind)), has, self.tell(f"cannot_see.{kind}")])
        names = ("cannot_kind", "cannot_has", "cannot_what")
        return Table(self.tell("cannot"), [self.tell(name) for name in names], lines)


def _kinds(rows: Sequence[Row], value: str) -> int:
    return len({(row["kind"], row["platform"]) for row in rows if row["value"] == value})


def _gap(rows: Sequence[Row]) -> float:
    shares = [row["share"] for row in rows]
    return float(max(shares) - min(shares))


def _rank(row: Row) -> str:
    low, high = row["rank_low"], row["rank_high"]
    return str(low) if low == high else f"{low}–{high}"
