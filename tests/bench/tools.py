"""Open tools that we are measured against, in an environment of their own under ``build``, installed on first use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parent.parent / "build" / f"bench-tools-{sys.version_info.major}.{sys.version_info.minor}"
#: forum-dl 0.3.0 writes its answers by pydantic 1's ways without asking for it.
PACKAGES = ("forum-dl==0.3.0", "pydantic<2", "trafilatura==2.3.1", "lxml_html_clean")


#: What ``spacy.blank("vi")`` splits words with, beside our own spaCy.
WORDS = HERE.parent.parent / "build" / f"bench-words-{sys.version_info.major}.{sys.version_info.minor}"
WORD_PACKAGES = ("pyvi==0.1.1",)


class NoToolsError(Exception):
    """They cannot be installed here; the text says why."""


def environment() -> Path:
    """The Python of their environment. Raises :class:`NoToolsError`."""
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not _is_ready(FOLDER, PACKAGES):
        venv.create(FOLDER, with_pip=True)
        _install(FOLDER, PACKAGES, str(python), "-m", "pip", "install")
    return python


def words() -> Path:
    """A folder for the end of ``sys.path`` that holds :data:`WORD_PACKAGES`. Raises :class:`NoToolsError`."""
    if not _is_ready(WORDS, WORD_PACKAGES):
        _install(WORDS, WORD_PACKAGES, sys.executable, "-m", "pip", "install", "--target", str(WORDS))
    return WORDS


def _is_ready(folder: Path, packages: tuple[str, ...]) -> bool:
    """Whether the packages are there; what is there of others is cleared away."""
    ready = folder / "ready.txt"
    if ready.exists() and ready.read_text(encoding="utf-8") == "\n".join(packages):
        return True
    shutil.rmtree(folder, ignore_errors=True)
    return False


def _install(folder: Path, packages: tuple[str, ...], *pip: str) -> None:
    command = [*pip, "--quiet", "--disable-pip-version-check", *packages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoToolsError(f"pip: {(done.stderr.strip() or 'no reason given').splitlines()[-1]}")
    (folder / "ready.txt").write_text("\n".join(packages), encoding="utf-8")
