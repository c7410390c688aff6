"""What a format says of itself: the columns by which it is known, and what each of them holds."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from typing import Any, ClassVar

from crawler.importers.mapping import Mapping


class Format:
    """An export of one platform or tool. Most are tables of names; one that has to mend its rows overrides :meth:`mend`.

    ``needs`` are sets of columns (in any case), one of which the file must have; ``has`` are fields with the names their column may
    have, the likeliest first. ``site`` is what its ids are unique within; ``private`` says that people wrote to each other and
    not to everybody.
    """

    name: ClassVar[str]
    site: ClassVar[str | None] = None
    kind: ClassVar[str] = "fanpage"
    private: ClassVar[bool] = False
    needs: ClassVar[Sequence[frozenset[str]]] = ()
    has: ClassVar[AnyMapping[str, Sequence[str]]] = {}
    reactions: ClassVar[AnyMapping[str, str]] = {}
    person: ClassVar[Sequence[str]] = ()
    leave_out: ClassVar[Sequence[str]] = ()
    settings: ClassVar[AnyMapping[str, Any]] = {}
    #: Column → what stands in it where a message is the account's own, whose messages were exported.
    ours: ClassVar[AnyMapping[str, Sequence[str]]] = {}
    #: Columns of who sent a message and of who got it, where both are ids.
    sent: ClassVar[tuple[str, str] | None] = None

    def fits(self, columns: Sequence[str], head: AnyMapping[str, str]) -> bool:
        """Whether a file with these columns (and ``head`` beside its list) is such an export."""
        named = {column.casefold() for column in columns}
        return any(names <= named for names in self.needs)

    def mapping(self, columns: Sequence[str]) -> Mapping:
        """What the file's columns hold."""
        real = {column.casefold(): column for column in reversed(columns)}
        said: dict[str, Any] = {"format": self.name, **self.settings}
        for field, names in self.has.items():
            column = next((real[name.casefold()] for name in names if name.casefold() in real), None)
            if column is not None:
                said[field] = column
        reactions = {
            name: real[column.casefold()] for name, column in self.reactions.items() if column.casefold() in real
        }
        if reactions:
            said["reactions"] = reactions
        for field, names in (("person", self.person), ("leave_out", self.leave_out)):
            if found := [real[name.casefold()] for name in names if name.casefold() in real]:
                said[field] = found
        return Mapping.model_validate(said)

    def mend(self, cells: dict[str, str], mapping: Mapping) -> dict[str, str]:
        """The row as it should have been written; by default as it is.

        What follows from several columns is put under ``@id``, ``@author``, ``@thread``, ``@thread_url`` and ``@reply_to``;
        ``@label`` names the row within its file, and ``@within`` is the label of the row that it answers.
        """
        return cells

    def is_ours(self, cells: AnyMapping[str, str]) -> bool:
        """Whether a message was sent by the account whose messages were exported."""
        return any(cells.get(column, "").strip().casefold() in values for column, values in self.ours.items())

    def whole(self, head: AnyMapping[str, str]) -> str | None:
        """What all rows of a file belong to, where the file says so beside them."""
        return None

    def common(self, head: AnyMapping[str, str]) -> dict[str, str]:
        """Cells that every row has, from what stands beside or above them: ``@thread_url``, ``@thread_title``."""
        return {}

    def all_columns(self) -> set[str]:
        """Every column name that the format speaks of."""
        return {
            *(name for names in self.needs for name in names),
            *(name for names in self.has.values() for name in names),
            *self.reactions.values(),
            *self.person,
            *self.leave_out,
        }
