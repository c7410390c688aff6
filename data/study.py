"""The study file: what is asked, of whom, where. Its shape is checked field by field; every error names its line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from data import cron
from data.addresses import meant_by
from data.errors import InputError
from data.folding import fold
from data.logins import has_login
from data.quiet_hours import QuietHours
from data.study_alerts import Alerts
from data.study_assumption import Assumption as Assumption
from data.study_assumption import Segment as Segment
from data.study_parts import Name, Period, Quiet
from data.study_parts import Part as Part
from data.study_parts import Wrong as Wrong
from data.study_text import Text

MARKET = "market"


def _address(value: str) -> str:
    if has_login(value):
        raise Wrong("login")
    if not re.match(r"https?://[^\s/]+", value):
        meant = meant_by(value)
        raise Wrong("address_meant" if meant else "address", got=value, meant=meant)
    return value


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"(\d{1,5})\s*(d|w|m|y)", str(value).strip())
    if not match:
        raise Wrong("duration", got=value)
    return timedelta(days=int(match[1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[match[2]])


def _cron(value: str) -> str:
    try:
        wrong = cron.fault(value)
    except ValueError:
        raise Wrong("cron", got=value) from None
    if wrong is not None:
        raise Wrong(f"cron_{wrong.field}", got=wrong.word, low=wrong.low, high=wrong.high)
    return " ".join(value.split())


def _contact(value: str) -> str:
    if has_login(value):
        raise Wrong("login")
    if not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{2,}|https?://\S+", value):
        raise Wrong("contact", got=value)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Wrong("timezone", got=value) from error
    return value


def _secret(value: str) -> str:
    if not re.fullmatch(r"\$\{[A-Za-z_]\w{0,60}\}", value):
        raise Wrong("secret")
    return value


Address = Annotated[str, AfterValidator(_address)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Cron = Annotated[str, AfterValidator(_cron)]
Secret = Annotated[str, AfterValidator(_secret)]
Step = Literal["crawl", "analyze", "report", "alerts", "digest"]


class Brand(Part):
    """A brand with its sites and the other names people call it by."""

    name: Name = Field(description="as the report writes it")
    sites: list[Address] = Field(default_factory=list, description="read as landing pages")
    aliases: list[Name] = Field(default_factory=list, description="other spellings and nicknames")
    not_in: list[Name] = Field(default_factory=list, description="phrases that hold the name and do not mean the brand")

    @property
    def names(self) -> list[str]:
        """The name and the aliases; an alias that is only the name again is left out."""
        return [self.name, *(alias for alias in self.aliases if alias.casefold() != self.name.casefold())]


class Own(Brand):
    """Our own brand, and whom we believe our customers to be."""

    target: list[Segment] = Field(default_factory=list, description="whom we believe our customers to be")


class Source(Part):
    """A public place to read."""

    url: Address = Field(description="where reading begins: a board, a feed, a page")
    kind: Literal["forum", "fanpage", "feed", "reviews", "site"] | None = Field(None, description="else found out")
    about: str = Field(MARKET, description="`market`, or a brand's name")
    keywords: list[str] = Field(
        default_factory=list, description="only threads whose title or posts contain one of these"
    )
    terms: str | None = Field(None, description="when the site's terms were read and what they allow")
    delay: float = Field(1.0, ge=0, le=3600, description="seconds between requests to its host")
    since: Period | None = Field(None, description="leave out threads with no post since then")
    max_threads: int | None = Field(None, ge=1, description="read so many threads at most, newest first")
    pages: int = Field(20, ge=1, le=5000, description="page budget for a site")
    pages_per_day: int | None = Field(
        None, ge=1, description="at most so many requests a day to its host, in place of the study's"
    )
    timezone: Annotated[str, AfterValidator(_zone)] | None = Field(
        None, description="of times the source shows without a zone"
    )
    script: bool = Field(
        False, description="open its pages in a browser, for they show nothing without their scripts (`check` says so)"
    )
    api: Address | None = Field(None, description="where a platform's API lies, if not where it usually does")
    token: Secret | None = Field(None, description="the name of an environment variable: ${NAME}")

    def secret(self) -> str | None:
        """The token's value from the environment. Raises ``InputError`` where the variable is not set."""
        if self.token is None:
            return None
        name = self.token[2:-1]
        if not os.environ.get(name):
            raise InputError("no_secret", name=name, url=self.url)
        return os.environ[name]


class Import(Part):
    """A file of evidence that did not come from a crawl."""

    file: Name = Field(description="in the study's folder")
    kind: Literal["survey", "analytics", "orders", "notes", "reference", "posts"] = Field(description="what it holds")
    date: Period | None = Field(None, description="when it was gathered: YYYY, YYYY-MM or YYYY-MM-DD")
    mapping: str | None = Field(None, description="a file that says which column is which attribute")
    about: str = Field(
        MARKET, description="`market`, or a brand's name; of analytics and orders `market` is our own brand"
    )
    reputation: Literal["low", "medium", "high"] | None = Field(
        None, description="how far its publisher is to be trusted"
    )
    publisher: str | None = Field(None, description="who published it")
    terms: str | None = Field(
        None,
        description="on what grounds private messages may be used; required for notes, and for posts out of Messenger and Zalo",
    )


class Job(Part):
    """Something done by the clock."""

    what: Step = Field(description="the command; `digest` is `chandung alerts --digest`")
    every: Cron = Field(description="five cron words, in the study's time zone")
    then: list[Step] = Field(
        default_factory=list,
        max_length=5,
        description="what follows: `analyze` and `report` where the crawl brought something, `alerts` and `digest` always",
    )
    jitter: int = Field(
        0,
        ge=0,
        le=720,
        description="start up to so many minutes later, each time another number, so that no site sees a pattern",
    )
    quiet_hours: list[Quiet] = Field(
        default_factory=list,
        max_length=50,
        description="times of day at which the job does not start; a crawl also keeps those of `crawling:`",
    )
    at_most_hours: float = Field(12, gt=0, le=168, description="each command is ended when it takes longer")

    @property
    def key(self) -> str:
        """What the job is known by in the database: when it runs something else or at other times, it is another one."""
        return f"{self.what} {self.every}"

    @property
    def steps(self) -> tuple[Step, ...]:
        return (self.what, *self.then)

    @model_validator(mode="after")
    def _can_run(self) -> Self:
        for place, step in enumerate(self.then):
            if step in self.steps[: place + 1]:
                raise Wrong("step_twice", ("then", place), name=step)
        if QuietHours(self.quiet_hours, "UTC").never_end:
            raise Wrong("never_runs", ("quiet_hours",))
        if not cron.happens(self.every):
            raise Wrong("no_such_day", ("every",), got=self.every)
        return self


class Crawling(Part):
    """When sites are left alone, and how much is asked of each in a day."""

    quiet_hours: list[Quiet] = Field(
        default_factory=list,
        max_length=50,
        description="times of day at which nothing is asked of any site: `22:00-06:00`, in the study's time zone",
    )
    pages_per_day: int | None = Field(None, ge=1, description="at most so many requests a day to each host")

    @model_validator(mode="after")
    def _some_time_left(self) -> Self:
        if QuietHours(self.quiet_hours, "UTC").never_end:
            raise Wrong("always_quiet", ("quiet_hours",))
        return self


class Privacy(Part):
    """How long texts are kept, and how small a group may be shown."""

    keep_texts_for: Duration = Field(
        timedelta(days=730), description="how long posts' texts are kept: 365d, 12w, 6m, 2y"
    )
    keep_pages_for: Duration = Field(timedelta(days=90), description="how long raw pages are kept")
    minimum_group: int = Field(5, ge=1, le=1000, description="the smallest number of people that a report may show")
    sensitive: bool = Field(False, description="also read height and weight")


class Study(Part):
    """A study: our brand, the competitors, where to look, and what we assume."""

    study: Annotated[str, Field(pattern=r"^[\w\-]{1,80}$", description="short name, also the database's")]
    language: Literal["vi", "en"] = Field("vi", description="of the report; texts may be in either")
    contact: Annotated[str, AfterValidator(_contact)] = Field(description="e-mail or address, goes into the user agent")
    timezone: Annotated[str, AfterValidator(_zone)] = Field("Asia/Ho_Chi_Minh", description="of times of day")
    store: str | None = Field(None, description="database file, relative to the study's folder")
    note: str | None = Field(None, max_length=500, description="shown on top of every report")
    own: Own = Field(description="our brand")
    competitors: list[Brand] = Field(default_factory=list, description="whose customers we ask about")
    sources: list[Source] = Field(default_factory=list, description="where people talk in public")
    imports: list[Import] = Field(
        default_factory=list,
        description="evidence that is already on this computer; `chandung import` reads it",
    )
    lexicons: list[Name] = Field(
        default_factory=list,
        max_length=50,
        description="files of your own words (.xlsx, .csv, .tsv) in the study's folder, laid over ours; "
        "see docs/how-to/lexicons.md",
    )
    text: Text = Field(default_factory=Text, description="models and pipelines that read texts beyond the rules")
    schedule: list[Job] = Field(
        default_factory=list,
        max_length=100,
        description="what `chandung schedule` does by the clock; see docs/how-to/schedule.md",
    )
    alerts: Alerts = Field(
        default_factory=Alerts, description="what is told without being asked, and by which channels"
    )
    crawling: Crawling = Field(
        default_factory=Crawling, description="when sites are left alone, and how much is asked of each in a day"
    )
    privacy: Privacy = Field(
        default_factory=Privacy, description="how long texts are kept, and how small a group may be shown"
    )

    _path: Path = PrivateAttr(default=Path("study.yaml"))

    @property
    def path(self) -> Path:
        """The study file."""
        return self._path

    @property
    def folder(self) -> Path:
        """The folder that holds everything of the study."""
        return self._path.resolve().parent

    @property
    def database(self) -> Path:
        return self.folder / (self.store or f"{self.study}.db")

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    @property
    def key_file(self) -> Path:
        return self.folder / f"{self.study}.key"

    @property
    def lexicon_files(self) -> tuple[Path, ...]:
        """The files of ``lexicons``, each laid over those before it."""
        return tuple(self.folder / name.replace("\\", "/") for name in self.lexicons)

    @property
    def brands(self) -> list[Brand]:
        """Our brand first, then the competitors."""
        return [self.own, *self.competitors]

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {name.casefold(): brand.name for brand in self.brands for name in brand.names}

    def brand_of(self, about: str) -> str | None:
        """The canonical brand that ``about`` names; ``None`` for the market."""
        return self._by_name.get(about.casefold())

    def all_sources(self) -> Iterator[Source]:
        """The sources named, then every brand's sites that no source names."""
        yield from self.sources
        named = {s.url.rstrip("/") for s in self.sources}
        for brand in self.brands:
            for site in brand.sites:
                if site.rstrip("/") not in named:
                    yield Source(url=site, kind="site", about=brand.name)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        owner: dict[str, tuple[int, bool]] = {}
        for place, brand in enumerate(self.brands):
            at: tuple[str | int, ...] = ("own",) if place == 0 else ("competitors", place - 1)
            for index, name in enumerate((brand.name, *brand.aliases)):
                where = (*at, "name") if index == 0 else (*at, "aliases", index - 1)
                if index and name.casefold() == brand.name.casefold():
                    continue
                known = owner.get(name.casefold())
                if known is not None and known[0] == place:
                    raise Wrong("alias_twice", where, name=name, brand=brand.name)
                if known is not None:
                    both_names = index == 0 and known[1]
                    other = self.brands[known[0]].name
                    raise Wrong("duplicate_name" if both_names else "alias_of_two", where, name=name, brand=other)
                owner[name.casefold()] = (place, index == 0)
            for index, phrase in enumerate(brand.not_in):
                if fold(phrase) in map(fold, brand.names):
                    raise Wrong("not_in_is_name", (*at, "not_in", index), name=phrase, brand=brand.name)
        segments: set[str] = set()
        for index, segment in enumerate(self.own.target):
            if segment.segment.casefold() in segments:
                raise Wrong("duplicate_segment", ("own", "target", index, "segment"), name=segment.segment)
            segments.add(segment.segment.casefold())
        ids: set[str] = set()
        for index, segment in enumerate(self.own.target):
            for place, assumption in enumerate(segment.assumptions):
                if assumption.id in ids:
                    where = ("own", "target", index, "assumptions", place, "id")
                    raise Wrong("duplicate_assumption", where, name=assumption.id)
                ids |= {assumption.id} if assumption.id else set()
        jobs: set[str] = set()
        for index, job in enumerate(self.schedule):
            if job.key in jobs:
                raise Wrong("duplicate_job", ("schedule", index), name=job.key)
            if job.what == "crawl" and QuietHours([*job.quiet_hours, *self.crawling.quiet_hours], "UTC").never_end:
                raise Wrong("never_runs", ("schedule", index, "quiet_hours"))
            jobs.add(job.key)
        seen: set[str] = set()
        for index, source in enumerate(self.sources):
            if source.url in seen:
                raise Wrong("duplicate_source", ("sources", index, "url"), url=source.url)
            seen.add(source.url)
        for field in ("sources", "imports"):
            for index, item in enumerate(getattr(self, field)):
                if item.about.casefold() != MARKET and item.about.casefold() not in owner:
                    options = (MARKET, *(b.name for b in self.brands))
                    raise Wrong("not_one_of", (field, index, "about"), got=item.about, options=options)
        for index, file in enumerate(self.lexicons):
            if file in self.lexicons[:index]:
                raise Wrong("lexicon_twice", ("lexicons", index), name=file)
        return self


def schema() -> dict[str, Any]:
    """The JSON Schema of the study file."""
    return Study.model_json_schema(mode="validation")
