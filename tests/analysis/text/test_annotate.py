"""Streams of texts: order, odd input, the command, and any Unicode at all."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.commands_annotate import annotate
from analysis.text.annotate import Annotator, annotate_texts
from analysis.text.normalise import nfc, storable
from data.errors import InputError

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
            ["Đà Nẵng", "giao hàng chậm quá"],
        ),
        (
            "I live in Boston.\n> I am a nurse and it breaks all the time\n>> the app crashes every day\nagreed",
            ["Boston"],
        ),
        ("Loại này dùng\n> 3 tháng mà hay hỏng quá, chán", ["3 tháng mà hay hỏng quá"]),
    ],
)
def test_lines_marked_as_quoted_are_nobodys_to_code(text: str, values: list[str]) -> None:
    found = ANNOTATOR.annotate_one({"id": 1, "text": text})
    assert [cue.value for cue in found.cues] + [pain.quote for pain in found.pains] == values


LINES: list[tuple[bytes, str]] = [
    (b"{broken", "JSON"),
    (b'{"id": 1, "text": "a\0b"}', "JSON"),
    (b'{"id": 1, "text": "x"', "JSON"),
    (b"[" * 100_000, "JSON"),
    (b"1" * 10_000, "JSON"),
    (b"null", "JSON"),
    (b'"text"', "JSON"),
    (b'{"text": "x"}', "id"),
    (b'{"id": null, "text": "x"}', "id"),
    (b'{"id": ["a"], "text": "x"}', "id"),
    (b'{"id": true, "text": "x"}', "id"),
    (b'{"id": 1}', "text"),
    (b'{"id": 1, "text": null}', "text"),
    (b'{"id": 1, "text": 5}', "text"),
    (b'{"id": 1, "text": ["x"]}', "text"),
    ('{"id": 1, "text": "máy"}'.encode("latin-1"), "UTF-8"),
    (b"\xff\xfe\x00", "UTF-8"),
]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_each_line_that_cannot_be_used_is_told_in_one_sentence(
    tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANDUNG_LANG", lang)
    path = tmp_path / "texts.jsonl"
    good = '{"id": "good", "text": "pin yếu"}'.encode()
    path.write_bytes(b"\n".join([good, *(line for line, _ in LINES), b"", b" ", good.replace(b'"good"', b'"better"')]))
    result = CliRunner().invoke(annotate, [str(path)])
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["good", "better"]
    told = result.stderr.splitlines()
    assert len(told) == len(LINES)
    for number, (sentence, (_, said)) in enumerate(zip(told, LINES, strict=True), 2):
        assert str(number) in sentence
        assert any(one in sentence for one in said.split("|"))
        assert "Error" not in sentence.replace("RecursionError", "").replace("ValueError", "")


def test_half_characters_and_odd_fields_are_written_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    lines = [
        r'{"id": "\ud83d", "text": "pin yếu \ud83d", "lang": "\ud83d", "posted_at": "9999-12-31T23:59:59Z"}',
        r'{"id": 2.5, "text": "\u0000 pin yếu", "lang": {"a": 1}, "posted_at": [1], "more": {}}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    result = CliRunner().invoke(annotate, [str(path), "--output", str(out)])
    assert (result.exit_code, "posted_at" if "posted_at" in result.stderr else "") == (1, "posted_at")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["lang"], len(row["pains"])) for row in rows] == [("\ufffd", "vi", 1), ("2.5", "vi", 1)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_is_read_however_it_was_saved(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "texts.jsonl"
    texts = ["máy nóng quá", "Ċ \u0a0a\u0a00 pin yếu 😡", "x"]
    body = end.join(json.dumps({"id": n, "text": text}, ensure_ascii=False) for n, text in enumerate(texts)) + end
    path.write_bytes(("\ufeff" * (encoding == "utf-16-be") + body).encode(encoding))
    result = CliRunner().invoke(annotate, [str(path)])
    assert (result.exit_code, result.stderr) == (0, "")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["0", "1", "2"]
    assert rows[0]["pains"][0]["quote"] == "máy nóng quá"


@pytest.mark.parametrize("body", [b"", b"\n\n", "\ufeff".encode(), "\ufeff\r\n".encode("utf-16-le")])
def test_an_empty_file_has_no_answers(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_bytes(body)
    result = CliRunner().invoke(annotate, [str(path)])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_files_that_cannot_be_used_are_told_before_anything_is_written(tmp_path: Path) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"id": 1, "text": "pin yếu"}', encoding="utf-8")
    for words in (
        [str(tmp_path / "none.jsonl")],
        [str(tmp_path)],
        [""],
        [str(texts), "--output", str(tmp_path)],
        [str(texts), "--output", str(tmp_path / "none" / "out.jsonl")],
        [str(texts), "--output", str(texts)],
    ):
        refused = CliRunner().invoke(annotate, words)
        assert isinstance(refused.exception, InputError), words
        assert "\n" not in str(refused.exception)
        assert refused.stdout == ""
    assert texts.read_text(encoding="utf-8").startswith("{"), "the texts are not overwritten by their answers"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's pipe")
def test_a_reader_that_has_gone_ends_it_quietly(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    lines = [json.dumps({"id": number, "text": "máy nóng quá"}) for number in range(1, 3001)]
    path.write_text("\n".join(lines), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "chandung", "annotate", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline().startswith(b'{"id": "1"')
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 1


def test_ids_that_come_again_and_moments_that_are_none_are_told_once_each(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    lines = [{"id": 1, "text": "x"}, {"id": 1, "text": "y"}, {"id": 1, "text": "z"}]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    result = CliRunner().invoke(annotate, [str(path)])
    assert (result.exit_code, len(result.stdout.splitlines()), len(result.stderr.splitlines())) == (0, 3, 1)
    moments = ["2026-03-14", "yesterday", "2026-13-45", None]
    lines = [{"id": n, "text": "x", "posted_at": moment} for n, moment in enumerate(moments)]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    result = CliRunner().invoke(annotate, [str(path)])
    assert (result.exit_code, len(result.stdout.splitlines()), len(result.stderr.splitlines())) == (1, 4, 1)
    assert "yesterday" in result.stderr


def test_a_text_in_place_of_a_file_and_what_only_explain_can_do_are_said(tmp_path: Path) -> None:
    path = tmp_path / "my texts.jsonl"
    for words, said in (
        (["the battery dies"], "--explain"),
        ([str(path)], str(path)),
        (["--json", "-"], "--json"),
        (["--open", "-"], "--open"),
    ):
        refused = CliRunner().invoke(annotate, words)
        assert isinstance(refused.exception, InputError)
        assert said in str(refused.exception)
