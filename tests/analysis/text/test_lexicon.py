"""Lexicons are files for people: a mistake is told by file and line, a study adds and silences lines."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis.text.annotate import Annotator
from analysis.text.lexicon import FOLDER, MOST_FORMS, LexiconError, expand, load, read, spellings
from data.codebook import PAIN_CATEGORIES, PAIN_KINDS

HEADER = "term\tvariants\tcode\tweight\torigin\texample"


def write(folder: Path, *lines: str, name: str = "pains_terms.tsv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/lexicon/*.tsv")), ids=lambda p: f"{p.parts[-3]}/{p.name}")
def test_every_lexicon_we_ship_is_sound(path: Path) -> None:
    assert read(path)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/lexicon/*.tsv")), ids=lambda p: f"{p.parts[-3]}/{p.name}")
def test_no_pattern_we_ship_is_cut(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for pattern in (row["term"], *(row.get("variants") or "").split("|")):
                assert not pattern or spellings(pattern) <= MOST_FORMS, pattern


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_pains_have_codes_of_the_codebook(lang: str) -> None:
    lexicon = load(lang)
    for area in ("pains_terms", "pains_good", "pains_dims", "pains_aspects"):
        assert {entry.code for entry in lexicon.area(area)} <= set(PAIN_CATEGORIES), area
    assert {entry.code for entry in lexicon.area("pains_asks")} <= {*PAIN_KINDS, "help", "imperative"}
    assert {entry.code for entry in lexicon.area("severity")} == {"mild", "strong"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([HEADER + "\tcolour", "lag"], ["line 1", "colour", "variants"]),
        (["term\tweight", "lag\t1"], ["line 1", "code"]),
        ([HEADER, "lag\t\tperformance\theavy"], ["line 2", "heavy"]),
        ([HEADER, "lag\t\tperformance\t1\ta\tb\tc"], ["line 2", "7", "6"]),
        ([HEADER, "lag\t\tperformance", "# a note", "Lag\t\tperformance"], ["line 4", "lag", "line 2"]),
        ([HEADER, "lag\t\t\t1"], ["line 2", "code"]),
    ],
)
def test_a_mistake_names_its_line(
    tmp_path: Path, lines: list[str], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")
    with pytest.raises(LexiconError) as caught:
        read(write(tmp_path, *lines))
    for part in ["pains_terms.tsv", *said]:
        assert part in str(caught.value)


def test_choices_in_a_term() -> None:
    assert list(expand("it (is/was) [so] bad")) == ["it is so bad", "it is bad", "it was so bad", "it was bad"]


def test_a_study_adds_and_silences_lines(tmp_path: Path) -> None:
    own = write(
        tmp_path, HEADER + "\tfold\tgroup", "xỉu ngang\t\tquality\t1\tstudy\t\t\tcomplaint", "hao pin\t\tdurability\t0"
    )
    with_own, without = Annotator(lexicons=[own]), Annotator()
    assert not without.annotate_one({"id": 1, "text": "máy này xỉu ngang luôn"}).pains
    assert with_own.annotate_one({"id": 1, "text": "máy này xỉu ngang luôn"}).pains
    assert without.annotate_one({"id": 1, "text": "dùng thấy hao pin"}).pains
    assert not with_own.annotate_one({"id": 1, "text": "dùng thấy hao pin"}).pains
