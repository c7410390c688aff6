"""Small reports, made while the tests run: what they say is invented."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

PAGES = (
    "Nappy buyers 2026\nA survey of 1,200 respondents in Vietnam.",
    "62% of buyers are women. 41% of buyers are aged 25-34.\nSales grew 15% in a year.",
    "68% of mothers aged 25-34 buy nappies on Shopee.\n18% liked the colour.",
)


def pdf(path: Path, pages: Sequence[str] = PAGES, *, password: str | None = None, owner: str | None = None) -> Path:
    """A PDF of text, one page each."""
    from fpdf import FPDF

    made = FPDF()
    made.set_title("Nappy buyers 2026")
    if password is not None or owner is not None:
        made.set_encryption(owner_password=owner or "owner", user_password=password or "")
    for text in pages:
        made.add_page()
        made.set_font("helvetica", size=12)
        made.multi_cell(0, 8, text)
    made.output(str(path))
    return path


def scan(path: Path, pages: int = 2) -> Path:
    """A PDF of pictures of pages."""
    from fpdf import FPDF
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    made = FPDF()
    for _ in range(pages):
        made.add_page()
        made.image(picture, x=10, y=10, w=180)
    made.output(str(path))
    return path


def docx(path: Path, pages: Sequence[str] = PAGES, *, table: Sequence[Sequence[str]] = ()) -> Path:
    """A Word document, a page break between pages, a table at its end."""
    from docx import Document

    made = Document()
    for number, text in enumerate(pages):
        if number:
            made.add_page_break()
        for line in text.splitlines():
            made.add_paragraph(line)
    if table:
        rows = made.add_table(len(table), len(table[0]))
        for row, cells in zip(rows.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    made.save(str(path))
    return path


def bomb(path: Path, size: int = 120 << 20) -> Path:
    """A Word document whose text unfolds to ``size`` bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("word/document.xml", b"<w>" + b" " * size + b"</w>")
    return path
