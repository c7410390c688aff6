"""Which column of a file of notes is what: as of posts, and who speaks, through which channel, about what."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from crawler.importers.mapping import SINGLE, Column, Mapping


class NotesMapping(Mapping):
    """``author_id`` is the customer. ``words`` says whose words the texts are where nothing in them does; ``agents`` names those
    who answer customers; of ``answer`` every word is theirs."""

    OWN: ClassVar[tuple[str, ...]] = ("answer", "agent", "role", "channel", "topic", "product")

    COMMENT: ClassVar[str] = "notes.mapping"

    answer: Column | None = None
    agent: Column | None = None
    role: Column | None = None
    channel: Column | None = None
    topic: Column | None = None
    product: Column | None = None
    words: Literal["customer", "agent"] | None = None
    agents: list[Column] = Field(default_factory=list, max_length=1_000)

    def columns(self) -> dict[str, str]:
        named = {field: getattr(self, field) for field in (*SINGLE, *self.OWN)}
        return {field: column for field, column in named.items() if column is not None}

    def used(self) -> set[str]:
        """Channel, topic and product stay beside the post, as what else its row tells."""
        kept = {self.channel, self.topic, self.product}
        return {column for column in super().used() if column not in kept}
