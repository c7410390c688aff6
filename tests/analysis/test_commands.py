"""``chandung analyze`` and ``chandung report`` as a user runs them, on a small forum that was crawled before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chandung import main
from data.store.base import CrawlCounts
from data.words import speak
from tests.analysis.world import STUDY, Person, World

REAL_WORDS = (
    ("Lan", "Em 28 tuổi ở Hà Nội, dùng MiniCare đêm nào cũng bị tràn"),
    ("Hoa", "Mình là mẹ bỉm Sài Gòn, MiniCare đắt quá không kham nổi"),
    ("Mai", "MiniCare giao hàng chậm cả tuần, gọi shop không ai nghe"),
)


@pytest.fixture
def folder(world: World) -> Path:
    (world.folder / "study.yaml").write_text(json.dumps(STUDY, ensure_ascii=False), encoding="utf-8")
    with world.open() as store:
        world.fill(store, [Person(name, "MiniCare", words=words) for name, words in REAL_WORDS])
    return world.folder


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        with pytest.raises(SystemExit) as ended:
            main(["--language", "vi", *arguments])
    finally:
        speak(None)
    out = capsys.readouterr()
    return int(ended.value.code or 0), out.out, out.err


def test_reading_finding_and_writing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = str(folder / "study.yaml")
    code, out, _ = _run(capsys, "analyze", study, "--json")
    first = json.loads(out)
    assert code == 0
    assert (first["read"], first["changed"], first["counts"]["posts"]) == (3, True, 3)
    assert first["counts"]["authors"] is None, "three people are too few to be told"
    assert first["counts"]["pains"] >= 2
    assert first["counts"]["cues"] >= 2
    assert {one["brand"] for one in first["competitors"]} == {"MiniCare", "Bé Yêu"}

    code, out, _ = _run(capsys, "analyze", study)
    assert code == 0
    assert out.startswith("Không có gì thay đổi")

    code, out, _ = _run(capsys, "report", study, "--language", "en", "--language", "vi", "--json")
    written = json.loads(out)
    assert code == 0
    assert [Path(path).name for path in written["files"]] == [
        f"ta-bim-hu-cau-{lang}.{form}" for lang in ("en", "vi") for form in ("html", "md", "xlsx")
    ]
    assert all(Path(path).stat().st_size > 5000 for path in written["files"])
    assert not written["stale"]
    assert not list((folder / "reports").glob("*.part"))


def test_a_report_is_written_in_the_formats_that_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = str(folder / "study.yaml")
    assert _run(capsys, "analyze", study)[0] == 0
    code, out, _ = _run(capsys, "report", study, "--format", "json, .HTML", "--format", "figures", "--json")
    assert code == 0
    names = [Path(path).name for path in json.loads(out)["files"]]
    assert names[:3] == ["ta-bim-hu-cau-vi.html", "ta-bim-hu-cau-vi.json", "index.html"]
    code, out, err = _run(capsys, "report", study, "--format", "xlxs")
    assert (code, out) == (2, "")
    assert "xlsx" in err
    code, out, err = _run(capsys, "report", study, "--compare-with", "2001-01-01")
    assert (code, out) == (2, "")
    assert "chưa có lần phân tích nào trước lần này" in err, (
        "the report of this very analysis is nothing to compare with"
    )
    code, out, _ = _run(capsys, "report", "--schema")
    assert code == 0
    assert json.loads(out)["title"] == "chandung-report"


def test_a_report_before_any_analysis_says_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "report", str(folder / "study.yaml"))
    assert code == 2
    assert out == ""
    assert "chandung analyze" in err


def test_a_report_that_is_behind_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = folder / "study.yaml"
    assert _run(capsys, "analyze", str(study))[0] == 0
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace('"at_least": 0.7', '"at_least": 0.9'), encoding="utf-8")
    code, _, err = _run(capsys, "report", str(study))
    assert code == 0
    assert "đã thay đổi" in err


def test_a_crawl_that_found_nothing_is_told_as_it_was(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    study = world.folder / "study.yaml"
    study.write_text(json.dumps(STUDY, ensure_ascii=False), encoding="utf-8")
    world.open().close()
    assert "chandung crawl" in _run(capsys, "analyze", str(study))[1], "nobody has crawled yet"
    with world.open() as store:
        source = store.source_id("https://dien-dan.example/f/me-va-be/")
        crawl = store.begin_crawl(store.begin_run("crawl"), source)
        store.end_crawl(crawl, "failed", CrawlCounts(), reason="Không có bài nào hợp từ khóa.")
    for _ in range(2):  # the second time nothing has changed, and nothing else is said
        code, out, _err = _run(capsys, "analyze", str(study))
        assert code == 0
        assert "không tìm được bài viết nào" in out
        assert "https://dien-dan.example/f/me-va-be/: không đọc được. Không có bài nào hợp từ khóa." in out
        assert "chandung crawl" not in out
    assert _run(capsys, "report", str(study))[0] == 0
    page = (world.folder / "reports" / "ta-bim-hu-cau-vi.html").read_text(encoding="utf-8")
    assert "Chưa tìm được bài viết công khai nào" in page
    assert "dưới 5 người" not in page.split('id="summary"')[0]
    assert "Ngôn ngữ:" not in page


def test_a_few_people_have_no_number_on_the_terminal_either(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = str(folder / "study.yaml")
    code, out, _ = _run(capsys, "analyze", study, "--json")
    told = json.loads(out)
    assert told["minimum_group"] == 5
    assert {one["brand"]: one["people"] for one in told["competitors"]} == {"MiniCare": None, "Bé Yêu": 0}
    code, out, _ = _run(capsys, "analyze", study, "--again")
    assert code == 0
    assert "MiniCare: chưa đủ dữ liệu để so với khách bạn nhắm tới (dưới 5 người)" in out
    assert "Bé Yêu: chưa đủ dữ liệu để so với khách bạn nhắm tới (chưa có ai)" in out
    assert "dưới 5 người viết" in out


def test_without_a_database_nothing_is_made_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "study.yaml").write_text(json.dumps(STUDY, ensure_ascii=False), encoding="utf-8")
    for command in ("analyze", "report"):
        code, _, err = _run(capsys, command, str(tmp_path))
        assert code == 3
        assert "chandung crawl" in err
    assert not list(tmp_path.glob("*.db"))
