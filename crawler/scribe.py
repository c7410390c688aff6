"""A process of its own that masks, writes and screens, for crawls so fast that one core cannot both read and write.

Reading a page and writing it cost about the same. Where a site may be asked without a pause (one's own machine), a second
process takes the writing over; it hears of its work through a pipe, and ends when the pipe does. A killed crawl leaves it
with a batch half heard, which it drops, or with a whole one, which it still writes. What it wrote it screens while the crawl
reads on; what it does not come to is screened when the crawl ends.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from data.errors import StoreError
from data.store.base import SavedPosts, Screened
from data.store.polite import Asked

if TYPE_CHECKING:
    from crawler.gathered import Gathered

Work = tuple[int, "list[Gathered]", "list[tuple[str, datetime]]", tuple[Asked, ...]]


class Scribe:
    """The other end of the pipe. Started on first use; to be used by one thread at a time."""

    def __init__(self, database: Path, key: bytes) -> None:
        self._database, self._key = database, key
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Let the process begin; it takes a moment, which nobody needs to wait for."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crawler.scribe"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._tell((str(self._database), self._key))

    def write(self, work: Work) -> SavedPosts:
        """Have a batch written. Raises :class:`StoreError` as the store does; ``OSError`` where the process has gone."""
        self.start()
        self._tell(work)
        assert self._process is not None
        try:
            answer = pickle.load(cast("BinaryIO", self._process.stdout))  # noqa: S301 - from our own process
        except (EOFError, pickle.UnpicklingError) as error:
            raise OSError("the writing process has ended") from error
        if isinstance(answer, SavedPosts):
            return answer
        kind, key, values = answer
        raise StoreError(key, **values) if kind == "store" else RuntimeError(key)

    def _tell(self, message: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        pickle.dump(message, self._process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()

    def finish(self) -> Screened:
        """Let the process end; what it screened besides writing: nothing where it was never needed, or has gone."""
        screened: object = None
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            if self._process is not None:
                self._tell(None)
                screened = pickle.load(cast("BinaryIO", self._process.stdout))  # noqa: S301 - from our own process
        self.close()
        return screened if isinstance(screened, Screened) else Screened()

    def close(self) -> None:
        """Let the process end; everything told was answered for."""
        if self._process is not None:
            assert self._process.stdin is not None
            with suppress(OSError):
                self._process.stdin.close()
            self._process.wait(timeout=60)
            self._process = None


def serve(told: BinaryIO, answers: BinaryIO) -> None:
    """The process itself: batches in, what came of each out, and at the word that it is over what was screened of them."""
    from crawler.gathered import masked_batch
    from data.store import open_store

    database, key = pickle.load(told)  # noqa: S301 - from the crawl that started us
    with open_store(Path(database)) as store:
        store.author_key_secret = key
        before = next(store.query("select coalesce(max(id), 0) as id from posts"))["id"]
        screened, screening = Screened(newest=before), True
        while True:
            try:
                work: Work | None = pickle.load(told)  # noqa: S301
            except (EOFError, pickle.UnpicklingError):
                return
            if work is None:
                pickle.dump(screened, answers)
                answers.flush()
                return
            try:
                answer: object = store.write(masked_batch(*work, key=key))
            except StoreError as error:
                answer = ("store", error.key, {name: str(value) for name, value in error.values.items()})
            except Exception as error:  # told to the crawl, which ends with it
                answer = ("fault", f"{type(error).__name__}: {error}", {})
            pickle.dump(answer, answers)
            answers.flush()
            if screening and isinstance(answer, SavedPosts) and answer.new:
                try:
                    screened += store.screen_posts(beyond=screened.newest)
                except Exception:  # nothing gathered depends on it, and the crawl's end tries again
                    screening = False


if __name__ == "__main__":
    # Ctrl-C is the crawl's to handle: it closes the pipe when everything has been written.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.buffer, sys.stdout.buffer)
