"""What a brand's pages promise beside what its customers complain of."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import data
from analysis.audience import quotable
from analysis.frames import People
from analysis.nearness import near
from analysis.whole_words import any_of
from data.codebook import PAIN_CATEGORIES
from data.relief import BUY_AND_GET, relieved, without_hours
from data.store import Store
from data.study import Study
from data.words import LANGUAGES

COMPLAINED, FEW, NONE, NOT_ENOUGH = "complained", "few", "none", "not_enough"
#: Silence says something only where so many people speak of the brand.
ENOUGH_TO_HEAR = 30
#: Kinds of pain that say a promise was not kept.
BROKEN_BY = ("complaint", "objection", "suggestion", "unmet_need")
_LONGEST = 300
#: What a typed claim of a page is a promise about, by its area or its area and kind; a benefit names its category itself.
_CLAIMED = {
    "delivery": "delivery",
    "discount": "price",
    "guarantee": "warranty_returns",
    "guarantee.genuine": "trust_fraud",
    "guarantee.price": "price",
    "guarantee.result": "performance",
    "guarantee.uptime": "performance",
    "payment.instalments": "money_worry",
}
#: Words of a gift, and words by which one pays less all the same.
_GIFT = re.compile(r"(?<!\w)(?:tặng|quà|tích điểm|gifts?|points)(?!\w)", re.I)
_CHEAPER = re.compile(
    r"%|(?<!\w)(?:giảm|giá(?! trị)|mã|vouchers?|coupons?|hoàn tiền|rẻ|off|discounts?|sale|prices?|cheap(?:er|est)?)(?!\w)",
    re.I,
)
_FOLDER = Path(data.__file__).parent / "languages"

#: The newest version of each page of a brand. Where a source of unknown kind turned out to hold threads, it is no
#: brand's site, and what an early crawl took for pages of one are none.
CURRENT_PAGES = """
select b.name as brand, l.url, l.last_seen, l.content
from landing_snapshots l join sources s using (source_id) join brands b on b.brand_id = l.brand_id
where l.snapshot_id in (select max(snapshot_id) from landing_snapshots group by url) and s.active
    and (s.kind = 'site' or not exists (select 1 from threads t where t.source_id = l.source_id))
order by l.url
"""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise as a page words it, and the pain category that would break it."""

    brand: str
    text: str
    category: str
    url: str


@cache
def _words() -> dict[str, re.Pattern[str]]:
    """Category → the words of either language by which a page promises something about it."""
    found: dict[str, list[str]] = {}
    for lang in LANGUAGES:
        table = tomllib.loads((_FOLDER / lang / "promises.toml").read_text(encoding="utf-8"))
        for category, phrases in table.items():
            found.setdefault(category, []).extend(phrases)
    return {category: any_of(phrases) for category, phrases in found.items() if category in PAIN_CATEGORIES}


def categories(text: str) -> list[str]:
    """The pain categories that a promise speaks of, by the words in ``promises.toml`` of both languages and by the troubles that it
    denies."""
    plain = without_hours(unicodedata.normalize("NFC", text[:_LONGEST]).lower())
    said = [category for category, pattern in _words().items() if pattern.search(plain)]
    return list(dict.fromkeys([*said, *relieved(plain)]))


def read(store: Store) -> Iterator[Promise]:
    """Every promise on the current version of every brand's pages, once a brand and category.

    What a promise is about is told by its words; where they tell nothing, by the category under which the page's reader claims it.
    """
    seen: set[tuple[str, str, str]] = set()
    for row in store.query(CURRENT_PAGES):
        for wording, claimed in _worded(json.loads(row["content"])):
            for category in categories(wording) or [code for code in claimed if code in PAIN_CATEGORIES]:
                if (row["brand"], wording.lower(), category) not in seen:
                    seen.add((row["brand"], wording.lower(), category))
                    yield Promise(row["brand"], wording, category, row["url"])


def made_since(store: Store, promise: Promise) -> str | None:
    """Since when a page promises this, where it did not when it was first read; ``None`` where it did, or may always have done: what
    another version of the reader found there tells nothing.
    """
    rows = list(
        store.query(
            "select first_seen, content from landing_snapshots where url = ? order by snapshot_id", (promise.url,)
        )
    )
    read = [(str(row["first_seen"]), json.loads(row["content"])) for row in rows]
    read = [(seen, page) for seen, page in read if page.get("reader") == read[-1][1].get("reader")]
    says = [promise.text.lower() in {text.lower() for text, _ in _worded(page)} for _, page in read]
    if not says or says[0] or not says[-1]:
        return None
    last_without = max(place for place, one in enumerate(says) if not one)
    return read[last_without + 1][0]


def touched(store: Store) -> dict[str, tuple[int, set[str]]]:
    """Brand → how many of its pages were read, and every category that they promise something about, or name as what they solve:
    by words and by the reader's claims, in headings too. Only of what is in none of these it can be said that nobody promises it."""
    found: dict[str, tuple[int, set[str]]] = {}
    for row in store.query(CURRENT_PAGES):
        page, (pages, told) = json.loads(row["content"]), found.get(row["brand"], (0, set()))
        for wording, claimed in _worded(page):
            told |= {*categories(wording), *claimed, *(["durability"] if _vouches().search(wording.lower()) else [])}
        for heading in _headings(page):
            told.update(categories(heading))
            if _vouches().search(heading.lower()):
                told.add("durability")
        told |= {str(claim.get("kind")) for claim in page.get("claims") or () if claim.get("area") == "pain"}
        found[row["brand"]] = (pages + 1, told)
    return found


@cache
def _vouches() -> re.Pattern[str]:
    """Words of a warranty: whoever vouches for years answers for what breaks within them."""
    tables = [tomllib.loads((_FOLDER / lang / "promised_near.toml").read_text(encoding="utf-8")) for lang in LANGUAGES]
    return any_of([word for table in tables for word in table["warranty"][0]])


def _worded(page: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a page promises, with the categories under which its reader put it: promises, and claims that stand in none of them;
    a price that is promised in a heading alone, too."""
    codes, whole = page.get("promise_categories") or (), list[str]()
    claims = [(_wording(claim.get("text")), _claimed(claim)) for claim in page.get("claims") or ()]
    paid = {_wording(claim.get("text")).lower() for claim in page.get("claims") or () if claim.get("area") == "payment"}
    for place, text in enumerate(page.get("promises") or ()):
        wording = _wording(text)
        inside = [code for said, code in claims if code and said.lower() in wording.lower()]
        whole.append(wording.lower())
        # How one pays is no promise of how it is delivered.
        yield wording, _less_gifts(wording, *(() if wording.lower() in paid else codes[place : place + 1]), *inside)
    for wording, code in claims:
        if code and not any(wording.lower() in known for known in whole):
            yield wording, _less_gifts(wording, code)
    for heading in _headings(page):
        if "price" in categories(heading) and heading.lower() not in whole:
            yield heading, ("price",)


def _claimed(claim: dict[str, Any]) -> str | None:
    """The pain category that a typed claim answers; ``None`` for a proof, a pain named, or a way to pay."""
    area, kind = str(claim.get("area")), str(claim.get("kind"))
    return kind if area == "benefit" else _CLAIMED.get(f"{area}.{kind}") or _CLAIMED.get(area)


def _less_gifts(wording: str, *codes: str) -> tuple[str, ...]:
    """The categories without ``price`` where all that is promised is a gift or points: nobody pays less for them."""
    if _GIFT.search(wording) and not _CHEAPER.search(wording) and not BUY_AND_GET.search(wording):
        return tuple(code for code in codes if code != "price")
    return codes


def _headings(page: dict[str, Any]) -> list[str]:
    return [_wording(text) for text in (page.get("title"), *(page.get("headings") or ())) if text]


def _wording(text: object) -> str:
    return " ".join(str(text).split())[:_LONGEST]


def kept(people: People, store: Store, study: Study) -> Iterator[dict[str, Any]]:
    """Rows of ``promises_kept``: each promise with the distinct people who complain of just that."""
    unsure = Unsure(store)
    for promise in read(store):
        if promise.brand not in people.brands:
            continue
        rows = people.pains_of(promise.brand)
        hurt = rows[(rows["category"] == promise.category) & rows["kind"].isin(BROKEN_BY)]
        authors = int(hurt["author"].nunique())
        shown = quotable(hurt, ["category"]).get((promise.category,), [])
        yield {
            "brand": promise.brand,
            "promise": promise.text,
            "category": promise.category,
            "url": promise.url,
            "complaints": int(hurt["post"].nunique()),
            "authors": authors,
            "verdict": unsure.verdict(
                promise, authors, len(people.audience(promise.brand)), study.privacy.minimum_group
            ),
            "evidence": json.dumps(shown),
        }


class Unsure:
    """Complaints that are read too unsurely to be counted, or under another category: while there is one of the very matter, nobody can
    say that nobody complains."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: dict[str, list[tuple[str, str]]] = {}

    def verdict(self, promise: Promise, authors: int, audience: int, minimum: int) -> str:
        """As :func:`verdict`; ``few`` instead of ``none`` where somebody may be complaining."""
        found = verdict(authors, audience, minimum)
        return FEW if found == NONE and self._heard(promise) else found

    def _heard(self, promise: Promise) -> bool:
        told = self._of(promise.brand)
        if any(category == promise.category for category, _ in told):
            return True
        return bool(near(promise.text, promise.category, ((i, quote) for i, (_, quote) in enumerate(told))))

    def _of(self, brand: str) -> list[tuple[str, str]]:
        if brand not in self._told:
            rows = self._store.query(_UNSURE, (brand, *BROKEN_BY, _MOST_UNSURE))
            self._told[brand] = [(row["category"], row["quote"]) for row in rows]
        return self._told[brand]


_MOST_UNSURE = 5000
_UNSURE = f"""
select category, quote from pains
where brand_id = (select brand_id from brands where name = ?) and kind in ({",".join("?" * len(BROKEN_BY))})
order by posted_at desc limit ?
"""  # noqa: S608 - only marks


def verdict(authors: int, audience: int, minimum: int) -> str:
    """``complained``, ``few`` (below the minimum group), ``none`` (many speak, nobody complains), or ``not_enough``."""
    if authors >= minimum:
        return COMPLAINED
    if authors:
        return FEW
    return NONE if audience >= ENOUGH_TO_HEAR else NOT_ENOUGH
