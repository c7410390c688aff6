"""What the tests share: a study in a folder of its own, and the command line as a user runs it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import warm

# A shell lets what it starts in the background ignore Ctrl-C, and so would all that the tests start and stop that way.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Several workers take the files in the order below, not those of the most tests first."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of real servers first, then the demonstration's and those in browsers: at the end all but one core would
    wait for their files."""

    def late(item: pytest.Item) -> list[bool]:
        return [
            item.get_closest_marker("servers") is None,
            item.path.name != "test_demo.py",
            item.get_closest_marker("browser") is None,
        ]

    items.sort(key=late)


# How long an example takes says nothing but how busy the machine is.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # What a change is judged by must not depend on chance; at a desk every run tries something new.
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("any machine")


@dataclass
class StudyFolder:
    """A study's folder, and what one does in it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    _second: int = field(default=0, init=False)

    @property
    def database(self) -> Path:
        return self.folder / "thu.db"

    def write(self, sources: Sequence[Mapping[str, Any]] = (), **fields: Any) -> StudyFolder:
        """Write ``study.yaml``: JSON is YAML. Sources have no delay, and terms that were read, unless they say otherwise."""
        study: dict[str, Any] = {
            "study": "thu",
            "contact": "nghien-cuu@example.com",
            "own": {"name": "An Nhiên"},
            "sources": [{"delay": 0, "terms": "fiction, read 2026-11-01", **source} for source in sources],
            **fields,
        }
        path = self.folder / "study.yaml"
        path.write_text(json.dumps(study, ensure_ascii=False, indent=1), encoding="utf-8")
        return self

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start ``chandung …`` in the folder."""
        return subprocess.Popen(
            [sys.executable, "-m", "chandung", *words],
            cwd=self.folder,
            env=self._whole_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *words: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Run ``chandung …`` to its end, in a process of its own: see :mod:`tests.warm`."""
        environment = self._whole_environment()
        # The store tells moments to the second: what happens in one second has no order there.
        while words[0] == "crawl" and int(time.time()) == self._second:
            time.sleep(0.01)
        try:
            return self._run(words, environment, timeout)
        finally:
            self._second = int(time.time())

    def _run(
        self, words: Sequence[str], environment: dict[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        if warm.CAN_FORK:
            return warm.WARM[environment["CHANDUNG_LANG"]].run(words, self.folder, environment, timeout)
        process = self.start(*words)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def _whole_environment(self) -> dict[str, str]:
        environment = {**os.environ, "CHANDUNG_LANG": "en", "PYTHONUTF8": "1", "NO_COLOR": "1", **self.environment}
        without = ("http_proxy", "https_proxy", "all_proxy")
        return {name: value for name, value in environment.items() if name.lower() not in without}

    def crawl(self, *words: str, code: int = 0) -> list[dict[str, Any]]:
        """Crawl, expect the exit code, and return what ``--json`` says of each source."""
        done = self.run("crawl", "--json", *words)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        sources: list[dict[str, Any]] = json.loads(done.stdout)["sources"]
        return sources

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database answers."""
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def count(self, table: str) -> int:
        return int(self.rows(f"select count(*) from {table}")[0][0])


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    """An empty folder for a study."""
    return StudyFolder(tmp_path)


@pytest.fixture(scope="module")
def module_study(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    """A folder that the tests of one module share."""
    return StudyFolder(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="session")
def demo_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's folder, made once for all workers as ``chandung demo`` makes it. Tests read it and leave it as it is."""
    from filelock import FileLock

    from tests.demo_truth import make_demo

    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    folder, made = shared / "demonstration" / "demo", shared / "demonstration" / "made"
    with FileLock(shared / "demonstration.lock"):
        if not made.exists():
            folder.parent.mkdir(exist_ok=True)
            make_demo(folder)
            made.touch()
    return folder


StudyMaker = Callable[[], StudyFolder]
