"""Words that come as a piece of HTML or Markdown inside JSON, read like a post on a page."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from lxml import html
from markdown_it import MarkdownIt

from crawler.engines.reading import every
from crawler.engines.text import Body, read_body

#: Longer Markdown is read line by line as it stands.
_LONGEST_MARKDOWN: Final = 200_000


def element(markup: str) -> Any:
    """A piece of HTML as one element."""
    return html.fromstring(f"<div>{markup}</div>", parser=html.HTMLParser(huge_tree=True, remove_comments=True))


def read_fragment(markup: str, drop: str = "") -> Body:
    """The words of a piece of HTML; ``drop`` selects what is the forum's own."""
    if not markup.strip():
        return Body("")
    node = element(markup)
    unwanted = set(every(node, drop))
    return read_body(node, drop=unwanted.__contains__ if unwanted else None)


def read_markdown(text: str) -> Body:
    """The words of a Markdown text: without its signs, quotes apart. HTML in it is shown as text, as forums do."""
    if len(text) > _LONGEST_MARKDOWN:
        return Body(text.strip())
    return read_fragment(_markdown().render(text))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["strikethrough", "table"])


def table(value: Any) -> dict[str, Any]:
    """A JSON object, or an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


def tables(value: Any) -> list[dict[str, Any]]:
    """The objects in a JSON list; none where something else stands."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def count(value: Any) -> int | None:
    """A count as JSON gives it, or ``None``."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
