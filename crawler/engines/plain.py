"""Text out of markup: what is shown and what never is, on one line or many."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree


def listed(words: str) -> frozenset[str]:
    """The words of a text as a set: short lists of names read better so."""
    return frozenset(words.split())


#: Never anybody's words.
SILENT: Final = listed(
    "script style noscript template head title iframe object embed svg canvas audio video select option button "
    "input textarea nav map math applet"
)
BLOCKS: Final = listed(
    "address article aside blockquote dd details dialog div dl dt fieldset figcaption figure footer h1 h2 h3 "
    "h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul center"
)
_BREAKING: Final = BLOCKS | {"br"}
_EMOTICON = re.compile(r"emoji|emoticon|smil[ie]|icon-smile|bbc_emo", re.I)
_FILE_NAME = re.compile(
    r"\.(?:jpe?g|png|gif|webp|bmp|heic|mp4)$|^(?:img|dsc|image|photo|picture|screenshot|attachment)[\s_\d.-]*$|://",
    re.I,
)
SPACES = re.compile(r"[ \t\r\n\f\xa0\u2007\u202f\u200b]+")
_LINES = re.compile(r" *\n *")
#: NFC makes one character of at most so many.
_MOST_MARKS: Final = 4
_GAPS = re.compile(r"\n{3,}")


def tidy(text: str) -> str:
    """NFC, lines stripped, at most one empty line in a row."""
    text = _LINES.sub("\n", text.replace("\xa0", " "))
    text = _GAPS.sub("\n\n", text).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def one_line(node: Any) -> str:
    """All the text under ``node`` on one line, without what is silent."""
    if node is None:
        return ""
    if len(node) == 0 and node.tag != "img" and isinstance(node.tag, str):
        text = " ".join((node.text or "").split())
        return text if text.isascii() else unicodedata.normalize("NFC", SPACES.sub(" ", text).strip())
    return _on_one_line("".join(_pieces(node)))


def is_longer(node: Any, size: int) -> bool:
    """Whether :func:`one_line` of ``node`` has more than ``size`` characters; of a long text the beginning alone is read."""
    pieces: list[str] = []
    certain = _MOST_MARKS * size
    seen, enough = 0, certain
    for piece in _pieces(node):
        pieces.append(piece)
        seen += len(piece)
        if seen > enough:
            if len("".join("".join(pieces).split())) > certain:
                return True
            enough = 2 * seen
    return len(_on_one_line("".join(pieces))) > size


def _pieces(node: Any) -> Iterator[str]:
    walker = etree.iterwalk(node, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag in SILENT and element is not node:
                walker.skip_subtree()  # its end comes all the same, and with it the words after it
                continue
            if words := element.text:
                yield words
            if tag == "img":
                yield alternative(element)
        elif element is not node:
            if tag in _BREAKING:
                yield " "
            if words := element.tail:
                yield words


def _on_one_line(text: str) -> str:
    text = SPACES.sub(" ", text).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def alternative(image: Any) -> str:
    """What an image says: smilies and emoji always, other images where their alternative text is words."""
    said = (image.get("alt") or "").strip()
    if not said or len(said) > 60 or _FILE_NAME.search(said):
        return ""
    if _EMOTICON.search(f"{image.get('class') or ''} {image.get('src') or ''}") or not any(c.isalnum() for c in said):
        return f" {said} "
    return f" {said} " if said[0] in ":;=8" or len(said) <= 2 else ""
