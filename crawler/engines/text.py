"""A post's body as text: the author's own words, what is quoted, and the signature, each apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from crawler.engines.plain import BLOCKS, SILENT, alternative, is_longer, listed, one_line, squeeze, tidy
from crawler.engines.quoting import (
    QUOTE_TAGS,
    TOO_MANY_NAMES,
    heads_quote,
    is_header,
    is_quote,
    name_of,
    quotes,
    reference_of,
    unattribute,
    who,
    who_heads,
)

__all__ = [
    "SILENT",
    "Body",
    "asks_for_words",
    "is_longer",
    "is_quote",
    "listed",
    "marked",
    "one_line",
    "quotes",
    "read_body",
    "tidy",
]

#: Without attributes they are neither quotes nor signatures nor silent, and keep no spaces.
_ORDINARY: Final = listed("p br b strong i em u s li ul ol code span h1 h2 h3 h4 h5 h6 sub sup small font tr")
_APART: Final = listed("p pre h1 h2 h3 h4 h5 h6 table ul ol blockquote dl")
_SIGNATURE = re.compile(
    r"(?:^|[\s_-])(?:signature|sig|usersig|postsig|postbitsig|signatur)(?:$|[\s_-]|\d|content|-content|container)|signature",
    re.I,
)
_LABEL_LINE = re.compile(r"(?:^|\n)[ \t]*(?:quote|zitat|citation|cita|trích(?: dẫn)?)[ \t]*:[ \t]*(?=\n|$)", re.I)
#: Quotes within quotes are told apart so far; deeper ones belong to the last.
_DEEPEST_QUOTE: Final = 8
_UNDERSCORES = re.compile(r"(?:^|\n)\s*_{8,}\s*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Body:
    """What a post's body says. ``quoted_author`` is the first person that it quotes; ``quoted_ref`` what the quote links to.

    ``shown`` is the text with the quotes where they stand, each of their lines after ``> ``; ``None`` where nothing is quoted.
    """

    text: str
    quoted: str | None = None
    signature: str | None = None
    quoted_author: str | None = None
    quoted_ref: str | None = None
    shown: str | None = None


def read_body(
    node: Any,
    *,
    drop: Callable[[Any], bool] | None = None,
    quote: Callable[[Any], bool] | None = None,
    whose: Mapping[Any, str] | None = None,
) -> Body:
    """Read a post's body. ``drop`` names elements that are the forum's words and not the author's; ``quote`` an engine's
    quotes beyond the usual ones (``blockquote``, anything whose class says quote), and is asked of blocks alone; ``whose``
    tells whom some of them are from."""
    own, quoted, signature = _Writer(), _Writer(), _Writer()
    ends: dict[Any, _Writer] = {}
    places: list[_Place] = []
    open_places: list[tuple[Any, _Place]] = []
    into, preformatted, reference = own, 0, None
    author: str | None = None
    headed: str | None = None

    def skip(element: Any) -> bool:
        if element.tag in SILENT or element.get("hidden") is not None or (drop is not None and drop(element)):
            return True
        if element.tag == "form" and asks_for_words(element):
            return True
        return into is quoted and is_header(element)

    walker = etree.iterwalk(node, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            if element is not node:
                if not element.keys() and tag in _ORDINARY and (drop is None or not drop(element)):
                    into.open(tag)
                    into.write(element.text, bool(preformatted))
                    continue
                names = element.get("class") or ""
                if into is not signature and "uote" in names and heads_quote(element):
                    reference = reference or reference_of(element)
                    if into is own or _quotes_another(element.getnext(), open_places[-1][0]):
                        headed = who(one_line(element))
                    else:
                        here = open_places[-1][1]
                        here.whom = here.whom or who(one_line(element))
                        author = author or here.whom
                    walker.skip_subtree()
                    ends.setdefault(element, into)
                    continue
                if into is own and tag in QUOTE_TAGS and (is_quote(element) or (quote is not None and quote(element))):
                    ends[element], into = into, quoted
                    quoted.gap()
                    whom = name_of(element) or headed or (whose.get(element) if whose else None)
                    places.append(_Place(own.length, quoted.length, whom))
                    open_places = [(element, places[-1])]
                    headed = None
                    reference = reference or reference_of(element)
                    author = author or places[-1].whom
                elif (
                    into is quoted
                    and len(open_places) < _DEEPEST_QUOTE
                    and _quotes_another(element, open_places[-1][0])
                ):
                    inner = _Place(0, quoted.length, name_of(element) or headed)
                    open_places[-1][1].inner.append(inner)
                    open_places.append((element, inner))
                    headed = None
                elif into is own and _is_signature(element):
                    ends[element], into = into, signature
                elif skip(element):
                    if into is quoted and is_header(element):
                        here = open_places[-1][1]
                        here.whom = here.whom or who_heads(element)
                        author = author or here.whom
                        reference = reference or reference_of(element)
                    walker.skip_subtree()
                    ends.setdefault(element, into)
                    continue
            into.open(tag)
            preformatted += tag == "pre"
            if tag == "img":
                into.write(alternative(element))
            into.write(element.text, bool(preformatted))
        else:
            if open_places and open_places[-1][0] is element:
                open_places.pop()[1].end = quoted.length
            if element in ends:
                into = ends.pop(element)
                into.open(tag)
            else:
                preformatted -= tag == "pre"
                into.close(tag)
            if element is not node:
                into.write(element.tail, bool(preformatted))
    words, signed = _unsign(own.text(), signature.text())
    cited, named = unattribute(quoted.text()) if quoted.length else ("", None)
    if not cited:
        return Body(words, None, signed or None, author or named, reference)
    shown, _ = _unsign(tidy(_interleaved(own, quoted, places)), "")
    words = tidy(_LABEL_LINE.sub("\n", words))
    return Body(words, cited, signed or None, author or named, reference, tidy(_LABEL_LINE.sub("\n", shown)))


def marked(quoted: str) -> str:
    """Quoted words as mail and Markdown mark them: every line after ``> ``."""
    return "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))


@dataclass(slots=True)
class _Place:
    """Where a quote begins: how far one's own words and the quoted ones had come, and whom it quotes. ``inner`` are the quotes
    within it; ``end`` is where the quoted words are its own no more."""

    own: int
    quoted: int
    whom: str | None
    end: int | None = None
    inner: list[_Place] = field(default_factory=list)


def _quotes_another(element: Any, around: Any) -> bool:
    """Whether an element within a quote is a quote of its own, and not a part of the one around it, as boards build theirs."""
    if element.tag == "blockquote":
        for above in element.iterancestors():
            if above.tag == "blockquote":
                return True
            if above is around:
                break
    names = element.get("class")
    return bool(names) and element.tag == around.tag and names == around.get("class") and is_quote(element)


def _interleaved(own: _Writer, quoted: _Writer, places: list[_Place]) -> str:
    """One's own words with the quotes between them, each after the name of the person quoted where it is told."""
    pieces: list[str] = []
    at = 0
    for number, place in enumerate(places):
        place.end = places[number + 1].quoted if number + 1 < len(places) else quoted.length
        pieces += [own.text(at, place.own), _cited(quoted, place)]
        at = place.own
    pieces.append(own.text(at, own.length))
    return "\n\n".join(piece for piece in pieces if piece)


def _cited(quoted: _Writer, place: _Place) -> str:
    """A quote with its marks, and within it those that it quotes itself, each a level deeper."""
    pieces: list[str] = []
    at, whom = place.quoted, place.whom
    for number, inner in enumerate([*place.inner, None]):
        words = quoted.text(at, place.end if inner is None else inner.quoted)
        if number == 0:
            words, named = unattribute(words)
            whom = whom or named
        pieces += [words, "" if inner is None else _cited(quoted, inner)]
        at = quoted.length if inner is None or inner.end is None else inner.end
    words = "\n\n".join(piece for piece in pieces if piece)
    return marked(f"{whom}:\n{words}" if whom else words) if words else ""


def asks_for_words(form: Any) -> bool:
    """Whether a form is for writing a reply, and not merely wrapped around a page's text."""
    return next(form.iter("textarea"), None) is not None


class _Writer:
    """Collects text, with line breaks where blocks begin and end."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def write(self, text: str | None, preformatted: bool = False) -> None:
        if not text:
            return
        if not preformatted:
            text = squeeze(text)
            if text[0] == " " and self._pieces and self._pieces[-1][-1:] == " ":
                text = text[1:]
        self._pieces.append(text)

    def open(self, tag: str) -> None:
        if tag == "br" or tag in BLOCKS:
            self._pieces.append("\n\n" if tag in _APART else "\n")

    def close(self, tag: str) -> None:
        if tag in BLOCKS:
            self._pieces.append("\n\n" if tag in _APART else "\n")

    def gap(self) -> None:
        self._pieces.append("\n\n")

    @property
    def length(self) -> int:
        """How many pieces there are."""
        return len(self._pieces)

    def text(self, start: int = 0, end: int | None = None) -> str:
        return tidy("".join(self._pieces[start:end])) if self._pieces else ""


def _is_signature(element: Any) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return 2 < len(names) < TOO_MANY_NAMES and "ig" in names and bool(_SIGNATURE.search(names))


def _unsign(text: str, signed: str) -> tuple[str, str]:
    """Old boards draw a line of underscores between the words and the signature."""
    if "________" not in text:
        return text, signed
    found = next(reversed(list(_UNDERSCORES.finditer(text))), None)
    if found and len(text) - found.end() < 1500:
        return text[: found.start()].strip(), tidy(f"{text[found.end() :]}\n{signed}")
    return text, signed
