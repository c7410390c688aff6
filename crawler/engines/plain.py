"""Text out of markup: what is shown and what never is, on one line or many."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lxml import etree

from crawler.engines.sorted_page import sort_page


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
#: Silent to what is around them, and read by themselves.
_ASKED_ALL_THE_SAME: Final = ("button", "nav")
_EMOTICON = re.compile(r"emoji|emoticon|smil[ie]|icon-smile|bbc_emo", re.I)
_FILE_NAME = re.compile(
    r"\.(?:jpe?g|png|gif|webp|bmp|heic|mp4)$|^(?:img|dsc|image|photo|picture|screenshot|attachment)[\s_\d.-]*$|://",
    re.I,
)
SPACES = re.compile(r"[ \t\r\n\f\xa0\u2007\u202f\u200b]+")
_DIGITS = re.compile(r"\d+")
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
    """All the text under an element in one piece, and where in it the words of each element below stand."""

    __slots__ = ("ends", "first", "numbers", "odd", "page", "root", "starts", "text")

    def __init__(self, root: Any) -> None:
        self.root = root
        self.page = sort_page(root.getroottree().getroot())
        self.first = self.page.place[root]
        size = self.page.end(root) - self.first
        #: Of elements in scripts and the like -1.
        self.starts = [-1] * size
        self.ends = [-1] * size
        pieces: list[str] = []
        waiting, length = [self.first], 0
        for place in waiting:
            length = self._gather(pieces, place, length, waiting)
        self.text = "".join(pieces)
        self.odd = _ODD.search(self.text) is not None
        numbers = [found.span() for found in _DIGITS.finditer(self.text)]
        #: Where numbers begin and where they end; the last one stands behind the text.
        self.numbers = [*[start for start, _ in numbers], len(self.text)], [end for _, end in numbers]

    def _gather(self, pieces: list[str], root: int, length: int, waiting: list[int]) -> int:
        """Add the words of an element, and note where those of the elements below stand; returns how many characters there are.
        ``waiting`` gets those below that are read by themselves."""
        page, first, starts, ends = self.page, self.first, self.starts, self.ends
        tags, texts, tails, parents = page.said
        add, onward = pieces.append, root
        open_ones: list[int] = []
        last = page.end(page.elements[root])
        said = zip(tags[root:last], texts[root:last], tails[root:last], parents[root:last], strict=True)
        for here, (tag, text, tail, outer) in enumerate(said, root):
            if here < onward:
                continue
            while open_ones and open_ones[-1] != outer:
                ended = open_ones.pop()
                ends[ended - first] = length
                if tags[ended] in _BREAKING:
                    add(" ")
                    length += 1
                if words := tails[ended]:
                    add(words)
                    length += len(words)
            if tag in SILENT and open_ones:
                onward = page.end(page.elements[here])
                if tag in _ASKED_ALL_THE_SAME:
                    waiting.append(here)
                if tail:
                    add(tail)
                    length += len(tail)
                continue
            starts[here - first] = length
            open_ones.append(here)
            if text:
                add(text)
                length += len(text)
            if tag == "img" and (words := alternative(page.elements[here])):
                add(words)
                length += len(words)
        while open_ones:
            ended = open_ones.pop()
            ends[ended - first] = length
            if open_ones:
                words = f" {tails[ended] or ''}" if tags[ended] in _BREAKING else tails[ended] or ""
                add(words)
                length += len(words)
        return length

    def span(self, node: Any) -> tuple[int, int] | None:
        """Where the words of an element begin and end; ``None`` for scripts and the like, and elements elsewhere."""
        at = self.page.place.get(node, -1) - self.first
        if not 0 <= at < len(self.starts) or self.starts[at] < 0:
            return None
        return self.starts[at], self.ends[at]

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
    page = _page
    if page is not None and (span := page.span(node)) is not None:
        return page.of(span)
    return _on_one_line("".join(_pieces(node)))


def with_digits(nodes: Iterable[Any]) -> list[Any]:
    """Those of the elements whose words hold a digit; others may be among them where no page is remembered."""
    page = _page
    if page is None:
        return list(nodes)
    place, first, starts, ends = page.page.place, page.first, page.starts, page.ends
    begun, ended = page.numbers
    size, found = len(starts), []
    for node in nodes:
        at = place.get(node, -1) - first
        if not 0 <= at < size or starts[at] < 0 or begun[bisect_right(ended, starts[at])] < ends[at]:
            found.append(node)
    return found


def is_longer(node: Any, size: int) -> bool:
    """Whether :func:`one_line` of ``node`` has more than ``size`` characters; of a long text the beginning alone is read."""
    certain = _MOST_MARKS * size
    page = _page
    if page is not None and (span := page.span(node)) is not None:
        return page.is_surely_longer(span, size) or len(page.of(span)) > size
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
