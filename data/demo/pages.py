"""Pages of the little world as bytes, rendered once: the forum here, shops and fanpages by their own modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from data.demo.plan import VIETNAM
from data.demo.records import BOARDS, Board, DemoPost, DemoThread
from data.demo.voice import without_marks

if TYPE_CHECKING:
    from data.demo.people import Person
    from data.demo.world import World

POSTS_A_PAGE = 20
THREADS_A_PAGE = 20
HTML = "text/html; charset=utf-8"
FICTION_COMMENT = "Thế giới hư cấu để trình diễn Chandung / A fictional world made for Chandung's demonstration"
ROBOTS_FORUM = f"# {FICTION_COMMENT}\nUser-agent: *\nDisallow: /noi-bo/\nDisallow: /members/\nDisallow: /search/\n"


@dataclass(frozen=True, slots=True)
class Resource:
    """What stands at a path. ``location`` makes it a redirect. ``@@site@@`` in ``body`` stands for a site's address."""

    body: bytes
    modified: datetime
    content_type: str = HTML
    location: str | None = None


def slug(title: str) -> str:
    """The title as it stands in an address."""
    return re.sub(r"[^a-z0-9]+", "-", without_marks(title).lower()).strip("-")[:60] or "chu-de"


def thread_url(thread: DemoThread) -> str:
    return f"/threads/{slug(thread.title)}.{thread.thread_id}/"


def board_url(board: Board) -> str:
    return f"/forums/{slug(board.name)}.{board.node}/"


def _iso(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%Y-%m-%dT%H:%M:%S+0700")


def _day(at: datetime) -> str:
    local = at.astimezone(VIETNAM)
    return f"{local.day}/{local.month}/{local.year % 100}"


def _date(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year % 100}"


def _lines(text: str) -> Markup:
    return Markup("<br />\n").join(escape(line) for line in text.split("\n"))


def _rank(person: Person) -> str:
    if person.role == "seller":
        return "Thành viên mới"
    return "Thành viên tích cực" if person.weight > 4 else "Thành viên"


def _liked(post: DemoPost) -> Markup:
    """``A, B và 3 người khác``: the names stand for as many likes as they are."""
    names = post.likers[: min(3, post.likes)]
    shown = Markup(", ").join(Markup("<bdi>{}</bdi>").format(n) for n in names[:-1] or names)
    if post.likes == 1:
        return shown
    if post.likes <= 3:
        return Markup("{} và <bdi>{}</bdi>").format(shown, names[-1])
    return Markup("{}, <bdi>{}</bdi> và {} người khác").format(shown, names[-1], post.likes - 3)


def _short_number(number: int) -> str:
    return str(number) if number < 1000 else f"{number // 1000}K"


@cache
def templates() -> Environment:
    """The environment of all templates, HTML and XML alike escaped."""
    folder = Path(__file__).parent / "templates"
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "iso": _iso,
        "epoch": lambda at: int(at.timestamp()),
        "day": _day,
        "date": _date,
        "clock": lambda at: at.astimezone(VIETNAM).strftime("%H:%M"),
        "rfc822": lambda at: format_datetime(at.astimezone(UTC)),
        "strict": lambda at: at.astimezone(VIETNAM).isoformat(),
        "lines": _lines,
        "rank": _rank,
        "liked": _liked,
        "short_number": _short_number,
        "thread_url": thread_url,
        "board_url": board_url,
        "brief": lambda text: text[:120],
        "dong": lambda amount: f"{amount:,}".replace(",", ".") + "đ",
        "host": lambda url: urlsplit(url).netloc,
    }
    return env


def render(world: World) -> dict[str, dict[str, Resource]]:
    """Every page of ``world``: site → path → resource."""
    from data.demo import feeds, shops  # they use this module's helpers

    sites = {"forum": dict(_forum(world))}
    sites |= {name: dict(pages) for name, pages in shops.render(world)}
    sites |= {name: dict(pages) for name, pages in feeds.render(world)}
    return sites


def page_of(place: int) -> int:
    """The page of a thread on which its post number ``place`` (from 0) stands."""
    return place // POSTS_A_PAGE + 1


def _touched(posts: list[DemoPost]) -> datetime:
    return max(p.edited_at or p.at for p in posts)


def _forum(world: World) -> Iterator[tuple[str, Resource]]:
    latest = max(t.posts[-1].at for t in world.threads)
    by_board = {
        board.key: sorted(
            (t for t in world.threads if t.board == board.key), key=lambda t: t.posts[-1].at, reverse=True
        )
        for board in BOARDS
    }
    for thread in world.threads:
        yield from _thread(thread)
    for board in BOARDS:
        yield from _board(board, by_board[board.key])
    boards = [(b, by_board[b.key], sum(len(t.posts) for t in by_board[b.key])) for b in BOARDS]
    home = _html("forum_home.html", "forum_list", "Hội Nhà Có Em Bé", "/", boards=boards)
    yield "/", Resource(home, latest)
    yield "/categories/chung.1/", Resource(b"", latest, location="/")
    yield "/robots.txt", Resource(ROBOTS_FORUM.encode(), latest, "text/plain; charset=utf-8")
    for path, title, text in _PLAIN:
        yield path, Resource(_html("forum_page.html", "page_view", title, path, paragraphs=text), latest)


_PLAIN = (
    ("/help/terms/", "Quy định và điều khoản", ["Diễn đàn hư cấu này cho phép đọc và thu thập để trình diễn Chandung."]),
    ("/noi-bo/", "Khu nội bộ", ["Trang này robots.txt không cho máy vào. Ai thu thập trang này là bất lịch sự: chim-hoàng-yến-nội-bộ."]),
    ("/members/", "Thành viên", ["Danh sách thành viên không mở cho khách."]),
    ("/search/", "Tìm kiếm", ["Tìm kiếm không mở cho khách."]),
)  # fmt: skip


def _html(template: str, kind: str, title: str, path: str, **more: object) -> bytes:
    values: dict[str, object] = {
        "template": kind, "title": title, "path": path, "page": 1, "next": None, "crumbs": [], "container": "", "content_key": "",
    }  # fmt: skip
    return templates().get_template(template).render(values | more).encode("utf-8")


def _thread(thread: DemoThread) -> Iterator[tuple[str, Resource]]:
    url, last = thread_url(thread), page_of(len(thread.posts) - 1)
    board = next(b for b in BOARDS if b.key == thread.board)
    for page in range(1, last + 1):
        posts = thread.posts[(page - 1) * POSTS_A_PAGE : page * POSTS_A_PAGE]
        path = url if page == 1 else f"{url}page-{page}"
        body = _html(
            "forum_thread.html", "thread_view", thread.title, path, thread=thread, posts=posts, url=url, page=page, last=last,
            offset=(page - 1) * POSTS_A_PAGE, next=f"{url}page-{page + 1}" if page < last else None,
            crumbs=[("Diễn đàn", "/"), (board.name, board_url(board))], container=f"node-{board.node}",
            content_key=f"thread-{thread.thread_id}",
        )  # fmt: skip
        yield path, Resource(body, _touched(posts))
        for post in posts:
            target = f"{path}#post-{post.post_id}"
            for jump in (f"{url}post-{post.post_id}", f"/posts/{post.post_id}/", f"/goto/post?id={post.post_id}"):
                yield jump, Resource(b"", post.at, location=target)
        if page == last:
            yield f"{url}latest", Resource(b"", posts[-1].at, location=f"{path}#post-{posts[-1].post_id}")


def _board(board: Board, threads: list[DemoThread]) -> Iterator[tuple[str, Resource]]:
    sticky, rest = [t for t in threads if t.sticky], [t for t in threads if not t.sticky]
    url, last = board_url(board), max(1, -(-len(rest) // THREADS_A_PAGE))
    for page in range(1, last + 1):
        path = url if page == 1 else f"{url}page-{page}"
        shown = rest[(page - 1) * THREADS_A_PAGE : page * THREADS_A_PAGE]
        body = _html(
            "forum_list.html", "forum_view", board.name, path, board=board, url=url, page=page, last=last, threads=shown,
            sticky=sticky if page == 1 else [], next=f"{url}page-{page + 1}" if page < last else None,
            crumbs=[("Diễn đàn", "/")], container=f"node-{board.node}",
        )  # fmt: skip
        yield path, Resource(body, max(_touched(t.posts) for t in shown or threads))
