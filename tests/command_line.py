"""Running ``chandung`` as a process of its own, as people and scripts do."""

import os
import subprocess
import sys
from pathlib import Path

from tests import warm


def run(
    *arguments: str | Path, cwd: Path | None = None, stdin: str = "", lang: str = "en", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``chandung …`` to its end; one that is asked nothing need not load its modules first: see :mod:`tests.warm`."""
    words, whole = [*map(str, arguments)], os.environ | {"CHANDUNG_LANG": lang, "COLUMNS": "100"} | environment
    if warm.CAN_FORK and not stdin and lang in warm.WARM:
        return warm.WARM[lang].run(words, cwd or Path.cwd(), whole, timeout=600)
    return subprocess.run(
        [sys.executable, "-m", "chandung", *words],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        env=whole,
    )
