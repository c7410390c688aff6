"""One export: tables into a folder, in one of five forms, whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.exporting import describing
from analysis.exporting.describing import MARK, About
from analysis.exporting.files import Drafts
from analysis.exporting.lines import write_csv, write_jsonl
from analysis.exporting.parquet import require, write_parquet
from analysis.exporting.reading import Table
from analysis.exporting.workbook import MOST_ROWS, Workbook
from data.errors import InputError
from data.rows import harmless

FORMATS = ("csv", "xlsx", "parquet", "jsonl", "datapackage")
README = "README.md"
Step = Callable[[str], None]


@dataclass(frozen=True)
class Exported:
    """What was written: the files, the tables in them, and how many cells were too long for a spreadsheet."""

    files: list[Path]
    tables: list[Table]
    cut: int = 0


def export(
    tables: Iterable[Table], about: About, folder: Path, *, bom: bool = True, most_rows: int = MOST_ROWS,
    step: Step = lambda _: None,
) -> Exported:  # fmt: skip
    """Write ``tables`` into ``folder`` as ``about.form`` says. ``step`` is told each table before it is read.

    Raises ``InputError`` where pyarrow is missing, or the folder has a README of its own; ``OSError`` where the disk is full.
    """
    if about.form == "parquet":
        require()
    _own_folder(folder)
    with Drafts(folder) as drafts:
        cut = 0
        if about.form == "xlsx":
            done, cut = _workbook(tables, about, drafts, most_rows, step)
        else:
            done = _table_files(tables, about, drafts, bom, step)
        return Exported(drafts.keep(), done, cut)


def _own_folder(folder: Path) -> None:
    place = folder / README
    if folder.exists() and not folder.is_dir():
        raise InputError("export_no_folder", path=folder)
    if place.exists() and not place.read_text(encoding="utf-8", errors="replace").startswith(MARK):
        raise InputError("export_folder_taken", path=folder)


def _table_files(tables: Iterable[Table], about: About, drafts: Drafts, bom: bool, step: Step) -> list[Table]:
    done: list[Table] = []
    package = about.form == "datapackage"
    resources = []
    for table in tables:
        step(table.name)
        ending = "csv" if package else about.form
        file = f"{table.name}.{ending}"
        draft = drafts.new(file)
        if about.form == "jsonl":
            write_jsonl(table, draft)
        elif about.form == "parquet":
            write_parquet(table, draft)
        else:
            write_csv(table, draft, bom=bom and not package)
        done.append(table)
        if package:
            fields = [describing.field_of(column) for column in table.columns]
            name = table.name.replace("_", "-")
            resources.append(describing.resource(name, table.about, draft, file, fields, table.count))
    for name, head, rows in _codes(about, done):
        draft = drafts.new(f"{name}.csv")
        count = _plain_csv(draft, head, rows, bom=bom and not package)
        fields = [{"name": column, "type": "string"} for column in head]
        resources.append(describing.resource(name, about.tell(f"about.{name}"), draft, f"{name}.csv", fields, count))
    drafts.new(README).write_text(describing.readme(about, done), encoding="utf-8")
    if package:
        notes = describing.privacy(about, done)
        text = json.dumps(describing.descriptor(about, resources, notes), ensure_ascii=False, indent=2)
        drafts.new("datapackage.json").write_text(text + "\n", encoding="utf-8")
    return done


def _codes(about: About, tables: Sequence[Table]) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    return [
        ("columns", describing.COLUMN_COLUMNS, list(describing.column_rows(tables))),
        ("codebook", describing.CODE_COLUMNS, list(describing.codes(about.lang))),
    ]


def _plain_csv(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]], *, bom: bool) -> int:
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(head)
        writer.writerows([harmless(cell) for cell in row] for row in rows)
    return len(rows)


def _workbook(
    tables: Iterable[Table], about: About, drafts: Drafts, most_rows: int, step: Step
) -> tuple[list[Table], int]:
    """A workbook of all tables; what it is and what its columns mean stand on its last sheets, for those are known last."""
    draft = drafts.new(f"{about.study}.xlsx")
    book = Workbook(draft, most_rows=most_rows)
    done: list[Table] = []
    try:
        for table in tables:
            step(table.name)
            book.table(table)
            done.append(table)
        text = describing.readme(about, done, book.cut)
        book.page("README", (120, 12, 60), _sheet_rows(text))
        for name, head, rows in _codes(about, done):
            book.page(name, (26, 26, 12, 90) if name == "columns" else (22, 26, 90), [head, *rows])
        book.first("README")
        book.close()
    except BaseException:
        book.abandon()
        raise
    return done, book.cut


def _sheet_rows(markdown: str) -> list[list[str]]:
    """A README's lines as rows of a sheet: a table's cells beside each other, no marks."""
    rows = []
    for line in markdown.splitlines():
        if line.startswith("| ---") or line == MARK:
            continue
        if line.startswith("| "):
            rows.append([cell.strip().strip("`").replace("\\|", "|") for cell in line.strip("|").split(" | ")])
        else:
            rows.append([line.lstrip("#- ").strip()])
    return rows
