"""``chandung lexicon`` as a marketer uses it: look, take out, change, lay over, accept, refuse."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from analysis.lexicons.decisions import REFUSED
from analysis.text.lexicon import Entry, Lexicon, load
from analysis.text.lexicon_own import lines_of
from chandung import main
from data.study_file import load as load_study
from data.words import speak
from tests.analysis.world import STUDY, Person, World

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder and give its exit code, output and complaints."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, lang: str = "en") -> tuple[int, str, str]:
        try:
            with pytest.raises(SystemExit) as ended:
                main(["--language", lang, *arguments])
        finally:
            speak(None)
        out = capsys.readouterr()
        return int(ended.value.code or 0), out.out, out.err

    return run


@pytest.fixture
def study(world: World) -> Path:
    """A study file that is YAML as people write it."""
    from ruamel.yaml import YAML

    path = world.folder / "study.yaml"
    with path.open("w", encoding="utf-8") as out:
        YAML(typ="safe").dump(STUDY, out)
    return path


def test_a_word_is_found_with_its_file_line_and_origin(run: Run) -> None:
    code, out, _ = run("lexicon", "list", "hao pin", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert {(row["term"], row["code"], row["origin"]) for row in rows} == {("hao pin", "durability", "own")}
    assert rows[0]["line"].startswith("pains_terms.tsv:")
    assert run("lexicon", "list", "HAO PIN".lower(), "--language", "en", "--csv")[1] == ""


def test_a_word_typed_without_marks_is_found_too(run: Run) -> None:
    rows = json.loads(run("lexicon", "list", "khong ben", "--json")[1])
    assert any("không bền" in f"{row['term']}|{row['variants']}" for row in rows)


@pytest.mark.parametrize(
    ("asked", "said"), [(("--area", "pain_terms"), "“pains_terms”"), (("--code", "durabillity"), "“durability”")]
)
def test_what_there_is_none_of_is_told_with_the_nearest(run: Run, asked: tuple[str, str], said: str) -> None:
    code, _, err = run("lexicon", "list", *asked)
    assert code == 2
    assert said in err


@pytest.mark.parametrize("end", ["xlsx", "csv", "tsv"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_is_exported_and_laid_over_changes_nothing(run: Run, tmp_path: Path, end: str, lang: str) -> None:
    path = tmp_path / f"words.{end}"
    assert run("lexicon", "export", "--language", lang, "--output", str(path), lang="vi")[0] == 0
    ours = load(lang).entries
    assert _told(Lexicon(ours, [lines_of([path])]).entries) == _told(ours)
    code, out, err = run("lexicon", "check", str(path))
    assert (code, err) == (0, "")
    assert "added: 0, changed: 0, silenced: 0" in out


def _told(entries: Iterable[Entry]) -> dict[tuple[object, ...], float]:
    """What is said of each spelling, and its greatest weight: two lines of ours may say the same."""
    told: dict[tuple[object, ...], float] = {}
    for entry in entries:
        for form in entry.forms:
            meaning = (entry.area, form, entry.code, entry.who, entry.fold, entry.group, entry.notes)
            told[meaning] = max(entry.weight, told.get(meaning, 0))
    return told


def test_a_workbook_holds_emoticons_as_words_and_says_what_its_columns_are(run: Run, tmp_path: Path) -> None:
    run("lexicon", "export", "--language", "vi")
    book = load_workbook(tmp_path / "lexicon-vi.xlsx")
    sheet = book["lexicon"]
    cells = {row[0].value: row[0] for row in sheet.iter_rows(min_row=2)}
    assert cells["=(("].data_type == "s"
    assert isinstance(sheet["D2"].value, int | float)
    assert book.worksheets[1]["A2"].value == "term"
    assert run("lexicon", "export", "--language", "vi")[0] == 2, "somebody may have worked in it"


def test_a_changed_workbook_says_what_it_changes(run: Run, tmp_path: Path) -> None:
    run("lexicon", "export", "--language", "vi", "--area", "severity")
    path = tmp_path / "lexicon-vi.xlsx"
    book = load_workbook(path)
    sheet = book["lexicon"]
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column["weight"]).value = 0
    sheet.cell(3, column["weight"]).value = 0.5
    sheet.append(["vãi chưởng luôn á", None, "strong", 1, "ta", None, None, None, None, "severity", None, "vi"])
    book.save(path)
    code, out, _ = run("lexicon", "check", str(path))
    assert code == 0
    assert "added: 1" in out
    assert "changed: 1" in out
    assert "silenced: 1" in out


def test_a_bad_file_is_told_and_ends_in_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("term;code\nlag;performence\n", encoding="utf-8")
    code, out, err = run("lexicon", "check", "bad.csv", lang="vi")
    assert (code, out) == (2, "")
    assert "bad.csv, dòng 2" in err
    assert "“performance”" in err


def test_an_accepted_word_is_read_by_the_next_analysis(run: Run, study: Path, world: World) -> None:
    with world.open() as store:
        world.fill(store, [Person("Lan", "MiniCare", words="bỉm MiniCare này lòi xòi ghê")])
    assert json.loads(run("analyze", "--json")[1])["read"] == 1
    assert json.loads(run("analyze", "--json")[1])["read"] == 0
    code, out, err = run("lexicon", "accept", "lòi xòi", "--code", "design", lang="vi")
    assert (code, err) == (0, "")
    assert "lexicon.xlsx" in out
    assert load_study(study).lexicons == ["lexicon.xlsx"]
    assert json.loads(run("analyze", "--json")[1])["read"] == 1
    rows = json.loads(run("query", "select category from pains", "--json")[1])
    assert [row["category"] for row in rows] == ["design"]
    assert json.loads(run("analyze", "--json")[1])["read"] == 0
    own = [row for row in json.loads(run("lexicon", "list", "lòi xòi", "--json")[1]) if row["state"] == "own"]
    assert [(row["line"], row["area"]) for row in own] == [("lexicon.xlsx:2", "pains_terms")]


@pytest.mark.parametrize("name", ["ours.tsv", "ours.csv", "ours.xlsx"])
def test_words_are_added_to_the_file_that_the_study_names(run: Run, study: Path, name: str) -> None:
    run("lexicon", "export", "--language", "vi", "--area", "severity", "--output", name, lang="vi")
    study.write_text(study.read_text(encoding="utf-8") + f"lexicons: [{name}]\n", encoding="utf-8")
    before = len(lines_of([study.parent / name]))
    for term, more in (("lòi xòi", "lòi  xòi quá|a;b,c"), ("=)) cười", "")):
        assert run("lexicon", "accept", term, "--code", "quality", "--variants", more)[0] == 0
    own = lines_of([study.parent / name])
    assert len(own) == before + 2
    assert own[-2].forms == ("lòi xòi", "lòi xòi quá", "a;b,c")
    assert own[-1].term == "=)) cười"
    assert run("lexicon", "accept", "a;b,c", "--code", "quality")[0] == 2, "it is there already"


def test_what_cannot_be_accepted_is_told_and_not_written(run: Run, study: Path) -> None:
    code, _, err = run("lexicon", "accept", "lòi xòi", "--code", "qualty")
    assert code == 2
    assert "“quality”" in err
    assert not (study.parent / "lexicon.xlsx").exists()
    assert run("lexicon", "accept", "lòi xòi", "--code", "quality")[0] == 0
    code, _, err = run("lexicon", "accept", "Lòi xòi", "--code", "quality")
    assert code == 2
    assert "lexicon.xlsx, line 2" in err
    code, _, err = run("lexicon", "accept", "hao pin", "--code", "durability")
    assert code == 2, "ours has it"
    assert "pains_terms.tsv, line" in err
    assert "silenced" in run("lexicon", "accept", "hao pin", "--code", "durability", "--weight", "0")[1]


def test_a_study_file_that_cannot_be_added_to_stays_as_it_is(run: Run, study: Path) -> None:
    text = json.dumps(STUDY, ensure_ascii=False)
    study.write_text(text, encoding="utf-8")
    code, _, err = run("lexicon", "accept", "lòi xòi", "--code", "quality")
    assert code == 0
    assert "lexicons: [lexicon.xlsx]" in err
    assert study.read_text(encoding="utf-8") == text


def test_a_refused_word_is_remembered_until_it_is_accepted(run: Run, study: Path) -> None:
    assert run("lexicon", "refuse", "nhà bên", "hôm qua")[0] == 0
    assert run("lexicon", "refuse", "nhà bên")[0] == 0
    refused = study.parent / REFUSED
    assert refused.read_text(encoding="utf-8").count("nhà bên") == 2, "once for each language"
    assert run("lexicon", "accept", "nhà bên", "--code", "other")[0] == 0
    assert "nhà bên" not in refused.read_text(encoding="utf-8")
    assert "hôm qua" in refused.read_text(encoding="utf-8")


def test_silencing_says_what_still_counts_and_what_is_not_there(run: Run, study: Path) -> None:
    path = study.parent / "ours.csv"
    path.write_text("term;code;weight\nhăm;;0\n", encoding="utf-8")
    code, out, _ = run("lexicon", "check", str(path))
    assert code == 0
    assert "other spellings that still count" in out
    assert "bị hăm" in out
    code, out, err = run("lexicon", "accept", "flare up", "--code", "safety_health", "--weight", "0")
    assert (code, "is silenced" in out, "nothing to silence" in err) == (0, True, False)
    code, out, err = run("lexicon", "accept", "sick as zzz", "--code", "safety_health", "--weight", "0")
    assert (code, "is silenced" in out, "nothing to silence" in err) == (0, False, True)


def test_silencing_a_phrase_names_the_part_that_hurts(run: Run, study: Path) -> None:
    path = study.parent / "ours.csv"
    path.write_text("term;code;weight\nxoàng chát;;0\nzzzz;;0\n", encoding="utf-8")
    code, _, err = run("lexicon", "check", str(path))
    assert code == 0
    first, second = err.strip().splitlines()
    [chat] = [entry for entry in load("vi").area("pains_terms") if entry.term == "chát"]
    assert f"“chát” (pains_terms.tsv, line {chat.line})" in first
    assert "no line has it" in second
    path.write_text("term;code;weight\nchát;;0\nxoàng chát;;0\n", encoding="utf-8")
    assert "what hurts in it" not in run("lexicon", "check", str(path))[2]


def test_the_very_word_comes_first_and_the_studys_own_before_ours(run: Run, study: Path) -> None:
    assert run("lexicon", "accept", "bửng", "--code", "design")[0] == 0
    rows = list(csv.DictReader(io.StringIO(run("lexicon", "list", "bửng", "--csv")[1])))
    assert (rows[0]["term"], rows[0]["state"]) == ("bửng", "own")
    rows = list(csv.DictReader(io.StringIO(run("lexicon", "list", "hao pin", "--csv")[1])))
    assert rows[0]["term"] == "hao pin"


def test_a_long_list_of_variants_is_shortened_for_the_eye_alone(run: Run) -> None:
    shown = run("lexicon", "list", "bụng bầu", "--table")[1]
    assert "… +" in shown
    assert "… +" not in run("lexicon", "list", "bụng bầu", "--csv")[1]


def test_an_empty_word_is_not_remembered(run: Run, study: Path) -> None:
    code, _, err = run("lexicon", "refuse", "nhà bên", " ")
    assert code == 2
    assert "empty word" in err
    assert not (study.parent / REFUSED).exists()


def test_a_broken_lexicon_stops_the_analysis_before_anything_is_read(run: Run, study: Path, world: World) -> None:
    with world.open() as store:
        world.fill(store, [Person("Lan", "MiniCare", words="bỉm MiniCare hay bị tràn")])
    study.write_text(study.read_text(encoding="utf-8") + "lexicons: [ours.csv]\n", encoding="utf-8")
    code, _, err = run("analyze")
    assert code == 2
    assert "ours.csv" in err
    (study.parent / "ours.csv").write_text("term;code;weight\ntràn;performence;0\n", encoding="utf-8")
    code, _, err = run("analyze")
    assert code == 2
    assert "ours.csv, line 2" in err
    (study.parent / "ours.csv").write_text("term;code;weight\ntrèn;;0\n", encoding="utf-8")
    code, _, err = run("analyze", "--json")
    assert code == 0
    assert "ours.csv, line 2" in err


def test_texts_are_annotated_as_the_study_reads(run: Run, study: Path) -> None:
    (study.parent / "t.jsonl").write_text('{"id": 1, "text": "bỉm MNC này lòi xòi ghê"}\n', encoding="utf-8")
    assert json.loads(run("annotate", "t.jsonl")[1])["pains"] == []
    run("lexicon", "accept", "lòi xòi", "--code", "design")
    [pain] = json.loads(run("annotate", "t.jsonl", "--study", str(study))[1])["pains"]
    assert pain["category"] == "design"
