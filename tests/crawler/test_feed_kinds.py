"""The kinds of feeds that there are: RSS 1 and 2, Atom, JSON Feed, video channels, and blogs with their comments."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape

from crawler.engines.document import Document
from crawler.feeds import discussions, read_feed
from crawler.identify import identify
from data.records import Page
from tests.conftest import StudyFolder
from tests.servers.site import Answer, Site


def doc(body: str, kind: str = "application/xml", url: str = "https://blog.example/feed/") -> Document:
    return Document(Page(url, body.encode(), content_type=kind))


def test_rss_1_says_its_dates_authors_and_counts_in_modules() -> None:
    feed = read_feed(
        doc(
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">'
            '<channel rdf:about="https://blog.example/"><title>Sổ tay</title></channel><item rdf:about="https://blog.example/1">'
            "<title>Bỉm đêm</title><link>https://blog.example/1</link><description>Đêm nào cũng tràn</description>"
            "<dc:creator>Lan</dc:creator><dc:date>2026-05-01T10:00:00+07:00</dc:date><slash:comments>3</slash:comments></item></rdf:RDF>"
        )
    )
    [entry] = feed.entries
    [post] = entry.thread.posts
    assert (post.text, post.author, post.posted_at) == ("Đêm nào cũng tràn", "Lan", datetime(2026, 5, 1, 3, tzinfo=UTC))
    assert entry.comments == 3


def test_a_video_channel_tells_how_often_each_was_seen() -> None:
    feed = read_feed(
        doc(
            '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" '
            'xmlns="http://www.w3.org/2005/Atom"><title>Kênh thử</title><entry><id>yt:video:abcdefghijk</id>'
            "<title>Thay tã một phút</title><link rel='alternate' href='https://www.youtube.com/watch?v=abcdefghijk'/>"
            "<author><name>An Nhiên</name></author><published>2026-05-01T10:00:00+00:00</published><media:group>"
            "<media:description>Mẹo nhỏ.</media:description><media:community><media:statistics views='3456'/></media:community>"
            "</media:group></entry></feed>"
        )
    )
    thread = feed.entries[0].thread
    assert (thread.title, thread.posts[0].text, thread.views) == ("Thay tã một phút", "Mẹo nhỏ.", 3456)


def test_atom_counts_answers_on_the_link_to_them() -> None:
    feed = read_feed(
        doc(
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"><title>B</title>'
            "<entry><id>tag:blog.example,2026:1</id><title>Tã vải</title><published>2026-05-01T10:00:00Z</published>"
            '<content type="html">&lt;p&gt;Ai dùng chưa?&lt;/p&gt;</content>'
            '<link rel="replies" type="application/atom+xml" href="/c1" thr:count="4"/></entry>'
            "<entry><id>tag:blog.example,2026:2</id><title>Re</title><published>2026-05-02T10:00:00Z</published>"
            '<thr:in-reply-to ref="tag:blog.example,2026:1"/><content>Em dùng rồi</content></entry></feed>'
        )
    )
    first, answer = feed.entries
    assert (first.comments, first.replies_url) == (4, "https://blog.example/c1")
    assert answer.thread.posts[0].reply_to == first.thread.thread_id


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Nhật ký",
    "authors": [{"name": "Hà"}],
    "next_url": "https://blog.example/feed.json?page=2",
    "items": [
        {
            "id": "https://blog.example/2",
            "url": "https://blog.example/2",
            "title": "Tã & giá",
            "content_html": "<p>Giá tăng quá</p><blockquote>299.000đ</blockquote>",
            "date_published": "2026-05-02T08:00:00+07:00",
            "date_modified": "2026-05-03T08:00:00+07:00",
            "tags": ["tã"],
        },
        {"id": 1, "content_text": "a < b\nvà hết", "date_published": "hôm qua", "authors": [{"name": "Mai"}]},
        "no entry",
    ],
}


def test_a_json_feed_is_read_like_the_others() -> None:
    page = doc(json.dumps(JSON_FEED), "application/feed+json")
    assert identify(page).kind == "feed"
    feed = read_feed(page)
    first, second = (entry.thread for entry in feed.entries)
    assert (first.title, first.posts[0].text, first.posts[0].quoted) == ("Tã & giá", "Giá tăng quá", "299.000đ")
    assert (first.posts[0].author, first.tags) == ("Hà", ("tã",))
    assert first.posts[0].posted_at == datetime(2026, 5, 2, 1, tzinfo=UTC)
    assert first.posts[0].edited_at == datetime(2026, 5, 3, 1, tzinfo=UTC)
    assert (second.posts[0].text, second.posts[0].author, second.posts[0].posted_at) == ("a < b\nvà hết", "Mai", None)
    assert feed.next_url == "https://blog.example/feed.json?page=2"


def rss(items: str, generator: str = "https://wordpress.org/?v=6.5") -> Answer:
    names = (
        'xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    head = f"<title>Góc nhà</title><generator>{generator}</generator>"
    return Answer(f'<rss version="2.0" {names}><channel>{head}{items}</channel></rss>', kind="application/rss+xml")


class Blog(Site):
    """A blog as WordPress serves it: ten entries a page at ``?paged=``, and the newest ten comments alone. Invented."""

    comments = 3

    def entry(self, number: int) -> str:
        comments = self.comments if number == 25 else 0
        return (
            f"<item><title>Bài {number}</title><link>{self.url}/bai-{number}/</link>"
            f"<guid isPermaLink='false'>{self.url}/?p={number}</guid>"
            f"<dc:creator>Chủ nhà</dc:creator><pubDate>Mon, {number:02} Jun 2026 02:00:00 +0000</pubDate>"
            f"<description>Bỉm số {number}</description>"
            f"<wfw:commentRss>{self.url}/bai-{number}/feed/</wfw:commentRss><slash:comments>{comments}</slash:comments></item>"
        )

    def comment(self, number: int, post: int = 25, title: str = "By: Lan") -> str:
        return (
            f"<item><title>{title}</title><link>{self.url}/bai-{post}/#comment-{number}</link>"
            f"<guid isPermaLink='false'>{self.url}/?p={post}#comment-{number}</guid><dc:creator>Lan</dc:creator>"
            f"<pubDate>Fri, 26 Jun 2026 03:{number:02}:00 +0000</pubDate>"
            f"<content:encoded>&lt;p&gt;Ý kiến {number}&lt;/p&gt;</content:encoded></item>"
        )

    def page(self, path: str) -> Answer | str | None:
        if path.startswith("/feed/"):
            page = int(path.partition("paged=")[2] or 1)
            numbers = range(25, 0, -1)[(page - 1) * 10 : page * 10]
            return rss("".join(self.entry(number) for number in numbers)) if numbers else None
        if path == "/bai-25/feed/":
            newest = range(self.comments, max(0, self.comments - 10), -1)
            return rss("".join(self.comment(number) for number in newest))
        if path == "/comments/feed/":
            titled = "Comment on Bài {} by Lan"
            return rss("".join(self.comment(n, post, titled.format(post)) for n, post in ((4, 25), (3, 24), (2, 25))))
        return None


def test_a_blogs_older_entries_are_walked_to_the_end_and_only_once(study: StudyFolder) -> None:
    with Blog() as blog:
        [result] = study.write([{"url": f"{blog.url}/feed/"}]).crawl()
        assert (result["threads"], result["posts_new"], result["failed"]) == (25, 28, 0)
        assert [path for path in blog.paths() if "feed/?" in path] == [f"/feed/?paged={n}" for n in (2, 3, 4)]
        blog.asked.clear()
        study.crawl()
        assert blog.paths() == ["/feed/"], "nothing is new: neither older pages nor comments are asked for"


def test_older_pages_end_where_the_study_begins(study: StudyFolder) -> None:
    with Blog() as blog:
        [result] = study.write([{"url": f"{blog.url}/feed/", "since": "2026-06-16"}]).crawl()
        assert result["posts_new"] == 10 + 3
        assert "/feed/?paged=3" not in blog.paths()


def test_a_blog_that_shows_the_same_page_for_ever_is_left(study: StudyFolder) -> None:
    class Stuck(Blog):
        def page(self, path: str) -> Answer | str | None:
            return super().page("/feed/") if path.startswith("/feed/") else super().page(path)

    with Stuck() as blog:
        [result] = study.write([{"url": f"{blog.url}/feed/"}]).crawl()
        assert result["posts_new"] == 13
        assert blog.paths().count("/feed/?paged=3") == 0


def test_comments_that_the_feed_holds_back_are_told(study: StudyFolder) -> None:
    with Blog() as blog:
        blog.comments = 14
        [result] = study.write([{"url": f"{blog.url}/feed/", "max_threads": 1}]).crawl()
        assert result["posts_new"] == 11
        assert [note["key"] for note in result["notes"]] == ["comments_cut"]
        assert "10 of 14" in result["notes"][0]["sentence"]


def test_all_comments_of_a_blog_stand_in_the_threads_that_they_belong_to(study: StudyFolder) -> None:
    with Blog() as blog:
        page = blog.page("/comments/feed/")
        assert isinstance(page, Answer)
        feed = discussions(read_feed(doc(str(page.body), url=f"{blog.url}/comments/feed/")))
        first, second = feed.entries
        assert [post.text for post in first.thread.posts] == ["Ý kiến 2", "Ý kiến 4"]
        assert (first.thread.title, first.thread.url) == ("Bài 25", f"{blog.url}/bai-25/")
        assert second.thread.title == "Bài 24"
        study.write([{"url": f"{blog.url}/feed/"}, {"url": f"{blog.url}/comments/feed/"}]).crawl()
        rows = study.rows(
            "select title, count(*) from posts join threads using (thread_id) group by 1 order by 2 desc, 1"
        )
        assert rows[:2] == [("Bài 25", 5), ("Bài 24", 2)], "the same threads as in the blog's own feed"


def test_whom_a_comment_answers_is_read_and_other_blogs_that_link_here_are_no_voices() -> None:
    item = (
        "<item><title>By: {who}</title><link>https://blog.example/bai/#comment-{n}</link><guid>https://blog.example/?p=5#comment-{n}</guid>"
        "<content:encoded>{said}</content:encoded></item>"
    )
    above = '<p>Trả lời <a href="https://blog.example/bai/comment-page-1/#comment-7">Lan</a>.</p>\n<p>Chị dùng size nào ạ?</p>'
    own = '<p>Xem <a href="https://blog.example/bai/#comment-7">ý của Lan</a> rồi em mới mua.</p>'
    said = {8: above, 7: "<p>Bé nhà em hợp.</p>", 9: own, 10: "<p>[&#8230;] đã nhắc tới bài này [&#8230;]</p>"}
    items = "".join(item.format(n=n, who="Mai", said=escape(text)) for n, text in said.items())
    posts = [entry.thread.posts[0] for entry in read_feed(doc(str(rss(items).body))).entries]
    assert [post.text for post in posts] == ["Chị dùng size nào ạ?", "Bé nhà em hợp.", "Xem ý của Lan rồi em mới mua."]
    assert [post.reply_to for post in posts] == [posts[1].post_id, None, None]
