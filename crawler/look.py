"""What a brand's address leads to: its name, its fanpages and shops elsewhere, its feeds, and where it lets people talk.

The front page is asked for, and a few more of the same site where fanpages are usually named; nothing is stored.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from scrapy.http import Response

from crawler.engines.document import Document
from crawler.guard import Guard
from crawler.identify import Identity, feed_link
from crawler.job import Job, Options
from crawler.landing.links import judge, linked
from crawler.landing.metadata import kinds, open_graph, structured
from crawler.landing.social import network, social_links
from crawler.offered import Offered, offered
from crawler.platforms import platform_of
from crawler.reasons import Reason
from crawler.robots import RobotsBook
from crawler.run import Process, by_host
from crawler.spiders.base import Output, SourceSpider, document_of
from data.folding import fold
from data.starter import name_of
from data.study import Source, Study
from data.words import LANGUAGES

#: Pages of a site that name fanpages which the front page keeps to itself, best first; so many are asked for.
_NEXT: Final = ("contact", "about", "blog", "customers", "faq")
_MOST_PAGES: Final = 3
#: Kinds of pages worth telling, in the order told.
_TOLD: Final = ("pricing", "offer", "product", "service", "customers", "faq", "about", "blog")
_TALK = re.compile(r"(?:^|[-/.])(?:dien-dan|forum|forums|community|cong-dong|threads|boards)(?:$|[-/.])")
_MOST_FEEDS: Final = 5
_SHOPS: Final = frozenset(("shopee", "lazada", "tiki", "sendo", "zalo", "tiktok", "instagram", "linkedin"))
_NAMED: Final = ("Organization", "LocalBusiness", "Store", "Brand", "WebSite")
_LONGEST_NAME: Final = 60
#: What says of an address that another way of asking might still reach it.
_NOT_REACHED: Final = frozenset(("refused", "timeout", "certificate", "network", "cut_short"))


@dataclass(slots=True)
class Around:
    """What was found at ``url``. ``kind`` and ``engine`` say what the address itself is; ``pages`` are (kind, address) of the
    site's own pages, the best of each kind; ``talk`` are addresses of the site on which people seem to talk."""

    url: str
    name: str | None = None
    kind: str | None = None
    engine: str | None = None
    places: list[Offered] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    talk: list[str] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    problem: Reason | None = None

    @property
    def called(self) -> str:
        """The name under which the places found go into a study."""
        return self.name or name_of(self.url) or self.url

    def as_json(self) -> dict[str, Any]:
        line = asdict(self)
        line["places"] = [one.as_json() for one in self.places]
        line["problem"] = (
            {
                "key": self.problem.key,
                "sentence": self.problem.sentence(),
                "sentences": {lang: self.problem.sentence(lang) for lang in LANGUAGES},
            }
            if self.problem is not None
            else None
        )
        return line


class LookSpider(SourceSpider):
    """Reads the front page and a few more; yields nothing to store."""

    name = "look"
    kinds = frozenset({"forum", "reviews", "feed", "fanpage", "site"})

    def __init__(self, job: Job, around: Around, **kwargs: Any) -> None:
        super().__init__(job, **kwargs)
        self.around = around
        self._links: dict[str, None] = {}

    def read_start(self, doc: Document, response: Response, identity: Identity) -> Iterator[Output]:
        self.around.kind, self.around.engine = identity.kind, identity.engine
        if doc.is_json or identity.kind == "feed":
            return
        self.around.name = brand_name(doc)
        self._take(doc)
        best = best_pages(doc)
        told = {best[kind]: kind for kind in reversed(_TOLD) if kind in best}  # a page of two kinds is told once
        self.around.pages = [(kind, url) for url, kind in reversed(told.items())]
        self.around.talk = talking_pages(doc)
        for url in [best[kind] for kind in _NEXT if kind in best][:_MOST_PAGES]:
            if self.wanted(url):
                yield self.ask(url, self.parse_more, kind="start")

    def parse_more(self, response: Response) -> Iterator[Output]:
        self._take(document_of(response, self.job))
        yield from ()

    def _take(self, doc: Document) -> None:
        self._links |= dict.fromkeys(social_links(doc))
        self.around.places = offered(self._links, self.job.study, self.around.called)
        feed = feed_link(doc)
        if feed and feed not in self.around.feeds and len(self.around.feeds) < _MOST_FEEDS:
            self.around.feeds.append(feed)

    def gave_nothing(self, request: Any, reason: Reason) -> Iterator[Output]:
        if self.around.kind is None:
            self.around.problem = reason
        yield from ()

    def not_modified(self, response: Response) -> Iterator[Output]:
        yield from ()


#: An address that names nobody: a number, or this machine.
_NO_NAME = re.compile(r"https?://(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[)", re.I)
_HOME = frozenset({"home", "homepage", "welcome", "index", "trang chu", "chao mung"})


def brand_name(doc: Document) -> str | None:
    """What a site calls itself: in its data, to other sites, or in the shortest part of its title."""
    for item in structured(doc):
        if kinds(item) & set(_NAMED) and isinstance(said := item.get("name"), str) and _is_name(said):
            return said.strip()
    said = open_graph(doc).get("og:site_name", "")
    if _is_name(said):
        return said.strip()
    parts = [part.strip() for part in re.split(r"\s[|–—·•-]\s|:\s", doc.title or "")]
    named = [part for part in parts if _is_name(part) and fold(part).replace(" ", "") in fold(doc.url)]
    if not named and _NO_NAME.match(doc.url):
        named = [part for part in parts if _is_name(part) and fold(part) not in _HOME][:1]
    return min(named, key=len, default=None)


def _is_name(text: str) -> bool:
    return 1 < len(text.strip()) <= _LONGEST_NAME and "://" not in text


def best_pages(doc: Document) -> dict[str, str]:
    """Kind (``pricing``, ``contact``, …) → the address of the page of this kind that is most worth reading."""
    best: dict[str, tuple[float, str]] = {}
    for address, text in linked(doc):
        judged = judge(address, text)
        if judged is not None and judged[0] > best.get(judged[1], (0.0, ""))[0]:
            best[judged[1]] = (judged[0], address)
    return {kind: address for kind, (_, address) in best.items()}


def talking_pages(doc: Document, most: int = 3) -> list[str]:
    """Addresses of the same site, shortest first, on which people seem to talk with one another."""
    found = {address for address, _ in linked(doc) if _TALK.search(fold(address.partition("://")[2].partition("?")[0]))}
    return sorted(found, key=lambda url: (len(url), url))[:most]


def look(addresses: Sequence[str], contact: str, *, timeout: float = 15.0, bare: Collection[str] = ()) -> list[Around]:
    """Look around at each address once, by robots.txt and at a polite pace. One call per process, for its reactor cannot
    start again. Those in ``bare`` were typed without https: where it does not answer, http is tried, and what is found
    bears that address. Raises ``pydantic.ValidationError`` for what is no address."""
    study = Study.model_validate(
        {
            "study": "look",
            "contact": contact,
            "own": {"name": "look"},
            "sources": [{"url": url} for url in dict.fromkeys(addresses)],
        }
    )
    guard, robots, options = Guard.of(study), RobotsBook(), Options(timeout=timeout)
    found = {source.url: Around(source.url) for source in study.sources}
    process = Process(guard)

    async def visit(source: Source) -> Around:
        job, around = Job(source, study, guard, robots, options), Around(source.url)
        await process.spider(LookSpider, job, around=around)
        if around.kind is None:
            around.problem = around.problem or job.stopped or next(iter([*job.problems, *job.left_out]), None)
        return around

    async def one(source: Source) -> None:
        around = found[source.url]
        if (platform := platform_of(source)) is not None:
            around.kind, around.engine = platform.kind, platform.name
            around.places = offered([source.url], _asked_of_nobody(study), around.called)
            return
        if network(source.url) in _SHOPS:
            # Their pages answer nobody but people in a browser; what is sold there comes in by files.
            around.kind = "fanpage"
            around.places = offered([source.url], _asked_of_nobody(study), around.called)
            return
        around = found[source.url] = await visit(source)
        if around.problem is not None and source.url in bare and around.problem.key in _NOT_REACHED:
            plain = await visit(source.model_copy(update={"url": re.sub("^https:", "http:", source.url)}))
            if plain.problem is None:
                found[source.url] = plain

    process.run(by_host(process, study.sources, one, lambda source: Job(source, study, guard, robots, options).delay))
    return [found[source.url] for source in study.sources]


def _asked_of_nobody(study: Study) -> Study:
    """The study without its sources, so that an address is offered that is itself one of them."""
    return study.model_copy(update={"sources": []})
