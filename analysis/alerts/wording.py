"""An event as sentences in the study's language, with where to look and what to do next."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from analysis.alerts.event import CHANNEL, CLAIM, CRAWL, JOB, OFFER, PAIN, PRICE, SOURCE, VERDICT, Event
from analysis.alerts.ways import FAILS, WORKS
from analysis.report import registered
from analysis.report.evidence import plain, quotes_of, safe_url, wants_pain
from analysis.report.speech import Speech
from data.assumptions import claims
from data.store import Store
from data.study import MARKET, Study
from data.words import entry, tell_in

_SHOWN = 3
_LONGEST = 220
_QUOTE = 200
_REASON = 300


@dataclass(frozen=True, slots=True)
class Item:
    """One thing as it is told: plain text all of it, to be written safely for each channel. ``link`` is a web address or a path, told of
    by the words ``alerts.<lead>``. ``points`` are what the sentence announces, a line each."""

    sentence: str
    quotes: tuple[str, ...] = ()
    link: str | None = None
    command: str | None = None
    lead: str = "look"
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Teller:
    """Says a study's events; the store is asked for quotes only."""

    study: Study
    store: Store
    say: Speech = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "say", Speech(self.study.language, self.study.timezone))

    def tell(self, key: str, /, **values: object) -> str:
        return tell_in(self.say.lang, f"alerts.{key}", **values)

    def item(self, event: Event) -> Item:
        """The event as it is told."""
        return _TELL[event.kind](self, event)

    def short(self, event: Event) -> Item:
        """The event without quotes, and without where to look."""
        item = self.item(event)
        return Item(item.sentence, points=item.points)

    def report(self, anchor: str = "") -> str | None:
        """Where the report lies: its address where the study names one, else its path in the study's folder; ``None`` before the first."""
        name = f"{self.study.study}-{self.say.lang}.html"
        if not (self.study.reports / name).exists():
            return None
        return f"{self.study.alerts.link or 'reports'}/{name}{anchor}"

    def cut(self, text: str, longest: int = _LONGEST) -> str:
        """One masked line of what came from the web, not longer than ``longest``."""
        line = plain(text)
        return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"

    def list(self, texts: Iterable[str], more: int) -> str:
        """Several things in a row, and how many others there are."""
        return "; ".join(self.points(texts, more))

    def points(self, texts: Iterable[str], more: int) -> tuple[str, ...]:
        """Several things one by one, and how many others there are."""
        return (*texts, *([self.tell("more", n=self.say.count(more))] if more else []))


def _page(teller: Teller, event: Event) -> Item:
    values, say = event.values, teller.say
    changes, many = values["changes"][:_SHOWN], int(values["count"])
    said = [teller.cut(one[say.lang] or "") + _moved(teller, one["moved"]) for one in changes]
    command = _query("what_changed", brand=event.brand)
    if many == 1:
        return Item(teller.tell(event.kind, brand=event.brand, said=said[0]), (), safe_url(values["url"]), command)
    sentence = teller.tell(f"{event.kind}_many", brand=event.brand, n=say.count(many))
    points = teller.points(said, many - len(said))
    return Item(sentence, (), safe_url(values["url"]), command, points=points)


def _moved(teller: Teller, percent: float | None) -> str:
    if percent is None:
        return ""
    return " " + teller.tell("up" if percent > 0 else "down", percent=_percent(teller.say, abs(percent) / 100))


def _percent(say: Speech, share: float) -> str:
    return say.tell("below_one_percent") if round(share * 100) < 1 else say.percent(share)


def _pain(teller: Teller, event: Event) -> Item:
    values, say = event.values, teller.say
    of_market = event.brand == MARKET
    named = {"category": say.category(values["category"]), "brand": event.brand}
    whose = "_market" if of_market else ""
    blamed = values.get("blamed")
    command = _query("pain_quotes", brand=blamed if of_market else event.brand, category=values["category"])
    if values["how"] == "rise":
        step = tell_in(say.lang, f"trends.step.{values['step']}")
        sentence = teller.tell(f"rise{whose}", **named, periods=values["periods"], step=step)
        return Item(sentence, (), teller.report("#pains"), command)
    before = values["before"]
    told = "none" if before == 0 else "few" if before is None else "known"
    share = {"share": say.percent(before)} if before else {}
    past = teller.tell(f"before_{told}", weeks=values["stretches"], **share)
    sentence = teller.tell(
        f"burst{whose}", **named, count=say.count(values["count"]), n=say.count(values["n"]),
        share=say.percent(values["count"] / values["n"]), past=past,
    )  # fmt: skip
    if blamed:
        sentence = f"{sentence} {teller.tell('burst_blamed', brand=blamed)}"
    return Item(sentence, _quotes(teller, values), teller.report("#pains"), command)


def _quotes(teller: Teller, values: Mapping[str, Any]) -> tuple[str, ...]:
    """What people said, masked and shortened; of posts that were deleted since nothing is left."""
    found = quotes_of(teller.store, values.get("posts", ()), wants_pain(values["category"]))
    return tuple(dict.fromkeys(teller.cut(f"{one.before}{one.hit}{one.after}", _QUOTE) for one in found))


def _verdict(teller: Teller, event: Event) -> Item:
    values, say = event.values, teller.say
    names = {side: say.tell(f"{values[side]}.name") for side in ("before", "after")}
    sides = {side: f"{name[:1].lower()}{name[1:]}" for side, name in names.items()}
    of_market = event.brand in (None, MARKET)
    whom = teller.tell("of_market") if of_market else teller.tell("of_brand", brand=event.brand)
    kind = "" if values["of"] == "posts" else teller.tell("by", kind=tell_in(say.lang, f"alerts.of.{values['of']}"))
    claim = next((one for one in claims(teller.study) if one.id == values["assumption"]), None)
    if claim is None:  # the study file no longer has it: it goes by its name
        sentence = teller.tell("verdict_gone", what=values["assumption"], whom=whom, by=kind, **sides)
    else:
        # With its segment and its threshold, for there may be others on the same subject.
        claimed = registered.sentence(registered.of_claim(claim), say)
        claimed = f"{claimed[:1].lower()}{claimed[1:]}"
        sentence = teller.tell("verdict", segment=claim.segment, claim=claimed, whom=whom, by=kind, **sides)
    return Item(sentence, (), teller.report("#assumptions"), "chandung assume list")


def _check(url: str) -> str:
    """The command that looks at one source, its address as a shell takes it."""
    words = ["chandung", "check", "--source", url]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _source(teller: Teller, event: Event) -> Item:
    values, say = event.values, teller.say
    sentence = teller.tell(
        "source", source=host(values["url"]), newest=say.date(values["newest"]), read=say.date(values["read"]),
        quiet=values["quiet"], days=values["days"], active=values["active"],
    )  # fmt: skip
    return Item(sentence, (), None, _check(values["url"]))


def _crawl(teller: Teller, event: Event) -> Item:
    values = event.values
    if values["state"] == WORKS:
        said = teller.tell("crawl_works", source=host(values["url"]), since=teller.say.date(values["since"]))
        return Item(_whose(teller, event, said), (), None, "chandung status")
    reason = teller.cut(values["reason"] or "", _REASON)
    key = "crawl_failed" if values["state"] == "failed" and values["times"] > 1 else "crawl"
    key += "_named" if host(values["url"]) in reason else ""
    sentence = teller.tell(
        key, source=host(values["url"]), times=values["times"], since=teller.say.date(values["since"]), reason=reason
    )
    # The command names the address: a link to it would be the third of its kind.
    return Item(_whose(teller, event, sentence.strip()), (), None, _check(values["url"]))


def _whose(teller: Teller, event: Event, said: str) -> str:
    if event.brand is None:
        return said
    return teller.tell(
        "site_of" if event.values.get("kind") == "site" else "source_on",
        brand=event.brand,
        said=said[:1].lower() + said[1:],
    )


def _job(teller: Teller, event: Event) -> Item:
    values = event.values
    said = teller.cut(values["said"] or "", _REASON)
    key = "job_overtime" if values["state"] == "overtime" else "job"
    step = tell_in(teller.say.lang, f"schedule.steps.{values['step']}")
    what = values["job"].partition(" ")[0]
    job = entry("schedule.steps", teller.say.lang).get(what, values["job"])
    sentence = teller.tell(key, job=job, step=step, said=said, times=values["times"])
    return Item(sentence.strip(), (), None, "chandung status")


def _channel(teller: Teller, event: Event) -> Item:
    values = event.values
    why = f" ({teller.cut(values['why'], _REASON)})" if values["why"] else ""
    sentence = teller.tell(
        f"channel_{values['state']}", channel=values["channel"], times=values["times"], why=why,
        since=teller.say.date(values["since"]),
    )  # fmt: skip
    return Item(sentence, (), None, "chandung alerts --test" if values["state"] == FAILS else "chandung status")


def host(url: str) -> str:
    """A source as people call it: its site and where in it."""
    parts = urlsplit(url)
    return (parts.netloc + parts.path.rstrip("/"))[:120] or url[:120]


def _query(name: str, **parameters: str | None) -> str:
    given = [
        f'-p {key} "{value.replace(chr(34), "")}"' if " " in value else f"-p {key} {value}"
        for key, value in parameters.items()
        if value
    ]
    return " ".join(["chandung query", f"@{name}", *given])


def kinds(lang: str) -> Mapping[str, str]:
    """What each kind of event is called where it is only counted."""
    found: Mapping[str, str] = entry("alerts.kinds", lang)
    return found


_TELL = {
    PRICE: _page, OFFER: _page, CLAIM: _page, PAIN: _pain, VERDICT: _verdict, SOURCE: _source, CRAWL: _crawl, JOB: _job,
    CHANNEL: _channel,
}  # fmt: skip
