"""Messenger conversations from “Download your information” (JSON): what people wrote to each other, not to everybody."""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from typing import ClassVar

from crawler.importers.encodings import mended
from crawler.importers.formats.base import Format
from crawler.importers.mapping import Mapping

#: Lines that Messenger writes in somebody's name, in Vietnamese and in English.
_BY_THE_SYSTEM = re.compile(
    r"(?:[^\n:]{1,80} )?(?:đã (?:bày tỏ cảm xúc|thả cảm xúc)\b[^\n]{0,40} (?:về|với|cho|vào) tin nhắn\b[^\n]{0,40}|"
    r"reacted\b[^\n]{0,20} to (?:your|a) message\b[^\n]{0,20})|"
    r"(?:bạn|you) (?:đã gửi (?:một|1) (?:file đính kèm|tệp đính kèm|ảnh|nhãn dán|liên kết)|sent an? (?:attachment|photo|sticker|link))\.?|"
    r"[^\n:]{0,80}(?:đã gửi một (?:file|tệp) đính kèm|sent an attachment|đã (?:thu hồi|gỡ) (?:một )?tin nhắn|unsent a message)\.?",
    re.I,
)


class Messenger(Format):
    """The export writes each byte of UTF-8 as a character of its own; ``mended`` puts them together again."""

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
        cells = {name: mended(text) for name, text in cells.items()}
        for name in ("content", "text"):
            if _BY_THE_SYSTEM.fullmatch(cells.get(name, "").strip()[:300]):
                cells["system"] = cells.pop(name)
        return cells

    def whole(self, head: AnyMapping[str, str]) -> str | None:
        return head.get("thread_path") or head.get("threadName") or head.get("title")
