"""Datasette on a study's database: read-only, on this computer only, every table and column explained."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import click

from data.click_words import command
from data.desktop import open_in_browser
from data.dictionary import INTERNAL, tables
from data.errors import InputError
from data.folding import fold
from data.store.queries import named_query, query_names
from data.where import database_of
from data.words import entry, language, tell

HOST = "127.0.0.1"
_NAMES = ("127.0.0.1", "localhost", "[::1]")


def metadata(name: str, lang: str, report: str | None = None, note: str | None = None) -> dict[str, Any]:
    """Datasette's metadata for the study ``name``: titles, descriptions of tables and columns, and the named queries.

    ``note`` is the study's own (that it is fiction, say) and stands before every description.
    """
    described: dict[str, Any] = {
        table: {"description": _noted(note, words["about"]), "columns": words["columns"]}
        for table, words in tables(lang).items()
    }
    described["posts"] |= {"fts_table": "posts_fts", "fts_pk": "id", "sort_desc": "posted_at"}
    described |= {table: {"hidden": True} for table in (*INTERNAL, "posts_fts")}
    queries = entry("tables.query", lang)
    database: dict[str, Any] = {
        "description": _noted(note, tell("cli.serve.database", name=name)),
        "tables": described,
        "queries": {
            query: {"sql": named_query(query), "title": queries[query], **({"description": note} if note else {})}
            for query in query_names()
        },
    }
    if report:
        database |= {"about": tell("cli.serve.report"), "about_url": report}
    # Datasette adds the database's name to the title by itself.
    noted = {"description": note} if note else {}
    return {"title": entry("tables.page.title", lang), **noted, "databases": {name: database}}


def _noted(note: str | None, text: str) -> str:
    return f"{note} {text}" if note else text


def build(database: Path, reports: Path | None = None, lang: str | None = None, note: str | None = None) -> Any:
    """A Datasette on ``database``.

    It is opened with ``mode=ro`` and not as immutable: an immutable database leaves out what a crawl has written to the
    write-ahead log, and may not change while it is open.
    """
    from data.store import open_store

    with open_store(database, read_only=True):
        pass  # a file that is no study's database is refused with our own sentence
    from datasette.app import Datasette

    _let_search_find_d()
    newest = max(reports.glob("*.html"), key=lambda path: path.stat().st_mtime, default=None) if reports else None
    return Datasette(
        [str(database.resolve())],
        metadata=metadata(database.stem, lang or language(), f"/reports/{newest.name}" if newest else None, note),
        static_mounts=[("reports", str(reports))] if newest else [],
        settings={
            "sql_time_limit_ms": 10_000,
            "max_returned_rows": 5_000,
            "truncate_cells_html": 600,
            "suggest_facets": False,
        },
        cors=False,
    )


def _let_search_find_d() -> None:
    """Let Datasette's search box find đ: the full-text index holds it as d."""
    from datasette import hookimpl
    from datasette.plugins import pm
    from datasette.utils import escape_fts

    class FoldedSearch:
        @staticmethod
        @hookimpl(trylast=True)  # type: ignore[untyped-decorator]
        def prepare_connection(conn: Any) -> None:
            conn.create_function("escape_fts", 1, lambda text: escape_fts(fold(str(text))))

    if not pm.has_plugin("chandung_search"):
        pm.register(FoldedSearch, name="chandung_search")


Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def only_here(app: App) -> App:
    """Answer only to this computer's own names, so that no web page can point its own name at us and read along."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers") or ())
        host = headers.get(b"host", b"").decode("latin-1").rsplit(":", 1)[0] if b"host" in headers else HOST
        if scope["type"] == "http" and host not in _NAMES:
            await send({"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Misdirected request"})
            return
        await app(scope, receive, send)

    return guarded


def free_port(first: int, *, tries: int = 50) -> int:
    """The first free port from ``first`` on. Raises ``InputError`` where there is none."""
    for port in range(first, min(first + tries, 65_536)):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise InputError("no_port", port=first)


def _note(given: Path | None, database: Path) -> str | None:
    """What the study says of itself; of a database alone, the study file beside it, if it is about this database."""
    from data.study_file import load

    beside = given is not None and given.suffix.lower() not in (".yaml", ".yml") and given.is_file()
    try:
        study = load(database.parent if beside else given)
    except InputError:
        return None
    return study.note if study.database.resolve() == database.resolve() else None


@command("serve", "cli.serve")
@click.argument("study", type=click.Path(path_type=Path), required=False)
@click.option(
    "--port", type=click.IntRange(1024, 65_535), default=8001, show_default=True, help=tell("cli.serve.options.port")
)
@click.option("--open", "opened", is_flag=True, help=tell("cli.serve.options.open"))
def serve(study: Path | None, port: int, opened: bool) -> None:
    import uvicorn

    database = database_of(study)
    reports = database.parent / "reports"
    app = build(database, reports if reports.is_dir() else None, note=_note(study, database)).app()
    address = f"http://{HOST}:{free_port(port)}/"
    click.echo(tell("cli.serve.ready", address=address))
    if opened:
        open_in_browser(address)
    uvicorn.run(
        only_here(app), host=HOST, port=int(address.rsplit(":", 1)[1].strip("/")), log_level="warning", lifespan="on"
    )
