"""Which tables are exported, of which brand and time: from a user's words to one statement a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from analysis.exporting.columns import Column, columns_of
from data.dictionary import tables
from data.errors import InputError
from data.near import did_you_mean
from data.store import Store

#: Single posts and what was read out of them.
TEXTS = ("posts_flat", "reviews_flat", "posts_marked", "pains_flat", "cues_flat")
#: One row a person.
PEOPLE = ("cues_by_author", "authors_by_brand")
#: What the brands' pages say, and how the sources fare.
PAGES = ("landing_current", "offers_current", "offer_prices", "landing_changes_flat", "claims_current", "source_health")
#: What was found: groups of people, never one.
FINDINGS = (
    "posts_by_brand", "posts_by_brand_and_source", "pains_by_brand", "audiences", "audience_shares", "pain_shares",
    "verdicts", "assumptions", "verdicts_by_kind", "verdict_readings", "verdict_history", "comparisons", "portraits",
    "portrait_means", "claims", "distinctive", "share_of_voice", "series", "trends", "strengths", "switching", "lessons",
    "promises_kept", "segments", "segment_traits", "segment_search", "personas", "need_ability", "note_shares",
    "triangulation", "real_customers", "customer_behaviour",
)  # fmt: skip
#: Only where they are asked for by name.
NAMED = (
    "labels_flat", "profiles", "relations", "segment_members", "customers", "orders_counted", "respondents", "answers",
    "observations", "notes", "reference_documents", "reference_pages", "kept_figures", "crawls_flat", "refusals_flat",
    "brands", "sources", "threads", "imports",
)  # fmt: skip
DEFAULT = (*TEXTS, *PEOPLE, *PAGES, *FINDINGS)
SETS = {"all": DEFAULT, "texts": TEXTS, "people": PEOPLE, "pages": PAGES, "findings": FINDINGS}
#: As :func:`chandung.load` calls them.
SHORT = {name: f"{name}_flat" for name in ("posts", "reviews", "pains", "cues", "labels")}

_TIMES = ("posted_at", "labelled_at", "changed_at", "ordered_at")
#: Columns by which somebody could be known again. ``author_id`` becomes ``author``.
PERSONS = frozenset(("author", "customer_key", "order_key", "respondent_key", "coder"))
_WORDS = frozenset(("text", "quoted", "quote", "target", "was"))
_OF_POSTS = ("posts_flat", "reviews_flat", "posts_marked", "pains_flat", "cues_flat", "labels_flat")
#: A post may speak of several brands; its row names the first.
_ON_BRANDS = frozenset(("posts_flat", "reviews_flat", "cues_flat"))
_OF_BRAND = "select o.post_id from mentions m join posts o on o.id = m.post join brands b on b.brand_id = m.brand_id where b.name = :brand"
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True, slots=True)
class Part:
    """A table to be exported: how it is asked for, and its columns in that order."""

    name: str
    about: str
    columns: Sequence[Column]
    sql: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a user asked for. ``since`` and ``until`` are moments, ``until`` the first that is too late."""

    names: Sequence[str] = ()
    brand: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    texts_before: datetime | None = None


def names_of(words: Sequence[str]) -> list[str]:
    """The tables that ``words`` name, each once. Raises ``InputError`` for a name that is none."""
    found: list[str] = []
    known = {*DEFAULT, *NAMED}
    for word in words or ("all",):
        if word in SETS:
            found += SETS[word]
        elif (name := SHORT.get(word, word)) in known:
            found.append(name)
        else:
            choices = [*SETS, *SHORT, *DEFAULT, *NAMED]
            raise InputError(
                "export_name", name=word[:80], nearest=did_you_mean(word, choices), known=", ".join([*SETS, *SHORT])
            )
    return list(dict.fromkeys(found))


def day(text: str, zone: str, option: str, *, end: bool = False) -> datetime:
    """The moment at which a day, month or year begins in ``zone``, or (``end``) at which it is over.

    Raises ``InputError`` for what is no YYYY, YYYY-MM or YYYY-MM-DD.
    """
    match = _PERIOD.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, of_month = (int(part) if part else None for part in match.groups())
        first = date(year or 0, month or 1, of_month or 1)
        if end:
            first = _after(first, month, of_month)
        return datetime.combine(first, time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError("export_date", option=option, value=text[:40]) from None


def _after(first: date, month: int | None, of_month: int | None) -> date:
    if of_month:
        return first + timedelta(days=1)
    if month:
        return date(first.year + month // 12, month % 12 + 1, 1)
    return date(first.year + 1, 1, 1)


def choose(store: Store, wanted: Wanted, lang: str) -> tuple[list[Part], list[str]]:
    """The parts to export, and the tables of the default that the filters leave no sense to.

    Raises ``InputError`` where a table asked for by name has no brand or no time to filter by.
    """
    parts, left = [], []
    old = wanted.texts_before is not None and _any_before(store, wanted.texts_before)
    for name in names_of(wanted.names):
        columns = columns_of(store, name, lang)
        by = {column.name for column in columns}
        trouble = None
        if (wanted.since or wanted.until) and not by.intersection(_TIMES):
            trouble = "export_no_time"
        elif wanted.brand and not by.intersection(("brand", "from_brand")):
            trouble = "export_no_brand"
        if trouble is None:
            parts.append(_part(name, columns, wanted, lang, old=old))
        elif name in wanted.names or any(SHORT.get(word) == name for word in wanted.names):
            raise InputError(trouble, name=name)
        else:
            left.append(name)
    return parts, left


def _any_before(store: Store, moment: datetime) -> bool:
    sql = "select 1 from posts where first_seen < :moment and text <> '' limit 1"
    return any(store.query(sql, {"moment": _stored(moment)}))


def _stored(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _part(name: str, columns: list[Column], wanted: Wanted, lang: str, *, old: bool) -> Part:
    values: dict[str, object] = {}
    said, shown = [], []
    for column in columns:
        term = f'v."{column.name}"'
        if column.name == "author_id":
            term = "(select a.author_key from authors a where a.author_id = v.author_id)"
            column = Column("author", "text", tables(lang)["posts_flat"]["columns"]["author"])
        if old and name in _OF_POSTS and column.name in _WORDS:
            values["texts_before"] = _stored(wanted.texts_before) if wanted.texts_before else None
            expired = "v.post_id in (select post_id from posts where first_seen < :texts_before)"
            term = f"case when {expired} then '' else {term} end"
        said.append(f'{term} as "{column.name}"')
        shown.append(column)
    where = _where(name, columns, wanted, values)
    sql = f'select {", ".join(said)} from "{name}" v{where}'  # noqa: S608 - our own names
    return Part(name, tables(lang)[name]["about"], shown, sql, values)


def _where(name: str, columns: Sequence[Column], wanted: Wanted, values: dict[str, object]) -> str:
    by = {column.name for column in columns}
    terms = []
    if wanted.brand:
        values["brand"] = wanted.brand
        if name in _ON_BRANDS:
            terms.append(f"v.post_id in ({_OF_BRAND})")
        else:
            terms.append("v.brand = :brand" if "brand" in by else ":brand in (v.from_brand, v.to_brand)")
    at = next((name for name in _TIMES if name in by), None)
    for name, sign, moment in (("since", ">=", wanted.since), ("until", "<", wanted.until)):
        if moment is not None:
            values[name] = _stored(moment)
            terms.append(f"v.{at} {sign} :{name}")
    return f" where {' and '.join(terms)}" if terms else ""
