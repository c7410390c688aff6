"""How many replies and views a line of an unknown list tells: only where a word says which number is which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

from crawler.engines.reading import number_in
from crawler.engines.text import one_line

_REPLIES: Final = (
    r"(?:lượt |câu |số )?(?:trả lời|bình luận|phản hồi)|"
    r"repl(?:y|ies)|comments?|answers?|responses?|antworten|réponses?|respuestas?"
)
_VIEWS: Final = r"(?:lượt |đã |số lượt )?xem|views?|hits|aufrufe|zugriffe|vues|visitas"
_TOPICS: Final = r"(?:số )?chủ đề|topics?|threads?|discussions?|themen|sujets|temas"
_NUMBER: Final = r"\d[\d.,]{0,11}\s?[kmn]?"
_REPLY_CLASS = re.compile(r"repl|comment|answer|respon|tra-?_?loi|binh-?_?luan|phan-?_?hoi", re.I)
_VIEW_CLASS = re.compile(r"view|hits|luot-?_?xem|(?:^|[\s_-])xem(?:$|[\s_-])", re.I)
_LONGEST: Final = 40
_MOST_CELLS: Final = 40


def _said(word: str) -> re.Pattern[str]:
    return re.compile(rf"\(?(?:(?P<one>{_NUMBER})\s*(?:{word})|(?:{word})\s*[:(]?\s*(?P<two>{_NUMBER}))\)?", re.I)


_SAID_REPLIES, _SAID_VIEWS, _SAID_TOPICS = _said(_REPLIES), _said(_VIEWS), _said(_TOPICS)
_PURE = re.compile(_NUMBER, re.I)
_HEADS_REPLIES, _HEADS_VIEWS = re.compile(_REPLIES, re.I), re.compile(_VIEWS, re.I)
_HEADS_TOPICS = re.compile(rf"(?:{_TOPICS})(?:\s?[/&]\s?\w{{1,12}})?", re.I)

Counts = tuple[int | None, int | None]


def counts_in(row: Any, link: Any) -> Counts:
    """The replies and views that a line tells; ``link`` is the thread's, whose title may hold any number."""
    replies, views = _by_columns(row, (_HEADS_REPLIES, _HEADS_VIEWS))
    for element in islice(row.iter("*"), 300):
        if element is link or not isinstance(element.tag, str):
            continue
        for own, text in ((True, element.text), (False, element.tail if element is not row else None)):
            plain = " ".join((text or "").split()) if text and len(text) < 200 else ""
            for piece in re.split(r"[·•|,;]\s|\s[-–]\s", plain) if any(map(str.isdigit, plain)) else ():
                words = piece.strip(" ·•|-–")
                if not words or len(words) > _LONGEST:
                    continue
                if replies is None:
                    replies = _count(words, _SAID_REPLIES, own and _marked(element, _REPLY_CLASS))
                if views is None:
                    views = _count(words, _SAID_VIEWS, own and _marked(element, _VIEW_CLASS))
    return replies, views


def _count(words: str, said: re.Pattern[str], marked: bool) -> int | None:
    if found := said.fullmatch(words):
        return number_in(found["one"] or found["two"])
    return number_in(words) if marked and _PURE.fullmatch(words) else None


def _marked(element: Any, word: re.Pattern[str]) -> bool:
    """Whether the class or title of an element, or of the one that holds nothing but it, names what it counts."""
    above = element.getparent()
    alone = above is not None and len(above) < 4 and len(one_line(above)) < _LONGEST
    return any(
        bool(word.search(f"{one.get('class') or ''} {one.get('title') or ''}"))
        for one in ((element, above) if alone else (element,))
    )


def topics_in(row: Any, link: Any) -> int | None:
    """How many threads a line says that its link leads to: a board's line does."""
    (topics,) = _by_columns(row, (_HEADS_TOPICS,))
    for element in islice(row.iter("*"), 300) if topics is None else ():
        if element is link or not isinstance(element.tag, str):
            continue
        whole = one_line(element) if len(element) == 1 else ""
        for text in (element.text, element.tail if element is not row else None, whole):
            plain = " ".join((text or "").split()) if text and len(text) < 200 else ""
            for piece in re.split(r"[·•|,;/]\s?|\s[-–]\s", plain) if any(map(str.isdigit, plain)) else ():
                if len(piece) <= _LONGEST and (found := _SAID_TOPICS.fullmatch(piece.strip(" ·•|-–"))):
                    return number_in(found["one"] or found["two"])
    return topics


def _by_columns(row: Any, wanted: Sequence[re.Pattern[str]]) -> list[int | None]:
    """The numbers under the headings «Trả lời» and «Xem» of a table."""
    none: list[int | None] = [None] * len(wanted)
    if row.tag != "tr":
        return none
    table = next(row.iterancestors("table"), None)
    head = next((one for one in table.iter("tr") if one.find("th") is not None), None) if table is not None else None
    if head is None or head is row:
        return none
    titles, cells = list(islice(head, _MOST_CELLS)), list(islice(row, _MOST_CELLS))
    if len(titles) != len(cells):
        return none
    found = none
    for title, cell in zip(titles, cells, strict=True):
        words, shown = one_line(title), one_line(cell)
        if len(words) > _LONGEST or not _PURE.fullmatch(shown):
            continue
        for at, heading in enumerate(wanted):
            if found[at] is None and heading.fullmatch(words):
                found[at] = number_in(shown)
    return found
