"""The command ``chandung completion``: lets the Tab key finish commands, options, files and the names of queries."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
from click.shell_completion import CompletionItem, get_completion_class

from data.click_words import command
from data.errors import InputError
from data.words import tell

SHELLS = ("bash", "zsh", "fish", "powershell")
#: The environment variable by which a shell asks for completions.
VARIABLE = "_CHANDUNG_COMPLETE"
_BEGIN, _END = "# >>> chandung completion", "# <<< chandung completion"
_LIVES_ALONE = ("fish",)
_REGISTERS = "    compdef _chandung_completion chandung"
_SWITCHES_ON = "    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }"


@command("completion", "completion")
@click.argument("shell", metavar="[SHELL]", type=click.Choice(SHELLS), required=False)
@click.option("--install", is_flag=True, help=tell("completion.options.install"))
@click.option("--profile", type=click.Path(path_type=Path, dir_okay=False), help=tell("completion.options.profile"))
def completion(shell: str | None, install: bool, profile: Path | None) -> None:
    shell = shell or own_shell()
    if shell is None:
        raise InputError("which_shell", known=", ".join(SHELLS))
    text = source(shell)
    if not install:
        click.echo(text)
        return
    for path in [profile] if profile else profiles_of(shell):
        put(path, text, alone=shell in _LIVES_ALONE)
        click.echo(tell("completion.done", path=path))


def source(shell: str) -> str:
    """The lines that ``shell`` has to run once in each session."""
    kind = get_completion_class(shell)
    if kind is None:
        raise InputError("which_shell", known=", ".join(SHELLS))
    text = kind(click.Command("chandung"), {}, "chandung", VARIABLE).source().strip()
    if shell == "fish":
        # What fish shows beside a word is a sentence, which may have commas of its own.
        return text.replace('string split ","', 'string split -m 1 ","')
    # A zsh that nobody has set up, as on a new Mac, has its completion switched off.
    return text.replace(_REGISTERS, f"{_SWITCHES_ON}\n{_REGISTERS}") if shell == "zsh" else text


def own_shell() -> str | None:
    """The shell that this program was probably started from."""
    if os.name == "nt":
        return "powershell"
    name = Path(os.environ.get("SHELL", "")).name
    return name if name in SHELLS else None


def profiles_of(shell: str) -> list[Path]:
    """The files that ``shell`` reads when it starts: one, but for the two PowerShells that a Windows computer may have."""
    home = Path.home()
    if shell == "powershell":
        usual = home / ".config" / "powershell" / "Microsoft.PowerShell_profile.ps1"
        return _told_by_powershell() or [usual]
    return [
        {"bash": home / ".bashrc", "zsh": home / ".zshrc"}.get(shell, home / ".config/fish/completions/chandung.fish")
    ]


def _told_by_powershell() -> list[Path]:
    """Where each PowerShell of this computer says its profile is: the documents' folder may have been moved."""
    found = []
    for program in filter(None, map(shutil.which, ("pwsh", "powershell"))):
        asked = [program, "-NoProfile", "-NonInteractive", "-Command", "$PROFILE"]
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            done = subprocess.run(asked, capture_output=True, text=True, timeout=30, check=True)
            found.append(Path(done.stdout.strip()))
    return [path for path in dict.fromkeys(found) if path.is_absolute()]


def put(path: Path, text: str, *, alone: bool) -> None:
    """Write ``text`` between our marks into ``path``, in the place of what stood between them; the rest stays as it is.

    ``alone``: the file is ours and holds nothing else. Raises ``InputError`` where it cannot be read or written.
    """
    block = text if alone else f"{_BEGIN}\n{text}\n{_END}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_bytes().decode("utf-8") if path.exists() and not alone else ""
        begin, end = before.find(_BEGIN), before.find(_END)
        if 0 <= begin < end:
            after = before[:begin] + block + before[end + len(_END) :]
        else:
            after = before + ("\n" if before and not before.endswith("\n") else "") + block + "\n"
        draft = path.with_name(f"{path.name}.part")
        draft.write_text(after, encoding="utf-8", newline="\n")
        draft.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot_write", path=path, why=getattr(error, "strerror", None) or error) from None


def one_of(*known: str, files: bool = False) -> Callable[..., list[CompletionItem]]:
    """Finishes ``known`` words, also behind a comma; or files where none of them begins so and ``files`` may stand there."""

    def finished(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        first, comma, last = incomplete.rpartition(",")
        found = [CompletionItem(f"{first}{comma}{word}") for word in known if word.startswith(last)]
        return found if found or not files else [CompletionItem(incomplete, type="file")]

    return finished


def query_names(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The named queries that begin as ``incomplete`` does."""
    from data.store.queries import query_names as names

    if (ctx.params.get("words") or ())[-1:] == ("@",):
        incomplete = (
            f"@{incomplete}"  # bash takes an @ for a word of its own, and yet puts what is found in place of both
        )
    return [CompletionItem(f"@{name}") for name in names() if f"@{name}".startswith(incomplete)]
