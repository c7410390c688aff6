"""Writing into a study file that people have laid out: lines are put in, and not a sign of what stands there is changed.

Where to put them is told by the marks of ruamel.yaml's nodes. What comes out is read again and must be the study as it was with
just what was added; else nothing is written.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from data.errors import InputError
from data.starter import scalar
from data.study import Study
from data.study_file import load

Fields = Mapping[str, Any]
_SECRET = re.compile(r"\$\{(\w{1,60})\}")
_BOM = "\ufeff"


def add_assumption(study: Study, segment: str, fields: Fields) -> Study:
    """Write an assumption behind the others of its segment, which is made where it is new. Returns the new study.

    Raises ``InputError`` where the file's layout is too odd to write into; the error holds the line to add by hand.
    """
    own = study.own.model_dump()
    old = next((s for s in own["target"] if s["segment"].casefold() == segment.casefold()), None)
    if old is None:
        own["target"].append({"segment": segment, "share_of_revenue": None, "assumptions": []})
        old = own["target"][-1]
    old["assumptions"].append(dict(fields))
    return _write(study, lambda text: _with_assumption(text, segment, fields), own, _flow(fields))


def retire_assumption(study: Study, number: int, position: int, fields: Fields) -> Study:
    """Write ``fields`` to the assumption at these places of the file, counted from 0. Returns the new study."""
    own = study.own.model_dump()
    own["target"][number]["assumptions"][position] |= fields
    return _write(study, lambda text: _with_fields(text, number, position, fields), own, _flow(fields)[1:-1])


# ---- where to write ----


def _with_assumption(text: str, segment: str, fields: Fields) -> str:
    own = _value(_root(text), "own")
    target = _value(own, "target")
    whole = {"segment": segment, "assumptions": [fields]}
    block = [f"- segment: {scalar(segment)}", "  assumptions:", f"    - {_flow(fields)}"]
    if target is None:
        return _into_mapping(text, own, "target", f"[{_flow(whole)}]", block)
    known = [node for node in target.value if _text_of(node, "segment").casefold() == segment.casefold()]
    if not known:
        return _into_sequence(text, target, _flow(whole), block)
    assumptions = _value(known[0], "assumptions")
    if assumptions is None:
        return _into_mapping(text, known[0], "assumptions", f"[{_flow(fields)}]", [f"- {_flow(fields)}"])
    lines = [f"- {_flow(fields)}"]
    if assumptions.value and not assumptions.value[-1].flow_style:
        pairs = [f"{name}: {_scalar(value)}" for name, value in fields.items()]
        lines = [f"- {pairs[0]}", *(f"  {pair}" for pair in pairs[1:])]
    return _into_sequence(text, assumptions, _flow(fields), lines)


def _with_fields(text: str, number: int, position: int, fields: Fields) -> str:
    segment = _value(_value(_root(text), "own"), "target").value[number]
    node = _value(segment, "assumptions").value[position]
    if node.flow_style:
        return _put(text, _end(node.value[-1]), f", {_flow(fields)[1:-1]}")
    lines = [f"{name}: {_scalar(value)}" for name, value in fields.items()]
    return _put_lines(text, _end(node), node.value[0][0].start_mark.column, lines)


def _into_mapping(text: str, node: Any, key: str, flow: str, block: Sequence[str]) -> str:
    """A key put behind the others of a mapping."""
    if node.flow_style:
        return _put(text, _end(node.value[-1]), f", {key}: {flow}")
    lines = [f"{key}:", *(f"  {line}" for line in block)]
    return _put_lines(text, _end(node), node.value[0][0].start_mark.column, lines)


def _into_sequence(text: str, node: Any, flow: str, block: Sequence[str]) -> str:
    """An item put behind the others of a list."""
    if not node.value:
        return _put(text, node.end_mark.index - 1, flow)
    if node.flow_style:
        return _put(text, _end(node.value[-1]), f", {flow}")
    first = node.value[0].start_mark
    begin = first.index - first.column
    return _put_lines(text, _end(node), text.rindex("-", begin, first.index) - begin, block)


def _end(node: Any) -> int:
    """Where the last thing that is written in a node ends; a block's own mark lies behind the comments that follow it."""
    if isinstance(node, tuple):
        key, value = node
        nothing = value.start_mark.index == value.end_mark.index
        return int(key.end_mark.index) if nothing else _end(value)
    if node.value and isinstance(node.value, list) and not node.flow_style:
        return _end(node.value[-1])
    return int(node.end_mark.index)


def _put(text: str, at: int, new: str) -> str:
    return f"{text[:at]}{new}{text[at:]}"


def _put_lines(text: str, after: int, column: int, lines: Sequence[str]) -> str:
    """New lines behind the one in which ``after`` lies, with what is remarked there."""
    newline = "\r\n" if "\r\n" in text else "\n"
    while text[after - 1] in "\r\n":  # a block of text ends with its last line's end
        after -= 1
    ends = re.compile(r"\r?\n|\Z").search(text, after)
    at = ends.start() if ends else len(text)
    return _put(text, at, "".join(f"{newline}{' ' * column}{line}" for line in lines))


# ---- nodes ----


def _root(text: str) -> Any:
    from ruamel.yaml import YAML

    # As long as before, so that every mark keeps its place.
    return YAML(typ="rt").compose(_SECRET.sub(r"$<\1>", text))


def _value(node: Any, key: str) -> Any:
    return next((value for known, value in node.value if known.value == key), None)


def _text_of(node: Any, key: str) -> str:
    value = _value(node, key)
    return str(value.value) if value is not None else ""


# ---- as it is written ----


def _flow(fields: Fields) -> str:
    return "{" + ", ".join(f"{name}: {_scalar(value)}" for name, value in fields.items()) + "}"


def _scalar(value: Any) -> str:
    if isinstance(value, Mapping):
        return _flow(value)
    if isinstance(value, list):
        return f"[{', '.join(_scalar(item) for item in value)}]"
    if isinstance(value, float | int):
        return str(value)
    if re.fullmatch(r"\d{1,5}-\d{1,5}[my]?|\d{4}-\d\d(-\d\d)?|top \d{1,2}", value):
        return str(value)
    return scalar(value)


def _write(study: Study, edit: Callable[[str], str], own: Mapping[str, Any], line: str) -> Study:
    """Write what ``edit`` makes of the file, if it is the study as it was with ``own`` in place of its own part."""
    path = study.path.resolve()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    mark = _BOM if text.startswith(_BOM) else ""
    try:
        draft.write_text(mark + edit(text.removeprefix(_BOM)), encoding="utf-8", newline="")
        written = load(draft)
        if not _same(written, study, own):
            raise ValueError(line)
        shutil.copymode(path, draft)
        draft.replace(path)
    except (InputError, LookupError, TypeError, ValueError, AttributeError):
        raise InputError("assume_by_hand", path=study.path, line=line) from None
    except OSError as error:
        raise InputError("cannot_write", path=study.path, why=error.strerror or error) from None
    finally:
        draft.unlink(missing_ok=True)
    written._path = study.path
    return written


def _same(written: Study, study: Study, own: Mapping[str, Any]) -> bool:
    wanted = type(study.own).model_validate(_given(own))
    rest = {"own"}
    return written.own.model_dump() == wanted.model_dump() and written.model_dump(exclude=rest) == study.model_dump(
        exclude=rest
    )


def _given(value: Any) -> Any:
    """``value`` without fields that are not given."""
    if isinstance(value, Mapping):
        return {name: _given(item) for name, item in value.items() if item is not None}
    return [_given(item) for item in value] if isinstance(value, list) else value
