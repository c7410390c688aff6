"""``chandung`` in a process of its own that need not load its modules first: most of what a short command costs is that.

``python -m tests.warm`` loads the crawler and the analysis once and waits. For each command it is told it forks: the child is
a process like any other, with its own folder, environment, output and exit code. Where processes cannot be forked, or with
``CHANDUNG_TESTS_COLD=1``, every command is started from nothing. What is killed, watched or timed is so in any case.
"""

from __future__ import annotations

import atexit
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

CAN_FORK = sys.platform == "linux" and not os.environ.get("CHANDUNG_TESTS_COLD")
_ROOT = Path(__file__).parent.parent
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
#: What a crawl loads while it runs.
_LATER = (
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.scheduler",
    "scrapy.pqueues",
    "scrapy.squeues",
    "scrapy.spidermiddlewares.httperror",
    "scrapy.spidermiddlewares.referer",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.httpcompression",
    "twisted.internet.asyncioreactor",
    "twisted.web.client",
)


class Warm:
    """The process that waits, started on first use; to be told one command at a time.

    The help of the commands is in ``language``, whatever a child's environment says.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def run(
        self, words: Sequence[str], folder: Path, environment: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run ``chandung …`` to its end. Raises ``subprocess.TimeoutExpired`` as subprocess does."""
        with self._lock, tempfile.TemporaryDirectory() as place:
            out, err = Path(place, "out"), Path(place, "err")
            task = {"words": words, "folder": str(folder), "environment": dict(environment)}
            child = self._ask({**task, "out": str(out), "err": str(err)})
            code = self._hear(timeout)
            if code is None:
                os.kill(child, signal.SIGKILL)
                self._hear(60)
                raise subprocess.TimeoutExpired(list(words), timeout)
            said, complained = (path.read_text(encoding="utf-8") for path in (out, err))
        return subprocess.CompletedProcess(words, code, said, complained)

    def _ask(self, task: dict[str, Any]) -> int:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.warm"],
                cwd=_ROOT,
                # A child has none of the threads that a library started before it was forked.
                env=os.environ | {"CHANDUNG_LANG": self._language, "PYTHONUTF8": "1"} | dict.fromkeys(_THREADS, "1"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        child = self._hear(120)
        assert child is not None, "the waiting process did not begin"
        return child

    def _hear(self, timeout: float) -> int | None:
        """The next number that it says; ``None`` where it says none in time."""
        assert self._process is not None
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], timeout)[0]:
            return None
        line = self._process.stdout.readline()
        assert line, "the waiting process has ended"
        return int(line)


#: Those of this process, by the language of the command line.
WARM = {language: Warm(language) for language in ("en", "vi")}


def _load() -> None:
    import analysis
    import crawler
    import data
    from analysis.text.pipeline import LANGUAGES, build

    for package in (analysis, crawler, data):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            import_module(module.name)
    for name in ("chandung", *_LATER):
        import_module(name)
    for language in LANGUAGES:
        build(language)
    assert "twisted.internet.reactor" not in sys.modules, "each child needs one of its own"
    assert threading.active_count() == 1


def _become(task: dict[str, Any]) -> None:
    """In the child: be ``chandung …`` as though started from nothing."""
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, task["out"], os.O_WRONLY | os.O_CREAT),
        (2, task["err"], os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(task["environment"])
    os.chdir(task["folder"])
    sys.argv = ["chandung", *task["words"]]


def serve() -> None:
    """Wait for commands; the number of each one's process goes out, and its exit code when it has ended."""
    import gc

    _load()
    gc.collect()
    gc.freeze()
    while line := sys.stdin.readline():
        task = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(task)
            break
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    else:
        return
    import chandung

    travel()
    try:
        chandung.main()
    except SystemExit as end:
        _leave(end.code)


def _leave(code: str | int | None) -> NoReturn:
    """End as the interpreter does, but for the hundreds of modules that it would take apart one by one."""
    if isinstance(code, str):
        print(code, file=sys.stderr)
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def travel() -> None:
    """Let this process believe that it is the moment ``CHANDUNG_TESTS_NOW``, if any; its clock goes on from there."""
    if moment := os.environ.get("CHANDUNG_TESTS_NOW"):
        from datetime import datetime

        import time_machine

        time_machine.travel(datetime.fromisoformat(moment), tick=True).start()


if __name__ == "__main__":
    serve()
