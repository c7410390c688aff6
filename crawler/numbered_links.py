"""Links that are a person's telephone number: ``zalo.me/09…``, ``wa.me/84…``, ``tel:…``."""

from __future__ import annotations

import re
from typing import Final

#: The services whose addresses name people by their numbers. An official account of Zalo has more digits than any telephone.
_BY_NUMBER: Final = re.compile(
    r"(?:https?:)?//(?:[\w-]{1,30}\.){0,3}(?:zalo\.me|wa\.me|whatsapp\.com|viber\.(?:com|me|click)|t\.me|telegram\.me|line\.me|signal\.me)"
    r"[/?#]",
    re.I,
)
_NUMBER: Final = re.compile(r"(?<![\w%])(?:\+|%2B)?\d(?:[\s.()-]|%20)?(?:\d(?:[\s.()-]|%20)?){6,13}\d(?!\w)", re.I)
_CALLED: Final = re.compile(r"(?:tel|sms|callto|facetime):", re.I)


def without_number(link: str) -> str:
    """``link`` with ``[phone]`` where its address names somebody by a telephone number; any other link as it is."""
    if _CALLED.match(link):
        return f"{link.partition(':')[0]}:[phone]"
    if _BY_NUMBER.match(link):
        return _NUMBER.sub("[phone]", link)
    return link
