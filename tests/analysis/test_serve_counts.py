"""Counts and facets the quick way: the same numbers as Datasette's own question, or its own question."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from analysis.serve_counts import quicker
from data.study_file import load

COLUMNS = {
    "posts_flat": ["brand", "source"],
    "pains_flat": ["brand", "category", "kind"],
    "cues_flat": ["attribute", "value"],
}
WHERE = {
    "posts_flat": ["", 'where "brand" = :p0 ', 'where "brand" = :p0 and "source" = :p1 '],
    "pains_flat": ["", 'where "brand" = :p0 ', 'where "category" = :p2 and "kind" = :p3 '],
    "cues_flat": ["", 'where "attribute" = :p4 '],
}
GIVEN = {"p0": "MiniCare", "p1": "", "p2": "price", "p3": "complaint", "p4": "gender"}


def facet(column: str, view: str, where: str) -> str:
    return (
        f"\n select {column} as value, count(*) as count from (\n select * from {view} {where}\n )\n"
        f" where {column} is not null\n group by {column} order by count desc, value limit 31\n"
    )


@pytest.mark.parametrize("view", COLUMNS)
def test_the_quick_way_comes_to_the_same(demo_study: Path, view: str) -> None:
    database = load(demo_study).database
    with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as db:
        given = {**GIVEN, "p1": db.execute("select url from sources limit 1").fetchone()[0]}
        for where in WHERE[view]:
            for sql in (
                f"select count(*) from {view} {where}",
                *(facet(column, view, where) for column in COLUMNS[view]),
            ):
                quick = quicker(sql)
                assert quick is not None, sql
                assert db.execute(quick, given).fetchall() == db.execute(sql, given).fetchall()


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from posts",
        'select count(*) from posts_flat where "counted" = :p0 ',
        'select count(*) from posts_flat where "brand" like :p0 ',
        "select text from posts_flat",
        facet("lang", "posts_flat", ""),
    ],
)
def test_what_the_counts_do_not_know_is_asked_as_it_is(sql: str) -> None:
    assert quicker(sql) is None
