"""Comments of a page's posts as comment exporters write them: a table below a few lines that name the post."""

from typing import ClassVar

from crawler.importers.formats.base import Format

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
    settings: ClassVar = {"kind": "fanpage"}
