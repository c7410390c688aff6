"""What a file of notes is taken for: whose words stand where, before anything is stored."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from crawler.importers.asking import brand_named
from crawler.importers.columns import guess
from crawler.importers.formats import Format
from crawler.importers.looks import refuse_no_notes
from crawler.importers.mapping import check
from crawler.importers.note_columns import notes_named
from crawler.importers.notes.form import AGENT, SITE, TEMPLATE, NotesForm, plain_text
from crawler.importers.notes.keeping import keep
from crawler.importers.notes.mapping import NotesMapping
from crawler.importers.notes.speakers import looks_reported, speaks_as_shop
from crawler.importers.plan import Plan, digest_of, format_of, look, order_told
from crawler.importers.tables import Table, open_table
from data.numbers import number
from data.own_accounts import own_accounts
from data.study import Study
from data.words import tell

#: From the names that posts have too.
_OF_POSTS = ("posted_at", "time", "id", "thread", "url")
#: A text of so many words, so often the very same, was sent to many.
_WORDS, _TIMES, _MOST = 8, 5, 300_000
_NOTE = "note"
_WRITERS = 2


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
    if base is None and said.text is None:
        refuse_no_notes(table)
    mapping = _mapping(table, base, said)
    check(mapping, table.columns, path=path)
    own = own_accounts(study)
    form = NotesForm(base, own | {name.casefold() for name in mapping.agents})
    if base is not None and base.sent is not None:
        form.our_ids = _written_to(table, *base.sent)
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
    named = notes_named(table.columns)
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


def _templates(table: Table, mapping: NotesMapping) -> frozenset[str]:
    """The texts that were sent to many: who sends the same eight words to five people is no customer.

    Many customers may well complain in the same words, and an agent writes one complaint of many down alike. So where the rows name
    their customers, only what speaks as a shop does was sent; and reports of customers never were.
    """
    if mapping.words == "agent":
        return frozenset()
    named = mapping.author_id is not None or mapping.author is not None
    times: Counter[str] = Counter()
    for line in table.rows():
        said = line.cells.get(mapping.text or "", "")
        text = plain_text(said)
        if text.count(" ") + 1 < _WORDS or (named and not speaks_as_shop(said)):
            continue
        if len(times) < _MOST or text in times:
            times[text] += 1
    return frozenset(text for text, count in times.items() if count >= _TIMES)


def _written_to(table: Table, sender: str, receiver: str) -> frozenset[str]:
    """The ids to which two or more others write: a shop's account."""
    writers: dict[str, set[str]] = {}
    for line in table.rows():
        one, other = line.cells.get(sender, "").strip(), line.cells.get(receiver, "").strip()
        if one and other and one != other and (other in writers or len(writers) < _MOST):
            writers.setdefault(other, set()).add(one)
    received = {one for one, by in writers.items() if len(by) >= _WRITERS}
    # One account alone has many writers; were there several, somebody's friends would be a shop.
    return frozenset(sorted(received, key=lambda one: -len(writers[one]))[:1])


def _remarks(left: Counter[str], mapping: NotesMapping) -> list[str]:
    said = [tell(f"notes.words.{mapping.words or 'customer'}")]
    said += [tell(f"notes.left.{why}", count=number(left[why])) for why in (AGENT, TEMPLATE) if left[why]]
    if mapping.role is None and mapping.agent is None and not mapping.agents:
        said.append(tell("notes.no_agents"))
    return said
