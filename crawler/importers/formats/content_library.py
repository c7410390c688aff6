"""Meta Content Library: downloads as CSV, and the API's answers as JSON, of posts and of comments."""

from typing import ClassVar

from crawler.importers.formats.base import Format


class ContentLibrary(Format):
    name = "meta_content_library"
    site = "facebook.com"
    needs = (
        frozenset({"creation_time", "text", "post_owner.id"}),
        frozenset({"creation_time", "text", "post_owner.name"}),
        frozenset({"creation_time", "text", "mcl_url"}),
        frozenset({"creation_time", "text", "statistics.like_count"}),
        frozenset({"creation_time", "text", "id", "parent_id"}),
    )
    has: ClassVar = {
        "id": ("id",),
        "text": ("text",),
        "author": ("post_owner.name", "owner.name", "author.name", "post_owner.username"),
        "author_id": ("post_owner.id", "owner.id", "author.id"),
        "posted_at": ("creation_time",),
        "edited_at": ("modified_time",),
        "url": ("mcl_url", "url"),
        "thread": ("post_id", "root_post_id", "post.id", "root_post.id"),
        "reply_to": ("parent_id", "parent_comment_id", "parent_comment.id", "parent.id"),
        "likes": ("statistics.like_count",),
    }
    reactions: ClassVar = {name: f"statistics.{name}_count" for name in ("love", "wow", "haha", "sad", "angry", "care")}
    person = ("post_owner.username", "owner.username", "author.username", "post_owner.name")
    settings: ClassVar = {"alone": True, "kind": "fanpage", "timezone": "UTC"}
