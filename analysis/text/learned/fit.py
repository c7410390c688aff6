"""Fit the models on the coded posts: ``python -m analysis.text.learned.fit [vi|en]``.

Logistic regression with a ridge penalty, all labels at once by L-BFGS (SciPy); a pain's kind, category and severity are
softmax groups fitted on the clauses that hold a pain. ``python -m tests.learned_folds`` measures by folds and writes nothing.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from analysis.text import pipeline
from analysis.text.learned import model as models
from analysis.text.learned.coded import Example, examples
from analysis.text.learned.component import default_model
from analysis.text.learned.features import JOINED, PAIN
from analysis.text.learned.scoring import Reader
from analysis.text.learned.vectors import Vectors
from analysis.text.learned.vectors import load as load_vectors
from data import gold

#: Ridge penalty; half of it for a softmax group.
_PENALTY = 3.0
_LEAST_POSTS = 2
_LEAST_POSITIVE = 8
_GROUPS = ("kind=", "category=", "severity=")
_STEPS = 60


def table_of(fitted: Sequence[Example]) -> models.Table:
    """The features that occur in at least two posts."""
    counts: Counter[Any] = Counter()
    for example in fitted:
        counts.update({feature for told in example.seen.features for feature in told.named()})
        counts.update(("text", word) for word in example.seen.words)
    return models.Table(sorted(models.name_of(*feature) for feature, n in counts.items() if n >= _LEAST_POSTS))


def labels_of(fitted: Sequence[Example]) -> list[str]:
    """The labels with enough clauses to learn from."""
    counts = Counter(label for example in fitted for labels in example.labels for label in labels)
    return sorted(label for label, n in counts.items() if n >= _LEAST_POSITIVE)


def fit(fitted: Sequence[Example], vectors: Vectors, settings: dict[str, float]) -> models.Model:
    """A model of ``fitted``."""
    table, labels = table_of(fitted), labels_of(fitted)
    seen = [example.seen for example in fitted]
    matrix: Any = Reader(table.rows, table.sizes, vectors).of(seen).whole()
    matrix = hstack([matrix, csr_matrix(np.ones((matrix.shape[0], 1), dtype=np.float32))]).tocsr().astype(np.float32)
    told = [clause for example in fitted for clause in example.labels]
    truth = np.array([[label in clause for label in labels] for clause in told], dtype=np.float32)
    weights = _minimise(matrix, truth, labels)
    used = np.abs(weights[: len(table.names)]).max(axis=1) > 0
    kept = models.Table([name for name, keep in zip(table.names, used, strict=True) if keep])
    rows = np.concatenate([used, np.ones(len(weights) - len(used), dtype=bool)])
    return models.Model(labels, kept, weights[rows].astype(np.float32), vectors, settings)


def _minimise(matrix: Any, truth: NDArray[np.float32], labels: Sequence[str]) -> NDArray[np.float32]:
    groups = [[i for i, label in enumerate(labels) if label.startswith(prefix)] for prefix in _GROUPS]
    grouped = {i for group in groups for i in group}
    single = [i for i in range(len(labels)) if i not in grouped]
    pain = truth[:, labels.index(PAIN)] > 0
    mask = np.ones_like(truth)
    if JOINED in labels:
        mask[:, labels.index(JOINED)] = pain
    out = np.zeros((matrix.shape[1], len(labels)), dtype=np.float32)
    out[:, single] = _descend(matrix, truth[:, single], mask[:, single], softmax=False)
    for group in groups:
        if group:
            out[:, group] = _descend(matrix[pain], truth[pain][:, group], mask[pain][:, group], softmax=True)
    return out


def _descend(matrix: Any, truth: NDArray[Any], mask: NDArray[Any], *, softmax: bool) -> NDArray[np.float32]:
    shape = (matrix.shape[1], truth.shape[1])
    penalty = np.full((shape[0], 1), _PENALTY * (0.4 if softmax else 1.0), dtype=np.float32)
    penalty[-1] = 0.01
    across = matrix.T.tocsr()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        z = matrix @ weights
        if softmax:
            z -= z.max(axis=1, keepdims=True)
            e = np.exp(z)
            p = e / e.sum(axis=1, keepdims=True)
            value = -float(np.log(np.clip((p * truth).sum(axis=1), 1e-9, 1)).sum())
        else:
            p = 1 / (1 + np.exp(-z))
            value = float((mask * (np.logaddexp(0, z) - truth * z)).sum())
        slope = across @ (mask * (p - truth)) + penalty * weights
        return value + 0.5 * float((penalty * weights**2).sum()), slope.astype(np.float64).ravel()

    found = minimize(
        loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "maxcor": 6}
    )
    return found.x.reshape(shape).astype(np.float32)


def vectors_of(lang: str) -> Vectors:
    """The word vectors of one language, empty where it has none."""
    path = default_model(lang).with_name(models.VECTORS)
    return load_vectors(path) if path.is_file() else Vectors()


def posts_of(lang: str) -> list[gold.CodedPost]:
    """The posts a model may learn from: the training posts and the development half of the gold posts, one domain left out."""
    return [
        post
        for post in (*gold.gold(lang, part=gold.DEVELOPMENT), *gold.training(lang))
        if post.domain != gold.UNSEEN_DOMAIN
    ]


def main(languages: Sequence[str]) -> None:
    """Fit and write the model of each of ``languages``."""
    for lang in languages:
        nlp = pipeline.build(lang, sensitive=True, learned=False)
        fitted = fit(list(examples(nlp, posts_of(lang))), vectors_of(lang), {})
        path = default_model(lang)
        path.parent.mkdir(exist_ok=True)
        fitted.save(path)
        print(f"{path}: {len(fitted.table.names)} features, {len(fitted.labels)} labels, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:] or pipeline.LANGUAGES)
