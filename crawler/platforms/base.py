"""What a platform is: addresses that it knows, calls that it makes, and what it reads out of the answers.

A platform never touches the network: the spider makes its calls one after another, keeps its secrets, its pace and its
threads, and asks the store's questions. What it returns is judged by the spider: keywords, ``since``, ``max_threads``, and
what is known already are none of its concern.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from crawler.reasons import Reason, reason_of_status
from crawler.waits import seconds_asked
from data.errors import UnreadablePageError
from data.records import Post, Thread
from data.store.base import ThreadState

if TYPE_CHECKING:
    from data.study import Source

#: ``lookup`` finds out what the address means; ``list`` is a page of threads, the newest first; ``stream`` a page of one
#: long thread, the newest posts first (a channel, an app's reviews); ``comments`` a page of one thread's posts, and
#: ``replies`` what belongs to such a page and is asked apart.
What = Literal["lookup", "list", "stream", "comments", "replies"]


@dataclass(frozen=True, slots=True)
class Call:
    """A request to make. ``url`` holds no secret; it must lie where the API lies. ``thread_id``: of ``comments`` and
    ``replies`` the thread that they belong to. ``context`` is the platform's own. ``page`` is counted by the spider."""

    url: str
    what: What = "list"
    thread_id: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    page: int = 1

    def to(self, url: str) -> Call:
        """The same call at another address, as a next page is."""
        return replace(self, url=url)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call came back with, whatever its status. The names of ``headers`` are in lower case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def json(self) -> Any:
        """The answer's JSON. Raises ``UnreadablePageError`` where it is none, such as a page for people."""
        try:
            return json.loads(self.body.decode("utf-8-sig", "replace"))
        except (ValueError, RecursionError):
            raise UnreadablePageError("not_the_api", url=self.url) from None

    @property
    def retry_after(self) -> float | None:
        """Seconds that the answer asks us to wait (``Retry-After``), or ``None``."""
        return seconds_asked(self.headers.get("retry-after", ""))


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer comes to.

    ``threads``: of a list each with its first post (or all of them), its ``replies`` saying how many there are, which decides
    whether its ``comments`` calls are made; of a stream the one thread with the page's posts. ``posts``: of ``comments`` and
    ``replies`` the posts of the thread asked for. ``instead``: the call to make in place of this one, such as the very same after
    a ``wait``. ``wordless``: so many posts held no words (a sticker, a photo). ``moved``: thread id → its last post, where a list
    says so. ``skip``: what the call was for is left out, and that is no failure; ``problem``: it failed; ``stop``: no use in
    further calls now, with what was read kept. ``wait``: seconds before the next call; a wait that is too long stops the source.
    """

    threads: tuple[Thread, ...] = ()
    posts: tuple[Post, ...] = ()
    calls: tuple[Call, ...] = ()
    instead: Call | None = None
    moved: Mapping[str, datetime] = field(default_factory=dict)
    notes: tuple[Reason, ...] = ()
    wait: float = 0.0
    wordless: int = 0
    skip: Reason | None = None
    problem: Reason | None = None
    stop: Reason | None = None


@dataclass(slots=True)
class Place:
    """The source being read. ``api`` is the API's base without a slash at its end; ``memory`` lasts as long as the crawl."""

    url: str
    api: str
    has_token: bool = False
    since: datetime | None = None
    max_threads: int | None = None
    known: Mapping[str, ThreadState] = field(default_factory=dict)
    zone: tzinfo = UTC
    memory: dict[str, Any] = field(default_factory=dict)

    def clock(self, moment: datetime) -> str:
        """A moment as the study's people read it."""
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M} ({self.zone})"


class Platform:
    """One platform. ``name`` is shown and stored as the engine; ``kind`` is what such a source is in a study.

    ``needs_token``: nothing can be read without one; the sentence for that is ``platforms.<name>.no_token``.
    ``asks_robots``: it is web pages that are read. ``instead_of_pages``: also where the study says ``site`` or ``feed``, for
    the pages themselves may not be read. ``pause``: seconds between two calls at least. ``looks_back``: how far into the past
    lists are read again, for threads are listed by their publication, and an old one may have new posts; nothing, where a
    list begins with what moved last.
    """

    name: ClassVar[str] = ""
    kind: ClassVar[str] = "fanpage"
    api: ClassVar[str] = ""
    needs_token: ClassVar[bool] = False
    asks_robots: ClassVar[bool] = False
    instead_of_pages: ClassVar[bool] = False
    pause: ClassVar[float] = 0.0
    looks_back: ClassVar[timedelta] = timedelta(days=7)

    def knows(self, url: str) -> bool:
        """Whether an address is this platform's, told without asking anybody."""
        raise NotImplementedError

    def takes(self, source: Source) -> bool:
        """Whether a source is read by this platform. Its address alone decides, unless a platform asks for more of the study."""
        return self.knows(source.url)

    def base(self, url: str) -> str:
        """Where the API of an address lies, unless the study says it (``api:``)."""
        return self.api

    def signed(self, token: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """The headers and the query parameters that carry the token. A header wherever the API knows one."""
        return {"Authorization": f"Bearer {token}"}, {}

    def start(self, place: Place) -> Sequence[Call]:
        """The first calls. Raises ``Refused`` with the reason for an address that it cannot read."""
        raise NotImplementedError

    def read(self, call: Call, answer: Answer, place: Place) -> Reading:
        """What a good answer (status 200) comes to. Raises ``UnreadablePageError``; ``Refused`` stops the source."""
        raise NotImplementedError

    def read_error(self, call: Call, answer: Answer, place: Place) -> Reading:
        """What any other answer comes to; here, what its status says."""
        return by_status(call, answer, place)


def by_status(call: Call, answer: Answer, place: Place) -> Reading:
    """An error by its status alone: to be asked to wait, or the reason that any page's status gives."""
    if answer.status == 429 or (answer.status == 503 and answer.retry_after is not None):
        return Reading(wait=60.0 if answer.retry_after is None else answer.retry_after, instead=call)
    if answer.status in (401, 403):
        key = "platforms.refused_token" if place.has_token else "platforms.refused"
        return Reading(problem=Reason(key, {"url": place.url, "status": answer.status}))
    reason = reason_of_status(answer.status, place.url if call.what == "lookup" else call.url)
    if answer.status in (404, 410, 451) and call.what in ("comments", "replies"):
        return Reading(skip=reason)
    return Reading(problem=reason)
