"""The reports that ``serve`` lists and delivers: one line a report, and links that lead to this very server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from analysis.report.speech import Speech
from analysis.serve_csv import App, Receive, Scope, Send
from data.numbers import number_in
from data.ports import HOST
from data.words import LANGUAGES

FOLDER = "/reports/"
#: The ways a report is written, the one to read first standing first.
_FORMATS = ("html", "pdf", "xlsx", "docx", "md", "json", "zip")
_MEGABYTE = 1_000_000


def written(reports: Path | None, lang: str, timezone: str, *, first: str | None = None) -> list[dict[str, Any]]:
    """The reports in the folder: what each is called, its day, and its files (format, address, size). Those in the language
    ``first`` (that of the page where none is said) stand first, of these the newest."""
    if reports is None or not reports.is_dir():
        return []
    files: dict[str, list[Path]] = {}
    for path in reports.iterdir():
        if path.suffix[1:] in _FORMATS and path.is_file():
            files.setdefault(path.stem, []).append(path)
    say = Speech(lang, timezone)
    told = [_report(stem, paths, reports, say) for stem, paths in files.items()]
    return sorted(told, key=lambda one: (one["language"] != (first or lang), -one["written"], one["name"]))


def _report(stem: str, paths: list[Path], reports: Path, say: Speech) -> dict[str, Any]:
    ending = re.split(r"[-.]", stem)[-1]
    language = ending if ending in LANGUAGES else ""
    newest = max(path.stat().st_mtime for path in paths)
    ordered = sorted(paths, key=lambda path: _FORMATS.index(path.suffix[1:]))
    told = [
        (path.suffix[1:].upper(), FOLDER + quote(path.name), size(path.stat().st_size, say.lang)) for path in ordered
    ]
    pictures = reports / f"{stem}-figures" / "index.html"
    if pictures.is_file():
        told.append(("PNG, SVG", f"{FOLDER}{quote(pictures.parent.name)}/index.html", ""))
    return {
        "name": stem,
        "language": language,
        "called": say.name("languages", language) if language else stem,
        "written": newest,
        "day": say.hour(datetime.fromtimestamp(newest, UTC).isoformat()),
        "files": told,
        "page": next((address for form, address, _ in told if form == "HTML"), None),
    }


def size(count: int, lang: str) -> str:
    """Bytes as a reader says them: 412 KB, 2.0 MB."""
    if count >= _MEGABYTE:
        return f"{number_in(lang, count / _MEGABYTE, 1)} MB"
    return f"{number_in(lang, max(1, round(count / 1000)))} KB"


def at_home(app: App, database: str) -> App:
    """``app`` whose reports lead to this server whatever port it has: a report's file names the port that the study usually has."""
    elsewhere = re.compile(rf"https?://(?:{re.escape(HOST)}|localhost):\d+(/{re.escape(quote(database))}/)".encode())

    async def rewriting(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (
            scope["path"].startswith(FOLDER) and scope["path"].endswith((".html", ".md"))
        ):
            await app(scope, receive, send)
            return
        begun: dict[str, Any] = {}
        pieces: list[bytes] = []

        async def whole(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                begun.update(message)
                return
            pieces.append(message.get("body", b""))
            if not message.get("more_body"):
                body = elsewhere.sub(rb"\1", b"".join(pieces))
                await send({**begun, "headers": list(_fitting(begun["headers"], len(body)))})
                await send({"type": "http.response.body", "body": body})

        await app(scope, receive, whole)

    return rewriting


def _fitting(headers: Any, length: int) -> Iterator[tuple[bytes, bytes]]:
    """The headers of an answer that was written anew."""
    yield from ((name, value) for name, value in headers if name.lower() not in (b"content-length", b"etag"))
    yield b"content-length", str(length).encode("ascii")
