"""The report as JSON: the whole model and back, with a schema that every file keeps to."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from analysis.report import as_json, blocks
from analysis.report.model import Report
from analysis.report.sections import sections
from analysis.report.speech import Speech
from data.store import Store
from tests.analysis.world import World


@pytest.fixture
def text(analysed_store: Store, analysed: World, report: Report) -> str:
    parts = sections(analysed_store, analysed.study, Speech("vi", analysed.study.timezone))
    return as_json.render(report, "vi", parts)


def test_the_model_comes_back_whole(text: str, report: Report, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(text, encoding="utf-8")
    assert as_json.load(path) == report


def test_it_says_what_it_is_and_holds_every_section(text: str, report: Report) -> None:
    document = json.loads(text)
    assert list(document) == ["format", "version", "language", "report", "sections"]
    assert (document["format"], document["version"], document["language"]) == ("chandung-report", 1, "vi")
    assert set(document["report"]) == {field.name for field in fields(Report)}
    assert len(document["report"]["evidence"]) == len(report.evidence)
    assert {"summary", "pains", "method"} <= {section["key"] for section in document["sections"]}
    kinds = {block["type"] for section in document["sections"] for block in section["blocks"]}
    assert kinds <= {kind.__name__ for kind in blocks.Block.__args__}


def _at(schema: dict[str, Any], ref: dict[str, Any]) -> dict[str, Any]:
    return schema["$defs"][ref["$ref"].rpartition("/")[2]] if "$ref" in ref else ref


def test_the_schema_names_every_field_and_tells_blocks_apart() -> None:
    schema = as_json.schema()
    report = _at(schema, schema["properties"]["report"])
    assert set(report["properties"]) == {field.name for field in fields(Report)}
    assert schema["$defs"]["blocks.Bars"]["properties"]["type"] == {"const": "Bars"}
    assert "type" in schema["$defs"]["blocks.Table"]["required"]
    refs = {ref.rpartition("/")[2] for ref in _refs(schema)}
    assert refs <= set(schema["$defs"])


def _refs(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for part in value.values() for ref in _refs(part)]
    return [ref for part in value for ref in _refs(part)] if isinstance(value, list) else []


def test_the_file_keeps_to_its_schema(text: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(json.loads(text), as_json.schema())
