"""What people mean by a web address: with or without ``https://``, with a port, or with a slip of the keys."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract

_BARE_HOST = re.compile(
    r"(?:www\.)?[^\W_][\w-]*(?:\.[\w-]+)*\.[a-z][a-z0-9-]+(?::\d{1,5})?(?P<path>[/?#]\S*)?", re.IGNORECASE
)
#: A machine of one's own network: a number or ``localhost``, with a port or a path (1.99 is a price, 127.0.0.1 might be anything).
_MACHINE = re.compile(r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5}(?:[/?#]\S*)?|[/?#]\S*)", re.IGNORECASE)
_SCHEME = re.compile(r"(https?)(?::/*|//+)\s*(?=[^\s/])", re.IGNORECASE)
_ODD_SCHEME = re.compile(r"([a-z]{2,8})\s?[:;]/+(?=[^\s/])", re.IGNORECASE)
#: Ends of addresses that are nobody's, for examples and for networks of one's own.
_OWN_ENDS = {"example", "test", "localhost", "local", "lan", "internal"}
ONLY_DIGITS = re.compile(r"[\d.:]+")


@cache
def suffixes() -> TLDExtract:
    """The list of public suffixes that comes with the package; never the network, never a cache folder."""
    import tldextract

    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())


def is_address(text: str) -> bool:
    """Whether ``text`` is a web address."""
    return bool(re.match(r"https?://[^\s/]+", text)) and not re.search(r"\s", text)


def as_address(text: str) -> str:
    """``text`` as a web address where people mean one, otherwise unchanged: ``MiniCare.vn`` → ``https://minicare.vn``.

    A word with a dot is one where its end is a public one (Dr.Thanh is a name), where it begins with ``www.``, or a path follows.
    A machine of one's own network (``localhost:8000``) is asked by http: it seldom has a certificate.
    """
    text = "".join(sign for sign in text if sign.isprintable()).strip().strip("<>\"'“”‘’,;").removeprefix("//")
    if scheme := _SCHEME.match(text):
        address = f"{scheme[1].lower()}://{text[scheme.end() :]}"
    elif _MACHINE.fullmatch(text):
        address = f"http://{text}"
    elif (bare := _BARE_HOST.fullmatch(text)) and not ONLY_DIGITS.fullmatch(text):
        if not (bare["path"] or text.lower().startswith("www.") or _ends_publicly(text)):
            return text
        address = f"https://{text}"
    else:
        return text
    start, host, rest = re.split(r"(?<=://)([^/?#]*)", address, maxsplit=1)
    return f"{start}{host.lower()}{rest}"


def meant_by(text: str) -> str | None:
    """The address that was probably meant by ``text``, which is none: ``htp://a.example`` → ``http://a.example``."""
    if is_address(address := as_address(text)):
        return address
    odd = _ODD_SCHEME.match(text.strip())
    close = get_close_matches(odd[1].lower(), ("http", "https"), 1, 0.7) if odd else []
    if not odd or not close:
        return None
    address = f"{close[0]}://{text.strip()[odd.end() :]}"
    return address if is_address(address) else None


def _ends_publicly(host: str) -> bool:
    name = host.partition(":")[0].lower()
    return name.rpartition(".")[2] in _OWN_ENDS or bool(suffixes()(name).suffix)
