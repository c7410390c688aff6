"""What is said of an import: the guess with three rows before it, and what it came to after."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table as Screen

from crawler.importers.columns import plain
from crawler.importers.encodings import mended
from crawler.importers.formats import Format
from crawler.importers.persons import person_in
from crawler.importers.placing import Placed
from crawler.importers.plan import NOWHERE, Plan
from crawler.importers.storing import LEFT_OUT, Imported
from data.numbers import number
from data.privacy import mask
from data.rows import shown
from data.words import LANGUAGES, tell, tell_in

_ROWS, _WIDEST, _NEVER_FOLDED, _TOLD_ROWS = 3, 36, 10_000, 5
_REACTIONS = ("love", "wow", "haha", "sad", "angry", "care")
_NAMELESS = re.compile(r"column (\d+)")
_WORD = re.compile(r"\w+")


def guess(plan: Plan, console: Console) -> None:
    """How the file will be read, with its first three rows, masked."""
    if not console.is_terminal:
        console.width = _NEVER_FOLDED
    rows, why = _first(plan)
    table = Screen(box=None, pad_edge=False, header_style="bold")
    table.add_column(tell("import.columns.field"))
    table.add_column(tell("import.columns.column"), overflow="fold")
    for _, placed in rows:
        table.add_column(
            tell("import.columns.row", number=placed.number), overflow="ellipsis", no_wrap=True, max_width=_WIDEST
        )
    for field, column in plan.mapping.columns().items():
        values = [_value(field, column, cells, placed, plan.zone) for cells, placed in rows]
        table.add_row(tell(f"import.fields.{field}"), shown(column), *(shown(value) for value in values))
    for name, column in plan.mapping.reactions.items():
        table.add_row(
            tell("import.fields.reaction", name=tell(f"import.reactions.{name}") if name in _REACTIONS else name),
            shown(column),
            *(shown(c.get(column, "")[:12]) for c, _ in rows),
        )
    console.print(
        tell(
            "import.guess" if plan.seen.rows != 1 else "import.guess_one",
            path=plan.path.name,
            rows=number(plan.seen.rows),
            how=_how(plan),
        ),
        markup=False,
        highlight=False,
    )
    console.print(table, markup=False, highlight=False)
    for line in (*notes(plan), *_broken(why, len(plan.table.sample()))):
        console.print(f"• {shown(line)}", markup=False, highlight=False, soft_wrap=True)


def _first(plan: Plan) -> tuple[list[tuple[dict[str, str], Placed]], dict[str, list[int]]]:
    """The first rows that are posts, and of the sample the rows of each reason why something has no place."""
    placing = plan.placing(b"only shown")
    found: list[tuple[dict[str, str], Placed]] = []
    why: dict[str, list[int]] = {}
    for line in plan.table.sample():
        placed = placing.place(line)
        for reason in (placed.why or "").split(", "):
            if reason and reason not in ("no_text", *LEFT_OUT):
                why.setdefault(reason, []).append(placed.number)
        if placed.post is not None and len(found) < _ROWS:
            found.append((plan.form.mend(dict(line.cells), plan.mapping) if plan.form else line.cells, placed))
    return found, why


def _broken(why: dict[str, list[int]], looked_at: int) -> list[str]:
    """What cannot be read in the first rows, told before anything is stored."""
    said = []
    for reason, rows in sorted(why.items()):
        told = ", ".join(str(row) for row in rows[:_TOLD_ROWS]) + (", …" if len(rows) > _TOLD_ROWS else "")
        said.append(tell("import.notes.sample", rows=looked_at, what=_why(reason, len(rows), told)))
    return said


def _why(reason: str, count: int, rows: str) -> str:
    return tell(f"import.why.{reason}", count=number(count), rows=rows)


def _value(field: str, column: str, cells: dict[str, str], placed: Placed, zone: str) -> str:
    post = placed.post
    if post is None:
        return ""
    said = _short(mask(cells.get(column, "")))
    if field == "text":
        return _short(post.text)
    if field in ("author", "author_id", "agent"):
        return _WORD.sub(
            lambda word: word[0][:1] + "•" * min(len(word[0]) - 1, 5), person_in(cells.get(column, "").strip())[0][:60]
        )
    if field in ("posted_at", "edited_at"):
        when = post.posted_at if field == "posted_at" else post.edited_at
        return _clock(when, zone) if said else ""
    if field in ("rating", "pictures"):
        value = post.rating if field == "rating" else post.pictures
        return ("?" if said else "") if value is None else f"{value:g}"
    if field in ("likes", "helpful"):
        count = (post.reactions or {}).get("like" if field == "likes" else field)
        return ("?" if said else "") if count is None else number(count)
    if field == "verified":
        return "" if post.verified is None else tell(f"import.columns.{'yes' if post.verified else 'no'}")
    if field == "url":
        return _short(mask(post.url or ""))
    if field == "thread_title":
        return _short(placed.thread_title)
    return said


def _short(text: str) -> str:
    return " ".join(text.split())[:_WIDEST]


def _clock(when: datetime | None, zone: str) -> str:
    return f"{when.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if when else "?"


def _when(text: str, zone: str) -> str:
    """A moment as the store writes it, in the study's time."""
    return f"{datetime.fromisoformat(text).astimezone(ZoneInfo(zone)):%d/%m/%Y %H:%M}"


def _how(plan: Plan) -> str:
    if plan.told and plan.form is None:
        return tell("import.how.told")
    return (
        tell("import.how.format", name=tell(f"import.formats.{_format_name(plan.form)}"))
        if plan.form
        else tell("import.how.columns")
    )


def _called(column: str) -> str:
    """A column's name; one that the file does not name is told by its place, with the name that a mapping knows it by."""
    place = _NAMELESS.fullmatch(column)
    return tell("import.notes.nameless", place=place[1], name=column) if place else " ".join(column.split())


def _right(text: str) -> str:
    return " ".join(mended(text).split())


def notes(plan: Plan) -> list[str]:
    """What has to be known before one agrees."""
    said = list(plan.remarks)
    table, seen = plan.table, plan.seen
    if table.encoding not in (None, "utf-8", "utf-8-sig"):
        said.append(tell("import.notes.encoding", name=table.encoding))
    if table.broken:
        said.append(
            tell("import.notes.mended", example=" ".join(table.broken[0].split()), right=_right(table.broken[0]))
        )
    if table.other_sheets:
        said.append(tell("import.notes.sheet", name=table.sheet, others=", ".join(table.other_sheets[:10])))
    if "posted_at" not in plan.mapping.columns():
        said.append(tell("import.notes.no_date_column"))
    elif plan.how in ("ambiguous", "contradicts"):
        count = min(seen.dates.day_first, seen.dates.month_first)
        said.append(
            tell(f"import.notes.dates_{plan.how}", order=tell(f"import.notes.{plan.order}_first"), count=number(count))
        )
    if seen.dates.swapped() and plan.mapping.dates is None:
        said.append(tell("import.notes.dates_swapped", count=number(seen.dates.real_low)))
    if seen.dates.relative and plan.mapping.exported_at is None:
        values = {"count": number(seen.dates.relative), "example": seen.dates.example}
        said.append(tell("import.notes.dates_relative", **values))
    if not {"author", "author_id"} & set(plan.mapping.columns()) and (
        plan.form is None or plan.form.name != "google_play"
    ):
        said.append(tell("import.notes.no_author_column"))
    if lost := seen.ids.damaged():
        named = ", ".join(plan.mapping.columns().get(name) or tell(f"import.fields.{name}") for name in lost)
        said.append(tell("import.notes.damaged_ids", columns=named, example=next(iter(lost.values()))))
    if seen.without_text:
        said.append(tell("import.notes.without_text", count=number(seen.without_text), row=seen.first_without_text))
    if seen.unreadable:
        said.append(tell("import.notes.unreadable", count=number(seen.unreadable)))
    if plan.rest:
        said.append(tell("import.notes.rest", columns=", ".join(_called(name) for name in plan.rest[:40])))
        brands = {plain(name) for lang in LANGUAGES for name in tell_in(lang, "import.brand_columns").split(",")}
        if found := next((name for name in plan.rest if plain(name) in brands), None):
            said.append(tell("import.notes.brand_column", column=found))
    placed = set(plan.mapping.columns().values())
    if person := [name for name in plan.mapping.person if name not in placed]:
        said.append(tell("import.notes.person", columns=", ".join(person)))
    for field, columns in plan.doubts.items():
        values = {"columns": ", ".join(columns), "taken": plan.mapping.columns().get(field, "")}
        said.append(tell(f"import.notes.doubt_{field}", **values))
    said.append(tell("import.notes.zone", zone=plan.zone, brand=plan.about or tell("import.notes.market")))
    if plan.site == NOWHERE:
        ids = plan.mapping.columns().get("author_id")
        by_ids = ids is not None and "author_id" not in lost
        said.append(tell("import.notes.nowhere_ids", column=ids) if by_ids else tell("import.notes.nowhere"))
    if plan.private:
        said.append(tell("import.notes.private"))
    return said


def outcome(done: Imported, console: Console, zone: str) -> None:
    """What an import came to, with the rows that have no place; times are of ``zone``."""
    if done.already is not None:
        console.print(
            tell("import.already", path=done.name, when=_when(done.already, zone)),
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
        return
    if done.taken_back:
        taken = tell("import.taken_back", count=number(done.taken_back))
        console.print(taken, markup=False, highlight=False, soft_wrap=True)
    counts = {"rows": done.rows, "new": done.posts.new, "changed": done.posts.changed, "known": done.posts.known}
    line = tell(
        "import.done" if done.rows != 1 else "import.done_one",
        path=done.name,
        **{name: number(count) for name, count in counts.items()},
    )
    console.print(line, markup=False, highlight=False, soft_wrap=True)
    for reason, count in sorted(done.why.items()):
        if reason == "no_date" and count == done.rows - done.unplaced:
            console.print(f"• {tell('import.no_date_at_all')}", markup=False, highlight=False, soft_wrap=True)
            continue
        rows = ", ".join(str(row) for row in done.where[reason])
        more = ", …" if count > len(done.where[reason]) else ""
        console.print(
            f"• {_why(reason, count, rows + more)}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _format_name(form: Format) -> str:
    """What a file is called: notes in an export of messages by the export."""
    base = getattr(form, "base", None)
    return str((base or form).name)
