"""A fitted model: a table of features and, for each label, a weight of every feature.

On disk it is one ``.npz`` of plain arrays (nothing in it is executed on loading): the features' names, their weights and
the labels. Scores are log-odds. Word vectors, where a model has them, add the words that the coded posts never held.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.text.learned.features import FAMILIES, Seen
from analysis.text.learned.scoring import Reader
from analysis.text.learned.vectors import Floats, Vectors
from analysis.text.learned.vectors import load as load_vectors

#: The word vectors that a model was fitted with lie beside it.
VECTORS = "vectors.npz"
#: Between the words of one feature; a normal form may hold a space ("nhân viên" for nv).
_JOINT = "\t"
#: Families whose features are several words.
_SEVERAL = frozenset({"pair", "triple", "gap"})


class Table:
    """Features by family, each with its row."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.rows: dict[str, dict[Any, int]] = {family: {} for family in FAMILIES}
        sizes: list[float] = []
        for row, name in enumerate(names):
            family, _, words = name.partition(":")
            self.rows[family][tuple(words.split(_JOINT)) if family in _SEVERAL else words] = row
            sizes.append(FAMILIES[family])
        self.sizes: Floats = np.array(sizes, dtype=np.float32)


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
    _reader: Reader | None = field(default=None, repr=False, compare=False)

    def score(self, seen: Sequence[Seen]) -> Floats:
        """Log-odds of shape (clauses of all documents, labels)."""
        if self._reader is None:
            self._reader = Reader(self.table.rows, self.table.sizes, self.vectors)
        return self._reader.of(seen).score(self.weights)

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
        """Write the model to ``path``: weights in steps of a 127th of each label's greatest, and where each label starts from."""
        scale = np.abs(self.weights[:-1]).max(axis=0) / 127 + 1e-9
        arrays: dict[str, Any] = {
            "features": _bytes(self.table.names),
            "labels": _bytes(self.labels),
            "weights": np.round(self.weights[:-1] / scale).astype(np.int8),
            "start": self.weights[-1:].astype(np.float32),
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
            weights=np.concatenate([arrays["weights"] * arrays["scale"], arrays["start"]]),
            vectors=load_vectors(beside) if beside.is_file() else Vectors(),
            settings={name: float(value) for name, value in settings.items()},
            version=hashlib.blake2b(content, digest_size=4).hexdigest(),
        )


def _bytes(names: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(names, ensure_ascii=False).encode(), dtype=np.uint8)


def _lines(array: NDArray[np.uint8]) -> list[str]:
    return list(json.loads(array.tobytes()))
