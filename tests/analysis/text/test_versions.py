"""Answers are read again when what gave them changes, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.text import lexicon, lexicon_own, pipeline, versions
from analysis.text.annotate import Annotator

CUES, PAINS = "analysis.text.cues.component", "analysis.text.pains"


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The code that reads texts, to be changed."""
    code = Path(versions.__file__).parent
    for path in code.rglob("*.py"):
        to = tmp_path / "analysis" / "text" / path.relative_to(code)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(path.read_bytes())
    monkeypatch.setattr(versions, "_ROOT", tmp_path)
    versions._read.cache_clear()
    yield tmp_path / "analysis" / "text"
    versions._read.cache_clear()


def told() -> dict[tuple[str, str], str]:
    versions._read.cache_clear()
    return {(part, lang): versions.code(part, lang) for part in (CUES, PAINS) for lang in ("vi", "en")}


@pytest.mark.parametrize(
    ("file", "text", "changes"),
    [
        ("cues/money_vi.py", "\nX = 1\n", {(CUES, "vi")}),
        ("cues/money_en.py", "\nX = 1\n", {(CUES, "en")}),
        ("cues/money_en.py", "\n\n    # Why so.\n", set()),
        ("pains_kinds.py", "\nX = 1\n", {(PAINS, "vi"), (PAINS, "en")}),
        ("clauses.py", "\nX = 1\n", {(CUES, "vi"), (CUES, "en"), (PAINS, "vi"), (PAINS, "en")}),
        ("explain_show.py", "\nX = 1\n", set()),
    ],
)
def test_a_changed_rule_changes_what_rests_on_it(
    copy: Path, file: str, text: str, changes: set[tuple[str, str]]
) -> None:
    before = told()
    path = copy / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    after = told()
    assert {key for key in before if before[key] != after[key]} == changes


def test_the_same_code_with_other_line_ends_is_the_same(copy: Path) -> None:
    before = told()
    for path in copy.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert told() == before


def test_code_of_others_has_a_version_of_its_own() -> None:
    assert versions.code("spacy.pipeline.entityruler", "en") == ""


def test_a_changed_lexicon_changes_its_language_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for lang in pipeline.LANGUAGES:
        (tmp_path / lang / "lexicon").mkdir(parents=True)
        for path in lexicon.shipped(lang):
            (tmp_path / lang / "lexicon" / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)
    monkeypatch.setattr(versions, "FOLDER", tmp_path)

    def digests() -> list[str]:
        return [versions.lexicon("vi"), versions.lexicon("en"), versions.detection()]

    before = digests()
    changed = []
    for name in ("en/lexicon/values.tsv", "vi/lexicon/function_words.tsv"):
        with (tmp_path / name).open("a", encoding="utf-8") as out:
            out.write("# new\n")
        after = digests()
        changed.append([old != new for old, new in zip(before, after, strict=True)])
        before = after
    assert changed == [[False, True, False], [True, False, True]]


def test_an_own_line_for_one_language_changes_that_language_alone(tmp_path: Path) -> None:
    file = tmp_path / "own.tsv"
    file.write_text("term\tcode\tarea\tlanguage\nkewl\tprice\tpains_terms\ten\n", encoding="utf-8")
    before = [lexicon_own.digest([file], lang) for lang in ("vi", "en")]
    file.write_text("term\tcode\tarea\tlanguage\nkewler\tprice\tpains_terms\ten\n", encoding="utf-8")
    after = [lexicon_own.digest([file], lang) for lang in ("vi", "en")]
    assert [old != new for old, new in zip(before, after, strict=True)] == [False, True]


def test_every_language_has_a_version_and_all_others_one() -> None:
    found = Annotator(learned=False).versions
    assert sorted(found) == ["en", "other", "vi"]
    for lang in pipeline.LANGUAGES:
        assert found[lang].startswith(f"{lang}:normalise=")
        assert found["other"] in found[lang]
        assert "?" not in found[lang]
