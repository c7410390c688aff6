"""How well each language is read, as measured on the test half of the gold posts (``data/languages/<language>/accuracy.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "languages"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure, 0 to 1, with its 95 % interval, and on how many coded answers it rests; an F1 with its precision and recall."""

    value: float
    low: float
    high: float
    coded: int
    precision: float | None = None
    recall: float | None = None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What was measured of one language. ``version`` is the pipeline's, ``posts`` how many were read.

    ``measures`` has those of :mod:`analysis.text.evaluate` by name; ``unseen`` the same on the one domain that nobody looked at.
    """

    language: str
    measured_on: date
    version: str
    posts: int
    measures: Mapping[str, Measure]
    unseen_posts: int
    unseen: Mapping[str, Measure]


def file_of(language: str) -> Path:
    return _FOLDER / language / "accuracy.toml"


@cache
def accuracy(language: str) -> Accuracy | None:
    """What was measured of ``language``; ``None`` where nothing was."""
    path = file_of(language)
    if not path.exists():
        return None
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Accuracy(
        language=language,
        measured_on=told["measured_on"],
        version=told["version"],
        posts=told["posts"],
        measures=_measures(told["test"]),
        unseen_posts=told["unseen_posts"],
        unseen=_measures(told["unseen"]),
    )


def _measures(table: Mapping[str, Mapping[str, Any]]) -> dict[str, Measure]:
    return {name: Measure(**figure) for name, figure in table.items()}
