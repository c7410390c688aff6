"""The notebook of the documentation runs from its first cell to its last, and is kept without what it printed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.analysis.world import STUDY, World

nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed: pip install -e '.[dev]'")
nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed: pip install -e '.[dev]'")
pytest.importorskip("ipykernel", reason="ipykernel is not installed: pip install -e '.[dev]'")

FOLDER = Path(__file__).parent.parent.parent / "docs" / "how-to"
NOTEBOOKS = ("pandas.ipynb", "pandas.vi.ipynb")


def test_the_notebook_runs(analysed: World, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(json.dumps(STUDY, ensure_ascii=False), encoding="utf-8")
    shutil.copy(analysed.study.database, tmp_path)
    book = nbformat.read(FOLDER / NOTEBOOKS[0], as_version=4)
    nbclient.NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [cell for cell in book.cells if cell.cell_type == "code" and cell.outputs]
    assert len(shown) == sum(cell.cell_type == "code" for cell in book.cells)
    assert "MiniCare" in shown[2].outputs[0].data["text/plain"]


def test_both_languages_have_the_same_code_and_nothing_printed() -> None:
    books = [nbformat.read(FOLDER / name, as_version=4) for name in NOTEBOOKS]
    codes = [[cell.source for cell in book.cells if cell.cell_type == "code"] for book in books]
    assert codes[0] == codes[1]
    for book in books:
        nbformat.validate(book)
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in book.cells)
