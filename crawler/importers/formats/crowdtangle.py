"""CrowdTangle's CSV exports of posts: Facebook pages and groups, and Instagram accounts."""

from typing import ClassVar

from crawler.importers.formats.base import Format


class CrowdTangle(Format):
    name = "crowdtangle"
    site = "facebook.com"
    needs = (
        frozenset({"page name", "post created", "message", "total interactions"}),
        frozenset({"group name", "post created", "message", "total interactions"}),
        frozenset({"account", "post created", "description", "total interactions"}),
    )
    # A post's address is the only name of it that the export holds.
    has: ClassVar = {
        "text": ("Message", "Description"),
        "author": ("Page Name", "Group Name", "Account"),
        "author_id": ("Facebook Id", "User Name"),
        "posted_at": ("Post Created",),
        "url": ("URL",),
        "id": ("URL",),
        "likes": ("Likes",),
    }
    reactions: ClassVar = {name: name.title() for name in ("love", "wow", "haha", "sad", "angry", "care")}
    settings: ClassVar = {"alone": True, "kind": "fanpage"}
