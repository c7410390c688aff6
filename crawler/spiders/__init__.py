"""The spiders, by the kind of source that each of them reads."""

from __future__ import annotations

from crawler.spiders.base import SourceSpider
from crawler.spiders.feed import FeedSpider
from crawler.spiders.forum import ForumSpider
from crawler.spiders.landing import LandingSpider
from crawler.spiders.reviews import ReviewsSpider

SPIDERS: tuple[type[SourceSpider], ...] = (ReviewsSpider, ForumSpider, LandingSpider, FeedSpider)


def spider_for(kind: str | None) -> type[SourceSpider]:
    """The spider that reads a kind of source; a forum's finds out what an unknown one is."""
    return next((one for one in SPIDERS if kind in one.kinds), ForumSpider)
