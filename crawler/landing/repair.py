"""Markup that the fast parser loses: read again the way browsers do.

lxml is an order of magnitude faster than BeautifulSoup and right on nearly all pages. Where its tree holds next to none of
the words that the source holds (an ``<svg>`` or ``<math>`` left open, a ``<select>`` that swallows the page),
BeautifulSoup with html5lib reads the page once more and lxml takes its clean result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from crawler.blocks import FEW_WORDS, Block, page_blocks
from crawler.engines.document import Document

#: html5lib needs about a second for this many characters; larger pages stay as they are.
_LARGEST: Final = 1_000_000
_DEEPEST: Final = 400
_SILENT = re.compile(
    r"<(/?)(script|style|svg|head|noscript|template|iframe|select|object)(?![\w-])[^<>]{0,4000}>", re.I
)
_TAG = re.compile(r"<[^<>]{0,4000}>")


def readable(doc: Document) -> tuple[Document, list[Block]]:
    """``doc`` and its blocks; a repaired document where the plain tree lost the page's words."""
    found = page_blocks(doc)
    if sum(block.words for block in found) >= FEW_WORDS or not _words_lost(doc.text):
        return doc, found
    # Few pages need it, and it takes as long to load as five pages to read.
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(doc.text, "html5lib")
    repaired = Document(replace(doc.page, body=str(soup).encode("utf-8"), content_type="text/html; charset=utf-8"))
    again = page_blocks(repaired)
    if sum(block.words for block in again) > sum(block.words for block in found):
        return repaired, again
    return doc, found


def _words_lost(source: str) -> bool:
    """Whether the source seems to hold running text outside of scripts and the like."""
    if len(source) > _LARGEST or source.count("<") - source.count("</") * 2 > _DEEPEST:
        return False
    words = sum(len(_TAG.sub(" ", part).split()) for part in _outside(source))
    return words >= FEW_WORDS * 2


def _outside(source: str) -> Iterator[str]:
    """The parts of ``source`` outside of closed silent elements; one pass, whatever stands in it."""
    at, inside = 0, ""
    for match in _SILENT.finditer(source):
        name = match[2].lower()
        if not inside and not match[1]:
            yield source[at : match.start()]
            inside, at = name, match.end()
        elif inside == name and match[1]:
            inside, at = "", match.end()
    yield source[at:]
