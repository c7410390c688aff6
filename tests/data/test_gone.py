"""Posts that are missing where they stood: what the store notes, page by page."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from data.records import Post, Thread
from data.store.base import Store, WriteBatch
from tests.filling import FORUM, NOW, post, thread

POSTS = [replace(post(number, f"Bài {number}"), posted_at=NOW + timedelta(minutes=number)) for number in range(6)]


def write(store: Store, *posts: Post, in_order: bool = True, **more: object) -> None:
    page: Thread = thread(*posts, **more)
    engines = frozenset(("xenforo",)) if in_order else frozenset()
    store.write(WriteBatch(threads=[(store.source_id(FORUM), page)], in_order=engines))


def gone(store: Store) -> list[str]:
    return [str(row["text"]) for row in store.query("select text from posts where gone_at is not null order by id")]


def test_a_post_between_two_that_were_read_with_it_is_gone(store: Store) -> None:
    write(store, *POSTS)
    write(store, *POSTS[:2], *POSTS[3:])
    assert gone(store) == ["Bài 2"]
    write(store, *POSTS)
    assert gone(store) == []


@pytest.mark.parametrize(
    "again",
    [
        {"in_order": False},
        {"engine": "general"},
        {"left_out": 1},
    ],
)
def test_what_may_have_another_reason_is_not_noted(store: Store, again: dict[str, object]) -> None:
    write(store, *POSTS)
    write(store, *POSTS[:2], *POSTS[3:], **again)  # type: ignore[arg-type]
    assert gone(store) == []


def test_the_first_post_on_every_page_has_no_neighbour_there(store: Store) -> None:
    write(store, *POSTS)
    write(store, POSTS[0], *POSTS[3:], page=2)
    assert gone(store) == []


def test_posts_of_one_moment_and_posts_without_a_date_tell_nothing(store: Store) -> None:
    alike = [replace(one, posted_at=NOW) for one in POSTS]
    write(store, *alike)
    write(store, *alike[:2], *alike[3:])
    assert gone(store) == []
    dateless = [*POSTS[:4], replace(POSTS[4], posted_at=None), POSTS[5]]
    write(store, *dateless)
    write(store, *dateless[:2], *dateless[3:])
    assert gone(store) == []


def test_only_what_was_read_together_is_compared(store: Store) -> None:
    write(store, *POSTS)
    with_old = "2020-01-01T00:00:00Z"

    with closing(sqlite3.connect(store.path)) as db:  # type: ignore[attr-defined]
        db.execute("update posts set last_seen = ? where text = 'Bài 2'", (with_old,))
        db.commit()
    write(store, *POSTS[:2], *POSTS[3:])
    assert gone(store) == [], "it was missing before, so that nobody knows where it stood"
