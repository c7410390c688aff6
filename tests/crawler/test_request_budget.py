"""What later crawls of real forums cost: next to nothing where nothing is new, little where a hundredth of the posts is.

The forums are large enough that a page or two are not yet a share. Without the package index, or PostgreSQL where a forum
needs it, the tests skip and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import StudyFolder
from tests.servers.content import Post
from tests.servers.real import FORUMS, CannotInstallError, RealForum

pytestmark = pytest.mark.servers
CHATS = 150
#: Misago is left to the other tests: to fill it with so many posts takes minutes.
LARGE = tuple(name for name in FORUMS if name != "misago")


@pytest.fixture(scope="module", params=LARGE)
def forum(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealForum]:
    try:
        made = RealForum.filled(request.param, tmp_path_factory.mktemp(request.param), chats=CHATS)
    except CannotInstallError as error:
        pytest.skip(str(error))
    with made as standing:
        yield standing


def _asked(result: dict[str, Any]) -> int:
    """The requests of a crawl: its pages, those answered "as before" or with an error, and robots.txt."""
    return int(result["pages"] + result["not_modified"] + result["failed"] + 1)


def test_an_unchanged_forum_costs_a_twentieth_and_a_hundredth_of_news_under_a_sixth(
    forum: RealForum, study: StudyFolder
) -> None:
    study.write([{"url": forum.url}])
    [first] = study.crawl()
    whole = _asked(first)
    assert first["posts_new"] == len(forum.posts)

    [second] = study.crawl()
    # As on another day: pages not seen for long are looked at again.
    [later] = study.crawl("--revisit-after", "0")
    assert (second["posts_new"], later["posts_new"], later["posts_changed"]) == (0, 0, 0)

    now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    news = max(1, len(forum.posts) // 100)
    said = []
    for number in range(news):
        # Spread over the forum, old threads and young ones.
        thread = forum.threads[(number * 37 + 5) % len(forum.threads)]
        at = (now + timedelta(minutes=number)).isoformat()
        said.append((thread, Post(thread.posts[0].author, at, f"Bài mới số {number}, viết vào hôm khác.")))
    forum.reply(*said)
    [third] = study.crawl("--revisit-after", "0")

    shares = {name: _asked(one) / whole for name, one in (("again", second), ("another day", later), ("news", third))}
    told = ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
    print(f"{forum.name}: {len(forum.posts)} posts, {whole} requests; {news} new; {told}")
    assert third["posts_new"] == news
    assert study.count("posts") == len(forum.posts)
    assert shares["again"] <= 0.05, told
    assert shares["another day"] <= 0.05, told
    assert shares["news"] <= 0.15, told
