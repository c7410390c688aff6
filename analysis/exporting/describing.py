"""What goes with exported tables: a README, the meaning of every column and code, and a data package's descriptor."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.exporting.columns import Column, Kind
from analysis.exporting.reading import Table
from analysis.report.speech import place_named
from data import codebook
from data.store import Store
from data.words import entry, tell_in

#: By which an earlier export's README is known, so that no other is written over.
MARK = "<!-- chandung export -->"
_FRICTIONLESS: dict[Kind, dict[str, Any]] = {
    "text": {"type": "string"},
    "json": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]},
    "time": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%SZ"},
}


@dataclass(frozen=True)
class About:
    """What a README says of an export, beside its tables."""

    study: str
    lang: str
    made_at: datetime
    form: str
    minimum: int
    authors: bool
    note: str | None = None
    filters: dict[str, str] = field(default_factory=dict)
    left: Sequence[str] = ()
    old_texts: bool = False
    sources: Sequence[dict[str, Any]] = ()

    def tell(self, key: str, **values: object) -> str:
        return tell_in(self.lang, f"export.readme.{key}", **values)


def sources(store: Store) -> list[dict[str, Any]]:
    """Every source with its terms, as the study notes them."""
    return [
        dict(row) for row in store.query("select url, kind, terms, robots from sources order by active desc, source_id")
    ]


def readme(about: About, tables: Sequence[Table], cut: int = 0) -> str:
    """The README in the study's language, as Markdown."""
    say = about.tell
    lines = [MARK, f"# {say('title', study=about.study)}", ""]
    lines += [about.note, ""] if about.note else []
    lines += [say("made", when=f"{about.made_at:%Y-%m-%d %H:%M} UTC"), ""]
    lines += [say(f"filter.{name}", value=value) for name, value in about.filters.items()]
    lines += ["", say("left", names=", ".join(about.left)), ""] if about.left else [""]
    lines += [f"## {say('tables')}", "", say(f"form.{about.form}"), ""]
    lines += [f"| {say('table')} | {say('rows')} | {say('meaning')} |", "| --- | ---: | --- |"]
    lines += [f"| `{table.name}` | {table.count} | {_cell(table.about)} |" for table in tables]
    lines += ["", say("columns"), ""]
    if cut:
        lines += [say("cut", count=cut), ""]
    lines += [f"## {say('privacy')}", "", *(f"- {line}" for line in privacy(about, tables)), ""]
    lines += [f"## {say('licence')}", "", say("licence_note"), ""]
    lines += [
        f"## {say('sources')}",
        "",
        f"| {say('source')} | {say('kind')} | {say('terms')} |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {_cell(place_named(one['url'], about.lang))} | {_cell(one['kind'] or '')} | {_cell(one['terms'] or say('no_terms'))} |"
        for one in about.sources
    ]
    return "\n".join(lines) + "\n"


def privacy(about: About, tables: Sequence[Table]) -> list[str]:
    """What was masked, numbered, left out, and what whoever passes it on must think of."""
    say = about.tell
    lines = [say("masked"), say("authors_kept" if about.authors else "authors_numbered")]
    hidden = sum(table.hidden for table in tables)
    lines.append(
        say("hidden", count=hidden, minimum=about.minimum) if hidden else say("none_hidden", minimum=about.minimum)
    )
    lines += [say("old_texts")] if about.old_texts else []
    return [*lines, say("pass_on")]


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def codes(lang: str) -> Iterator[tuple[str, str, str]]:
    """The codebook, line by line: what the code is of, the code, what it means."""
    for attribute in codebook.ATTRIBUTES:
        yield "attribute", attribute, entry("codebook.attributes", lang)[attribute]
    for attribute, values in codebook.VALUES.items():
        for value in values:
            yield attribute, value, entry("codebook.values", lang)[attribute][value]
    for what, names, key in (
        ("who", codebook.WHO, "label.who"),
        ("occupation_group", codebook.OCCUPATION_GROUPS, "codes.values.occupation"),
        ("kind", codebook.PAIN_KINDS, "codebook.kinds"),
        ("category", codebook.PAIN_CATEGORIES, "codebook.categories"),
        ("severity", tuple(map(str, codebook.SEVERITIES)), "codebook.severity"),
    ):
        for name in names:
            yield what, name, entry(key, lang)[name]


CODE_COLUMNS = ("of", "code", "meaning")
COLUMN_COLUMNS = ("table", "column", "type", "meaning")


def column_rows(tables: Sequence[Table]) -> Iterator[tuple[str, str, str, str]]:
    """Every column of ``tables``: table, name, type, meaning."""
    for table in tables:
        for column in table.columns:
            yield table.name, column.name, column.kind, column.about


def field_of(column: Column) -> dict[str, Any]:
    """The column as a field of a Frictionless table schema."""
    return {"name": column.name, "description": column.about, **_FRICTIONLESS[column.kind]}


def resource(name: str, about: str, path: Path, file: str, fields: list[dict[str, Any]], rows: int) -> dict[str, Any]:
    """A CSV file as a tabular data resource; ``path`` is where it is now, ``file`` what it will be called."""
    with path.open("rb") as read:
        digest = hashlib.file_digest(read, "sha256")
    return {
        "name": name,
        "path": file,
        "profile": "tabular-data-resource",
        "description": about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest.hexdigest()}",
        "rows": rows,
        "dialect": {"delimiter": ",", "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": {"fields": fields, "missingValues": [""]},
    }


def descriptor(about: About, resources: list[dict[str, Any]], notes: Sequence[str]) -> dict[str, Any]:
    """``datapackage.json``: Frictionless Data Package 1."""
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in about.study.lower()).strip(
        "-"
    )
    return {
        "profile": "tabular-data-package",
        "name": name or "study",
        "title": about.tell("title", study=about.study),
        "description": " ".join(notes),
        "languages": [about.lang],
        "created": about.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "licenses": [{"title": about.tell("licence_note"), "path": "README.md"}],
        "sources": [
            {"title": one["url"], "path": one["url"], "terms": one["terms"] or about.tell("no_terms")}
            if str(one["url"]).startswith(("http://", "https://"))
            else {"title": place_named(one["url"], about.lang), "terms": one["terms"] or about.tell("no_terms")}
            for one in about.sources
        ],
        "resources": resources,
    }
