"""Every sentence that a user sees, in Vietnamese and English.

The words lie in ``data/languages/<language>/words/<area>.toml``; a key is ``area.name`` or ``area.table.name``.
The language of the interface is, in this order: what :func:`speak` was told, ``CHANDUNG_LANG``, the
system's locale (its variables first: Python does not see a locale that is wanted and not installed), English.
"""

from __future__ import annotations

import locale
import os
import tomllib
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

LANGUAGES = ("vi", "en")
_FOLDER = Path(__file__).parent / "languages"
_spoken: list[str] = []


class _Words(Formatter):
    """``{count:# page|# pages}``: the word for one, and for any other number; ``#`` is the number."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return (one if str(value) == "1" else many).replace("#", str(value))


_WORDS = _Words()


def speak(language: str | None) -> None:
    """Set the language of the interface for this process; ``None`` returns to the environment's."""
    _spoken[:] = [language] if language in LANGUAGES else []


def spoken_language() -> str | None:
    """The language that the user asked for in this very call; ``None`` where he asked for none."""
    return _spoken[0] if _spoken else None


def chosen_language() -> str | None:
    """The language that the user asked for in this call or by ``CHANDUNG_LANG``; ``None`` where the system's counts."""
    named = os.environ.get("CHANDUNG_LANG", "")
    return _spoken[0] if _spoken else named if named in LANGUAGES else None


def language() -> str:
    """The interface's language: ``vi`` or ``en``."""
    if _spoken:
        return _spoken[0]
    named = (os.environ.get(name) for name in ("CHANDUNG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    wanted = next(filter(None, named), None) or locale.getlocale()[0] or ""
    return "vi" if wanted.lower().startswith(("vi", "vietnam")) else "en"


@cache
def _area(area: str, lang: str) -> dict[str, Any]:
    path = _FOLDER / lang / "words" / f"{area}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def entry(key: str, lang: str | None = None) -> Any:
    """The value under ``key``: a sentence, a list or a table. Raises ``KeyError`` where a language lacks it."""
    area, *path = key.split(".")
    value: Any = _area(area, lang or language())
    for step in path:
        value = value[step]
    return value


def tell(key: str, /, **values: object) -> str:
    """The sentence under ``key`` in the interface's language, with ``values`` put into its ``{names}``."""
    return tell_in(language(), key, **values)


def tell_in(lang: str, key: str, /, **values: object) -> str:
    """The sentence under ``key`` in ``lang``, with ``values`` put into its ``{names}``; ``{count:# page|# pages}`` is
    the one for a ``count`` of 1, the other for any else."""
    said = str(entry(key, lang))
    return _WORDS.vformat(said, (), values) if "|" in said else said.format(**values)
