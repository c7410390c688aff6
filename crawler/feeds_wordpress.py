"""WordPress's REST API (wp/v2: posts, comments), in the shape in which entries of RSS and Atom are read.

A blog's feeds show its last ten articles and comments; what its API answers with goes back to the first.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.engines.document import Document
from crawler.feeds_json import moment_in_utc

#: Pretty addresses and plain ones (``?rest_route=/wp/v2/…``).
_ENDPOINT = re.compile(r"/wp/v2/(posts|comments)/?$")
#: The most that one answer may hold.
_PAGE = 100


def endpoint(url: str) -> str | None:
    """``posts`` or ``comments`` where an address asks for these of a blog, else ``None``."""
    parts = urlsplit(url)
    routes = (value for name, value in parse_qsl(parts.query) if name == "rest_route")
    found = next((match for place in (parts.path, *routes) if (match := _ENDPOINT.search(place))), None)
    return found[1] if found else None


def is_wordpress_rest(doc: Document) -> bool:
    """Whether a page is a list of a blog's articles or comments."""
    if endpoint(doc.url) is None or not doc.is_json:
        return False
    listed = doc.json
    return isinstance(listed, list) and all(isinstance(one, dict) and "date_gmt" in one for one in listed)


def whole(url: str) -> str:
    """The address that asks for as much at once as may be, with the articles that comments belong to and with authors' names."""
    return _asking(url, {"per_page": str(_PAGE), "_embed": "up,author"}) if endpoint(url) else url


def as_entries(doc: Document) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The list's head and its entries, with the names that an XML feed's would have. A full page may have another behind it:
    the list itself does not say."""
    listed = [one for one in doc.json if isinstance(one, dict)]
    given = dict(parse_qsl(urlsplit(doc.url).query))
    links = []
    if len(listed) >= _number(given.get("per_page"), 10):
        following = _asking(doc.url, {"page": str(_number(given.get("page"), 1) + 1)})
        links.append({"rel": "next", "href": following})
    read = _comment if endpoint(doc.url) == "comments" else _article
    return {"links": links}, [read(one, doc.url) for one in listed]


def _comment(item: dict[str, Any], _: str) -> dict[str, Any]:
    article, link, parent = _embedded(item, "up"), _text(item.get("link")), item.get("parent")
    about = _text(article.get("link")) or link.partition("#")[0]
    entry: dict[str, Any] = {
        "id": f"{about}#comment-{item.get('id')}",
        "link": link or None,
        "title": _rendered(article.get("title")),
        "author": _text(item.get("author_name")),
    }
    if isinstance(parent, int) and parent > 0:
        entry["thr_in-reply-to"] = {"ref": f"{about}#comment-{parent}"}
    return entry | _said(item)


def _article(item: dict[str, Any], url: str) -> dict[str, Any]:
    comments = _asking(url.replace("/wp/v2/posts", "/wp/v2/comments"), {"post": str(item.get("id")), "order": "asc"})
    link = _text(item.get("link"))
    return {
        "id": link or f"{url}#{item.get('id')}",
        "link": link or None,
        "title": _rendered(item.get("title")),
        "author": _text(_embedded(item, "author").get("name")),
        "updated_parsed": moment_in_utc(item.get("modified_gmt")),
        "wfw_commentrss": _asking(comments, {"page": "1", "per_page": str(_PAGE)}),
    } | _said(item)


def _said(item: dict[str, Any]) -> dict[str, Any]:
    return {"summary": _rendered(item.get("content")), "published_parsed": moment_in_utc(item.get("date_gmt"))}


def _embedded(item: dict[str, Any], name: str) -> dict[str, Any]:
    """What the answer carries along; in place of an article that is no longer public stands an error."""
    along = item.get("_embedded")
    found = along.get(name) if isinstance(along, dict) else None
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, dict) else {}


def _rendered(value: object) -> str:
    return _text(value.get("rendered")) if isinstance(value, dict) else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said is not None and said.isdecimal() and 0 < len(said) < 6 else otherwise


def _asking(url: str, values: dict[str, str]) -> str:
    """An address with these parameters instead of its own of the same names."""
    parts = urlsplit(url)
    rest = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values]
    return urlunsplit(parts._replace(query=urlencode([*rest, *values.items()], safe="/,"), fragment=""))
