"""Figures on other people's labels, which nothing here was trained on; they must not fall below the floors."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from analysis.text.annotate import Annotator
from data.records import Pain

SETS = Path(__file__).parents[4] / "shared" / "devdata"
FLOORS: dict[str, Any] = tomllib.loads((Path(__file__).parents[2] / "floors.toml").read_text(encoding="utf-8"))["text"]


def rows(name: str) -> list[dict[str, Any]]:
    path = SETS / name
    if not path.exists():
        pytest.skip(f"the development set {name} is not beside the project")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def annotated(found: list[dict[str, Any]], lang: str) -> list[tuple[Pain, ...]]:
    items = ({"id": i, "text": row["text"], "lang": lang} for i, row in enumerate(found))
    return [annotation.pains for annotation in Annotator().annotate(items)]


def f1(pairs: list[tuple[bool, bool]]) -> float:
    """F1 of (expected, found)."""
    hit = sum(e and f for e, f in pairs)
    return 2 * hit / max(sum(e for e, _ in pairs) + sum(f for _, f in pairs), 1)


def test_suggestions_in_english_forum_sentences() -> None:
    found = rows("semeval2019t9/A_trial.jsonl")
    kinds = [{pain.kind for pain in pains} for pains in annotated(found, "en")]
    reached = f1(
        [(bool(row["suggestion"]), bool(k & {"suggestion", "unmet_need"})) for row, k in zip(found, kinds, strict=True)]
    )
    assert reached >= FLOORS["semeval2019t9"]["suggestion_f1"]


def test_trouble_in_vietnamese_phone_reviews() -> None:
    found = rows("visd4sa/dev.jsonl")
    pains = annotated(found, "vi")
    reached = f1([(bool(row["any_negative"]), bool(p)) for row, p in zip(found, pains, strict=True)])
    assert reached >= FLOORS["visd4sa"]["any_negative_f1"]
    hits = sum(_matched(row["labels"], p) for row, p in zip(found, pains, strict=True))
    wanted = sum("NEGATIVE" in label for row in found for *_, label in row["labels"])
    assert 2 * hits / (wanted + sum(map(len, pains))) >= FLOORS["visd4sa"]["span_f1"]


def _matched(labels: list[tuple[int, int, str]], pains: tuple[Pain, ...]) -> int:
    """How many pains lie on a negative span of their own: one inside the other, or shared for three tenths."""
    free = [(start, end) for start, end, label in labels if "NEGATIVE" in label]
    hits = 0
    for pain in pains:
        for start, end in free:
            shared = min(end, pain.end) - max(start, pain.start)
            whole = max(end, pain.end) - min(start, pain.start)
            inside = (start <= pain.start and pain.end <= end) or (pain.start <= start and end <= pain.end)
            if shared > 0 and (inside or shared / whole >= 0.3):
                free.remove((start, end))
                hits += 1
                break
    return hits
