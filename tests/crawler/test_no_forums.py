"""Pages that list dated titles as forums do, and are none: articles, news, shops. Whoever looks at them says the same."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.conftest import StudyFolder
from tests.servers.plain_forum import PlainForum
from tests.servers.site import Site

_SENTENCE = "Đoạn {} của bài kể chuyện thị trường tã bỉm trong nước năm nay, dài vừa đủ để đọc một lúc."


def _whole(title: str, inner: str) -> str:
    return (
        f"<!doctype html><html lang='vi'><head><title>{title}</title></head><body><h1>{title}</h1>{inner}</body></html>"
    )


def _article(number: int) -> str:
    related = "".join(
        f"<li><a href='/tin/{other}.html'>Tin liên quan số {other} về thị trường sữa</a> <span>1{other}/08/2026</span>"
        "<p>Tóm tắt ngắn của tin cho người đọc xem trước.</p></li>"
        for other in range(6)
    )
    words = "".join(f"<p>{_SENTENCE.format(place)}</p>" for place in range(9))
    return _whole(
        f"Tin số {number}",
        f"<p class='author'>Phóng viên Lan, 1{number}/08/2026 10:20</p>{words}<h3>Tin liên quan</h3><ul>{related}</ul>",
    )


def _news() -> str:
    return _whole(
        "Sức khỏe",
        "".join(
            f"<div class='item'><h3><a href='/tin/{number}.html'>Tiêu đề bài báo thứ {number} dành cho mẹ bỉm</a></h3>"
            f"<span class='author'>Phóng viên Huệ</span> <time datetime='2026-08-1{number}T10:00'>1{number}/08/2026</time></div>"
            for number in range(6)
        ),
    )


def _shop() -> str:
    return _whole(
        "Tã bỉm",
        "".join(
            f"<div class='sp'><a href='/p/{number}'>Tã dán An Nhiên size {number}</a><span class='gia'>2{number}9.000đ</span>"
            f"<span>Cập nhật 0{number}/08/2026</span></div>"
            for number in range(1, 9)
        ),
    )


def _page(path: str) -> str | None:
    if path.startswith("/tin/"):
        return _article(int(path[5:-5]))
    if path.startswith("/p/"):
        return _whole(f"Tã số {path[3:]}", "<b>219.000đ</b><button>Thêm vào giỏ</button><p>Tã mềm, thấm hút tốt.</p>")
    return {"/muc/suc-khoe": _news(), "/c/ta": _shop()}.get(path)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(_page) as site:
        yield site


@pytest.mark.parametrize("path", ["/tin/3.html", "/muc/suc-khoe", "/c/ta"], ids=["article", "news", "shop"])
def test_what_lists_dated_titles_and_leads_to_no_post_is_a_site(study: StudyFolder, site: Site, path: str) -> None:
    study.write([{"url": f"{site.url}{path}"}])
    checked = json.loads(study.run("check", "--json").stdout)["sources"][0]
    [result] = study.crawl()
    assert (checked["kind"], checked["engine"], checked["problem"]) == ("site", None, None)
    assert checked["preview"]["title"]
    assert (result["kind"], result["state"], result["failed"]) == ("site", "done", 0)
    assert study.count("landing_snapshots") > 1
    # What has a price on each line is known at once; the others by where they lead.
    said = [] if path == "/c/ta" else ["no_forum"]
    assert [note["key"] for note in result["notes"]] == said
    assert [one["key"] for one in checked["warnings"] if one["key"] == "no_forum"] == said
    for note in result["notes"]:
        assert "kind: site" in note["sentence"]
        assert "kind: reviews" in note["sentence"]


def test_what_was_found_to_be_no_forum_is_not_tried_as_one_by_each_crawl(study: StudyFolder, site: Site) -> None:
    study.write([{"url": f"{site.url}/muc/suc-khoe"}]).crawl()
    site.asked.clear()
    [result] = study.crawl()
    assert (result["kind"], result["state"]) == ("site", "done")
    paths = site.paths()
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("answered", [0, 4])
def test_a_list_that_leads_to_one_thread_with_answers_is_a_forum_s(study: StudyFolder, answered: int) -> None:
    with PlainForum() as forum:
        for number in range(7):
            forum.thread(f"Chủ đề số {number} nói chuyện gì đó", posts=3 if number == answered else 1)
        study.write([{"url": forum.url}])
        checked = json.loads(study.run("check", "--json").stdout)["sources"][0]
        [result] = study.crawl()
    assert (checked["kind"], checked["posts"], checked["problem"]) == ("forum", 3, None)
    # Threads of one post are read by the shape of that one's posts.
    assert (result["kind"], result["state"], result["posts_new"]) == ("forum", "done", 9)
