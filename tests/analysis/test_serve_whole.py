"""Every page of the demonstration's database, through the real Datasette: nothing that can be clicked is an error."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis import serve
from data.dictionary import tables
from data.store.queries import query_names
from data.study_file import load

VALUES = {"words": "điện thoại", "brand": "MiniCare", "category": "price"}


@pytest.fixture(scope="module")
def database(demo_study: Path) -> Path:
    return load(demo_study).database


def read(database: Path, addresses: Iterator[str] | list[str]) -> dict[str, Any]:
    """Address → answer, each with the database's name put in front."""
    datasette = serve.build(database, database.parent / "reports", lang="en")

    async def all_of_them() -> dict[str, Any]:
        await datasette.invoke_startup()
        return {address: await datasette.client.get(f"/{database.stem}{address}") for address in addresses}

    return asyncio.run(all_of_them())


def wrong(answers: dict[str, Any]) -> dict[str, int]:
    return {address: answer.status_code for address, answer in answers.items() if answer.status_code != 200}


def test_every_table_and_view_opens_as_a_page_as_json_and_as_csv(database: Path) -> None:
    forms = ("", ".json?_labels=on", ".csv?_labels=on&_size=max", ".csv?_stream=1")
    answers = read(database, [f"/{table}{form}" for table in tables("en") for form in forms])
    assert wrong(answers) == {}
    headers = {
        table: next(csv.reader(io.StringIO(answers[f"/{table}.csv?_stream=1"].content.decode("utf-8-sig"))))
        for table in tables("en")
    }
    for table, words in tables("en").items():
        assert set(words["columns"]) <= set(headers[table])


def test_every_column_can_be_counted_and_sorted_by(database: Path) -> None:
    columns = {table: list(words["columns"]) for table, words in tables("en").items()}
    facets = [f"/{table}?_size=1&" + "&".join(f"_facet={c}" for c in names) for table, names in columns.items()]
    sorts = [f"/{table}?_size=1&_nofacet=1&_sort_desc={names[-1]}" for table, names in columns.items()]
    assert wrong(read(database, facets + sorts)) == {}


def test_every_kind_of_row_opens_and_leads_to_the_rows_it_points_at(database: Path) -> None:
    pages = read(database, [f"/{table}?_size=2" for table in tables("en")])
    inside = re.compile(rf'href="/{re.escape(database.stem)}(/[^"?]+/[^"?]+)"')
    rows = sorted({link for page in pages.values() for link in inside.findall(page.text)})
    kinds = {row.split("/")[1] for row in rows}
    assert kinds >= {"posts", "threads", "authors", "brands", "sources", "pains", "mentions", "landing_snapshots"}
    assert wrong(read(database, [form for row in rows for form in (row, f"{row}.json")])) == {}


def test_every_named_query_answers_with_and_without_values(database: Path) -> None:
    filled = "&".join(f"{name}={value}" for name, value in VALUES.items())
    forms = ("", f"?{filled}", f".json?{filled}", f".csv?{filled}")
    assert wrong(read(database, [f"/{name}{form}" for name in query_names() for form in forms])) == {}


def test_the_search_boxes_find_what_is_typed_without_diacritics(database: Path) -> None:
    answers = read(database, [f"/{table}.json?_shape=array&_search=dem" for table in ("posts", "threads")])
    for answer in answers.values():
        assert len(answer.json()) > 3
