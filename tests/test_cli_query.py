"""``chandung query`` and ``chandung search`` as people and scripts meet them."""

import csv
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from data.errors import InputError
from data.store import open_store
from data.words import speak
from tests.command_line import run
from tests.small_study import TEXTS, write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_study(tmp_path_factory.mktemp("cli") / "small")


def test_the_study_may_stand_first_or_last_or_be_an_option(study: Path) -> None:
    sql = "select count(*) as n from posts_flat"
    for arguments in ([sql, study], [study, sql], [sql, "--study", study.parent], [study.with_name("small.db"), sql]):
        assert run("query", *arguments, "--jsonl").stdout == '{"n": 5}\n'
    assert run("query", "-", "--jsonl", stdin=sql, cwd=study.parent).stdout == '{"n": 5}\n'


def test_every_format_holds_the_same_rows(study: Path) -> None:
    sql = "select post_id, text from posts_flat order by post_id"
    texts = list(TEXTS)
    assert [row["text"] for row in json.loads(run("query", sql, "--json", study).stdout)] == texts
    assert [json.loads(line)["text"] for line in run("query", sql, "--jsonl", study).stdout.splitlines()] == texts
    rows = list(csv.DictReader(io.StringIO(run("query", sql, "--csv", study).stdout)))
    assert [row["text"].removeprefix("'") for row in rows] == texts
    assert "hay bị nóng" in run("query", sql, "--table", study).stdout


def test_formulas_and_control_characters_do_no_harm(study: Path) -> None:
    sql = "select text, -5 as minus, '-5' as written, '+84' as plus from posts_flat order by post_id"
    rows = list(csv.DictReader(io.StringIO(run("query", sql, "--csv", study).stdout)))
    assert rows[1]["text"].startswith("'=HYPERLINK")
    assert (rows[0]["minus"], rows[0]["written"], rows[0]["plus"]) == ("-5", "-5", "+84")
    for how in ("--table", "--json"):
        shown = run("query", sql, how, study).stdout
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "\x1b" not in run("search", "do", "--study", study).stdout


def test_parameters_and_named_queries(study: Path) -> None:
    done = run(
        "query",
        "select :a + :b as sum, :c as text",
        "-p",
        "a",
        "2",
        "-p",
        "b",
        "0.5",
        "-p",
        "c",
        "007",
        "--json",
        study,
    )
    assert json.loads(done.stdout) == [{"sum": 2.5, "text": "007"}]
    assert json.loads(run("query", "@pain_quotes", "--json", study).stdout)[0]["category"] == "performance"
    assert json.loads(run("query", "@top_pains", "-p", "brand", "An Nhiên", "--json", study).stdout) == []


@pytest.mark.parametrize("command", [["query", "select 1"], ["search", "bỉm"]])
def test_an_empty_file_is_no_database_yet(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    done = run(*command, "--study", tmp_path / "a.db")
    assert (done.returncode, done.stdout) == (3, "")
    assert "There is no database at" in done.stderr
    assert (tmp_path / "a.db").stat().st_size == 0


def test_a_parameter_that_the_query_does_not_have_is_refused(study: Path) -> None:
    wrong = run("query", "@top_pains", "-p", "brad", "MiniCare", study)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "no parameter “brad”. Did you mean “brand”? It has: brand." in wrong.stderr
    assert "has no parameters" in run("query", "select 1", "-p", "n", "1", study).stderr
    odd = run("query", "@top_pains", "-p", "brand", "minicar", "--json", study)
    assert (odd.returncode, odd.stdout) == (0, "[]\n")
    assert "no brand “minicar”. Did you mean “MiniCare”? Its brands: " in odd.stderr


def test_the_nearest_named_query_is_proposed(study: Path) -> None:
    wrong = run("query", "@top_pain", study)
    assert wrong.returncode == 2
    assert "Did you mean “top_pains”?" in wrong.stderr


@pytest.mark.parametrize(
    "sql",
    [
        "delete from posts",
        "insert into brands (name, role, aliases) values ('x', 'y', '[]')",
        "drop view posts_flat",
        "update posts set text = ''",
        "pragma journal_mode = delete",
        "pragma query_only = off",
        "attach 'elsewhere.db' as other",
        "vacuum into 'copy.db'",
        "select 1; delete from posts",
        "selekt",
        "",
    ],
)
def test_a_query_only_reads(sql: str, study: Path) -> None:
    done = run("query", sql, "--study", study, cwd=study.parent)
    assert "Traceback" not in done.stderr
    assert done.returncode == 2, done.stdout + done.stderr
    with sqlite3.connect(study.with_name("small.db")) as check:
        assert check.execute("select count(*) from posts where text <> ''").fetchone() == (5,)
        assert check.execute("pragma journal_mode").fetchone() == ("wal",)
    assert {path.name.removesuffix("-wal").removesuffix("-shm") for path in study.parent.iterdir()} == {
        "study.yaml",
        "small.db",
        "small.key",
    }


def test_a_pragma_that_only_looks_is_answered(study: Path) -> None:
    for sql in ("pragma table_info(posts)", "pragma journal_mode", "select name from pragma_table_info('posts')"):
        assert run("query", sql, "--study", study).returncode == 0


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select json_extract(text, '$.a') from posts", "malformed JSON"),
        ("select :a", "the value of :a is missing. Add: -p a VALUE"),
        ("select * from posts_fts where posts_fts match '\"'", "unterminated string"),
        ("select abs(-9223372036854775808)", "overflow"),
    ],
)
def test_what_a_query_gets_wrong_is_not_blamed_on_the_file(sql: str, said: str, study: Path) -> None:
    done = run("query", sql, "--study", study)
    assert done.returncode == 2
    assert "does not understand this query" in done.stderr
    assert said in done.stderr
    assert not done.stderr.rstrip().endswith("..")


SAID_OF_SQL = (
    ("select 1; select 2", "one statement at a time"),
    ("selec 1", "wrong near “selec”. A ready question is called by its @name"),
    ("select (1", "ends too early"),
    ("select 'a", "“'a” cannot be read"),
    ("select 1 from post_flat", "no table “post_flat”. Did you mean “posts_flat”? The tables: chandung schema"),
    ("select colour from posts", "no column “colour”. Each table's columns: chandung schema --tables"),
    ("select now()", "no function “now”"),
    ("select lower()", "“lower” takes more or fewer"),
    ("select post_id from posts, posts_flat", "have a column “post_id”"),
    ("select 1 from posts where count(*) > 1", "“count” cannot be used there"),
)


def test_what_sqlite_says_is_told_with_the_next_step(study: Path) -> None:
    speak("en")
    with open_store(study.with_name("small.db"), read_only=True) as store:
        for sql, said in SAID_OF_SQL:
            with pytest.raises(InputError) as wrong:
                list(store.query(sql))
            assert said in str(wrong.value), sql
    speak(None)


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl+C alone here")
def test_ctrl_c_ends_a_query_that_has_no_end(study: Path) -> None:
    psutil = pytest.importorskip("psutil", reason="psutil is not installed")
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    with subprocess.Popen(
        [sys.executable, "-m", "chandung", "query", endless, "--study", str(study)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"CHANDUNG_LANG": "en"},
        encoding="utf-8",
    ) as child:
        watched = psutil.Process(child.pid)
        while child.poll() is None and not any(Path(one.path).suffix == ".db" for one in watched.open_files()):
            time.sleep(0.05)
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(1)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=600)
    assert child.returncode == 130
    assert said.strip() == "Stopped."
    assert "Traceback" not in said


def test_a_file_for_excel_begins_with_its_mark(study: Path, tmp_path: Path) -> None:
    path = tmp_path / "bài viết.csv"
    done = run("query", "select text from posts_flat", "-o", path, study)
    assert "5 rows written" in done.stderr
    assert path.read_bytes().startswith(b"\xef\xbb\xbftext")
    assert list(tmp_path.iterdir()) == [path]


def test_an_ending_that_names_no_format_is_refused(study: Path, tmp_path: Path) -> None:
    refused = run("query", "select 1", "-o", tmp_path / "a.foo", study)
    assert refused.returncode == 2
    assert "names no format: .csv, .json, .jsonl, .txt." in refused.stderr
    assert run("query", "select 1", "-o", tmp_path / "a.foo", "--json", study).returncode == 0
    assert run("query", "select 1", "-o", tmp_path / "a", study).returncode == 0
    assert (tmp_path / "a").read_text(encoding="utf-8-sig") == "1\n1\n"


def test_a_file_that_cannot_be_written_is_named(study: Path, tmp_path: Path) -> None:
    done = run("query", "select 1", "-o", tmp_path / "nowhere" / "a.csv", study)
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "cannot be used" in done.stderr


@pytest.mark.parametrize("words", ["điện thoại", "dien thoai", "ĐIỆN THOẠI", "Dien Thoại"])
def test_search_finds_words_with_and_without_diacritics(words: str, study: Path) -> None:
    hits = json.loads(run("search", words, "--json", "--study", study).stdout)
    assert {hit["post_id"] for hit in hits} == {"forum.example/p0", "forum.example/p4"}


def test_search_takes_words_as_they_come(study: Path) -> None:
    assert "hay bị nóng" in run("search", "nóng", "MiniCare", cwd=study.parent).stdout
    nothing = run("search", '"không-có" (gì*', cwd=study.parent)
    assert nothing.returncode == 0
    assert "No post and no title contains" in nothing.stderr


def test_search_tells_the_days_of_the_study(study: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(study.parent, tmp_path / "copy")
    with closing(sqlite3.connect(next(copy.glob("*.db")))) as db, db:
        db.execute("update posts set posted_at = '2026-10-01T17:30:00Z'")
    told = run("search", "nóng", cwd=copy).stdout
    assert told.startswith("2026-10-02  ")


def test_search_says_when_there_is_nothing_to_search_for(study: Path) -> None:
    for words in ("", " ?! "):
        done = run("search", words, "--study", study)
        assert (done.returncode, done.stdout) == (2, "")
        assert "at least one letter or digit" in done.stderr


def test_a_query_without_rows_still_names_its_columns(study: Path) -> None:
    sql = "select post_id, text from posts_flat where post_id = 'x' order by 1;"
    assert run("query", sql, study).stdout == "post_id,text\n"
    assert run("query", "@low_rated_reviews", "-p", "stars", "0", study).stdout.startswith("product,rating,text,")
    assert run("query", sql, "--jsonl", study).stdout == ""


def test_words_where_a_named_query_counts_are_refused(study: Path) -> None:
    refused = run("query", "@low_rated_reviews", "-p", "stars", "hai", study)
    assert "hai" in refused.stderr


def test_a_name_near_to_none_brings_all_names(study: Path) -> None:
    assert "@top_pains" in run("query", "@nonsense", study).stderr
