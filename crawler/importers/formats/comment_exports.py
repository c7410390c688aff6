"""Comments of a page's posts as comment exporters write them: a table below a few lines that name the post."""

import re
from collections.abc import Mapping as AnyMapping
from typing import ClassVar

from crawler.importers.formats.base import Format
from crawler.importers.mapping import Mapping

#: Exports number comments ``3`` and the answers to them ``3-1``, in a column that has no name.
_NUMBER = re.compile(r"(\d{1,7})(-\d{1,6})?")
_ADDRESS = re.compile(r"https?://[^\s,;\"]{3,2000}")

_PERSON = ("Profile ID", "Profile URL", "Profile Link", "Profile", "Username", "Avatar", "Profile Picture")


class CommentExport(Format):
    """The address beside each comment tells its post, its own number and the comment it answers."""

    name = "comment_export"
    site = None
    needs = (
        frozenset({"name (click to view profile)", "date", "comment"}),
        frozenset({"name", "profile id", "date", "comment"}),
        frozenset({"author", "profile url", "comment", "date"}),
    )
    has: ClassVar = {
        "text": ("Comment",),
        "author": ("Name (click to view profile)", "Name", "Author"),
        "author_id": ("Profile ID",),
        "posted_at": ("Date",),
        "likes": ("Likes",),
        "rating": ("Stars", "Rating"),
        "id": ("Comment ID",),
        "reply_to": ("Parent ID", "Parent Comment ID"),
        "url": ("(view source)", "View source", "Comment URL", "Link", "URL"),
    }
    person = _PERSON
    leave_out = ("column 1",)
    settings: ClassVar = {"kind": "fanpage"}

    def mend(self, cells: dict[str, str], mapping: Mapping) -> dict[str, str]:
        for name in ("column 1", "column 2"):
            if found := _NUMBER.fullmatch(cells.get(name, "").strip()):
                cells["@label"] = found[0]
                if found[2]:
                    cells["@within"] = found[1]
        return cells

    def common(self, head: AnyMapping[str, str]) -> dict[str, str]:
        """The post's address and title, which stand above the table."""
        said: dict[str, str] = {}
        for line in head.values():
            if found := _ADDRESS.search(line):
                said.setdefault("@thread_url", found[0])
            elif line.casefold().startswith("title "):
                said.setdefault("@thread_title", line[6:].strip())
        return said
