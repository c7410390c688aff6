"""From the findings in the store to the report's model."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from analysis import promises
from analysis.differences import DIFFERENT
from analysis.known_findings import known
from analysis.promises import BROKEN_BY, COMPLAINED, CURRENT_PAGES, NOT_ENOUGH
from analysis.report import brand_pages, hiding, model, pain_trends, withholding
from analysis.report.evidence import Book, plain, safe_url, wants_met, wants_pain, wants_value
from analysis.report.sources import coverage, source_lines
from analysis.statistics import share
from analysis.values import BANDED, assumption_figure, band_start, figure
from data.codebook import ATTRIBUTES
from data.store import Store
from data.study import MARKET, Brand, Study

Row = Mapping[str, Any]
#: Values shown of one attribute; the table `audience_shares` holds the others.
SHOWN_VALUES = 10
#: Of those who speak of a competitor at least this share tells of a pain that is called an opening.
OPENING_FROM = 0.05
#: The demonstration remembers its market in a file of this name beside its study.
DEMONSTRATION = ".demo.json"
_SHOWN_OPENINGS = 5
_SHOWN_WORDINGS = 3
_SHOWN_PAIRS = 12


def build(store: Store, study: Study, made_at: str) -> model.Report:
    """Read the findings of the last analysis, with the posts behind each number."""
    book = Book()
    found = _Found(store, study, book)
    ours = found.portrait(study.own.name)
    competitors = tuple(found.competitor(brand) for brand in study.competitors)
    market = found.portrait(MARKET)
    our_pages = found.pages(study.own)
    segments = tuple(found.segments())
    openings, weaknesses = found.openings(market, ours, competitors)
    last = known(store)
    return model.Report(
        study=study.study,
        language=study.language,
        own=study.own.name,
        note=study.note,
        demonstration=study.folder.name if (study.folder / DEMONSTRATION).exists() else None,
        made_at=made_at,
        timezone=study.timezone,
        minimum=study.privacy.minimum_group,
        market=market,
        ours=ours,
        our_pages=our_pages,
        competitors=competitors,
        segments=segments,
        openings=openings,
        weaknesses=weaknesses,
        coverage=coverage(store, last["counts"] if last else {}, study.privacy.minimum_group),
        sources=tuple(source_lines(store)),
        evidence=book.read(store),
        database=study.database.stem,
    )


class _Found:
    """The findings' tables, read once, and turned into the model brand by brand."""

    def __init__(self, store: Store, study: Study, book: Book) -> None:
        self.study, self.book, self.minimum = study, book, study.privacy.minimum_group
        self.sizes = {(r["brand"], r["attribute"]): r for r in store.query("select * from audiences")}
        self.shares = _by(store.query("select * from audience_shares order by share desc, value"), "brand")
        hurts = list(store.query("select * from pain_shares order by authors desc, category"))
        self.hurts = _by((row for row in hurts if row["authors"]), "brand")
        self.unheard = _by((row for row in hurts if not row["authors"]), "brand")
        self.verdicts = list(store.query("select * from verdicts"))
        self.comparisons = _by(store.query("select * from comparisons"), "brand")
        self.promises = _by(store.query("select * from promises_kept order by authors desc, promise"), "brand")
        not_kept = store.query("select * from claims where verdict = 'not_kept' order by claimed")
        self.not_kept = {(row["brand"], row["value"]): row for row in not_kept}
        self.landing = _by(store.query(CURRENT_PAGES), "brand")
        self.touched = promises.touched(store)
        self.trends = pain_trends.read(store, self.minimum)
        self.withheld = withholding.read(store, self.minimum)
        self.keys: dict[tuple[str, str, str], str | None] = {}

    def portrait(self, brand: str) -> model.Portrait:
        every = self.sizes.get((brand, "all")) or {}
        people = hiding.people(int(every.get("audience") or 0), self.minimum)
        if not people:
            return model.Portrait(brand, people, 0, 0, None, None, (), ())
        traits = [self._trait(brand, attribute, part) for attribute, part in ATTRIBUTES.items()]
        hurts = [self._hurt(brand, row) for row in self.hurts[brand]]
        return model.Portrait(
            brand,
            people,
            int(every["posts"]),
            int(every["sources"]),
            every["first_seen"],
            every["last_seen"],
            tuple(t for t in traits if t),
            tuple(h for h in hurts if h),
            frozenset(row["category"] for row in self.unheard[brand]),
        )

    def _trait(self, brand: str, attribute: str, part: str) -> model.Trait | None:
        size = self.sizes.get((brand, attribute))
        if size is None:
            return None
        rows = [r for r in self.shares[brand] if r["attribute"] == attribute][:SHOWN_VALUES]
        if attribute in BANDED:
            rows.sort(key=lambda row: band_start(row["value"]))
        cells = [cell for row in rows if (cell := self._cell(brand, row))]
        told = size["told"] if cells else 0
        return model.Trait(attribute, part, told, size["audience"], tuple(cells))

    def _told(self, row: Row) -> model.Estimate | None:
        """A share of those who tell an attribute."""
        if row["brand"] == MARKET and self.withheld.covers(row["attribute"], row["value"]):
            return self.withheld.bound(row["attribute"], row["value"], row["told"], self.minimum)
        return hiding.estimate(row["authors"], row["told"], row["share"], row["low"], row["high"], self.minimum)

    def _tells_of(self, row: Row) -> model.Estimate | None:
        """A share of an audience, of whom the others are silent about a pain."""
        if row["brand"] == MARKET and self.withheld.covers("pain", row["category"]):
            return self.withheld.bound("pain", row["category"], row["audience"], self.minimum)
        return hiding.estimate(
            row["authors"], row["audience"], row["share"], row["low"], row["high"], self.minimum, rest_is_silent=True
        )

    def _cell(self, brand: str, row: Row) -> model.Cell | None:
        estimate = self._told(row)
        if estimate is None:
            return None
        return model.Cell(row["attribute"], row["value"], estimate, _seen(row), self._cell_key(brand, row))

    def _cell_key(self, brand: str, row: Row) -> str | None:
        attribute, value = row["attribute"], row["value"]
        place = (brand, attribute, value)
        if place not in self.keys:
            wanted, posts = wants_value(attribute, value), json.loads(row["evidence"])
            query = ("who_counts", {"brand": _named(brand), "figure": figure(attribute, value)})
            self.keys[place] = self.book.add(
                brand, (attribute, value), self._told(row), posts, wanted, query, seen=_seen(row)
            )
        return self.keys[place]

    def _hurt(self, brand: str, row: Row) -> model.Hurt | None:
        estimate = self._tells_of(row)
        if estimate is None:
            return None
        kinds = sorted(json.loads(row["kinds"]).items(), key=lambda kind: -kind[1])
        # One kind told by too few could be worked out from the others: then none gets a number.
        hidden = estimate.at_least or any(hiding.too_few(n, self.minimum) for _, n in kinds)
        return model.Hurt(
            row["category"],
            estimate,
            row["severity"],
            row["rank"],
            row["rank_low"],
            row["rank_high"],
            tuple((kind, None if hidden else n) for kind, n in kinds if not hiding.too_few(n, self.minimum)),
            _seen(row),
            self._hurt_key(brand, row),
            self.trends.get((brand, row["category"])),
        )

    def _hurt_key(self, brand: str, row: Row) -> str | None:
        category = row["category"]
        place = (brand, "pain", category)
        if place not in self.keys:
            wanted, posts = wants_pain(category), json.loads(row["evidence"])
            query = ("pain_quotes", {"brand": _named(brand), "category": category})
            self.keys[place] = self.book.add(
                brand, ("pain", category), self._tells_of(row), posts, wanted, query, seen=_seen(row)
            )
        return self.keys[place]

    def _shown(self, brand: str, attribute: str, value: str) -> str | None:
        """The evidence of a share or pain that the findings hold, whether or not the portrait shows it."""
        if attribute == "pain":
            return next((self._hurt_key(brand, r) for r in self.hurts[brand] if r["category"] == value), None)
        cells = (r for r in self.shares[brand] if r["attribute"] == attribute and r["value"] == value)
        return next((self._cell_key(brand, r) for r in cells), None)

    def segments(self) -> Iterable[model.Segment]:
        for number, segment in enumerate(self.study.own.target):
            rows = [r for r in self.verdicts if r["segment"] == segment.segment]
            checks = tuple(self._check(number, row) for row in rows)
            yield model.Segment(segment.segment, segment.share_of_revenue, checks)

    def _check(self, segment: int, row: Row) -> model.Check:
        expected = tuple(json.loads(row["expected"]))
        top = re.fullmatch(r"top\s*(\d+)", expected[0]) if row["pain"] else None
        count, n = json.loads(row["evidence"])["count"], row["n"]
        about = model.Check(
            row["segment"], row["position"], row["brand"], row["attribute"], row["pain"], expected, row["at_least"],
            row["at_most"], int(top[1]) if top else None, row["verdict"], None, None, None,
            hiding.people(n, self.minimum), None, None, None, name=row["assumption"],
        )  # fmt: skip
        if hiding.too_few(count, self.minimum) and (row["pain"] or row["share"] is not None):
            return replace(about, few=True)
        subject = (row["attribute"], None) if row["attribute"] else ("pain", row["pain"])
        if row["share"] is None or (row["brand"] == MARKET and not top and self.withheld.covers(*subject)):
            return about
        if top:
            ranks = {"value": row["share"], "low": row["low"], "high": row["high"]} if count else {}
            key = self._shown(row["brand"], "pain", row["pain"])
            return replace(about, **ranks, met=key, ahead=self._ahead(row["brand"], row["pain"]))
        said = hiding.estimate(
            count, n, row["share"], row["low"], row["high"], self.minimum, rest_is_silent=bool(row["pain"])
        )
        if said is None:
            return about
        met, unmet = self._sides(segment, row, said)
        needed = None if said.at_least else row["needed"]
        return replace(
            about, value=said.share, low=said.low, high=said.high, needed=needed, met=met, unmet=unmet,
            bound=said.at_least,
        )  # fmt: skip

    def _sides(self, segment: int, row: Row, said: model.Estimate) -> tuple[str | None, str | None]:
        """The evidence for and against an assumption about a share; those who are silent about a pain say nothing."""
        if row["pain"]:
            return self._shown(row["brand"], "pain", row["pain"]), None
        attribute, brand, expected = row["attribute"], row["brand"], json.loads(row["expected"])
        shown, keys = json.loads(row["evidence"]), []
        low, high = 1 - said.high, 1 - said.low
        against = hiding.estimate(said.n - said.count, said.n, 1 - said.share, low, high, self.minimum)
        for fits, people in ((True, said), (False, None if said.at_least else against)):
            side = "met" if fits else "unmet"
            query = {"brand": _named(brand), "figure": assumption_figure(segment, row["position"], fits=fits)}
            subject, wanted = (attribute, "|".join(expected)), wants_met(attribute, expected, fits)
            keys.append(self.book.add(brand, subject, people, shown[side], wanted, ("who_counts", query), side=side))
        return keys[0], keys[1]

    def _ahead(self, brand: str, pain: str) -> tuple[tuple[str, str | None], ...]:
        """The pains that more people tell of than of this one, with their evidence."""
        rows = [r for r in self.hurts[brand] if r["rank"] is not None]
        mine = next((r["authors"] for r in rows if r["category"] == pain), 0)
        return tuple((r["category"], self._hurt_key(brand, r)) for r in rows if r["authors"] > mine)

    def openings(
        self, market: model.Portrait, ours: model.Portrait, competitors: Sequence[model.Competitor]
    ) -> tuple[tuple[model.Opening, ...], tuple[model.Weakness, ...]]:
        """What competitors' customers complain of and no page read of a competitor promises, and what of it is our own weakness."""
        pages = [self.touched[c.name] for c in competitors if c.name in self.touched]
        if not pages:
            return (), ()
        promised = {category for _, told in pages for category in told}
        blamed = [r for r in self.comparisons[MARKET] if r["measure"].startswith("competitors:")]
        found = [row for row in blamed if row["low"] >= OPENING_FROM and _category(row) not in promised]
        found.sort(key=lambda row: -row["value"])
        openings = [o for row in found[:_SHOWN_OPENINGS] if (o := self._opening(row))]
        known = {o.category for o in openings} | promised
        weaknesses = [
            model.Weakness(h.category, mine.estimate, mine.evidence)
            for h in market.hurts
            if h.rank is not None and h.category not in known and h.estimate.low >= OPENING_FROM
            if (mine := ours.hurt(h.category)) and mine.estimate.count >= h.estimate.count / 2
        ]
        return tuple(openings), tuple(weaknesses[:_SHOWN_OPENINGS])

    def _opening(self, row: Row) -> model.Opening | None:
        category, detail = _category(row), json.loads(row["detail"])
        people = model.Estimate(detail["count"], row["n"], row["value"], row["low"], row["high"])
        if self.withheld.covers("pain", category):  # all competitors together are as telling as the market
            sure = sum(r["authors"] for b in self.study.competitors for r in self.hurts[b.name] if r["category"] == category
                       and not hiding.too_few(r["authors"], self.minimum))  # fmt: skip
            if (certain := min(sure, detail["count"])) < self.minimum:
                return None
            people = model.Estimate(certain, row["n"], certain / row["n"], certain / row["n"], 1.0, at_least=True)
        query = ("pain_quotes", {"role": "competitor", "category": category, "kinds": ",".join(BROKEN_BY)})
        seen, subject = _seen(detail), ("pain", category)
        key = self.book.add(
            model.COMPETITORS, subject, people, detail["evidence"], wants_pain(category), query, seen=seen
        )
        return model.Opening(category, people, key)

    def competitor(self, brand: Brand) -> model.Competitor:
        rows = self.comparisons[brand.name]
        overall = next((r for r in rows if r["measure"] == "verdict"), None)
        detail = json.loads(overall["detail"]) if overall else {}
        portrait = self.portrait(brand.name)
        return model.Competitor(
            portrait,
            self.pages(brand),
            overall["verdict"] if overall else "not_enough",
            detail.get("basis", "target"),
            detail.get("segment"),
            tuple(_match(r) for r in rows if r["measure"].startswith("target:")),
            tuple(self._differences(rows)),
            tuple(_apart(r) for r in rows if r["measure"] == "distance"),
        )

    def _differences(self, rows: Iterable[Row]) -> Iterable[model.Difference]:
        """Those that are real first, then the others, the largest first."""
        mine = [r for r in rows if r["measure"].startswith("difference:")]
        mine.sort(key=lambda r: (r["verdict"] != DIFFERENT, -abs(r["value"])))
        shown = (self._difference(r) for r in mine)
        return list(islice((d for d in shown if d), _SHOWN_PAIRS))

    def _difference(self, row: Row) -> model.Difference | None:
        value, detail = row["measure"].removeprefix("difference:"), json.loads(row["detail"])
        attribute, own = row["attribute"], self.study.own.name
        sides = []
        if not detail.get("counts"):  # found by an earlier version, which did not keep what decides
            return None
        for count, n in zip(detail["counts"], (row["n"], detail["n_own"]), strict=True):
            found = share(count, n)
            silent = attribute == "pain"
            sides.append(
                hiding.estimate(count, n, found.value, found.low, found.high, self.minimum, rest_is_silent=silent)
            )
            if sides[-1] is None and not hiding.too_few(count, self.minimum):
                return None
        told = all(side and not side.at_least for side in sides)
        key = self._shown(row["brand"], attribute, value) or self._shown(own, attribute, value)
        estimate, low, high = (row[name] if told else None for name in ("value", "low", "high"))
        return model.Difference(
            attribute, value, estimate, low, high, sides[0], sides[1], row["n"], detail["n_own"], row["q_value"],
            row["verdict"], key,
        )  # fmt: skip

    def pages(self, brand: Brand) -> model.Pages:
        return brand_pages.pages(self.landing[brand.name], self._promises(brand.name))

    def _promises(self, brand: str) -> tuple[model.Promised, ...]:
        """Each promise once, with all that it is about; the same wordings often touch several pains."""
        together: dict[tuple[tuple[str, str | None], ...], list[model.Heard]] = {}
        for rows in _by(self.promises[brand], "category").values():
            texts = tuple((plain(row["promise"]), safe_url(row["url"])) for row in rows[:_SHOWN_WORDINGS])
            together.setdefault(tuple(dict(texts).items()), []).append(self._heard(rows[0]))
        return tuple(model.Promised(texts, tuple(heard)) for texts, heard in together.items())

    def _heard(self, row: Row) -> model.Heard:
        brand, category, authors = row["brand"], row["category"], row["authors"]
        if row["verdict"] != COMPLAINED:
            return model.Heard(category, hiding.people(authors, self.minimum), row["verdict"], None)
        # Complaints alone, without the hard lives that the category's whole pain counts too.
        size = int((self.sizes.get((brand, "all")) or {"audience": 0})["audience"])
        whole = next((r["authors"] for r in self.hurts[brand] if r["category"] == category), 0)
        found = share(authors, size)
        people = hiding.part(authors, whole, size, found.value, found.low, found.high, self.minimum)
        if people is None:
            return model.Heard(category, None, NOT_ENOUGH, None)
        query = ("pain_quotes", {"brand": brand, "category": category, "kinds": ",".join(BROKEN_BY)})
        broken, shown, near = self.not_kept.get((brand, category)), json.loads(row["evidence"]), None
        if broken:  # who complains of the very thing is shown first
            near = json.loads(broken["detail"]).get("near")
            near = None if near is None or hiding.too_few(authors - near, self.minimum) else near
            shown = list(dict.fromkeys([*json.loads(broken["evidence"]), *shown]))[: max(len(shown), 1)]
        key = self.book.add(
            brand, ("pain", category), people, shown, wants_pain(category), query, side="complaints",
        )  # fmt: skip
        said = plain(broken["claimed"]) if broken else None
        return model.Heard(category, round(people.count), COMPLAINED, key, people.at_least, said, near)


def _named(brand: str) -> str:
    """A brand as the named queries take it: the whole market by no name."""
    return "" if brand == MARKET else brand


def _category(row: Row) -> str:
    return str(row["measure"]).partition(":")[2]


def _seen(row: Row) -> model.Seen:
    return model.Seen(row["posts"], row["sources"], row["first_seen"], row["last_seen"])


def _match(row: Row) -> model.Match:
    counts = json.loads(row["detail"])
    return model.Match(
        row["measure"].removeprefix("target:"), row["verdict"], row["value"], row["low"], row["high"],
        counts["supported"], counts["contradicted"], counts["not_enough"],
        counts.get("undecided", 0),
    )  # fmt: skip


def _apart(row: Row) -> model.Apart:
    detail = json.loads(row["detail"])
    return model.Apart(
        row["attribute"], row["value"], detail["by_chance"], row["n"], detail["n_own"], row["q_value"], row["verdict"]
    )


def _by(rows: Iterable[dict[str, Any]], column: str) -> defaultdict[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row[column] or ""].append(row)
    return found
