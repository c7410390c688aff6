"""Which study a command is about: named among its words, or lying in the current folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import InputError

if TYPE_CHECKING:
    from data.study import Study

_DATABASES = (".db", ".sqlite", ".sqlite3")
_STUDIES = (".yaml", ".yml")


def database_of(given: Path | None) -> Path:
    """The database that ``given`` leads to: itself, or that of the study file or folder.

    Raises ``InputError`` where there is no study, ``StoreError`` (on opening) where there is no database yet.
    """
    if given is not None and given.suffix.lower() in _DATABASES:
        return given
    from data.study_file import load

    return load(given).database


def study_of(given: Path | None, database: Path) -> Study | None:
    """The study that ``given`` leads to; of a database alone, that of the study file beside it if it is about this database.

    ``None`` where there is none: the database can be read without it.
    """
    from data.study_file import load

    beside = given is not None and given.suffix.lower() in _DATABASES
    try:
        study = load(database.parent if beside else given)
    except InputError:
        return None
    return study if study.database.resolve() == database.resolve() else None


def take_study(
    words: Sequence[str], option: Path | None, *, alone: bool = False, databases: bool = True
) -> tuple[list[str], Path | None]:
    """Take the study out of a command's words: it may stand first or last, as a file or a folder, or be an option.

    ``alone``: the command needs no other word, so that a single one may be the study. ``databases``: a database names its study, too.
    """
    rest = list(words)
    if option is not None:
        return rest, option
    for place in (-1, 0):
        if len(rest) > (not alone) and _names_a_study(rest[place], databases=databases):
            return [word for index, word in enumerate(rest) if index != place % len(rest)], Path(rest[place])
    return rest, None


def _names_a_study(word: str, *, databases: bool) -> bool:
    if len(word) > 4096 or "\n" in word:
        return False
    path = Path(word)
    if path.suffix.lower() in (_STUDIES + _DATABASES if databases else _STUDIES):
        return True
    try:
        return path.is_dir() and (path / "study.yaml").exists()
    except OSError:
        return False


def one_of(words: Sequence[str], key: str) -> str:
    """The only word left; raises ``InputError`` with the sentence ``errors.<key>`` where there are none or several."""
    if len(words) != 1:
        raise InputError(key)
    return words[0]
