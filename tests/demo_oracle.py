"""A reader that makes no mistake: it answers with what was planted. What is then wrong in a report, the analysis did."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from analysis.findings import find
from analysis.read import read
from analysis.text.annotate import Annotator
from data.demo import world
from data.records import Annotation, Cue, Pain
from data.store import open_store
from data.study_file import load


class Oracle(Annotator):
    """Stands in for the text pipelines; knows every post of the little world by its words."""

    def __init__(self, truth: Mapping[str, Any]) -> None:
        super().__init__()
        self._planted = {_words(post["text"]): post for post in truth["posts"]}

    @property
    def version(self) -> str:
        return "oracle"

    def annotate(self, items: Iterable[Mapping[str, Any]], *, batch_size: int = 256) -> Iterator[Annotation]:
        for item in items:
            planted = self._planted.get(_words(item["text"]))
            yield _annotation(str(item["id"]), planted) if planted else Annotation(str(item["id"]), "vi")


def _annotation(post: str, planted: Mapping[str, Any]) -> Annotation:
    """The planted cues and pains as records; each is quoted whole."""
    text = planted["text"]
    cues = [
        Cue(c["attribute"], c["value"], c["who"], *_place(text, c["quote"]), c["quote"], 1.0, "oracle", c["group"])
        for c in planted["cues"]
    ]
    pains = [
        Pain(p["kind"], p["category"], p["target"], p["severity"], *_place(text, p["quote"]), p["quote"], 1.0, "oracle")
        for p in planted["pains"]
    ]
    return Annotation(post, planted["lang"], tuple(cues), tuple(pains))


def _place(text: str, quote: str) -> tuple[int, int]:
    start = text.index(quote)
    return start, start + len(quote)


def _words(text: str) -> str:
    return " ".join(text.split())


def read_by_oracle(folder: Path, copy: Path) -> Path:
    """Copy a finished demonstration and let the oracle read its posts; the copy's database then holds its findings."""
    shutil.copytree(folder, copy)
    study = load(copy / "study.yaml")
    with closing(sqlite3.connect(study.database)) as database, database:
        # Else nothing is waiting to be read.
        database.execute("update runs set versions = '{}' where what = 'read'")
        database.execute("delete from annotations")
    with open_store(study.database) as store:
        read(store, study, lambda _: Oracle(world.make().truth()))
        find(store, study, again=True)
    return copy
