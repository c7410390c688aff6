"""Messenger conversations from “Download your information” (JSON): what people wrote to each other, not to everybody."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import ClassVar

from crawler.importers.encodings import composed
from crawler.importers.formats.base import Format
from crawler.importers.mapping import Mapping


class Messenger(Format):
    """The export writes each byte of UTF-8 as a character of its own; :func:`mended` puts them together again."""

    name = "messenger"
    site = "messenger.com"
    kind = "forum"
    private = True
    needs = (
        frozenset({"sender_name", "timestamp_ms"}),
        frozenset({"sendername", "timestamp", "isunsent"}),
    )
    has: ClassVar = {
        "text": ("content", "text"),
        "author": ("sender_name", "senderName"),
        "posted_at": ("timestamp_ms", "timestamp"),
    }
    # Who reacted, and what was shared, is about people beside the author.
    leave_out = (
        "reactions",
        "photos",
        "videos",
        "audio_files",
        "files",
        "gifs",
        "share.link",
        "users",
        "media",
        "call_duration",
    )
    settings: ClassVar = {"kind": "forum"}

    def mend(self, cells: dict[str, str], mapping: Mapping) -> dict[str, str]:
        return {name: mended(text) for name, text in cells.items()}

    def whole(self, head: AnyMapping[str, str]) -> str | None:
        return head.get("thread_path") or head.get("threadName") or head.get("title")


def mended(text: str) -> str:
    """``text`` with UTF-8 that was taken for Latin-1 put right; any other text as it is."""
    if text.isascii():
        return text
    try:
        return composed(text.encode("latin-1").decode("utf-8"))
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
