"""A fitted model: a table of features and, for each label, a weight of every feature.

On disk it is one ``.npz`` of plain arrays (nothing in it is executed on loading): the features' names, their weights and
the labels. Scores are log-odds. Word vectors, where a model has them, add the words that the coded posts never held.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from analysis.text.learned.features import FAMILIES, Seen

Floats = NDArray[np.float32]
#: The word vectors that a model was fitted with lie beside it.
VECTORS = "vectors.npz"
#: How much the vectors of a clause and of its neighbours weigh.
_OWN, _NEAR = 0.7, 0.35
#: Between the words of one feature; a normal form may hold a space ("nhân viên" for nv).
_JOINT = "\t"
_NO_WORDS = np.zeros((0, 0), dtype=np.float32)


@dataclass(slots=True)
class Vectors:
    """Words and their vectors, shape (words, dimensions)."""

    index: dict[str, int] = field(default_factory=dict)
    matrix: Floats = field(default_factory=lambda: _NO_WORDS)
    two: dict[tuple[str, str], int] = field(init=False)

    def __post_init__(self) -> None:
        self.two = {(pair[0], pair[1]): row for word, row in self.index.items() if len(pair := word.split(" ")) == 2}

    def __bool__(self) -> bool:
        return bool(self.index)

    def of(self, seen: Sequence[Seen], norms: Sequence[Sequence[str]]) -> Floats:
        """Shape (clauses, 5 × dimensions): mean, greatest and least of each clause's words, and its neighbours' means."""
        size = self.matrix.shape[1]
        rows: list[int] = []
        starts: list[int] = []
        owner: list[int] = []
        count = 0
        breaks: set[int] = set()
        for doc, words in zip(seen, norms, strict=True):
            breaks.add(count)
            for clause in doc.clauses:
                found = self._rows(words[clause.start : clause.end])
                if found:
                    starts.append(len(rows))
                    owner.append(count)
                    rows += found
                count += 1
        out = np.zeros((count, 5 * size), dtype=np.float32)
        if rows:
            words_matrix = self.matrix[rows]
            lengths = np.diff([*starts, len(rows)])[:, None]
            mean = np.add.reduceat(words_matrix, starts) / lengths
            out[owner, :size] = 2 * _OWN * mean
            out[owner, size : 2 * size] = _OWN * np.maximum.reduceat(words_matrix, starts)
            out[owner, 2 * size : 3 * size] = _OWN * np.minimum.reduceat(words_matrix, starts)
            own = out[:, :size] * (_NEAR / _OWN)
            first = np.zeros(count + 1, dtype=bool)
            first[list(breaks)] = True
            first[count] = True
            out[1:, 3 * size : 4 * size] = np.where(first[1:count, None], 0, own[:-1])
            out[:-1, 4 * size :] = np.where(first[1:count, None], 0, own[1:])
        return out

    def _rows(self, norms: Sequence[str]) -> list[int]:
        """The words known, two syllables as one word where they are one."""
        one = [self.index.get(norm, -1) for norm in norms]
        if self.two:
            for i, pair in enumerate(pairwise(norms)):
                if pair in self.two:
                    one[i] = self.two[pair]
                    one[i + 1] = -1
        return [row for row in one if row >= 0]


class Table:
    """Features by family, each with its row."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.rows: dict[str, dict[Any, int]] = {family: {} for family in FAMILIES}
        for row, name in enumerate(names):
            family, _, words = name.partition(":")
            self.rows[family][key_of(family, words)] = row
        self.sizes: Floats = np.array([FAMILIES[name.partition(":")[0]] for name in names], dtype=np.float32)

    def matrix(self, seen: Sequence[Seen]) -> csr_matrix:
        """The clauses of all documents as rows, the features known as columns."""
        lookup = {family: rows.get for family, rows in self.rows.items()}
        columns: list[int | None] = []
        ends = [0]
        for doc in seen:
            everywhere = set(map(lookup["text"], doc.words))
            everywhere.discard(None)
            for told in doc.features:
                columns += everywhere
                for family, keys in told.by_family():
                    known = set(map(lookup[family], keys))
                    known.discard(None)
                    columns += known
                ends.append(len(columns))
        shape = (len(ends) - 1, len(self.names))
        places = np.array(columns, dtype=np.int32)
        return csr_matrix((self.sizes[places], places, np.array(ends)), shape=shape)


def key_of(family: str, words: str) -> Any:
    """A feature's key from its name in a file."""
    return tuple(words.split(_JOINT)) if family in ("pair", "triple", "gap") else words


def name_of(family: str, key: Any) -> str:
    """A feature's name in a file."""
    return f"{family}:{_JOINT.join(key) if isinstance(key, tuple) else key}"


@dataclass(slots=True)
class Model:
    """``weights``: (features + dense columns + 1, labels), the last row what each label starts from."""

    labels: list[str]
    table: Table
    weights: Floats
    vectors: Vectors
    settings: dict[str, float]
    version: str = ""

    def score(self, seen: Sequence[Seen], norms: Sequence[Sequence[str]]) -> Floats:
        """Log-odds of shape (clauses of all documents, labels)."""
        size = len(self.table.names)
        scores: Floats = np.asarray(self.table.matrix(seen) @ self.weights[:size], dtype=np.float32)
        if self.vectors:
            scores += self.vectors.of(seen, norms) @ self.weights[size:-1]
        scores += self.weights[-1]
        return scores

    def explain(self, features: Sequence[tuple[str, Any]], label: str, most: int = 8) -> list[tuple[str, float]]:
        """The features of one clause that weigh most for or against ``label``, by size."""
        column = self.labels.index(label)
        found: dict[str, float] = {}
        for family, key in features:
            row = self.table.rows[family].get(key)
            if row is not None:
                found[self.table.names[row]] = float(self.weights[row, column]) * FAMILIES[family]
        return sorted(found.items(), key=lambda item: -abs(item[1]))[:most]

    def save(self, path: Path) -> None:
        """Write the model to ``path``: weights in steps of a 127th of each label's greatest, which changes no answer."""
        scale = np.abs(self.weights).max(axis=0) / 127 + 1e-9
        arrays: dict[str, Any] = {
            "features": _bytes(self.table.names),
            "labels": _bytes(self.labels),
            "weights": np.round(self.weights / scale).astype(np.int8),
            "scale": scale.astype(np.float32),
            "settings": _bytes([f"{name}={value}" for name, value in self.settings.items()]),
        }
        written = io.BytesIO()
        np.savez_compressed(written, **arrays)
        path.write_bytes(written.getvalue())


def load(path: Path) -> Model:
    """The model in ``path``."""
    import hashlib

    content = path.read_bytes()
    beside = path.with_name(VECTORS)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        settings = dict(line.split("=") for line in _lines(arrays["settings"]))
        return Model(
            labels=_lines(arrays["labels"]),
            table=Table(_lines(arrays["features"])),
            weights=(arrays["weights"] * arrays["scale"]).astype(np.float32),
            vectors=load_vectors(beside) if beside.is_file() else Vectors(),
            settings={name: float(value) for name, value in settings.items()},
            version=hashlib.blake2b(content, digest_size=4).hexdigest(),
        )


def load_vectors(path: Path) -> Vectors:
    """The word vectors in ``path``: words, and their vectors of length 1 in steps of a 127th."""
    with np.load(path, allow_pickle=False) as arrays:
        words = _lines(arrays["words"])
        matrix = (arrays["vectors"] / np.float32(127)).astype(np.float32)
    return Vectors({word: i for i, word in enumerate(words)}, matrix)


def _bytes(names: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(names, ensure_ascii=False).encode(), dtype=np.uint8)


def _lines(array: NDArray[np.uint8]) -> list[str]:
    return list(json.loads(array.tobytes()))
