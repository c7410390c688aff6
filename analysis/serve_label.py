"""The pages on which people label, beside Datasette's own: a list of posts, and one post with its answers.

Nothing else can be changed in the browser. What is written comes from our own forms alone: their address is this server's and
they carry a token that no other page can know. The pages work without script.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, unquote, urlencode

from analysis import serve_forms
from analysis.labels.desk import Desk, Seen, Shown, coder_name
from analysis.labels.sampling import STATES, WAYS, Wanted, after, chosen, count, progress
from analysis.serve_label_page import choices_of_forms, filters_of, summary, tried_or, view
from data.gold import CodingError
from data.numbers import number_in
from data.store import open_store
from data.words import tell_in

PATH = "/-/label"
_COOKIE = "chandung_coder"
_PER_PAGE = 25
#: More posts than these are counted only where that costs nothing.
_COUNTED = 1_000
_HEADERS = {
    "x-frame-options": "DENY",
    "content-security-policy": "frame-ancestors 'none'; form-action 'self'",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
_FILTERS = ("how", "state", "source", "brand", "attribute", "category", "words")


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """What Datasette's hook ``register_routes`` wants."""
    return [(rf"^{PATH}$", listing), (rf"^{PATH}/(?P<key>\d{{1,18}})$", one_post)]


def is_ours(path: str) -> bool:
    """Whether a request is for these pages, which look to their own forms."""
    return path == PATH or path.startswith(f"{PATH}/")


async def listing(datasette: Any, request: Any) -> Any:
    """The posts to label, and how far the labelling is; a form that sets the name of who labels."""
    from datasette import Response

    if request.method == "POST":
        form = await serve_forms.received(datasette, request)
        if form is None:
            _refused(datasette)
        answer = Response.redirect(f"{PATH}?{urlencode(_given(form))}", status=303)
        _remember(answer, coder_name(form.get("coder")))
        return answer
    setting = _setting(datasette)
    wanted = wanted_of(_given(request.args))
    asked = request.args.get("page") or ""
    page = max(1, min(int(asked), 10**6)) if asked.isdecimal() else 1

    def look() -> dict[str, Any]:
        with open_store(setting.database, read_only=True) as store:
            return {
                "posts": summary(store, chosen(store, wanted, limit=_PER_PAGE, offset=(page - 1) * _PER_PAGE)),
                "count": count(store, wanted, most=_COUNTED + 1),
                "progress": progress(store),
                "filters": filters_of(store, setting.lang, wanted),
            }

    found = await asyncio.to_thread(look)
    pages = max(1, -(-found["count"] // _PER_PAGE))
    many = found["count"] == _COUNTED + 1
    return await _page(
        datasette,
        request,
        "label.html",
        {
            **found,
            "counted": number_in(setting.lang, found["count"] - many),
            "many": many,
            "page": page,
            "pages": pages,
            "wanted": wanted,
        },
    )


async def one_post(datasette: Any, request: Any) -> Any:
    """One post: shown, or changed as a form says and then shown, or the next one."""
    key = int(request.url_vars["key"])
    if request.method == "POST":
        form = await serve_forms.received(datasette, request)
        if form is None:
            _refused(datasette)
        return await _act(datasette, request, key, form)
    return await _show(datasette, request, key)


async def _show(
    datasette: Any, request: Any, key: int, *, told: str = "", tried: Mapping[str, str] | None = None, status: int = 200
) -> Any:
    from datasette.utils.asgi import NotFound

    setting, coder = _setting(datasette), _coder(request)
    given = _given(request.args)

    def look() -> tuple[Seen | None, int | None]:
        with open_store(setting.database, read_only=True) as store:
            return Desk(store, coder).see(key), after(store, wanted_of(given), key)

    seen, following = await asyncio.to_thread(look)
    if seen is None:
        raise NotFound(f"no post {key}")
    return await _page(
        datasette,
        request,
        "label_post.html",
        {
            "post": view(seen, setting.lang),
            "following": following,
            "earlier": came if (came := request.args.get("from") or "").isdigit() else None,
            "choices": choices_of_forms(setting.lang, sensitive=setting.sensitive),
            "tried": tried_or(tried),
            "told": told,
            "said": request.args.get("said") if request.args.get("said") in ("kept", "done", "undone") else None,
        },
        status=status,
    )


async def _act(datasette: Any, request: Any, key: int, form: Mapping[str, str]) -> Any:
    from datasette import Response

    setting, coder = _setting(datasette), _coder(request)
    given = _given(request.args)

    def act() -> tuple[str, int | None]:
        with open_store(setting.database) as store:
            desk = Desk(store, coder, sensitive=setting.sensitive)
            seen = desk.see(key)
            following = after(store, wanted_of(given), key)
            return ("gone" if seen is None else _do(desk, seen, form)), following

    try:
        done, following = await asyncio.to_thread(act)
    except CodingError as error:
        return await _show(datasette, request, key, told=str(error), tried=form, status=400)
    if done == "gone":
        told = tell_in(setting.lang, "label.page.changed_meanwhile")
        return await _show(datasette, request, key, told=told, status=409)
    came = {"from": str(key)} if done == "done" else {}
    if done != "done" and (earlier := request.args.get("from") or "").isdigit():
        came = {"from": earlier}
    if done == "done" and following is None:
        return Response.redirect(f"{PATH}?{urlencode(given)}", status=303)
    there = following if done == "done" else key
    return Response.redirect(f"{PATH}/{there}?{urlencode({**given, **came, 'said': done})}", status=303)


def _do(desk: Desk, seen: Seen, form: Mapping[str, str]) -> str:
    """Do what the form's button says: ``kept``, ``undone``, ``done`` with the post, or ``gone`` where what was shown is not
    there any more."""
    what = form.get("do", "")
    if what == "done":
        desk.finish(seen)
        return "done"
    if what == "nothing":
        desk.nothing(seen)
        return "done"
    if what == "add":
        desk.add(seen, _fields(form))
        return "kept"
    if what == "reopen" and seen.done is not None:
        desk.take_back([seen.done.label_id])
        return "undone"
    one = next((shown for shown in seen.answers if shown.token == form.get("answer")), None)
    if one is None:
        return "gone"
    return _judge(desk, seen, one, what, form)


def _judge(desk: Desk, seen: Seen, one: Shown, what: str, form: Mapping[str, str]) -> str:
    if what == "accept":
        desk.accept(seen, one)
    elif what == "reject":
        desk.reject(seen, one)
    elif what == "change":
        desk.change(seen, one, _fields(form))
    elif what == "undo" and one.label is not None and one.label.coder == desk.coder:
        desk.take_back([one.label.label_id])
        return "undone"
    else:
        return "gone"
    return "kept"


def _fields(form: Mapping[str, str]) -> dict[str, Any]:
    """The answer that a form tells. Of an attribute with a list of values both stand in ``what``, as ``gender|female``."""
    names = ("kind", "category", "target", "severity", "who", "group", "quote", "nth")
    fields: dict[str, Any] = {name: form[name].strip() for name in names if form.get(name, "").strip()}
    fields["quote"] = fields.get("quote", "").replace("\r\n", "\n")
    if "what" in form:
        attribute, _, value = form["what"].partition("|")
        fields = {**fields, "attribute": attribute, "value": value or form.get("value", "").strip()}
        if attribute != "occupation":
            fields.pop("group", None)
    return fields


# What is asked and by whom


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """The posts that an address asks for; what cannot be asked for is left out."""
    values = {name: given[name] for name in _FILTERS if given.get(name)}
    if values.get("how") not in WAYS:
        values.pop("how", None)
    if values.get("state") not in STATES:
        values.pop("state", None)
    return Wanted(**values)


def _given(args: Any) -> dict[str, str]:
    return {name: str(args.get(name))[:500] for name in _FILTERS if args.get(name)}


def _coder(request: Any) -> str:
    try:
        kept = unquote(request.cookies.get(_COOKIE, ""))
    except Exception:  # a cookie of another program on this computer that Python cannot read
        kept = ""
    return coder_name(kept or None)


def _remember(answer: Any, coder: str) -> None:
    answer.set_cookie(_COOKIE, quote(coder), path="/", max_age=365 * 86_400, httponly=True, samesite="strict")


class _Setting:
    """What the pages need to know of the study."""

    def __init__(self, datasette: Any) -> None:
        ours = datasette.metadata("chandung") or {}
        self.database = Path(datasette.databases[ours["database"]].path)
        self.lang: str = ours["lang"]
        self.sensitive = bool(ours.get("sensitive"))


def _setting(datasette: Any) -> _Setting:
    return _Setting(datasette)


def _refused(datasette: Any) -> NoReturn:
    from datasette.utils.asgi import Forbidden

    raise Forbidden(tell_in(_setting(datasette).lang, "label.page.refused"))


async def _page(datasette: Any, request: Any, template: str, values: Mapping[str, Any], *, status: int = 200) -> Any:
    from datasette import Response

    from data.words import entry

    setting = _setting(datasette)
    given = _given(request.args)
    shown = {
        **values,
        "say": entry("label.page", setting.lang),
        "states": entry("label.states", setting.lang),
        "lang": setting.lang,
        "token": serve_forms.token(datasette),
        "coder": _coder(request),
        "given": given,
        "asked": urlencode(given),
        "path": PATH,
    }
    html = await datasette.render_template(template, shown, request=request)
    return Response(html, status=status, headers=dict(_HEADERS), content_type="text/html; charset=utf-8")
