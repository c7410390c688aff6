"""The competitors' fanpages as feeds: MiniCare in RSS 2.0 with a comment feed an item, Sumobi in Atom with replies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from data.demo import fragments
from data.demo.pages import FICTION_COMMENT, Resource, templates
from data.demo.plan import start_of
from data.demo.records import DemoPost, FanPost

if TYPE_CHECKING:
    from data.demo.world import World


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed or a comment in an item's own feed."""

    guid: str
    title: str
    author: str
    at: datetime
    text: str
    path: str
    comments_path: str | None = None
    count: int = 0
    reply_to: str | None = None
    parent: str = ""

    @property
    def html(self) -> str:
        """The text as HTML, which the feed escapes once more."""
        escaped = self.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return "<p>" + escaped.replace("\n", "<br />") + "</p>"


def comment_id(brand_key: str, comment: DemoPost) -> str:
    """The feed's own id of a comment."""
    return f"tag:{brand_key}.example,2026:comment-{comment.post_id}"


def render(world: World) -> Iterator[tuple[str, Iterator[tuple[str, Resource]]]]:
    """Each fanpage's site with its pages and feeds."""
    for brand, facts in fragments.toml("market")["brands"].items():
        items = [item for item in world.fanposts if item.brand == brand]
        if items:
            yield f"{facts['key']}_fanpage", _fanpage(facts["key"], items, start_of(world.today, 1))


def _fanpage(key: str, items: list[FanPost], modified: datetime) -> Iterator[tuple[str, Resource]]:
    page: dict[str, Any] = fragments.toml("fanpage")[key]
    kind, feed = ("atom", "/feed.atom") if key == "sumobi" else ("rss", "/feed.xml")
    base = f"@@{key}_fanpage@@"
    entries = [_entry(key, page["name"], item) for item in reversed(items)]
    yield feed, _feed(kind, base, feed, page, entries, modified)
    shown = {"base": base, "feed": feed, "feed_type": kind, "about": page["about"]}
    template = templates().get_template("fanpage.html")
    home = template.render(shown, title=page["name"], items=entries)
    yield "/", Resource(home.encode("utf-8"), modified)
    robots = f"# {FICTION_COMMENT}\nUser-agent: *\nDisallow:\n"
    yield "/robots.txt", Resource(robots.encode(), modified, "text/plain; charset=utf-8")
    for item, entry in zip(reversed(items), entries, strict=True):
        comments = [_comment(key, c, entry) for c in sorted(item.comments, key=lambda c: c.at)]
        assert entry.comments_path is not None
        heading = {"name": f"Bình luận: {item.title}", "about": page["about"]}
        yield entry.comments_path, _feed(kind, base, entry.comments_path, heading, comments, modified)
        body = template.render(shown, title=item.title, items=[entry, *comments])
        yield entry.path, Resource(body.encode("utf-8"), modified)


def _feed(kind: str, base: str, path: str, page: dict[str, Any], entries: list[Entry], modified: datetime) -> Resource:
    template = templates().get_template(f"{kind}.xml")
    values = {"base": base, "path": path, "title": page["name"], "about": page["about"], "updated": modified}
    body = template.render(values, items=entries)
    return Resource(body.encode("utf-8"), modified, f"application/{kind}+xml; charset=utf-8")


def _entry(key: str, author: str, item: FanPost) -> Entry:
    path = f"/bai/{item.item_id}/"
    guid = f"tag:{key}.example,2026:post-{item.item_id}"
    return Entry(guid, item.title, author, item.at, item.text, path, f"{path}binh-luan.xml", len(item.comments))


def _comment(key: str, comment: DemoPost, parent: Entry) -> Entry:
    path = f"{parent.path}#c{comment.post_id}"
    guid = comment_id(key, comment)
    title = f"Bình luận của {comment.author.name}"
    return Entry(
        guid, title, comment.author.name, comment.at, comment.text, path, reply_to=parent.guid, parent=parent.path
    )
