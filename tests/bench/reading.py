"""What reading texts costs, each in a process of its own (:mod:`tests.bench.child`), on posts of thirty words as people write them.

Rates are by the time of the one core that is used; several processes are measured by the clock, from the first answer on.
"""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path
from typing import Any

TRAINING = Path(__file__).parents[2] / "data" / "languages" / "vi" / "training"
#: Words of a post, between spaces.
LEAST, MOST = 25, 35
#: What a text may be made of that a careless rule takes quadratic time for, and how often it is repeated at most.
PIECES = {
    "1 MB of chatter": ("máy dùng ok nhưng nóng quá, pin tụt nhanh lắm ạ ", 20_000),
    "10,000 emoji": ("😡", 10_000),
    "a phrase 5,000 times": ("không chê vào đâu được ", 5_000),
}
#: How often a text is read whose time is taken; with its tenth above so many seconds, it is read once.
_ROUNDS, _SECONDS_ENOUGH = 3, 0.2


def write_posts(lines: Path, count: int) -> None:
    """``count`` posts of thirty words as JSON Lines; a number behind each makes it another."""
    posts = [json.loads(line) for file in sorted(TRAINING.glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    posts = [post for post in posts if LEAST <= len(post["text"].split()) <= MOST]
    with lines.open("w", encoding="utf-8") as out:
        for number in range(count):
            post = posts[number % len(posts)]
            item = {"id": str(number), "text": f"{post['text']} {number}", "posted_at": post["posted_at"]}
            out.write(json.dumps(item, ensure_ascii=False) + "\n")


def against_pyvi(lines: str, pyvi: str, rounds: str) -> dict[str, Any]:
    """Our whole reading, the learned component too, and, in turn, what ``spacy.blank("vi")`` takes to split the same posts into words."""
    import spacy

    from analysis.text.annotate import Annotator

    sys.path.append(pyvi)
    items = [json.loads(line) for line in Path(lines).read_text(encoding="utf-8").splitlines()]
    annotator, words = Annotator(), spacy.blank("vi")
    learned: Any = annotator.pipeline("vi").get_pipe("chandung_learned")
    assert learned.model is not None, "the fitted model is missing"
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(int(rounds) + 1):
        for found, work in (
            (ours, lambda: list(annotator.annotate(items))),
            (theirs, lambda: list(words.pipe(item["text"] for item in items))),
        ):
            begun = time.process_time()
            work()
            found.append(time.process_time() - begun)
    # The first round builds the pipelines.
    return {"posts": len(items), "seconds": min(ours[1:]), "pyvi_seconds": min(theirs[1:])}


class _Counted(io.TextIOBase):
    """Counts lines, and notes when the first came."""

    def __init__(self) -> None:
        self.lines, self.first = 0, 0.0

    def writelines(self, texts: Any) -> None:
        self.lines += sum(1 for _ in texts)
        self.first = self.first or time.perf_counter()


def processes(lines: str, count: str) -> dict[str, Any]:
    """``chandung annotate --processes COUNT``: posts a second from the first answer on."""
    from analysis.text.annotate_file import annotate_file

    out = _Counted()
    with Path(lines).open("rb") as source:
        annotate_file(source, out, print, processes=int(count))  # type: ignore[arg-type]
    return {"rate": (out.lines - 1) / (time.perf_counter() - out.first)}


def piped(lines: str, count: str) -> dict[str, Any]:
    """``nlp.pipe(texts, n_process=COUNT)``: documents a second from the first one on."""
    from analysis.text.pipeline import build

    texts = [json.loads(line)["text"] for line in Path(lines).read_text(encoding="utf-8").splitlines()]
    first, docs = 0.0, 0
    for _ in build("vi").pipe(texts, n_process=int(count)):
        first, docs = first or time.perf_counter(), docs + 1
    return {"rate": (docs - 1) / (time.perf_counter() - first)}


def start_up() -> dict[str, Any]:
    """Seconds of the clock from import to the first answer."""
    begun = time.perf_counter()
    from analysis.text.annotate import Annotator

    found = Annotator().annotate_one({"id": "1", "text": "mình 28 tuổi ở Hà Nội, máy nóng quá"})
    assert found.cues, "nothing was read"
    return {"seconds": time.perf_counter() - begun}


def growth() -> dict[str, Any]:
    """How many times the work ten times the text is, for each of :data:`PIECES`: ten where it grows with the text."""
    from analysis.text.annotate import Annotator

    annotator = Annotator()

    def spent(text: str) -> float:
        begun = time.process_time()
        annotator.annotate_one({"id": "1", "text": text, "lang": "vi"})
        return time.process_time() - begun

    def least(text: str, rounds: int) -> float:
        return min(spent(text) for _ in range(rounds))

    spent("mình 28 tuổi ở Hà Nội")
    found = {}
    for what, (piece, times) in PIECES.items():
        # What is short is soon disturbed; once is enough for what takes seconds, and errs to our cost.
        short = least(piece * (times // 10), _ROUNDS)
        found[what] = least(piece * times, 1 if short > _SECONDS_ENOUGH else _ROUNDS) / short
    return found
