"""Streams of texts: order, odd input, the command, and any Unicode at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.commands_annotate import annotate
from analysis.text.annotate import Annotator, annotate_texts
from analysis.text.normalise import nfc, storable

ANNOTATOR = Annotator(brands={"MiniCare": ["mnc"]})
PIECES = st.sampled_from(
    ["máy nóng", "không", "bị", "pin tụt", "😡", "👨\u200d👩\u200d👧", "!!!", "\n", '"', "e\u0301", "hoà", "k", "500k", "nên",
     "nhưng", "ướcgì",
     "please add", "should be", "the app crashes", "MNC", ":)", "...", "\u200b", "<b>", "&nbsp;", "http://x.vn/a", "28t", "vợ em", "\t"]
)  # fmt: skip


def check(text: str, lang: str | None) -> None:
    found = ANNOTATOR.annotate_one({"id": 1, "text": text, "lang": lang})
    stored = storable(nfc(text))
    for part in (*found.pains, *found.cues):
        assert 0 <= part.start < part.end <= len(stored)
        assert stored[part.start : part.end] == part.quote


@settings(deadline=None)
@given(st.text(), st.sampled_from(["vi", "en", None]))
def test_any_text_is_read(text: str, lang: str | None) -> None:
    check(text, lang)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30),
    st.sampled_from(["vi", "en"]),
    st.sampled_from(["", " "]),
)
def test_any_chatter_is_read(pieces: list[str], lang: str, between: str) -> None:
    check(between.join(pieces), lang)


def test_half_characters_do_no_harm() -> None:
    check("pin tệ \ud83d quá", "vi")


def test_the_stream_keeps_its_order_and_is_lazy() -> None:
    taken: list[int] = []

    def texts() -> Iterator[dict[str, object]]:
        for i in range(1000):
            taken.append(i)
            yield {"id": i, "text": "máy nóng" if i % 2 else "the app crashes"}

    stream = annotate_texts(texts(), batch_size=10)
    assert [next(stream).id for _ in range(5)] == ["0", "1", "2", "3", "4"]
    assert len(taken) == 10


@pytest.mark.parametrize("text", ["", "   ", "👍" * 10_000, "สินค้า"])
def test_texts_that_tell_nothing(text: str) -> None:
    found = ANNOTATOR.annotate_one({"id": 1, "text": text})
    assert not found.pains
    assert not found.cues


def test_version_names_every_component_and_the_lexicons() -> None:
    for part in ("vi:", "en:", "normalise=", "phrases=", "clauses=", "pains=", "lexicon="):
        assert part in ANNOTATOR.version


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.jsonl"
    lines = [
        '{"id": "a", "text": "máy nóng quá"}',
        "",
        "{broken",
        '{"id": "b"}',
        '{"text": "x"}',
        "[1]",
        '{"id": "c", "text": "ok"}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("processes", [1, 2])
def test_the_command_tells_bad_lines_and_goes_on(texts: Path, processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", "en")
    out = texts.with_name("out.jsonl")
    result = CliRunner().invoke(annotate, [str(texts), "-o", str(out), "--processes", str(processes)])
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a", "c"]
    (pain,) = rows[0]["pains"]
    assert {"kind", "category", "target", "severity", "start", "end", "quote", "confidence", "source_component"} == set(
        pain
    )
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["Line 3", "Line 4", "Line 5", "Line 6"]


def test_the_command_reads_standard_input() -> None:
    result = CliRunner().invoke(annotate, ["-"], input=json.dumps({"id": 7, "text": "pin yếu"}))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["pains"][0]["quote"] == "pin yếu"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "> Lan:\n> Mình 28 tuổi, ở Hà Nội, bé hay bị hăm\n\nMình ở Đà Nẵng, giao hàng chậm quá",
            ["Đà Nẵng", "delivery"],
        ),
        (
            "I live in Boston.\n> I am a nurse and it breaks all the time\n>> the app crashes every day\nagreed",
            ["Boston"],
        ),
        ("Loại này dùng\n> 3 tháng mà hay hỏng quá, chán", ["durability"]),
    ],
)
def test_lines_marked_as_quoted_are_nobodys_to_code(text: str, values: list[str]) -> None:
    found = ANNOTATOR.annotate_one({"id": 1, "text": text})
    assert [cue.value for cue in found.cues] + [pain.category for pain in found.pains] == values
