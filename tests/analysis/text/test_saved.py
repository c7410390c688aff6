"""spaCy's own ways of saving and sending documents keep what was read of them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

from analysis.text import pipeline

TEXT = "mình 28 tuổi, mới mua mà máy nóng quá"


SEVERAL = f"""
from analysis.text import pipeline

if __name__ == "__main__":
    nlp = pipeline.build("vi")
    # Read whole before anything is compared: spaCy's processes wait for ever for an iteration that was left.
    (alone,), (sent,) = list(nlp.pipe([{TEXT!r}])), list(nlp.pipe([{TEXT!r}], n_process=2))
    assert alone._.cues
    assert alone._.pains
    assert (sent._.cues, list(sent._.pains), sent._.norms) == (alone._.cues, list(alone._.pains), alone._.norms)
"""


def test_several_processes_read_what_one_reads(tmp_path: Path) -> None:
    # In a process of its own: spaCy forks where the system can, and a fork of this one would inherit its threads' locks.
    script = tmp_path / "several.py"
    script.write_text(SEVERAL, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, encoding="utf-8", timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_saved_document_is_read_back_with_its_cues_pains_and_time() -> None:
    doc = pipeline.build("vi")(TEXT)
    doc._.posted_at = datetime(2026, 11, 21, tzinfo=UTC)
    empty = spacy.blank("xx").vocab
    (binned,) = DocBin(docs=[doc], store_user_data=True).get_docs(empty)
    for back in (binned, Doc(empty).from_bytes(doc.to_bytes())):
        assert back.text == TEXT
        assert (back._.cues, list(back._.pains), back._.posted_at) == (doc._.cues, list(doc._.pains), doc._.posted_at)
        assert not back._.phrases
        assert not back._.clauses


def test_a_document_that_holds_other_data_too_is_saved_whole() -> None:
    doc = spacy.blank("xx")("xin chào")
    doc.user_data["mine"] = {"a": [1, 2]}
    assert Doc(doc.vocab).from_bytes(doc.to_bytes()).user_data["mine"] == {"a": [1, 2]}
