"""Datasette on a study's database: read-only but for labels, on this computer only, every table and column explained."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis import serve_label
from analysis.serve_csv import App, Receive, Scope, Send, harmless_csv
from analysis.serve_errors import handler
from data.click_words import command
from data.desktop import open_in_browser
from data.dictionary import INDEXES, INTERNAL, tables
from data.errors import InputError
from data.folding import fold
from data.ports import HOST, is_free
from data.store.queries import named_query, query_names, views
from data.where import database_of
from data.words import entry, language, tell, tell_in

if TYPE_CHECKING:
    from data.study import Study

_NAMES = ("127.0.0.1", "localhost", "[::1]")
_PAGES = Path(__file__).parent / "serve_pages"
#: What is worth counting at once, beside the rows of a table.
_FACETS = {
    "posts_flat": ["brand", "source"],
    "pains_flat": ["brand", "category", "kind"],
    "cues_flat": ["attribute", "brand"],
    "audience_shares": ["brand", "attribute"],
    "pain_shares": ["brand"],
    "verdicts": ["segment", "brand", "verdict"],
}
#: By what a row is called where another one points at it.
_LABELS = {
    "brands": "name",
    "sources": "url",
    "threads": "title",
    "posts": "post_id",
    "authors": "author_key",
    "runs": "what",
}


def metadata(
    name: str, lang: str, report: str | None = None, note: str | None = None, *, sensitive: bool = False
) -> dict[str, Any]:
    """Datasette's metadata for the study ``name``: titles, descriptions of tables and columns, and the named queries.

    ``note`` is the study's own (that it is fiction, say) and stands before every description.
    """
    described: dict[str, Any] = {
        table: {"description": _noted(note, words["about"]), "columns": words["columns"]}
        for table, words in tables(lang).items()
    }
    described["posts"] |= {"fts_table": "posts_fts", "fts_pk": "id"}
    described["threads"] |= {"fts_table": "threads_fts", "fts_pk": "thread_id"}
    for table, columns in _FACETS.items():
        described[table]["facets"] = columns
    for table, column in _LABELS.items():
        described[table]["label_column"] = column
    described |= {table: {"hidden": True} for table in (*INTERNAL, *INDEXES)}
    queries = entry("tables.query", lang)
    noted = {"description": note} if note else {}
    first = {**_first_page(name, lang, report), "lang": lang, "sensitive": sensitive}
    database: dict[str, Any] = {
        "description": _noted(note, tell_in(lang, "cli.serve.database", name=name)),
        "tables": described,
        "queries": {
            query: {"sql": named_query(query), "title": queries[query], "hide_sql": True, **noted}
            for query in query_names()
        },
        "chandung": first,
    }
    return {
        "title": entry("tables.page.title", lang),  # Datasette adds the database's name by itself
        **noted,
        "databases": {name: database},
        "extra_css_urls": ["/chandung/serve.css"],
        "chandung": first,
    }


def _first_page(name: str, lang: str, report: str | None) -> dict[str, Any]:
    """What our own pages show (``serve_pages``): the named queries, the views to start from, the tables beneath them."""
    about = {table: words["about"] for table, words in tables(lang).items() if table not in INDEXES}
    return {
        "database": name,
        "words": entry("cli.serve.pages", lang),
        "report": report,
        "questions": entry("tables.query", lang),
        "start": {table: text for table, text in about.items() if table in views()},
        "beneath": {table: text for table, text in about.items() if table not in views()},
    }


def _noted(note: str | None, text: str) -> str:
    return f"{note} {text}" if note else text


def build(
    database: Path,
    reports: Path | None = None,
    lang: str | None = None,
    note: str | None = None,
    *,
    sensitive: bool = False,
) -> Any:
    """A Datasette on ``database``, with our pages to label on; ``sensitive`` lets the body attributes be labelled.

    It is opened with ``mode=ro`` and not as immutable: an immutable database leaves out what a crawl has written to the
    write-ahead log, and may not change while it is open.
    """
    from data.store import open_store

    with open_store(database, read_only=True):
        pass  # a file that is no study's database is refused with our own sentence
    from datasette.app import Datasette

    _plug_in()
    newest = max(reports.glob("*.html"), key=lambda path: path.stat().st_mtime, default=None) if reports else None
    datasette = Datasette(
        [str(database.resolve())],
        metadata=metadata(
            database.stem, lang or language(), f"/reports/{newest.name}" if newest else None, note, sensitive=sensitive
        ),
        template_dir=str(_PAGES),
        static_mounts=[("chandung", str(_PAGES)), *([("reports", str(reports))] if newest else [])],
        settings={
            "sql_time_limit_ms": 10_000,
            "max_returned_rows": 5_000,
            "truncate_cells_html": 600,
            "suggest_facets": False,
            "facet_time_limit_ms": 1_000,
            "max_csv_mb": 0,
        },
        cors=False,
    )
    served = datasette.databases[database.stem]
    # The page says what is wrong with a question; the terminal need not show it as well.
    served.execute = partial(served.execute, log_sql_errors=False)
    return datasette


def _plug_in() -> None:
    """Let Datasette's search box find đ, which the full-text index holds as d, and write CSV as ``chandung query`` does."""
    from datasette import hookimpl
    from datasette.plugins import pm
    from datasette.utils import escape_fts

    class Ours:
        @staticmethod
        @hookimpl(trylast=True)  # type: ignore[untyped-decorator]
        def prepare_connection(conn: Any) -> None:
            conn.create_function("escape_fts", 1, lambda text: escape_fts(fold(str(text))))

        @staticmethod
        @hookimpl  # type: ignore[untyped-decorator]
        def asgi_wrapper() -> Callable[[App], App]:
            return harmless_csv

        @staticmethod
        @hookimpl  # type: ignore[untyped-decorator]
        def register_routes() -> list[tuple[str, Callable[..., Any]]]:
            return serve_label.routes()

        @staticmethod
        @hookimpl  # type: ignore[untyped-decorator]
        def skip_csrf(scope: Scope) -> bool | None:
            return serve_label.is_ours(scope["path"]) or None

        @staticmethod
        @hookimpl  # type: ignore[untyped-decorator]
        def extra_template_vars(datasette: Any) -> dict[str, Any]:
            words = (datasette.metadata("chandung") or {}).get("words") or {}
            return {"ours_words": words, "ours_hints": words.get("hints") or {}}

        @staticmethod
        @hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
        def handle_exception(datasette: Any, request: Any, exception: BaseException) -> Generator[None, Any]:
            outcome = yield  # every handler's answer would be awaited, and the first one's sent
            outcome.force_result([handler(datasette, request, exception)])

    if not pm.has_plugin("chandung"):
        pm.register(Ours, name="chandung")


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
        if is_free(port):
            return port
    raise InputError("no_port", port=first)


def _study(given: Path | None, database: Path) -> Study | None:
    """The study; of a database alone, that of the study file beside it, if it is about this database."""
    from data.study_file import load

    beside = given is not None and given.suffix.lower() not in (".yaml", ".yml") and given.is_file()
    try:
        study = load(database.parent if beside else given)
    except InputError:
        return None
    return study if study.database.resolve() == database.resolve() else None


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
    about = _study(study, database)
    note, sensitive = (about.note, about.privacy.sensitive) if about is not None else (None, False)
    app = build(database, reports if reports.is_dir() else None, note=note, sensitive=sensitive).app()
    address = f"http://{HOST}:{free_port(port)}/"
    click.echo(tell("cli.serve.ready", address=address))
    if opened:
        open_in_browser(address)
    uvicorn.run(
        only_here(app), host=HOST, port=int(address.rsplit(":", 1)[1].strip("/")), log_level="warning", lifespan="on"
    )
