"""Facepager's CSV export of nodes: pages, posts and comments in one table, each below its parent."""

from typing import ClassVar

from crawler.importers.formats.base import Format
from crawler.importers.mapping import Mapping


class Facepager(Format):
    """A comment's ``object_id`` begins with its post's number; a post's ends with it."""

    name = "facepager"
    site = "facebook.com"
    needs = (frozenset({"object_id", "object_type", "querystatus"}),)
    has: ClassVar = {
        "id": ("object_id",),
        "text": ("message", "text"),
        "author": ("from.name", "from"),
        "author_id": ("from.id",),
        "posted_at": ("created_time",),
        "edited_at": ("updated_time",),
        "url": ("permalink_url",),
        "reply_to": ("parent.id",),
        "likes": ("like_count", "likes.summary.total_count", "reactions.summary.total_count"),
    }
    person = ("from.picture.data.url", "from.link", "from.username")
    settings: ClassVar = {"kind": "fanpage", "timezone": "UTC"}

    def mend(self, cells: dict[str, str], mapping: Mapping) -> dict[str, str]:
        first, _, last = cells.get("object_id", "").partition("_")
        if first.isdigit() and last.isdigit():
            cells["@thread"] = last if cells.get("level") == "1" else first
            cells["@id"] = last
            if parent := cells.get("parent.id", "").partition("_")[2]:
                cells["@reply_to"] = parent
        return cells
