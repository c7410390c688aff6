"""Ids that a spreadsheet damaged, and ids that two people share: nobody's words get another's author."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.importers.damaged_ids import Ids, is_damaged
from crawler.importers.plan import plan
from crawler.importers.showing import notes

WHO = "select p.text, a.author_id, p.posted_at from posts p left join authors a using (author_id) order by p.posted_at, p.text"
HEADER = "Comment ID,Author,Comment,Date\n"
COMMENTS = (
    ("An", "hay bị tràn quá", "2026-01-02"),
    ("Bình", "giá mắc quá trời", "2026-01-03"),
    ("Chi", "giao chậm", "2026-01-04"),
)


def table(*ids: str) -> str:
    return HEADER + "".join(",".join((one, *row)) + "\n" for one, row in zip(ids, COMMENTS, strict=True))


@pytest.mark.parametrize(
    "ids",
    [
        ("1.01579E+16", "1.01579E+16", "1.01579E+16"),
        ("123456789012345000", "123456789012345000", "123456789012346000"),
        ("7301234567890120000", "7301234567890130000", "7301234567890140000"),
    ],
)
def test_damaged_ids_tell_no_posts_apart_and_that_is_said(desk: Any, ids: tuple[str, str, str]) -> None:
    path = desk.file("x.csv", table(*ids))
    assert any(ids[0] in note and "Comment ID" in note for note in notes(plan(path, desk.study)))
    assert desk.take(path).posts.new == 3
    rows = desk.rows(WHO)
    assert [row["text"] for row in rows] == [text for _, text, _ in COMMENTS]
    assert len({row["author_id"] for row in rows}) == 3
    assert desk.take(desk.file("again.csv", table(*ids) + "\n")).posts.known == 3


def test_ids_as_they_should_be_are_used(desk: Any) -> None:
    path = desk.file("x.csv", table("123456789012345000", "123456789012345678", "123456789012345679"))
    assert not any("123456789012345000" in note for note in notes(plan(path, desk.study)))
    desk.take(path)
    assert desk.rows("select count(*) as n from posts where post_id like '%/123456789012345000'") == [{"n": 1}]


def test_an_id_that_two_people_have_stays_with_the_first_of_them(desk: Any) -> None:
    done = desk.take(desk.file("x.csv", table("1", "1", "2")))
    assert (done.posts.new, done.posts.changed) == (3, 0)
    assert len({row["author_id"] for row in desk.rows(WHO)}) == 3
    other = desk.file("y.csv", HEADER + "2,Dung,thấm hút tốt,2026-01-05\n1,An,hay bị tràn quá trời luôn,2026-01-02\n")
    done = desk.take(other)
    assert (done.posts.new, done.posts.changed) == (1, 1), "an author's own words may change"
    rows = desk.rows(WHO)
    assert len(rows) == len({row["author_id"] for row in rows}) == 4
    assert desk.take(desk.file("z.csv", other.read_bytes() + b"\n")).posts.known == 2


def test_damaged_ids_of_authors_are_no_people(desk: Any) -> None:
    desk.take(
        desk.file(
            "x.csv",
            "author_id,author,text,created_at\n"
            "1.0001E+14,An,hay bị tràn quá,2026-01-02\n1.0001E+14,Bình,giá mắc quá trời,2026-01-03\n",
        )
    )
    assert len({row["author_id"] for row in desk.rows(WHO)}) == 2


def test_what_looks_damaged() -> None:
    assert all(is_damaged(one) for one in ("1.01579E+16", "1,02E+17", "7E+18", "123456789012345000"))
    assert not any(is_damaged(one) for one in ("12e4", "100000000000000", "1234567890123456", "pfbid0E+1", "000000"))
    by_chance = Ids()
    by_chance.add("id", "1234567890123450", "một")
    assert by_chance.damaged() == {}
