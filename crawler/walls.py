"""Pages that stand in front of what was asked for: a log-in form, a check for robots, an empty page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.engines.document import Document
from crawler.engines.reading import every
from crawler.engines.walls import login_wall
from crawler.reasons import Reason

_LOGIN_ADDRESS = re.compile(
    r"(?:^|[/_.-])(?:log-?in|sign-?in|logon|dang-?nhap|auth|sso|account/login)(?:$|[/_.?-])", re.I
)
_CHALLENGE = re.compile(
    r"<title>[^<]{0,40}(?:just a moment|attention required|ddos-guard|access denied|are you a robot|xác minh bạn không phải)"
    r"|cf-challenge|_cf_chl_opt|g-recaptcha-response[^>]{0,200}>\s{0,20}</form>|challenge-platform",
    re.I,
)


def wall(doc: Document, asked: str | None = None) -> Reason | None:
    """Why a page that holds nothing of what was expected stands in the way, or ``None`` where it simply is another page.

    To be asked only when nothing could be read: many forums show a small log-in form beside their posts.
    """
    values: dict[str, object] = {"url": asked or doc.url}
    if not doc.page.body.strip():
        return Reason("empty", values)
    if doc.is_json:
        return Reason("login", values) if login_wall(doc) else None
    if _CHALLENGE.search(doc.text[:60_000]):
        return Reason("challenge", values)
    sent_there = asked is not None and _is_login(doc.url) and not _is_login(asked)
    if sent_there or login_wall(doc) or (_is_login(doc.url) and every(doc.tree, "input[type=password]")):
        return Reason("login", values)
    body = doc.tree.find("body")
    if body is None or not "".join(body.itertext()).strip():
        return Reason("empty", values)
    return None


def _is_login(url: str) -> bool:
    return bool(_LOGIN_ADDRESS.search(urlsplit(url).path))
