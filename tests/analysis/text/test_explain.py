"""Why a text was read so: every answer leads to its rule and its lexicon line, every word of trouble left out to a reason."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

from analysis.text.annotate import Annotator
from analysis.text.explain import Explanation, explain
from analysis.text.explain_show import as_dict, as_lines, page
from analysis.text.lexicon import FOLDER
from data.records import Pain
from data.words import speak


@pytest.fixture(scope="module")
def reader() -> Annotator:
    return Annotator(brands={"MiniCare": ["MNC"]})


@pytest.fixture(autouse=True)
def _language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")


def told(reader: Annotator, text: str, lang: str = "vi") -> Explanation:
    return explain(reader, {"id": 1, "text": text, "lang": lang, "posted_at": "2026-10-01T00:00:00Z"})


def line_of(lang: str, file: str, number: int) -> str:
    return (FOLDER / lang / "lexicon" / file).read_text(encoding="utf-8").splitlines()[number - 1]


@pytest.mark.parametrize(
    ("lang", "text", "quote", "rule", "area", "words"),
    [
        ("vi", "Bỉm này hay bị hăm", "hay bị hăm", "term", "pains_terms", "bị hăm"),
        ("vi", "ước gì hãng làm mỏng hơn", "ước gì hãng làm mỏng hơn", "asks_suggestion", "pains_asks", "ước gì"),
        ("en", "the strap is too tight", "too tight", "", "", ""),
        ("en", "The app keeps crashing", "keeps crashing", "term", "pains_terms", "keeps crashing"),
        ("vi", "em ở Hà Nội", "Hà Nội", "places", "places", "Hà Nội"),
        ("en", "I'm a nurse", "nurse", "occupation", "occupations", "nurse"),
    ],
)
def test_an_answer_leads_to_its_rule_and_its_line(
    reader: Annotator, lang: str, text: str, quote: str, rule: str, area: str, words: str
) -> None:
    [answer] = [one for one in told(reader, text, lang).answers if quote in one.found.quote]
    assert any(name.startswith(rule) for name in answer.rules)
    if area:
        [line] = [line for line in answer.lines if line.area == area and line.words == words]
        assert line.words.lower() in line_of(lang, line.file, line.line).lower()


@pytest.mark.parametrize(
    ("lang", "text", "words", "reason", "by"),
    [
        ("vi", "máy không bị lag gì cả", "lag", "negated", "không bị"),
        ("en", "no problems with delivery", "problems with", "negated", "no"),
        ("vi", "máy này có bị lag không ạ?", "lag", "question", ""),
        ("en", "if it breaks I will return it", "breaks", "hypothetical", "if"),
        ("en", "the cake is to die for", "", "", ""),
    ],
)
def test_a_word_of_trouble_left_out_has_its_reason(
    reader: Annotator, lang: str, text: str, words: str, reason: str, by: str
) -> None:
    found = told(reader, text, lang)
    assert not [one for one in found.answers if isinstance(one.found, Pain)]
    if words:
        [block] = [block for block in found.blocked if words in block.words]
        assert block.reason == reason
        assert by in block.by
        assert found.text[block.start : block.end] == block.words


def test_the_explanation_says_what_is_read_without_it(reader: Annotator) -> None:
    text = "Em 28 tuổi ở Hà Nội, MNC thấm tốt mỗi tội hay bị hăm. Không bị tràn."
    plain = reader.annotate_one({"id": 1, "text": text, "lang": "vi"})
    found = told(reader, text)
    assert {one.found for one in found.answers} == {*plain.pains, *plain.cues}
    assert reader.annotate_one({"id": 1, "text": text, "lang": "vi"}) == plain, "the recorders are gone again"


def test_a_study_s_own_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text("term;code\nlòi xòi;design\n", encoding="utf-8")
    [answer] = told(Annotator(lexicons=[tmp_path / "ours.csv"]), "cái này lòi xòi ghê").answers
    assert [(line.file, line.line) for line in answer.lines if line.term == "lòi xòi"] == [("ours.csv", 2)]


def test_a_silenced_word_says_who_silenced_it(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_text("term;code;weight\nlag;;0\n", encoding="utf-8")
    [block] = told(Annotator(lexicons=[tmp_path / "ours.csv"]), "máy này hay lag").blocked
    assert (block.words, block.reason, block.file, block.line) == ("lag", "silenced", "ours.csv", 2)


def test_a_learned_component_is_asked_which_words_counted() -> None:
    class Learned:
        """Takes back every pain about price, and can say why."""

        def __call__(self, doc: Any) -> Any:
            doc._.pains = tuple(pain for pain in doc._.pains if pain.category != "price")
            return doc

        def explain(self, _doc: Any, answer: object) -> list[tuple[str, float]]:
            return [("đắt", -1.25)] if isinstance(answer, Pain) else []

    reader = Annotator()
    nlp = reader.pipeline("vi")
    if not Language.has_factory("test_learned"):
        Language.factory("test_learned", func=lambda nlp, name: Learned())
    nlp.add_pipe("test_learned", last=True)
    reader._components["vi"] = [part for _, part in nlp.pipeline]
    found = told(reader, "pin hao nhanh, giá đắt quá")
    assert not [one for one in found.answers if isinstance(one.found, Pain) and one.found.category == "price"]
    [gone] = [one for one in found.taken_back if isinstance(one.found, Pain) and one.found.category == "price"]
    assert ("đắt", -1.25) in gone.words
    assert any("đắt -1.25" in line for line in as_lines(found))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_page_is_whole_and_runs_nothing(reader: Annotator, lang: str) -> None:
    speak(lang)
    try:
        text = "<script>alert(1)</script> Máy <img src=x onerror=alert(1)> hay bị lag & nóng \u202e, em ở Hà Nội"
        written = page(told(reader, text), "<b>why</b>")
    finally:
        speak(None)
    assert "<script" not in written
    assert "<img" not in written
    assert "\u202e" not in written
    assert "&lt;b&gt;why" in written
    assert "http" not in written.replace("http-equiv", "")
    assert 'class="spans"' in written
    assert f'<html lang="{lang}">' in written


def test_any_text_can_be_explained(reader: Annotator) -> None:
    drawn = random.Random(4)
    words = "không bị lag tràn đắt quá ? ! , . nếu sợ “ ” > 😡 28 tuổi Hà Nội á #"
    signs = [*words.split(), "\n", "\u202e", "\ud800", "a\u0301"]
    for text in ["", " ", "😀" * 50, "Ce produit est vraiment mauvais et ne marche pas", *("".join(signs),)]:
        assert page(explain(reader, {"id": 1, "text": text}), text)
    for _ in range(60):
        text = " ".join(drawn.choices(signs, k=drawn.randint(1, 40)))
        found = told(reader, text)
        for one in found.answers:
            assert found.text[one.found.start : one.found.end] == one.found.quote
        assert as_dict(found)["text"] == found.text
        assert list(as_lines(found))
        assert page(found, "t")


@pytest.mark.parametrize(("text", "said"), [("😡", "No words here"), ("สินค้าแย่มาก", "another language (th)")])
def test_what_is_not_read_is_told_with_its_reason(
    reader: Annotator, text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")
    found = explain(reader, {"id": 1, "text": text})
    assert any(said in line for line in as_lines(found))
    assert said in page(found, "t")
