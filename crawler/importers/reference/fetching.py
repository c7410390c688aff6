"""Fetching a report by its address: politely, of bounded size and time, and never from a machine that nobody named."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlsplit

from crawler.guard import Guard
from crawler.robots import LARGEST as ROBOTS_LARGEST
from crawler.robots import Robots, read_robots
from crawler.settings import VERSION
from data.errors import InputError
from data.study import Study
from data.words import tell

LARGEST, SECONDS, EACH = 100 << 20, 120, 30
_REDIRECTS = 5
_TYPES = ("application/pdf", "text/html", "application/xhtml+xml", "text/plain", "application/octet-stream", "binary/octet-stream",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/x-pdf", "application/download",
          "application/force-download")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of an address, and where they came from in the end."""

    url: str
    body: bytes
    content_type: str


class PrivateError(OSError):
    """The address leads to a machine that is not public and that nobody named."""


class _RobotsError(OSError):
    """The site asks not to fetch it."""


def is_address(given: str) -> bool:
    """Whether what was given is a web address and no file."""
    return given.lower().startswith(("http://", "https://"))


def fetch(url: str, study: Study) -> Fetched:
    """What lies at ``url``. Raises ``InputError`` where robots.txt asks us to stay away, at a private address behind a redirect,
    for another type of content, more than 100 MB, or no answer within the time."""
    try:
        return _Fetcher(url, study.contact).fetch(url)
    except _RobotsError:
        raise InputError("reference_robots", url=url) from None
    except PrivateError as error:
        raise InputError("reference_private", url=url, where=str(error)) from None
    except urllib.error.HTTPError as error:
        raise InputError("reference_status", url=url, status=error.code) from None
    except (OSError, http.client.HTTPException, ValueError, UnicodeError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, PrivateError):
            raise InputError("reference_private", url=url, where=str(reason)) from None
        raise InputError("reference_no_answer", url=url, why=_why(reason)) from None


def _why(reason: object) -> str:
    """Why nothing came, in the user's words where it is one of the usual reasons."""
    if isinstance(reason, ConnectionRefusedError):
        return tell("documents.unreached.refused")
    if isinstance(reason, TimeoutError):
        return tell("documents.unreached.late")
    if isinstance(reason, socket.gaierror):
        return tell("documents.unreached.unknown")
    if isinstance(reason, ssl.SSLError):
        return tell("documents.unreached.certificate")
    if isinstance(reason, OSError):
        return tell("documents.unreached.broken")
    return str(reason)[:200] or type(reason).__name__


class _Fetcher:
    def __init__(self, url: str, contact: str) -> None:
        self._guard = Guard([url])
        self._robots: dict[str, Robots] = {}
        self._end = time.monotonic() + SECONDS
        self._headers = {
            "User-Agent": f"Chandung/{VERSION} (+{contact})", "Accept-Encoding": "identity",
            "Accept": "application/pdf,text/html,application/xhtml+xml,text/plain,*/*;q=0.5",
        }  # fmt: skip
        self._plain = self._opener(_Asks(self, ask_robots=False))
        self._polite = self._opener(_Asks(self, ask_robots=True))

    def _opener(self, asks: urllib.request.HTTPRedirectHandler) -> urllib.request.OpenerDirector:
        return urllib.request.build_opener(asks, _Http(self._guard), _Https(self._guard))

    def fetch(self, url: str) -> Fetched:
        self.check(url, ask_robots=True)
        with self._polite.open(urllib.request.Request(url, headers=self._headers), timeout=EACH) as answer:  # noqa: S310
            kind = answer.headers.get_content_type()
            if kind not in _TYPES:
                raise InputError("reference_type", url=url, type=kind[:80])
            if answer.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
                raise InputError("reference_type", url=url, type=answer.headers["Content-Encoding"][:80])
            return Fetched(answer.geturl(), self._read(answer, LARGEST, url), kind)

    def _read(self, answer: Any, most: int, url: str) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while piece := answer.read1(1 << 16):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise InputError("reference_too_large", path=url, limit=most >> 20)
            if time.monotonic() > self._end:
                raise TimeoutError(f"> {SECONDS} s")
        return b"".join(pieces)

    def check(self, url: str, *, ask_robots: bool) -> None:
        """Raise where an address must not be asked for."""
        if not self._guard.allows_url(url):
            raise PrivateError(urlsplit(url).hostname or url[:80])
        if ask_robots and not self._of(url).allows(url):
            raise _RobotsError(url)

    def _of(self, url: str) -> Robots:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._asked(origin)
        return self._robots[origin]

    def _asked(self, origin: str) -> Robots:
        request = urllib.request.Request(f"{origin}/robots.txt", headers=self._headers)  # noqa: S310 - checked before
        try:
            with self._plain.open(request, timeout=EACH) as answer:
                return read_robots(answer.status, answer.read(ROBOTS_LARGEST))
        except urllib.error.HTTPError as error:
            return read_robots(error.code, b"")


class _Asks(urllib.request.HTTPRedirectHandler):
    max_redirections = _REDIRECTS

    def __init__(self, fetcher: _Fetcher, *, ask_robots: bool) -> None:
        self._fetcher, self._ask_robots = fetcher, ask_robots

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        self._fetcher.check(newurl, ask_robots=self._ask_robots)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _connected(guard: Guard, host: str, port: int, timeout: float | None) -> socket.socket:
    """A connection to an address of ``host`` that the guard allows, which is the very one that was looked at."""
    wrong: OSError = PrivateError(host)
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not guard.allows_address(host, port, str(address[0])):
            continue
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(timeout if isinstance(timeout, int | float) else EACH)
            made.connect(address)
            return made
        except OSError as error:
            made.close()
            wrong = error
    raise wrong


class _Http(urllib.request.HTTPHandler):
    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self._guard = guard

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        guard = self._guard

        class Connection(http.client.HTTPConnection):
            def connect(self) -> None:
                self.sock = _connected(guard, self.host, self.port, self.timeout)

        return self.do_open(Connection, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self._guard = guard
        self._ssl = ssl.create_default_context()

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        guard, secure = self._guard, self._ssl

        class Connection(http.client.HTTPSConnection):
            def connect(self) -> None:
                self.sock = _connected(guard, self.host, self.port, self.timeout)
                tunnel = getattr(self, "_tunnel_host", None)
                if tunnel:
                    self._tunnel()  # type: ignore[attr-defined]
                self.sock = secure.wrap_socket(self.sock, server_hostname=tunnel or self.host)

        return self.do_open(Connection, req)
