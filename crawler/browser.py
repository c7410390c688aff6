"""Whether a source's pages can be opened in a browser, and with which settings. Loads neither Playwright nor a browser."""

from __future__ import annotations

import os
from typing import Any

from scrapy.settings import Settings

from crawler.reasons import Reason
from data.browsers import VARIABLE, find_browser, script_trouble

#: Behind Scrapy's own retries and decompression, before everything of ours that looks at an answer.
_PLACE = 540
#: A browser that reaches nothing by itself: what a page asks for is fetched by the crawler, which hands it in.
_NO_WAY_OUT = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
)
_BOUNDS = ("--js-flags=--max-old-space-size=512", "--disable-dev-shm-usage", "--disable-gpu", "--mute-audio")


def missing(url: str) -> Reason | None:
    """What has to be installed before the pages of ``url`` can be opened in a browser."""
    trouble = script_trouble()
    if trouble is None:
        return None
    return Reason(f"script.{trouble}", {"url": url, "variable": VARIABLE, "named": os.environ.get(VARIABLE, "")})


def settings_for(settings: Settings, *, timeout: float) -> dict[str, Any]:
    """The settings that a source with ``script: true`` has besides."""
    return {
        "DOWNLOADER_MIDDLEWARES": {
            **settings.getdict("DOWNLOADER_MIDDLEWARES"),
            "crawler.rendering.RenderMiddleware": _PLACE,
        },
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": find_browser(),
            "headless": True,
            # Chromium refuses to start its sandbox as root, and for root alone it is left out.
            "chromium_sandbox": not _is_root(),
            "proxy": {"server": "http://nowhere.invalid:9"},
            "args": [*_NO_WAY_OUT, *_BOUNDS],
            "timeout": 30_000,
            "handle_sigint": False,
        },
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": timeout * 1000,
    }


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
