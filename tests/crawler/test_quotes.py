"""Quotes where they stand: whose words they are, and at what level, as the headers of several engines say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import html

from crawler.engines.fragments import read_markdown
from crawler.engines.quoting import who
from crawler.engines.text import read_body
from crawler.platforms.hackernews import _comment as hn_comment
from crawler.platforms.markup import words_as_in_mail
from crawler.platforms.reddit import _post as reddit_post

#: The line above a quote, and whom it names.
HEADERS = {
    "(03-05-2026, 08:11 PM)An Wrote:": "An",
    "Mẹ Gấu Viết:": "Mẹ Gấu",
    "Trích dẫn từ: An - 05/03/2026, 20:11:00": "An",
    "Quote from: Petra L on November 19, 2026, 06:41:09 PM": "Petra L",
    "An-Nhiên đã nói:": "An-Nhiên",
}


@pytest.mark.parametrize("line", HEADERS)
def test_the_line_above_a_quote_names_a_person(line: str) -> None:
    assert who(line) == HEADERS[line]


def test_a_quote_within_a_quote_keeps_its_level_and_its_name() -> None:
    body = read_body(
        html.fromstring(
            "<div><blockquote><cite>Lan wrote:</cite>before<blockquote><cite>Hoa wrote:</cite>inner</blockquote>after"
            "</blockquote>My words</div>"
        )
    )
    assert body.shown == "> Lan:\n> before\n>\n> > Hoa:\n> > inner\n>\n> after\n\nMy words"
    assert (body.text, body.quoted, body.quoted_author) == ("My words", "before\n\ninner\n\nafter", "Lan")


def test_quotes_without_end_are_read_without_harm() -> None:
    depth = 100
    body = read_body(html.fromstring("<div>" + "<blockquote>lời " * depth + "</blockquote>" * depth + "Hết</div>"))
    assert body.text == "Hết"
    assert body.shown is not None
    assert max(line.count(">") for line in body.shown.split("\n")) == 8


def test_a_slanted_line_with_a_sign_is_a_quote_on_hacker_news() -> None:
    body = words_as_in_mail("<i>&gt; it leaks</i><p>Ours does not.")
    assert (body.text, body.quoted) == ("Ours does not.", "it leaks")
    body = words_as_in_mail("<i>&gt; it leaks</i> Ours does not.")
    assert (body.text, body.quoted) == ("Ours does not.", "it leaks")


def test_a_label_that_is_all_that_is_quoted_stays() -> None:
    body = read_markdown("> trích dẫn\n\ntrả lời")
    assert (body.text, body.quoted, body.shown) == ("trả lời", "trích dẫn", "> trích dẫn\n\ntrả lời")


def test_an_answer_of_reddit_without_html_keeps_its_lines_and_quotes() -> None:
    post = reddit_post({"id": "a1", "body": "&gt; Tã này mềm\n\n**đắt** quá"}, "t1_a1", "body")
    assert (post.text, post.quoted) == ("đắt quá", "Tã này mềm")


def test_a_comment_of_hacker_news_has_its_time_by_either_name() -> None:
    post = hn_comment({"id": 7, "text": "Mine leaks", "author": "lan", "created_at": "2026-11-01T08:00:00Z"}, "1")
    assert post is not None
    assert post.posted_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
