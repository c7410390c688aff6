"""Tables as columns of numbers: read by raw cursors, kept between analyses, put together again after a few authors changed.

Text columns are numbers too: places in a list of words (:class:`Words`), so that a million rows are compared, sorted and merged
as integers.
"""

from __future__ import annotations

import io
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.store import Store

Ints = NDArray[np.int64]
Columns = dict[str, NDArray[Any]]
#: A time that nobody knows; it sorts before all others.
NEVER = -(2**62)
_DAY = 86_400


class Words:
    """Words (or tuples of them) by number, in the order in which they were met."""

    def __init__(self, known: Iterable[Hashable] = ()) -> None:
        self._numbers: dict[Any, int] = {word: number for number, word in enumerate(known)}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, word: Hashable) -> int:
        return self._numbers.setdefault(word, len(self._numbers))

    def numbers(self, words: Iterable[Hashable]) -> Ints:
        known = self._numbers
        return np.array([known.setdefault(word, len(known)) for word in words], dtype=np.int64)

    @property
    def words(self) -> list[Any]:
        return list(self._numbers)

    def texts(self) -> NDArray[np.object_]:
        """The words as an array that numbers pick from; only of plain words."""
        found = np.empty(len(self._numbers), dtype=object)
        found[:] = self.words
        return found


def read(
    store: Store, sql: str, types: Mapping[str, Any], parameters: Mapping[str, object] | None = None, **words: Words
) -> Columns:
    """The columns of a statement, named and typed by ``types``; those whose type is ``str`` by number in ``words[name]``."""
    parts: list[list[NDArray[Any]]] = [[] for _ in types]
    for chunk in chunks(store, sql, parameters):
        for place, (name, values) in enumerate(zip(types, chunk, strict=True)):
            kind = types[name]
            parts[place].append(words[name].numbers(values) if kind is str else np.array(values, dtype=kind))
    return {
        name: np.concatenate(part) if part else np.array([], dtype=np.int64 if kind is str else kind)
        for (name, kind), part in zip(types.items(), parts, strict=True)
    }


def chunks(store: Store, sql: str, parameters: Mapping[str, object] | None = None) -> Iterator[list[tuple[Any, ...]]]:
    """The columns of a statement, some ten thousand rows at a time."""
    for rows in store.chunks(sql, parameters or {}):
        yield list(zip(*rows, strict=True))


def size(columns: Columns) -> int:
    return len(next(iter(columns.values())))


def take(columns: Columns, which: NDArray[Any]) -> Columns:
    """The rows that ``which`` (a mask or places) picks."""
    return {name: values[which] for name, values in columns.items()}


def among(values: NDArray[Any], wanted: ArrayLike) -> NDArray[np.bool_]:
    """Which of ``values`` (whole numbers) are wanted."""
    return np.asarray(np.isin(values, np.asarray(wanted, dtype=np.int64)), dtype=bool)


def joined(kept: Columns, fresh: Columns, changed: Ints, of: str, order: Sequence[str]) -> Columns:
    """``kept`` without the rows whose column ``of`` is among ``changed``, and ``fresh`` with theirs, sorted by ``order``."""
    rest = ~among(kept[of], changed)
    whole = {name: np.concatenate([values[rest], fresh[name]]) for name, values in kept.items()}
    return take(whole, np.lexsort([whole[name] for name in reversed(order)]))


def distinct(values: Ints) -> Ints:
    """The different values, sorted: by sorting, which is quicker for whole numbers than NumPy's hashing of them."""
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def pairs(one: Ints, other: Ints) -> tuple[Ints, Ints, Ints]:
    """The different pairs of two columns (whole numbers, not negative), and the place of each row's pair among them."""
    most = int(other.max(initial=0)) + 1
    found, place = np.unique(one * most + other, return_inverse=True)
    return found // most, found % most, place.reshape(-1)


def packed(columns: Columns) -> bytes:
    """Columns as bytes, each in the smallest type that holds it."""
    buffer = io.BytesIO()
    np.savez(buffer, **{name: _smallest(values) for name, values in columns.items()})  # type: ignore[arg-type]
    return buffer.getvalue()


def unpacked(data: bytes) -> Columns:
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        return {name: _widest(found[name]) for name in found.files}


def _smallest(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype.kind != "i" or not len(values):
        return values
    return values.astype(np.result_type(np.min_scalar_type(values.min()), np.min_scalar_type(values.max())))


def _widest(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(np.int64) if values.dtype.kind in "iu" else values


def words_packed(words: Words) -> bytes:
    return json.dumps(words.words, ensure_ascii=False).encode()


def words_unpacked(data: bytes) -> Words:
    return Words(tuple(word) if isinstance(word, list) else word for word in json.loads(data))


def moments(at: Ints) -> NDArray[np.object_]:
    """Seconds since 1970 as ISO 8601 text in UTC, ``None`` where unknown."""
    found = np.empty(len(at), dtype=object)
    known = at != NEVER
    days, day = np.unique(at[known] // _DAY, return_inverse=True)
    seconds, second = np.unique(at[known] % _DAY, return_inverse=True)
    dates = days.astype("datetime64[D]").astype(str).tolist()
    times = [f"T{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}Z" for s in seconds.tolist()]
    found[known] = [dates[d] + times[s] for d, s in zip(day.tolist(), second.tolist(), strict=True)]
    return found
