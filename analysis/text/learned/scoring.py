"""The features of many documents at once, in whole arrays, as a fitted model counts them.

Every word is looked up once; two or three words in a row are then one number, and the features are found by numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from thinc.api import NumpyOps

from analysis.text.learned.features import Seen
from analysis.text.learned.vectors import Floats, Vectors

Numbers = NDArray[np.int64]
#: Rows and columns of features, the column -1 for those not known.
_Places = tuple[Numbers, Numbers]
# BLIS, which stays on the one core that it is called on: several processes would wait for each other's threads.
_product = NumpyOps().gemm


_HASH_BITS = 17
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class _Rows(dict[Any, int]):
    """Key → row, and -1 for what is not known."""

    def __missing__(self, key: Any) -> int:
        return -1


class _Numbered:
    """Rows by number, found for many numbers at once: those of one hash lie side by side."""

    def __init__(self, numbers: Numbers, rows: Sequence[int]) -> None:
        hashes = self._hash(numbers)
        order = np.argsort(hashes, kind="stable")
        crowds = np.bincount(hashes, minlength=1 << _HASH_BITS)
        self._first = (np.cumsum(crowds) - crowds).astype(np.int32)
        self._most = int(crowds.max())
        behind = np.full(self._most, -1)
        self._numbers = np.concatenate([numbers[order], behind])
        self._rows = np.concatenate([np.array(rows, dtype=np.int64)[order], behind])

    @staticmethod
    def _hash(numbers: Numbers) -> Numbers:
        """Knuth's multiplicative hash."""
        mixed: Numbers = (numbers.astype(np.uint64) * _GOLDEN >> np.uint64(64 - _HASH_BITS)).astype(np.int64)
        return mixed

    def of(self, numbers: Numbers) -> Numbers:
        """The row of each of ``numbers``, -1 where there is none."""
        first = self._first[self._hash(numbers)]
        found: Numbers = np.full(len(numbers), -1)
        for place in range(self._most):
            at = first + place
            same = self._numbers[at] == numbers
            found[same] = self._rows[at[same]]
        return found


class Read(NamedTuple):
    """Documents as features: ``matrix`` has a row for each clause and then one for each document, which all its clauses share.

    ``documents`` are the clauses' documents by number, ``dense`` what the word vectors say of each clause.
    """

    matrix: csr_matrix
    documents: Numbers
    dense: Floats

    def clauses(self) -> csr_matrix:
        """The features of each clause with those of its document, shape (clauses, features)."""
        count = len(self.documents)
        both: csr_matrix = (self.matrix[:count] + self.matrix[count:][self.documents]).tocsr()
        return both

    def score(self, weights: Floats) -> Floats:
        """Log-odds of shape (clauses, labels) by ``weights`` of shape (features + dense columns + 1, labels)."""
        count, size = len(self.documents), self.matrix.shape[1]
        summed = np.asarray(self.matrix @ weights[:size], dtype=np.float32)
        scores: Floats = summed[:count] + summed[count:][self.documents] + weights[-1]
        if self.dense.size:
            scores += _product(self.dense, weights[size:-1])
        return scores


class Reader:
    """Reads documents by the features' ``rows``, by family, and their ``sizes``."""

    def __init__(self, rows: dict[str, dict[Any, int]], sizes: Floats, vectors: Vectors) -> None:
        self._sizes, self._vectors = sizes, vectors
        self._facts = _Rows(rows["fact"])
        # A number for every word; 0 for one not known.
        single = [rows[family] for family in ("word", "before", "after", "text")]
        several = [rows[family] for family in ("pair", "gap", "triple")]
        words = dict.fromkeys(chain(*single, *chain.from_iterable(several), vectors.index, *vectors.two))
        self._words = _Rows({word: number for number, word in enumerate(words, 1)})
        self._most = most = len(words) + 1
        self._single = [self._by_word(found) for found in (*single, vectors.index)]
        # Pairs lie below the square of ``most``, gaps below twice of it, and triples above.
        numbers = [self._in_row(several[0], 2), self._in_row(several[1], 2) + most * most]
        numbers.append(self._in_row(several[2], 3) + 2 * most**3)
        self._several = _Numbered(np.concatenate(numbers), list(chain.from_iterable(map(dict.values, several))))
        self._two = _Numbered(self._in_row(vectors.two, 2), list(vectors.two.values()))

    def of(self, seen: Sequence[Seen]) -> Read:
        """The features of ``seen``."""
        sizes, counts = [len(doc.norms) for doc in seen], [len(doc.clauses) for doc in seen]
        documents = np.repeat(np.arange(len(seen)), counts)
        count = len(documents)
        everywhere = list(chain.from_iterable([doc.norms for doc in seen]))
        text = np.fromiter(map(self._words.__getitem__, everywhere), np.int64, len(everywhere))
        np.maximum(text, 0, out=text)
        # The words that lie in clauses, and which clause each lies in.
        ends = np.array([(clause.start, clause.end) for doc in seen for clause in doc.clauses]).reshape(-1, 2).T
        lengths = ends[1] - ends[0]
        begins = ends[0] + (np.cumsum(sizes) - sizes)[documents]
        owner = np.repeat(np.arange(count), lengths)
        words = text[np.arange(len(owner)) + np.repeat(begins - np.cumsum(lengths) + lengths, lengths)]
        changes = np.diff(documents) != 0
        places = [
            *self._beside(words, owner, changes),
            *self._in_a_row(words, owner),
            (count + np.repeat(np.arange(len(seen)), sizes), self._single[3][text]),
            self._named([found for doc in seen for found in doc.facts]),
        ]
        dense = self._dense(words, owner, changes, count)
        return Read(self._matrix(places, count + len(seen)), documents, dense)

    def _in_row(self, rows: Iterable[tuple[str, ...]], width: int) -> Numbers:
        """The number of each of ``rows``, ``width`` words."""
        words = np.array(list(map(self._words.__getitem__, chain.from_iterable(rows))), dtype=np.int64)
        number: Numbers = words.reshape(-1, width) @ (np.int64(self._most) ** np.arange(width - 1, -1, -1))
        return number

    def _by_word(self, rows: dict[str, int]) -> Numbers:
        """The row of each word by its number."""
        found = np.full(self._most, -1)
        found[list(map(self._words.__getitem__, rows))] = list(rows.values())
        return found

    def _beside(self, words: Numbers, owner: Numbers, changes: NDArray[np.bool_]) -> Iterator[_Places]:
        """The words of each clause as its own, and as those of the clauses before and after."""
        word, before, after = self._single[:3]
        first, last = np.append(True, changes)[owner], np.append(changes, True)[owner]
        yield owner, word[words]
        yield owner + 1, np.where(last, -1, before[words])
        yield owner - 1, np.where(first, -1, after[words])

    def _in_a_row(self, words: Numbers, owner: Numbers) -> Iterator[_Places]:
        most = self._most
        two, three = owner[1:] == owner[:-1], owner[2:] == owner[:-2]
        pairs = words[:-1] * most + words[1:]
        gaps = (words[:-2] + most) * most + words[2:]
        triples = (pairs[:-1] + 2 * most * most) * most + words[2:]
        numbers = np.concatenate([pairs[two], gaps[three], triples[three]])
        yield np.concatenate([owner[:-1][two], owner[:-2][three], owner[:-2][three]]), self._several.of(numbers)

    def _named(self, facts: Sequence[Sequence[str]]) -> _Places:
        named = np.fromiter(map(self._facts.__getitem__, chain.from_iterable(facts)), np.int64)
        return np.repeat(np.arange(len(facts)), list(map(len, facts))), named

    def _dense(self, words: Numbers, owner: Numbers, changes: NDArray[np.bool_], count: int) -> Floats:
        if not self._vectors:
            return np.zeros((count, 0), dtype=np.float32)
        together = np.full(len(words) + 1, -1)
        follows = owner[1:] == owner[:-1]
        together[1:-1][follows] = self._two.of((words[:-1] * self._most + words[1:])[follows])
        alone = np.where(together[:-1] >= 0, -1, self._single[4][words])
        return self._vectors.pooled(np.where(together[1:] >= 0, together[1:], alone), owner, changes, count)

    def _matrix(self, places: Iterable[_Places], rows: int) -> csr_matrix:
        """The features at ``places``, each counted once in a row."""
        row, column = (np.concatenate(parts) for parts in zip(*places, strict=True))
        size = len(self._sizes)
        keys = np.sort((row * size + column)[column >= 0])
        keys = keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
        ends = np.searchsorted(keys, np.arange(rows + 1) * size)
        columns = (keys % size).astype(np.int32)
        return csr_matrix((self._sizes[columns], columns, ends.astype(np.int32)), shape=(rows, size))
