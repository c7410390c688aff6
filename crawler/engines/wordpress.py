"""Comments below WordPress articles: the thread is the article, its posts what readers say.

The article itself is the first post where a person is named for it; a shop's or an editor's article is nobody's opinion and no
post. Comments come in pages of their own (``/comment-page-2/``); many sites show the last of them first.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import unquote, urldefrag, urlsplit

from crawler.dates import Clock
from crawler.engines.base import Engine, Kind, Marks
from crawler.engines.document import Document
from crawler.engines.reading import every, first, moment
from crawler.engines.text import Body, one_line, read_body
from data.records import Post, Thread

_COMMENT = re.compile(r"(?:li-|div-)?comment-(\d{1,12})$")
_COMMENT_NAMED = re.compile(r"^(?:li-|div-)?comment-\d{1,12}$", re.M)
_PAGE = re.compile(r"/comment-page-(\d{1,5})/?|[?&]cpage=(\d{1,5})")
_ARTICLE = re.compile(r"postid-(\d{1,12})")
_OF_WORDPRESS = re.compile(r"wp-(?:content|includes|json|block)|postid-\d")
#: The site speaking, and nobody in particular.
_NOBODY = re.compile(
    r"admin\w*|administrator|webmaster|editor\w*|ban biên tập|quản trị(?: viên)?|biên tập viên|team|staff", re.I
)
_LISTS = ".comment-list, .commentlist, .comments-list, .wp-block-comment-template, #comments ol, #comments ul"
_NOT_COMMENTS = frozenset(("pingback", "trackback", "review", "webmention"))
_PAGERS = (
    ".comment-navigation a, .comments-pagination a, .wp-block-comments-pagination a, .nav-comments a, .comments-nav a, "
    "#comments .navigation a, #comments a.page-numbers, #comments a[href*='comment-page-'], #comments a[href*='cpage=']"
)


class WordPress(Engine):
    """Comments as WordPress writes them, in its own and most other themes."""

    name = "wordpress"
    of_article = True
    marks = Marks(
        body=".comment-content, .wp-block-comment-content, .comment-text, .comment_text, .comment-body, .comment-entry",
        author=".comment-author .fn, .fn, .wp-block-comment-author-name, .comment-author, .comment-author-name",
        date=".comment-metadata time, .wp-block-comment-date time, .comment-meta time, time, .comment-meta a, "
        ".comment-metadata a, .comment-date",
        permalink="a[href*='#comment-']",
        drop=".children, .comment-author, .comment-meta, .comment-metadata, .commentmetadata, .reply, .comment-reply-link, "
        ".comment-awaiting-moderation, .says, .edit-link, .sharedaddy",
        title="h1.entry-title, .entry-title, h1",
    )
    article: ClassVar[Marks] = Marks(
        body=".entry-content, .post-content, .wp-block-post-content",
        author=".author .fn, .byline a[rel=author], a[rel=author], .entry-meta .author, .byline .author, .wp-block-post-author__name, "
        ".wp-block-post-author-name",
        date="time.entry-date.published, time.published, .entry-meta time, .posted-on time, .wp-block-post-date time, time.entry-date",
        drop=".sharedaddy, .jp-relatedposts, .post-navigation, .entry-footer, .author-bio, .page-links",
    )

    def detect(self, doc: Document) -> bool:
        if doc.is_json or "comment-" not in doc.names or "bbpress-forums" in doc.names:
            return False
        if not _is_single(doc) and not _COMMENT_NAMED.search(doc.names):
            return False
        if not _OF_WORDPRESS.search(doc.text) or "single-product" in _body_class(doc):
            return False
        return bool(self._post_nodes(doc)) or (_is_single(doc) and bool(every(doc.tree, "#respond, #comments")))

    def kind(self, doc: Document) -> Kind:
        return "thread" if not doc.is_json and (self._post_nodes(doc) or _is_single(doc)) else "other"

    def identify_thread(self, url: str) -> str:
        parts = urlsplit(_PAGE.sub(lambda found: "/" if found[1] else "", unquote(urldefrag(url)[0])))
        return super().identify_thread(parts.geturl())

    def post_nodes(self, doc: Document) -> list[Any]:
        """Each comment's own part, without the answers below it. Pingbacks and a shop's reviews are none."""
        found: dict[str, Any] = {}
        for listed in every(doc.tree, _LISTS):
            for node in listed.iter("li", "div", "article"):
                name = _COMMENT.match(node.get("id") or "")
                names = set((node.get("class") or "").split())
                if name is None or name[1] in found or "comment" not in names or names & _NOT_COMMENTS:
                    continue
                found[name[1]] = node
        return list(found.values())

    def body_node(self, node: Any) -> Any:
        return super().body_node(node) if super().body_node(node) is not None else node

    def read_post_id(self, node: Any) -> str | None:
        found = _COMMENT.match(node.get("id") or "")
        return found[1] if found else None

    def read_reply_to(self, node: Any, body: Body, before: list[Post]) -> str | None:
        """The comment in whose list of answers this one stands."""
        for above in node.iterancestors("li", "div", "article"):
            found = _COMMENT.match(above.get("id") or "")
            if found and "comment" in (above.get("class") or "").split():
                return found[1]
        return super().read_reply_to(node, body, before)

    def read_thread(self, doc: Document) -> Thread:
        written = self._article(doc)
        if not self._post_nodes(doc) and (written is not None or _is_single(doc)):
            posts: tuple[Post, ...] = ()
            thread = Thread(self.identify_thread(doc.url), doc.url, self.name, self.read_title(doc), posts)
        else:
            thread = super().read_thread(doc)
        address = urldefrag(_PAGE.sub(lambda found: "/" if found[1] else "", doc.url))[0]
        posts = thread.posts if written is None else (replace(written, url=address), *thread.posts)
        return replace(thread, posts=posts)

    def _article(self, doc: Document) -> Post | None:
        """The article where a person is named for it."""
        inside = first(doc.tree, "article.type-post, article.post, .hentry, main, #content, #main")
        if inside is None:
            return None
        body = first(inside, self.article.body)
        author = one_line(first(inside, self.article.author))[:200]
        if body is None or not author or _NOBODY.fullmatch(author) or author == doc.meta.get("og:site_name"):
            return None
        drop = set(every(body, self.article.drop))
        read = read_body(body, drop=drop.__contains__)
        clock: Clock = self.clock(doc, ())
        number = _ARTICLE.search(_body_class(doc))
        written = moment(first(inside, self.article.date), clock)
        name = f"post-{number[1]}" if number else f"post-{self.identify_thread(doc.url)}"
        return Post(name, read.text, author, written, read.quoted, shown=read.shown) if read.text else None

    def next_url(self, doc: Document) -> str | None:
        """The page of comments after this one. Where the article shows the last of them, their first comes next."""
        shown = _PAGE.search(doc.url)
        here = int(shown[1] or shown[2]) if shown else None
        pages: dict[int, str] = {}
        newest = False
        for link in every(doc.tree, _PAGERS):
            url = doc.link(link.get("href"))
            if url is None or "#comment-" in url or self.identify_thread(url) != self.identify_thread(doc.url):
                continue
            url, number = urldefrag(url)[0], _PAGE.search(url)
            if number:
                pages[int(number[1] or number[2])] = url
                newest = newest or (here is None and _leads_back(link))
            elif here is not None and not _leads_back(link) and max(pages, default=0) <= here:
                pages.setdefault(here + 1, url)
        if here is None and newest:
            some = next(iter(pages.values()))
            number = _PAGE.search(some)
            assert number is not None
            place = 1 if number[1] else 2
            return some[: number.start(place)] + "1" + some[number.end(place) :]
        return pages.get((here or 1) + 1)


def _body_class(doc: Document) -> str:
    body = doc.tree.find("body")
    return (body.get("class") or "") if body is not None else ""


def _is_single(doc: Document) -> bool:
    return "single-post" in _body_class(doc).split()


def _leads_back(link: Any) -> bool:
    names = " ".join((one.get("class") or "") + " " + (one.get("rel") or "") for one in (link, link.getparent()))
    return "prev" in names
