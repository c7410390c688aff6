"""One command of the schedule as a process of its own: its output kept, its time limited, ended in order when asked to."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from data.errors import reason
from data.words import language, tell

#: The words of the command line for each step.
COMMANDS = {
    "crawl": ("crawl", "{study}"),
    "analyze": ("analyze", "{study}"),
    "report": ("report", "{study}"),
    "alerts": ("alerts", "{study}"),
    "digest": ("alerts", "{study}", "--digest"),
}
#: Seconds that a command has to end in order: less than systemd waits for the schedule. On a busy machine a crawl needs half a minute to
#: note what was broken off.
GRACE = 60.0
#: Seconds at most that what a command started has to be gone after it was ended.
_LAST = 5.0
_LINE, _KEPT, _LOGGED = 2000, 3, 2000
_SAID = 1000
_INTERRUPTED = 130
#: Steps that end with 1 where a source could not be read, or a channel reached, and all others were.
_MAY_LEAVE_OUT = ("crawl", "alerts", "digest")
#: What Ctrl+C sends; a group on Windows can only be sent Ctrl+Break.
_INTERRUPT = getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT)
_log = logging.getLogger("chandung.schedule")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: ``done``, ``partial``, ``failed``, ``interrupted`` or ``overtime``; what it said last, if anything."""

    state: str
    exit_code: int | None = None
    said: str | None = None


#: Told of the process that was started: its number, and when it was started (to tell it from a later one with that number).
Started = Callable[[int, float], None]


@dataclass
class Launcher:
    """Starts commands, one at a time. ``stop`` may be set at any time: the command is then ended in order; ``hurry``: at once."""

    stop: threading.Event = field(default_factory=threading.Event)
    hurry: threading.Event = field(default_factory=threading.Event)
    environment: Mapping[str, str] = field(default_factory=dict)
    grace: float = GRACE

    def __call__(self, study: Path, step: str, limit: float, started: Started | None = None) -> Ended:
        """Run the command of ``step`` on ``study`` and wait for its end, at most ``limit`` seconds."""
        words = [sys.executable, "-m", "chandung", *(word.format(study=study) for word in COMMANDS[step])]
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._whole_environment(),
                **_apart(),
            )
        except OSError as error:
            return Ended("failed", None, tell("schedule.not_started", why=reason(error.strerror or error)))
        with process:
            out, err = _Tail(process.stdout, step), _Tail(process.stderr, step)
            if started is not None:
                started(process.pid, _began(process.pid))
            why = self._wait(process, limit)
            out.end()
            err.end()
        return _ended(step, process.returncode, why, err.last or out.last)

    def _wait(self, process: subprocess.Popen[bytes], limit: float) -> str | None:
        """Wait for the end: ``None`` where it came by itself, else why it was brought about."""
        ends, why = time.monotonic() + limit, None
        while why is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
                return None
            why = "interrupted" if self.stop.is_set() else "overtime" if time.monotonic() > ends else None
        end(process, self.grace, self.hurry)
        return why

    def _whole_environment(self) -> dict[str, str]:
        told = {
            "CHANDUNG_LANG": language(),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONUTF8": "1",
            "NO_COLOR": "1",
            "CHANDUNG_WITHIN": "schedule",
        }
        return {**os.environ, **told, **self.environment}


def _ended(step: str, code: int, why: str | None, said: str) -> Ended:
    if why is not None:
        return Ended(why, code, said or None)
    if code == 0:
        return Ended("done", 0)
    if code in (_INTERRUPTED, -getattr(signal, "SIGINT", 2)):
        return Ended("interrupted", code, said or None)
    state = "partial" if step in _MAY_LEAVE_OUT and code == 1 else "failed"
    return Ended(state, code, said or tell("schedule.without_a_word", code=code))


def _apart() -> dict[str, Any]:
    """Ctrl+C at the terminal is for the schedule, which passes it on once; on Windows only a group can be sent Ctrl+Break."""
    if sys.platform == "win32":
        # Without a console of ours (pythonw) every command would open a window.
        windowless = subprocess.CREATE_NO_WINDOW if sys.stdout is None else 0
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | windowless}
    return {"start_new_session": True}


def end(process: subprocess.Popen[bytes], grace: float, hurry: threading.Event) -> None:
    """Ask a command to end, as Ctrl+C does, ask once more, and after ``grace`` seconds or in a ``hurry`` end it and all it started.

    A crawl that is asked once waits for the pages that are under way; asked twice, it notes that they were broken off.
    """
    tree = _tree(process.pid)
    with contextlib.suppress(OSError, ValueError):  # it is gone, or on Windows has no console in common with us
        for part in (0.25, 0.75):
            process.send_signal(_INTERRUPT)
            _wait_for(process, grace * part, hurry)
    tree = _tree(process.pid) or tree
    for one in reversed(tree):
        with contextlib.suppress(Exception):  # gone meanwhile, or not ours any more
            one.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    # What it started is not ours to wait for, and is still there for a moment after it was told to end.
    ends = time.monotonic() + _LAST
    while any(map(_runs, tree)) and time.monotonic() < ends:
        time.sleep(0.02)


def _runs(process: Any) -> bool:
    import psutil

    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _wait_for(process: subprocess.Popen[bytes], seconds: float, hurry: threading.Event) -> None:
    ends = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < ends and not hurry.is_set():
        time.sleep(0.05)


def _tree(process: int) -> list[Any]:
    import psutil

    try:
        top = psutil.Process(process)
        return [top, *top.children(recursive=True)]
    except psutil.Error:
        return []


def _began(process: int) -> float:
    import psutil

    try:
        return float(psutil.Process(process).create_time())
    except psutil.Error:
        return 0.0


def alive(process: int | None, started: float | None) -> bool:
    """Whether the very process still runs that was started then."""
    import psutil

    if not process or not started:
        return False
    try:
        found = psutil.Process(process)
        return bool(abs(found.create_time() - started) < 2 and found.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


class _Tail:
    """Reads what a command writes, so that it never waits for a reader: into the log, and its last lines into memory."""

    def __init__(self, stream: IO[bytes] | None, step: str) -> None:
        assert stream is not None
        self._stream, self._step = stream, step
        self._lines: deque[str] = deque(maxlen=_KEPT)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        count = 0
        with contextlib.suppress(OSError, ValueError):
            while line := self._stream.readline(_LINE):
                text = line.decode("utf-8", errors="replace").rstrip()
                if not text:
                    continue
                self._lines.append(text)
                count += 1
                if count <= _LOGGED:  # a command that never stops talking shall not fill the disk
                    _log.info("%s | %s", self._step, text)

    def end(self) -> None:
        # What the command started may hold its output open for longer than it runs.
        self._thread.join(timeout=2)

    @property
    def last(self) -> str:
        """The last lines, without what cannot be shown."""
        from data.rows import shown

        return "\n".join(shown(line) for line in self._lines)[-_SAID:].strip()
