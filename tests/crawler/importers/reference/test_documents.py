"""Reports as they come: text with page numbers, scans, locked, broken and hostile files."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from crawler.importers.reference.documents import read
from data.errors import InputError

sys.path.insert(0, str(Path(__file__).parent))
import made


def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    found = read(made.pdf(tmp_path / "r.pdf"))
    assert (found.format, len(found.pages), found.title, found.numbered) == ("pdf", 3, "Nappy buyers 2026", True)
    assert "62% of buyers are women" in found.pages[1]
    assert not found.is_scan


def test_a_scan_has_pages_and_no_text(tmp_path: Path) -> None:
    found = read(made.scan(tmp_path / "r.pdf"))
    assert found.is_scan
    assert found.empty == (1, 2)


def test_pages_without_text_among_others_are_named(tmp_path: Path) -> None:
    found = read(made.pdf(tmp_path / "r.pdf", ["A page with quite enough of words on it", "", *made.PAGES]))
    assert found.empty == (2,)
    assert not found.is_scan


def test_a_word_document_has_its_page_breaks_and_tables(tmp_path: Path) -> None:
    found = read(made.docx(tmp_path / "r.docx", table=[["Women", "62%"], ["Men", "38%"]]))
    assert (found.format, len(found.pages), found.numbered) == ("docx", 3, True)
    assert "Women\t62%" in found.pages[2]


def test_a_word_document_without_breaks_has_no_page_numbers(tmp_path: Path) -> None:
    assert not read(made.docx(tmp_path / "r.docx", ["One page of it"])).numbered


def test_a_web_page_is_read_without_scripts_and_menus(tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    path.write_text(
        "<!doctype html><title>Báo cáo</title><nav>99% menu</nav><script>var x='88% nữ'</script><p>62% người mua là <b>nữ</b></p>"
        "<p hidden>77% nam</p><table><tr><td>Nam</td><td>38%</td></tr></table>"
        + "<p>Lời dẫn dài dòng của báo cáo.</p>"
        * 20,
        encoding="utf-8",
    )
    found = read(path)
    assert (found.title, found.numbered, found.scripts) == ("Báo cáo", False, False)
    assert "62% người mua là nữ" in found.pages[0]
    assert "Nam 38%" in found.pages[0]
    assert not any(word in found.pages[0] for word in ("99%", "88%", "77%"))


def test_a_page_that_only_scripts_fill_says_so(tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    path.write_text("<html><body><div id=app></div>" + "<script>x()</script>" * 500, encoding="utf-8")
    assert read(path).scripts


def test_a_locked_pdf_says_so_and_one_that_anybody_may_open_is_read(tmp_path: Path) -> None:
    assert "women" in read(made.pdf(tmp_path / "o.pdf", owner="owner")).pages[1]
    with pytest.raises(InputError) as error:
        read(made.pdf(tmp_path / "r.pdf", password="secret"))
    assert error.value.key == "reference_locked"


@pytest.mark.parametrize(
    ("name", "body", "key"),
    [
        ("r.pdf", b"%PDF-1.7\n" + b"\x00garbage" * 5_000, "reference_broken"),
        ("r.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
         b"trailer<</Root 1 0 R>>\n%%EOF", "reference_broken"),
        ("r.docx", b"PK\x03\x04 cut", "reference_broken"),
        ("r.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "reference_old_word"),
        ("r.pdf", b"", "reference_empty"),
        ("r.png", b"\x89PNG\r\n", "reference_not_a_report"),
        ("r.exe", b"MZ" * 100, "reference_not_a_report"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so(tmp_path: Path, name: str, body: bytes, key: str) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(InputError) as error:
        read(path)
    assert error.value.key == key
    assert str(error.value)


def test_a_cut_pdf_is_never_half_read(tmp_path: Path) -> None:
    whole = made.pdf(tmp_path / "r.pdf").read_bytes()
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(InputError):
        read(cut)


def test_a_document_that_unfolds_without_end_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(made.bomb(tmp_path / "r.docx"))
    assert error.value.key == "reference_bomb"


def test_entities_in_a_word_document_are_not_unfolded(tmp_path: Path) -> None:
    path, out = made.docx(tmp_path / "a.docx", ["text"]), tmp_path / "r.docx"
    entities = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 9))
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(out, "w") as copy:
        for part in book.infolist():
            body = book.read(part)
            if part.filename == "word/document.xml":
                start = f"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY e0 'aaaaaaaaaa'>{entities}]>".encode()
                body = start + body.partition(b"?>")[2].replace(b"text", b"&e8;")
            copy.writestr(part, body)
    try:
        assert read(out, seconds=60).characters < 1_000_000
    except InputError as error:
        assert error.key in ("reference_bomb", "reference_broken")  # noqa: PT017


def test_other_zips_are_no_reports(tmp_path: Path) -> None:
    path = tmp_path / "r.docx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("a.txt", "x")
    with pytest.raises(InputError) as error:
        read(path)
    assert error.value.key == "reference_not_a_report"


def test_a_slow_file_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(made.pdf(tmp_path / "r.pdf"), seconds=0.01)
    assert error.value.key == "reference_slow"


def test_nested_markup_without_end_takes_bounded_time(tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    path.write_text("<html>" + "<div>" * 20_000 + "62% nữ", encoding="utf-8")
    try:
        read(path, seconds=10)
    except InputError as error:
        assert error.key in ("reference_bomb", "reference_broken", "reference_slow")  # noqa: PT017
