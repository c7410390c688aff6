"""Words that an API gives as a piece of HTML."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import html

from crawler.engines.text import Body, read_body, tidy

_LONGEST: Final = 200_000
_MARK = re.compile(r"\s{0,20}>[>\s]{0,20}")


def words(markup: str, drop: str | None = None) -> Body:
    """The words of a piece of HTML. ``drop`` is the class of what is not its author's."""
    if "<" not in markup and "&" not in markup:
        return Body(tidy(markup))
    return _read(_element(f"<div>{markup[:_LONGEST]}</div>"), drop)


def words_as_in_mail(markup: str) -> Body:
    """The words of a piece of HTML whose author quotes as in mail: by paragraphs that begin with ``>``."""
    node = _element(f"<div><p>{markup[:_LONGEST]}</div>")
    for paragraph in [] if node is None else list(node.iter("p")):
        # The mark may stand within slanted words, and then these alone are the quote.
        slanted = not (paragraph.text or "").strip() and len(paragraph) and paragraph[0].tag in ("i", "em")
        part = paragraph[0] if slanted else paragraph
        if marked := _MARK.match(part.text or ""):
            part.tag, part.text = "blockquote", (part.text or "")[marked.end() :]
    return _read(node)


def _element(markup: str) -> Any:
    try:
        return html.fromstring(markup, parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    except (ValueError, html.etree.ParserError):
        return None


def _read(node: Any, drop: str | None = None) -> Body:
    if node is None:
        return Body("")
    return read_body(node, drop=(lambda one: drop in (one.get("class") or "").split()) if drop else None)
