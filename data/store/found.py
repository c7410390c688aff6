"""What an analysis asks of a store: rows and columns to work on, and tables to write what it found into."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Parameters = Mapping[str, object] | Sequence[object]


class Found(ABC):
    """The part of the store that findings are read from and written to."""

    @abstractmethod
    def tuples(self, sql: str, parameters: Parameters = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a read-only statement as plain tuples: for millions of them."""

    @abstractmethod
    def chunks(self, sql: str, parameters: Parameters = (), *, size: int = 50_000) -> Iterator[list[tuple[Any, ...]]]:
        """The same, so many rows at a time."""

    @abstractmethod
    def replace_rows(self, table: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Replace the whole content of a findings table in one transaction."""

    @abstractmethod
    def replace_columns(
        self, table: str, columns: Mapping[str, Any], *, of: tuple[str, Sequence[int]] | None = None
    ) -> None:
        """Replace the content of a findings table by columns of equal length (lists or arrays), in one transaction.

        ``of`` names a column and its values: then only the rows with one of these values are replaced.
        """

    @abstractmethod
    def change_columns(self, table: str, gone: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Delete from a findings table the rows with these values (columns of equal length), and add ``new`` ones, in one transaction."""

    @abstractmethod
    def kept_columns(self, rests_on: str) -> dict[str, bytes]:
        """What :meth:`keep_columns` kept, by name; nothing where it rests on something else or a post was deleted since."""

    @abstractmethod
    def keep_columns(self, rests_on: str, columns: Mapping[str, bytes], *, change: int) -> None:
        """Keep what an analysis read for the next one, and forget the changes up to number ``change``, which it knows of."""

    @abstractmethod
    def changed_posts(self) -> tuple[list[int], int]:
        """The posts (rows' ids) that have changed since columns were last kept, and the number of the newest change."""
