"""What an index says of its boards: the same while nothing new is in them, another as soon as something is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.engines.document import Document
from crawler.engines.reading import clock_for
from crawler.engines.standing import standings
from data.records import Page

FETCHED = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
INDEX = """<html lang=en><table>
<tr><th><a href="/c/all">Everything</a></th></tr>
<tr><td><a href="/f/1">Babies</a> <ul><li><a href="/f/3">Sleep</a></li></ul></td><td>12</td><td>{count}</td>
    <td><a href="/t/{thread}">{title}</a>, {date}</td></tr>
<tr><td><a href="/f/2">Cars</a></td><td>4</td><td>31</td><td>{other}</td></tr>
</table>{online} are reading.</html>"""
BEFORE = {
    "count": "340",
    "thread": "88",
    "title": "Night feeds",
    "date": "20-11-2026, 08:15",
    "other": "19-11-2026, 21:40",
    "online": "17",
}


def said(**now: str) -> dict[str, str]:
    doc = Document(Page("https://f.example/", INDEX.format(**BEFORE | now).encode(), fetched_at=FETCHED))
    boards = {f"/f/{n}": doc.tree.xpath(f"//a[@href='/f/{n}']") for n in (1, 2, 3)}
    return standings(doc, boards, clock_for(doc, ()))


def test_an_index_without_news_says_the_same() -> None:
    assert said() == said(online="205")
    assert set(said()) == {"/f/1", "/f/2"}, "of a board without a date beside it nobody can tell"


@pytest.mark.parametrize("now", [{"date": "21-11-2026, 09:00"}, {"count": "341"}, {"thread": "90", "title": "Naps"}])
def test_news_change_what_is_said_of_their_board_alone(now: dict[str, str]) -> None:
    before, after = said(), said(**now)
    assert before["/f/1"] != after["/f/1"]
    assert before["/f/2"] == after["/f/2"]


def test_a_board_whose_last_post_is_not_dated_is_looked_at() -> None:
    assert "/f/2" not in said(other="Lan")


def test_a_board_without_a_date_does_not_borrow_anothers() -> None:
    body = "<ul><li><a href='/f/1'>A</a> <b>3</b></li><li><a href='/f/2'>B</a> 20-11-2026, 08:15</li></ul>"
    doc = Document(Page("https://f.example/", f"<html lang=en><div>{body}</div></html>".encode(), fetched_at=FETCHED))
    boards = {f"/f/{n}": doc.tree.xpath(f"//a[@href='/f/{n}']") for n in (1, 2)}
    assert set(standings(doc, boards, clock_for(doc, ()))) == {"/f/2"}


def test_a_day_without_a_count_is_not_enough() -> None:
    bare = "<html lang=en><ul><li><a href='/f/1'>A</a> 20-11-2026</li><li><a href='/f/2'>B</a> <b>7</b> 20-11-2026</li></ul>"
    doc = Document(Page("https://f.example/", bare.encode(), fetched_at=FETCHED))
    boards = {f"/f/{n}": doc.tree.xpath(f"//a[@href='/f/{n}']") for n in (1, 2)}
    assert set(standings(doc, boards, clock_for(doc, ()))) == {"/f/2"}


def test_what_is_said_in_relative_words_is_taken_from_its_attribute() -> None:
    def one(words: str) -> dict[str, str]:
        body = f"<p><a href='/f/1'>A</a> <time datetime='2026-11-20T08:15:00Z'>{words}</time></p>"
        doc = Document(Page("https://f.example/", body.encode(), fetched_at=FETCHED))
        return standings(doc, {"/f/1": doc.tree.xpath("//a")}, clock_for(doc, ()))

    assert one("5 minutes ago") == one("yesterday") != {}
