"""Answers in the shape of an API and with anything in it: they are read, or said to be unreadable, and break nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.engines import engine
from crawler.engines.document import Document
from data.errors import UnreadablePageError
from data.records import Page

PAGES = Path(__file__).parents[1] / "pages"
CASES = sorted(path for name in ("nodebb", "flarum", "lemmy") for path in (PAGES / name).glob("*/page.json"))
ODD: tuple[Any, ...] = (None, 5, "x", [None], {"a": [1]})


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a JSON document; of lists the first two."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, below in inner:
        yield from places(below, (*path, key))


def changed(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    made = copy.deepcopy(value)
    node = made
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = odd
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parents[1].name}/{path.parent.name}")
def test_whatever_stands_in_an_answer_breaks_nothing(case: Path) -> None:
    reader = engine(case.parents[1].name)
    answer = json.loads(case.read_text(encoding="utf-8"))
    url = json.loads((case.parent / "expected.json").read_text(encoding="utf-8"))["url"]
    for path in places(answer):
        for odd in ODD:
            doc = Document(Page(url, json.dumps(changed(answer, path, odd)).encode(), content_type="application/json"))
            try:
                if reader.detect(doc) and reader.kind(doc) == "thread":
                    reader.read_thread(doc)
                elif reader.kind(doc) != "other":
                    reader.read_list(doc)
            except UnreadablePageError:
                continue
            except Exception as error:
                raise AssertionError(f"{path} = {odd!r}") from error
