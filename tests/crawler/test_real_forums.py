"""Three forums that nobody here wrote, crawled over HTTP: what was put in comes out, once, and later only what is new.

Each is read once by its own engine and once by the reader for unknown forums. Without the package index, or PostgreSQL where
a forum needs it, the tests skip and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from data.privacy import author_key, study_key
from tests.conftest import StudyFolder
from tests.servers.content import Post
from tests.servers.real import FORUMS, CannotInstallError, RealForum

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module", params=FORUMS)
def forum(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealForum]:
    try:
        made = RealForum.filled(request.param, tmp_path_factory.mktemp(request.param))
    except CannotInstallError as error:
        pytest.skip(str(error))
    with made as standing:
        yield standing


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _stored(study: StudyFolder) -> dict[str, tuple[str, str | None, str | None]]:
    """Text → time, author's key and quote of every post stored."""
    rows = study.rows(
        "select p.text, p.posted_at, a.author_key, p.quoted from posts p left join authors a using (author_id)"
    )
    stored = {_words(text): (at, author, quoted) for text, at, author, quoted in rows}
    assert len(stored) == len(rows), "the same post is stored twice"
    return stored


def _compare(study: StudyFolder, forum: RealForum) -> None:
    """Every post once, with its author, its time and its quote apart."""
    key, site = study_key(study.folder / "thu.key"), forum.url.removeprefix("http://").rstrip("/")
    stored = _stored(study)
    expected_texts = {_words(post.text) for post in forum.posts}
    assert not expected_texts - stored.keys(), f"{len(expected_texts - stored.keys())} posts are missing"
    assert not stored.keys() - expected_texts
    for thread in forum.threads:
        for post in thread.posts:
            at, author, quoted = stored[_words(post.text)]
            # Machina shows minutes, not seconds.
            assert datetime.fromisoformat(str(at)).replace(second=0) == post.when.astimezone(UTC).replace(second=0)
            assert author == author_key(key, site, forum.shown(post.author))
            expected = thread.posts[post.quotes].text if post.quotes is not None else None
            assert (quoted is None) == (expected is None), post.text
            if expected is not None:
                # A quote of a quote holds more than the words last written.
                assert _words(expected) in _words(quoted)
    in_order = [_words(text) for (text,) in study.rows("select text from posts order by thread_id, id")]
    for thread in forum.threads:
        texts = [_words(post.text) for post in thread.posts]
        begin = in_order.index(texts[0])
        assert in_order[begin : begin + len(texts)] == texts, thread.title
    assert study.count("threads") == len(forum.threads)
    assert study.rows("select count(*) from threads where complete = 0") == [(0,)]


@pytest.mark.parametrize("engine", [None, "general"], ids=["its engine", "general reader"])
def test_what_was_put_in_comes_out_once_and_later_what_is_new(
    forum: RealForum, engine: str | None, study: StudyFolder
) -> None:
    words = ["--engine", engine] if engine else []
    study.write([{"url": forum.url}])

    [first] = study.crawl(*words)
    assert first["engine"] == (engine or forum.name)
    _compare(study, forum)
    if forum.name == "misago" and engine is None:
        liked = {_words(text): likes for text, likes in study.rows("select text, likes from posts")}
        assert liked == {_words(post.text): len(post.likes) or None for post in forum.posts}
    assert first["posts_new"] == len(forum.posts)

    [second] = study.crawl(*words)
    assert (second["posts_new"], second["posts_changed"]) == (0, 0)

    now, mark = datetime.now(UTC).replace(microsecond=0), engine or "own"
    news = []
    for number, title in enumerate(["Tã nào không hăm cho bé da nhạy cảm?", "Weekly chat, week 12"]):
        thread = next(thread for thread in forum.threads if thread.title == title)
        text = f"Bài mới {mark} {number}, viết sau hai lượt đọc."
        news.append((thread, Post(thread.posts[0].author, now.isoformat(), text)))
    forum.reply(*news)
    unmoved = next(thread for thread in forum.threads if thread.title == "Máy hâm sữa dùng hai tháng đã hỏng")
    quoted = {post.quotes for post in unmoved.posts}
    edited = next(post for place, post in enumerate(unmoved.posts) if place not in quoted)
    forum.edit(edited, edited.text.rsplit("(", 1)[1], f"đã sửa {mark} " + edited.text.rsplit("(", 1)[1])

    # The edited thread has not moved: it is found by a second look, as on another day.
    [third] = study.crawl(*words, "--revisit", "500", "--revisit-after", "0")
    assert (third["posts_new"], third["posts_changed"]) == (2, 1)
    assert study.rows("select count(*) from post_versions") == [(1,)]
    assert _words(edited.text) in _stored(study)
