"""The command line as people and scripts meet it: each test runs ``chandung`` as a process of its own."""

import ast
import inspect
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest

import chandung
from data.store import open_store
from data.store.base import CrawlCounts
from data.study_file import load
from data.words import entry, speak
from tests.command_line import run
from tests.small_study import write_study

HEAVY = {"scrapy", "twisted", "spacy", "pandas", "pydantic", "lxml", "sqlite_utils", "datasette", "rich", "ruamel"}


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
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=600)
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
    stand_ins = {word for page in pages.values() for word in _stand_ins(page)}
    own = {"SQL", "ID", "SHELL"}  # the same in both languages
    if lang == "en":
        assert stand_ins - own <= set(entry("cli.metavars", "en"))
    else:
        assert stand_ins & set(entry("cli.metavars", "en")) <= own


def _stand_ins(page: str) -> set[str]:
    """The words in capitals that stand for a value: in the usage, and behind the names of options."""
    usage = page.partition("\n\n")[0]
    options = [line[2:].split("  ")[0] for line in page.splitlines() if line.startswith("  -")]
    return {word for text in (usage, *options) for word in re.findall(r"\b[A-Z]{2,}\b", text)}


def test_the_language_can_be_said_on_the_command_line() -> None:
    assert "Cách dùng:" in run("--language", "vi", "query", "--help").stdout
    assert "Usage:" in run("--language=en", "query", "--help", lang="vi").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["doktor"], 2, "there is no command “doktor”. Did you mean “doctor”? All of them: chandung --help\n"),
        (
            ["bao"],
            2,
            "Used most: demo, init, check, crawl, analyze, report, serve, status, alerts. All of them: chandung --help",
        ),
        (["assume", "ad"], 2, "no command “ad”. Did you mean “add”? All of them: chandung assume --help\n"),
        (["reference", "xyz"], 2, "The commands here: accept, enter, list, refuse."),
        (["crawl", "--onlly"], 2, "No such option '--onlly'.\n"),
        (["crawl", "--timeot"], 2, "No such option '--timeot'. Did you mean “--timeout”?\n"),
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
    assert "Thiếu 'SQL'." in run("query", cwd=tmp_path, lang="vi").stderr
    assert "không có lệnh “ad”. Có phải bạn định viết “add”?" in run("assume", "ad", lang="vi").stderr
    assert "Sau --timeout cần ghi một giá trị." in run("crawl", "--timeout", lang="vi").stderr
    assert "-1 không hợp: cần số từ 0 trở lên." in run("crawl", "--revisit", "-1", lang="vi").stderr


def test_every_sentence_of_clicks_that_users_meet_is_among_ours() -> None:
    package = Path(inspect.getfile(click)).parent
    calls = [
        call
        for name in ("exceptions", "parser", "core", "types")
        for call in ast.walk(ast.parse((package / f"{name}.py").read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"_", "ngettext"}
    ]
    texts = {part.value for call in calls for part in call.args if isinstance(part, ast.Constant)}
    foreign = {text for text in texts - set(entry("cli.click", "en").values()) if not _NEVER_MET.search(text)}
    assert foreign == set()


#: What only a programmer meets, what commands that we have not would say, and what we say in its place.
_NEVER_MET = re.compile(
    "(?i)deprecated|iterable|declar|defined|no such command|did you mean|env var|dynamic|flag|takes {nargs} values but|"
    "missing (?:parameter: )?{param|unknown error|start character|"
    "choice\\(|match the format|boolean|values are required|uuid|executable"
)


def call(monkeypatch: pytest.MonkeyPatch, problem: str, name: str = "break") -> int:
    """Run a command that raises ``problem`` in this process."""
    monkeypatch.setattr(chandung, "COMMANDS", {name: "tests.test_cli:breaking"})
    monkeypatch.setenv("BREAK_WITH", problem)
    speak(None)  # whatever another test spoke last
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
        assert child.wait(600) == 1


def test_output_is_utf_8_whatever_the_console_says(study: Path) -> None:
    done = run("query", "select 'bỉm' as từ", "--csv", study, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert done.stdout.splitlines() == ["từ", "bỉm"]


# init


def test_init_asks_and_writes_a_study_that_loads(tmp_path: Path) -> None:
    answers = ["Tã An Nhiên", "", "không phải email", "me@example.com", "vi", "annhien", "https://annhien.example/", ""]
    answers += ["MiniCare", "https://minicare.example/", "", "https://forum.example/", "", ""]
    answers += ["thỉnh thoảng", "mỗi ngày", "nhóm", "nhom@annhien.vn"]
    done = run("init", tmp_path / "moi", stdin="\n".join(answers) + "\n", lang="vi")
    assert done.returncode == 0, done.stderr
    study = load(tmp_path / "moi")
    assert (study.study, study.own.name, study.contact) == ("moi", "Tã An Nhiên", "me@example.com")
    assert [brand.name for brand in study.competitors] == ["MiniCare"]
    assert [source.url for source in study.sources] == ["https://forum.example/"]
    assert "không phải e-mail" in done.stdout
    assert [job.what for job in study.schedule] == ["crawl", "alerts", "digest"]
    assert study.alerts.to[0].url == "mailtos://${MAIL_USER}:${MAIL_PASSWORD}@${MAIL_SERVER}?to=nhom@annhien.vn"
    assert "Chưa rõ “thỉnh thoảng” là bao lâu." in done.stdout
    assert "MAIL_SERVER: máy chủ gửi thư" in done.stdout


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
    told = {check["name"]: check["sentence"] for check in found["checks"]}
    assert "5 posts" in told["database"]
    assert told["clock"].endswith("(Asia/Ho_Chi_Minh)")


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
    assert "One thing needs you, marked “BAD”." in done.stdout


def test_doctor_names_files_that_were_never_taken_and_sources_that_fail(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(
        "study: thu\ncontact: me@example.com\nown: {name: A}\nsources: [{url: 'https://a.vn/'}]\n"
        "imports: [{file: bai.csv, kind: posts}]\n",
        encoding="utf-8",
    )
    waiting = run("analyze", path)
    assert (waiting.returncode, "bai.csv" in waiting.stderr, "chandung import" in waiting.stderr) == (3, True, True)
    loaded = load(path)
    with open_store(loaded.database, create=True) as store:
        store.sync_study(loaded)
        run_id = store.begin_run("crawl")
        crawl = store.begin_crawl(run_id, store.source_id("https://a.vn/"))
        store.end_crawl(crawl, "failed", CrawlCounts(), reason="no answer", reason_key="network")
        store.end_run(run_id, "done")
    done = run("doctor", path)
    assert "No source could be read the last time (1 of 1), https://a.vn/ for one." in done.stdout
    assert "There is no post yet: the file bai.csv of imports: was never taken. Run: chandung import" in done.stdout
    assert "me@example.com" in done.stdout
    assert "All is well." not in done.stdout
    assert "chandung import" in run("analyze", path).stdout


def test_doctor_tells_what_works_and_is_worth_knowing(study: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(study.parent, tmp_path / "copy")
    (copy / "small.key").unlink()
    done = run("doctor", copy)
    assert done.returncode == 0
    assert "Put the file back from a copy; where there is none, run “chandung crawl --new-key”." in done.stdout
    assert "Nothing is wrong; " in done.stdout
