"""JSON Lines in, JSON Lines out: the work behind ``chandung annotate``, in bounded batches, on one process or several."""

from __future__ import annotations

import codecs
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from analysis.text.annotate import Annotator, moment
from data.records import Annotation, Cue, Pain
from data.words import tell

if TYPE_CHECKING:
    from data.study import Study

#: Lines handed to a worker at a time: large enough that sending them costs little beside reading them.
_BATCH = 500
#: So many ids are remembered to see whether one comes again.
_MOST_IDS = 200_000
# ``dataclasses.asdict`` copies every value deeply: a tenth of the time of an annotation.
_CUE, _PAIN = (tuple(field.name for field in fields(record)) for record in (Cue, Pain))
_encode = json.JSONEncoder(ensure_ascii=False).encode
_worker: list[Annotator] = []


class LineError(ValueError):
    """A line that cannot be used; its text is the sentence for the user."""


def annotate_file(
    source: BinaryIO, out: TextIO, complain: Callable[[str], None], *, processes: int = 1, study: Study | None = None
) -> int:
    """Annotate the texts of ``source``, one line each into ``out``, in order; returns how many lines could not be used.

    With a ``study`` its brands, its own lexicons and its language are known. Every unusable line is told to ``complain``
    in one sentence, and the rest goes on.
    """
    wrong = [0]

    def fail(sentence: str) -> None:
        wrong[0] += 1
        complain(sentence)

    batches = batches_of(_watched(_items(source, fail), complain, fail), _BATCH)
    if processes < 2:
        _begin(study)
    for lines in map(_annotate, batches) if processes < 2 else _spread(batches, processes, study):
        out.writelines(lines)
    return wrong[0]


def _begin(study: Study | None) -> None:
    """Make the annotator of this process."""
    if study is None:
        _worker[:] = [Annotator()]
        return
    from analysis.read import annotator

    _worker[:] = [annotator(study)]


def batches_of(items: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """``items`` in lists of ``size``, the first one short so that a stream's first answers come soon."""
    stream = iter(items)
    first = next(stream, None)
    if first is not None:
        yield [first]
    batch: list[dict[str, Any]] = []
    for item in stream:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def as_line(annotation: Annotation) -> str:
    """An annotation as a line of JSON, in the codebook's shape."""
    cues = [{name: getattr(cue, name) for name in _CUE} for cue in annotation.cues]
    for cue in cues:
        if cue["group"] is None:
            del cue["group"]
    pains = [{name: getattr(pain, name) for name in _PAIN} for pain in annotation.pains]
    return _encode({"id": annotation.id, "lang": annotation.lang, "cues": cues, "pains": pains}) + "\n"


def _annotate(batch: list[dict[str, Any]]) -> list[str]:
    return [as_line(annotation) for annotation in _worker[0].annotate(batch)]


def _spread(batches: Iterable[list[dict[str, Any]]], processes: int, study: Study | None) -> Iterator[list[str]]:
    """The batches' lines in order, worked on by ``processes`` fresh processes, few batches ahead."""
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    spawned = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawned, initializer=_begin, initargs=(study,)) as pool:
        waiting: deque[Future[list[str]]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_annotate, batch))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _watched(
    items: Iterable[tuple[int, dict[str, Any]]], complain: Callable[[str], None], fail: Callable[[str], None]
) -> Iterator[dict[str, Any]]:
    """``items`` without their lines' numbers; the first id that comes again and the first moment that is none are told."""
    seen: dict[str, int] | None = {}
    told = False
    for number, item in items:
        if seen is not None:
            name = str(item["id"])
            first = seen.setdefault(name, number)
            if first != number:
                complain(tell("annotate.line.id_again", line=number, id=name[:60], first=first))
            if first != number or len(seen) >= _MOST_IDS:
                seen = None
        given = item.get("posted_at")
        if given and not told and moment(given) is None:
            told = True
            fail(tell("annotate.line.no_moment", line=number, value=str(given)[:60]))
        yield item


def _items(source: BinaryIO, fail: Callable[[str], None]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The usable lines with their numbers."""
    for number, raw in enumerate(_lines(source), 1):
        if raw.removeprefix(codecs.BOM_UTF8).strip():
            try:
                yield number, _item(raw, number)
            except LineError as error:
                fail(str(error))


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """The lines of ``source`` in UTF-8. Windows PowerShell's ``>`` writes UTF-16, which its first two bytes tell."""
    first = source.readline()
    if not first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from chain([first] if first else [], source)
        return
    rest = ""
    # A part ends where a byte looks like a line's end, which need not be one.
    for part in codecs.iterdecode(chain([first], source), "utf-16", "replace"):
        if "\n" in part:
            *whole, part = (rest + part).split("\n")
            yield from (line.encode("utf-8", "replace") for line in whole)
            rest = ""
        rest += part
    yield rest.encode("utf-8", "replace")


def _item(raw: bytes, number: int) -> dict[str, Any]:
    try:
        line = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _wrong("not_utf8", line=number) from None
    except (ValueError, RecursionError) as error:
        raise _wrong("not_json", line=number, why=getattr(error, "msg", None) or type(error).__name__) from None
    if not isinstance(line, dict):
        raise _wrong("not_json", line=number, why=type(line).__name__)
    if isinstance(line.get("id"), bool) or not isinstance(line.get("id"), str | int | float):
        raise _wrong("no_id", line=number)
    if not isinstance(line.get("text"), str):
        raise _wrong("no_text", line=number)
    return line


def _wrong(key: str, **values: object) -> LineError:
    return LineError(tell(f"annotate.line.{key}", **values))
