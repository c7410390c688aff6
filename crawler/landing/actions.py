"""What a page asks its visitors to do: the words on its buttons and button-like links."""

from __future__ import annotations

from typing import Any, Final

from crawler.blocks import class_hints, hint
from crawler.engines.document import Document
from crawler.landing.quoting import clean, distinct
from crawler.lexicons import asks

MOST: Final = 30
_WORDS: Final = 8


def calls_to_action(doc: Document) -> tuple[str, ...]:
    """The page's calls to action, in its order: a button or link whose words begin with one of ``actions.tsv``."""
    said = []
    for element in doc.tree.iter("a", "button", "input"):
        text = _words(element)
        if text and asks().match(text.lower()) and not _furniture(element):
            said.append(text)
            if len(said) > 200:
                break
    return distinct(said, MOST)


def _words(element: Any) -> str:
    if element.tag == "input":
        if (element.get("type") or "").lower() not in ("submit", "button"):
            return ""
        return clean(element.get("value"), 80)
    text = clean(element.text_content() if len(element) else element.text, 100)
    return text if 0 < len(text.split()) <= _WORDS else ""


def _furniture(element: Any) -> bool:
    """Whether a link stands in a menu or footer, unless it looks like a button; cookie notices never count."""
    own = class_hints(f"{element.get('class') or ''} {element.get('id') or ''}")
    button = element.tag in ("button", "input") or bool(own & hint("button"))
    never, menus = hint("cookie", "pages"), hint("nav", "menu", "footer", "breadcrumb", "account", "locale")
    for above in list(element.iterancestors())[:12]:
        if above.tag in ("body", "html"):
            return False
        marks = class_hints(f"{above.get('class') or ''} {above.get('id') or ''}")
        if marks & never or (not button and (above.tag in ("nav", "footer") or marks & menus)):
            return True
    return False
