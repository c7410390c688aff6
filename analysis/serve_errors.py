"""What ``serve`` answers to an address or a question that leads nowhere: a plain page, and nothing in the terminal.

Datasette's own handler prints every wrong address as a traceback with all local variables, and calls whatever it does not
expect an error of the server (500).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

_MISSING = 404
_OUR_FAULT = 500


def handler(datasette: Any, request: Any, exception: BaseException) -> Callable[[], Awaitable[Any]]:
    """The answer to ``exception`` as Datasette's hook ``handle_exception`` wants it: in JSON where JSON was asked for."""
    from datasette import Response

    async def answer() -> Any:
        status, why = told(request, exception)
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": why, "status": status, "title": None}, status=status)
        words = datasette.metadata("chandung")["words"]
        why = request.path if status == _MISSING else why  # Datasette's own words for it say no more, and in English
        shown = {"title": words[_NAMED.get(status, "failed")], "error": why, "status": status, "ours_words": words}
        page = {"urls": datasette.urls, "app_css_hash": datasette.app_css_hash(), "menu_links": list, "metadata": {}}
        template = datasette.jinja_env.select_template(["error.html"])
        return Response.html(await template.render_async({**shown, **page}), status=status)

    return answer


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
