"""Little NodeBB, Flarum and Lemmy forums of invented people, which answer in the shape of their own JSON, and by a page without."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.little_forum import LittleForum, LittlePost, LittleThread
from tests.servers.site import Answer

Query = dict[str, list[str]]


class LittleApiForum(LittleForum):
    """A forum of which each test says the threads. ``shut``: robots.txt forbids its JSON; ``refusing``: the status that its JSON
    answers with."""

    def __init__(self, *, shut: bool = False, refusing: int = 0, **named: Any) -> None:
        self.refusing = refusing
        super().__init__(robots="User-agent: *\nDisallow: /api/\n" if shut else None, **named)

    def page(self, path: str) -> Answer | str | None:
        if path in self.broken:
            return self.broken[path]
        parts = urlsplit(path)
        steps, query = [step for step in parts.path.split("/") if step], parse_qs(parts.query)
        if steps[:1] == ["api"] and self.refusing:
            return Answer("<h1>No</h1>", self.refusing)
        if steps[:1] == ["api"]:
            answer = self.api(steps[1:], query)
            return None if answer is None else Answer(json.dumps(answer), kind=self.kind)
        return self.shown(steps, query)

    kind = "application/json; charset=utf-8"

    def api(self, steps: list[str], query: Query) -> Any:
        """What the JSON answers; ``None`` for nothing."""
        raise NotImplementedError

    def shown(self, steps: list[str], query: Query) -> str | None:
        """The page that people see."""
        raise NotImplementedError

    def called(self, number: str) -> LittleThread | None:
        return self.threads[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(self.threads) else None

    def newest(self) -> list[LittleThread]:
        return sorted(self.threads, key=lambda thread: thread.moved, reverse=True)


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


class LittleNodeBB(LittleApiForum):
    """Category 1 holds all threads; those that are ``sticky`` stand first."""

    def api(self, steps: list[str], query: Query) -> Any:
        page = int(query.get("page", ["1"])[0])
        if steps == ["categories"]:
            last = [{"pid": post.number, "timestamp": milliseconds(post.at)} for post in self.newest()[0].posts[-1:]]
            row = {"cid": 1, "slug": "1/bep", "name": "Bếp", "link": "", "children": [], "posts": last}
            counts = {"topic_count": len(self.threads), "post_count": len(self.posts)}
            return {"categories": [row | counts], "pagination": _pages(1, 1)}
        if steps[:2] == ["category", "1"]:
            lines = sorted(self.newest(), key=lambda thread: not thread.sticky)
            start, pages = (page - 1) * self.per_list, -(-len(lines) // self.per_list)
            topics = [_topic(thread) for thread in lines[start : start + self.per_list]]
            return {"cid": 1, "name": "Bếp", "children": [], "topics": topics, "nextStart": start + self.per_list} | {
                "pagination": _pages(page, pages)
            }
        thread = self.called(steps[1]) if steps[:1] == ["topic"] else None
        if thread is None:
            return None
        newest_first = query.get("sort") != ["oldest_to_newest"]
        ordered = thread.posts[::-1] if newest_first else thread.posts
        start, pages = (page - 1) * self.per_page, -(-len(thread.posts) // self.per_page)
        posts = [self._post(thread, post) for post in ordered[start : start + self.per_page]]
        return _topic(thread) | {"posts": posts, "pagination": _pages(page, pages), "events": []}

    @staticmethod
    def _post(thread: LittleThread, post: LittlePost) -> dict[str, Any]:
        user = {"uid": post.number % 7 + 1, "username": post.author, "displayname": post.author, "signature": ""}
        times = {"timestamp": milliseconds(post.at), "timestampISO": post.at.isoformat(), "edited": 0, "editedISO": ""}
        place = thread.posts.index(post)
        counts = {"upvotes": 0, "downvotes": 0, "votes": 0, "deleted": 0, "index": place}
        return {"pid": post.number, "tid": thread.number, "uid": user["uid"], "content": post.html, "user": user} | (
            times | counts
        )

    def shown(self, steps: list[str], query: Query) -> str | None:
        page = int(query.get("page", ["1"])[0])
        answer = self.api(steps or ["categories"], {**query, "sort": ["oldest_to_newest"]})
        if answer is None:
            return None
        pages = answer["pagination"]
        more = f"<link rel='next' href='?page={page + 1}'>" if pages["next"]["active"] else ""
        if "posts" in answer:
            items = "".join(
                f"<li component='post' data-pid='{post['pid']}' data-uid='{post['uid']}' data-username='{post['user']['username']}'>"
                f"<meta itemprop='datePublished' content='{post['timestampISO']}'>"
                f"<div component='post/content'>{post['content']}</div></li>"
                for post in answer["posts"]
            )
            body = f"<h1 component='topic/title'>{answer['title']}</h1><ul component='topic'>{items}</ul>"
        elif "topics" in answer:
            items = "".join(
                f"<li component='category/topic' data-tid='{topic['tid']}'>"
                f"<h3 component='topic/header'><a href='/topic/{topic['slug']}'>{topic['title']}</a></h3>"
                f"<div class='stats'><b class='human-readable-number'>{topic['postcount']}</b>"
                f"<b class='human-readable-number'>{topic['viewcount']}</b></div>"
                f"<div component='topic/teaser'><a class='timeago' title='{topic['lastposttimeISO']}'></a></div></li>"
                for topic in answer["topics"]
            )
            body = f"<ul component='category'>{items}</ul>"
        else:
            body = "<li component='categories/category' data-cid='1'><a href='/category/1/bep'>Bếp</a></li>"
        return (
            f"<!doctype html><html lang='vi'><head><title>Bếp (hư cấu)</title>{more}</head><body>{body}</body></html>"
        )


def _topic(thread: LittleThread) -> dict[str, Any]:
    return {
        "tid": thread.number,
        "slug": f"{thread.number}/chu-de",
        "title": thread.title,
        "titleRaw": thread.title,
        "postcount": len(thread.posts),
        "viewcount": 10,
        "deleted": 0,
        "pinned": int(thread.sticky),
        "lastposttime": milliseconds(thread.moved),
        "lastposttimeISO": thread.moved.isoformat(),
        "tags": [],
    }


def _pages(page: int, pages: int) -> dict[str, Any]:
    following = {"page": min(page + 1, pages), "active": page < pages}
    return {"currentPage": page, "pageCount": max(1, pages), "next": following, "rel": [], "pages": []}


class LittleFlarum(LittleApiForum):
    """Discussions of which the first page holds ``per_page`` posts; lists name more by a link."""

    kind = "application/vnd.api+json"

    def api(self, steps: list[str], query: Query) -> Any:
        offset = int(query.get("page[offset]", ["0"])[0])
        if steps == ["discussions"]:
            ordered = self.newest()
            data = [_discussion(thread) for thread in ordered[offset : offset + self.per_list]]
            links = {"first": f"{self.url}/api/discussions?sort=-lastPostedAt"}
            if offset + self.per_list < len(ordered):
                links["next"] = f"{self.url}/api/discussions?page%5Boffset%5D={offset + self.per_list}"
            return {"links": links, "data": data, "included": []}
        thread = self.called(steps[1].partition("-")[0]) if steps[:1] == ["discussions"] else None
        if thread is None:
            return None
        found = _discussion(thread)
        found["relationships"] = {"posts": {"data": [_link("posts", post.number) for post in thread.posts]}}
        part = thread.posts[offset : offset + self.per_page]
        users = {post.author: post.number for post in part}
        included = [
            {"type": "users", "id": str(number), "attributes": {"username": name, "displayName": name}}
            for name, number in users.items()
        ]
        return {"data": found, "included": [*included, *(self._post(thread, post, users) for post in part)]}

    @staticmethod
    def _post(thread: LittleThread, post: LittlePost, users: dict[str, int]) -> dict[str, Any]:
        said = {"number": thread.posts.index(post) + 1, "createdAt": post.at.isoformat(), "contentType": "comment"}
        related = {"user": {"data": _link("users", users[post.author])}}
        return {
            "type": "posts",
            "id": str(post.number),
            "attributes": said | {"contentHtml": post.html},
            "relationships": related | {"discussion": {"data": _link("discussions", thread.number)}},
        }

    def shown(self, steps: list[str], query: Query) -> str | None:
        size = self.per_page if steps[:1] == ["d"] else self.per_list
        offset = (int(query.get("page", ["1"])[0]) - 1) * size
        where = ["discussions", steps[1]] if steps[:1] == ["d"] else ["discussions"]
        answer = self.api(where, {"page[offset]": [str(offset)]}) if steps[:1] in ([], ["d"], ["all"]) else None
        if answer is None:
            return None
        payload = json.dumps({"resources": [], "apiDocument": answer}).replace("</", "<\\/")
        return (
            "<!doctype html><html lang='vi'><head><title>Bé (hư cấu)</title></head><body><div id='app'></div>"
            "<div id='flarum-loading'>Đang tải</div><noscript id='flarum-content'></noscript>"
            f"<script id='flarum-json-payload' type='application/json'>{payload}</script></body></html>"
        )


def _link(kind: str, number: int) -> dict[str, str]:
    return {"type": kind, "id": str(number)}


def _discussion(thread: LittleThread) -> dict[str, Any]:
    said = {
        "title": thread.title,
        "slug": f"{thread.number}-chu-de",
        "commentCount": len(thread.posts),
        "lastPostedAt": thread.moved.isoformat(),
        "isSticky": thread.sticky,
    }
    return _link("discussions", thread.number) | {"attributes": said}


class LittleLemmy(LittleApiForum):
    """The first words of a thread are its post, the others its comments, as many at once as are asked for but ``per_page``."""

    def api(self, steps: list[str], query: Query) -> Any:
        page, limit = (int(query.get(name, [default])[0]) for name, default in (("page", "1"), ("limit", "10")))
        if steps == ["v3", "post", "list"]:
            return {"posts": [self._view(thread) for thread in self.newest()[(page - 1) * limit :][:limit]]}
        thread = self.called((query.get("id") or query.get("post_id") or [""])[0])
        if thread is None or steps[:1] != ["v3"]:
            return None
        if steps[1:] == ["post"]:
            return {"post_view": self._view(thread), "moderators": [], "cross_posts": []}
        found = thread.posts[1:][(page - 1) * limit :][:limit]
        return {"comments": [self._comment(thread, post) for post in found]} if query["sort"] == ["Old"] else None

    def _view(self, thread: LittleThread) -> dict[str, Any]:
        first = thread.posts[0]
        post = {"id": thread.number, "name": thread.title, "body": first.html, "published": first.at.isoformat()}
        counts = {"comments": len(thread.posts) - 1, "upvotes": 1, "newest_comment_time": thread.moved.isoformat()}
        return {"post": post | self._known("post", thread.number), "creator": self._person(first), "counts": counts}

    def _comment(self, thread: LittleThread, post: LittlePost) -> dict[str, Any]:
        said = {"id": post.number, "post_id": thread.number, "content": post.html, "path": f"0.{post.number}"}
        comment = said | {"published": post.at.isoformat()} | self._known("comment", post.number)
        of = self._view(thread)["post"]
        return {"comment": comment, "post": of, "creator": self._person(post), "counts": {"upvotes": 0}}

    def _known(self, kind: str, number: int) -> dict[str, Any]:
        return {"ap_id": f"{self.url}/{kind}/{number}", "deleted": False, "removed": False}

    def _person(self, post: LittlePost) -> dict[str, Any]:
        return {"name": post.author, "local": True, "actor_id": f"{self.url}/u/x"}

    def shown(self, steps: list[str], query: Query) -> str | None:
        carried = json.dumps({"path": "/", "site_res": {}, "routeData": {}})
        head = f"<head><script>window.isoData = {carried};</script></head>"
        return f"<!doctype html><html lang='vi'>{head}<body><div id='root'></div></body></html>"
