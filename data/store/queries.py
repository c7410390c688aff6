"""The named queries and views that lie as files under ``data/queries``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from data.errors import InputError
from data.near import did_you_mean
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
        known = " " + tell("cli.query.named", names=", ".join(f"@{one}" for one in query_names()))
        raise InputError("no_such_query", name=name, nearest=did_you_mean(name, query_names()) or known)
    return _statement(path)


def _statement(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip().rstrip(";")
