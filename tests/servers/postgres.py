"""A PostgreSQL server of one's own on a free port: what is there on the machine, in a folder that its user may read."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from tests.servers.common import CannotInstallError, free_port


def _programs() -> Path:
    """Where ``initdb`` and ``pg_ctl`` lie; Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    if initdb is None:
        raise CannotInstallError("PostgreSQL is not installed here (its initdb and pg_ctl are needed)")
    return Path(initdb).parent


class Postgres:
    """A server with an empty cluster; the user ``postgres`` needs no password. A context manager."""

    def __init__(self) -> None:
        self._bin = _programs()
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        # It refuses to be run by root; the package brings a user for it.
        self._as = ["runuser", "-u", "postgres", "--"] if root else []
        self.folder = Path(tempfile.mkdtemp(prefix="chandung-postgres-"))
        if root:
            try:
                shutil.chown(self.folder, "postgres")
            except LookupError:
                raise CannotInstallError(
                    "PostgreSQL refuses to be run by root, and there is no user postgres"
                ) from None
        self.port = free_port()
        self._running = False

    def __enter__(self) -> Self:
        made = ["-D", str(self.folder / "data"), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"]
        self._run(str(self._bin / "initdb"), *made, "--locale=C")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        log = str(self.folder / "log")
        self._run(str(self._bin / "pg_ctl"), "-D", str(self.folder / "data"), "-w", "-l", log, "-o", options, "start")
        self._running = True
        return self

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            [*self._as, *words],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            raise CannotInstallError(f"PostgreSQL does not start: {done.stderr.decode(errors='replace')[-300:]}")

    def __exit__(self, *_: object) -> None:
        if self._running:
            self._run(str(self._bin / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
