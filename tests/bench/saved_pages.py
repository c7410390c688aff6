"""Saved pages to measure reading with: the labelled forum pages where they lie beside the project, else the bench board's."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

from tests.bench.other_tools import read_body

LABELLED = Path(__file__).parent.parent.parent.parent / "shared" / "devdata"
#: Smaller ones are read so fast that it says little about the pages of real forums.
_SMALLEST = 60_000


def write_list(out: Path, board: Path, most: int) -> tuple[str, int]:
    """Write ``{"url", "html_path"}`` of so many pages; what they are, and their mean size in bytes."""
    labelled, what = list(_labelled()), "real forum pages"
    pages = labelled[:: max(1, len(labelled) // most)][:most]
    if not pages:
        pages, what = list(_of_board(board, out.parent, most)), "the board's pages"
    with out.open("w", encoding="utf-8") as lines:
        for url, path in pages:
            lines.write(json.dumps({"url": url, "html_path": str(path)}) + "\n")
    return what, sum(len(read_body(str(path))) for _, path in pages) // len(pages)


def _labelled() -> Iterator[tuple[str, Path]]:
    for name in ("forum52", "wcxb"):
        lines = LABELLED / name / "pages.jsonl"
        if not lines.exists():
            continue
        with lines.open(encoding="utf-8") as told:
            for line in told:
                page = json.loads(line)
                path = lines.parent / page["html"]
                if page.get("page_type", "forum") == "forum" and len(read_body(str(path))) >= _SMALLEST:
                    yield page["url"], path


def _of_board(database: Path, folder: Path, most: int) -> Iterator[tuple[str, Path]]:
    with sqlite3.connect(database) as db:
        rows = db.execute(
            "select url, body from pages where status = 200 and kind = 'thread' limit ?", (most,)
        ).fetchall()
    for number, (url, body) in enumerate(rows):
        path = folder / f"page-{number}.html"
        path.write_bytes(zlib.decompress(body))
        yield url, path
