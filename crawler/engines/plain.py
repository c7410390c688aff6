"""Text out of markup: what is shown and what never is, on one line or many."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
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
#: What is space to Python and not here, or here and not to Python.
_ODD = re.compile("[\x0b\x1c-\x1f\x85\u1680\u2000-\u2006\u2008-\u200b\u2028\u2029\u205f\u3000]")
#: NFC makes one character of at most so many.
_MOST_MARKS: Final = 4
_GAPS = re.compile(r"\n{3,}")


def squeeze(text: str) -> str:
    """A text with each run of spaces and line breaks as one space."""
    if _ODD.search(text):
        return SPACES.sub(" ", text)
    words = text.split()
    if not words:
        return " " if text else ""
    plain = " ".join(words)
    if text[0].isspace():
        plain = f" {plain}"
    return f"{plain} " if text[-1].isspace() else plain


def tidy(text: str) -> str:
    """NFC, lines stripped, at most one empty line in a row."""
    text = text.replace("\xa0", " ")
    if " " in text and "\n" in text:
        text = "\n".join([line.strip(" ") for line in text.split("\n")])
    text = _GAPS.sub("\n\n", text).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class _Words:
    """All the text of a page in one piece, and where in it the words of each element stand."""

    __slots__ = ("odd", "root", "spans", "text")

    def __init__(self, root: Any) -> None:
        self.root = root
        self.spans: dict[Any, tuple[int, int]] = {}
        self.text = "".join(self._gather(root))
        self.odd = _ODD.search(self.text) is not None

    def _gather(self, root: Any) -> list[str]:
        pieces: list[str] = []
        spans, add, length = self.spans, pieces.append, 0
        # What stands open: an element, whether words break at it, where its own begin.
        above: list[tuple[Any, bool, int]] = []
        inner, silent = None, None
        inside: set[Any] = set()
        for element in chain(root.iter("*"), (None,)):
            outer = None if element is None else element.getparent()
            if silent is not None:
                # Within a silent element nothing is read; it ends where an element stands beside or above it.
                if outer in inside:
                    inside.add(element)
                    continue
                if words := silent.tail:
                    add(words)
                    length += len(words)
                silent = None
            while inner is not outer and above:
                ended, breaks, start = above.pop()
                spans[ended] = (start, length)
                if ended is root:
                    break
                inner = above[-1][0]
                if breaks:
                    add(" ")
                    length += 1
                if words := ended.tail:
                    add(words)
                    length += len(words)
            if element is None:
                break
            tag = element.tag
            if tag in SILENT and above:
                silent, inside = element, {element}
                continue
            above.append((element, tag in _BREAKING, length))
            inner = element
            if words := element.text:
                add(words)
                length += len(words)
            if tag == "img" and (words := alternative(element)):
                add(words)
                length += len(words)
        return pieces

    def of(self, span: tuple[int, int]) -> str:
        text = self.text[span[0] : span[1]]
        text = SPACES.sub(" ", text).strip() if self.odd else " ".join(text.split())
        return text if text.isascii() else unicodedata.normalize("NFC", text)

    def is_surely_longer(self, span: tuple[int, int], size: int) -> bool:
        """Whether the beginning of a long text tells that its one line has more characters, whatever is made of its accents."""
        start, end = span
        certain = _MOST_MARKS * size
        return (
            end - start > certain and len("".join(self.text[start : min(end, start + 4 * certain)].split())) > certain
        )


#: The page that :func:`remember` was told of last.
_page: _Words | None = None


def remember(root: Any) -> None:
    """Read all the words under ``root`` once, for its elements will be asked again and again; it is not to change any more."""
    global _page  # noqa: PLW0603
    if _page is None or _page.root is not root:
        _page = _Words(root)


def one_line(node: Any) -> str:
    """All the text under ``node`` on one line, without what is silent."""
    if node is None:
        return ""
    if len(node) == 0 and node.tag != "img" and isinstance(node.tag, str):
        text = " ".join((node.text or "").split())
        return text if text.isascii() else unicodedata.normalize("NFC", SPACES.sub(" ", text).strip())
    if _page is not None and (span := _page.spans.get(node)) is not None:
        return _page.of(span)
    return _on_one_line("".join(_pieces(node)))


def short_line(node: Any, size: int) -> str:
    """:func:`one_line` of a node, or nothing where that has more than ``size`` characters."""
    if _page is not None and len(node) and (span := _page.spans.get(node)) is not None:
        start, end = span
        if start == end or _page.is_surely_longer(span, size):
            return ""
        words = _page.of(span)
    elif len(node) and is_longer(node, size):
        return ""
    else:
        words = one_line(node)
    return words if len(words) <= size else ""


def is_longer(node: Any, size: int) -> bool:
    """Whether :func:`one_line` of ``node`` has more than ``size`` characters; of a long text the beginning alone is read."""
    certain = _MOST_MARKS * size
    if _page is not None and (span := _page.spans.get(node)) is not None:
        return _page.is_surely_longer(span, size) or len(_page.of(span)) > size
    pieces: list[str] = []
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
    text = SPACES.sub(" ", text).strip() if _ODD.search(text) else " ".join(text.split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def alternative(image: Any) -> str:
    """What an image says: smilies and emoji always, other images where their alternative text is words."""
    said = (image.get("alt") or "").strip()
    if not said or len(said) > 60 or _FILE_NAME.search(said):
        return ""
    if _EMOTICON.search(f"{image.get('class') or ''} {image.get('src') or ''}") or not any(c.isalnum() for c in said):
        return f" {said} "
    return f" {said} " if said[0] in ":;=8" or len(said) <= 2 else ""
