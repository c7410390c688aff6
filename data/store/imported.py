"""A file that is taken in, and what of its rows has no place in a post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file as it is noted. ``source_kind`` is the study's word for such a source; ``about`` a brand's name or ``None``."""

    name: str
    digest: str
    kind: str
    format: str
    source_kind: str
    about: str | None
    mapping: Mapping[str, object]
    terms: str | None = None

    @property
    def source(self) -> str:
        """The address under which the file is a source."""
        return f"file:{self.name}"


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """What of a row has no place: ``post_id`` with its site where the row became a post, else ``key`` tells rows apart."""

    number: int
    key: str
    post: tuple[str, str] | None
    rest: Mapping[str, str] = field(default_factory=dict)
    why: str | None = None
