"""A study to import into, and a short way to do it. Brands and people are fiction."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.importers.mapping import Mapping
from crawler.importers.plan import plan
from crawler.importers.storing import Imported, store
from data.store import open_store
from data.study import Study
from data.study_file import load

STUDY = """\
study: nhap
contact: research@example.com
own: {name: An Nhiên}
competitors: [{name: MiniCare, aliases: [mini care]}]
sources: [{url: "https://forum.example/f/1/"}]
"""


@dataclass
class Desk:
    """A folder with a study; files are put into it and imported."""

    folder: Path

    @property
    def study(self) -> Study:
        return load(self.folder)

    def file(self, name: str, body: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(body if isinstance(body, bytes) else body.encode("utf-8"))
        return path

    @staticmethod
    def in_cp1258(text: str) -> bytes:
        """Vietnamese as Windows' own code page writes it: the tone's mark behind its letter."""
        written = ""
        for letter in text:
            parts = unicodedata.normalize("NFD", letter)
            tone = next((mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323"), "")
            written += unicodedata.normalize("NFC", parts.replace(tone, "")) + tone if tone else letter
        return written.encode("cp1258")

    def json(self, name: str, body: Any) -> Path:
        return self.file(name, json.dumps(body, ensure_ascii=False))

    def take(self, path: Path, told: Mapping | None = None, **how: Any) -> Imported:
        study = self.study
        return store(plan(path, study, told=told, **how), study)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with open_store(self.study.database, read_only=True) as database:
            return list(database.query(sql))

    def posts(self, columns: str = "text, posted_at") -> list[dict[str, Any]]:
        return self.rows(f"select {columns} from posts_flat order by posted_at, text")

    def reactions(self) -> list[dict[str, int]]:
        return [json.loads(row["reactions"]) for row in self.rows("select reactions from posts order by posted_at")]

    def left(self) -> list[dict[str, Any]]:
        found = self.rows("select row_number, post, rest, why from imported_rows order by row_number")
        return [row | {"rest": json.loads(row["rest"]) if row["rest"] else None} for row in found]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    return Desk(tmp_path)


@pytest.fixture
def new_desk(tmp_path: Path) -> Callable[[str], Desk]:
    """A maker of further studies."""

    def make(name: str) -> Desk:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
        return Desk(folder)

    return make
