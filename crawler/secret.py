"""The last step before a request leaves: it is counted, or held back; and a source's token is put in, and goes nowhere else.

A token is put into the request at the last moment, behind everything that logs, stores or reports an address; and it is taken out
of whatever comes back, for APIs like to write it into their answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response

from crawler.reasons import Reason, Refused
from crawler.robots import origin

#: What stands where a token stood.
HIDDEN = "[token]"
#: A request's meta under which its secret travels.
META = "secret"
#: What is shorter is no secret, and taking it out would take words apart.
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Secret:
    """A token, and how it is sent; only to ``origin``, wherever a redirect may lead."""

    origin: str
    token: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    parameters: Mapping[str, str] = field(repr=False, default_factory=dict)

    def sign(self, request: Request) -> Request:
        """The request as it goes out."""
        if origin(request.url) != self.origin:
            return request
        parts = urlsplit(request.url)
        added = urlencode(dict(self.parameters))
        query = f"{parts.query}&{added}" if parts.query and added else parts.query or added
        headers = request.headers.copy()
        headers.update(dict(self.headers))
        return request.replace(url=urlunsplit(parts._replace(query=query)), headers=headers)

    def hide(self, words: str) -> str:
        """``words`` without the token, however it is written."""
        for form in self._forms():
            words = words.replace(form, HIDDEN)
        return words

    def hide_bytes(self, body: bytes) -> bytes:
        for form in self._forms():
            body = body.replace(form.encode(), HIDDEN.encode())
        return body

    def _forms(self) -> list[str]:
        if len(self.token) < _SHORTEST:
            return []
        quoted = [quote(self.token), quote(self.token, safe=""), quote_plus(self.token)]
        in_json = [json.dumps(self.token, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)]
        slashes = [one.replace("/", "\\/") for one in in_json]
        forms = {self.token, *quoted, *(one.lower() for one in quoted), *in_json, *slashes}
        return sorted(forms, key=len, reverse=True)

    def clean_url(self, url: str) -> str:
        """An address without the parameters that hold the token, or stood in an answer that held it."""
        if HIDDEN not in url and all(form not in url for form in self._forms()):
            return url
        try:
            parts = urlsplit(url)
        except ValueError:
            return self.hide(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
        kept = [(name, value) for name, value in query if HIDDEN not in self.hide(value)]
        return self.hide(urlunsplit(parts._replace(query=urlencode(kept))))

    def clean(self, reason: Reason) -> Reason:
        """A reason whose sentence does not give the token away."""
        return replace(reason, values={name: self._cleaned(value) for name, value in reason.values.items()})

    def _cleaned(self, value: object) -> object:
        if isinstance(value, Reason):
            return self.clean(value)
        return self.hide(value) if isinstance(value, str) else value


class SecretHandler(HTTP11DownloadHandler):
    """Scrapy's own way to the web. What leaves is counted here, where no pause lies between the count and the request, and here
    it is refused in quiet hours or beyond the day's budget. A request's secret is put in."""

    async def download_request(self, request: Request) -> Response:
        job: Any = getattr(self._crawler.spider, "job", None)
        if job is None or job.pace is None:
            return await self._send(request)
        held = job.pace.refusal(job.source, request.url)
        if held is not None:
            job.note(held)  # whatever else may end the crawl
            raise Refused(held.key, **held.values)
        job.pace.count(request.url)
        job.counts.requests += 1
        response = await self._send(request)
        job.counts.bytes += len(response.body)
        return response

    async def _send(self, request: Request) -> Response:
        secret: Any = request.meta.get(META)
        if not isinstance(secret, Secret):
            return await super().download_request(request)
        response = await super().download_request(secret.sign(request))
        return response.replace(url=request.url)
