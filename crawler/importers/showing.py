"""What is said of an import: the guess with three rows before it, and what it came to after."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table as Screen

from crawler.importers.mapping import SINGLE
from crawler.importers.placing import Placed
from crawler.importers.plan import NOWHERE, Plan
from crawler.importers.storing import Imported
from data.numbers import number
from data.privacy import mask
from data.rows import shown
from data.words import tell

_ROWS, _WIDEST, _NEVER_FOLDED = 3, 36, 10_000
_WORD = re.compile(r"\w+")


def guess(plan: Plan, console: Console) -> None:
    """How the file will be read, with its first three rows, masked."""
    if not console.is_terminal:
        console.width = _NEVER_FOLDED
    rows = _first(plan)
    table = Screen(box=None, pad_edge=False, header_style="bold")
    table.add_column(tell("import.columns.field"))
    table.add_column(tell("import.columns.column"), overflow="fold")
    for _, placed in rows:
        table.add_column(
            tell("import.columns.row", number=placed.number), overflow="ellipsis", no_wrap=True, max_width=_WIDEST
        )
    for field in SINGLE:
        column = plan.mapping.columns().get(field)
        if column is None:
            continue
        values = [_value(field, column, cells, placed, plan.zone) for cells, placed in rows]
        table.add_row(tell(f"import.fields.{field}"), shown(column), *(shown(value) for value in values))
    for name, column in plan.mapping.reactions.items():
        table.add_row(
            tell("import.fields.reaction", name=name), shown(column), *(shown(c.get(column, "")[:12]) for c, _ in rows)
        )
    console.print(
        tell("import.guess", path=plan.path.name, rows=number(plan.seen.rows), how=_how(plan)),
        markup=False,
        highlight=False,
    )
    console.print(table, markup=False, highlight=False)
    for line in notes(plan):
        console.print(f"• {shown(line)}", markup=False, highlight=False, soft_wrap=True)


def _first(plan: Plan) -> list[tuple[dict[str, str], Placed]]:
    placing = plan.placing(b"only shown")
    found = []
    for line in plan.table.sample():
        placed = placing.place(line)
        if placed.post is not None:
            found.append((plan.form.mend(dict(line.cells), plan.mapping) if plan.form else line.cells, placed))
        if len(found) == _ROWS:
            break
    return found


def _value(field: str, column: str, cells: dict[str, str], placed: Placed, zone: str) -> str:
    post = placed.post
    if post is None:
        return ""
    if field == "text":
        return _short(post.text)
    if field in ("author", "author_id"):
        return _WORD.sub(lambda word: word[0][:1] + "•" * min(len(word[0]) - 1, 5), cells.get(column, "")[:60])
    if field == "posted_at":
        return _clock(post.posted_at, zone)
    if field == "rating":
        return "" if post.rating is None else f"{post.rating:g}"
    return _short(mask(cells.get(column, "")))


def _short(text: str) -> str:
    return " ".join(text.split())[:_WIDEST]


def _clock(when: datetime | None, zone: str) -> str:
    return f"{when.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if when else "?"


def _how(plan: Plan) -> str:
    if plan.told and plan.form is None:
        return tell("import.how.told")
    return (
        tell("import.how.format", name=tell(f"import.formats.{plan.form.name}"))
        if plan.form
        else tell("import.how.columns")
    )


def notes(plan: Plan) -> list[str]:
    """What has to be known before one agrees."""
    said = []
    table, seen = plan.table, plan.seen
    if table.encoding not in (None, "utf-8", "utf-8-sig"):
        said.append(tell("import.notes.encoding", name=table.encoding))
    if table.other_sheets:
        said.append(tell("import.notes.sheet", name=table.sheet, others=", ".join(table.other_sheets[:10])))
    if "posted_at" not in plan.mapping.columns():
        said.append(tell("import.notes.no_date_column"))
    elif plan.how in ("ambiguous", "contradicts"):
        count = min(seen.dates.day_first, seen.dates.month_first)
        said.append(
            tell(f"import.notes.dates_{plan.how}", order=tell(f"import.notes.{plan.order}_first"), count=number(count))
        )
    if not {"author", "author_id"} & set(plan.mapping.columns()) and (
        plan.form is None or plan.form.name != "google_play"
    ):
        said.append(tell("import.notes.no_author_column"))
    if seen.without_text:
        said.append(tell("import.notes.without_text", count=number(seen.without_text), row=seen.first_without_text))
    if seen.unreadable:
        said.append(tell("import.notes.unreadable", count=number(seen.unreadable)))
    if plan.rest:
        said.append(tell("import.notes.rest", columns=", ".join(" ".join(name.split()) for name in plan.rest[:40])))
    if plan.mapping.person:
        said.append(tell("import.notes.person", columns=", ".join(plan.mapping.person)))
    said.append(tell("import.notes.zone", zone=plan.zone, brand=plan.about or tell("import.notes.market")))
    if plan.site == NOWHERE:
        said.append(tell("import.notes.nowhere"))
    if plan.private:
        said.append(tell("import.notes.private"))
    return said


def outcome(done: Imported, console: Console) -> None:
    """What an import came to, with the rows that have no place."""
    if done.already is not None:
        console.print(
            tell("import.already", path=done.name, when=done.already), markup=False, highlight=False, soft_wrap=True
        )
        return
    if done.taken_back:
        taken = tell("import.taken_back", count=number(done.taken_back))
        console.print(taken, markup=False, highlight=False, soft_wrap=True)
    counts = {"rows": done.rows, "new": done.posts.new, "changed": done.posts.changed, "known": done.posts.known}
    line = tell("import.done", path=done.name, **{name: number(count) for name, count in counts.items()})
    console.print(line, markup=False, highlight=False, soft_wrap=True)
    for reason, count in sorted(done.why.items()):
        rows = ", ".join(str(row) for row in done.where[reason])
        more = ", …" if count > len(done.where[reason]) else ""
        console.print(
            f"• {tell(f'import.why.{reason}', count=number(count), rows=rows + more)}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
