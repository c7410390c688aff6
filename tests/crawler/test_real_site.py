"""A brand's WordPress that nobody here wrote: its pages with what they offer, and its feed with the comments' feeds.

Without Debian's packages the tests skip and say so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.conftest import StudyFolder
from tests.servers.common import CannotInstallError
from tests.servers.content import Post, Thread
from tests.servers.wordpress_site import WordPress

pytestmark = pytest.mark.servers
_TABLE = """<h2>Bảng giá tã giao tận nhà</h2>
<figure class="wp-block-table"><table><thead><tr><th>Gói</th><th>Giá</th><th>Giao hàng</th></tr></thead><tbody>
<tr><td>Gói Cơ bản</td><td>299.000đ/tháng</td><td>Miễn phí nội thành</td></tr>
<tr><td>Gói Gia đình</td><td>549.000đ/tháng</td><td>Miễn phí toàn quốc</td></tr>
<tr><td>Gói Cả năm</td><td>4.990.000đ/năm</td><td>Miễn phí toàn quốc</td></tr></tbody></table></figure>
<p>Dành cho mẹ bỉm bận rộn. Đổi trả trong 30 ngày nếu bé không hợp.</p>"""
PAGES = [
    {"name": "bang-gia", "title": "Bảng giá", "html": _TABLE},
    {
        "name": "gioi-thieu",
        "title": "Giới thiệu",
        "html": "<p>Tã MiniCare (hư cấu) giao tận nhà cho gia đình có con nhỏ.</p>",
    },
]
OFFERS = [
    ("Gói Cơ bản", 299_000, "VND", "month"),
    ("Gói Gia đình", 549_000, "VND", "month"),
    ("Gói Cả năm", 4_990_000, "VND", "year"),
]
#: WordPress's feed of an article's comments shows the newest ten, and no older ones anywhere.
IN_A_FEED = 10


@pytest.fixture(scope="module")
def site() -> Iterator[WordPress]:
    try:
        made = WordPress.filled(pages=PAGES)
    except CannotInstallError as error:
        pytest.skip(str(error))
    with made as standing:
        yield standing


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _in_feeds(thread: Thread) -> list[Post]:
    """The article, and the newest of the comments."""
    comments = sorted(thread.posts[1:], key=lambda post: post.when)
    return [thread.posts[0], *comments[-IN_A_FEED:]]


def test_the_pages_that_matter_are_found_and_the_price_table_is_read(site: WordPress, study: StudyFolder) -> None:
    study.write(
        [{"url": site.url, "kind": "site", "about": "MiniCare", "pages": 8}], competitors=[{"name": "MiniCare"}]
    )
    [first] = study.crawl()
    assert (first["kind"], first["state"]) == ("site", "done")
    shown = {url.removeprefix(site.url).strip("/") for (url,) in study.rows("select url from landing_current")}
    assert {"", "bang-gia", "gioi-thieu"} <= shown
    [(content,)] = study.rows("select content from landing_snapshots where url like '%/bang-gia/'")
    offers = json.loads(content)["offers"]
    assert [(one["name"], one["price"], one["currency"], one["per"]) for one in offers] == OFFERS
    snapshots = study.count("landing_snapshots")
    study.crawl()
    assert (study.count("landing_snapshots"), study.count("landing_changes")) == (snapshots, 0), "nothing changed"


def test_the_feed_brings_articles_and_their_comments(site: WordPress, study: StudyFolder) -> None:
    study.write([{"url": f"{site.url}feed/", "kind": "feed", "about": "An Nhiên"}])
    [first] = study.crawl()
    assert first["kind"] == "feed"
    rows = study.rows(
        "select p.text, p.posted_at, above.text from posts p left join posts above on above.post_id = p.reply_to"
    )
    stored = {_words(text): (at, _words(above)) for text, at, above in rows}
    assert len(stored) == len(rows) == first["posts_new"]
    shown = {id(post) for thread in site.threads for post in _in_feeds(thread)}
    assert stored.keys() == {_words(post.text) for post in site.posts if id(post) in shown}, "and no pingback"
    for thread in site.threads:
        for post in _in_feeds(thread):
            at, above = stored[_words(post.text)]
            assert datetime.fromisoformat(str(at)) == post.when.astimezone(UTC)
            answered = thread.posts[post.quotes] if post.quotes else None
            expected = answered if answered is not None and id(answered) in shown else None
            assert above == _words(expected.text if expected else None)
    assert {title for (title,) in study.rows("select title from threads")} == {one.title for one in site.threads}
    [second] = study.crawl()
    assert (second["posts_new"], second["posts_changed"]) == (0, 0)


@pytest.mark.parametrize("listed", ["comments", "posts"])
def test_what_the_feeds_leave_out_comes_by_the_blogs_api(site: WordPress, study: StudyFolder, listed: str) -> None:
    study.write([{"url": f"{site.url}?rest_route=/wp/v2/{listed}"}])
    [first] = study.crawl()
    assert (first["kind"], first["state"]) == ("feed", "done")
    rows = study.rows(
        "select p.text, p.posted_at, above.text from posts p left join posts above on above.post_id = p.reply_to"
    )
    stored = {_words(text): (at, _words(above)) for text, at, above in rows}
    begin = 1 if listed == "comments" else 0
    expected = [post for thread in site.threads for post in thread.posts[begin:]]
    assert len(stored) == len(rows) == len(expected) > 30
    for thread in site.threads:
        for post in thread.posts[begin:]:
            at, above = stored[_words(post.text)]
            assert datetime.fromisoformat(str(at)) == post.when.astimezone(UTC)
            assert above == _words(thread.posts[post.quotes].text if post.quotes else None)
    titles = {one.title for one in site.threads if len(one.posts) > begin}
    assert {title for (title,) in study.rows("select title from threads")} == titles
    [second] = study.crawl()
    assert (second["posts_new"], second["posts_changed"]) == (0, 0)
