"""Answers from elsewhere (another version, another program), in the form that ``chandung annotate`` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.gold import CodedPost, CodingError, located
from data.records import Annotation, Cue, Pain
from data.words import tell


def read_predictions(path: Path, posts: Sequence[CodedPost]) -> dict[str, Annotation]:
    """Post id → what the file says of it; lines about other posts are passed over.

    A place is ``start`` and ``end``, or a ``quote`` that stands in the text. Codes that the codebook does not know are
    taken as they are: they are wrong answers. Raises :class:`InputError` that names the line which cannot be used.
    """
    texts = {post.id: post for post in posts}
    found: dict[str, Annotation] = {}
    try:
        with path.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                if raw.strip():
                    try:
                        annotation = _annotation(raw, texts)
                    except CodingError as error:
                        raise InputError("coded_line", path=path, line=number, why=error) from None
                    if annotation is not None:
                        found[annotation.id] = annotation
    except OSError as error:
        raise InputError("unreadable_file", path=path, why=error.strerror or error) from None
    if not found:
        raise InputError("eval_other_posts", path=path)
    return found


def _annotation(raw: bytes, posts: Mapping[str, CodedPost]) -> Annotation | None:
    try:
        line = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _wrong("not_json", why=getattr(error, "msg", None) or type(error).__name__) from None
    if not isinstance(line, dict):
        raise _wrong("not_json", why=type(line).__name__)
    if line.get("id") is None:
        raise _wrong("no_field", name="id")
    post = posts.get(str(line["id"]))
    if post is None:
        return None
    cues = tuple(_cue(entry, post.text) for entry in _entries(line, "cues"))
    pains = tuple(_pain(entry, post.text) for entry in _entries(line, "pains"))
    return Annotation(post.id, str(line.get("lang") or post.language), cues, pains)


def _entries(line: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    entries = line.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _wrong("no_list", name=name)
    return entries


def _cue(entry: dict[str, Any], text: str) -> Cue:
    start, end = _place(entry, text)
    attribute, value, who = (str(entry.get(name, "")) for name in ("attribute", "value", "who"))
    return Cue(attribute, value, who, start, end, text[start:end], 1.0, _component(entry), entry.get("group"))


def _pain(entry: dict[str, Any], text: str) -> Pain:
    start, end = _place(entry, text)
    kind, category, target = (str(entry.get(name) or "") for name in ("kind", "category", "target"))
    severity = entry.get("severity")
    graded = severity if isinstance(severity, int) else 0
    return Pain(kind, category, target, graded, start, end, text[start:end], 1.0, _component(entry))


def _component(entry: Mapping[str, Any]) -> str:
    return str(entry.get("source_component") or "")


def _place(entry: Mapping[str, Any], text: str) -> tuple[int, int]:
    start, end = entry.get("start"), entry.get("end")
    if isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text):
        return start, end
    return located(entry, text)


def _wrong(key: str, **values: object) -> CodingError:
    return CodingError(tell(f"eval.line.{key}", **values))
