"""Commands in the interface's language: their help, and click's own words ("Usage:", "Missing argument").

click asks ``gettext`` for them, whose catalogues are binary files chosen by the system's locale. Ours lie beside all our
other words: in the English file each is click's own text, in the Vietnamese file its translation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from textwrap import indent
from typing import Any

import click
from click import types

from data.near import did_you_mean
from data.words import entry, language, tell

_TYPES: dict[type[Any], str] = {
    types.IntParamType: "integer",
    types.IntRange: "integer_range",
    types.FloatParamType: "float",
    types.FloatRange: "float_range",
}
#: What stands for a value in help (``FILE``, ``[OPTIONS]``): whole words in capitals.
_STANDS_FOR = re.compile(r"\b[A-Z]{2,}\b")
_USAGE, _GROUP_USAGE = click.Command.collect_usage_pieces, click.Group.collect_usage_pieces
_OPTION, _ARGUMENT = click.Option.make_metavar, click.Argument.make_metavar
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

    values: dict[str, str] = entry("cli.metavars", language())

    def named(text: str) -> str:
        return _STANDS_FOR.sub(lambda word: values.get(word[0], word[0]), text)

    # No setting of click's reaches these words.
    command_class, group_class = _open(click.Command), _open(click.Group)
    option_class, argument_class = _open(click.Option), _open(click.Argument)
    command_class.collect_usage_pieces = lambda self, ctx: [named(piece) for piece in _USAGE(self, ctx)]
    group_class.collect_usage_pieces = lambda self, ctx: [named(piece) for piece in _GROUP_USAGE(self, ctx)]
    option_class.make_metavar = lambda self, ctx: named(_OPTION(self, ctx))
    argument_class.make_metavar = lambda self, ctx: named(_ARGUMENT(self, ctx))
    _open(click.NoSuchOption).format_message = _unknown_option
    for ranges in (types.IntRange, types.FloatRange):
        _open(ranges)._describe_range = _range
    for kind, key in _TYPES.items():
        kind.name = str(ours[key])  # put into sentences as it stands
    for name in _MODULES:
        module: Any = import_module(f"click.{name}")
        if hasattr(module, "_"):
            module._ = translate
        if hasattr(module, "ngettext"):
            module.ngettext = translate_number


class Subcommands(click.Group):
    """A group that answers an unknown command in the interface's language.

    ``usual``: the commands named where none is near; none for all of them.
    """

    usual: tuple[str, ...] = ()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            # Whoever has mistyped one command needs no list of them all.
            hint = did_you_mean(args[0], known) or (
                tell("cli.usual", names=", ".join(self.usual))
                if self.usual
                else tell("cli.all", names=", ".join(known))
            )
            ctx.fail(tell("cli.no_such_command", name=args[0][:60], nearest=hint, command=ctx.command_path))
        return super().resolve_command(ctx, args)


def _range(kind: types.IntRange | types.FloatRange) -> str:
    """A range in words, where click writes ``x>=0``; none of ours excludes an end of its own."""
    key = "at_most" if kind.min is None else "at_least" if kind.max is None else "between"
    return tell(f"cli.ranges.{key}", least=kind.min, most=kind.max)


def _unknown_option(error: click.NoSuchOption) -> str:
    return f"{error.message}{did_you_mean(error.option_name, error.possibilities or ())}"


def _open(kind: Any) -> Any:
    """A class whose methods may be exchanged, which the types of a library do not allow."""
    return kind


def command(name: str, area: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A click command whose help and example stand in the language files under ``area``."""
    # \b keeps click from folding the example into a paragraph.
    text = f"{tell(f'{area}.help')}\n\n\b\n{tell('cli.example')}\n{indent(tell(f'{area}.example'), '  ')}"
    return click.command(name, help=text, short_help=tell(f"cli.commands.{name}"))
