"""Comments and live chats of one's own from Google Takeout (CSV), whose text may be JSON within a cell."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from crawler.importers.encodings import composed
from crawler.importers.formats.base import Format
from crawler.importers.mapping import Mapping

_LONGEST = 100_000


class YouTubeTakeout(Format):
    name = "youtube_takeout"
    site = "youtube.com"
    needs = (
        frozenset({"comment id", "channel id", "comment create timestamp", "comment text"}),
        frozenset({"live chat id", "channel id", "live chat create timestamp", "live chat text"}),
        frozenset({"id bình luận", "id kênh", "nội dung bình luận", "id video"}),
        frozenset({"id bình luận", "id kênh", "văn bản bình luận", "id video"}),
    )
    has: ClassVar = {
        "id": ("Comment ID", "Live Chat ID", "ID bình luận"),
        "text": ("Comment Text", "Live Chat Text", "Nội dung bình luận", "Văn bản bình luận"),
        "author_id": ("Channel ID", "ID kênh"),
        "posted_at": (
            "Comment Create Timestamp",
            "Live Chat Create Timestamp",
            "Dấu thời gian tạo bình luận",
            "Dấu thời gian bình luận được tạo",
            "Thời gian tạo bình luận",
        ),
        "reply_to": ("Parent Comment ID", "ID bình luận mẹ", "ID bình luận gốc", "ID bình luận cha"),
        "thread": ("Video ID", "Post ID", "ID video", "ID bài đăng"),
    }
    settings: ClassVar = {"kind": "fanpage", "timezone": "UTC"}

    def mend(self, cells: dict[str, str], mapping: Mapping) -> dict[str, str]:
        if mapping.text is not None and mapping.text in cells:
            cells[mapping.text] = text_of(cells[mapping.text])
        video = next((cells[name] for name in cells if name.casefold() in ("video id", "id video")), "").strip()
        post = next((cells[name] for name in cells if name.casefold() in ("post id", "id bài đăng")), "").strip()
        if video:
            cells["@thread"], cells["@thread_url"] = video, f"https://youtube.com/watch?v={video[:60]}"
        elif post:
            cells["@thread"], cells["@thread_url"] = post, f"https://youtube.com/post/{post[:100]}"
        return cells


def text_of(cell: str) -> str:
    """The words of a cell: plain, or JSON runs (``{"text": …},{"text": …}``, or a list of them within an object)."""
    stripped = cell.strip()
    if not stripped.startswith(("{", "[")) or len(stripped) > _LONGEST:
        return cell
    try:
        runs: Any = json.loads(stripped if stripped.startswith("[") else f"[{stripped}]")
    except (ValueError, RecursionError):
        return cell
    words = [word for run in runs for word in _words(run)] if isinstance(runs, list) else []
    return composed("".join(words)) if words else cell


def _words(run: Any) -> list[str]:
    if not isinstance(run, dict):
        return []
    if isinstance(run.get("text"), str):
        return [run["text"]]
    inner = run.get("takeoutSegments") or run.get("runs")
    return [word for one in inner for word in _words(one)] if isinstance(inner, list) and len(inner) < 5_000 else []
