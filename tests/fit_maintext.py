"""Fit the weights of ``crawler/maintext.tsv`` and say how well they travel to sites they were not fitted on.

    python -m tests.fit_maintext FOLDER [--write]

``FOLDER`` holds WCXB pages (``pages.jsonl`` with url, page_type, html, main_content). Sites are split into folds, never
pages. Two folds show both halves; the weights that ``--write`` leaves are fitted on all pages.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import statistics
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from scipy import optimize, sparse

from crawler import maintext
from crawler.blocks import Block, page_blocks
from crawler.engines.document import Document
from crawler.textfeatures import CONTEXT, context, features
from data.records import Page

KINDS = ("service", "product")
STRENGTH = (20.0, 3.0)
RARE = 5


@dataclass
class Sample:
    site: str
    kind: str
    doc: Document
    found: list[Block]
    rows: list[list[str]]
    gold: Counter[str]
    belongs: np.ndarray
    weights: np.ndarray


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text or "").lower())


def belongs(found: list[Block], gold: list[str]) -> np.ndarray:
    """1 for each block most of whose three-word runs stand in the gold text; a repeated block counts once."""
    runs, flat = set(zip(gold, gold[1:], gold[2:], strict=False)), f" {' '.join(gold)} "
    seen: set[str] = set()
    marks = []
    for block in found:
        own = words(block.text)
        if len(own) < 5:
            inside = bool(own) and f" {' '.join(own)} " in flat
        else:
            inside = sum(run in runs for run in zip(own, own[1:], own[2:], strict=False)) / (len(own) - 2) > 0.5
        marks.append(float(inside and block.text not in seen))
        seen.add(block.text)
    return np.array(marks)


def samples(folder: Path) -> list[Sample]:
    found = []
    for line in (folder / "pages.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n"):
        page = json.loads(line)
        if page["page_type"] not in KINDS:
            continue
        doc = Document(Page(page["url"], gzip.decompress((folder / page["html"]).read_bytes())))
        parts = page_blocks(doc)
        gold = words(page["main_content"])
        size = np.array([min(block.words, 200) for block in parts], float) ** 0.9
        weight = 30 * size / (max(len(gold), 60) + 0.25 * min(size.sum(), 4000)) if parts else size
        found.append(
            Sample(
                urlsplit(page["url"]).netloc,
                page["page_type"],
                doc,
                parts,
                features(doc, parts),
                Counter(gold),
                belongs(parts, gold),
                weight,
            )
        )
    return found


def matrix(rows: list[list[tuple[str, float]]], names: dict[str, int]) -> sparse.csr_matrix:
    starts, columns, values = [0], [], []
    for row in rows:
        for name, value in row:
            if name in names:
                columns.append(names[name])
                values.append(value)
        starts.append(len(columns))
    return sparse.csr_matrix((values, columns, starts), shape=(len(rows), len(names)))


def regress(
    rows: list[list[tuple[str, float]]], marks: np.ndarray, weights: np.ndarray, names: dict[str, int], l2: float
) -> dict[str, float]:
    """Weighted logistic regression with a ridge."""
    table = matrix(rows, names)

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        chance = 1 / (1 + np.exp(-np.clip(table @ point, -30, 30)))
        miss = marks * np.log(chance + 1e-12) + (1 - marks) * np.log(1 - chance + 1e-12)
        return -(weights * miss).sum() + l2 * point @ point / 2, table.T @ (weights * (chance - marks)) + l2 * point

    point = optimize.minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
    return dict(zip(names, point, strict=True))


def first_reading(pages: list[Sample]) -> dict[str, float]:
    counts = Counter(name for page in pages for name in {name for row in page.rows for name in row})
    names = {name: i for i, name in enumerate(name for name, count in sorted(counts.items()) if count >= RARE)}
    rows = [[(name, 1.0) for name in row] for page in pages for row in page.rows]
    marks, weights = np.concatenate([p.belongs for p in pages]), np.concatenate([p.weights for p in pages])
    return regress(rows, marks, weights, names, STRENGTH[0])


def fit(pages: list[Sample]) -> maintext.Weights:
    """Both readings; the second learns from first scores of pages that the first had not seen."""
    rows, marks, weights = [], [], []
    for part in range(3):
        model = first_reading([page for i, page in enumerate(pages) if i % 3 != part])
        for page in pages[part::3]:
            scores = [sum(model.get(name, 0.0) for name in row) for row in page.rows]
            rows += [list(zip(CONTEXT, row, strict=True)) for row in context(page.found, scores)]
            marks.append(page.belongs)
            weights.append(page.weights)
    names = {name: i for i, name in enumerate(sorted({name for row in rows for name, _ in row}))}
    second = regress(rows, np.concatenate(marks), np.concatenate(weights), names, STRENGTH[1])
    return first_reading(pages), second


def score(page: Sample, weights: maintext.Weights) -> float:
    """Word F1 of the blocks chosen against the gold text."""
    threshold = maintext.least(page.doc)
    chosen = zip(page.found, maintext.chances(page.doc, page.found, weights), strict=True)
    got = Counter(words(" ".join(dict.fromkeys(block.text for block, chance in chosen if chance >= threshold))))
    if not got or not page.gold:
        return float(not got and not page.gold)
    return 2 * (got & page.gold).total() / (got.total() + page.gold.total())


def cross(pages: list[Sample], folds: int) -> None:
    sites = sorted({page.site for page in pages})
    random.Random(1).shuffle(sites)
    fold = {site: i % folds for i, site in enumerate(sites)}
    results: dict[tuple[str, int], list[float]] = {}
    for part in range(folds):
        weights = fit([page for page in pages if fold[page.site] != part])
        for page in pages:
            if fold[page.site] == part:
                results.setdefault((page.kind, part), []).append(score(page, weights))
    for kind in KINDS:
        parts = [results[kind, part] for part in range(folds)]
        every = statistics.mean(value for part in parts for value in part)
        print(f"{folds} folds {kind} F1 {every:.3f}:", *(f"{statistics.mean(part):.3f}" for part in parts))


def main() -> None:
    folder, write = Path(sys.argv[1]), "--write" in sys.argv
    pages = samples(folder)
    for folds in (2, 4):
        cross(pages, folds)
    if write:
        lines = ["reading\tfeature\tweight"]
        for number, reading in enumerate(fit(pages), 1):
            lines += [f"{number}\t{name}\t{weight:.3f}" for name, weight in reading.items() if abs(weight) >= 0.01]
        (Path(maintext.__file__).parent / "maintext.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(len(lines) - 1, "weights written")


if __name__ == "__main__":
    main()
