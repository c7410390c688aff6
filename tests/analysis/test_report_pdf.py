"""The report on paper: A4 with page numbers, printed without a network; and a clear sentence where nothing can print."""

from __future__ import annotations

import re
import stat
import sys
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from analysis.report import html, paper, pdf
from analysis.report.model import Report
from analysis.report.put import put
from analysis.report.speech import Speech
from analysis.report.write import FORMATS, write
from data.browsers import VARIABLE, find_browser
from data.errors import InputError
from data.store import Store
from tests.analysis.world import World


@pytest.mark.browser
def test_it_is_a4_with_page_numbers_and_all_that_the_page_says(report: Report) -> None:
    if find_browser() is None:
        pytest.skip("no browser of Chromium's kind is installed")
    reader = PdfReader(BytesIO(pdf.render(html.render(report, "vi"))))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 3
    assert min(len(page) for page in pages[:2]) > 500, "the competitors follow the summary, wherever that ends"
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    assert f"1 / {len(pages)}" in pages[0]
    assert f"{len(pages)} / {len(pages)}" in pages[-1]
    whole = " ".join(" ".join(pages).split())
    assert report.competitors[0].name in whole
    assert all(page.count(str(report.note)[:30]) == 1 for page in (" ".join(p.split()) for p in pages)), "once a page"
    assert not re.search(r"Xem (\d+|thêm|từng số)|Còn \d+ (mục|dòng|câu)", whole), "nothing on paper can be opened"
    portrait = report.ours.traits[-1].cells[-1]
    assert Speech("vi").value(report.ours.traits[-1].attribute, portrait.value)[:12] in whole, "what is folded is there"


@pytest.mark.browser
def test_nothing_is_fetched_and_no_script_runs() -> None:
    if find_browser() is None:
        pytest.skip("no browser of Chromium's kind is installed")
    hostile = (
        "<html><head></head><body><p id=x>unharmed</p><script>document.getElementById('x').textContent='ran'</script>"
        "<iframe src='file:///etc/hosts'></iframe></body></html>"
    )
    text = PdfReader(BytesIO(pdf.render(hostile))).pages[0].extract_text()
    assert "unharmed" in text
    assert "localhost" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the browser")
def test_a_browser_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(program(tmp_path, "sleep 60")))
    monkeypatch.setattr(pdf, "_SECONDS", 0.5)
    with pytest.raises(InputError) as told:
        pdf.render("<html><head></head></html>")
    assert told.value.key == "pdf_too_slow"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the browser")
def test_a_browser_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(program(tmp_path, "echo no display >&2; exit 3")))
    with pytest.raises(InputError, match="no display"):
        pdf.render("<html><head></head></html>")


def program(folder: Path, does: str) -> Path:
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return path


def test_without_a_browser_the_others_are_written_and_a_sentence_says_what_to_do(
    analysed: World, analysed_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    written = write(analysed_store, analysed.study, ["vi"], ["html", "pdf", "json"])
    assert [path.suffix for path in written.files] == [".html", ".json"]
    assert [problem.key for problem in written.problems] == ["pdf_no_browser"]
    assert "chandung[pdf]" in str(written.problems[0])


def test_a_file_that_is_open_elsewhere_keeps_the_others_from_nothing(
    analysed: World, analysed_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows Excel locks the workbook: replacing it fails there, and only there."""
    replace = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if self.name.endswith(".xlsx.part"):
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    written = write(analysed_store, analysed.study, ["en"])
    assert [path.suffix for path in written.files] == [".html", ".md"]
    assert [problem.key for problem in written.problems] == ["report_in_use"]
    assert not list(analysed.study.reports.glob("*.part")), "no draft is left behind"


def _weasyprint() -> None:
    try:
        pytest.importorskip("weasyprint", reason="WeasyPrint is not installed: pip install 'chandung[pdf]'")
    except OSError as error:
        pytest.skip(f"WeasyPrint finds no Pango here: {error}")


def test_without_a_browser_weasyprint_prints_all_that_the_page_says(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    _weasyprint()
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    # Without the evidence, which is most of the pages: WeasyPrint takes its time.
    page = re.sub(r'<section class="part" id="evidence">.*?</section>', "", html.render(report, "vi"), flags=re.DOTALL)
    reader = PdfReader(BytesIO(pdf.render(page)))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    assert f"{len(pages)} / {len(pages)}" in pages[-1]
    whole = " ".join(pages)
    assert all(competitor.name in whole for competitor in report.competitors)
    for hurt in report.market.hurts[:3]:
        assert f"{hurt.estimate.count:.0f}/" in whole, "a cell of the heat map"
    # A page that holds little else than its foot is what a layout that breaks badly leaves.
    assert sum(len(text) < 300 for text in pages) <= 1 + len(pages) // 8


def test_for_weasyprint_pictures_are_coloured_by_themselves(report: Report) -> None:
    page = html.render(report, "vi")
    made = paper.for_weasyprint(page)
    for picture in re.findall(r"<svg.*?</svg>", made, re.DOTALL):
        shapes = re.findall(r"<(?:rect|line|circle|polygon|polyline|text) ([^>]*)>", picture)
        assert shapes
        assert all("fill" in shape or "stroke" in shape for shape in shapes), picture
    assert "--h:" in page
    assert "--h:" not in made
    assert paper.shade(0) == "#eeeeee"
    assert paper.shade(1) == "#79abab"
    evidence = made[made.index('id="evidence"') :]
    assert "<blockquote>" in evidence
    assert 'class="back"' not in evidence
    assert made.count("<section") == page.count("<section") == made.count("</section>")


def test_reports_that_are_a_file_are_said_to_be_one_in_the_users_language(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reports").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as told:
        put(tmp_path / "reports" / "a.html", "x")
    monkeypatch.setenv("CHANDUNG_LANG", "vi")
    assert "là một tệp" in str(told.value)
    assert str(InputError("cannot_write", path="a", why="Permission denied")).endswith("không có quyền.")
    assert (tmp_path / "reports").read_text(encoding="utf-8") == "mine"


def test_every_format_has_a_name() -> None:
    assert FORMATS == ("html", "md", "xlsx", "pdf", "json", "figures")
