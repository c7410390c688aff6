"""A forum that changes its look is told as such, and what is stored of it stays."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crawler.guard import registered_domain
from data.addresses import suffixes
from tests.conftest import StudyFolder
from tests.servers.little_forum import LittleForum
from tests.servers.site import Answer

_FIRST_POST_ALONE = (
    r"(?s)(<div class='comments_list__comment'.*?)(?=<div class='comments_list__comment').*(?=<div class='paginator')"
)
_NEW_FACE = "<html><body><h1>Chào mừng</h1>" + "<p>Trang của chúng tôi đã đổi mới, mời xem.</p>" * 20 + "</body></html>"
AGAIN = ("--revisit", "100", "--revisit-after", "0")


@pytest.fixture
def forum() -> Iterator[LittleForum]:
    with LittleForum() as site:
        for number in range(8):
            site.thread(f"Chủ đề {number}", *(f"<p>Bài {number}.{reply}, mua ở đâu</p>" for reply in range(7)))
        yield site


def _redraw(forum: LittleForum, change: Callable[[str], str], *, lists: bool = False) -> None:
    """Let every page (of threads, unless ``lists`` too) be changed before it is sent."""
    page = forum.page

    def changed(path: str) -> Any:
        found = page(path)
        if found is None or not (lists or path.startswith("/topic/")):
            return found
        body = found.body if isinstance(found, Answer) else found
        return Answer(change(str(body)))

    forum.page = changed  # type: ignore[method-assign]


def _without(pattern: str, instead: str = "") -> Callable[[str], str]:
    return lambda body: re.sub(pattern, instead, body)


def _stored(study: StudyFolder) -> list[tuple[Any, ...]]:
    return study.rows("select post_id, text, author_id, posted_at from posts order by 1")


@pytest.mark.parametrize(
    ("pattern", "instead", "key"),
    [
        (r"comments_list__comment|comment__text", "xyz", "no_longer_read"),
        (r"comment__info__username__link", "xyz", "authors_lost"),
        (r"<li title='[^']*'>hôm nọ</li>", "<li>?</li>", "dates_lost"),
        (_FIRST_POST_ALONE, r"\1", "fewer_posts"),
    ],
)
def test_a_changed_look_is_told_and_nothing_stored_is_lost(
    study: StudyFolder, forum: LittleForum, pattern: str, instead: str, key: str
) -> None:
    study.write([{"url": forum.url, "kind": "forum"}]).crawl()
    before = _stored(study)
    _redraw(forum, _without(pattern, instead))
    [result] = study.crawl(*AGAIN, "--engine", "spirit", code=1)
    assert result["reason"]["key"] == key, result["reason"]
    assert "spirit" in result["reason"]["sentence"]
    assert result["state"] in ("partial", "failed")
    assert _stored(study) == before


@pytest.mark.parametrize("kind", ["forum", None])
def test_a_forum_whose_lists_show_nothing_any_more_failed(
    study: StudyFolder, forum: LittleForum, kind: str | None
) -> None:
    study.write([{"url": forum.url, **({"kind": kind} if kind else {})}]).crawl()
    before = _stored(study)
    _redraw(forum, lambda _: _NEW_FACE, lists=True)
    [result] = study.crawl("--revisit", "0", code=1)
    assert (result["state"], result["reason"]["key"]) == ("failed", "no_longer_read")
    assert _stored(study) == before
    assert study.rows("select count(*) from landing_snapshots") == [(0,)], "it has not become a company's page"


def test_a_page_that_reads_worse_takes_nothing_away(study: StudyFolder) -> None:
    with LittleForum() as forum:
        forum.thread("Tã nào tốt", "<p>Một bài có chữ</p>", "<p>Bài khác nữa</p>")
        study.write([{"url": forum.url}]).crawl()
        before = _stored(study)
        forum.threads[0].posts[0].html = ""
        _redraw(forum, _without(r"<h1 class='headline'>.*?</h1>", "<h1 class='headline'></h1>"))
        study.run("crawl", *AGAIN)
        assert _stored(study) == before
        assert study.rows("select title from threads") == [("Tã nào tốt",)]


def test_the_list_of_public_suffixes_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    suffixes.cache_clear()
    registered_domain.cache_clear()
    monkeypatch.setattr(socket, "socket", no_network)
    monkeypatch.setattr(socket, "create_connection", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    assert registered_domain("dien-dan.tenmien.com.vn") == "tenmien.com.vn"
    assert registered_domain("a.b.co.uk") == "b.co.uk"
