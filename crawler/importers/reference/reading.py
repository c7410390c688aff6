"""Reads one report and writes its pages to standard output as JSON; run by :mod:`crawler.importers.reference.documents`.

``python -m crawler.importers.reference.reading KIND FILE``. It stands alone so that it can be stopped.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any

MEMORY = 2 << 30
MOST_PAGES, LONGEST_PAGE, LONGEST = 3_000, 200_000, 20_000_000
_LARGEST_TEXT = 30 << 20
_MOST_PARTS, _LARGEST_PART, _LARGEST_WHOLE = 5_000, 80 << 20, 400 << 20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NO_TEXT = (
    "script", "style", "noscript", "template", "svg", "nav", "footer", "form", "iframe", "object", "button", "select", "head",
)  # fmt: skip
_BLOCKS = (
    "p", "div", "section", "article", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "dt", "dd",
    "figcaption", "caption", "header", "main", "pre",
)  # fmt: skip
Answer = dict[str, Any]


class WrongError(Exception):
    """What keeps a file from being read: ``locked``, ``broken``, ``bomb``, ``too_long``, ``not_a_report``."""


def pdf(path: Path) -> Answer:
    """A PDF's text, page by page."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise WrongError("locked")
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise WrongError("too_long")
        pages, whole = [], 0
        for page in reader.pages:
            text = (page.extract_text() or "")[:LONGEST_PAGE]
            whole += len(text)
            if whole > LONGEST:
                raise WrongError("too_long")
            pages.append(text)
        title = reader.metadata.title if reader.metadata else None
    except DependencyError:
        raise WrongError("locked") from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, AssertionError):
        raise WrongError("broken") from None
    if not pages:
        raise WrongError("broken")
    return answer(pages, str(title) if title else None)


def docx(path: Path) -> Answer:
    """A Word document's text, by the pages that Word last showed it in, tables where they stand."""
    _no_bomb(path)
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = Document(str(path))
        pages: list[list[str]] = [[]]
        for block in document.element.body:
            _put(block, pages)
        title = document.core_properties.title
    except (
        OpcError,
        LxmlError,
        KeyError,
        ValueError,
        AttributeError,
        zipfile.BadZipFile,
        OSError,
        NotImplementedError,
    ):
        raise WrongError("broken") from None
    if len(pages) > MOST_PAGES or sum(len(line) for page in pages for line in page) > LONGEST:
        raise WrongError("too_long")
    return answer(["\n".join(page) for page in pages], title or None, numbered=len(pages) > 1)


def _put(block: Any, pages: list[list[str]]) -> None:
    if block.tag == f"{_W}tbl":
        for row in block.iter(f"{_W}tr"):
            cells = ("".join(text.text or "" for text in cell.iter(f"{_W}t")).strip() for cell in row.iter(f"{_W}tc"))
            pages[-1].append("\t".join(cells))
        return
    words: list[str] = []
    for part in block.iter():
        if part.tag == f"{_W}t":
            words.append(part.text or "")
        elif part.tag == f"{_W}tab":
            words.append("\t")
        elif part.tag == f"{_W}lastRenderedPageBreak" or (part.tag == f"{_W}br" and part.get(f"{_W}type") == "page"):
            pages[-1].append("".join(words))
            words = []
            if len(pages) <= MOST_PAGES and any(line.strip() for line in pages[-1]):
                pages.append([])
        elif part.tag == f"{_W}br":
            words.append("\n")
    pages[-1].append("".join(words))


def _no_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as book:
            parts = book.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise WrongError("broken") from None
    if "word/document.xml" not in {part.filename for part in parts}:
        raise WrongError("not_a_report")
    texts = [part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))]
    if (
        len(parts) > _MOST_PARTS
        or max(texts, default=0) > _LARGEST_PART
        or sum(part.file_size for part in parts) > _LARGEST_WHOLE
    ):
        raise WrongError("bomb")


def html(path: Path) -> Answer:
    """A web page's text without what is no part of it. A page that only its scripts fill says so."""
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
    if path.stat().st_size > _LARGEST_TEXT:
        raise WrongError("too_long")
    try:
        soup = BeautifulSoup(path.read_bytes(), "lxml")
    except (ValueError, RecursionError, AssertionError):
        raise WrongError("broken") from None
    title = soup.title.get_text(" ", strip=True) if soup.title else None
    scripts = len(soup.find_all("script"))
    for tag in soup.find_all(_NO_TEXT):
        tag.decompose()
    for tag in soup.select('[hidden], [aria-hidden="true"]'):
        tag.decompose()
    for tag in soup.find_all(_BLOCKS):
        tag.insert_before("\n")
        tag.append("\n")
    for tag in soup.find_all(("td", "th")):
        tag.append("\t")
    lines = (" ".join(line.split(" ")).strip() for line in soup.get_text().splitlines())
    text = "\n".join(" ".join(line.split()) for line in lines if line)[:LONGEST]
    pages = [text[start : start + LONGEST_PAGE] for start in range(0, len(text), LONGEST_PAGE)] or [""]
    few = sum(map(str.isalpha, text)) < 200
    return answer(pages, title, numbered=False, scripts=few and scripts > 0)


def text(path: Path) -> Answer:
    """Plain text, UTF-8 or UTF-16."""
    if path.stat().st_size > _LARGEST_TEXT:
        raise WrongError("too_long")
    body = path.read_bytes()
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return answer([body.decode(encoding, "replace")[:LONGEST]], None, numbered=False)


def answer(pages: list[str], title: str | None, *, numbered: bool = True, scripts: bool = False) -> Answer:
    """What is written, without what no JSON or database can hold."""
    clean = [page.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "") for page in pages]
    said = " ".join((title or "").split())[:300].encode("utf-8", "ignore").decode("utf-8")
    return {"pages": clean, "title": said or None, "numbered": numbered, "scripts": scripts}


READERS = {"pdf": pdf, "docx": docx, "html": html, "text": text}


def limit_memory() -> None:
    """Where the system can hold a process to so much memory, let it."""
    try:
        import resource
    except ImportError:  # Windows: pypdf's own limits and the time must do
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


def main(kind: str, path: str) -> int:
    """Write the file's pages, or what is wrong with it."""
    logging.disable(logging.CRITICAL)
    limit_memory()
    sys.setrecursionlimit(5_000)
    try:
        found = READERS[kind](Path(path))
    except WrongError as error:
        found = {"wrong": str(error)}
    except (MemoryError, RecursionError):
        found = {"wrong": "bomb"}
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
