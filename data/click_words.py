"""Commands in the interface's language: their help, and click's own words ("Usage:", "Missing argument").

click asks ``gettext`` for them, whose catalogues are binary files chosen by the system's locale. Ours lie beside all our
other words: in the English file each is click's own text, in the Vietnamese file its translation.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from textwrap import indent
from typing import Any

import click
from click import types

from data.words import entry, language, tell

_TYPES: dict[type[Any], str] = {
    types.IntParamType: "integer",
    types.IntRange: "integer_range",
    types.FloatParamType: "float",
    types.FloatRange: "float_range",
}
_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")


def translate_click() -> None:
    """Make click speak the interface's language from now on. Words that click no longer uses do no harm."""
    own, ours = entry("cli.click", "en"), entry("cli.click", language())
    words = {own[key]: ours[key] for key in own}

    def translate(text: str) -> str:
        return str(words.get(text, text))

    def translate_number(one: str, many: str, count: int) -> str:
        text = one if count == 1 else many
        return str(words.get(text, text))

    for kind, key in _TYPES.items():
        kind.name = str(ours[key])  # put into sentences as it stands
    for name in _MODULES:
        module: Any = import_module(f"click.{name}")
        if hasattr(module, "_"):
            module._ = translate
        if hasattr(module, "ngettext"):
            module.ngettext = translate_number


def command(name: str, area: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A click command whose help and example stand in the language files under ``area``."""
    # \b keeps click from folding the example into a paragraph.
    text = f"{tell(f'{area}.help')}\n\n\b\n{tell('cli.example')}\n{indent(tell(f'{area}.example'), '  ')}"
    return click.command(name, help=text, short_help=tell(f"cli.commands.{name}"))
