"""Which column of a list of orders is what, where its names do not say so: a small YAML file of the user's."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.importers.mapping import plain_of
from crawler.importers.orders.meanings import FIELDS, STATES
from data.errors import InputError
from data.folding import words
from data.words import tell

_ORDERS = {"day first": "day", "month first": "month"}
_KNOWN = (*FIELDS, "states", "dates")


@dataclass(frozen=True, slots=True)
class Told:
    """Field → column; the words of the file's own states → state, folded; which of day and month comes first."""

    columns: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    dates: str | None = None


def load(path: Path) -> Told:
    """Read a mapping. Raises ``InputError`` with everything that is wrong in it."""
    said = plain_of(path)
    problems = [_unknown(name) for name in said if name not in _KNOWN]
    columns = {name: said[name] for name in FIELDS if name in said}
    problems += [
        _wrong(name, got, "column") for name, got in columns.items() if not isinstance(got, str) or not got.strip()
    ]
    states: Any = said.get("states", {})
    if not isinstance(states, dict) or not set(map(str, states.values())) <= set(STATES):
        problems.append(_wrong("states", states, "states"))
    dates = said.get("dates")
    if dates is not None and dates not in _ORDERS:
        problems.append(_wrong("dates", dates, "dates"))
    if problems:
        raise InputError("import_mapping_wrong", path=path, problems="\n".join(problems))
    folded = {" ".join(words(str(said_so))): str(state) for said_so, state in states.items()}
    return Told({name: " ".join(got.split()) for name, got in columns.items()}, folded, _ORDERS.get(str(dates)))


def _unknown(name: str) -> str:
    nearest = difflib.get_close_matches(name, _KNOWN, n=1)
    hint = tell("study.nearest", word=nearest[0]) if nearest else ""
    return tell("import.mapping.unknown", field=name[:80], nearest=hint, known=", ".join(_KNOWN))


def _wrong(name: str, got: object, expected: str) -> str:
    return tell(
        "import.mapping.wrong", field=name, got=str(got)[:80], expected=tell(f"import.mapping.expected.{expected}")
    )


def text_of(columns: Mapping[str, str], rest: list[str], unknown: Iterable[str] = ()) -> str:
    """A mapping to edit, with the columns that have no place yet, and the words of returns that ``unknown`` names."""
    import json

    lines = [f"# {line}" for line in tell("import.mapping.orders_comment").splitlines()]
    lines += [f"{name}: {json.dumps(columns[name], ensure_ascii=False)}" for name in FIELDS if name in columns]
    if unknown:
        lines += [
            "states:",
            *(f"  {json.dumps(said, ensure_ascii=False)}: ?  # returned, open, none, cancelled" for said in unknown),
        ]
    if rest:
        lines += [f"# {tell('import.mapping.rest')}", *(f"#   {' '.join(name.split())}" for name in rest)]
    return "\n".join(lines) + "\n"
