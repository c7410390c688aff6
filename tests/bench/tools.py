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


class NoToolsError(Exception):
    """They cannot be installed here; the text says why."""


def environment() -> Path:
    """The Python of their environment. Raises :class:`NoToolsError`."""
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready, wanted = FOLDER / "ready.txt", "\n".join(PACKAGES)
    if ready.exists() and ready.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(FOLDER, ignore_errors=True)
    venv.create(FOLDER, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoToolsError(f"pip: {(done.stderr.strip() or 'no reason given').splitlines()[-1]}")
    ready.write_text(wanted, encoding="utf-8")
    return python
