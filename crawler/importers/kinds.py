"""What can be imported: each kind with the function that takes one file of it, loaded on use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from data.errors import InputError

if TYPE_CHECKING:
    from data.study import Import, Study

#: Kind → module and function. A function takes what is asked, the study and how; it shows and asks by itself, and gives what
#: the import came to, or ``None`` where nothing was to be stored. It raises ``InputError`` for what stops this file.
KINDS = {
    "posts": "crawler.importers.posts:run",
    "survey": "crawler.importers.survey:run",
    "analytics": "crawler.importers.analytics:run",
    "orders": "crawler.importers.orders:run",
    "notes": "crawler.importers.notes:run",
    "reference": "crawler.importers.reference:run",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A file to import and what was said of it. ``given`` is the file as it was named: a path, or for a reference an address.

    ``named`` is the study's own entry where the file is named there and not on the command line.
    """

    kind: str
    given: str
    path: Path
    mapping: Path | None = None
    about: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    terms: str | None = None
    date: str | None = None
    publisher: str | None = None
    reputation: str | None = None
    named: Import | None = None


@dataclass(frozen=True, slots=True)
class How:
    """How imports are done: ``quiet`` shows nothing on standard output, where JSON is written."""

    replace: bool = False
    yes: bool = False
    dry_run: bool = False
    quiet: bool = False
    save_mapping: Path | None = None


class Outcome(Protocol):
    """What an import came to. ``already`` says when the very file was imported before, and then nothing was stored."""

    name: str
    already: str | None

    @property
    def unreadable(self) -> int:
        """How many rows could not be read at all; any end the command with 1."""

    def as_json(self) -> dict[str, object]:
        """The same for scripts."""


Run = Callable[[Asked, "Study", How], Outcome | None]


def available(kind: str) -> bool:
    """Whether this version can read files of a kind."""
    return find_spec(KINDS[kind].partition(":")[0]) is not None


def runner(kind: str) -> Run:
    """The function that imports a file of a kind. Raises ``InputError`` where this version cannot."""
    module, _, name = KINDS[kind].partition(":")
    if not available(kind):
        raise InputError("import_kind_not_yet", kind=kind, known=", ".join(one for one in KINDS if available(one)))
    found: Run = getattr(import_module(module), name)
    return found
