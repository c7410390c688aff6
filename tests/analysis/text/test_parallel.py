"""Several processes read what one reads, with contexts beside the texts and in their order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import spacy

from analysis.text import parallel

SCRIPT = """
from analysis.text import parallel, pipeline

TEXTS = ["mình 28 tuổi, mới mua mà máy nóng quá", "", "pin  yeu qua", "ship chậm 😡"] * 3


def read(docs):
    return [(doc.text, [t.norm_ for t in doc], doc._.norms, doc._.cues, list(doc._.pains)) for doc in docs]


if __name__ == "__main__":
    nlp = pipeline.build("vi")
    several = parallel.blank("vi", {"nlp": {"tokenizer": {"@tokenizers": "chandung.Tokenizer.v1"}}})
    several._components = nlp._components
    alone = read(map(nlp, TEXTS))
    assert read(several.pipe(TEXTS, n_process=2, batch_size=5)) == alone
    paired = list(several.pipe(zip(TEXTS, range(12)), as_tuples=True, n_process=2))
    assert [number for _, number in paired] == list(range(12))
    assert read(doc for doc, _ in paired) == alone
    assert read(several.pipe(TEXTS)) == alone
"""


def test_several_processes_read_what_one_reads(tmp_path: Path) -> None:
    # In a process of its own: a fork of this one would inherit its threads' locks.
    script = tmp_path / "several.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, encoding="utf-8", timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr


def test_with_components_of_others_it_does_as_spacy_does() -> None:
    nlp = parallel.blank("vi", {"nlp": {"tokenizer": {"@tokenizers": "chandung.Tokenizer.v1"}}})
    nlp.add_pipe("sentencizer")
    assert [len(list(doc.sents)) for doc in nlp.pipe(["một. hai."])] == [2]
    assert isinstance(nlp, spacy.language.Language)
