"""What ``serve`` costs on a million posts: every page of a table, every named question, the search page, the first page.

The time told is the processor's, which a busy machine does not stretch: Datasette answers one request at a time here.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.market import BRANDS, Market

#: Milliseconds that a page may take.
ASKED = 300
_SHOWN = 12


def addresses(name: str) -> Iterator[str]:
    """What is asked of a database called ``name``: all pages, and what people typically choose on them."""
    from data.dictionary import tables
    from data.store.queries import query_names

    yield from ("/", f"/{name}", "/-/questions", "/-/label")
    for table in tables("en"):
        yield f"/{name}/{table}"
    brand = BRANDS[1]
    for chosen in (
        {"brand": brand}, {"source": "https://trang.example/3"}, {"brand": brand, "source": "https://trang.example/3"},
        {"_sort_desc": "posted_at"}, {"counted": "1"},
    ):  # fmt: skip
        yield f"/{name}/posts_flat?{urlencode(chosen)}"
    for chosen in (
        {"brand": brand},
        {"category": "price"},
        {"kind": "complaint", "category": "price"},
        {"_sort_desc": "posted_at"},
    ):
        yield f"/{name}/pains_flat?{urlencode(chosen)}"
    for chosen in (
        {"attribute": "age"},
        {"attribute": "gender", "value": "female"},
        {"_sort_desc": "posted_at"},
        {"counted": "0"},
    ):
        yield f"/{name}/cues_flat?{urlencode(chosen)}"
    for chosen in (
        {"how": "unsure"}, {"how": "empty"}, {"how": "newest"}, {"brand": brand}, {"category": "price"}, {"attribute": "gender"},
        {"words": "het hang"}, {"source": "trang.example/3"}, {"how": "unsure", "category": "price"}, {"state": "done"}, {"page": "40"},
    ):  # fmt: skip
        yield f"/-/label?{urlencode(chosen)}"
    everything = {
        "brand": brand,
        "category": "price",
        "attribute": "gender",
        "value": "female",
        "figure": "gender=female",
        "words": "het hang",
    }
    for query in query_names():
        for chosen in (
            {"words": "het"},
            {"brand": brand, "words": "hết hàng"},
            everything,
            {"attribute": "location", "category": "price"},
        ):
            yield f"/{name}/{query}?{urlencode(chosen)}"
    for chosen in (
        {}, {"words": "het hang"}, {"words": "hết hàng"}, {"words": "het", "brand": brand}, {"words": "het", "category": "price"},
        {"words": "khongcotunay"}, {"brand": brand}, {"source": "https://trang.example/3"}, {"category": "price"},
        {"what": "gender|female"}, {"what": "age|28"}, {"what": "goal|"}, {"what": "gender|female", "brand": brand, "category": "price"},
        {"since": "2026-01-01", "until": "2026-01-31", "category": "price"}, {"words": "mua", "order": "newest", "page": "9"},
    ):  # fmt: skip
        yield f"/-/search?{urlencode(chosen)}"


def measure(study: str) -> list[tuple[float, str]]:
    """Milliseconds of each answer, the slowest first. Each is asked twice, the first time to fill what caches there are."""
    from analysis import serve
    from data.study_file import load

    loaded = load(Path(study))
    datasette = serve.build(loaded.database, loaded.database.parent / "reports", "vi", study=loaded)

    async def ask() -> list[tuple[float, str]]:
        await datasette.invoke_startup()
        found = []
        for address in addresses(loaded.database.stem):
            took = []
            for _ in range(2):
                began = time.process_time()
                answer = await datasette.client.get(address)
                took.append(1000 * (time.process_time() - began))
                assert answer.status_code == 200, f"{address}: {answer.status_code}"
            found.append((min(took), address))
        return sorted(found, reverse=True)

    return asyncio.run(ask())


def prepare(folder: Path, posts: int) -> Path:
    """A market of so many posts, analysed and indexed; the study file."""
    import sqlite3

    from tests.bench.crawls import child

    place = folder / f"served-{posts}"
    place.mkdir()
    study = Market(place, posts, int(posts * 0.12)).make()
    with sqlite3.connect(study.database) as db:  # written without its triggers
        db.execute(
            "insert into posts_fts (rowid, text) select id, replace(replace(text, 'đ', 'd'), 'Đ', 'D') from posts"
        )
    child("analyse", study.path)
    return study.path


def notes(study: str) -> list[tuple[str, float, str, str, dict[str, float]]]:
    """Lines of the table: what, value, unit, baseline, and what is asked."""
    found = measure(study)
    rows: list[tuple[str, float, str, str, dict[str, Any]]] = [
        (f"the slowest of {len(found)} pages", found[0][0], "ms", found[0][1][:60], {"at_most": ASKED}),
        ("… the middle one", found[len(found) // 2][0], "ms", "", {}),
    ]
    return [*rows, *((f"… {address[:70]}", took, "ms", "", {"at_most": ASKED}) for took, address in found[1:_SHOWN])]


if __name__ == "__main__":
    import sys

    print(
        json.dumps(
            [(round(took), address) for took, address in measure(sys.argv[1])][:40], ensure_ascii=False, indent=0
        )
    )
