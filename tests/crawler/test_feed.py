"""Feeds as fanpage-like sources: entries are posts, comment feeds are the posts that follow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

import pytest

from tests.conftest import StudyFolder
from tests.servers.site import Answer, Site

_NAMES = (
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)


class LittlePage(Site):
    """A brand's page as RSS: entries with comments. Invented."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[int, tuple[str, list[str]]] = {
            1: ("Khuyến mãi cuối tuần", ["Giá cao quá ạ", "Còn size M không shop?"]),
            2: ("Sản phẩm mới", []),
            3: ("Góc mẹ bỉm", ["Gọi em 0912345678 nhé"]),
        }

    def page(self, path: str) -> Answer | str | None:
        if path == "/":
            return '<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>Trang</body></html>'
        if path == "/feed.xml":
            items = "".join(self._entry(number) for number in sorted(self.entries, reverse=True))
            return self._rss(items)
        number = path.removeprefix("/comments/").removesuffix(".xml")
        if number.isdigit():
            return self._rss(
                "".join(self._comment(int(number), place) for place in range(len(self.entries[int(number)][1])))
            )
        return None

    @staticmethod
    def _rss(items: str) -> Answer:
        return Answer(
            f'<?xml version="1.0"?><rss version="2.0" {_NAMES}><channel><title>Trang</title>{items}</channel></rss>',
            kind="application/rss+xml",
        )

    def _entry(self, number: int) -> str:
        title, comments = self.entries[number]
        body = escape(f"<p>{title}: <b>xem ngay</b></p>")
        return (
            f"<item><title>{title}</title><link>{self.url}/p/{number}</link><guid>{self.url}/p/{number}</guid><dc:creator>MiniCare</dc:creator>"
            f"<pubDate>Mon, {number:02} Jun 2026 09:00:00 +0700</pubDate><description>{body}</description>"
            f"<wfw:commentRss>{self.url}/comments/{number}.xml</wfw:commentRss><slash:comments>{len(comments)}</slash:comments></item>"
        )

    def _comment(self, number: int, place: int) -> str:
        return (
            f"<item><title>Bởi: Mẹ {place}</title><link>{self.url}/p/{number}#c{place}</link><guid>{self.url}/p/{number}#c{place}</guid>"
            f"<dc:creator>Mẹ {place}</dc:creator><pubDate>Mon, {number:02} Jun 2026 1{place}:00:00 +0700</pubDate>"
            f"<description>{self.entries[number][1][place]}</description></item>"
        )


@pytest.fixture
def brand() -> Iterator[LittlePage]:
    with LittlePage() as site:
        yield site


def test_entries_and_comments_become_threads_and_posts(study: StudyFolder, brand: LittlePage) -> None:
    [result] = study.write([{"url": f"{brand.url}/feed.xml", "about": "An Nhiên"}]).crawl()
    assert (result["kind"], result["threads"], result["posts_new"]) == ("feed", 3, 6)
    rows = study.rows("select title, text, posted_at from posts join threads using (thread_id) order by posted_at")
    assert rows[0] == ("Khuyến mãi cuối tuần", "Khuyến mãi cuối tuần: xem ngay", "2026-06-01T02:00:00Z")
    assert ("Góc mẹ bỉm", "Gọi em [phone] nhé", "2026-06-03T03:00:00Z") in rows
    assert study.rows("select distinct brand from posts_flat") == [("An Nhiên",)]
    assert "/comments/2.xml" not in brand.paths(), "no comments, no request"


def test_later_only_comments_that_are_new_are_asked_for(study: StudyFolder, brand: LittlePage) -> None:
    study.write([{"url": f"{brand.url}/feed.xml"}]).crawl()
    brand.entries[3][1].append("Em mua rồi, ưng lắm")
    brand.entries[4] = ("Mới tinh", [])
    brand.asked.clear()
    [result] = study.crawl()
    assert result["posts_new"] == 2
    assert brand.paths() == ["/feed.xml", "/comments/3.xml"]


def test_a_fanpage_is_read_by_the_feed_that_it_announces(study: StudyFolder, brand: LittlePage) -> None:
    [result] = study.write([{"url": f"{brand.url}/", "kind": "fanpage"}]).crawl()
    assert (result["kind"], result["posts_new"]) == ("feed", 6)


def test_a_fanpage_without_a_feed_is_told_so(study: StudyFolder) -> None:
    with Site(lambda _: "<html><body><p>Chào mừng các mẹ đến với trang của chúng tôi.</p></body></html>") as site:
        [result] = study.write([{"url": f"{site.url}/", "kind": "fanpage"}]).crawl(code=1)
    assert result["reason"]["key"] == "no_public_feed"


@pytest.mark.parametrize(
    "body",
    [
        b"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title><item><title>\xe1\xba",
        b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>]>"
        b"<rss version='2.0'><channel><item><title>&b;</title></item></channel></rss>",
        b"<rss>" + b"<channel>" * 5000,
    ],
    ids=["cut short", "entities", "nested deeply"],
)
def test_a_hostile_feed_ends_in_a_sentence_or_in_nothing(study: StudyFolder, body: bytes) -> None:
    with Site(lambda _: Answer(body, kind="application/rss+xml")) as site:
        done = study.write([{"url": f"{site.url}/feed"}]).run("crawl", "--json")
    assert done.returncode in (0, 1), done.stderr


def test_check_and_crawl_say_the_same_of_an_empty_feed(study: StudyFolder) -> None:
    empty = b"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title><link>https://may.example</link></channel></rss>"
    with Site(lambda _: Answer(empty, kind="application/rss+xml")) as site:
        study.write([{"url": f"{site.url}/feed", "kind": "feed"}])
        [checked] = json.loads(study.run("check", "--json").stdout)["sources"]
        [crawled] = study.crawl(code=1)
    assert checked["problem"]["key"] == crawled["reason"]["key"] == "platforms.empty_feed"
    assert "kind: site" not in crawled["reason"]["sentence"]


def test_of_a_feed_written_oldest_first_the_newest_entries_are_wanted(study: StudyFolder) -> None:
    class Upwards(LittlePage):
        def page(self, path: str) -> Answer | str | None:
            if path == "/feed.xml":
                return self._rss("".join(self._entry(number) for number in sorted(self.entries)))
            return super().page(path)

    with Upwards() as page:
        study.write([{"url": f"{page.url}/feed.xml", "max_threads": 2}]).crawl()
    assert {row[0] for row in study.rows("select title from threads")} == {"Sản phẩm mới", "Góc mẹ bỉm"}
