"""A WordPress that nobody here wrote, crawled over HTTP: articles by people with the comments below them, page by page.

Once as it comes, where an article shows its last comments first, and once with the oldest first. Without Debian's packages
the tests skip and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from data.privacy import author_key, study_key
from tests.conftest import StudyFolder
from tests.servers.common import CannotInstallError
from tests.servers.content import Post, Thread
from tests.servers.wordpress_site import WordPress

pytestmark = pytest.mark.servers
#: WordPress shows answers five deep; what answers the fifth stands beside it.
DEEPEST = 5


@pytest.fixture(scope="module", params=["newest", "oldest"])
def site(request: pytest.FixtureRequest) -> Iterator[WordPress]:
    try:
        made = WordPress.filled(shows=request.param)
    except CannotInstallError as error:
        pytest.skip(str(error))
    with made as standing:
        yield standing


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _shown_above(thread: Thread, post: Post) -> str | None:
    """The text of the comment in whose answers this one is shown."""
    way = []
    while post.quotes:
        post = thread.posts[post.quotes]
        way.insert(0, post.text)
    return way[min(len(way), DEEPEST - 1) - 1] if way else None


def _compare(study: StudyFolder, site: WordPress) -> None:
    """Every article and comment once, with author, time and the comment answered; no pingback."""
    key, host = study_key(study.folder / "thu.key"), site.url.removeprefix("http://").rstrip("/")
    rows = study.rows(
        "select p.text, p.posted_at, a.author_key, above.text from posts p left join authors a using (author_id) "
        "left join posts above on above.post_id = p.reply_to"
    )
    stored = {_words(text): (at, author, _words(above)) for text, at, author, above in rows}
    assert len(stored) == len(rows), "the same comment is stored twice"
    assert stored.keys() == {_words(post.text) for post in site.posts}
    for thread in site.threads:
        for post in thread.posts:
            at, author, above = stored[_words(post.text)]
            assert datetime.fromisoformat(str(at)) == post.when.astimezone(UTC)
            assert author == author_key(key, host, post.author)
            assert above == _words(_shown_above(thread, post)), post.text
    assert study.count("threads") == len(site.threads)


def test_comments_come_out_once_and_later_what_is_new(site: WordPress, study: StudyFolder) -> None:
    study.write([{"url": site.url, "kind": "forum"}])

    [first] = study.crawl()
    assert first["engine"] == "wordpress"
    assert first["posts_new"] == len(site.posts)
    _compare(study, site)

    [second] = study.crawl()
    assert (second["posts_new"], second["posts_changed"]) == (0, 0)

    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    long, short = site.threads[0], site.threads[5]
    for number, thread in enumerate((long, short)):
        site.reply(thread, Post("minhchau", now, f"Bình luận mới {number}, viết sau hai lượt đọc."))
    edited = long.posts[3]
    site.edit(edited, "(chuyện số 4)", "(đã sửa chuyện số 4)")
    [third] = study.crawl("--revisit", "500", "--revisit-after", "0")
    assert (third["posts_new"], third["posts_changed"]) == (2, 1)
    _compare(study, site)
