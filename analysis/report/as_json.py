"""The whole report as JSON: the model and the sections made of it, for programs and for comparing with later.

``chandung report --schema`` prints the schema. Names of fields are stable within a :data:`VERSION`; new ones may come. Dates are ISO
8601, times UTC; shares lie between 0 and 1; what must not be told is ``null``.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from analysis.report import blocks
from analysis.report.blocks import Section
from analysis.report.briefing import compose
from analysis.report.model import Report
from analysis.report.speech import Speech
from analysis.report.straight import straight
from data.errors import InputError

#: Stands first in every file, so that no other JSON is taken for a report.
FORMAT, VERSION = "chandung-report", 1
#: A report of a large study takes some megabytes.
_LARGEST = 64_000_000
_BLOCKS = frozenset(kind.__name__ for kind in blocks.Block.__args__)


def render(report: Report, lang: str, sections: Sequence[Section] = ()) -> str:
    """The report as JSON text; ``sections`` are in ``lang`` already."""
    say = Speech(lang, report.timezone)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "language": lang,
        "report": _plain(report),
        "sections": [_plain(section) for section in compose(report, sections, say)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """A dataclass as a mapping, a block with its ``type``; sets are sorted."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        kind = type(value).__name__
        return {"type": kind, **named} if kind in _BLOCKS else named
    if isinstance(value, str):
        return straight(value)
    if isinstance(value, int | float | None):
        return value
    if isinstance(value, frozenset | set):
        return sorted(value)
    return [_plain(one) for one in value]


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Report)


def schema() -> dict[str, Any]:
    """The JSON schema of a report's file."""
    from pydantic import TypeAdapter

    report = _adapter().json_schema()
    # Some names are both of the model and of blocks.
    section = TypeAdapter(Section).json_schema(ref_template="#/$defs/blocks.{model}")
    shown = section.pop("$defs", {})
    for name in _BLOCKS & shown.keys():
        shown[name]["properties"] = {"type": {"const": name}, **shown[name]["properties"]}
        shown[name]["required"] = ["type", *shown[name].get("required", [])]
    kinds = {**report.pop("$defs", {}), **{f"blocks.{name}": kind for name, kind in shown.items()}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "type": "object",
        "required": ["format", "version", "language", "report", "sections"],
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "language": {"enum": ["vi", "en"]},
            "report": report,
            "sections": {"type": "array", "items": section},
        },
        "$defs": kinds,
    }


def load(path: Path) -> Report:
    """The model of an earlier report. Raises ``InputError`` where the file is damaged, too new, or no report of Chandung."""
    from pydantic import ValidationError

    try:
        if path.stat().st_size > _LARGEST:
            raise InputError("report_json_foreign", path=path)
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("unreadable_file", path=path, why=error.strerror or error) from None
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise InputError("report_json_damaged" if line else "report_json_foreign", path=path, line=line) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError("report_json_foreign", path=path)
    if document.get("version") != VERSION:
        raise InputError("report_json_version", path=path, version=str(document.get("version"))[:20], known=VERSION)
    try:
        report: Report = _adapter().validate_python(document.get("report"))
    except (ValidationError, RecursionError) as error:
        where = (
            ".".join(str(part) for part in error.errors()[0]["loc"])[:80]
            if isinstance(error, ValidationError)
            else "report"
        )
        raise InputError("report_json_field", path=path, field=where) from None
    return report
