"""Zalo conversations as its programming interfaces hand them out (JSON); Zalo itself writes no such file."""

from __future__ import annotations

from typing import ClassVar

from crawler.importers.formats.base import Format


class Zalo(Format):
    name = "zalo"
    site = "zalo.me"
    kind = "forum"
    private = True
    needs = (
        frozenset({"dname", "uidfrom", "ts"}),
        frozenset({"data.dname", "data.uidfrom", "data.ts"}),
        frozenset({"from_display_name", "message", "time"}),
    )
    has: ClassVar = {
        "id": ("msgId", "data.msgId", "message_id"),
        "text": ("content", "data.content", "message"),
        "author": ("dName", "data.dName", "from_display_name"),
        "author_id": ("uidFrom", "data.uidFrom", "from_id"),
        "posted_at": ("ts", "data.ts", "time"),
        "thread": ("threadId", "idTo", "data.idTo"),
    }
    person = (
        "idTo",
        "data.idTo",
        "threadId",
        "to_id",
        "to_display_name",
        "from_avatar",
        "to_avatar",
        "data.uidFrom",
        "uidFrom",
    )
    settings: ClassVar = {"kind": "forum"}
    #: An official account's own messages have ``src`` 0, a person's own ``isSelf`` or the sender 0.
    ours: ClassVar = {
        "src": ("0",), "isSelf": ("true", "1"), "data.isSelf": ("true", "1"), "uidFrom": ("0",), "data.uidFrom": ("0",),
    }  # fmt: skip
    sent: ClassVar = ("from_id", "to_id")
