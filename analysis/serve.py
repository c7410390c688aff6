"""Datasette on a study's database: read-only but for labels, on this computer only, every table and column explained."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis import serve_home, serve_label, serve_questions, serve_reports, serve_search
from analysis.report.speech import place_named
from analysis.serve_answers import SOURCES, Answers, imported
from analysis.serve_counts import counting, of_page
from analysis.serve_csv import App, Receive, Scope, Send, harmless_csv
from analysis.serve_errors import handler
from analysis.serve_guard import nothing_from_elsewhere, only_here
from data.click_words import command
from data.desktop import open_in_browser
from data.dictionary import INDEXES, INTERNAL, tables
from data.errors import InputError
from data.folding import fold
from data.numbers import number_in
from data.ports import HOST, is_free, usual_port
from data.store.opening import to_read
from data.store.queries import named_query, query_names, views
from data.store.query_errors import in_words
from data.store.sqlite import MAPPED, lock_patience
from data.where import database_of
from data.words import chosen_language, entry, language, tell, tell_in

if TYPE_CHECKING:
    from data.study import Study

_PAGES = Path(__file__).parent / "serve_pages"
#: What is worth counting at once, beside the rows of a table.
_FACETS = {
    "posts_flat": ["brand", "source"],
    "pains_flat": ["brand", "category", "kind"],
    "cues_flat": ["attribute", "value"],
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
    name: str,
    lang: str,
    note: str | None = None,
    *,
    sensitive: bool = False,
    minimum: int = 5,
    timezone: str = "UTC",
    called: str | None = None,
) -> dict[str, Any]:
    """Datasette's metadata for the study ``name``: titles, descriptions of tables and columns, and the named queries.

    ``note`` is the study's own (that it is fiction, say) and stands on every page; ``called`` is what our pages call the study.
    """
    described: dict[str, Any] = {
        table: {"description": words["about"], "columns": words["columns"]} for table, words in tables(lang).items()
    }
    described["posts"] |= {"fts_table": "posts_fts", "fts_pk": "id"}
    described["threads"] |= {"fts_table": "threads_fts", "fts_pk": "thread_id"}
    for table, columns in _FACETS.items():
        described[table]["facets"] = columns
    for table, column in _LABELS.items():
        described[table]["label_column"] = column
    described |= {table: {"hidden": True} for table in (*INTERNAL, *INDEXES)}
    queries = entry("tables.query", lang)
    first = {
        **_first_page(name, lang),
        "called": called or name,
        "lang": lang,
        "sensitive": sensitive,
        "minimum": minimum,
        "note": note,
        "timezone": timezone,
    }
    database: dict[str, Any] = {
        "description": tell_in(lang, "cli.serve.database", name=name),
        "tables": described,
        "queries": {
            query: {
                "sql": named_query(query),
                "title": queries[query],
                "hide_sql": True,
                "description": entry("explore.about", lang).get(query, ""),
            }
            for query in query_names()
        },
        "chandung": first,
    }
    return {
        "title": entry("tables.page.title", lang),  # Datasette adds the database's name by itself
        "databases": {name: database},
        "plugins": {"datasette-mcp": {"canned_queries": True}},  # where somebody has installed it
        "chandung": first,
    }


def _first_page(name: str, lang: str) -> dict[str, Any]:
    """What our own pages show (``serve_pages``): the views to start from, the tables beneath them, the words."""
    about = {table: words["about"] for table, words in tables(lang).items() if table not in INDEXES}
    return {
        "database": name,
        "words": entry("cli.serve.pages", lang),
        "title": entry("tables.page.title", lang),
        "menu": entry("explore.menu", lang),
        "table_words": entry("explore.table", lang),
        "start": {table: text for table, text in about.items() if table in views()},
        "beneath": {table: text for table, text in about.items() if table not in views()},
    }


def build(
    database: Path,
    reports: Path | None = None,
    lang: str | None = None,
    note: str | None = None,
    *,
    sensitive: bool = False,
    study: Study | None = None,
) -> Any:
    """A Datasette on ``database``, with our pages beside its own; ``sensitive`` lets the body attributes be labelled.

    It is opened with ``mode=ro`` and not as immutable: an immutable database leaves out what a crawl has written to the
    write-ahead log, and may not change while it is open.
    """
    from data.store import open_store

    with open_store(
        database, read_only=True
    ) as store:  # a file that is no study's database is refused with our own sentence
        known = list(store.query("select value from study_settings where name = 'minimum_group'"))
    from datasette.app import Datasette

    _plug_in()
    minimum = study.privacy.minimum_group if study is not None else int(known[0]["value"]) if known else 5
    datasette = Datasette(
        [str(database.resolve())],
        metadata=metadata(
            database.stem,
            lang or language(),
            note,
            sensitive=sensitive,
            minimum=minimum,
            timezone=study.timezone if study is not None else "UTC",
            called=_called(study, lang or language()),
        ),
        template_dir=str(_PAGES),
        static_mounts=[("chandung", str(_PAGES)), *([("reports", str(reports))] if reports else [])],
        settings={
            "sql_time_limit_ms": 10_000,
            "max_returned_rows": 5_000,
            "truncate_cells_html": 600,
            "suggest_facets": False,
            "facet_time_limit_ms": 250,
            "max_csv_mb": 0,
            "cache_size_kb": 32_000,
        },
        cors=False,
    )
    datasette.chandung_study, datasette.chandung_reports = study, reports
    served = datasette.databases[database.stem]
    served.connect = lambda **_: _to_read(served, database)
    served.execute = counting(served.execute)
    return datasette


def _called(study: Study | None, lang: str) -> str | None:
    """What our pages call a study: its own brand, and how many it is set beside."""
    if study is None:
        return None
    rivals = len(study.brands) - 1
    say = entry("explore.called", lang)
    key = "alone" if not rivals else "one" if rivals == 1 else "many"
    return str(say[key]).format(own=study.brands[0].name, n=rivals)


def _to_read(served: Any, database: Path) -> sqlite3.Connection:
    """A connection for one of Datasette's threads, opened as every other of ours: Datasette's own needs a folder that can be
    written to, and a path without ``?``, ``#`` and ``%``."""
    connection = to_read(database, timeout=lock_patience())
    served._all_file_connections.append(connection)
    return connection


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
            conn.execute(f"pragma mmap_size = {MAPPED}")

        @staticmethod
        @hookimpl  # type: ignore[untyped-decorator]
        def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
            name = (datasette.metadata("chandung") or {}).get("database", "")
            return lambda app: nothing_from_elsewhere(
                of_page(harmless_csv(serve_reports.at_home(_pages_ours(app, name), name)))
            )

        @staticmethod
        @hookimpl  # type: ignore[untyped-decorator]
        def register_routes() -> list[tuple[str, Callable[..., Any]]]:
            return [*serve_home.routes(), *serve_search.routes(), *serve_questions.routes(), *serve_label.routes()]

        @staticmethod
        @hookimpl  # type: ignore[untyped-decorator]
        def render_cell(value: Any, column: str, datasette: Any) -> str | None:
            return imported(value, column, (datasette.metadata("chandung") or {}).get("lang", "en"))

        @staticmethod
        @hookimpl  # type: ignore[untyped-decorator]
        def skip_csrf(scope: Scope) -> bool | None:
            return serve_label.is_ours(scope["path"]) or None

        @staticmethod
        @hookimpl  # type: ignore[untyped-decorator]
        def extra_template_vars(datasette: Any) -> dict[str, Any]:
            return template_names(datasette)

        @staticmethod
        @hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
        def handle_exception(datasette: Any, request: Any, exception: BaseException) -> Generator[None, Any]:
            outcome = yield  # every handler's answer would be awaited, and the first one's sent
            outcome.force_result([handler(datasette, request, exception)])

    if not pm.has_plugin("chandung"):
        pm.register(Ours, name="chandung")


def template_names(datasette: Any) -> dict[str, Any]:
    """What every page of ours knows."""
    ours = datasette.metadata("chandung") or {}
    words, menu = ours.get("words") or {}, ours.get("menu") or {}
    lang, name = ours.get("lang", "en"), ours.get("database", "")
    answers = Answers(lang, ours.get("timezone", "UTC"))
    places = {
        "home": "/",
        "search": serve_search.PATH,
        "questions": serve_questions.PATH,
        "tables": f"/{name}",
        "label": serve_label.PATH,
    }
    return {
        "ours_words": words,
        "ours_first": ours,
        "ours_menu": [(place, menu[key]) for key, place in places.items() if key in menu],
        "ours_say": entry("explore.questions", lang),
        "ours_fill": lambda names: serve_questions.fill(datasette, list(names)),
        "ours_empty": lambda query, name: serve_questions.empty_choice(query, name, lang),
        "ours_together": serve_questions.together,
        "ours_unknown": lambda fields, values: serve_questions.unknown(fields, values, lang),
        "ours_nothing": lambda name, query: serve_questions.nothing(datasette, name, query, lang),
        "ours_columns": lambda columns: serve_questions.in_reading_order(columns, lambda one: str(one["name"])),
        "ours_cells": lambda cells: serve_questions.in_reading_order(cells, lambda one: str(one["column"])),
        "ours_heading": lambda column: serve_questions.heading(column, lang),
        "ours_answer": lambda query, columns, rows: serve_questions.answer(query, columns, rows, answers),
        "ours_picture": lambda query, columns, rows: serve_questions.picture(query, columns, rows, answers),
        "ours_facet": lambda column, label: place_named(str(label), lang) if column in SOURCES and label else label,
        "ours_answers": entry("answers", lang),
        "sql_said": lambda error: in_words(str(error), lang),
        "ours_day": answers.day,
        "ours_number": lambda value: number_in(lang, value),
    }


def _pages_ours(app: App, name: str) -> App:
    """``app`` with our first page and our list of tables in the place of Datasette's, which count every table before they show any."""
    instead = {"/": serve_home.PATH, f"/{name}": serve_home.TABLES}

    async def ours(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in instead and b"sql=" not in scope.get("query_string", b""):
            place = instead[scope["path"]]
            scope = {**scope, "path": place, "raw_path": place.encode("ascii")}
        await app(scope, receive, send)

    return ours


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
@click.option("--port", type=click.IntRange(1024, 65_535), help=tell("cli.serve.options.port"))
@click.option("--open", "opened", is_flag=True, help=tell("cli.serve.options.open"))
def serve(study: Path | None, port: int | None, opened: bool) -> None:
    import uvicorn

    database = database_of(study)
    reports = database.parent / "reports"
    about = _study(study, database)
    note, sensitive = (about.note, about.privacy.sensitive) if about is not None else (None, False)
    lang = chosen_language() or (about.language if about is not None else None)
    app = build(database, reports, lang, note, sensitive=sensitive, study=about).app()
    usual = usual_port(database.stem)
    taken = free_port(port or usual)
    address = f"http://{HOST}:{taken}/"
    click.echo(tell("cli.serve.ready", address=address))
    if taken != usual and reports.is_dir():
        click.echo(tell("cli.serve.other_port", usual=usual, address=address))
    if opened:
        open_in_browser(address)
    uvicorn.run(only_here(app), host=HOST, port=taken, log_level="warning", lifespan="on")
