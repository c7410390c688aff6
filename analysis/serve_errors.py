"""What ``serve`` answers to an address or a question that leads nowhere: a plain page, and nothing in the terminal.

Datasette's own handler prints every wrong address as a traceback with all local variables, and calls whatever it does not
expect an error of the server (500).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from data.ports import usual_port
from data.store.queries import query_names
from data.store.query_errors import in_words

_MISSING = 404
_OUR_FAULT = 500


def handler(datasette: Any, request: Any, exception: BaseException) -> Callable[[], Awaitable[Any]]:
    """The answer to ``exception`` as Datasette's hook ``handle_exception`` wants it: in JSON where JSON was asked for."""
    from datasette import Response

    from analysis.serve import template_names

    async def answer() -> Any:
        status, why = told(request, exception)
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": why, "status": status, "title": None}, status=status)
        words = datasette.metadata("chandung")["words"]
        why = request.path if status == _MISSING else why  # Datasette's own words for it say no more, and in English
        why = in_words(why, datasette.metadata("chandung")["lang"])
        title = words[_NAMED.get(status, "failed")]
        theirs = _of_another_study(request.path, datasette.metadata("chandung")["database"])
        if status == _MISSING and theirs is not None:
            title, why = words["elsewhere"], words["elsewhere_about"].format(theirs=theirs, port=usual_port(theirs))
        shown = {"title": title, "error": why, "status": status, "request": request}
        page = {**template_names(datasette), "urls": datasette.urls, "metadata": {}}
        template = datasette.jinja_env.select_template(["error.html"])
        return Response.html(await template.render_async({**shown, **page}), status=status)

    return answer


def _of_another_study(path: str, database: str) -> str | None:
    """The study that an address is about, where it asks a question of ours of another one than is shown here."""
    parts = unquote(path).strip("/").split("/")
    return parts[0] if len(parts) == 2 and parts[1] in query_names() and parts[0] != database else None


_NAMED = {400: "wrong", 403: "forbidden", 404: "missing", 405: "missing"}


def told(request: Any, exception: BaseException) -> tuple[int, str]:
    """The status of an answer, and its reason in the words of whoever found it: 400 for a question SQLite cannot answer,
    404 for what cannot be looked at."""
    from datasette.utils.asgi import Base400
    from datasette.views.base import DatasetteError

    said = str(exception)
    if isinstance(exception, DatasetteError):
        # A column that is not there is the question's fault; Datasette gives no status of its own to it.
        return (400 if exception.status >= _OUR_FAULT else exception.status), str(exception.message)
    if isinstance(exception, Base400):
        return exception.status, said
    if isinstance(exception, sqlite3.Error | ValueError | AssertionError | KeyError):
        return 400, said
    if isinstance(exception, AttributeError | TypeError | NotImplementedError) and "/-/" in request.path:
        return _MISSING, said  # a page that only takes what is sent to it, which nobody may send here
    return _OUR_FAULT, said
