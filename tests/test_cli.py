"""The command line as people and scripts meet it: each test runs ``chandung`` as a process of its own."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import chandung
from data.study_file import load
from tests.small_study import TEXTS, write_study

HEAVY = {"scrapy", "twisted", "spacy", "pandas", "pydantic", "lxml", "sqlite_utils", "datasette", "rich", "ruamel"}


def run(
    *arguments: str | Path, cwd: Path | None = None, stdin: str = "", lang: str = "en", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chandung", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env=os.environ | {"CHANDUNG_LANG": lang, "COLUMNS": "100"} | environment,
    )


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_study(tmp_path_factory.mktemp("cli") / "small")


# Help and errors


@pytest.mark.parametrize(("lang", "word"), [("en", "Commands:"), ("vi", "Các lệnh:")])
def test_help_names_every_command(lang: str, word: str) -> None:
    done = run("--help", lang=lang)
    assert done.returncode == 0
    listed = done.stdout.split(word)[1]
    assert [line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " "][
        : len(chandung.COMMANDS)
    ] == list(chandung.COMMANDS)


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, chandung\ntry: chandung.main(['--help'])\nexcept SystemExit: print(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60)
    loaded = {name.split(".")[0] for name in eval(done.stderr)}
    assert loaded & HEAVY == set()


HELP_OF_ALL = """
import contextlib, io, json, chandung
pages = {}
for name in chandung.COMMANDS:
    with contextlib.redirect_stdout(io.StringIO()) as page, contextlib.suppress(SystemExit):
        chandung.main([name, "--help"])
    pages[name] = page.getvalue()
print(json.dumps(pages))
"""


@pytest.mark.parametrize(("lang", "example"), [("vi", "Ví dụ:"), ("en", "Example:")])
def test_every_command_has_help_with_an_example(lang: str, example: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELP_OF_ALL],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"CHANDUNG_LANG": lang},
    )
    assert done.returncode == 0, done.stderr
    pages = json.loads(done.stdout)
    lacking = [name for name, page in pages.items() if f"chandung {name}" not in page.partition(example)[2]]
    assert lacking == [], done.stderr


def test_the_language_can_be_said_on_the_command_line() -> None:
    assert "Cách dùng:" in run("--language", "vi", "query", "--help").stdout
    assert "Usage:" in run("--language=en", "query", "--help", lang="vi").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["doktor"], 2, "Did you mean “doctor”?"),
        (["query"], 2, "Missing argument"),
        (["query", "select 1"], 2, "no study.yaml in this folder"),
        (["query", "select 1", "--study", "nowhere"], 2, "no study file at nowhere"),
        (["query", "select 1", "nowhere.db"], 3, "no database at nowhere.db"),
        (["search", "--limit", "0", "x"], 2, "not in the range"),
    ],
)
def test_wrong_input_is_answered_with_a_sentence_and_a_code(
    arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_same_in_vietnamese(tmp_path: Path) -> None:
    assert "Thư mục này chưa có study.yaml" in run("query", "select 1", cwd=tmp_path, lang="vi").stderr
    assert "Thiếu đối số" in run("query", cwd=tmp_path, lang="vi").stderr


def call(monkeypatch: pytest.MonkeyPatch, problem: str, name: str = "break") -> int:
    """Run a command that raises ``problem`` in this process."""
    monkeypatch.setattr(chandung, "COMMANDS", {name: "tests.test_cli:breaking"})
    monkeypatch.setenv("BREAK_WITH", problem)
    with pytest.raises(SystemExit) as ended:
        chandung.main([name])
    return int(ended.value.code or 0)


def _break() -> None:
    exec(os.environ["BREAK_WITH"])


breaking = chandung.click.Command("break", callback=_break)


def test_an_interruption_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")
    assert call(monkeypatch, "raise KeyboardInterrupt") == 130
    assert capsys.readouterr().err.strip() == "Stopped."


def test_only_a_command_that_resumes_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")
    assert call(monkeypatch, "raise KeyboardInterrupt", "crawl") == 130
    assert "run the same command again" in capsys.readouterr().err
    monkeypatch.setenv("CHANDUNG_WITHIN", "demo")
    assert call(monkeypatch, "raise KeyboardInterrupt", "crawl") == 130
    assert capsys.readouterr().err.strip() == ""


def test_a_fault_is_one_sentence_with_the_details_in_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert call(monkeypatch, "raise RuntimeError('lạ quá')") == chandung.FAULT
    said = capsys.readouterr().err
    assert "RuntimeError: lạ quá" in said
    assert "Traceback" not in said
    (log,) = tmp_path.glob("chandung-*.log")
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_a_full_disk_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "vi")
    assert call(monkeypatch, "import errno; raise OSError(errno.ENOSPC, 'full', 'study.db')") == 3
    assert "Ổ đĩa đã hết chỗ cho study.db." in capsys.readouterr().err


WRAPPED = """
import errno
from data.errors import InputError
try:
    raise OSError(errno.ENOSPC, 'No space left on device')
except OSError as error:
    raise InputError("cannot_write", path="a.html", why=error.strerror) from None
"""


def test_a_full_disk_is_the_same_whoever_met_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "vi")
    assert call(monkeypatch, WRAPPED) == 3
    said = capsys.readouterr().err
    assert "Ổ đĩa đã hết chỗ cho a.html." in said
    assert "No space" not in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_query_into_a_full_disk_names_the_file(study: Path, tmp_path: Path) -> None:
    (tmp_path / ".big.csv.part").symlink_to("/dev/full")
    done = run("query", "select 1", "-o", tmp_path / "big.csv", study)
    assert done.returncode == 3
    assert f"no room left on the disk for {tmp_path / 'big.csv'}." in done.stderr


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")
    assert call(monkeypatch, "import a_package_that_is_nowhere") == chandung.FAULT
    assert "“a_package_that_is_nowhere” is not installed" in capsys.readouterr().err


def test_a_reader_that_leaves_early_hears_no_complaint(study: Path) -> None:
    numbers = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) select i from n"
    with subprocess.Popen(
        [sys.executable, "-m", "chandung", "query", numbers, "--csv", "--study", str(study)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline().strip() == b"i"
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(60) == 1


def test_output_is_utf_8_whatever_the_console_says(study: Path) -> None:
    done = run("query", "select 'bỉm' as từ", "--csv", study, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert done.stdout.splitlines() == ["từ", "bỉm"]


# query and search


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
    assert json.loads(run("query", "@top_pains", "--json", study).stdout)[0]["category"] == "performance"
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
        ("select :a", "binding"),
        ("select * from posts_fts where posts_fts match '\"'", "unterminated string"),
        ("select abs(-9223372036854775808)", "overflow"),
    ],
)
def test_what_a_query_gets_wrong_is_not_blamed_on_the_file(sql: str, said: str, study: Path) -> None:
    done = run("query", sql, "--study", study)
    assert done.returncode == 2
    assert "does not understand this query" in done.stderr
    assert said in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl+C alone here")
def test_ctrl_c_ends_a_query_that_has_no_end(study: Path) -> None:
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    with subprocess.Popen(
        [sys.executable, "-m", "chandung", "query", endless, "--study", str(study)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"CHANDUNG_LANG": "en"},
        encoding="utf-8",
    ) as child:
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(4)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=30)
    assert child.returncode == 130
    assert said.strip() == "Stopped."
    assert "Traceback" not in said


def test_a_file_for_excel_begins_with_its_mark(study: Path, tmp_path: Path) -> None:
    path = tmp_path / "bài viết.csv"
    done = run("query", "select text from posts_flat", "-o", path, study)
    assert "5 rows written" in done.stderr
    assert path.read_bytes().startswith(b"\xef\xbb\xbftext")
    assert list(tmp_path.iterdir()) == [path]


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


def test_search_says_when_there_is_nothing_to_search_for(study: Path) -> None:
    for words in ("", " ?! "):
        done = run("search", words, "--study", study)
        assert (done.returncode, done.stdout) == (2, "")
        assert "at least one letter or digit" in done.stderr


# init


def test_init_asks_and_writes_a_study_that_loads(tmp_path: Path) -> None:
    answers = ["Tã An Nhiên", "", "không phải email", "me@example.com", "vi", "annhien", "https://annhien.example/", ""]
    answers += ["MiniCare", "https://minicare.example/", "", "https://forum.example/", ""]
    done = run("init", tmp_path / "moi", stdin="\n".join(answers) + "\n", lang="vi")
    assert done.returncode == 0, done.stderr
    study = load(tmp_path / "moi")
    assert (study.study, study.own.name, study.contact) == ("ta-an-nhien", "Tã An Nhiên", "me@example.com")
    assert [brand.name for brand in study.competitors] == ["MiniCare"]
    assert [source.url for source in study.sources] == ["https://forum.example/"]
    assert "không phải e-mail" in done.stdout


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_init_yes_asks_nothing(lang: str, tmp_path: Path) -> None:
    assert run("init", tmp_path, "--yes", lang=lang).returncode == 0
    assert load(tmp_path).language == lang


def test_init_takes_hostile_names(tmp_path: Path) -> None:
    name = 'A: "b" #c {d} [e] & *f !g %h @i \\'
    done = run(
        "init", tmp_path, "--yes", "--name", name, "--contact", "me@example.com",
        "--competitor", "true=https://x.example/", "--competitor", "- y", "--source", "https://f.example/?a=1&b[]={2},#3",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    study = load(tmp_path)
    assert study.own.name == name
    assert [brand.name for brand in study.competitors] == ["true", "- y"]
    assert study.sources[0].url == "https://f.example/?a=1&b[]={2},#3"


def test_init_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("mine", encoding="utf-8")
    done = run("init", tmp_path, "--yes")
    assert done.returncode == 2
    assert (tmp_path / "study.yaml").read_text(encoding="utf-8") == "mine"


def test_init_writes_nothing_when_an_option_is_wrong(tmp_path: Path) -> None:
    done = run("init", tmp_path, "--yes", "--contact", "nobody")
    assert done.returncode == 2
    assert "--contact: " in done.stderr
    assert "“nobody”" in done.stderr
    assert "line" not in done.stderr
    assert list(tmp_path.iterdir()) == []


# schema and doctor


def test_schema_is_json_schema_and_tables_are_described() -> None:
    assert "study" in json.loads(run("schema").stdout)["properties"]
    tables = json.loads(run("schema", "--tables", "--json", lang="vi").stdout)
    assert tables["posts_flat"]["columns"]["text"].startswith("Lời của chính tác giả")
    assert "posts_flat: One row a post" in run("schema", "--tables").stdout


def test_doctor_finds_a_healthy_study(study: Path) -> None:
    done = run("doctor", study, "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"]) == (0, True)
    assert "5 posts" in next(check["sentence"] for check in found["checks"] if check["name"] == "database")


def test_doctor_finds_a_damaged_database(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    database = study.with_name("small.db")
    with sqlite3.connect(database) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    body = bytearray(database.read_bytes())
    for start in range(4096 * 3, len(body) - 4096, 4096):
        body[start : start + 40] = b"\xff" * 40
    database.write_bytes(body)
    done = run("doctor", study)
    assert done.returncode == 1
    assert "BAD" in done.stdout
    assert "Traceback" not in done.stderr


def test_doctor_names_what_is_wrong_with_the_study(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("studdy: x\n", encoding="utf-8")
    done = run("doctor", tmp_path)
    assert done.returncode == 1
    assert "Did you mean “study”?" in done.stdout
