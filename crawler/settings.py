"""Scrapy's settings. Politeness first; what belongs to one study or one source is set where the crawl is started."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

try:
    VERSION = version("chandung")
except PackageNotFoundError:  # run from a checkout that was never installed
    VERSION = "0"

BOT_NAME = "chandung"
SPIDER_MODULES = ["crawler.spiders"]
USER_AGENT = f"Chandung/{VERSION}"
# No Accept-Language: a site that turned its face to Vietnamese for us would also seem to show Vietnam's clock.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8,*/*;q=0.5",
}

# One request a second to a host, never faster; no log-ins and nothing remembered for the site.
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0
CONCURRENT_REQUESTS = 16
# A page gives one item or two; Scrapy starts so many tasks for each page, whether there are items for them or not.
CONCURRENT_ITEMS = 2
CONCURRENT_REQUESTS_PER_DOMAIN = 1
COOKIES_ENABLED = False
HTTPCACHE_ENABLED = False
METAREFRESH_ENABLED = False
STATS_DUMP = False
LOG_INSTALL_ROOT_HANDLER = False
REFERRER_POLICY = "no-referrer"
DOWNLOAD_VERIFY_CERTIFICATES = True

# The web and nothing else: no files, no other protocols, no doors into the running process.
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": "crawler.secret.SecretHandler",
    "https": "crawler.secret.SecretHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# In place of Scrapy's own list, whose entries are imported even where they are switched off.
EXTENSIONS_BASE = {"scrapy.extensions.corestats.CoreStats": 0, "crawler.throttle.Throttle": 0}
# A site that is slow to answer is asked more slowly still, up to a minute between requests.
AUTOTHROTTLE_MAX_DELAY = 60.0
WARN_ON_GENERATOR_RETURN_VALUE = False

# Bounds on what a hostile page can cost.
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10_000_000
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 8
RETRY_TIMES = 2
RETRY_HTTP_CODES = [429, 500, 502, 503, 504, 522, 524, 408]
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    "twisted.internet.error.ConnectionLost",
]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
DNS_TIMEOUT = 20
URLLENGTH_LIMIT = 2083

# Every spider keeps its own list of what it asked for.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
LOG_FORMATTER = "crawler.middlewares.QuietFormatter"

ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 100}
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "crawler.middlewares.GuardMiddleware": 100,
    "crawler.middlewares.RobotsMiddleware": 200,
    "crawler.middlewares.PoliteRetryMiddleware": 550,
}
SPIDER_MIDDLEWARES: dict[str, int | None] = {
    "crawler.middlewares.ForeseenMiddleware": 100,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}


def for_source(*, contact: str, delay: float, timeout: float, largest_page: int) -> dict[str, Any]:
    """The settings of one source's crawl: its delay, and the study's contact in the user agent.

    A delay of 0 is for one's own machine; then several requests may be under way at once.
    """
    return {
        "USER_AGENT": f"Chandung/{VERSION} (+{contact})",
        "DOWNLOAD_DELAY": delay,
        "AUTOTHROTTLE_ENABLED": delay > 0,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_MAX_DELAY": max(AUTOTHROTTLE_MAX_DELAY, delay),
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if delay > 0 else 8,
        # What already waits with the downloader is still sent when a source is stopped.
        "CONCURRENT_REQUESTS": 2 if delay > 0 else CONCURRENT_REQUESTS,
        "DOWNLOAD_TIMEOUT": timeout,
        "DOWNLOAD_MAXSIZE": largest_page,
    }
