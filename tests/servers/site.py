"""A small web server on loopback whose pages a test writes down as functions, and which notes what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Answer:
    """What a page answers. ``stream`` sends chunks without telling a length."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"
    stream: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Asked:
    """One request as it came: when (monotonic seconds), for what, with which headers."""

    at: float
    path: str
    headers: dict[str, str]


Page = Callable[[str], "Answer | str | None"]


class Site:
    """Serves ``page(path)`` (path with its query) on a free port; ``None`` is a 404. A context manager."""

    def __init__(
        self, page: Page | None = None, *, robots: Answer | str | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.asked: list[Asked] = []
        self._page, self._robots = page, robots
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site._answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://{host}:{self._server.server_port}"

    def page(self, path: str) -> Answer | str | None:
        """What to answer; subclasses or the function given say."""
        return self._page(path) if self._page else None

    def paths(self) -> list[str]:
        """What was asked for, in order, without robots.txt."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(Asked(time.monotonic(), handler.path, dict(handler.headers)))
        found = self._robots if handler.path == "/robots.txt" else self.page(handler.path)
        answer = Answer(found) if isinstance(found, str) else found or Answer("<h1>Not found</h1>", 404)
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        try:
            handler.send_response(answer.status)
            handler.send_header("Content-Type", answer.kind)
            for name, value in answer.headers.items():
                handler.send_header(name, value)
            if answer.stream is None:
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body)
            else:
                handler.send_header("Connection", "close")
                handler.end_headers()
                for chunk in answer.stream():
                    handler.wfile.write(chunk)
                handler.close_connection = True
        except OSError:
            handler.close_connection = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
