"""Vanilla Forums."""

from __future__ import annotations

import re
from typing import ClassVar

from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document


class Vanilla(Engine):
    """Vanilla in its classic markup."""

    name = "vanilla"
    known_at_once = True
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"/discussion/(\d+)(?:/|$)")
    marks = Marks(
        post=".ItemDiscussion[id^='Discussion_'], .ItemComment[id^='Comment_'], div.Discussion[id^='Discussion_'], "
        "li.Comment[id^='Comment_']",
        body=".Item-Body .Message, .Message, .userContent",
        author=".Author a.Username, .Username, .Author a",
        date=".DateCreated time, .Meta time, .DateCreated",
        edited=".DateUpdated time",
        permalink=".DateCreated a.Permalink, a.Permalink",
        signature=".UserSignature, .Signature",
        deleted=".Deleted",
        drop=".DateUpdated, .Reactions, .Attachments",
        reactions=".Column-Score .Count",
        title=".PageTitle h1, h1",
        next_page=".Pager a.Next, a.Next, a[rel~=next], link[rel~=next]",
        thread=".Discussions .ItemDiscussion, table.DiscussionsTable tr.ItemDiscussion, li.ItemDiscussion",
        thread_link=".Title a, a.Title, .DiscussionName a",
        thread_replies=".CommentCount .Number, .CommentCount, .CountComments",
        thread_views=".ViewCount .Number, .ViewCount, .CountViews",
        thread_date=".LastCommentDate time, .LatestPost time, time",
        thread_sticky=".Tag-Announcement",
        board=".ItemCategory .CategoryName a, .ItemCategory h2 a, .CategoryNameHeading a",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json:
            return False
        body = doc.tree.find("body")
        names = (body.get("class") or "").split() if body is not None else []
        return body is not None and ((body.get("id") or "").startswith("vanilla_") or "Vanilla" in names)

    def post_nodes(self, doc: Document) -> list[object]:
        body = doc.tree.find("body")
        listing = body is not None and "Discussions" in (body.get("class") or "").split()
        return [] if listing else super().post_nodes(doc)
