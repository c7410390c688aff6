"""A report beside an earlier one: what moved beyond chance is marked, chance is not, and every wrong name gets one clear sentence."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from analysis import findings
from analysis.report import as_json, compare, html, moving, xlsx
from analysis.report.blocks import Bar, Bars, Cell, Section, Table
from analysis.report.build import build
from analysis.report.model import Report
from analysis.report.speech import Speech
from analysis.report.write import write
from data.errors import InputError
from data.store import Store
from tests.analysis.world import LIKE_OURS, MADE_AT, MINI, Person, World, crowd


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A market analysed, then 200 more people who all but one tell of MiniCare's delivery, and analysed again."""
    world = World(tmp_path_factory.mktemp("twice"))
    people = crowd(MINI, LIKE_OURS, 200, 2)
    with world.open() as store:
        world.fill(store, people)
        findings.find(store, world.study)
        first = build(store, world.study, "2026-10-01T03:00:00+00:00")
        world.study.reports.mkdir(parents=True)
        (world.study.reports / "truoc.json").write_text(as_json.render(first, "vi"), encoding="utf-8")
        rng = random.Random(7)
        later = [
            Person(f"mới {letters}", MINI, [("gender", "female", None)] if rng.random() < 0.9 else [],
                   [("complaint", "delivery")] if number else [])
            for number, letters in enumerate(_names(200))
        ]  # fmt: skip
        world.fill(store, [*people, *later], version="planted-2")
        findings.find(store, world.study)
    return world


def _names(count: int) -> list[str]:
    return ["".join(chr(ord("a") + int(digit)) for digit in f"{number:04}") for number in range(count)]


@pytest.fixture
def store(twice: World) -> Iterator[Store]:
    with twice.open() as opened:
        yield opened


@pytest.fixture
def now(twice: World, store: Store) -> Report:
    return build(store, twice.study, MADE_AT)


def first_run(store: Store) -> int:
    return next(iter(store.query("select min(run_id) as run from runs where what = 'find'")))["run"]


@pytest.mark.parametrize("named", ["run", "file"])
def test_what_moved_is_told_and_marked(twice: World, store: Store, now: Report, named: str) -> None:
    previous = str(first_run(store)) if named == "run" else "truoc.json"
    say = Speech("vi", twice.study.timezone)
    since = compare.since(store, twice.study, now, previous)
    marked, parts = since.marked(now, (), twice.study, say)
    moves = {(m.brand, m.attribute, m.value): m for m in marked.moved}
    delivery = moves[MINI, "pain", "delivery"]
    assert delivery.before is not None
    assert delivery.now > delivery.before + 0.3
    assert delivery.q_value < 0.001
    assert (MINI, "attribute", "gender") not in moves
    assert parts[0].key == moving.KEY
    table = next(b for b in parts[0].blocks if isinstance(b, Table))
    row = next(r for r in table.rows if "giao hàng" in str(r[0]).lower() and r[1] == MINI)
    before, after = row[2], row[3]
    assert isinstance(before, Cell)
    assert isinstance(after, Cell)
    assert after.text == say.percent(delivery.now)
    assert "n = " in str(after.note).replace("\u00a0", " ")


def test_pains_that_fell_are_marked_as_falling(twice: World, store: Store, now: Report) -> None:
    since = compare.since(store, twice.study, now, "truoc.json")
    marked, _ = since.marked(now, (), twice.study, Speech("vi"))
    fell = [m for m in marked.moved if m.before is not None and m.now < m.before]
    assert fell
    told = {m.diluted: moving.told(m, Speech("vi")) for m in fell}
    assert {words.split()[0] for diluted, words in told.items() if not diluted} <= {"giảm"}
    assert all("chỉ vì có thêm người" in words for diluted, words in told.items() if diluted)
    assert moving.told(replace(fell[0], before=None), Speech("en")) == "told by enough people for the first time"


def test_bars_and_fields_get_their_mark_by_their_evidence(twice: World, store: Store, now: Report) -> None:
    since = compare.since(store, twice.study, now, "truoc.json")
    marked, _ = since.marked(now, (), twice.study, Speech("en"))
    key = next(e.key for e in now.evidence if (e.brand, *e.subject) == (MINI, "pain", "delivery") and e.side is None)
    section = Section(
        "x", "x", "", [
            Bars("b", [Bar("delivery", 0.5, 0.4, 0.6, "50%", "n = 9", key=key), Bar("no", 0.5, 0.4, 0.6, "50%", "n = 9")]),
            Table("t", ["a"], [[Cell("50%", key=key)], ["plain"]]),
        ],
    )  # fmt: skip
    (found,) = moving.marked(marked, [section], Speech("en"))
    bars, table = found.blocks
    assert isinstance(bars, Bars)
    assert isinstance(table, Table)
    assert str(bars.rows[0].moved).startswith("up from ")
    assert bars.rows[1].moved is None
    assert str(table.rows[0][0].moved).startswith("up from ")  # type: ignore[union-attr]
    assert moving.marked(now, [section], Speech("en")) == (section,), "nothing to mark without a comparison"


def test_every_rendering_has_the_marks_and_the_front_page_tells_of_the_report_asked_for(
    twice: World, store: Store
) -> None:
    written = write(store, twice.study, ["vi"], ["html", "md", "xlsx"], "truoc.json")
    page, text = (path.read_text(encoding="utf-8") for path in written.files[:2])
    front = page[page.index('id="summary"') : page.index('id="changed-since"')]
    assert "Đổi gì so với" in front
    assert "Có gì khác so với" not in page, "two lists of changes, since two reports"
    assert re.search(r"Từ đó đến nay đọc thêm [1-9]\d* bài viết", page)
    assert 'class="moved-mark">tăng từ' in page
    assert "— tăng từ" in text
    assert "trong ô là so với lần trước" in page
    book = load_workbook(written.files[2])
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert any(cell.startswith("tăng từ ") for cell in cells), "beside its number, not only on the sheet of what moved"
    moved = page[page.index('id="changed-since"') :]
    rows = re.findall(r"<tbody>(.*?)</tbody>", moved, re.DOTALL)[0]
    first = re.search(r"<t[hd][^>]*>([^<]{6,})<", rows)
    assert first is not None
    assert cells.count(first[1].strip()) > 1, "a row of the page's table of what moved, on its sheet and on the model's"


def test_nothing_moves_where_nothing_happened(twice: World, store: Store, now: Report) -> None:
    path = twice.study.reports / "bay-gio.json"
    path.write_text(as_json.render(now, "vi"), encoding="utf-8")
    since = compare.since(store, twice.study, now, str(path))
    marked, parts = since.marked(now, (), twice.study, Speech("vi"))
    path.unlink()
    assert marked.moved == ()
    assert "Không có gì đổi nhiều hơn mức ngẫu nhiên." in [getattr(b, "text", "") for b in parts[0].blocks]


def test_nothing_to_compare_with_is_said_to_be_nothing(twice: World, store: Store) -> None:
    with pytest.raises(InputError, match="--compare-with"):
        write(store, twice.study, ["vi"], ["md"], compare_with="")


def test_a_day_is_the_last_analysis_before_the_newest(twice: World, store: Store, now: Report) -> None:
    ended = next(iter(store.query("select max(ended_at) as at from runs where what = 'find'")))["at"]
    year = ended[:4]
    wanted = {compare.since(store, twice.study, now, text).run for text in ("2100-01-01", f"01/01/{int(year) + 1}")}
    assert wanted == {first_run(store)}


@pytest.mark.parametrize("previous", ["2001-01-01", "999", "hôm qua", "", "1e5", "31/02/2026", "²"])
def test_an_unknown_previous_lists_what_there_is(twice: World, store: Store, now: Report, previous: str) -> None:
    with pytest.raises(InputError, match=r"truoc\.json") as told:
        compare.since(store, twice.study, now, previous)
    assert str(first_run(store)) in str(told.value)


def test_the_report_of_now_is_not_offered_to_compare_itself_with(twice: World, store: Store) -> None:
    [own] = write(store, twice.study, ["vi"], ["json"]).files
    with pytest.raises(InputError) as told:
        write(store, twice.study, ["vi"], ["json"], compare_with="999")
    own.unlink()
    assert own.name not in str(told.value)


def damaged(report: Report) -> Iterator[tuple[str, str, bytes]]:
    whole = as_json.render(report, "vi")
    document = json.loads(whole)
    yield "cut", "report_json_damaged", whole[: len(whole) // 2].encode()
    yield "empty", "report_json_damaged", b""
    yield "binary", "report_json_foreign", bytes(range(128, 256))
    yield "foreign", "report_json_foreign", b'{"format": "x"}'
    yield "list", "report_json_foreign", b"[1, 2]"
    yield "deep", "report_json_foreign", b"[" * 200_000
    yield "newer", "report_json_version", json.dumps(document | {"version": 99}).encode()
    yield (
        "other",
        "report_json_other_study",
        json.dumps(document | {"report": document["report"] | {"study": "khác"}}).encode(),
    )
    broken = document | {"report": document["report"] | {"market": {**document["report"]["market"], "hurts": "nhiều"}}}
    yield "field", "report_json_field", json.dumps(broken).encode()
    yield "nothing", "report_json_field", json.dumps(document | {"report": None}).encode()


def test_damaged_and_foreign_files_are_refused_in_a_sentence(
    twice: World, store: Store, now: Report, tmp_path: Path
) -> None:
    for name, key, content in damaged(now):
        path = tmp_path / f"{name}.json"
        path.write_bytes(content)
        with pytest.raises(InputError) as told:
            compare.since(store, twice.study, now, str(path))
        assert told.value.key == key, name
        assert str(path) in str(told.value)
    with pytest.raises(InputError, match=r"khong-co\.json"):
        compare.since(store, twice.study, now, str(tmp_path / "khong-co.json"))


def test_every_rendering_tells_it(twice: World, store: Store) -> None:
    written = write(store, twice.study, ["vi"], ["html", "md", "xlsx", "json"], "truoc.json")
    assert not written.problems
    page, markdown, book, again = written.files
    for path in (page, markdown):
        assert "Đổi gì so với 01/10/2026" in path.read_text(encoding="utf-8")
    assert "tăng từ" in page.read_text(encoding="utf-8")
    sheet = load_workbook(book)["Đổi từ lần trước"]
    assert sheet.max_row > 4
    assert as_json.load(again).moved


def test_prices_that_differ_are_told(twice: World, now: Report, store: Store, tmp_path: Path) -> None:
    from analysis.report.model import OfferLine, Pages

    pages = Pages(
        1, None, offers=(OfferLine("Gói M", 259000.0, "VND", "month", None, "259k", "https://minicare.example/"),)
    )
    cheaper = Pages(
        1, None, offers=(OfferLine("Gói M", 199000.0, "VND", "month", None, "199k", "https://minicare.example/"),)
    )
    theirs = replace(now, competitors=(replace(now.competitors[0], pages=pages),))
    assert "259.000 đ/tháng" in html.render(theirs, "vi").replace("\u00a0", " ")
    units = [cell.value for sheet in load_workbook(BytesIO(xlsx.render(theirs, "vi"))) for row in sheet for cell in row]
    assert "tháng" in units
    assert "month" not in units
    path = tmp_path / "gia.json"
    path.write_text(as_json.render(replace(now, our_pages=pages), "vi"), encoding="utf-8")
    since = compare.since(store, twice.study, replace(now, our_pages=cheaper), str(path))
    _, parts = since.marked(now, (), twice.study, Speech("vi"))
    assert "giá từ 259.000 đ/tháng thành 199.000 đ/tháng" in html.render(now, "vi", parts).replace("\u00a0", " ")
