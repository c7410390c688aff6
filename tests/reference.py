"""Writes ``docs/reference`` from the code: commands, study file, tables, codebook, gold posts. ``make docs`` runs it; a test compares.

Each language is written by a process of its own, since commands take their words when they are loaded.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

import chandung
from data import codebook
from data.click_words import translate_click
from data.dictionary import tables
from data.store.queries import named_query, query_names
from data.study import schema
from data.words import LANGUAGES, entry, language, tell
from tests import reference_gold

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "reference"


def pages() -> dict[str, str]:
    """File name → text, of this process's language."""
    translate_click()
    end = "" if language() == "en" else f".{language()}"
    written = {
        f"commands{end}.md": commands(),
        f"tables{end}.md": tables_page(),
        f"gold{end}.md": reference_gold.page(),
        f"codebook{end}.md": codes(),
    }
    if language() == "en":
        written |= {"study.md": study()}
    return written


def commands() -> str:
    lines = [f"# {tell('reference.commands.title')}", "", tell("reference.generated"), "", tell("cli.about"), ""]
    lines += [
        f"## {tell('reference.commands.exit_codes')}",
        "",
        *_table("code", "meaning", entry("reference.exit_codes")),
        "",
    ]
    lines += [f"## {tell('reference.commands.everywhere')}", "", *_options(chandung.command_line()), ""]
    lines += ["## " + tell("reference.commands.each"), ""]
    for name, place in chandung.COMMANDS.items():
        module, _, function = place.partition(":")
        lines += _one_command(f"chandung {name}", getattr(import_module(module), function))
    return "\n".join(lines)


def _one_command(name: str, command: click.Command) -> list[str]:
    """The section of a command, and those of the commands within it."""
    help_text, _, example = inspect.cleandoc(command.help or "").partition("\b\n")
    example = inspect.cleandoc("\n".join(example.strip().splitlines()[1:]))
    arguments = " ".join(
        param.make_metavar(click.Context(command)) for param in command.params if isinstance(param, click.Argument)
    )
    lines = [f"### {name} {arguments}".rstrip(), "", help_text.strip(), ""]
    lines += ["```", example, "```", "", *_options(command), ""]
    for inner, within in command.commands.items() if isinstance(command, click.Group) else ():
        lines += _one_command(f"{name} {inner}", within)
    return lines


def _options(command: click.Command) -> list[str]:
    options = [param for param in command.params if isinstance(param, click.Option)]
    if not options:
        return []
    rows = {}
    for option in options:
        names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
        values = "" if option.is_flag else f" {_metavar(option)}"
        rows[names + values] = (option.help or "") + (
            f" ({tell('reference.default')}: {option.default})" if option.show_default else ""
        )
    return _table("option", "meaning", rows)


def _metavar(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return " \\| ".join(str(choice) for choice in option.type.choices)
    return option.make_metavar(click.Context(click.Command("")))


def _table(first: str, second: str, rows: dict[str, Any]) -> list[str]:
    head = [f"| {tell(f'reference.{first}')} | {tell(f'reference.{second}')} |", "| --- | --- |"]
    return head + [f"| {key} | {_cell(value)} |" for key, value in rows.items()]


def _cell(text: object) -> str:
    return " ".join(str(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())


def tables_page() -> str:
    lines = [
        f"# {tell('reference.tables.title')}",
        "",
        tell("reference.generated"),
        "",
        tell("reference.tables.about"),
        "",
    ]
    for name, table in tables(language()).items():
        lines += [f"## {name}", "", table["about"], ""]
        lines += [*_table("column", "meaning", {f"`{column}`": text for column, text in table["columns"].items()}), ""]
    lines += [f"## {tell('reference.tables.queries')}", "", tell("reference.tables.queries_about"), ""]
    for name in query_names():
        lines += [f"### @{name}", "", entry("tables.query")[name], "", "```sql", named_query(name), "```", ""]
    return "\n".join(lines)


def study() -> str:
    whole = schema()
    lines = [
        f"# {tell('reference.study.title')}",
        "",
        tell("reference.generated"),
        "",
        tell("reference.study.about"),
        "",
    ]
    for name in (
        "Study",
        "Own",
        "Segment",
        "Assumption",
        "Brand",
        "Source",
        "Import",
        "Job",
        "Alerts",
        "Channel",
        "Crawling",
        "Text",
        "TakeOver",
        "Privacy",
    ):
        part = whole if name == "Study" else whole["$defs"][name]
        lines += [
            f"## {tell(f'reference.parts.{name}')}",
            "",
            " ".join(part["description"].split()).replace("``", "`"),
            "",
        ]
        lines += ["| field | value | meaning |", "| --- | --- | --- |"]
        for field, value in part["properties"].items():
            needed = " (required)" if field in part.get("required", ()) else ""
            about = f"{value['description'][0].upper()}{value['description'][1:]}." if value.get("description") else ""
            rest = f" Default: {_default(value['default'])}." if value.get("default") not in (None, "", []) else ""
            lines += [f"| `{field}`{needed} | {_cell(_type(value))} | {_cell(about + rest)} |"]
        lines += [""]
    return "\n".join(lines)


def _default(value: object) -> str:
    period = re.fullmatch(r"P(\d+)([DWMY])", str(value))
    return f"{period[1]}{period[2].lower()}" if period else str(value)


def _type(value: dict[str, Any]) -> str:
    if "enum" in value:
        return " / ".join(map(str, value["enum"]))
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(_type(one) for one in value["anyOf"] if one.get("type") != "null"))
    if "$ref" in value:
        return tell(f"reference.parts.{value['$ref'].rsplit('/', 1)[-1]}").lower()
    if "allOf" in value:
        return _type(value["allOf"][0])
    if value.get("type") == "array":
        return f"list of {_type(value['items'])}"
    if value.get("format") == "duration":
        return "duration (365d, 12w, 6m, 2y)"
    low, high = value.get("minimum"), value.get("maximum")
    bounds = f" {low} to {high}" if low is not None and high is not None else f" from {low}" if low is not None else ""
    names = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    return names.get(value.get("type", ""), "text") + bounds


def codes() -> str:
    lines = [
        f"# {tell('reference.codebook.title')}",
        "",
        tell("reference.generated"),
        "",
        tell("reference.codebook.about"),
        "",
    ]
    say = entry("codebook.page")
    lines += [f"## {say['attributes']}", ""]
    lines += [
        f"| {say['attribute']} | {say['part']} | {say['written']} | {say['meaning']} |",
        "| --- | --- | --- | --- |",
    ]
    for attribute, part in codebook.ATTRIBUTES.items():
        written = (
            f"[{say['value']}](#{attribute})" if attribute in codebook.VALUES else entry("reference.values")[attribute]
        )
        told = _cell(entry("codebook.attributes")[attribute])
        lines += [f"| `{attribute}` | {entry('codes.parts')[part]} | {written} | {told} |"]
    for attribute, values in codebook.VALUES.items():
        of_values = entry("codebook.values")[attribute]
        lines += ["", f"### {attribute}", "", *_codes(say["value"], {value: of_values[value] for value in values})]
    named: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
        (say["who"], codebook.WHO, entry("label.who")),
        (say["groups"], codebook.OCCUPATION_GROUPS, entry("codes.values.occupation")),
    )
    for title, names, means in named:
        lines += ["", f"## {title}", "", *_codes(say["code"], {name: means[name] for name in names}, say["name"])]
    explained: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
        (say["kinds"], codebook.PAIN_KINDS, entry("codebook.kinds")),
        (say["categories"], codebook.PAIN_CATEGORIES, entry("codebook.categories")),
        (say["severity"], tuple(map(str, codebook.SEVERITIES)), entry("codebook.severity")),
    )
    for title, names, means in explained:
        lines += ["", f"## {title}", "", *_codes(say["code"], {name: means[name] for name in names})]
    lines += ["", tell("codebook.page.sensitive", names=", ".join(codebook.SENSITIVE))]
    return "\n".join(lines) + "\n"


def _codes(what: str, means: dict[str, str], head: str = "") -> list[str]:
    """A table of codes, each with what it means."""
    rows = [f"| `{code}` | {_cell(text)} |" for code, text in means.items()]
    return [f"| {what} | {head or entry('codebook.page.meaning')} |", "| --- | --- |", *rows]


def generate() -> dict[str, str]:
    """Every page of every language, each language from a fresh process."""
    found: dict[str, str] = {}
    for lang in LANGUAGES:
        done = subprocess.run(
            [sys.executable, "-m", "tests.reference", "--dump"],
            cwd=ROOT,
            env=os.environ | {"CHANDUNG_LANG": lang, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        found |= json.loads(done.stdout)
    return found


if __name__ == "__main__":
    if "--dump" in sys.argv:
        print(json.dumps(pages(), ensure_ascii=False))
    else:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for file_name, page in generate().items():
            (FOLDER / file_name).write_text(page, encoding="utf-8")
            print(FOLDER / file_name)
