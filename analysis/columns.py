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
    found: Columns = {}
    for (name, kind), part in zip(types.items(), parts, strict=True):
        found[name] = np.concatenate(part) if part else np.array([], dtype=np.int64 if kind is str else kind)
        part.clear()  # so that a million rows do not lie there twice
    return found


def chunks(store: Store, sql: str, parameters: Mapping[str, object] | None = None) -> Iterator[list[tuple[Any, ...]]]:
    """The columns of a statement, some ten thousand rows at a time."""
    for rows in store.chunks(sql, parameters or {}):
        yield list(zip(*rows, strict=True))


def size(columns: Columns) -> int:
    return len(next(iter(columns.values())))


def take(columns: Columns, which: NDArray[Any]) -> Columns:
    """The rows that ``which`` (a mask or places) picks."""
    return {name: values[which] for name, values in columns.items()}


def only(columns: Columns, which: NDArray[np.bool_]) -> Columns:
    """The rows that a mask picks; the columns themselves where it picks all."""
    return columns if bool(which.all()) else take(columns, which)


def ordered(columns: Columns, key: Ints) -> Columns:
    """The rows in the order of ``key``; the columns themselves where they are in it."""
    return columns if bool((key[1:] >= key[:-1]).all()) else take(columns, np.argsort(key, kind="stable"))


def places(known: Ints, wanted: Ints) -> Ints:
    """``np.searchsorted(known, wanted)`` of whole numbers that are not negative: by a table where ``known`` leaves out few numbers."""
    most = int(known[-1]) if len(known) else 0
    if most > 8 * len(known):
        return np.searchsorted(known, wanted)
    there = np.zeros(most + 2, dtype=np.int64)
    there[known + 1] = 1
    return np.asarray(np.cumsum(there)[np.minimum(wanted, most + 1)], dtype=np.int64)


def among(values: NDArray[Any], wanted: ArrayLike) -> NDArray[np.bool_]:
    """Which of ``values`` (whole numbers) are wanted."""
    return np.asarray(np.isin(values, np.asarray(wanted, dtype=np.int64)), dtype=bool)


def joined(kept: Columns, fresh: Columns, changed: Ints, of: str, order: Sequence[str]) -> Columns:
    """``kept`` without the rows whose column ``of`` is among ``changed``, and ``fresh`` with theirs, sorted by ``order``."""
    rest = ~among(kept[of], changed)
    whole = {name: np.concatenate([values[rest], fresh[name]]) for name, values in kept.items()}
    key = whole[order[0]]
    for name in order[
        1:
    ]:  # one number for all, none of which is negative: sorted at once, and in no time where rows are in order
        key = key * (int(whole[name].max(initial=0)) + 1) + whole[name]
    return ordered(whole, key)


def differing(old: Columns, new: Columns) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows of ``old`` are not in ``new``, and which of ``new`` are not in ``old``; both have the same columns, and no row twice.

    Rows are told apart by 64-bit hashes of theirs: of a million rows two are taken for one with a chance of 1 to 30 million.
    """
    one, two = (_hashes(columns, list(new)) for columns in (old, new))
    first, second = np.sort(one), np.sort(two)
    return ~_in_sorted(one, second), ~_in_sorted(two, first)


def _hashes(columns: Columns, names: Sequence[str]) -> NDArray[np.uint64]:
    found = np.full(size(columns), len(names), dtype=np.uint64)
    for name in names:
        values = columns[name]
        bits = (values + 0.0).view(np.uint64) if values.dtype.kind == "f" else values.astype(np.int64).view(np.uint64)
        found = mixed(found ^ bits)
    return found


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers that look drawn at random, another one for each value (SplitMix64; Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        found = values + np.uint64(0x9E3779B97F4A7C15)
        found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(found ^ (found >> np.uint64(31)), dtype=np.uint64)


def _in_sorted(values: NDArray[Any], known: NDArray[Any]) -> NDArray[np.bool_]:
    if not len(known):
        return np.zeros(len(values), dtype=bool)
    order = np.argsort(values)  # what is looked for in order is found many times quicker
    ordered = values[order]
    at = np.minimum(np.searchsorted(known, ordered), len(known) - 1)
    found = np.zeros(len(values), dtype=bool)
    found[order] = known[at] == ordered
    return found


def within(values: Ints, known: Ints) -> NDArray[np.bool_]:
    """Which of ``values`` are among ``known``, both many."""
    return _in_sorted(values, np.sort(known))


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
    low, high = int(values.min()), int(values.max())
    # A type for negative numbers that holds the greatest one too: of a signed and an unsigned one NumPy makes floats.
    return values.astype(np.min_scalar_type(high) if low >= 0 else np.min_scalar_type(min(low, -high - 1)))


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
