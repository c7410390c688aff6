"""Whose words a block within a post holds: quotes by their markup, by their first line, by what they repeat."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Any, Final

from crawler.engines.plain import BLOCKS, is_longer, listed, one_line, tidy

QUOTE_TAGS: Final = listed("blockquote div aside table fieldset dl section td tbody article q figure")
_QUOTE_CLASS = re.compile(r"quote(?!d?[_-]?(?:button|link|action|control|reply|btn|toggle))|zitat", re.I)
_QUOTE_CELL = re.compile(r"quote(?:text|body|cell|d)?", re.I)
_NO_QUOTE_CLASS = re.compile(r"unquote|multi-?quote|quote[_-]?(?:less|selected)|has-?quote|quotes?[_-]?allowed", re.I)
_QUOTE_HEADER = re.compile(r"quote[-_]?(?:header|title|head|author)(?:$|\s)", re.I)
_HEADER_CLASS = re.compile(
    r"title|head|attribution|citation|author|source|username|expandlink|quote-controls|avatar|ipsQuote_citation|-by\b|_by\b|posted",
    re.I,
)
_SAID: Final = (
    r"wrote|said|says|posted|writes|đã viết|viết|nói|đã nói|schrieb|hat geschrieben|meinte|a écrit|a dit|escribió|dijo|ha scritto|"
    r"schreef|napisał(?:/a)?|escreveu"
)
_FROM: Final = (
    r"originally posted by|quoted? from|zitat von|trích dẫn(?: từ)?|nguyên văn bởi|(?:được )?gửi bởi|đăng bởi"
)
_ATTRIBUTION = re.compile(
    rf"(?:{_FROM})\s*:?\s*(?P<whom>[^\n:]{{1,60}}?)"
    r"(?:\s(?:on|at|am|vào|lúc|trong|ngày|[-–—])\s(?=[^\n]{0,40}\d)[^\n]{4,60})?\s*:?|"
    rf"(?:\([^()\n]{{0,40}}\)\s*|[^\n]{{0,40}}?,\s)?@?(?P<who>[^\n:]{{1,60}}?)\s+(?:{_SAID})\s*:?\s*(?:[↑⬆]?\s*(?:\(?[^\n]{{0,40}}\d{{2,4}}[^\n]{{0,20}}\)?)?)?:?|"
    r"(?:quote|quoted|zitat|citation|cita|trích(?: dẫn)?|cite)\s*:?|"
    r"click to expand\.*|xem thêm\.*|nhấn để mở rộng\.*|@?(?P<name>[^\n:]{1,40}):",
    re.I,
)
#: At a block's beginning; a name is short, and something follows.
_CITED = re.compile(
    rf"(?:{_FROM})\s*:?\s*(?P<whom>[^:.!?\n]{{1,40}}):\s*(?=\S)|"
    rf"@?(?P<who>[^\s:.!?,][^:.!?,\n]{{0,39}}?)\s+(?<!bài\s)(?:{_SAID})\s*(?:\([^()\n]{{0,40}}\)\s*|(?:lúc|on|at|am|vào)\s[^:\n]{{1,20}}(?::\d\d[^:\n]{{0,12}})?)?:\s*(?=\S)",
    re.I,
)
#: The same at the beginning of a block without a class, where only the words of forums' own quotes count.
_WROTE = re.compile(
    r"(?:originally posted by|quoted? from|trích dẫn từ)\s*:?\s*\S|"
    r"@?[^\s:.!?,][^:.!?,\n]{0,39}?\s(?<!bài\s)(?:wrote|đã viết|viết)\s*:\s*\S",
    re.I,
)
_QUOTE_LABEL = re.compile(r"\s*(?:quote|quoting|zitat|citation|cita|trích(?: dẫn)?)\b[^\n]{0,60}:?\s*", re.I)
#: Marks around a quoted name, and space.
_MARKS: Final = ' \t"“”„«»'
_BARE_NAME = re.compile(r"@?[^\W_][^:/!?\n]{0,29}[^\W]|@?[^\W_]")
#: Words in a person's name.
_MOST_NAMES: Final = 4
TOO_MANY_NAMES = 400
_LONGEST_QUOTE: Final = 5_000
_SHORTEST_REPEAT: Final = 24
_LEAD: Final = 160


def is_quote(element: Any) -> bool:
    """Whether an element inside a body holds somebody else's words."""
    tag = element.tag
    if tag == "blockquote":
        return True
    if tag not in QUOTE_TAGS:
        return False
    names = element.get("class")
    if names and ("uote" in names or "itat" in names):
        return len(names) < TOO_MANY_NAMES and bool(_QUOTE_CLASS.search(names)) and not _NO_QUOTE_CLASS.search(names)
    if tag == "table" and _holds_quote(element):
        return True
    if tag in ("table", "div"):
        return _follows_label(element)
    return False


def _holds_quote(table: Any) -> bool:
    """phpBB 2 draws a quote as a table: whom in one cell, the words in the next, which alone says that it is a quote."""
    cells = list(islice(table.iter("td"), 2))
    return len(cells) == 2 and bool(_QUOTE_CELL.fullmatch(cells[1].get("class") or "")) and not is_longer(cells[0], 119)


def heads_quote(element: Any) -> bool:
    """Whether a block says whose words those of the next one are: old boards put it before the quote, not into it."""
    names = element.get("class")
    if element.tag != "div" or not names or "uote" not in names or not _QUOTE_HEADER.search(names[:TOO_MANY_NAMES]):
        return False
    after = element.getnext()
    return after is not None and isinstance(after.tag, str) and not (element.tail or "").strip() and is_quote(after)


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


def is_header(element: Any) -> bool:
    if element.tag == "cite":
        return True
    names = element.get("class")
    if not names or len(names) > TOO_MANY_NAMES or not _HEADER_CLASS.search(names):
        return False
    return not is_longer(element, 119) and not element.xpath("boolean(.//blockquote)")


def _one_paragraph(element: Any) -> bool:
    """Whether an element holds words and line breaks alone: below an empty line the answer to a quote may begin."""
    for child in element.iterdescendants("*"):
        if child.tag in BLOCKS:
            return False
        if child.tag == "br" and not (child.tail or "").strip():
            after = child.getnext()
            if after is not None and after.tag == "br":
                return False
    return True


def quotes(element: Any, whole: Any, before: Callable[[str], bool]) -> bool:
    """Whether a block within a post's words is a quote although nothing in its markup says so: it begins with «Lan viết:» or
    «Lan wrote:» and goes on, or it repeats what ``before`` knows from an earlier post. ``whole`` is the post's body."""
    if element.tag not in QUOTE_TAGS or element is whole:
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


def name_of(element: Any) -> str | None:
    for name in ("data-quote", "data-username", "data-author", "data-ipsquote-username", "data-post-author"):
        if value := (element.get(name) or "").strip():
            return str(value)[:100]
    return None


def reference_of(element: Any) -> str | None:
    """The post that a quote says it is taken from: an id in its attributes, or the link in its header."""
    for name in ("data-source", "data-post-id", "data-post", "data-ipsquote-contentcommentid", "data-quote-id", "cite"):
        if value := element.get(name):
            return str(value)
    for link in element.iter("a"):
        href = link.get("href") or ""
        if (number := link.get("data-post-id") or "").isdigit():
            return str(number)
        if re.search(r"(?:post|comment|msg|[?&#]p|reply|goto)\D{0,12}\d", href):
            return href
        if element.tag != "cite":  # the words of a quote may link anywhere, its header to the person first
            break
    return None


def who(line: str) -> str | None:
    found = _ATTRIBUTION.fullmatch(line.strip()) if len(line) < 200 else None
    name = found and (found["whom"] or found["who"] or found["name"])
    return str(name).strip(_MARKS) or None if name else None


def said_by(line: str) -> str | None:
    """Whom a header names in words that say that somebody said something; ``None`` for a bare label."""
    found = _ATTRIBUTION.fullmatch(line.strip()) if len(line) < 200 else None
    name = found and (found["whom"] or found["who"])
    return str(name).strip(_MARKS) or None if name else None


def who_heads(header: Any) -> str | None:
    """Whom the header of a quote names: a ``<cite>`` may be the name and nothing else."""
    line = one_line(header)
    if header.tag != "cite" or (found := who(line)) is not None:
        return who(line)
    plain = line.strip(_MARKS)
    return plain if _BARE_NAME.fullmatch(plain) and len(plain.split()) <= _MOST_NAMES else found


def unattribute(quoted: str) -> tuple[str, str | None]:
    """A quote without the line that says whose it is, and whose it is."""
    lines, name = quoted.split("\n"), None
    kept: list[str] = []
    for line in lines:
        plain = line.strip()
        if plain and len(plain) < 160 and (not kept or not kept[-1].strip()) and _ATTRIBUTION.fullmatch(plain):
            name = name or who(plain)
            continue
        if plain.lower().startswith(("click to expand", "nhấn để mở rộng")) and len(plain) < 30:
            continue
        kept.append(line)
    text = tidy("\n".join(kept))
    if not text and len(lines) == 1 and name is None and lines[0].strip()[-1:].isalnum():
        # A label says of something else that it is quoted.
        text = lines[0].strip()
    if name is None and (found := _CITED.match(text)):
        # «Lan viết: …» on the line of the quoted words themselves.
        name = str(found["whom"] or found["who"]).strip()
        text = text[found.end() :]
    return text, name
