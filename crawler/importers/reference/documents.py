"""A report's text, page by page. It is read in a process of its own: a broken or hostile file costs bounded time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from data.errors import InputError

#: Seconds for one file, and bytes of it.
SECONDS, LARGEST = 120, 200 << 20
#: A page of a report has more letters than this; one that has not is a picture or nearly empty.
_LETTERS = 20
Format = Literal["pdf", "docx", "html", "text"]


@dataclass(frozen=True, slots=True)
class Document:
    """``pages`` from the first; ``numbered`` where they are the file's own pages. ``scripts``: a web page that shows its text
    only when its scripts run."""

    format: Format
    pages: tuple[str, ...]
    title: str | None = None
    numbered: bool = True
    scripts: bool = False
    empty: tuple[int, ...] = field(default=())

    @property
    def characters(self) -> int:
        return sum(map(len, self.pages))

    @property
    def is_scan(self) -> bool:
        """Whether nearly no page has text: pictures of pages."""
        return len(self.empty) > 0.9 * len(self.pages)


def read(path: Path, *, seconds: float = SECONDS) -> Document:
    """A report's text. Raises ``InputError`` for what is none, is locked, broken, far too large or takes too long."""
    kind = kind_of(path)
    answer = _asked(path, kind, seconds)
    if wrong := answer.get("wrong"):
        raise InputError(f"reference_{wrong}", path=path.name)
    pages = tuple(str(page) for page in answer["pages"])
    empty = tuple(n for n, page in enumerate(pages, 1) if sum(map(str.isalpha, page[:5_000])) < _LETTERS)
    return Document(kind, pages, answer["title"], answer["numbered"], answer["scripts"], empty)


def kind_of(path: Path) -> Format:
    """What a file is, by how it begins. Raises ``InputError`` for anything but a report."""
    if path.is_dir():
        raise InputError("import_folder", path=path)
    if not path.is_file():
        raise InputError("import_no_file", path=path)
    if (size := path.stat().st_size) == 0:
        raise InputError("reference_empty", path=path.name)
    if size > LARGEST:
        raise InputError("reference_too_large", path=path.name, limit=LARGEST >> 20)
    with path.open("rb") as file:
        start = file.read(2_048)
    if b"%PDF-" in start[:1_024]:
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        return "docx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError("reference_old_word", path=path.name)
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if plain.startswith((b"<!doctype html", b"<html", b"<?xml", b"<!--", b"<head", b"<body")):
        return "html"
    if path.suffix.lower() in (".html", ".htm", ".xhtml"):
        return "html"
    if path.suffix.lower() in (".txt", ".md") and b"\x00" not in start:
        return "text"
    raise InputError("reference_not_a_report", path=path.name)


def _asked(path: Path, kind: Format, seconds: float) -> dict[str, Any]:
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "crawler.importers.reference.reading", kind, str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, env=surroundings, check=False)
    except subprocess.TimeoutExpired:
        raise InputError("reference_slow", path=path.name, seconds=round(seconds)) from None
    try:
        answer = json.loads(done.stdout.decode("utf-8"))
    except ValueError:
        raise InputError("reference_broken", path=path.name) from None
    if done.returncode or not isinstance(answer, dict):
        raise InputError("reference_broken", path=path.name)
    return answer
