"""Results of costly calculations, kept for the next analysis under a digest of all that they rest on.

Only where every number that goes in is the same is a result taken from here: it is then what the calculation would come to again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, MutableMapping
from typing import Any

import numpy as np

NAME = "results"


class Memo:
    """Results by what was calculated and from what. ``beside`` is where bytes are kept between analyses."""

    def __init__(self, beside: MutableMapping[str, bytes] | None = None) -> None:
        self._known: dict[str, Any] = json.loads(beside[NAME]) if beside and NAME in beside else {}
        self._used: dict[str, Any] = {}

    def __call__(self, what: str, given: tuple[Any, ...], find: Callable[[], Any]) -> Any:
        """The result of ``find``, plain numbers, texts and lists of them, which rests on ``given`` (arrays and plain values) alone."""
        digest = _digest(what, given)
        if digest not in self._used:
            self._used[digest] = self._known[digest] if digest in self._known else find()
        return self._used[digest]

    def packed(self) -> dict[str, bytes]:
        """What was asked for since this began; older results are forgotten."""
        return {NAME: json.dumps(self._used).encode()}


def _digest(what: str, given: tuple[Any, ...]) -> str:
    found = hashlib.blake2b(what.encode(), digest_size=16)
    for one in given:
        if isinstance(one, np.ndarray):
            found.update(f"{one.dtype}{one.shape}".encode())
            found.update(np.ascontiguousarray(one).data)
        else:
            found.update(f"{one!r}\n".encode())
    return found.hexdigest()
