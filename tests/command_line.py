"""Running ``chandung`` as a process of its own, as people and scripts do."""

import os
import subprocess
import sys
from pathlib import Path


def run(
    *arguments: str | Path, cwd: Path | None = None, stdin: str = "", lang: str = "en", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chandung", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        env=os.environ | {"CHANDUNG_LANG": lang, "COLUMNS": "100"} | environment,
    )
