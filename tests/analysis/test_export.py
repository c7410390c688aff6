"""A study's tables as files: what is written is read back, whole, typed and harmless, and tells no small group."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

import chandung
from analysis.exporting.choice import DEFAULT, NAMED, Wanted, choose, day, names_of
from analysis.exporting.command import export as command
from analysis.exporting.describing import About, readme, sources
from analysis.exporting.hiding import RULES, told
from analysis.exporting.reading import read
from analysis.exporting.workbook import Workbook
from analysis.exporting.writing import Exported, export
from data.dictionary import tables
from data.errors import InputError
from data.store import open_store
from tests.analysis.world import STUDY, World
from tests.small_study import TEXTS, write_study

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


def write(database: Path, folder: Path, form: str, *names: str, **options: Any) -> Exported:
    """Export ``names`` of ``database`` into ``folder``."""
    wanted = {key: options.pop(key) for key in ("brand", "since", "until", "texts_before") if key in options}
    authors, minimum = options.pop("authors", False), options.pop("minimum", 5)
    with open_store(database, read_only=True) as store:
        parts, left = choose(store, Wanted(names, **wanted), "en")
        about = About("small", "en", NOW, form, minimum, authors, left=left, sources=sources(store))
        return export(read(store, parts, minimum=minimum, authors=authors), about, folder, **options)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_study(tmp_path_factory.mktemp("small")).with_name("small.db")


def posts(database: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute("select post_id, text, posted_at, likes, counted from posts_flat").fetchall()
    finally:
        connection.close()


# Round trips


def test_csv_comes_back(small: Path, tmp_path: Path) -> None:
    write(small, tmp_path, "csv", "posts")
    assert (tmp_path / "posts_flat.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(tmp_path / "posts_flat.csv", parse_dates=["posted_at"])
    assert list(frame["post_id"]) == [row[0] for row in posts(small)]
    assert str(frame["posted_at"].dtype).endswith("UTC]")
    assert list(frame["text"]) == [TEXTS[0], "'" + TEXTS[1], *TEXTS[2:]]
    assert frame["author"].nunique() == 5
    assert frame["likes"].isna().all()


def test_csv_without_the_mark(small: Path, tmp_path: Path) -> None:
    write(small, tmp_path, "csv", "posts", bom=False)
    assert (tmp_path / "posts_flat.csv").read_bytes().startswith(b"post_id")


def test_parquet_comes_back_typed(small: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install -e '.[dev]'")
    write(small, tmp_path, "parquet", "posts", "pains")
    frame = pd.read_parquet(tmp_path / "posts_flat.parquet")
    assert list(frame["text"]) == list(TEXTS)
    assert str(frame["posted_at"].dtype) == "datetime64[us, UTC]"
    assert frame["counted"].dtype == bool
    pains = pd.read_parquet(tmp_path / "pains_flat.parquet")
    assert pains["confidence"].tolist() == [0.9]
    assert pains["severity"].tolist() == [2]
    import pyarrow.parquet as pq

    field = pq.read_schema(tmp_path / "pains_flat.parquet").field("brand")
    assert field.metadata[b"description"].decode() == tables("en")["pains_flat"]["columns"]["brand"]


def test_jsonl_comes_back(small: Path, tmp_path: Path) -> None:
    write(small, tmp_path, "jsonl", "posts")
    rows = [json.loads(line) for line in (tmp_path / "posts_flat.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows] == list(TEXTS)
    assert rows[0]["counted"] is True
    assert rows[0]["likes"] is None
    assert pd.read_json(tmp_path / "posts_flat.jsonl", lines=True)["post_id"].tolist() == [
        row["post_id"] for row in rows
    ]


def test_xlsx_comes_back_and_holds_no_formula(small: Path, tmp_path: Path) -> None:
    done = write(small, tmp_path, "xlsx", "posts", "pains")
    assert [path.name for path in done.files] == ["small.xlsx"]
    frame = pd.read_excel(tmp_path / "small.xlsx", sheet_name="posts_flat")
    assert frame["text"][1] == TEXTS[1]
    assert str(frame["posted_at"].dtype).startswith("datetime64")
    book = openpyxl.load_workbook(tmp_path / "small.xlsx")
    assert book.sheetnames == ["posts_flat", "pains_flat", "README", "columns", "codebook"]
    assert book.active.title == "README"
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    assert "\x1b" not in str([cell.value for cell in cells])


def test_a_table_too_long_for_a_sheet_goes_on_on_the_next(small: Path, tmp_path: Path) -> None:
    write(small, tmp_path, "xlsx", "posts", most_rows=3)
    sheets = pd.read_excel(tmp_path / "small.xlsx", sheet_name=None)
    assert [name for name in sheets if name.startswith("posts")] == ["posts_flat", "posts_flat (2)", "posts_flat (3)"]
    assert sum(len(sheets[name]) for name in sheets if name.startswith("posts")) == len(TEXTS)


def test_a_cell_too_long_for_a_sheet_is_cut_and_told(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "long.xlsx")
    book.page("words", (10,), [["a" * 40_000]])
    book.close()
    assert book.cut == 1
    value = openpyxl.load_workbook(tmp_path / "long.xlsx")["words"]["A1"].value
    assert len(value) == 32_767
    assert value.endswith("…")


def test_the_readme_calls_an_imported_file_by_its_name() -> None:
    given = {"url": "file:khach-hang.csv", "kind": "posts", "terms": None}
    about = About("small", "vi", NOW, "csv", 5, False, sources=[given])
    assert "| tệp nhập vào: khach-hang.csv | posts |" in readme(about, [], 0)


def test_a_data_package_is_valid(analysed: World, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="frictionless is not installed: pip install -e '.[dev]'")
    write(analysed.study.database, tmp_path, "datapackage")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:10]
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    paths = {one["path"] for one in package["resources"]}
    assert paths == {path.name for path in tmp_path.glob("*.csv")}
    assert {"posts_flat.csv", "pain_shares.csv", "columns.csv", "codebook.csv"} <= paths
    assert all(
        field["description"]
        for one in package["resources"]
        for field in one["schema"]["fields"]
        if len(paths) and one["name"] not in ("columns", "codebook")
    )
    [source] = [one for one in package["sources"] if "dien-dan" in one["title"]]
    assert source["terms"] == STUDY["sources"][0]["terms"]  # type: ignore[index]


# Which tables


def test_every_table_that_can_be_named_is_described() -> None:
    known = tables("en")
    assert [name for name in (*DEFAULT, *NAMED) if name not in known] == []
    for name, rule in RULES.items():
        columns = known[name]["columns"]
        named = [
            *rule.counts,
            *rule.wholes,
            *rule.together,
            *rule.emptied,
            *(one for row in rule.others for one in row),
        ]
        assert [one for one in named if one.partition(".")[0] not in columns] == [], name


@pytest.mark.parametrize(("words", "expected"), [((), list(DEFAULT)), (("posts", "posts_flat"), ["posts_flat"])])
def test_names(words: Sequence[str], expected: list[str]) -> None:
    assert names_of(words) == expected


def test_a_wrong_name_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match="pain_shares"):
        names_of(["pain_share"])


@pytest.mark.parametrize(
    ("text", "end", "moment"),
    [
        ("2026-10-05", False, datetime(2026, 10, 4, 17, tzinfo=UTC)),
        ("2026-10-05", True, datetime(2026, 10, 5, 17, tzinfo=UTC)),
        ("2026-12", True, datetime(2026, 12, 31, 17, tzinfo=UTC)),
        ("2026", False, datetime(2025, 12, 31, 17, tzinfo=UTC)),
    ],
)
def test_days_are_the_studys(text: str, end: bool, moment: datetime) -> None:
    assert day(text, "Asia/Ho_Chi_Minh", "--since", end=end) == moment


@pytest.mark.parametrize("text", ["", "2026-13", "2026-02-30", "10/2026", "0000", "9999-12-31x"])
def test_a_wrong_day_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        day(text, "Asia/Ho_Chi_Minh", "--since")


def test_time_and_brand_are_filtered(small: Path, tmp_path: Path) -> None:
    since = datetime(2026, 10, 3, tzinfo=UTC)
    done = write(small, tmp_path, "csv", "posts", since=since, until=since + timedelta(days=2))
    assert done.tables[0].count == 2
    done = write(small, tmp_path, "csv", "pains", brand="MiniCare")
    assert done.tables[0].count == 1
    done = write(small, tmp_path, "csv", "pains", brand="An Nhiên")
    assert done.tables[0].count == 0
    assert pd.read_csv(tmp_path / "pains_flat.csv").columns[0] == "post_id"


def test_a_brands_posts_are_all_that_speak_of_it(demo_study: Path, tmp_path: Path) -> None:
    database = next(demo_study.glob("*.db"))
    write(database, tmp_path, "csv", "posts", "cues", brand="MiniCare")
    found = pd.read_csv(tmp_path / "posts_flat.csv")
    with open_store(database, read_only=True) as store:
        sql = "select count(*) as n from mentions m join brands b using (brand_id) where b.name = 'MiniCare'"
        assert len(found) == next(store.query(sql))["n"]
    assert found["brands"].str.split(", ").map(lambda names: "MiniCare" in names).all()
    beside = found[found["brand"] != "MiniCare"]
    assert len(beside) > 5
    assert set(pd.read_csv(tmp_path / "cues_flat.csv")["post_id"]) & set(beside["post_id"])


def test_a_finding_cannot_be_cut_by_time(small: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write(small, tmp_path, "csv", "verdicts", since=NOW)
    done = write(small, tmp_path, "csv", since=NOW)
    assert "verdicts" not in [table.name for table in done.tables]


# Privacy


def test_people_are_numbers_that_hold_within_an_export(small: Path, tmp_path: Path) -> None:
    write(small, tmp_path, "csv", "posts", "pains")
    frame, pains = (pd.read_csv(tmp_path / f"{name}_flat.csv") for name in ("posts", "pains"))
    assert frame.set_index("post_id")["author"][pains["post_id"][0]] == pains["author"][0]
    keys = [key for (key,) in sqlite3.connect(small).execute("select author_key from authors")]
    whole = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not any(key.encode() in whole for key in keys)
    write(small, tmp_path / "again", "csv", "posts")
    assert not set(pd.read_csv(tmp_path / "again" / "posts_flat.csv")["author"]) & set(frame["author"])
    write(small, tmp_path / "kept", "csv", "posts", authors=True)
    assert set(pd.read_csv(tmp_path / "kept" / "posts_flat.csv")["author"]) == set(keys)


def test_no_table_tells_a_key_unasked(analysed: World, tmp_path: Path) -> None:
    write(analysed.study.database, tmp_path, "csv", *DEFAULT, *NAMED)
    connection = sqlite3.connect(analysed.study.database)
    keys = {key for (key,) in connection.execute("select author_key from authors")}
    connection.close()
    for path in tmp_path.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as read_again:
            found = {cell for row in csv.reader(read_again) for cell in row} & keys
        assert not found, path.name


def test_texts_kept_too_long_are_empty(small: Path, tmp_path: Path) -> None:
    write(small, tmp_path, "jsonl", "posts", "pains", texts_before=datetime(2100, 1, 1, tzinfo=UTC))
    for name, column in (("posts", "text"), ("pains", "quote")):
        lines = (tmp_path / f"{name}_flat.jsonl").read_text(encoding="utf-8").splitlines()
        assert {json.loads(line)[column] for line in lines} == {""}


def share(value: str, authors: float, n: int = 100, **more: object) -> dict[str, object]:
    return {"brand": "A", "attribute": "age", "value": value, "authors": authors, "told": n, "audience": 200, **more}


def test_a_small_group_is_left_out_and_what_gives_it_away() -> None:
    rows = [share("25-34", 60), share("35-44", 30), share("45-54", 7), share("55+", 3)]
    kept, hidden = told("audience_shares", rows, 5)
    assert [row["value"] for row in kept] == ["25-34", "35-44"]
    assert hidden == 2
    assert told("audience_shares", rows, 1) == (rows, 0)


def test_those_left_over_are_a_group_too() -> None:
    kept, _ = told("audience_shares", [share("female", 98)], 5)
    assert kept == []


def test_nobody_is_no_group() -> None:
    row = {"brand": "A", "category": "price", "authors": 0, "audience": 80, "kinds": "{}"}
    assert told("pain_shares", [row], 5) == ([row], 0)


def test_an_answer_stays_without_its_numbers() -> None:
    row = {"brand": "A", "attribute": "age", "verdict": "not_enough", "n": 2, "share": None, "low": None, "high": None}
    [kept], hidden = told("verdicts", [{**row, "evidence": '{"count": 1.0, "met": [1]}'}], 5)
    assert kept["verdict"] == "not_enough"
    assert kept["n"] is kept["evidence"] is None
    assert hidden == 1


def test_few_people_inside_a_cell_are_taken_out() -> None:
    row = {
        "brand": "A",
        "category": "price",
        "authors": 20,
        "audience": 80,
        "kinds": '{"complaint": 17, "question": 3}',
    }
    [kept], _ = told("pain_shares", [row], 5)
    assert kept["kinds"] == '{"complaint": 17}'


def test_exported_findings_tell_no_small_group(analysed: World, tmp_path: Path) -> None:
    write(analysed.study.database, tmp_path, "jsonl", "findings")
    for name, rule in RULES.items():
        path = tmp_path / f"{name}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            row = json.loads(line)
            numbers = [row[one] for one in (*rule.counts, *rule.wholes) if "." not in one]
            assert not any(number is not None and 0 < number < 4.999 for number in numbers), (name, row)


def test_evidence_names_posts(analysed: World, tmp_path: Path) -> None:
    write(analysed.study.database, tmp_path, "jsonl", "pain_shares", "posts")
    known = {json.loads(line)["post_id"] for line in (tmp_path / "posts_flat.jsonl").open(encoding="utf-8")}
    cells = [json.loads(line)["evidence"] for line in (tmp_path / "pain_shares.jsonl").open(encoding="utf-8")]
    assert any(cells)
    assert {post for cell in cells for post in cell} <= known


# Whole or not at all


def test_a_full_disk_leaves_what_was_there(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(small, tmp_path, "csv", "posts")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for form in ("csv", "xlsx"):
        place = "analysis.exporting.describing.readme"
        monkeypatch.setattr(place, full)
        with pytest.raises(OSError, match="No space") as caught:
            write(small, tmp_path, form, "posts")
        assert caught.value.filename == str(tmp_path)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_with_a_readme_of_its_own_is_left_alone(small: Path, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Mine\n", encoding="utf-8")
    with pytest.raises(InputError):
        write(small, tmp_path, "csv", "posts")
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


# The command


def run(*words: str) -> tuple[int, str, BaseException | None]:
    done = CliRunner().invoke(command, words)
    return done.exit_code, done.output, done.exception


def test_the_command_tells_what_it_wrote(tmp_path: Path) -> None:
    path = write_study(tmp_path)
    code, out, _ = run(str(path), "posts", "--brand", "mini care", "--since", "2026-10")
    assert code == 0
    assert "exports" in out
    readme = (tmp_path / "exports" / "README.md").read_text(encoding="utf-8")
    assert "mini care" in readme
    assert "https://forum.example/f/1/" in readme
    assert run(str(path), "posts", "--format", "xlsx")[0] == 0
    late = run(str(path), "posts", "--since", "2027")[1]
    assert "--since 2027" in late
    assert "chandung crawl" not in late
    assert run(str(path.with_name("small.db")), "posts")[0] == 0


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["posst"], "export_name"),
        (["posts", "--brand", "MiniCar"], "export_brand"),
        (["posts", "--since", "last week"], "export_date"),
        (["verdicts", "--until", "2026"], "export_no_time"),
        (["cues_by_author", "--brand", "MiniCare"], "export_no_brand"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(tmp_path: Path, words: list[str], key: str) -> None:
    path = write_study(tmp_path)
    code, _, error = run(str(path), *words)
    assert code != 0
    assert isinstance(error, InputError)
    assert error.key == key
    assert str(error)
    assert not (tmp_path / "exports").exists()


# Data frames


def test_a_study_in_one_line(tmp_path: Path) -> None:
    study = chandung.load(write_study(tmp_path))
    assert study.posts["text"].tolist() == list(TEXTS)
    types = study.posts.dtypes.astype(str)
    assert types["posted_at"].endswith("UTC]")
    assert types["brand"] == "category"
    assert types["likes"] == "Int64"
    assert types["counted"] == "boolean"
    assert study.posts is study.posts
    assert len(study.verdicts) == 0
    assert "pain_shares" in dir(study)
    assert study.columns("posts")["url"]
    assert {"of", "code", "meaning"} == set(study.codebook.columns)
    study.refresh()


def test_queries_of_a_study(tmp_path: Path) -> None:
    study = chandung.load(tmp_path if write_study(tmp_path) else None)
    found = study.query("select post_id, posted_at from posts_flat where posted_at >= :since", since="2026-10-04")
    assert len(found) == 2
    assert str(found["posted_at"].dtype).endswith("UTC]")
    assert list(study.query("select post_id, text from posts_flat where 0").columns) == ["post_id", "text"]
    assert "category" in study.query("@top_pains", brand="MiniCare")
    with pytest.raises(InputError):
        study.query("select 1 where :a", b=1)
    with pytest.raises(InputError):
        study.query("delete from posts")
    with pytest.raises(AttributeError, match="posts"):
        study.postss  # noqa: B018
    with pytest.raises(InputError):
        study.table("postss")


def test_the_import_stays_light() -> None:
    import subprocess
    import sys

    code = "import chandung, sys; sys.exit(any(name in sys.modules for name in ('pandas', 'spacy', 'scrapy', 'datasette', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_part_knows_its_columns(small: Path) -> None:
    with open_store(small, read_only=True) as store:
        [part], _ = choose(store, Wanted(["segment_members"]), "en")
        assert next(column.name for column in part.columns) == "author"
        assert replace(part, name="x").sql == part.sql
