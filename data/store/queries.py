"""The named queries and views that lie as files under ``data/queries``."""

from __future__ import annotations

import difflib
import re
from functools import cache
from pathlib import Path

from data.errors import InputError
from data.words import tell

FOLDER = Path(__file__).parent.parent / "queries"


@cache
def views() -> dict[str, str]:
    """View name → the statement that creates it, in the order of the files' names."""
    return {
        path.stem.split("_", 1)[1]: f"CREATE VIEW {path.stem.split('_', 1)[1]} AS\n{_statement(path)}"
        for path in sorted((FOLDER / "views").glob("*.sql"))
    }


def query_names() -> list[str]:
    """The named queries, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.sql"))


def named_query(name: str) -> str:
    """The text of a named query. Raises ``InputError`` with the nearest name where there is none."""
    path = FOLDER / f"{name}.sql"
    if not re.fullmatch(r"\w{1,80}", name) or not path.exists():
        close = difflib.get_close_matches(name, query_names(), n=1)
        known = " " + tell("cli.query.named", names=", ".join(f"@{one}" for one in query_names()))
        raise InputError("no_such_query", name=name, nearest=tell("study.nearest", word=close[0]) if close else known)
    return _statement(path)


def _statement(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip().rstrip(";")
