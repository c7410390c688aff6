"""What an import of evidence other than posts asks of a store."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

from data.store.imported import Observation


class Evidence(ABC):
    """The part of the store that keeps figures, notes and reports, and takes them out again."""

    @abstractmethod
    def save_observations(self, import_id: int, rows: Iterable[Observation]) -> int:
        """Write the cells that an import brought; how many there were."""

    @abstractmethod
    def add_rows(self, table: str, rows: Iterable[Mapping[str, object]]) -> list[int]:
        """Add rows to a table; the numbers that they have there."""

    @abstractmethod
    def add_notes(self, import_id: int, notes: Mapping[tuple[str, str], Mapping[str, object]]) -> None:
        """Write what notes tell beside their posts (site and ``post_id``): channel, kind, product, told_by. What is known of one stays."""

    @abstractmethod
    def undo_import(self, import_id: int) -> dict[str, int]:
        """Delete all that an import brought; table → how many rows went. ``InputError`` where a later one stands upon it."""

    @abstractmethod
    def change_observation(self, observation_id: int, changes: Mapping[str, object]) -> None:
        """Write other values into columns of an observation, and when somebody decided on it."""
