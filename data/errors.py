"""The errors a user meets. Each says in one sentence what is wrong, where, what was expected and what was kept."""

from __future__ import annotations

import errno
import os

from data.words import tell

#: What the system says of a file, by the name of our own sentence; Windows has words of its own.
_CODES = (
    (errno.ENOENT, "not_found"),
    (errno.EISDIR, "is_folder"),
    (errno.ENOTDIR, "not_folder"),
    (errno.EEXIST, "exists"),
    (errno.EACCES, "permission"),
    (errno.EPERM, "permission"),
    (errno.ENOSPC, "no_space"),
    (getattr(errno, "EDQUOT", errno.ENOSPC), "no_space"),
    (errno.EROFS, "read_only"),
    (errno.ENAMETOOLONG, "long_name"),
    (errno.EIO, "device"),
    (errno.EBUSY, "in_use"),
)
_REASONS = {
    **{os.strerror(code): name for code, name in _CODES},
    "The system cannot find the file specified": "not_found",
    "The system cannot find the path specified": "not_found",
    "Access is denied": "permission",
    "There is not enough space on the disk": "no_space",
    "The media is write protected": "read_only",
    "The process cannot access the file because it is being used by another process": "in_use",
}


def reason(why: object) -> object:
    """Why a file cannot be used, in the user's language where the system's own words are known; else as it is."""
    name = _REASONS.get(str(why).strip().rstrip("."))
    return tell(f"errors.os.{name}") if name else why


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
        values = {name: reason(value) if name == "why" else value for name, value in self.values.items()}
        return tell(f"errors.{self.key}", **values)


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
