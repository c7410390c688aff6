"""JSON Feed (jsonfeed.org, versions 1 and 1.1), in the shape in which entries of RSS and Atom are read."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from time import struct_time
from typing import Any

from crawler.engines.document import Document


def is_json_feed(doc: Document) -> bool:
    """Whether a page is a JSON Feed."""
    if b"jsonfeed.org/version/1" not in doc.page.body[:4_000]:
        return False
    feed = doc.json
    return (
        isinstance(feed, dict)
        and str(feed.get("version")).startswith(("https://jsonfeed.org/version/1", "http://jsonfeed.org/version/1"))
        and isinstance(feed.get("items"), list)
    )


def as_entries(feed: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The feed's head and its entries, with the names that an XML feed's would have."""
    following = feed.get("next_url")
    head = {
        "title": _text(feed.get("title")),
        "links": [{"rel": "next", "href": following}] if isinstance(following, str) else [],
    }
    authors = _author(feed)
    return head, [_entry(item, authors) for item in feed["items"] if isinstance(item, dict)]


def _entry(item: dict[str, Any], author: str | None) -> dict[str, Any]:
    body = _text(item.get("content_html")) or escape(_text(item.get("content_text")), quote=False).replace("\n", "<br>")
    tags = item.get("tags")
    return {
        "id": item.get("id"),
        "link": _text(item.get("url")) or _text(item.get("external_url")) or None,
        "title": escape(_text(item.get("title")), quote=False),
        "summary": body or escape(_text(item.get("summary")), quote=False),
        "author": _author(item) or author,
        "published_parsed": moment_in_utc(item.get("date_published")),
        "updated_parsed": moment_in_utc(item.get("date_modified")),
        "tags": [{"term": tag} for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
    }


def _author(owner: dict[str, Any]) -> str | None:
    """Version 1.1 names authors, version 1 one author."""
    several = owner.get("authors")
    for one in [*(several if isinstance(several, list) else ()), owner.get("author")]:
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            return str(one["name"])
    return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def moment_in_utc(value: object) -> struct_time | None:
    """RFC 3339, or ISO 8601 without an offset, as UTC."""
    try:
        moment = datetime.fromisoformat(_text(value).strip())
        return moment.astimezone(UTC).timetuple() if moment.tzinfo else moment.timetuple()
    except (ValueError, OverflowError):
        return None
