"""The questions that a page answers: from its structured data, its accordions, its lists, its headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lxml import etree, html

from crawler.blocks import Block, hint
from crawler.landing.metadata import every, one
from crawler.landing.quoting import clean
from crawler.lexicons import finder, tokens

MOST: Final = 40
_QUESTION: Final = 240
_ANSWER: Final = 800
_MEANT: Final = ("summary", "dt")
_ASKS = re.compile(r"\?\s*[+–−-]?\s*$")
_NUMBERED = re.compile(r"^(?:(?:câu|question|q)\s*)?\d{1,2}\s*[.):]\s*|^(?:q|hỏi)\s*[:.]\s*", re.I)


def faqs(found: list[Block], data: Iterable[Mapping[str, object]]) -> tuple[tuple[str, str], ...]:
    """Questions with their answers, each question once."""
    kept: dict[str, tuple[str, str]] = {}
    for question, answer in (*_stated(data), *_shown(found)):
        question = _NUMBERED.sub("", question).rstrip(" +−")
        if question and answer:
            kept.setdefault(re.sub(r"\W+", " ", question).casefold(), (question, answer))
        if len(kept) == MOST:
            break
    return tuple(kept.values())


def _stated(data: Iterable[Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    for page in every(list(data), "FAQPage"):
        for item in every(page.get("mainEntity"), "Question"):
            answer = item.get("acceptedAnswer")
            yield clean(one(item.get("name")), _QUESTION), clean(_plain(one(answer, "text")), _ANSWER)


def _plain(text: str) -> str:
    if "<" not in text:
        return text
    try:
        return str(html.fragment_fromstring(text, create_parent="div").text_content())
    except (etree.ParserError, ValueError):
        return ""


def _shown(found: list[Block]) -> Iterator[tuple[str, str]]:
    never = hint("nav", "menu", "footer", "cookie", "formish", "reviews")
    asked = [i for i, block in enumerate(found) if not block.hints & never and _is_question(block)]
    makes = Counter(found[i].make for i in asked)
    listed = _under_faq(found)
    for i in asked:
        block = found[i]
        # One question alone is mostly a rhetorical headline.
        if makes[block.make] > 1 or block.tag in _MEANT or block.hints & hint("tabs") or i in listed:
            answer = list(_answer(found, i))
            yield clean(block.text, _QUESTION), clean(" ".join(answer), _ANSWER)


def _under_faq(found: list[Block]) -> set[int]:
    """The blocks that stand below a heading like "FAQ" or "Câu hỏi thường gặp"."""
    below, inside = set(), False
    for i, block in enumerate(found):
        if block.tag in ("h1", "h2"):
            inside = "faq" in finder("furniture").codes(tokens(block.text.lower()))
        elif inside:
            below.add(i)
    return below


def _answer(found: list[Block], i: int) -> Iterator[str]:
    """The blocks after the question ``found[i]`` that answer it: its neighbours of one parent, up to the next title."""
    homes: set[Any] = set()
    for block in found[i + 1 : i + 9]:
        if not _answers(block, found[i]):
            return
        parent = block.element.getparent()
        near = {parent, parent.getparent() if parent is not None else None}
        if homes and not homes & near:
            return
        homes = homes or {parent}
        yield block.text


def _is_question(block: Block) -> bool:
    if block.words > 35 or not _ASKS.search(block.text):
        return False
    titled = block.tag in ("h2", "h3", "h4", "h5", "h6", "summary", "dt", "button", "th", "label")
    return titled or bool(block.near & hint("heading", "subheading", "tabs", "title", "button", "emphasis"))


def _answers(block: Block, question: Block) -> bool:
    """Whether ``block`` still belongs to the answer: no question, no heading, no new section."""
    if _is_question(block) or block.tag in ("h1", "h2", "h3", "h4", "summary", "dt"):
        return False
    return block.make != question.make and not block.hints & hint("nav", "footer", "formish")
