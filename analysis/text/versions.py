"""What an answer was read with, worked out from what gave it, so that nobody need remember to raise a number.

A component's version is a digest of the modules that it is made of: its own and all of ours that those import, but for rules of
another language. Lines of comment alone and empty lines do not count. Lexicons and models have digests of their own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from analysis.text.echoes import FOLDER as ECHOES
from analysis.text.lexicon import FOLDER, shipped

_ROOT = Path(__file__).parents[2]
_PACKAGE = "analysis.text"
_LANGUAGES = ("vi", "en")
_IMPORT = re.compile(rf"^[ \t]*from ({re.escape(_PACKAGE)}[\w.]*) import (\([^)]*\)|[^\n(]*)", re.M)
_NAME = re.compile(r"\w+")
_IDLE = re.compile(r"^[ \t]*(?:#[^\n]*)?\r?\n", re.M)


def code(module: str, lang: str = "") -> str:
    """The digest of ``module`` and of all it imports of ours, for texts in ``lang``; empty for a module that is not ours."""
    if not module.startswith(_PACKAGE):
        return ""
    others = tuple(f"_{one}" for one in _LANGUAGES if one != lang)
    met: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        found = None if name in met or name.endswith(others) else _read(name)
        if found is not None:
            met[name] = found[0]
            waiting += found[1]
    return _digest(f"{name} {told}".encode() for name, told in sorted(met.items()))


def lexicon(lang: str) -> str:
    """The digest of the lexicon files of ``lang`` that come with Chandung, and of what tells nothing by itself in either language."""
    return files([*shipped(lang), *(ECHOES / one / "echoes.toml" for one in _LANGUAGES)])


def detection() -> str:
    """What the language of a text is told by: the code, and the small words of all languages."""
    words = files(FOLDER / lang / "lexicon" / "function_words.tsv" for lang in _LANGUAGES)
    return f"{code(f'{_PACKAGE}.language')}-{words}"


def files(paths: Iterable[Path]) -> str:
    """A digest of text files, whatever their line ends."""
    return _digest(path.name.encode() + b" " + path.read_bytes().replace(b"\r\n", b"\n") for path in paths)


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=4)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


@cache
def _read(module: str) -> tuple[str, tuple[str, ...]] | None:
    """A module's digest, and what it may import of ours; ``None`` for a name that is no module."""
    path = _ROOT.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    found = dict.fromkeys(module.rsplit(".", depth)[0] for depth in range(1, module.count(".")))
    for package, names in _IMPORT.findall(text):
        found[package] = None
        found |= dict.fromkeys(f"{package}.{name}" for name in _NAME.findall(names))
    return _digest([_IDLE.sub("", text).encode()]), tuple(found)
