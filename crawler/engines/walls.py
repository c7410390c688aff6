"""Pages that show a door instead of what was asked for: log in, register, be a member."""

from __future__ import annotations

import re
from typing import Any, Final

from crawler.engines.document import Document
from crawler.engines.reading import every
from crawler.engines.text import SILENT, one_line

_DOOR = re.compile(
    r"(?:you )?must (?:be )?(?:log(?:ged)?[ -]?in|registered|sign(?:ed)? in|a member)|"
    r"(?:please )?(?:log|sign) in (?:or register )?to (?:view|see|continue|read|access)|"
    r"need to (?:be )?(?:log(?:ged)?[ -]?in|register)|requires? you to (?:be )?(?:registered|logged|log|sign)|"
    r"(?:do not|don't) have permission|members only|not authori[sz]ed to (?:read|view|access)|login required|"
    r"(?:bạn )?(?:phải|cần|hãy|vui lòng) (?:đăng nhập|đăng ký|là thành viên)|đăng nhập để (?:xem|đọc|tiếp tục)|"
    r"chỉ (?:dành cho )?thành viên|không có quyền (?:xem|truy cập)",
    re.I,
)
_MOST_WORDS: Final = 3_000


def login_wall(doc: Document) -> bool:
    """Whether the page asks to log in instead of showing something: a door in words, and little else."""
    if doc.is_json:
        value = doc.json
        return isinstance(value, dict) and value.get("error_type") in ("not_logged_in", "invalid_access")
    body = doc.tree.find("body")
    if body is None:
        return False
    if _is_long(body):
        return False
    # A page that is refused and offers a log-in asks for one, whatever menus stand around it.
    refused = doc.page.status in (401, 403)
    return (refused and bool(every(body, "input[type=password]"))) or bool(_DOOR.search(one_line(body)))


def _is_long(body: Any) -> bool:
    size = 0
    for element in body.iter("*"):
        if element.text and element.tag not in SILENT:
            size += len(element.text.strip())
        if element.tail:
            size += len(element.tail.strip())
        if size > _MOST_WORDS:
            return True
    return False
