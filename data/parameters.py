"""The values that a query is given: each must be one that the query asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.errors import InputError
from data.near import did_you_mean
from data.store.base import Store
from data.words import tell

_NAMED = re.compile(r"(?<![:\w])[:@$]([^\W\d]\w*)")

#: A parameter that stands for a number where it is not given.
_COUNTED = re.compile(r"coalesce\((?:nullif\(:(?P<empty>\w+),\s?''\)|:(?P<plain>\w+)),\s?\d+\)", re.I)


def values_for(sql: str, given: Sequence[tuple[str, str]], *, rest_is_null: bool) -> dict[str, object]:
    """``given`` as values for the parameters of ``sql``; with ``rest_is_null`` those that are not given are null.

    Raises ``InputError`` for a name that the query does not have, and for words where a named query counts: SQLite would pass
    either over and answer another question.
    """
    known = list(dict.fromkeys(_NAMED.findall(sql)))
    values: dict[str, object] = {name.lstrip(":@$"): value_of(text) for name, text in given}
    for name in values:
        if name not in known:
            key = "no_such_parameter" if known else "no_parameters"
            raise InputError(key, name=name, known=", ".join(known), nearest=did_you_mean(name, known))
    for name in (found["empty"] or found["plain"] for found in _COUNTED.finditer(sql)) if rest_is_null else ():
        if isinstance(value := values.get(name), str) and value:
            raise InputError("parameter_no_number", name=name, value=value)
    return dict.fromkeys(known) | values if rest_is_null else values


def value_of(text: str) -> str | int | float:
    """A number where ``text`` is written as one, else the text: ``007`` stays what it is."""
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", text) else text


def unknown_brand(store: Store, values: dict[str, object]) -> str | None:
    """A sentence where the value of ``:brand`` is the name of no brand in the database."""
    wanted = values.get("brand")
    if wanted in (None, ""):
        return None
    brands = [str(row["name"]) for row in store.query("select name from brands order by brand_id")]
    if wanted in brands:
        return None
    nearest = did_you_mean(str(wanted), brands)
    return tell("cli.query.unknown_brand", name=wanted, nearest=nearest, known=", ".join(brands))
