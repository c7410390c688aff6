"""The command line: names each command and the module that implements it, loaded on use."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from data.click_words import Subcommands, translate_click
from data.errors import ChandungError, reason
from data.words import LANGUAGES, speak, tell

if TYPE_CHECKING:
    from analysis.loading import Study

#: Command → the module and the click command in it, in the order of a study's life.
COMMANDS = {
    "demo": "data.demo.command:demo",
    "init": "data.commands:init",
    "assume": "analysis.commands_assume:assume",
    "look": "crawler.commands_look:look",
    "check": "crawler.commands:check",
    "crawl": "crawler.commands:crawl",
    "import": "crawler.commands_import:import_",
    "reference": "crawler.commands_reference:reference",
    "survey": "analysis.commands_survey:survey",
    "analyze": "analysis.commands:analyze",
    "report": "analysis.commands:report",
    "schedule": "crawler.commands_schedule:schedule",
    "status": "crawler.commands_schedule:status",
    "alerts": "analysis.commands_alerts:alerts",
    "label": "analysis.commands_label:label",
    "train": "analysis.commands_train:train",
    "export": "analysis.exporting.command:export",
    "serve": "analysis.serve:serve",
    "search": "data.commands:search",
    "query": "data.commands:query",
    "extract": "crawler.commands_extract:extract",
    "annotate": "analysis.commands_annotate:annotate",
    "eval": "analysis.commands_eval:eval_",
    "lexicon": "analysis.commands_lexicon:lexicon",
    "schema": "data.commands:schema",
    "doctor": "data.commands:doctor",
    "completion": "data.commands_completion:completion",
}
#: What goes on where it was when it is called again after Ctrl+C.
RESUMED = {"demo", "crawl", "analyze"}
FAULT = 4
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
INTERRUPTED = 130
#: The way from nothing to a report, and what is used every day.
USUAL = ("demo", "init", "check", "crawl", "analyze", "report", "serve", "status", "alerts")


class Commands(Subcommands):
    """A group that lists its commands without importing them."""

    usual = USUAL

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        named = [
            CompletionItem(name, help=tell(f"cli.commands.{name}")) for name in COMMANDS if name.startswith(incomplete)
        ]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(tell("cli.commands_title")):
            formatter.write_dl([(name, tell(f"cli.commands.{name}")) for name in COMMANDS])


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"chandung {version('chandung')}")
        ctx.exit()


def command_line() -> Commands:
    """The ``chandung`` command in the interface's language."""
    return Commands(
        name="chandung",
        help=tell("cli.about"),
        epilog=tell("cli.epilog"),
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        params=[
            click.Option(
                ["--language"], type=click.Choice(LANGUAGES), help=tell("cli.options.language"), expose_value=False
            ),
            click.Option(["--debug"], is_flag=True, help=tell("cli.options.debug"), expose_value=False),
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_version,
                help=tell("cli.options.version"),
            ),
        ],
    )


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code: see ``docs/reference/commands.md``."""
    given = sys.argv[1:] if arguments is None else arguments
    _write_utf8()
    _speak_as_told(given)
    translate_click()
    sys.exit(_run(given))


def _run(given: list[str]) -> int:
    try:
        code = _invoke(given)
        sys.stdout.flush()
        return code
    except (click.exceptions.Abort, KeyboardInterrupt):
        if not os.environ.get("CHANDUNG_WITHIN"):  # a command that runs others says it for them
            resumed = bool(RESUMED & set(given[:3]))
            click.echo(tell("cli.interrupted" if resumed else "cli.stopped"), err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ChandungError as error:
        if (full := _full_disk(error)) is not None:
            return _say_full_disk(full.filename or error.values.get("path"))
        click.echo(str(error), err=True)
        return error.exit_code
    except OSError as error:
        return _system_error(error)
    except Exception as error:  # the last stop before a user would see a traceback
        full = _full_disk(error)
        return _fault(error) if full is None else _say_full_disk(full.filename)


def _invoke(given: list[str]) -> int:
    try:
        done: Any = command_line().main(given, prog_name="chandung", standalone_mode=False, windows_expand_args=False)
    except SystemExit as ending:
        done = ending.code
    return done if isinstance(done, int) else 0


def _system_error(error: OSError) -> int:
    if error.errno == errno.EPIPE or (sys.platform == "win32" and error.errno == errno.EINVAL):
        # Whoever read our output has gone (`| head`); Python must not complain once more while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    if (full := _full_disk(error)) is not None:
        return _say_full_disk(full.filename)
    if error.filename and isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
        click.echo(tell("cli.unusable_file", path=error.filename, why=reason(error.strerror)), err=True)
        return 2
    return _fault(error)


def _full_disk(error: BaseException) -> OSError | None:
    """The error of a full disk that ``error`` is or came from."""
    cause: BaseException | None = error
    for _ in range(20):
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return cause
        cause = cause and (cause.__cause__ or cause.__context__)
    return None


def _say_full_disk(path: object) -> int:
    place = tell("cli.disk_full_place", path=path) if path else ""
    click.echo(tell("cli.disk_full", place=place), err=True)
    return 3


def _fault(error: Exception) -> int:
    """Say in one sentence what happened; the traceback goes into a file, or onto the screen with ``--debug``."""
    if isinstance(error, ModuleNotFoundError) and error.name and error.name.split(".")[0] not in _OURS:
        click.echo(tell("cli.missing_package", name=error.name), err=True)
        return FAULT
    text = "".join(traceback.format_exception(error))
    if "--debug" in sys.argv or os.environ.get("CHANDUNG_DEBUG"):
        click.echo(text, err=True)
    path = Path(tempfile.gettempdir()) / f"chandung-{datetime.now():%Y%m%d-%H%M%S}.log"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError:
        click.echo(text, err=True)
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    click.echo(tell("cli.fault", what=what, path=path), err=True)
    return FAULT


_OURS = ("chandung", "data", "crawler", "analysis")


def _write_utf8() -> None:
    """Windows gives redirected output a code page that has no ạ, ơ or ư."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8", errors="replace")


def _speak_as_told(given: list[str]) -> None:
    """``--language`` before the command sets the language of everything that follows, help included."""
    for place, word in enumerate(given):
        if not word.startswith("-") and (place == 0 or given[place - 1] != "--language"):
            return
        if word == "--language" and given[place + 1 : place + 2]:
            speak(given[place + 1])
        elif word.startswith("--language="):
            speak(word.partition("=")[2])


def load(path: str | Path | None = None) -> Study:
    """The study at ``path`` (its file, its folder, its database; else that of this folder) as pandas data frames.

    ``chandung.load("study.yaml").posts`` is one: see :class:`analysis.loading.Study`. pandas is imported when one is read.
    """
    from analysis.loading import load as load_study

    return load_study(path)


__all__ = ["COMMANDS", "command_line", "load", "main"]

if __name__ == "__main__":
    main()
