"""A channel's address with its secrets put in, and words without them: they are never printed, logged or stored."""

from __future__ import annotations

import json
import os
import re
from urllib.parse import quote, quote_plus, unquote, urlsplit

from data.errors import InputError
from data.study_alerts import places

HIDDEN = "[…]"
#: What is shorter is no secret, and taking it out would take words apart.
_SHORTEST = 5
_PLACE = re.compile(r"\$\{(\w{1,61})\}")


def resolve(url: str, channel: str) -> str:
    """The address with the values of its environment variables. Raises ``InputError`` where one is not set.

    A value within an address is quoted: whole where a password stands, but for ``:`` and ``/`` elsewhere, which separate a token's parts.
    """
    for name in places(url):
        if not os.environ.get(name, "").strip():
            raise InputError("no_alert_secret", name=name, channel=channel)
    if _PLACE.fullmatch(url):
        return os.environ[url[2:-1]].strip()
    login, at, rest = url.rpartition("@")
    return f"{_filled(login, '')}{at}{_filled(rest, ':/')}" if at else _filled(url, ":/")


def _filled(text: str, safe: str) -> str:
    return _PLACE.sub(lambda match: quote(unquote(os.environ[match[1]].strip()), safe=safe), text)


def hide(words: str, url: str) -> str:
    """``words`` without what the address keeps secret, however it is written."""
    values = {os.environ.get(name, "").strip() for name in places(url)}
    if _PLACE.fullmatch(url):
        values |= _parts(next(iter(values)))
    for value in list(values):
        values |= set(re.split(r"[/:@]", value))
    forms = {form for value in values if len(value) >= _SHORTEST for form in _forms(value)}
    for form in sorted(forms, key=len, reverse=True):
        words = words.replace(form, HIDDEN)
    return words


def _parts(address: str) -> set[str]:
    """The parts of an address that is secret as a whole, but for the site."""
    try:
        found = urlsplit(address)
    except ValueError:
        return {address}
    return {found.username or "", found.password or "", *found.path.split("/"), *re.split("[&=]", found.query)}


def _forms(value: str) -> set[str]:
    return {value, quote(value), quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1], unquote(value)}
