"""Which column is what: guessed, or written by the user into a small YAML file that can be saved and edited."""

from __future__ import annotations

import difflib
import io
from collections.abc import Mapping as AnyMapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from data.errors import InputError
from data.study import Part, _zone
from data.words import tell

_LARGEST = 100_000
_CODECS = Annotated[str, Field(max_length=40)]
Column = Annotated[str, Field(min_length=1, max_length=200)]


def _moment(said: str) -> str:
    datetime.fromisoformat(said)
    return said


class Mapping(Part):
    """The columns of a file by what they hold, and what the file does not say itself."""

    #: The words that stand above a mapping that is written out.
    COMMENT: ClassVar[str] = "import.mapping.comment"

    format: str | None = None
    text: Column | None = None
    title: Column | None = None
    author: Column | None = None
    author_id: Column | None = None
    posted_at: Column | None = None
    time: Column | None = None
    edited_at: Column | None = None
    url: Column | None = None
    id: Column | None = None
    thread: Column | None = None
    thread_title: Column | None = None
    thread_url: Column | None = None
    reply_to: Column | None = None
    likes: Column | None = None
    helpful: Column | None = None
    rating: Column | None = None
    variant: Column | None = None
    verified: Column | None = None
    pictures: Column | None = None
    reactions: dict[str, Column] = Field(default_factory=dict)
    person: list[Column] = Field(default_factory=list)
    leave_out: list[Column] = Field(default_factory=list)
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    dates: Literal["day first", "month first", "swapped"] | None = None
    #: When the file was made: what “3 days ago” counts from.
    exported_at: Annotated[str, BeforeValidator(str), AfterValidator(_moment)] | None = None
    date_format: str | None = Field(None, max_length=60)
    site: str | None = Field(None, pattern=r"^[a-z0-9.\-]{1,100}$")
    kind: Literal["forum", "fanpage", "reviews"] | None = None
    about: str | None = None
    encoding: _CODECS | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    sheet: str | None = None
    #: Each row is a thread of its own, as posts of a page are.
    alone: bool = False

    @model_validator(mode="after")
    def _pattern(self) -> Self:
        if self.date_format is not None and "%" not in self.date_format:
            raise ValueError("date_format")
        return self

    def columns(self) -> dict[str, str]:
        """Field → column, of the fields that are one column."""
        named = {field: getattr(self, field) for field in SINGLE}
        return {field: column for field, column in named.items() if column is not None}

    def used(self) -> set[str]:
        """Every column that has a place."""
        return {*self.columns().values(), *self.reactions.values()}

    def filled(self, other: Mapping) -> Self:
        """This mapping, with what it does not say taken from ``other``."""
        said = self.model_dump(exclude_unset=True)
        return type(self).model_validate({**other.model_dump(exclude_unset=True), **said})


SINGLE = (
    "text", "title", "author", "author_id", "posted_at", "time", "edited_at", "url", "id", "thread", "thread_title",
    "thread_url", "reply_to", "likes", "helpful", "rating", "variant", "verified", "pictures",
)  # fmt: skip
Given = TypeVar("Given", bound=Mapping)


def _order(kind: type[Mapping]) -> tuple[str, ...]:
    return ("format", *SINGLE, *(name for name in kind.model_fields if name not in (*SINGLE, "format")))


def load(path: Path, kind: type[Given] = Mapping) -> Given:  # type: ignore[assignment]
    """Read a mapping file of a kind. Raises ``InputError`` with what is wrong in it."""
    return _checked(path, kind, plain_of(path))


def plain_of(path: Path) -> dict[str, Any]:
    """What a mapping file says, before it is known whether it makes sense. Raises ``InputError`` for what is no mapping."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if not path.is_file():
        raise InputError("import_no_mapping", path=path)
    if path.stat().st_size > _LARGEST:
        raise InputError("import_mapping_wrong", path=path, problems=tell("import.mapping.too_large"))
    try:
        text = path.read_text(encoding="utf-8-sig")
        if "&" in text and "*" in text and text.count("*") > 20:
            raise InputError("import_mapping_wrong", path=path, problems=tell("import.mapping.not_yaml", line=1))
        plain = YAML(typ="safe", pure=True).load(text)
    except UnicodeDecodeError:
        raise InputError("import_mapping_wrong", path=path, problems=tell("import.mapping.not_utf8")) from None
    except (YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise InputError(
            "import_mapping_wrong", path=path, problems=tell("import.mapping.not_yaml", line=line)
        ) from None
    if not isinstance(plain, dict):
        raise InputError("import_mapping_wrong", path=path, problems=tell("import.mapping.not_a_mapping"))
    return {str(key): value for key, value in plain.items() if value is not None}


def _checked(path: Path, kind: type[Given], plain: AnyMapping[str, Any]) -> Given:
    try:
        return kind.model_validate(plain)
    except ValidationError as error:
        problems = dict.fromkeys(_problem(item, kind) for item in error.errors())
        raise InputError("import_mapping_wrong", path=path, problems="\n".join(problems)) from None


def _problem(item: Any, kind: type[Mapping]) -> str:
    field = ".".join(str(step) for step in item["loc"]) or "date_format"
    if item["type"] == "extra_forbidden":
        order = _order(kind)
        nearest = difflib.get_close_matches(field, order, n=1)
        hint = tell("study.nearest", word=nearest[0]) if nearest else ""
        return tell("import.mapping.unknown", field=field, nearest=hint, known=", ".join(order))
    expected = (
        tell(f"import.mapping.expected.{field}") if field in _EXPLAINED else tell("import.mapping.expected.column")
    )
    return tell("import.mapping.wrong", field=field, got=str(item.get("input"))[:80], expected=expected)


_EXPLAINED = {
    "timezone",
    "dates",
    "date_format",
    "exported_at",
    "site",
    "kind",
    "reactions",
    "person",
    "leave_out",
    "delimiter",
    "alone",
    "words",
    "agents",
}


def check(mapping: Mapping, columns: list[str], *, path: Path) -> None:
    """Raise ``InputError`` where the mapping names a column that the file has not, or no column of texts."""
    known = set(columns)
    for column in (*mapping.used(), *mapping.person, *mapping.leave_out):
        if column not in known:
            nearest = difflib.get_close_matches(column, columns, n=1, cutoff=0.5)
            hint = tell("study.nearest", word=nearest[0]) if nearest else ""
            raise InputError(
                "import_no_column", path=path.name, name=column, nearest=hint, known=", ".join(columns[:60])
            )
    if mapping.text is None and len(columns) == 1:
        raise InputError("import_not_a_table", path=path.name)
    if mapping.text is None:
        raise InputError("import_no_text", path=path.name, known=", ".join(columns[:60]))


def text_of(mapping: Mapping, rest: list[str]) -> str:
    """The mapping as a YAML file to edit; ``rest`` are the columns that have no place yet."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    said = mapping.model_dump(exclude_none=True, exclude_defaults=True)
    tree = CommentedMap((name, said[name]) for name in _order(type(mapping)) if name in said)
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(tree, out)
    lines = [f"# {line}" for line in tell(mapping.COMMENT).splitlines()]
    left = [f"#   {' '.join(name.split())}" for name in rest]
    return (
        "\n".join([*lines, out.getvalue().rstrip(), *([f"# {tell('import.mapping.rest')}", *left] if left else [])])
        + "\n"
    )
