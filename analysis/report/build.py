"""From the findings in the store to the report's model."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.compare import DIFFERENT
from analysis.findings import known
from analysis.promises import COMPLAINED
from analysis.report import model
from analysis.report.evidence import Book, plain, safe_url, wants_met, wants_pain, wants_value
from analysis.report.sources import coverage, source_lines
from analysis.values import BANDED, band_start
from data.codebook import ATTRIBUTES
from data.store import Store
from data.study import MARKET, Brand, Study

Row = Mapping[str, Any]
#: Values shown of one attribute; the table `audience_shares` holds the others.
SHOWN_VALUES = 10
#: Of the market at least this share tells of a pain that is called an opening.
OPENING_FROM = 0.05
_SHOWN_OFFERS = 8
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
    promised = {line.category for c in competitors for line in c.pages.promises}
    openings = [
        model.Opening(h)
        for h in market.hurts
        if h.rank is not None and h.estimate.low >= OPENING_FROM and h.category not in promised and _of_a_brand(h)
    ]
    last = known(store)
    return model.Report(
        study=study.study,
        language=study.language,
        own=study.own.name,
        note=study.note,
        made_at=made_at,
        timezone=study.timezone,
        minimum=study.privacy.minimum_group,
        market=market,
        ours=ours,
        our_pages=our_pages,
        competitors=competitors,
        segments=segments,
        openings=tuple(openings[:5]) if any(c.pages.count for c in competitors) else (),
        coverage=coverage(store, last["counts"] if last else {}),
        sources=tuple(source_lines(store)),
        evidence=book.read(store),
    )


def _of_a_brand(hurt: model.Hurt) -> bool:
    """Whether people blame a product or miss one; a hard life alone is nobody's promise to keep."""
    kinds = dict(hurt.kinds)
    return kinds.get("problem", 0) < sum(kinds.values()) / 2


#: A line of a page that ends so is the beginning of a sentence, not the name of what is sold.
_OPEN_END = re.compile(
    r"(?<!\w)(?:chưa tới|chưa đến|không quá|chỉ|chỉ còn|còn|từ|giá|only|from|just|under|less than)\W*$|:\s*$", re.I
)


def _fragment(name: str | None) -> bool:
    return bool(name and _OPEN_END.search(name))


class _Found:
    """The findings' tables, read once, and turned into the model brand by brand."""

    def __init__(self, store: Store, study: Study, book: Book) -> None:
        self.study, self.book = study, book
        self.sizes = {(r["brand"], r["attribute"]): r for r in store.query("select * from audiences")}
        self.shares = _by(store.query("select * from audience_shares order by share desc, value"), "brand")
        self.hurts = _by(store.query("select * from pain_shares order by authors desc, category"), "brand")
        self.verdicts = list(store.query("select * from verdicts"))
        self.comparisons = _by(store.query("select * from comparisons"), "brand")
        self.promises = _by(store.query("select * from promises_kept order by authors desc, promise"), "brand")
        self.landing = _by(
            store.query("select brand, url, last_seen, content from landing_current order by url"), "brand"
        )
        self.keys: dict[tuple[str, str, str], str | None] = {}

    def portrait(self, brand: str) -> model.Portrait:
        every = self.sizes.get((brand, "all")) or {}
        people = int(every.get("audience") or 0)
        enough = people >= self.study.privacy.minimum_group
        traits = [self._trait(brand, attribute, part) for attribute, part in ATTRIBUTES.items()]
        return model.Portrait(
            brand,
            people,
            int(every.get("posts") or 0),
            int(every.get("sources") or 0),
            every.get("first_seen"),
            every.get("last_seen"),
            tuple(t for t in traits if t and enough),
            tuple(self._hurt(brand, row) for row in self.hurts[brand]) if enough else (),
        )

    def _trait(self, brand: str, attribute: str, part: str) -> model.Trait | None:
        size = self.sizes.get((brand, attribute))
        if size is None:
            return None
        rows = [r for r in self.shares[brand] if r["attribute"] == attribute][:SHOWN_VALUES]
        if attribute in BANDED:
            rows.sort(key=lambda row: band_start(row["value"]))
        return model.Trait(attribute, part, size["told"], size["audience"], tuple(self._cell(brand, r) for r in rows))

    def _cell(self, brand: str, row: Row) -> model.Cell:
        estimate = model.Estimate(row["authors"], row["told"], row["share"], row["low"], row["high"])
        return model.Cell(row["attribute"], row["value"], estimate, _seen(row), self._cell_key(brand, row))

    def _cell_key(self, brand: str, row: Row) -> str | None:
        attribute, value = row["attribute"], row["value"]
        place = (brand, attribute, value)
        if place not in self.keys:
            wanted, posts = wants_value(attribute, value), json.loads(row["evidence"])
            self.keys[place] = self.book.add(
                brand, (attribute, value), row["authors"], row["told"], posts, wanted, seen=_seen(row)
            )
        return self.keys[place]

    def _hurt(self, brand: str, row: Row) -> model.Hurt:
        kinds = sorted(json.loads(row["kinds"]).items(), key=lambda kind: -kind[1])
        return model.Hurt(
            row["category"],
            model.Estimate(row["authors"], row["audience"], row["share"], row["low"], row["high"]),
            row["severity"],
            row["rank"],
            row["rank_low"],
            row["rank_high"],
            tuple(kinds),
            _seen(row),
            self._hurt_key(brand, row),
        )

    def _hurt_key(self, brand: str, row: Row) -> str | None:
        category = row["category"]
        place = (brand, "pain", category)
        if place not in self.keys:
            wanted, posts = wants_pain(category), json.loads(row["evidence"])
            self.keys[place] = self.book.add(
                brand, ("pain", category), row["authors"], row["audience"], posts, wanted, seen=_seen(row)
            )
        return self.keys[place]

    def _shown(self, brand: str, attribute: str, value: str) -> str | None:
        """The evidence of a share or pain that the findings hold, whether or not the portrait shows it."""
        if attribute == "pain":
            return next((self._hurt_key(brand, r) for r in self.hurts[brand] if r["category"] == value), None)
        cells = (r for r in self.shares[brand] if r["attribute"] == attribute and r["value"] == value)
        return next((self._cell_key(brand, r) for r in cells), None)

    def segments(self) -> Iterable[model.Segment]:
        for segment in self.study.own.target:
            rows = [r for r in self.verdicts if r["segment"] == segment.segment]
            yield model.Segment(segment.segment, segment.share_of_revenue, tuple(self._check(r) for r in rows))

    def _check(self, row: Row) -> model.Check:
        shown, expected = json.loads(row["evidence"]), tuple(json.loads(row["expected"]))
        top = re.fullmatch(r"top\s*(\d+)", expected[0]) if row["pain"] else None
        count, n, brand = shown["count"], row["n"], row["brand"]
        met = unmet = None
        if row["share"] is not None and row["attribute"]:
            subject = (row["attribute"], "|".join(expected))
            sides = ((shown["met"], True, count), (shown["unmet"], False, n - count))
            met, unmet = (
                self.book.add(
                    brand,
                    subject,
                    people,
                    n,
                    posts,
                    wants_met(row["attribute"], expected, fits),
                    side="met" if fits else "unmet",
                )
                for posts, fits, people in sides
            )
        elif row["share"] is not None:
            met = self._shown(brand, "pain", row["pain"])
        return model.Check(
            row["segment"], row["position"], brand, row["attribute"], row["pain"], expected, row["at_least"],
            row["at_most"], int(top[1]) if top else None, row["verdict"], row["share"], row["low"], row["high"], count, n,
            row["needed"], met, unmet,
        )  # fmt: skip

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
        return [self._difference(r) for r in mine[:_SHOWN_PAIRS]]

    def _difference(self, row: Row) -> model.Difference:
        value, own = row["measure"].removeprefix("difference:"), json.loads(row["detail"])["n_own"]
        key = self._shown(row["brand"], row["attribute"], value) or self._shown(
            self.study.own.name, row["attribute"], value
        )
        return model.Difference(
            row["attribute"],
            value,
            row["value"],
            row["low"],
            row["high"],
            row["n"],
            own,
            row["q_value"],
            row["verdict"],
            key,
        )

    def pages(self, brand: Brand) -> model.Pages:
        pages = [(row["url"], json.loads(row["content"])) for row in self.landing[brand.name]]
        offers = [self._offer(url, offer) for url, page in pages for offer in page.get("offers") or ()]
        priced = {
            (o.name, o.price, o.currency, o.price_text): o
            for o in offers
            if (o.price is not None or o.price_text) and not _fragment(o.name)
        }
        return model.Pages(
            len(pages),
            max((row["last_seen"] for row in self.landing[brand.name]), default=None),
            _lines(pages, "audiences"),
            tuple(self._promised(rows) for rows in _by(self.promises[brand.name], "category").values()),
            tuple(priced.values())[:_SHOWN_OFFERS],
            _lines(pages, "proofs"),
        )

    @staticmethod
    def _offer(url: str, offer: Row) -> model.OfferLine:
        name, per = (plain(str(offer[key]))[:120] if offer.get(key) else None for key in ("name", "per"))
        return model.OfferLine(
            name, offer.get("price"), offer.get("currency"), per, offer.get("was"),
            plain(str(offer.get("price_text") or ""))[:60], safe_url(url),
        )  # fmt: skip

    def _promised(self, rows: Sequence[Row]) -> model.Promised:
        first, key = rows[0], None
        brand, category, authors = first["brand"], first["category"], first["authors"]
        if first["verdict"] == COMPLAINED:
            # Complaints alone, without the hard lives that the category's whole pain counts too.
            size = int((self.sizes.get((brand, "all")) or {"audience": 0})["audience"])
            key = self.book.add(
                brand, ("pain", category), authors, size, json.loads(first["evidence"]), wants_pain(category)
            )
        texts = tuple((plain(row["promise"]), safe_url(row["url"])) for row in rows[:_SHOWN_WORDINGS])
        return model.Promised(category, texts, authors, first["verdict"], key)


def _seen(row: Row) -> model.Seen:
    return model.Seen(row["posts"], row["sources"], row["first_seen"], row["last_seen"])


def _match(row: Row) -> model.Match:
    counts = json.loads(row["detail"])
    return model.Match(
        row["measure"].removeprefix("target:"), row["verdict"], row["value"], row["low"], row["high"],
        counts["supported"], counts["contradicted"], counts["not_enough"],
    )  # fmt: skip


def _apart(row: Row) -> model.Apart:
    detail = json.loads(row["detail"])
    return model.Apart(
        row["attribute"], row["value"], detail["by_chance"], row["n"], detail["n_own"], row["q_value"], row["verdict"]
    )


def _lines(pages: Iterable[tuple[str, Row]], name: str) -> tuple[str, ...]:
    texts = (plain(str(text))[:200] for _, page in pages for text in page.get(name) or ())
    return tuple(dict.fromkeys(text for text in texts if text))[:6]


def _by(rows: Iterable[dict[str, Any]], column: str) -> defaultdict[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row[column] or ""].append(row)
    return found
