"""The same post again is told by who wrote it and when, and not by its number alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crawler.said import Said
from data.records import Post

POST = Post(post_id="3", text="Cảm ơn các mẹ", author="Lan", posted_at=datetime(2025, 3, 1, 8, tzinfo=UTC))


def test_a_number_of_another_author_and_day_is_another_post() -> None:
    said = Said()
    said.add([POST])
    other = replace(POST, author="Tú Anh", posted_at=datetime(2025, 3, 2, 8, tzinfo=UTC), text="Bé nhà em hết hăm rồi")
    assert said.knows(POST)
    assert not said.knows(other)


def test_the_same_words_a_little_later_are_the_same_post_and_those_of_another_day_are_not() -> None:
    said, moment = Said(), POST.posted_at
    assert moment is not None
    said.add([POST])
    assert said.knows(replace(POST, post_id="x", posted_at=moment + timedelta(minutes=2)))
    assert not said.knows(replace(POST, post_id="x", posted_at=moment + timedelta(days=2)))
