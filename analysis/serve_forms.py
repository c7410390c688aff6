"""Forms sent to our pages: taken only from a page that this server made.

Datasette's own protection looks after requests that carry its cookie; another page's request carries none, and would pass.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

_SPACE = "chandung-label"
_LARGEST = 200_000
_LONGEST_FIELD = 10_000


def token(datasette: Any) -> str:
    """What our forms carry: signed with a secret of this process, which no other page can know."""
    return str(datasette.sign("form", _SPACE))


async def received(datasette: Any, request: Any) -> dict[str, str] | None:
    """The fields of the form that was sent, or ``None`` where another page may have sent it, or it is no form of ours."""
    length = request.headers.get("content-length") or ""
    if not from_here(request) or not length.isdecimal() or int(length) > _LARGEST:
        return None
    body = (await request.post_body())[:_LARGEST]
    try:
        sent = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return None
    form = {name: values[-1][:_LONGEST_FIELD] for name, values in sent.items()}
    return form if _knows_token(datasette, form.get("token", "")) else None


def from_here(request: Any) -> bool:
    """Whether the browser says that one of this server's own pages sent the request. What is no browser says nothing of it."""
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    sender = headers.get("origin") or headers.get("referer")
    return sender is None or urlsplit(sender).netloc == request.host


def _knows_token(datasette: Any, given: str) -> bool:
    from itsdangerous import BadSignature

    try:
        return bool(datasette.unsign(given, _SPACE) == "form")
    except BadSignature:
        return False
