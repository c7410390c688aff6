"""Spirit (django-spirit)."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.reading import every, first
from crawler.engines.text import one_line


class Spirit(Engine):
    """Spirit 0.12 and later."""

    name = "spirit"
    post_id_attributes = ("data-pk",)
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"/topic/(\d+)(?:/|$)")
    marks = Marks(
        post=".comments_list__comment",
        body=".comment__text",
        author=".comment__info__username__link, .comment__info__username",
        date=".comment__info__date li[title], .comment__info__date",
        deleted=".is-removed, .comment__text--removed",
        title="h1.headline, h1",
        thread=".layout__topics__topic",
        thread_link="a.topic__link",
        thread_replies=".topic__comments",
        thread_date=".topic__date",
        thread_sticky=".fa-thumb-tack, .topic__pinned",
        board=".layout__categories a.category__link, .category__link, .menu_list a[href*='/category/'], "
        ".topic__category a[href*='/category/']",
    )

    def detect(self, doc: Document) -> bool:
        return (
            not doc.is_json
            and "layout__header" in doc.names
            and bool(every(doc.tree, "div.spirit, .layout__header .header__logo"))
        )

    def is_deleted(self, node: Any) -> bool:
        return self.body_node(node) is None and first(node, ".is-removed, .comment__text") is None

    def read_permalink(self, doc: Document, node: Any) -> str | None:
        found = first(node, "input.comment__footer__share__url")
        return doc.link(found.get("value")) if found is not None else None

    def next_url(self, doc: Document) -> str | None:
        """The arrow to the right at the end of the page numbers."""
        arrow = first(doc.tree, ".paginator a:has(.fa-chevron-right)")
        return doc.link(arrow.get("href")) if arrow is not None else None

    def read_line(self, doc: Document, line: Any, clock: Any) -> Any:
        """Spirit counts every comment of a topic, the opening one too."""
        from dataclasses import replace

        link = super().read_line(doc, line, clock)
        if link is None or link.replies is None:
            return link
        return replace(link, replies=max(0, link.replies - 1))

    def read_title(self, doc: Document) -> str:
        found = first(doc.tree, self.marks.title)
        return one_line(found) if found is not None else doc.title.removesuffix(" - Spirit")
