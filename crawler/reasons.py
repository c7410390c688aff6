"""Why a page gave nothing: every failure of a request as a named reason with a sentence."""

from __future__ import annotations

import gzip
import logging
import math
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import exceptions as scrapy_errors
from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet import error as network_errors

from data.errors import ChandungError
from data.logins import without_logins
from data.words import tell, tell_in

if TYPE_CHECKING:
    from crawler.guard import Guard

_log = logging.getLogger("chandung.crawl")
#: So much of an address that leads off the web is shown.
_SHOWN = 100

#: The page is not there or not for us; asking again would change nothing, and the source is none the worse for it.
LASTING = frozenset(
    {"gone", "robots", "private_address", "not_web", "leaves_web", "offsite", "login", "not_a_page", "forbidden"}
)
#: A page of which it is not worth while to ask each time: where it leads to, and how big it is, seldom changes.
RESTING = frozenset(
    {
        "private_address",
        "not_web",
        "leaves_web",
        "offsite",
        "endless_redirect",
        "too_big",
        "odd_status",
        "no_posts_unsaid",
    }
)
#: The whole site is out of reach: no use in trying its other pages now.
SITEWIDE = frozenset({"asked_to_wait", "challenge", "robots_unreachable"})

#: Not now: the host is left alone, and the next crawl goes on.
PAUSES = frozenset({"quiet_hours", "budget", "interrupted"})
#: What we do not ask for, or are not given.
REFUSALS = frozenset(
    (
        *("quiet_hours", "budget"),
        *("robots", "robots_unreachable", "private_address", "not_web", "leaves_web", "offsite", "terms"),
        *("login", "forbidden", "challenge", "asked_to_wait"),
    )
)
#: Pages that came to nothing, and walks that were left; they are kept with the refusals, and told by sentences of their own.
GAVE_NOTHING = frozenset(
    (
        *("empty", "too_big", "endless_redirect", "timeout", "unreadable", "undecodable"),
        *("server_error", "odd_status", "network", "certificate", "no_such_host", "refused", "cut_short"),
        *("same_posts", "thread_too_long", "list_too_long", "posts_gone", "reader_broke"),
    )
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was left out: a key of ``crawl.reasons`` in the language files, or a whole key with its area, and what
    fills its sentence; a reason among that is said in the same language."""

    key: str
    values: dict[str, object] = field(default_factory=dict)

    def sentence(self, language: str | None = None) -> str:
        key = self.key if "." in self.key else f"crawl.reasons.{self.key}"
        values = {
            name: value.sentence(language) if isinstance(value, Reason) else value
            for name, value in self.values.items()
        }
        if isinstance(self.values.get("first"), Reason):
            values["first"] = f" {values['first']}"
        said = tell_in(language, key, **values) if language else tell(key, **values)
        return without_logins(said)


def span_of(seconds: float) -> Reason:
    """A length of time as one says it: minutes from two on, hours from three on (or where they are whole), days from two on."""
    for key, unit, least in (("days", 86_400, 2), ("hours", 3_600, 3), ("hours", 3_600, 1), ("minutes", 60, 2)):
        if seconds >= unit * least and (least > 1 or seconds % unit == 0):
            return Reason(f"crawl.plan.{key}", {"count": math.ceil(seconds / unit)})
    return Reason("crawl.plan.seconds", {"count": f"{seconds:g}"})


def why(error: ChandungError) -> Reason:
    """What an error says, to be said in whatever language the sentence around it is."""
    return Reason(f"errors.{error.key}", dict(error.values))


def lost_key(engine: str) -> str:
    """The reason for posts that a way of reading no longer finds. Of an unknown forum there is no other way to try."""
    return "no_longer_read" if set(engine.split(", ")) - {"general", "structured"} else "changed_look"


class Refused(IgnoreRequest):
    """A request that we do not make, or whose answer we do not take."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.reason = Reason(key, values)


_BY_STATUS = {
    401: "login",
    403: "forbidden",
    404: "gone",
    407: "forbidden",
    410: "gone",
    429: "asked_to_wait",
    451: "forbidden",
}


def reason_of_status(status: int, url: str, tries: int = 1) -> Reason:
    """The reason behind an answer that is no success, and came so often."""
    key = _BY_STATUS.get(status) or ("server_error" if status >= 500 else "odd_status")
    return Reason(key, {"url": url, "status": status, "tries": Reason("tries", {"count": tries}) if tries > 1 else ""})


def reason_of(error: BaseException, url: str, guard: Guard | None = None) -> Reason:
    """The reason behind an exception that a request or a reader raised."""
    values: dict[str, object] = {"url": url}
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, ChandungError):
        return Reason("unreadable", {"url": url, "why": why(error)})
    if isinstance(error, HttpError):
        request, to = error.response.request, (error.response.headers.get("Location") or b"").decode("latin-1")
        if 300 <= error.response.status < 400 and urlsplit(to[:_SHOWN]).scheme not in ("", "http", "https"):
            return Reason("leaves_web", {"url": url, "to": to[:_SHOWN]})
        return reason_of_status(error.response.status, url, 1 + (request.meta.get("retry_times", 0) if request else 0))
    private = guard.refusal(url) if guard else None
    if private and isinstance(error, scrapy_errors.CannotResolveHostError | network_errors.DNSLookupError):
        return Reason("private_address", {"url": url, "address": private})
    for kinds, key in _BY_ERROR:
        if isinstance(error, kinds):
            return Reason(key, values)
    said = str(error)
    if isinstance(error, IgnoreRequest):
        if "max redirections" in said:
            return Reason("endless_redirect", values)
        if "DOWNLOAD_MAXSIZE" in said:
            return Reason("too_big", values)
    _log.info("%s: %s: %s", url, type(error).__name__, said[:500])
    return Reason("certificate" if "certificate" in said.lower() else "network", values)


_BY_ERROR: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((scrapy_errors.CannotResolveHostError, network_errors.DNSLookupError), "no_such_host"),
    ((scrapy_errors.DownloadTimeoutError, network_errors.TimeoutError, TimeoutError), "timeout"),
    ((scrapy_errors.DownloadConnectionRefusedError, network_errors.ConnectionRefusedError), "refused"),
    ((scrapy_errors.ResponseDataLossError,), "cut_short"),
    ((gzip.BadGzipFile, zlib.error, EOFError), "undecodable"),
    # Scrapy itself breaks a download off for one reason only: it has grown beyond what a page may be.
    ((scrapy_errors.DownloadCancelledError,), "too_big"),
    ((scrapy_errors.UnsupportedURLSchemeError,), "not_web"),
)


def counted(skipped: dict[str, int], reason: Reason) -> dict[str, Any]:
    """Add one to the reason's count in ``skipped``."""
    skipped[reason.key] = skipped.get(reason.key, 0) + 1
    return skipped
