"""What SQLite says of a wrong query, in the interface's language and with the next step."""

from __future__ import annotations

import re

from data.errors import InputError
from data.words import tell, tell_in

#: Sentence below ``errors.sql`` → what SQLite says; its groups are the sentence's ``got``.
_SAID = {
    "syntax": re.compile(r'near "(.*)": syntax error', re.DOTALL),
    "unfinished": re.compile(r"incomplete input"),
    "token": re.compile(r'unrecognized token: "(.*)"', re.DOTALL),
    "table": re.compile(r"no such table: (?:\w+\.)?(.+)"),
    "column": re.compile(r"no such column: (.+)"),
    "function": re.compile(r"no such function: (\w+)"),
    "function_values": re.compile(r"wrong number of arguments to function (\w+)"),
    "ambiguous": re.compile(r"ambiguous column name: (.+)"),
    "aggregate": re.compile(r"misuse of (?:aggregate|window)(?: function)?:? (\w+)"),
    "several": re.compile(r"You can only execute one statement at a time"),
    "value": re.compile(r"You did not supply a value for binding (?:parameter )?[:@$]?(\w+)"),
}
_OTHER = "other"


def query_error(message: str, nearest: str = "") -> InputError:
    """The error that ``message`` of SQLite's is told as. ``nearest``: a sentence with the name that was probably meant."""
    key, got = _understood(message)
    return InputError("query_wrong", why=tell(f"errors.sql.{key}", got=got, nearest=nearest, why=got))


def in_words(message: str, lang: str) -> str:
    """What ``message`` of SQLite's says, in the words of ``lang`` and without the next step, which is one for the terminal; the message
    itself where it is nothing known."""
    key, got = _understood(message)
    if key == _OTHER:
        return message
    return tell_in(lang, f"errors.sql.{key}", got="\0", nearest="").split(". ")[0].replace("\0", got)


def _understood(message: str) -> tuple[str, str]:
    """The sentence for a message, and what stands in it."""
    for key, pattern in _SAID.items():
        if found := pattern.search(message):
            return key, found[1] if pattern.groups else ""
    return _OTHER, message.rstrip(".")
