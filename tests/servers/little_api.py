"""A little API on loopback: answers JSON by path and query, notes what it was asked, and can be told to fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawler.platforms.base import Answer as PlatformAnswer
from crawler.platforms.base import Call, Place, Platform, Reading
from crawler.reasons import Refused
from data.errors import UnreadablePageError
from tests.servers.site import Answer, Site

TOKEN = "EAAB-bi/mat+42xyz"
Query = dict[str, str]


class LittleApi(Site):
    """``failing`` holds answers that are given first, one a request, to any path that begins as its key says."""

    def __init__(self) -> None:
        super().__init__()
        self.failing: dict[str, list[Answer]] = {}
        self.headers: dict[str, str] = {}

    def page(self, path: str) -> Answer | str | None:
        parts = urlsplit(path)
        for start, answers in self.failing.items():
            if parts.path.startswith(start) and answers:
                return answers.pop(0)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        found = self.answer(parts.path, query)
        return found if isinstance(found, Answer) or found is None else told(found, headers=self.headers)

    def answer(self, path: str, query: Query) -> Any:
        """What the API says: an object, a whole :class:`Answer`, or ``None`` for: there is no such thing."""
        raise NotImplementedError

    def calls(self) -> list[str]:
        """The paths asked for, without their queries."""
        return [urlsplit(path).path for path in self.paths()]


def told(data: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """JSON as APIs send it: with everything beyond ASCII escaped."""
    return Answer(json.dumps(data), status, dict(headers or {}), kind="application/json; charset=UTF-8")


def answered(answer: Answer, url: str = "https://api.example/x") -> PlatformAnswer:
    """The same as a platform is given it."""
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    return PlatformAnswer(answer.status, url, {name.lower(): value for name, value in answer.headers.items()}, body)


def read_or_refuse(platform: Platform, url: str, call: Call, answer: Answer) -> Reading | None:
    """What a platform makes of an answer; ``None`` where it says that it cannot read it. Anything else is a fault."""
    place = Place(url, platform.base(url))
    try:
        return platform.read(call, answered(answer, call.url), place)
    except (UnreadablePageError, Refused):
        return None


#: Answers that no documentation publishes.
HOSTILE: dict[str, Callable[[], Answer]] = {
    "a page for people": lambda: Answer("<!doctype html><html><body><p>Bảo trì hệ thống.</p></body></html>"),
    "a list where an object belongs": lambda: told([1, 2, [3]]),
    "a number": lambda: told(7),
    "null": lambda: told(None),
    "nothing": lambda: Answer(b"", kind="application/json"),
    "broken off": lambda: Answer(b'{"data": [{"id": "1", "mess', kind="application/json"),
    "nested beyond reason": lambda: Answer(b'{"data":' + b"[" * 100_000, kind="application/json"),
    "everything null": lambda: told({"data": [None, {"id": None}], "items": [None, {"id": {"x": 1}}], "paging": 3}),
    "wrong types": lambda: told(
        {
            "data": [
                {"id": 1.5, "message": ["x"], "created_time": {}, "from": "x", "comments": [], "like_count": "many"}
            ],
            "items": [{"id": [], "snippet": "x", "contentDetails": 3}],
            "paging": {"next": 5, "cursors": []},
            "nextPageToken": {"a": 1},
        }
    ),
    "a number of 5,000 digits": lambda: Answer(b'{"data": [' + b"9" * 5_000 + b"]}", kind="application/json"),
    "11 MB": lambda: Answer(b'{"data": ["' + b"x" * 11_000_000 + b'"]}', kind="application/json"),
    "an empty object": lambda: told({}),
}
