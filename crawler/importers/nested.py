"""Who is named within a cell that holds nested JSON, or a row's piece of it: hidden at any depth, as in a column of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from crawler.importers.columns import by_name, plain
from data.privacy import mask

_LARGEST: Final = 1_000_000
_DEEPEST: Final = 40
_WHO: Final = frozenset(("author", "author_id", "person"))
#: Words for people that head a nested object, and would be too vague for a column.
_PEOPLE: Final = frozenset(
    ("owner", "actor", "member", "creator", "by", "mentions", "mentioned", "tagged users", "likers")
)
#: What has a name and is nobody.
_THINGS: Final = frozenset(
    (
        "product",
        "products",
        "item",
        "items",
        "brand",
        "shop",
        "store",
        "category",
        "variant",
        "model",
        "sku",
        "place",
        "file",
    )
)
#: A name and its value in JSON that is damaged, or in the notation of Python.
_PAIR = re.compile(
    r"""(["'])([^"'\\]{1,60})\1\s{0,9}:\s{0,9}(?:(["'])((?:(?!\3)[^\\]|\\.){0,500})(?:\3|$)|(\d{1,30}))"""
)

Hide = Callable[[str], str]


def tells_who(steps: Sequence[str]) -> bool:
    """Whether a value within nested objects tells who somebody is, by the names that lead to it: ``user``, ``name``."""
    return bool(steps) and _tells_who(steps[-1], steps[-2] if len(steps) > 1 else "")


@lru_cache(maxsize=10_000)
def _tells_who(name: str, above: str) -> bool:
    if plain(above) in _THINGS or "thread_title" in by_name([above]):
        return False
    return plain(name) in _PEOPLE or not _WHO.isdisjoint(by_name([name]))


def hidden(text: str, hide: Hide) -> str | None:
    """A cell of nested JSON with everybody in it given to ``hide`` and all else masked; ``None`` for a cell of another kind."""
    text = text.strip()
    if not text.startswith(("{", "[")) or ":" not in text:
        return None
    if len(text) <= _LARGEST:
        try:
            held = json.loads(text)
            return json.dumps(_within(held, (), hide, within=False), ensure_ascii=False)
        except (ValueError, RecursionError):
            pass
    return mask(_PAIR.sub(lambda pair: _pair(pair, hide), text[:_LARGEST]))


def _pair(pair: re.Match[str], hide: Hide) -> str:
    value = pair[4] or pair[5]
    # Whose id it is cannot be told without what stands around it.
    return f'"{pair[2]}": "{hide(value)}"' if value and (pair[2] == "id" or tells_who([pair[2]])) else pair[0]


def _within(value: Any, steps: tuple[str, ...], hide: Hide, *, within: bool) -> Any:
    """``within``: the value belongs to an object that is a person."""
    if len(steps) > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {
            mask(key): _within(inner, (*steps, key), hide, within=within or tells_who((*steps, key)))
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_within(inner, steps, hide, within=within) for inner in value]
    if value is None or isinstance(value, bool) or value == "":
        return value
    said = str(value)
    if within:
        return hide(said)
    masked = mask(said)
    return value if masked == said else masked
