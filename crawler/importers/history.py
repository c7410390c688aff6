"""What was imported: ``chandung import --list`` and ``--undo``."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from crawler.alone import alone
from crawler.importers.kinds import How
from data.errors import InputError
from data.numbers import number
from data.rows import shown
from data.store import Store, open_store
from data.study import Study
from data.words import tell

_IMPORTS = """
select i.import_id, i.kind, i.name, coalesce(b.name, 'market') as about, i.format, i.period_from, i.period_to, i.imported_at, i.rows,
       (select count(*) from posts p where p.import_id = i.import_id) as posts,
       (select count(*) from observations o where o.import_id = i.import_id) as observations,
       (select count(*) from orders o where o.import_id = i.import_id) as orders,
       (select count(*) from respondents r where r.import_id = i.import_id) as respondents
from imports i join sources s using (source_id) left join brands b using (brand_id)
where i.rows is not null order by i.import_id
"""
#: What of an undoing is told, in this order; whatever else went belongs to one of these.
_TOLD = ("posts", "respondents", "observations", "orders")


def imports_of(study: Study) -> list[dict[str, Any]]:
    """Every import that stands, the oldest first."""
    if not study.database.exists() or study.database.stat().st_size == 0:
        return []
    with open_store(study.database, read_only=True) as store:
        return list(store.query(_IMPORTS))


def listed(study: Study, *, as_json: bool) -> int:
    """Show what was imported, with the number by which each is undone."""
    found = imports_of(study)
    if as_json:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return 0
    if not found:
        click.echo(tell("import.list.none"))
        return 0
    console = Console()
    if not console.is_terminal:
        console.width = 200
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("id", "kind", "file", "about", "period", "when", "brought"):
        table.add_column(tell(f"import.list.{column}"), overflow="fold")
    for one in found:
        about = tell("import.notes.market") if one["about"] == "market" else one["about"]
        table.add_row(
            str(one["import_id"]), one["kind"], shown(one["name"]), shown(about), period(one), _when(one, study), _brought(one)
        )  # fmt: skip
    console.print(table, markup=False, highlight=False)
    return 0


def period(one: dict[str, Any]) -> str:
    """First and last day of what an import tells, or a dash."""
    days = [one["period_from"], one["period_to"]]
    return "–" if None in days else " – ".join(f"{datetime.fromisoformat(day):%d/%m/%Y}" for day in dict.fromkeys(days))


def _when(one: dict[str, Any], study: Study) -> str:
    return f"{datetime.fromisoformat(one['imported_at']).astimezone(ZoneInfo(study.timezone)):%d/%m/%Y %H:%M}"


def _brought(counts: dict[str, Any]) -> str:
    told = [tell(f"import.list.{what}", count=number(counts[what])) for what in _TOLD if counts.get(what)]
    return ", ".join(told) or "–"


def undone(study: Study, wanted: str, how: How) -> int:
    """Undo the import that ``wanted`` names by its number, or every import of the file that it names."""
    found = _meant(study, wanted)
    for one in found:
        values = {"id": one["import_id"], "path": one["name"], "when": _when(one, study), "what": _brought(one)}
        click.echo(tell("import.undo.will", **values), err=how.quiet)
    if how.dry_run:
        click.echo(tell("import.nothing_removed"), err=True)
        return 0
    if not how.yes:
        if not sys.stdin.isatty():
            raise InputError("import_undo_say_yes", name=wanted)
        if not click.confirm(tell("import.undo.agree"), default=False):
            click.echo(tell("import.nothing_removed"), err=True)
            return 0
    gone = _undo(study, [one["import_id"] for one in found])
    if how.quiet:
        json.dump({"undone": [one["import_id"] for one in found], "removed": gone}, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        click.echo(tell("import.undo.done", what=_brought(gone)))
    return 0


def _meant(study: Study, wanted: str) -> list[dict[str, Any]]:
    """The newest first, since a later import of a file stands upon the earlier."""
    known = imports_of(study)
    found = [one for one in known if one["name"] == wanted]
    if not found and wanted.lstrip("#").isdigit():
        found = [one for one in known if one["import_id"] == int(wanted.lstrip("#"))]
    if not found:
        raise InputError("import_undo_none", name=wanted)
    return found[::-1]


def _undo(study: Study, ids: list[int]) -> dict[str, int]:
    with alone(study.database), open_store(study.database) as store:
        run = store.begin_run("undo", {"chandung": version("chandung")})
        try:
            with store.one_transaction():
                gone = take_out(store, ids)
                store.end_run(run, "done", {"imports": ids, "removed": gone})
        except BaseException:
            store.end_run(run, "failed", {"imports": ids})
            raise
    return gone


def take_out(store: Store, ids: list[int]) -> dict[str, int]:
    """Undo imports, the newest first; table → how many rows went. Within a transaction of the caller's."""
    gone: dict[str, int] = {}
    for one in sorted(ids, reverse=True):
        for table, count in store.undo_import(one).items():
            gone[table] = gone.get(table, 0) + count
    return gone
