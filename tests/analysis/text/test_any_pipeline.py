"""Our components in pipelines that others built, found by their names in spaCy's entry points: no import of ours is needed."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.language import Language

from analysis.text import pipeline, spans
from analysis.text.normalise import nfc
from data.records import Cue, Pain

OURS = pipeline.COMPONENTS
TEXTS = {
    "en": (
        "I'm 28 and live in Leeds, the app keeps crashing but delivery was fine :)",
        "We can't log in, it's sooo slow!!! My husband and I paid $200, isn't worth it.",
        "my 3-year-old won't sleep; e.g. the nappy leaks https://x.example/z 👨\u200d👩\u200d👧",
        "  cafe\u0301 was awful.  the screen's broken\n\n> it never works",
        "",
        " ",
    ),
    "vi": (
        "mình 28 tuổi, ở Hà Nội, mới mua mà máy nóng quá 😡😡",
        "bỉm thấm tốt mỗi tội hay bị hăm, giá 1tr5 thì hơi chát :((",
        "be 15 thang bi nong may, pin tụt nhanh!!!",
        "ko đăng nhập dc, lương 8.5tr/tháng hic",
        "may\u0301y no\u0301ng qua\u0301, pin tu\u0323t nhanh",
        "",
    ),
}


def foreign(lang: str) -> Language:
    """spaCy's own pipeline and tokenizer with our components behind them."""
    plain = {"nlp": {"tokenizer": {"@tokenizers": "spacy.vi.VietnameseTokenizer", "use_pyvi": False}}}
    nlp = spacy.blank(lang, config=plain if lang == "vi" else {})
    for name in OURS:
        nlp.add_pipe(name)
    return nlp


def answers(nlp: Language, text: str) -> list[Pain | Cue]:
    doc = nlp(text)
    found = [*doc._.pains, *doc._.cues]
    assert [doc.text[one.start : one.end] for one in found] == [one.quote for one in found]
    return found


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_answers_are_the_same_behind_any_tokenizer(lang: str) -> None:
    ours, theirs = pipeline.build(lang), foreign(lang)
    for text in TEXTS[lang]:
        expected = [(type(one).__name__, nfc(one.quote), one.confidence) for one in answers(ours, text)]
        assert [(type(one).__name__, nfc(one.quote), one.confidence) for one in answers(theirs, text)] == expected
    assert any(answers(theirs, text) for text in TEXTS[lang])


@pytest.mark.skipif(importlib.util.find_spec("pyvi") is None, reason="pyvi is not installed")
def test_words_that_pyvi_joined_change_nothing() -> None:
    nlp = spacy.blank("vi")
    for name in OURS:
        nlp.add_pipe(name)
    text = TEXTS["vi"][0]
    assert answers(nlp, text) == answers(pipeline.build("vi"), text)


def test_the_norms_that_trained_components_read_stay_as_they_were() -> None:
    text = "I'm sooo tired, can't sleep"
    assert [token.norm_ for token in foreign("en")(text)] == [token.norm_ for token in spacy.blank("en")(text)]


def test_the_factories_are_found_without_an_import() -> None:
    script = (
        "import spacy\n"
        "nlp = spacy.blank('en')\n"
        f"for name in {(*OURS, spans.NAME)!r}:\n"
        "    nlp.add_pipe(name)\n"
        "assert nlp.analyze_pipes()['problems'] == {name: [] for name in nlp.pipe_names}, nlp.analyze_pipes()['problems']\n"
        "doc = nlp('I live in Leeds and the app keeps crashing')\n"
        "print([pain.category for pain in doc._.pains], [cue.value for cue in doc._.cues])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False)
    assert (done.stdout.strip(), done.stderr) == ("['performance'] ['Leeds']", "")


def test_answers_as_spans_that_displacy_draws() -> None:
    nlp = foreign("en")
    nlp.add_pipe("chandung_spans")
    doc = nlp(TEXTS["en"][0])
    pains, cues = doc.spans[spans.PAINS], doc.spans[spans.CUES]
    assert [(span.text, span.label_, span.id_) for span in pains] == [
        ("the app keeps crashing", "performance", "complaint")
    ]
    assert {("age", "28"), ("location", "Leeds")} <= {(span.label_, span.id_) for span in cues}
    assert pains.attrs["scores"] == [pain.confidence for pain in doc._.pains]
    drawn = displacy.render(doc, style="span", page=False, jupyter=False, options={"spans_key": spans.PAINS})
    assert "performance" in drawn


def test_spans_are_whole_tokens_and_lie_around_the_answers() -> None:
    nlp = foreign("vi")
    nlp.add_pipe("chandung_spans", config={"cues_key": "who", "pains_key": ""})
    for text in TEXTS["vi"]:
        doc = nlp(text)
        assert spans.PAINS not in doc.spans
        assert len(doc.spans["who"]) == len(doc._.cues)
        for span, cue in zip(doc.spans["who"], doc._.cues, strict=True):
            assert cue.quote in span.text


@pytest.mark.parametrize("build", [pipeline.build, foreign], ids=["our tokenizer", "spaCy's"])
def test_a_pipeline_is_saved_and_loaded_with_its_settings(build: Callable[..., Language], tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("term\tcode\tarea\ngrumbleworthy\tquality\tpains_terms\n", encoding="utf-8")
    nlp = build("en") if build is foreign else build("en", brands={"MiniCare": ["mini care"]}, lexicon_files=[own])
    nlp.add_pipe("chandung_spans")
    nlp.to_disk(tmp_path / "saved")
    by_config = spacy.util.get_lang_class("en").from_config(nlp.config)
    by_bytes = spacy.util.get_lang_class("en").from_config(nlp.config).from_bytes(nlp.to_bytes())
    for back in (spacy.load(tmp_path / "saved"), by_config, by_bytes):
        assert back.config == nlp.config
        for text in (*TEXTS["en"], "mini care is grumbleworthy"):
            assert answers(back, text) == answers(nlp, text)
    assert any(one.quote.endswith("grumbleworthy") for one in answers(nlp, "mini care is grumbleworthy")) is (
        build is not foreign
    )
