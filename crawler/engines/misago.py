"""Misago."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from crawler.dates import Clock
from crawler.engines.base import Engine, Marks
from crawler.engines.document import Document
from crawler.engines.quoting import said_by
from crawler.engines.reading import every, first
from crawler.engines.text import one_line
from data.records import Thread

_PAGE = re.compile(r"/t/[^/]{1,300}/\d+/(\d{1,5})/?$")
#: Whom and which post a quote is of: ``@lan, post: 12``.
_QUOTED = re.compile(r"@?([^,]{1,100}?)(?:,\s{0,3}post:\s{0,3}(\d+))?\s{0,3}$")


class Misago(Engine):
    """Misago 0.2x to 0.39. Its robots.txt forbids the JSON beneath ``/api/``, so its pages are read."""

    name = "misago"
    thread_id: ClassVar[re.Pattern[str]] = re.compile(r"/t/[^/]{1,300}/(\d+)(?:/|$)")
    marks = Marks(
        post="li.post[id^='post-']",
        body=".post-body article.misago-markup, .post-body",
        author="[itemprop=author], .post-side .media-heading, .post-side .item-title",
        date=".post-heading time[itemprop=datePublished], .post-heading time",
        permalink=".post-heading a.posted-on, a[href*='/post/']",
        deleted=".post-body-hidden",
        drop=".quote-heading",
        reactions=".post-footer .likes-compact",
        title=".page-header h1, h1",
        next_page="link[rel~=next], .thread-paginator a[rel~=next]",
        thread="li.threads-list-item",
        thread_link="a.threads-list-item-title",
        thread_replies=".threads-replies",
        thread_date="a.threads-list-item-last-activity",
        thread_sticky=".thread-flag-pinned-locally, .thread-flag-pinned-globally",
        board=".category-main .media-heading a[href*='/c/']",
    )

    def detect(self, doc: Document) -> bool:
        return (
            not doc.is_json
            and "misago" in doc.names
            and bool(every(doc.tree, "div#misago-container, body.misago-anonymous"))
        )

    def post_nodes(self, doc: Document) -> list[Any]:
        """Posts, their quotes told whom they quote in two attributes instead of one sentence."""
        for words in every(doc.tree, "aside.quote-block > blockquote[data-author]"):
            if found := _QUOTED.match(words.attrib.pop("data-author")):
                quote = words.getparent()
                quote.set("data-author", found[1])
                if found[2]:
                    quote.set("data-source", f"post: {found[2]}")
        for heading in every(doc.tree, "aside.quote-block > .quote-heading"):
            if len(heading) == 0 and said_by(one_line(heading)) is None:
                # "Quoted message:" names nobody.
                heading.text = None
        return super().post_nodes(doc)

    def read_thread(self, doc: Document) -> Thread:
        thread = super().read_thread(doc)
        page = _PAGE.search(urlsplit(doc.url).path)
        return replace(thread, page=max(1, int(page[1]))) if page else thread

    def _last_post(self, line: Any, clock: Clock) -> datetime | None:
        """The title says it to the minute: "June 5, 2026, 3:15 p.m. - latest activity"."""
        link = first(line, self.marks.thread_date)
        said = clock.read((link.get("title") or "").rpartition(" - ")[0]) if link is not None else None
        return said or super()._last_post(line, clock)
