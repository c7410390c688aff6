"""Names and passwords in web addresses (``https://name:password@host/``), which nobody is to be shown."""

from __future__ import annotations

import re

_LOGIN = re.compile(r"(?<=://)[^\s/?#\\]{1,500}@")
HIDDEN = "[…]@"


def has_login(url: str) -> bool:
    """Whether an address holds a name or a password."""
    return _LOGIN.search(url) is not None


def without_logins(words: str) -> str:
    """``words`` with ``[…]`` for the name and the password of every address in it."""
    return _LOGIN.sub(HIDDEN, words) if "@" in words else words
