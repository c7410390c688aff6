"""Fit the models on the coded posts: ``python -m analysis.text.learned.fit [vi|en]``.

Logistic regression with a ridge penalty, all labels at once by L-BFGS (SciPy); a pain's kind, category and severity are
softmax groups fitted on the clauses that hold a pain. ``python -m tests.learned_folds`` measures by folds and writes nothing.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from analysis.text import pipeline
from analysis.text.learned import model as models
from analysis.text.learned.coded import Example, examples, sentences
from analysis.text.learned.component import default_model
from analysis.text.learned.features import JOINED, PAIN
from analysis.text.learned.scoring import Reader
from analysis.text.learned.vectors import Floats, Vectors
from analysis.text.learned.vectors import load as load_vectors
from analysis.text.learned.whole import TEXT_CUE, TEXT_PAIN
from data import gold

#: Ridge penalty; half of it for a softmax group.
_PENALTY = 3.0
_LEAST_POSTS = 2
_LEAST_POSITIVE = 8
_GROUPS = ("kind=", "category=", "severity=")
_STEPS = 150


class _Rows(NamedTuple):
    """Clauses to learn from: features, few of them in a clause, dense columns, and a column of ones that is not written down."""

    features: csr_matrix
    across: csr_matrix
    dense: Floats

    @classmethod
    def of(cls, features: csr_matrix, dense: Floats) -> Self:
        return cls(features, features.T.tocsr(), dense)

    def of_rows(self, kept: NDArray[np.bool_]) -> Self:
        return self.of(self.features[kept], self.dense[kept])

    @property
    def width(self) -> int:
        width: int = self.features.shape[1] + self.dense.shape[1] + 1
        return width

    def scores(self, weights: Floats) -> Floats:
        size = self.features.shape[1]
        found: Floats = self.features @ weights[:size] + self.dense @ weights[size:-1] + weights[-1]
        return found

    def slopes(self, wrong: Floats) -> Floats:
        return np.concatenate([self.across @ wrong, self.dense.T @ wrong, wrong.sum(axis=0, keepdims=True)])


def table_of(fitted: Sequence[Example]) -> models.Table:
    """The features that occur in at least two posts; a post and its sentences are one."""
    counts: Counter[Any] = Counter()
    for _, mine in groupby(fitted, key=lambda example: example.post.id):
        named: set[Any] = set()
        for example in mine:
            named.update(feature for told in example.seen.features for feature in told.named())
            named.update(("text", word) for word in example.seen.words)
        counts.update(named)
    return models.Table(sorted(models.name_of(*feature) for feature, n in counts.items() if n >= _LEAST_POSTS))


def labels_of(fitted: Sequence[Example]) -> list[str]:
    """The labels with enough clauses to learn from."""
    counts = Counter(label for example in fitted for labels in example.labels for label in labels)
    return sorted(label for label, n in counts.items() if n >= _LEAST_POSITIVE)


def fit(fitted: Sequence[Example], vectors: Vectors, settings: dict[str, float]) -> models.Model:
    """A model of ``fitted``."""
    table, labels = table_of(fitted), labels_of(fitted)
    seen = [example.seen for example in fitted]
    read = Reader(table.rows, table.sizes, vectors).of(seen)
    told = [clause for example in fitted for clause in example.labels]
    truth = np.array([[label in clause for label in labels] for clause in told], dtype=np.float32)
    lengths = np.array([len(example.labels) for example in fitted for _ in example.labels], dtype=np.float32)
    posts = [example.post.id for example in fitted]
    whole = [number == 0 or posts[number - 1] != post for number, post in enumerate(posts)]
    wholes = np.array(
        [one for one, example in zip(whole, fitted, strict=True) for _ in example.labels], dtype=np.float32
    )
    weights = _minimise(_Rows.of(read.clauses(), read.dense), truth, labels, lengths, wholes)
    used = np.abs(weights[: len(table.names)]).max(axis=1) > 0
    kept = models.Table([name for name, keep in zip(table.names, used, strict=True) if keep])
    rows = np.concatenate([used, np.ones(len(weights) - len(used), dtype=bool)])
    return models.Model(labels, kept, weights[rows].astype(np.float32), vectors, settings)


def _minimise(rows: _Rows, truth: Floats, labels: Sequence[str], lengths: Floats, wholes: Floats) -> Floats:
    """Shape (features, labels); ``lengths`` tells how many clauses the document of each clause has, ``wholes`` whether it is a whole post.
    Who somebody is is told all over a post: of its sentences alone only pains are learned."""
    groups = [[i for i, label in enumerate(labels) if label.startswith(prefix)] for prefix in _GROUPS]
    grouped = {i for group in groups for i in group}
    text = [i for i, label in enumerate(labels) if label in (TEXT_PAIN, TEXT_CUE)]
    single = [i for i in range(len(labels)) if i not in grouped and i not in text]
    pain = truth[:, labels.index(PAIN)] > 0
    mask = np.ones_like(truth)
    if JOINED in labels:
        mask[:, labels.index(JOINED)] = pain
    mask[:, text] = 1 / np.sqrt(lengths)[:, None]
    cues = [i for i, label in enumerate(labels) if i not in grouped and label not in (PAIN, JOINED, TEXT_PAIN)]
    mask[:, cues] *= wholes[:, None]
    out = np.zeros((rows.width, len(labels)), dtype=np.float32)
    for columns in (single, text):
        if columns:
            out[:, columns] = _descend(rows, truth[:, columns], mask[:, columns], softmax=False)
    painful = rows.of_rows(pain)
    for group in groups:
        if group:
            out[:, group] = _descend(painful, truth[pain][:, group], mask[pain][:, group], softmax=True)
    return out


def _descend(rows: _Rows, truth: Floats, mask: Floats, *, softmax: bool) -> Floats:
    """``mask`` is how much each clause counts for each label."""
    shape = (rows.width, truth.shape[1])
    penalty = np.full((shape[0], 1), _PENALTY * (0.4 if softmax else 1.0), dtype=np.float32)
    penalty[-1] = 0.01

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        z = rows.scores(weights)
        if softmax:
            z -= z.max(axis=1, keepdims=True)
            e = np.exp(z)
            p = e / e.sum(axis=1, keepdims=True)
            value = -float(np.log(np.clip((p * truth).sum(axis=1), 1e-9, 1)).sum())
        else:
            p = 1 / (1 + np.exp(-z))
            value = float((mask * (np.logaddexp(0, z) - truth * z)).sum())
        slope = rows.slopes(mask * (p - truth)) + penalty * weights
        return value + 0.5 * float((penalty * weights**2).sum()), slope.astype(np.float64).ravel()

    found = minimize(
        loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "maxcor": 6}
    )
    return found.x.reshape(shape).astype(np.float32)


def vectors_of(lang: str) -> Vectors:
    """The word vectors of one language, empty where it has none."""
    path = default_model(lang).with_name(models.VECTORS)
    return load_vectors(path) if path.is_file() else Vectors()


def with_sentences(posts: Iterable[gold.CodedPost]) -> list[gold.CodedPost]:
    """Each post, and behind it its sentences as posts of their own."""
    return [one for post in posts for one in (post, *sentences(post))]


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
        fitted = fit(list(examples(nlp, with_sentences(posts_of(lang)))), vectors_of(lang), {})
        path = default_model(lang)
        path.parent.mkdir(exist_ok=True)
        fitted.save(path)
        print(f"{path}: {len(fitted.table.names)} features, {len(fitted.labels)} labels, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:] or pipeline.LANGUAGES)
