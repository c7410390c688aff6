"""Google Play Console's monthly review reports (CSV in UTF-16)."""

import re
from typing import ClassVar

from crawler.importers.formats.base import Format
from crawler.importers.mapping import Mapping

_REVIEW = re.compile(r"[?&]reviewId=([\w:.\-]{1,200})")


class GooglePlay(Format):
    """Reviewers have no name there, and each writes one review of an app: the review's number stands for its author."""

    name = "google_play"
    site = "play.google.com"
    kind = "reviews"
    needs = (frozenset({"package name", "star rating", "review text"}),)
    has: ClassVar = {
        "text": ("Review Text",),
        "title": ("Review Title",),
        "posted_at": ("Review Submit Millis Since Epoch", "Review Submit Date and Time"),
        "edited_at": ("Review Last Update Millis Since Epoch", "Review Last Update Date and Time"),
        "rating": ("Star Rating",),
        "url": ("Review Link",),
        "thread": ("Package Name",),
        "thread_title": ("Package Name",),
    }
    settings: ClassVar = {"kind": "reviews", "timezone": "UTC"}

    def mend(self, cells: dict[str, str], mapping: Mapping) -> dict[str, str]:
        if found := _REVIEW.search(cells.get("Review Link", "")[:2000]):
            cells["@id"] = cells["@author"] = found[1]
        if package := cells.get("Package Name", "").strip():
            cells["@thread_url"] = f"https://play.google.com/store/apps/details?id={package[:200]}"
        return cells
