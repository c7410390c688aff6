"""A study's own lexicon files: every way a spreadsheet saves them is read, every mistake is told with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from analysis.text.annotate import Annotator
from analysis.text.lexicon import COLUMNS, FOLDER, SILENCED, LexiconError, load
from analysis.text.lexicon_own import area_of, digest, lines_of, read_own
from analysis.text.lexicon_tables import tables

ROWS = [
    ["term", "variants", "code", "weight", "origin", "example"],
    ["xỉu ngang", "xĩu ngang|xỉu dọc", "quality", "0,5", "khảo sát", 'máy "xịn" mà xỉu ngang'],
    ["hao pin", "", "", "0", "", ""],
]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")


def _csv(sign: str) -> str:
    return "".join(
        sign.join(f'"{cell}"'.replace('"xịn"', '""xịn""') if cell else "" for cell in row) + "\r\n" for row in ROWS
    )


def _xlsx(path: Path) -> None:
    book = Workbook()
    book.create_sheet("notes").append(["what", "why"])
    sheet = book.create_sheet("words")
    for row in ROWS:
        sheet.append([float(cell.replace(",", ".")) if cell in ("0,5", "0") else cell or None for cell in row])
    book.save(path)


WAYS: dict[str, Callable[[Path], object]] = {
    "tsv": lambda path: path.write_text("\n".join("\t".join(row) for row in ROWS), encoding="utf-8"),
    "csv with commas": lambda path: path.write_text(_csv(","), encoding="utf-8"),
    "csv of a Vietnamese Excel": lambda path: path.write_bytes(_csv(";").encode("utf-8-sig")),
    "csv that names its sign": lambda path: path.write_text("sep=;\n" + _csv(";"), encoding="utf-8"),
    "Unicode text of Excel": lambda path: path.write_bytes(_csv("\t").encode("utf-16")),
    "letters and marks apart": lambda path: path.write_text(
        _csv(";").replace("ỉ", "i\u0309").replace("ĩ", "i\u0303"), encoding="utf-8"
    ),
    "xlsx": _xlsx,
}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_a_spreadsheet_saves_is_read(tmp_path: Path, way: str) -> None:
    path = tmp_path / "words.csv"
    WAYS[way](path)
    own = read_own([path])
    assert [str(fault) for fault in own.faults] == []
    first, second = own.entries
    assert (first.area, first.code, first.weight) == ("pains_terms", "quality", 0.5)
    assert first.forms == ("xỉu ngang", "xĩu ngang", "xỉu dọc")
    assert first.source.startswith("words.csv")
    assert first.line == 2, "as the spreadsheet counts, which hides the line that names its sign"
    assert (second.term, second.weight) == ("hao pin", 0)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("term;code\nmáy lỗi;quality\n".encode("utf-16")[2:-1], "UTF-8"),
        ("term;code\nm\xe1y;quality\n".encode("latin-1"), "UTF-8"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), ".xls"),
        (b"PK\x03\x04 no workbook", ".xlsx"),
        (b'term,code\n"open,quality\nlag,quality\n', "line 2"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(tmp_path: Path, body: bytes, said: str) -> None:
    path = tmp_path / "words.csv"
    path.write_bytes(body)
    with pytest.raises(LexiconError) as caught:
        lines_of([path])
    assert "words.csv" in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["term,cod,weight", "lag,performance,1"], ["line 1", "“cod”", "“code”"]),
        (["term,code,code", "lag,performance,"], ["line 1", "twice"]),
        (["term,code", "lag,performence"], ["line 2", "performence", "“performance”"]),
        (["term,code,area", "lag,performance,pain_terms"], ["line 2", "pain_terms", "“pains_terms”"]),
        (["term,code,area", "lag,happy,severity"], ["line 2", "happy", "mild, strong"]),
        (["term,code,weight", "lag,performance,heavy"], ["line 2", "heavy"]),
        (["term,code,weight", "lag,performance,1.5"], ["line 2", "1.5"]),
        (["term,code,weight", "lag,performance,nan"], ["line 2", "nan"]),
        (["term,code", "# a note", "Lag,quality", "lag,quality"], ["line 4", "lag", "line 3"]),
        (["term,code,who", "lag,quality,auntie"], ["line 2", "auntie"]),
        (["term,code,fold", "lag,quality,maybe"], ["line 2", "maybe", "yes, no"]),
        (["term,code,language", "lag,quality,de"], ["line 2", "de", "vi, en"]),
        (["term,code,area", "dr,gender=femle,cues_family"], ["line 2", "gender=femle"]),
        (["term,code", ",quality"], ["line 2", "“term”"]),
        (["term,code", "lag,quality,1,2"], ["line 2", "4", "2"]),
        (["word;meaning"], ["line 1", "“word”"]),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, lines: list[str], said: list[str]) -> None:
    path = tmp_path / "words.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(LexiconError) as caught:
        lines_of([path])
    for part in ("words.csv", *said):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        'term,code,"\nlag,quality\nslow,price\n",weight\n',
        'term,code\nlag,"quality\nslow,price\n' + "word,price\n" * 40 + '"\n',
        "term,code\nlag," + "q" * 5000 + "\n",
    ],
)
def test_a_cell_as_long_as_half_a_file_is_quoted_short(tmp_path: Path, body: str) -> None:
    path = tmp_path / "words.csv"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(LexiconError) as caught:
        lines_of([path])
    assert "\n" not in str(caught.value)
    assert "line " in str(caught.value)
    assert len(str(caught.value)) < 600


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("term,code\nlag,!\nslow,?\n" + "".join(f"w{n},z\n" for n in range(40)), encoding="utf-8")
    with pytest.raises(LexiconError) as caught:
        lines_of([path])
    lines = str(caught.value).splitlines()
    assert "line 2" in lines[0]
    assert "line 3" in lines[1]
    assert len(lines) == 21
    assert "22 more" in lines[-1]


def test_silencing_what_is_not_there_is_noted_and_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("term,code,weight\nhao pim,,0\nlag,performance,1\n", encoding="utf-8")
    own = read_own([path])
    assert not own.faults
    assert len(own.entries) == 2
    [note] = own.notes
    assert "line 2" in str(note)
    assert "“hao pin”" in str(note)


def test_a_spelling_is_silenced_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("term,code,weight\nhao pin,,0\n", encoding="utf-8")
    without = load("vi", (path,))
    assert any("hao pin" in entry.forms for entry in load("vi").entries)
    [silent] = [entry for entry in without.entries if "hao pin" in entry.forms]
    assert (silent.area, silent.own) == (SILENCED, True)
    assert len(without.entries) >= len(load("vi").entries) - 3


@pytest.mark.parametrize(
    ("lines", "code", "weight"),
    [
        (["hao pin,quality,1"], "quality", 1.0),
        (["hao pin,durability,0.5"], "durability", 0.5),
        (["hao pin,durability,0", "hao pin,quality,1"], "quality", 1.0),
    ],
)
def test_what_a_study_says_of_a_spelling_takes_the_place_of_ours(
    tmp_path: Path, lines: list[str], code: str, weight: float
) -> None:
    path = tmp_path / "words.csv"
    path.write_text("\n".join(["term,code,weight", *lines]) + "\n", encoding="utf-8")
    entries = [e for e in load("vi", (path,)).entries if e.area == "pains_terms" and "hao pin" in e.forms]
    assert [(e.code, e.weight) for e in entries] == [(code, weight)]


def test_a_later_file_speaks_last_and_one_file_may_say_two_things(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("term,code\nlòi xòi,design\nlòi xòi,quality\n", encoding="utf-8")
    two.write_text("term,code\nlòi xòi,price\n", encoding="utf-8")
    assert {e.code for e in load("vi", (one,)).entries if e.term == "lòi xòi"} == {"design", "quality"}
    assert {e.code for e in load("vi", (one, two)).entries if e.term == "lòi xòi"} == {"price"}


def test_a_line_of_one_language_leaves_the_other_alone(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("term,code,language\nmeh meh,quality,en\n", encoding="utf-8")
    reader = Annotator(lexicons=[path])
    said = "the app is meh meh"
    assert reader.annotate_one({"id": 1, "text": said, "lang": "en"}).pains
    assert not reader.annotate_one({"id": 1, "text": said, "lang": "vi"}).pains


def test_a_file_changed_while_we_run_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("term,code\nxỉu ngang,quality\n", encoding="utf-8")
    before, said = load("vi", (path,)), digest([path])
    path.write_text("term,code\nxỉu ngang,durability\n", encoding="utf-8")
    assert load("vi", (path,)) is not before
    assert digest([path]) != said


def test_a_digest_is_of_what_is_said_not_of_how_it_is_saved(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    WAYS["xlsx"](one)
    WAYS["csv of a Vietnamese Excel"](two)
    assert digest([one]) == digest([two])
    assert digest([]) == ""


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("price", "pains_terms"),
        ("suggestion", "pains_asks"),
        ("zalo", "channels"),
        ("driver", "occupations"),
        ("?", ""),
    ],
)
def test_a_code_says_where_its_line_belongs(code: str, area: str) -> None:
    assert area_of(code) == area


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/lexicon/*.tsv")), ids=lambda p: f"{p.parts[-3]}/{p.name}")
def test_what_we_ship_opens_in_a_spreadsheet(path: Path) -> None:
    [table] = tables(path)
    header = table.lines[0].cells
    assert tuple(header[:6]) == COLUMNS
    for line in table.lines[1:]:
        assert len(line.cells) <= len(header), line.number
        assert max(map(len, line.cells)) < 32_767, f"no spreadsheet holds so long a cell: line {line.number}"


def test_a_bracket_without_its_other_half_is_a_mistake_and_a_smiley_is_none(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(
        "term;code;area\n(a/b lag;performance;\nso (bad;quality;\n(is/was) slow;performance;\n", encoding="utf-8"
    )
    faults = read_own([path]).faults
    assert ["line 2" in str(faults[0]), "line 3" in str(faults[1]), len(faults)] == [True, True, 2]
    path.write_text("term;code;area\n:-(;negative;emoji\n", encoding="utf-8")
    assert not any(fault.key == "lexicon_bracket" for fault in read_own([path]).faults)


def test_one_word_with_two_codes_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("term,code\nfoo2,quality\nfoo3,quality\nfoo2,price\n", encoding="utf-8")
    own = read_own([path])
    assert not own.faults
    assert [("line 4" in str(note), "line 2" in str(note)) for note in own.notes] == [(True, True)]


def test_a_pattern_of_too_many_spellings_is_told_and_not_cut(tmp_path: Path) -> None:
    wide = " ".join(["(a/b/c/d/e/f/g/h/i/j)"] * 4)
    path = tmp_path / "own.tsv"
    path.write_text(f"term\tcode\tarea\nfine\tquality\tpains_terms\n{wide}\tquality\tpains_terms\n", encoding="utf-8")
    (fault,) = read_own([path]).faults
    for part in ("own.tsv", "line 3", "10000", "2000"):
        assert part in str(fault)
    with pytest.raises(LexiconError, match="line 3"):
        Annotator(lexicons=[path]).pipeline("en")
