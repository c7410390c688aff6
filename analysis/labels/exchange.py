"""Labels out of a study and into it: files of coded posts (JSON Lines), or tables of them (CSV) with one answer a row."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from analysis.labels.desk import Desk, coder_name
from data.codebook import SENSITIVE
from data.errors import InputError
from data.gold import CodedPost, CodingError, coded
from data.labelled import COLUMNS, as_line, done_posts, rows_of
from data.labels import Answer, Label, located, said, same, standing
from data.records import Cue, Pain
from data.rows import harmless
from data.store import Store
from data.words import tell

_NUMBERS = ("severity", "nth")
#: What a spreadsheet calls the encodings that Excel writes.
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1258")
_BY_ID = "select id, text from posts where post_id = ? and text <> ''"
Complain = Callable[[str], None]


@dataclass(slots=True)
class Brought:
    """What an import came to, in posts."""

    new: int = 0
    known: int = 0
    strange: int = 0
    wrong: int = 0


def write(store: Store, path: Path) -> int:
    """Write every post that somebody is done with into ``path`` (.csv, else JSON Lines); how many there were."""
    draft = path.with_name(f".{path.name}.part")
    table = path.suffix.lower() == ".csv"
    try:
        with draft.open("w", encoding="utf-8-sig" if table else "utf-8", newline="" if table else "\n") as out:
            count = _write_table(done_posts(store), out) if table else _write_lines(done_posts(store), out)
        draft.replace(path)
    except OSError as error:
        raise InputError("cannot_write", path=path, why=error.strerror or error) from None
    finally:
        draft.unlink(missing_ok=True)
    return count


def _write_lines(posts: Iterable[CodedPost], out: TextIO) -> int:
    count = 0
    for post in posts:
        out.write(json.dumps(as_line(post), ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_table(posts: Iterable[CodedPost], out: TextIO) -> int:
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for post in posts:
        for row in rows_of([post]):
            writer.writerow([harmless(value) for value in row.values()])
        count += 1
    return count


def read(path: Path, complain: Complain, store: Store | None = None) -> Iterator[tuple[int, CodedPost]]:
    """The posts of a file, each with the number of its (first) line. What cannot be used is told to ``complain`` by number.

    With the ``store`` of the study that they are for, posts without a text are known by their id, and such as say two things
    of the same words are refused.
    """
    lines = _rows_of_table(path, with_text=store is None) if path.suffix.lower() == ".csv" else _lines(path)
    for number, line, why in lines:
        at = number
        try:
            if why:
                raise CodingError(why)
            if isinstance(line, dict):
                line.setdefault("language", line.get("lang"))
                if store is not None and not line.get("text"):
                    row = next(store.query(_BY_ID, (str(line.get("id")),)), None)
                    if row is None and line.get("id"):
                        complain(tell("label.import.strange", line=number, id=line["id"]))
                        continue
                    line["text"] = row["text"] if row is not None else None
            post = coded(line)
            if store is not None and (twice := _said_twice(post)) is not None:
                place, other, cue = twice
                at = line["rows"][place] if "rows" in line else number
                values = {"attribute": cue.attribute, "one": other.value, "other": cue.value, "quote": cue.quote}
                raise CodingError(tell("label.import.twice", **values))
            yield number, post
        except CodingError as error:
            complain(tell("label.import.line", line=at, why=error))


def _said_twice(post: CodedPost) -> tuple[int, Cue, Cue] | None:
    """The first cue (its place, what was said before, itself) that says otherwise of words of which only one can hold."""
    for place, cue in enumerate(post.cues):
        for other in post.cues[:place]:
            if same(other, cue) and said(other) != said(cue):
                return place, other, cue
    return None


def _lines(path: Path) -> Iterator[tuple[int, Any, str]]:
    with _opened(path, "utf-8-sig") as source:
        for number, raw in enumerate(source, 1):
            if raw.strip():
                try:
                    yield number, json.loads(raw), ""
                except (ValueError, RecursionError) as error:
                    yield number, None, tell("eval.line.not_json", why=getattr(error, "msg", type(error).__name__))


def _rows_of_table(path: Path, *, with_text: bool) -> Iterator[tuple[int, Any, str]]:
    """A table's rows gathered post by post: one coder's rows of one id are one post's answers, wherever they stand."""
    with _opened(path, _encoding(path), newline="") as source:
        first = source.readline()
        source.seek(0)
        delimiter = max(",;\t", key=first.count)
        reader = csv.DictReader(source, delimiter=delimiter)
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        if "language" not in names:
            names = ["language" if name == "lang" else name for name in names]
        needed = ("id", "language", "text", "quote") if with_text else ("id", "language", "quote")
        if missing := [name for name in needed if name not in names]:
            raise InputError("label_columns", path=path, missing=", ".join(missing), known=", ".join(COLUMNS))
        reader.fieldnames = names
        gathered = _Gathered()
        for row in reader:
            cells = {
                name: _cell(value) for name, value in row.items() if name and isinstance(value, str) and value.strip()
            }
            if cells and "id" not in cells:
                yield reader.line_num, None, tell("eval.line.missing", name="id")
            elif cells:
                gathered.take(reader.line_num, cells)
    yield from gathered.posts()


class _Gathered:
    """The rows of a table, post by post and coder by coder, each post with the number of its first row."""

    def __init__(self) -> None:
        self._posts: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
        self._coders: dict[str, str] = {}
        #: Why a post cannot be used, and which row says so.
        self._wrong: dict[tuple[str, str], tuple[int, str]] = {}
        self._empty: dict[tuple[str, str], int] = {}

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        # A row that names no coder goes on where the row before it left off.
        coder = self._coders[cells["id"]] = cells.get("labelled_by") or self._coders.get(cells["id"], "")
        key = (cells["id"], coder)
        _, line = self._posts.setdefault(key, (number, {"cues": [], "pains": [], "rows": []}))
        for name in ("id", "language", "posted_at", "text", "labelled_by", "labelled_at"):
            line[name] = line.get(name) or cells.get(name)
        entry = _entry(cells)
        if not entry:
            self._empty.setdefault(key, number)
        elif _is_cue(entry) and ("kind" in entry or "category" in entry):
            self._wrong.setdefault(key, (number, tell("label.import.both")))
        elif _is_cue(entry):
            line["cues"].append(entry)
            line["rows"].append(number)
        else:
            line["pains"].append(entry)
        if key in self._empty and (line["cues"] or line["pains"]):
            self._wrong.setdefault(key, (self._empty[key], tell("label.import.empty", id=cells["id"])))

    def posts(self) -> Iterator[tuple[int, Any, str]]:
        for key, (number, line) in self._posts.items():
            row, why = self._wrong.get(key, (number, ""))
            yield row, line, why


def _cell(value: str) -> str:
    value = value.replace("\r\n", "\n").strip()
    # The apostrophe by which a spreadsheet takes a text for no formula.
    return value[1:] if value[:1] == "'" and harmless(value[1:]) != value[1:] else value


def _entry(cells: Mapping[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {name: value for name, value in cells.items() if name in COLUMNS[4:14]}
    for name in _NUMBERS:
        if entry.get(name, "").removesuffix(".0").isdigit():
            entry[name] = int(entry[name].removesuffix(".0"))
    return entry


def _is_cue(entry: Mapping[str, Any]) -> bool:
    return "attribute" in entry or "value" in entry


def _opened(path: Path, encoding: str, newline: str | None = None) -> TextIO:
    try:
        return path.open(encoding=encoding, errors="replace", newline=newline)
    except OSError as error:
        raise InputError("unreadable_file", path=path, why=error.strerror or error) from None


def _encoding(path: Path) -> str:
    try:
        head = path.read_bytes()
    except OSError as error:
        raise InputError("unreadable_file", path=path, why=error.strerror or error) from None
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            head.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8-sig"


def take(
    store: Store,
    posts: Iterable[tuple[int, CodedPost]],
    complain: Complain,
    *,
    coder: str | None,
    sensitive: bool = False,
) -> Brought:
    """Keep posts that were coded elsewhere as labels, each of them as coded whole.

    They are known again by their id, else by their text. ``coder`` says who coded them where the file does not.
    """
    brought, by_text = Brought(), _ByText(store)
    for number, post in posts:
        row = next(store.query(_BY_ID, (post.id,)), None) or by_text.find(post.text)
        if row is None:
            brought.strange += 1
            complain(tell("label.import.strange", line=number, id=post.id))
            continue
        name = coder_name(post.labelled_by.replace(", ", "+") or coder)
        answers, lost = _placed(post, unicodedata.normalize("NFC", row["text"]))
        if lost:
            brought.wrong += 1
            complain(tell("label.import.lost", line=number, quote=lost))
            continue
        if not sensitive:
            answers = [answer for answer in answers if not (isinstance(answer, Cue) and answer.attribute in SENSITIVE)]
        labels = store.labels_of([row["id"]]).get(row["id"], [])
        if _says_so_already([one for one in labels if one.coder == name], answers, row["text"]):
            brought.known += 1
            continue
        store.save_labels(_labels(store, row["id"], name, _moment(post.labelled_at), answers))
        brought.new += 1
    return brought


class _ByText:
    """Finds a post by its words, for files whose ids are not the study's. What there is to find is gathered on first use."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: dict[int, int] | None = None

    def find(self, text: str) -> dict[str, Any] | None:
        if self._keys is None:
            rows = self._store.query("select id, text from posts where text <> '' order by id desc")
            self._keys = {hash(row["text"]): row["id"] for row in rows}
        key = self._keys.get(hash(text))
        row = next(self._store.query("select id, text from posts where id = ?", (key,)), None) if key else None
        return row if row is not None and row["text"] == text else None


def _placed(post: CodedPost, text: str) -> tuple[list[Answer], str]:
    """The answers where their quotes stand in the text as stored; the first quote that is not there."""
    answers: list[Answer] = []
    coded_there: list[Answer] = [*post.cues, *post.pains]
    for answer in coded_there:
        there = located(answer, text)
        if there is None:
            return [], answer.quote
        answers.append(there)
    return answers, ""


def _says_so_already(own: Sequence[Label], answers: Sequence[Answer], text: str) -> bool:
    now = standing(own, text)
    holding = [one.answer for one in now.judged if one.holds and not one.lost]
    return now.done is not None and _codes(holding) == _codes(answers)


def _codes(answers: Iterable[Answer]) -> list[str]:
    return sorted(
        f"{answer.start}-{answer.end} {type(answer).__name__} {_slot(answer)} {said(answer)}" for answer in answers
    )


def _slot(answer: Answer) -> str:
    return f"{answer.attribute} {answer.who}" if isinstance(answer, Cue) else ""


def _labels(store: Store, key: int, coder: str, at: datetime, answers: Sequence[Answer]) -> Iterator[Label]:
    """What coding a post whole says of the machine's answers: right, otherwise, wrong; and what it missed."""
    seen = Desk(store, coder).see(key)
    before = [one.answer for one in seen.answers if one.holds] if seen is not None else []
    matches: dict[int, Answer] = {}
    # What is coded alike is matched first, so that of two pains on the same words each keeps its own.
    for alike in (_alike, _of_one_trouble, same):
        for place, answer in enumerate(answers):
            match = next((one for one in before if alike(one, answer)), None)
            if place not in matches and match is not None:
                matches[place] = match
                before.remove(match)
    for place, answer in enumerate(answers):
        match = matches.get(place)
        if match is None:
            yield Label(key, coder, "added", at, answer)
            continue
        component = match.source_component or None
        if said(match) == said(answer) and (match.start, match.end) == (answer.start, answer.end):
            yield Label(key, coder, "accepted", at, answer, component=component)
        else:
            yield Label(key, coder, "changed", at, answer, was=match, component=component)
    for wrong in before:
        yield Label(key, coder, "rejected", at, wrong, component=wrong.source_component or None)
    yield Label(key, coder, "done" if answers else "nothing", at)


def _alike(one: Answer, other: Answer) -> bool:
    return same(one, other) and said(one) == said(other)


def _of_one_trouble(one: Answer, other: Answer) -> bool:
    return same(one, other) and isinstance(one, Pain) and isinstance(other, Pain) and one.category == other.category


def _moment(day: str) -> datetime:
    try:
        at = datetime.fromisoformat(day.replace("Z", "+00:00"))
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


__all__ = ["Brought", "read", "take", "write"]
