"""The rows of a table in an HTML page: shops' consoles often write their exports so, and call them ``.xls``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawler.importers.lines import Row
from data.errors import InputError

_LARGEST = 64 << 20
_MOST_COLUMNS, _LONGEST_CELL, _WIDEST_SPAN = 400, 40_000, 50


def rows(path: Path, encoding: str, start: bytes) -> list[Row]:
    """The rows of the page's largest table. A cell over several columns or rows stands in each of them.

    Raises ``InputError`` for a page of more than 64 MB and one without a table.
    """
    from lxml import html
    from lxml.etree import LxmlError, XPath

    if path.stat().st_size > _LARGEST or b"<!ENTITY" in start:
        raise InputError("import_not_a_table", path=path.name)
    body = path.read_text(encoding=encoding, errors="replace").encode("utf-8", "replace")
    try:
        tree = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (LxmlError, ValueError, AssertionError):
        raise InputError("import_not_a_table", path=path.name) from None
    find: Any = XPath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")
    tables: list[list[Any]] = [find(table) for table in tree.iter("table")]
    return _filled(max(tables, key=len, default=[]))


def _filled(lines: list[Any]) -> list[Row]:
    found: list[Row] = []
    below: dict[int, tuple[int, str]] = {}
    for number, line in enumerate(lines, start=1):
        above, below = below, {}
        cells: list[str] = []

        def put(text: str, down: int, cells: list[str] = cells, below: dict[int, tuple[int, str]] = below) -> None:
            if down > 1:
                below[len(cells)] = (down - 1, text)
            cells.append(text)

        for cell in line.xpath("./td | ./th"):
            while len(cells) in above:
                put(above[len(cells)][1], above[len(cells)][0])
            text = " ".join(cell.text_content().split())[:_LONGEST_CELL]
            for _ in range(min(_span(cell.get("colspan")), _MOST_COLUMNS - len(cells))):
                put(text, _span(cell.get("rowspan")))
        while len(cells) in above:
            put(above[len(cells)][1], above[len(cells)][0])
        if any(cells):
            found.append(Row(number, cells))
    return found


def _span(said: str | None) -> int:
    return min(int(said), _WIDEST_SPAN) if said and said.isdecimal() and len(said) < 6 and int(said) else 1
