"""A post's body as text: the author's own words, what is quoted, and the signature, each apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
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
_BLOCKS: Final = listed(
    "address article aside blockquote dd details dialog div dl dt fieldset figcaption figure footer h1 h2 h3 "
    "h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul center"
)
_APART: Final = listed("p pre h1 h2 h3 h4 h5 h6 table ul ol blockquote dl")
_QUOTE_TAGS: Final = listed("blockquote div aside table fieldset dl section td tbody article q figure")
_QUOTE_CLASS = re.compile(r"quote(?!d?[_-]?(?:button|link|action|control|reply|btn|toggle))|zitat", re.I)
_NO_QUOTE_CLASS = re.compile(r"unquote|multi-?quote|quote[_-]?(?:less|selected)|has-?quote|quotes?[_-]?allowed", re.I)
_SIGNATURE = re.compile(
    r"(?:^|[\s_-])(?:signature|sig|usersig|postsig|postbitsig|signatur)(?:$|[\s_-]|\d|content|-content|container)|signature",
    re.I,
)
_EMOTICON = re.compile(r"emoji|emoticon|smil[ie]|icon-smile|bbc_emo", re.I)
_FILE_NAME = re.compile(
    r"\.(?:jpe?g|png|gif|webp|bmp|heic|mp4)$|^(?:img|dsc|image|photo|picture|screenshot|attachment)[\s_\d.-]*$|://",
    re.I,
)
_HEADER_CLASS = re.compile(
    r"title|head|attribution|citation|author|source|username|expandlink|quote-controls|avatar|ipsQuote_citation|-by\b|_by\b|posted",
    re.I,
)
_SAID: Final = (
    r"wrote|said|says|posted|writes|đã viết|viết|nói|đã nói|schrieb|hat geschrieben|meinte|a écrit|a dit|escribió|dijo|ha scritto|"
    r"schreef|napisał(?:/a)?|escreveu"
)
_ATTRIBUTION = re.compile(
    rf"(?:originally posted by|quote from|zitat von|trích dẫn(?: từ)?|gửi bởi)\s*:?\s*(?P<whom>[^\n:]{{1,60}}?)\s*:?|"
    rf"(?:[^\n]{{0,40}}?,\s)?@?(?P<who>[^\n:]{{1,60}}?)\s+(?:{_SAID})\s*:?\s*(?:[↑⬆]?\s*(?:\(?[^\n]{{0,40}}\d{{2,4}}[^\n]{{0,20}}\)?)?)?:?|"
    r"(?:quote|quoted|zitat|citation|cita|trích dẫn|cite)\s*:?|click to expand\.*|xem thêm\.*|nhấn để mở rộng\.*|@?(?P<name>[^\n:]{1,40}):",
    re.I,
)
#: At a block's beginning; a name is short, and something follows.
_CITED = re.compile(
    rf"(?:originally posted by|quote from|zitat von|trích dẫn(?: từ)?|gửi bởi)\s*:?\s*(?P<whom>[^:.!?\n]{{1,40}}):\s*(?=\S)|"
    rf"@?(?P<who>[^\s:.!?,][^:.!?,\n]{{0,39}}?)\s+(?:{_SAID})\s*(?:\([^()\n]{{0,40}}\)\s*|(?:lúc|on|at|am|vào)\s[^:\n]{{1,20}}(?::\d\d[^:\n]{{0,12}})?)?:\s*(?=\S)",
    re.I,
)
#: The same at the beginning of a block without a class, where only the words of forums' own quotes count.
_WROTE = re.compile(
    r"(?:originally posted by|quote from|trích dẫn từ)\s*:?\s*\S|@?[^\s:.!?,][^:.!?,\n]{0,39}?\s(?:wrote|đã viết|viết)\s*:\s*\S",
    re.I,
)
_QUOTE_LABEL = re.compile(r"\s*(?:quote|quoting|zitat|citation|cita|trích dẫn)\b[^\n]{0,60}:?\s*", re.I)
_LABEL_LINE = re.compile(r"(?:^|\n)[ \t]*(?:quote|zitat|citation|cita|trích dẫn)[ \t]*:[ \t]*(?=\n|$)", re.I)
_UNDERSCORES = re.compile(r"(?:^|\n)\s*_{8,}\s*(?:\n|$)")
_SPACES = re.compile(r"[ \t\r\n\f\xa0\u2007\u202f\u200b]+")
_LINES = re.compile(r" *\n *")
_GAPS = re.compile(r"\n{3,}")
_TOO_MANY_NAMES = 400
_LONGEST_QUOTE: Final = 5_000
_SHORTEST_REPEAT: Final = 24
_LEAD: Final = 160


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
        return text if text.isascii() else unicodedata.normalize("NFC", _SPACES.sub(" ", text).strip())
    pieces: list[str] = []
    for event, element in _events(node, lambda one: isinstance(one.tag, str) and one.tag in SILENT):
        if event == "start":
            pieces.append(element.text or "")
            if element.tag == "img":
                pieces.append(_alternative(element))
        elif element is not node:
            pieces.append(" " if element.tag in _BLOCKS or element.tag == "br" else "")
            pieces.append(element.tail or "")
    text = _SPACES.sub(" ", "".join(pieces)).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _events(node: Any, skip: Callable[[Any], bool]) -> Iterator[tuple[str, Any]]:
    """Start and end of every element under ``node``; of a skipped one the end alone, so that its tail is kept."""
    walker = etree.iterwalk(node, events=("start", "end"))
    for event, element in walker:
        if event == "start" and (not isinstance(element.tag, str) or (element is not node and skip(element))):
            walker.skip_subtree()
            continue
        if isinstance(element.tag, str):
            yield event, element


def read_body(
    node: Any, *, drop: Callable[[Any], bool] | None = None, quote: Callable[[Any], bool] | None = None
) -> Body:
    """Read a post's body. ``drop`` names elements that are the forum's words and not the author's; ``quote`` an engine's
    quotes beyond the usual ones (``blockquote``, anything whose class says quote)."""
    own, quoted, signature = _Writer(), _Writer(), _Writer()
    ends: dict[Any, _Writer] = {}
    places: list[_Place] = []
    into, preformatted, reference = own, 0, None
    author: str | None = None

    def skip(element: Any) -> bool:
        if element.tag in SILENT or element.get("hidden") is not None or (drop is not None and drop(element)):
            return True
        if element.tag == "form" and asks_for_words(element):
            return True
        return into is quoted and _is_header(element)

    walker = etree.iterwalk(node, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            if element is not node:
                if into is own and (is_quote(element) or (quote is not None and quote(element))):
                    ends[element], into = into, quoted
                    quoted.gap()
                    places.append(_Place(own.length, quoted.length, _named(element)))
                    reference = reference or _reference(element)
                    author = author or places[-1].whom
                elif into is own and _is_signature(element):
                    ends[element], into = into, signature
                elif skip(element):
                    if into is quoted and _is_header(element):
                        places[-1].whom = places[-1].whom or _who(one_line(element))
                        author = author or places[-1].whom
                        reference = reference or _reference(element)
                    walker.skip_subtree()
                    ends.setdefault(element, into)
                    continue
            into.open(tag)
            preformatted += tag == "pre"
            if tag == "img":
                into.write(_alternative(element))
            into.write(element.text, bool(preformatted))
        else:
            if element in ends:
                into = ends.pop(element)
                into.open(tag)
            else:
                preformatted -= tag == "pre"
                into.close(tag)
            if element is not node:
                into.write(element.tail, bool(preformatted))
    words, signed = _unsign(own.text(), signature.text())
    cited, named = _unattribute(quoted.text())
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
    """Where a quote begins: how far one's own words and the quoted ones had come, and whom it quotes."""

    own: int
    quoted: int
    whom: str | None


def _interleaved(own: _Writer, quoted: _Writer, places: list[_Place]) -> str:
    """One's own words with the quotes between them, each after the name of the person quoted where it is told."""
    pieces: list[str] = []
    at = 0
    for number, place in enumerate(places):
        until = places[number + 1].quoted if number + 1 < len(places) else quoted.length
        cited, named = _unattribute(quoted.text(place.quoted, until))
        whom = place.whom or named
        pieces += [own.text(at, place.own), marked(f"{whom}:\n{cited}" if whom else cited) if cited else ""]
        at = place.own
    pieces.append(own.text(at, own.length))
    return "\n\n".join(piece for piece in pieces if piece)


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
            text = _SPACES.sub(" ", text)
            if text[0] == " " and self._pieces and self._pieces[-1][-1:] == " ":
                text = text[1:]
        self._pieces.append(text)

    def open(self, tag: str) -> None:
        if tag == "br" or tag in _BLOCKS:
            self._pieces.append("\n\n" if tag in _APART else "\n")

    def close(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._pieces.append("\n\n" if tag in _APART else "\n")

    def gap(self) -> None:
        self._pieces.append("\n\n")

    @property
    def length(self) -> int:
        """How many pieces there are."""
        return len(self._pieces)

    def text(self, start: int = 0, end: int | None = None) -> str:
        return tidy("".join(self._pieces[start:end]))


def is_quote(element: Any) -> bool:
    """Whether an element inside a body holds somebody else's words."""
    tag = element.tag
    if tag == "blockquote":
        return True
    if tag not in _QUOTE_TAGS:
        return False
    names = element.get("class")
    if names and ("uote" in names or "itat" in names):
        return len(names) < _TOO_MANY_NAMES and bool(_QUOTE_CLASS.search(names)) and not _NO_QUOTE_CLASS.search(names)
    if tag in ("table", "div"):
        return _follows_label(element)
    return False


def _follows_label(element: Any) -> bool:
    """Old boards write «Quote:» in one small block and the quote in the table or block after it."""
    before = element.getprevious()
    if (
        before is None
        or not isinstance(before.tag, str)
        or before.tag not in ("div", "span", "b", "strong", "p", "font")
    ):
        return False
    if len(before) > 4 or (before.tail or "").strip():
        return False
    label = "".join(before.itertext())
    return len(label) < 80 and bool(_QUOTE_LABEL.fullmatch(label))


def _is_header(element: Any) -> bool:
    if element.tag == "cite":
        return True
    names = element.get("class")
    if not names or len(names) > _TOO_MANY_NAMES or not _HEADER_CLASS.search(names):
        return False
    return len(one_line(element)) < 120 and not element.xpath("boolean(.//blockquote)")


def _is_signature(element: Any) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return 2 < len(names) < _TOO_MANY_NAMES and "ig" in names and bool(_SIGNATURE.search(names))


def _alternative(image: Any) -> str:
    """What an image says: smilies and emoji always, other images where their alternative text is words."""
    said = (image.get("alt") or "").strip()
    if not said or len(said) > 60 or _FILE_NAME.search(said):
        return ""
    if _EMOTICON.search(f"{image.get('class') or ''} {image.get('src') or ''}") or not any(c.isalnum() for c in said):
        return f" {said} "
    return f" {said} " if said[0] in ":;=8" or len(said) <= 2 else ""


def _one_paragraph(element: Any) -> bool:
    """Whether an element holds words and line breaks alone: below an empty line the answer to a quote may begin."""
    for child in element.iterdescendants("*"):
        if child.tag in _BLOCKS:
            return False
        if child.tag == "br" and not (child.tail or "").strip():
            after = child.getnext()
            if after is not None and after.tag == "br":
                return False
    return True


def quotes(element: Any, whole: Any, before: Callable[[str], bool]) -> bool:
    """Whether a block within a post's words is a quote although nothing in its markup says so: it begins with «Lan viết:» or
    «Lan wrote:» and goes on, or it repeats what ``before`` knows from an earlier post. ``whole`` is the post's body."""
    if element.tag not in _QUOTE_TAGS or element is whole:
        return False
    plain = element.get("class") is None
    # Its beginning tells at little cost that nearly all blocks are none.
    lead = " ".join("".join(islice(element.itertext(), 8)).split())[:_LEAD]
    if plain:  # a line of the author's own stands in a plain block too: “mẹ mình nói: …”
        return (
            bool(_WROTE.match(lead))
            and _one_paragraph(element)
            and len(one_line(element)) <= min(_LONGEST_QUOTE, 0.95 * len(one_line(whole)))
        )
    found = _CITED.match(lead)
    if found is None and (len(lead) < _SHORTEST_REPEAT or not before(lead[:_SHORTEST_REPEAT])):
        return False
    text = one_line(element)
    if found is None and not before(text):
        return False
    return len(text) <= min(_LONGEST_QUOTE, 0.95 * len(one_line(whole)))


def _named(element: Any) -> str | None:
    for name in ("data-quote", "data-username", "data-author", "data-ipsquote-username", "data-post-author"):
        if value := (element.get(name) or "").strip():
            return str(value)[:100]
    return None


def _reference(element: Any) -> str | None:
    """The post that a quote says it is taken from: an id in its attributes, or the link in its header."""
    for name in ("data-source", "data-post-id", "data-post", "data-ipsquote-contentcommentid", "data-quote-id", "cite"):
        if value := element.get(name):
            return str(value)
    for link in element.iter("a"):
        href = link.get("href") or ""
        if re.search(r"(?:post|comment|[?&#]p|reply|goto)\D{0,12}\d", href):
            return href
        break
    return None


def _who(line: str) -> str | None:
    found = _ATTRIBUTION.fullmatch(line.strip()) if len(line) < 200 else None
    name = found and (found["whom"] or found["who"] or found["name"])
    return str(name).strip() if name else None


def _unattribute(quoted: str) -> tuple[str, str | None]:
    """A quote without the line that says whose it is, and whose it is."""
    lines, name = quoted.split("\n"), None
    kept: list[str] = []
    for line in lines:
        plain = line.strip()
        if plain and len(plain) < 160 and (not kept or not kept[-1].strip()) and _ATTRIBUTION.fullmatch(plain):
            name = name or _who(plain)
            continue
        if plain.lower().startswith(("click to expand", "nhấn để mở rộng")) and len(plain) < 30:
            continue
        kept.append(line)
    text = tidy("\n".join(kept))
    if name is None and (found := _CITED.match(text)):
        # «Lan viết: …» on the line of the quoted words themselves.
        name = str(found["whom"] or found["who"]).strip()
        text = text[found.end() :]
    return text, name


def _unsign(text: str, signed: str) -> tuple[str, str]:
    """Old boards draw a line of underscores between the words and the signature."""
    found = next(reversed(list(_UNDERSCORES.finditer(text))), None)
    if found and len(text) - found.end() < 1500:
        return text[: found.start()].strip(), tidy(f"{text[found.end() :]}\n{signed}")
    return text, signed
