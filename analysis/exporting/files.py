"""Files that appear whole or not at all: each is written beside its place, and all are put there together."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from data.errors import InputError


class Drafts:
    """The files of one export in ``folder``. Leaving without :meth:`keep` removes what was written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._drafts: dict[Path, Path] = {}

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for draft in self._drafts:
            draft.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(self.folder)  # writing names no file, and of the drafts nobody knows

    def new(self, name: str) -> Path:
        """Where the file ``name`` is written for now."""
        draft = self.folder / f".{name}.{os.getpid()}.part"
        self._drafts[draft] = self.folder / name
        return draft

    def size(self, draft: Path) -> int:
        return draft.stat().st_size

    def keep(self) -> list[Path]:
        """Put every file where it belongs, over what an earlier export left there. Returns the files."""
        for draft, place in self._drafts.items():
            try:
                draft.replace(place)
            except PermissionError as error:  # a spreadsheet holds its file on Windows
                raise InputError("export_in_use", path=place, why=error.strerror) from None
        return list(self._drafts.values())
