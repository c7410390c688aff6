"""Quotes where they stand: whose words they are, and at what level, as the headers of several engines say."""

from __future__ import annotations

import pytest
from lxml import html

from crawler.engines.quoting import who
from crawler.engines.text import read_body

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
