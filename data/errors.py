"""The errors a user meets. Each says in one sentence what is wrong, where, what was expected and what was kept."""

from __future__ import annotations

from data.words import tell


class ChandungError(Exception):
    """Base of every error that is meant for the user.

    ``key`` names the sentence in the language files (``errors.<key>``), ``values`` fill it. ``exit_code`` is what the
    command line ends with.
    """

    exit_code = 1

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(key, values)

    def __str__(self) -> str:
        return tell(f"errors.{self.key}", **self.values)


class InputError(ChandungError):
    """What the user gave cannot be used: a study, an option, a file, a query."""

    exit_code = 2


class StoreError(ChandungError):
    """The database cannot be used: locked, truncated, written by a newer version, no room on the disk."""

    exit_code = 3


class UnreadablePageError(ChandungError):
    """A page was recognised but cannot be read whole. It is never stored in part."""


class SourceError(ChandungError):
    """A source cannot be reached or may not be read; the others go on."""
