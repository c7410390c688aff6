"""What a file of notes is taken for: whose words stand where, before anything is stored."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import data
from crawler.importers.asking import brand_named
from crawler.importers.columns import guess, plain, split_words
from crawler.importers.formats import Format
from crawler.importers.mapping import check
from crawler.importers.notes.form import AGENT, SITE, TEMPLATE, NotesForm, plain_text
from crawler.importers.notes.keeping import keep
from crawler.importers.notes.mapping import NotesMapping
from crawler.importers.notes.speakers import looks_reported
from crawler.importers.plan import Plan, digest_of, format_of, look, order_told
from crawler.importers.tables import Table, open_table
from data.numbers import number
from data.own_accounts import own_accounts
from data.study import Study
from data.words import LANGUAGES, tell

_FOLDER = Path(data.__file__).parent / "languages"
#: From the names that posts have too.
_OF_POSTS = ("posted_at", "time", "id", "thread", "url")
#: A text of so many words, so often the very same, was sent to many.
_WORDS, _TIMES, _MOST = 8, 5, 300_000
_NOTE = "note"


def plan_notes(
    path: Path,
    study: Study,
    *,
    told: NotesMapping | None = None,
    about: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    terms: str | None = None,
) -> Plan:
    """Look at a file of notes and say how it will be read; nothing is stored. Notes are about our own brand where nobody says else.

    Raises ``InputError`` as :func:`crawler.importers.plan.plan` does.
    """
    said = told or NotesMapping()
    table = open_table(path, encoding=encoding or said.encoding, delimiter=said.delimiter, sheet=sheet or said.sheet)
    base = format_of(table, None if said.format == NotesForm.name else said.format)
    base = base if base is not None and base.private else None
    mapping = _mapping(table, base, said)
    check(mapping, table.columns, path=path)
    own = own_accounts(study)
    form = NotesForm(base, own | {name.casefold() for name in mapping.agents})
    if mapping.role is None:
        form.templates = _templates(table, mapping)
    seen = look(table, mapping, form)
    order, how = seen.dates.order(order_told(mapping))
    rest = [
        column
        for column in table.columns
        if column not in (*mapping.columns().values(), *mapping.person, *mapping.leave_out)
    ]
    brand = brand_named(study, about or mapping.about or study.own.name)
    return Plan(
        path, table, mapping, form, brand, mapping.timezone or study.timezone, mapping.site or SITE, order, how, seen,
        rest, digest_of(path), told=told is not None, terms=terms, own=own, kind="notes", beside=keep(mapping),
        remarks=_remarks(seen.left, mapping),
    )  # fmt: skip


def _mapping(table: Table, base: Format | None, said: NotesMapping) -> NotesMapping:
    if base is not None:
        known = base.mapping(table.columns).model_dump(exclude_unset=True)
        found = {name: value for name, value in known.items() if name not in ("kind", "format")}
        words = None if said.words is not None else "customer"
        return said.filled(NotesMapping.model_validate({**found, **({"words": words} if words else {})}))
    sample = [row.cells for row in table.sample()]
    named = _named(table.columns)
    others = [column for column in table.columns if column not in named.values()]
    by_content = guess(others, [{name: cells.get(name, "") for name in others} for cells in sample])
    found = {name: column for name, column in named.items() if name not in (_NOTE, "person")}
    for name in _OF_POSTS:
        if name in by_content.fields:
            found.setdefault(name, by_content.fields[name])
    if not {"author", "author_id"} & set(found):
        found |= {name: by_content.fields[name] for name in ("author", "author_id") if name in by_content.fields}
    words = None
    text = said.text or found.get("text") or named.get(_NOTE) or by_content.fields.get("text")
    if text is not None:
        found["text"] = text
        texts = [cells.get(text, "") for cells in sample if cells.get(text, "").strip()]
        written_down = text == named.get(_NOTE) or looks_reported(texts)
        words = "agent" if written_down and "role" not in found else "customer"
    # An agent is somebody too; nothing is kept of who they are but where a row becomes no post, and then a hash.
    person = [*by_content.person, *(named[name] for name in ("person", "agent") if name in named)]
    extra = {"person": person} if person else {}
    return said.filled(NotesMapping.model_validate({**found, **extra, **({"words": words} if words else {})}))


@cache
def _fields() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for lang in LANGUAGES:
        with (_FOLDER / lang / "importers" / "notes.tsv").open(encoding="utf-8", newline="") as file:
            for place, row in enumerate(csv.DictReader(file, delimiter="\t")):
                found.setdefault(plain(row["name"]), (row["field"], place))
    return found


def _named(columns: Sequence[str]) -> dict[str, str]:
    """Field → the column whose name says it the most plainly."""
    found: dict[str, tuple[int, str]] = {}
    for column in columns:
        known = _fields().get(plain(column)) or _fields().get(plain(split_words(column)))
        if known is not None and known[1] < found.get(known[0], (1_000, ""))[0]:
            found[known[0]] = (known[1], column)
    return {field: column for field, (_, column) in found.items()}


def _templates(table: Table, mapping: NotesMapping) -> frozenset[str]:
    """The texts that stand in the file again and again; who sends the same eight words to five people is no customer."""
    times: Counter[str] = Counter()
    for line in table.rows():
        text = plain_text(line.cells.get(mapping.text or "", ""))
        if text.count(" ") + 1 >= _WORDS and (len(times) < _MOST or text in times):
            times[text] += 1
    return frozenset(text for text, count in times.items() if count >= _TIMES)


def _remarks(left: Counter[str], mapping: NotesMapping) -> list[str]:
    said = [tell(f"notes.words.{mapping.words or 'customer'}")]
    said += [tell(f"notes.left.{why}", count=number(left[why])) for why in (AGENT, TEMPLATE) if left[why]]
    if mapping.role is None and mapping.agent is None and not mapping.agents:
        said.append(tell("notes.no_agents"))
    return said
