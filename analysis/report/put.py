"""Putting a report's files in place: whole, old or new."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from data.errors import InputError


def put(path: Path, content: bytes | str) -> Path:
    """Write beside and move into place, so that an open report is whole.

    Raises ``InputError`` where that cannot be, as on Windows while Excel has the file open; then the old file stands unchanged.
    """
    if path.parent.exists() and not path.parent.is_dir():
        raise InputError("no_folder", path=path.parent, name=path.name)
    draft = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        draft.replace(path)
    except PermissionError as error:
        _drop(draft)
        raise InputError("report_in_use", path=path, why=error.strerror or error) from None
    except OSError as error:
        _drop(draft)
        raise InputError("cannot_write", path=path, why=error.strerror or error) from None
    return path


def _drop(draft: Path) -> None:
    with suppress(OSError):
        draft.unlink(missing_ok=True)
