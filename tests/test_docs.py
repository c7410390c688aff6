"""The documentation is true: the reference is what the code says, examples run, links lead somewhere."""

import itertools
import re
import shlex
import shutil
import textwrap
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

import chandung
from data.store import open_store
from data.store.queries import named_query
from data.study_file import load
from tests import reference
from tests.small_study import write_study

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "README.vi.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
#: The reference of names that are the same in both languages, and the changelog.
IN_ENGLISH_ALONE = {ROOT / "CHANGELOG.md", ROOT / "docs/reference/study.md"}
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(*kinds: str) -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for number, match in enumerate(_BLOCK.finditer(page.read_text(encoding="utf-8"))):
            if match[2] in kinds:
                yield f"{page.relative_to(ROOT)}#{number}", textwrap.dedent(match[3])


def command_lines() -> Iterator[tuple[str, str]]:
    for where, block in blocks("sh", "powershell", ""):
        for line in block.splitlines():
            if line.startswith("chandung "):
                yield where, line


def test_the_reference_is_what_the_code_says() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in reference.FOLDER.glob("*.md")}
    expected = reference.generate()
    assert sorted(written) == sorted(expected)
    old = [name for name in expected if written[name] != expected[name]]
    assert old == [], "run `make docs`"


@pytest.mark.parametrize(("where", "line"), list(command_lines()))
def test_every_command_line_is_understood(where: str, line: str) -> None:
    name, *arguments = itertools.takewhile(lambda word: word not in {"<", ">"}, shlex.split(line, comments=True)[1:])
    assert name in chandung.COMMANDS, f"{where}: {line}"
    module, _, function = chandung.COMMANDS[name].partition(":")
    command: click.Command = getattr(import_module(module), function)
    command.make_context(name, [re.sub(r"[\[\]]", "", word) for word in arguments])


@pytest.mark.parametrize("page", ["first-study.md", "first-study.vi.md"])
def test_the_study_that_a_page_shows_is_the_one_that_its_command_begins(page: str, tmp_path: Path) -> None:
    text = (ROOT / "docs/tutorial" / page).read_text(encoding="utf-8")
    [line] = [line for line in text.splitlines() if line.startswith("chandung init")]
    [shown] = [match[3] for match in _BLOCK.finditer(text) if match[2] == "yaml"]
    module, _, function = chandung.COMMANDS["init"].partition(":")
    _, _, folder, *options = shlex.split(line)
    getattr(import_module(module), function).main([str(tmp_path / folder), *options], standalone_mode=False)
    begun = load(tmp_path / folder)
    (tmp_path / "study.yaml").write_text(shown, encoding="utf-8")
    study = load(tmp_path)
    for name in ("study", "language", "contact"):
        assert getattr(begun, name) == getattr(study, name)
    assert [(one.name, one.sites) for one in begun.brands] == [(one.name, one.sites) for one in study.brands]
    assert [one.url for one in begun.sources] == [one.url for one in study.sources]


@pytest.mark.parametrize(("where", "text"), [(w, t) for w, t in blocks("yaml") if "study:" in t])
def test_every_study_loads(where: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path).own.name


@pytest.mark.parametrize(("where", "line"), [(w, line) for w, line in command_lines() if " query " in line])
def test_every_query_runs(where: str, line: str, tmp_path: Path) -> None:
    words = shlex.split(line, comments=True)
    sql = named_query(words[2][1:]) if words[2].startswith("@") else words[2]
    database = write_study(tmp_path).with_name("small.db")
    values = dict.fromkeys(re.findall(r"(?<![:\w]):([A-Za-z_]\w*)", sql), "x")
    with open_store(database, read_only=True) as store:
        list(store.query(sql, values))


@pytest.mark.parametrize(("where", "code"), list(blocks("python")))
def test_every_python_example_runs(where: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = write_study(tmp_path).with_name("small.db")
    named = re.search(r"file:([\w\-]+\.db)", code)
    if named:
        shutil.copy(database, tmp_path / named[1])
    monkeypatch.chdir(tmp_path)
    exec(compile(code, where, "exec"), {})


def test_links_lead_somewhere() -> None:
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            path, _, anchor = target.partition("#")
            if path.startswith(("http://", "https://")):
                continue
            there = (page.parent / path) if path else page
            if not there.exists() or (anchor and anchor not in anchors(there)):
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert broken == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def twin(page: Path) -> Path:
    """The same page in the other language."""
    stem = page.name.removesuffix(".md")
    return page.with_name(f"{stem.removesuffix('.vi')}.md" if stem.endswith(".vi") else f"{stem}.vi.md")


def outline(page: Path) -> list[int]:
    """The level of each heading; a comment in an example is none."""
    return [
        len(marks) for marks in re.findall(r"^(#+) ", _BLOCK.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    ]


@pytest.mark.parametrize("page", [page for page in PAGES if page not in IN_ENGLISH_ALONE], ids=lambda page: page.name)
def test_a_page_says_the_same_in_both_languages(page: Path) -> None:
    assert twin(page).exists(), f"{twin(page).relative_to(ROOT)} is missing"
    assert outline(page) == outline(twin(page))


@pytest.mark.parametrize("page", [page for page in PAGES if page.name.endswith(".vi.md")], ids=lambda page: page.name)
def test_a_vietnamese_page_leads_on_in_vietnamese(page: Path) -> None:
    """Its own English twin aside, which it may offer."""
    targets = re.findall(r"\]\((?!https?:)([^)\s#]+\.md)", page.read_text(encoding="utf-8"))
    there = [(page.parent / target).resolve() for target in targets if not target.endswith(".vi.md")]
    assert [target.name for target in there if target != twin(page) and twin(target).exists()] == []
