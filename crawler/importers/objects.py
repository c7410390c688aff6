"""Rows of JSON and JSON Lines files: every object of the list is a row, what lies within it has names like ``from.name``."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from crawler.importers.raw import refuse_chat
from data.errors import InputError

#: One object may be written with so many bytes, lie so deep and have so many values.
_LARGEST_OBJECT = 16 << 20
_DEEPEST, _MOST_VALUES = 6, 400
_LONGEST_LINE = 4 << 20
_LISTS = {"messages", "comments", "posts", "reviews", "data", "items", "results", "rows", "tweets", "replies"}
_LOOKED_AT = 100_000
#: Lists within an object whose objects are answers to it, and what such a list may lie in.
_ANSWERS = {
    "reply_comment",
    "replies",
    "comments",
    "reply_comments",
    "replycomments",
    "sub_comments",
    "subcomments",
    "children",
    "replieslist",
}
_HOLDERS = ("comments", "data", "items", "edges")
#: Lists of what a review is of, the first of which is enough.
_WHAT_WAS_BOUGHT = {"product_items", "productItems"}
_MOST_ANSWERS, _DEEPEST_ANSWERS = 200_000, 20


@dataclass(frozen=True, slots=True)
class Thing:
    """One object: the line it stands on, or its place in the list (from 1)."""

    number: int
    cells: dict[str, str]
    wrong: str | None = None


class _Slow:
    """A file that gives out no more than one object may need before it is told that one was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._left = file, _LARGEST_OBJECT

    def read(self, size: int = -1) -> bytes:
        if size == 0:  # so ijson asks whether these are bytes
            return b""
        if self._left <= 0:
            raise _TooLargeError
        piece = self._file.read(size if 0 < size <= 65_536 else 65_536)
        self._left -= len(piece)
        return piece

    def rested(self) -> None:
        self._left = _LARGEST_OBJECT


class _TooLargeError(Exception):
    pass


def place_of_list(path: Path, encoding: str) -> str | None:
    """Where the list of objects lies (ijson's prefix: ``item``, ``messages.item``); ``None`` where there is none.

    Of several lists it is one that is called what lists of posts are called, else the one whose first object says most.
    Raises ``InputError`` for what is not JSON.
    """
    import ijson

    found: dict[str, int] = {}
    with path.open("rb") as file:
        source = _Slow(_utf8(file, encoding))
        try:
            before = ""
            for number, (prefix, event, _) in enumerate(ijson.parse(source)):
                source.rested()
                if before == "start_array" and event == "start_map" and prefix.count(".") <= 3:
                    found.setdefault(prefix, 0)
                elif event == "map_key" and prefix in found:
                    found[prefix] += 1
                before = event
                if "item" in found or number > _LOOKED_AT or any(_is_called_so(name) for name in found):
                    break
        except (ijson.JSONError, _TooLargeError, UnicodeError, ValueError) as error:
            if not found:
                refuse_chat(path, _start(path, encoding))
                raise InputError("import_not_json", path=path.name, why=_why(error)) from None
    return max(found, key=lambda name: (name == "item", _is_called_so(name), found[name]), default=None)


def _start(path: Path, encoding: str) -> str:
    with path.open("r", encoding=encoding, errors="replace") as file:
        return file.read(1_000)


def _is_called_so(prefix: str) -> bool:
    return prefix.removesuffix(".item").rpartition(".")[2].casefold() in _LISTS


def of_list(path: Path, encoding: str, place: str) -> Iterator[Thing]:
    """The objects of the list at ``place``. A file that breaks off is told by a last row with ``wrong``."""
    import ijson

    number = 0
    with path.open("rb") as file:
        source = _Slow(_utf8(file, encoding))
        try:
            for value in ijson.items(source, place):
                source.rested()
                number += 1
                yield from _things(number, value)
        except (ijson.JSONError, _TooLargeError, UnicodeError, ValueError):
            yield Thing(number + 1, {}, "json_broken")


def of_lines(path: Path, encoding: str) -> Iterator[Thing]:
    """The objects of a JSON Lines file; a line that is not one is told with ``wrong``."""
    with path.open("r", encoding=encoding, errors="replace") as file:
        number = 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            if len(line) >= _LONGEST_LINE and not line.endswith("\n"):
                while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
                    pass
                yield Thing(number, {"": line[:500]}, "too_long")
            elif line.strip():
                yield from _of_line(number, line)


def _of_line(number: int, line: str) -> Iterator[Thing]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        yield Thing(number, {"": line[:500]}, "not_json")
        return
    if isinstance(value, dict):
        yield from _things(number, value)
    else:
        yield Thing(number, {"": line[:500]}, "not_json")


def _things(number: int, value: Any) -> Iterator[Thing]:
    """The object and the answers that it holds, each a row; an answer knows what it answers by ``@within``."""
    if not isinstance(value, dict):
        yield _thing(number, value)
        return
    waiting: list[tuple[dict[str, Any], str, str, int]] = [(_unwrapped(value), str(number), "", 0)]
    told = 0
    while waiting:
        one, label, within, depth = waiting.pop()
        answers: list[dict[str, Any]] = []
        if depth < _DEEPEST_ANSWERS and told + len(waiting) < _MOST_ANSWERS:
            one, answers = _without_answers(one)
        thing = _thing(number, one)
        if answers or within:
            thing.cells["@label"] = label
        if within:
            thing.cells["@within"] = within
        yield thing
        told += 1
        waiting += [(a, f"{label}-{n}", label, depth + 1) for n, a in reversed(list(enumerate(answers, start=1)))]


def _unwrapped(value: dict[str, Any]) -> dict[str, Any]:
    """A thread of comments as YouTube's interface hands it out, as its first comment with the answers within."""
    snippet = value.get("snippet")
    top = snippet.get("topLevelComment") if isinstance(snippet, dict) else None
    if not isinstance(top, dict):
        return value
    own = top.get("snippet")
    if isinstance(snippet, dict) and isinstance(own, dict):
        top = {**top, "snippet": {**{name: said for name, said in snippet.items() if name != "topLevelComment"}, **own}}
    return {**top, **({"replies": value["replies"]} if "replies" in value else {})}


def _without_answers(value: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    for key, held in value.items():
        if key.casefold() not in _ANSWERS:
            continue
        inner = held
        if isinstance(held, dict):
            inner = next((held[name] for name in _HOLDERS if isinstance(held.get(name), list)), None)
        if isinstance(inner, list) and inner and all(isinstance(one, dict) for one in inner):
            alike = [one for one in inner if len(value.keys() & one.keys()) * 2 >= len(one)]
            if len(alike) == len(inner):
                return {name: other for name, other in value.items() if name != key}, inner[:_MOST_ANSWERS]
    return value, []


def head(path: Path, encoding: str) -> dict[str, str]:
    """What a JSON file says beside its list: its names on the first level with their plain values, lists as their names."""
    import ijson

    found: dict[str, str] = {}
    with path.open("rb") as file:
        source = _Slow(_utf8(file, encoding))
        try:
            for prefix, event, value in ijson.parse(source):
                source.rested()
                if prefix and "." not in prefix and event in ("string", "number", "boolean", "start_array"):
                    found[prefix] = "" if event == "start_array" else str(value)[:200]
                if len(found) > 50:
                    break
        except (ijson.JSONError, _TooLargeError, UnicodeError, ValueError):
            pass
    return found


def _thing(number: int, value: Any) -> Thing:
    if not isinstance(value, dict):
        return Thing(number, {"": _plain(value)[:500]}, "not_json")
    cells: dict[str, str] = {}
    _flatten("", value, cells, 0)
    return Thing(number, cells)


def _flatten(name: str, value: dict[str, Any], cells: dict[str, str], depth: int) -> None:
    for key, inner in value.items():
        whole = f"{name}.{key}" if name else str(key)
        if len(cells) >= _MOST_VALUES:
            return
        if key in _WHAT_WAS_BOUGHT and isinstance(inner, list) and inner and isinstance(inner[0], dict):
            inner = inner[0]
        if isinstance(inner, dict) and inner and depth < _DEEPEST:
            _flatten(whole, inner, cells, depth + 1)
        else:
            cells[whole[:200]] = _plain(inner)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return str(int(value)) if _is_whole(value) else str(value)
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return ""


def _is_whole(value: Any) -> bool:
    try:
        return bool(abs(value) < 10**18 and value == int(value))
    except (ValueError, OverflowError, ArithmeticError):
        return False


def _utf8(file: IO[bytes], encoding: str) -> Any:
    """The file's bytes as UTF-8 without a mark: what JSON is read from."""
    if encoding == "utf-8":
        return file
    if encoding == "utf-8-sig":
        file.seek(3)
        return file
    return codecs.EncodedFile(file, "utf-8", encoding, "replace")


def _why(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
