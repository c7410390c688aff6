"""Scrapy's AutoThrottle: slower than the delay where a site is slow to answer, and never faster than anybody asked for."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response


class Throttle(AutoThrottle):
    """Waits about as long between requests as a site needs to answer one. Scrapy knows the study's delay as the least; a site's
    own, by its robots.txt, is kept to as well."""

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        key, slot = self._get_slot(request, spider)
        if key is not None and slot is not None:
            asked = self.crawler.engine.downloader.per_slot_settings.get(key, {})
            slot.delay = max(slot.delay, asked.get("delay", 0.0))
