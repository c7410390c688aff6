"""What is wrong with a file that is no YAML, in the user's words: which line, and what to look for there."""

from __future__ import annotations

import re
from typing import Any

from data.words import tell

_CHARACTER = re.compile(r"found character '(.{1,2})' that cannot start")
_TWICE = re.compile(r'found duplicate key "(.{1,80}?)" with')
_COLON = re.compile(r":(?=\s|$)")
#: What the parser says → the sentence, and whether the line to look at is the one where the part began.
_SAID: tuple[tuple[str, str, bool], ...] = (
    ("found unexpected end of stream", "quote", True),
    ("could not find expected ':'", "no_colon", True),
    ("expected <block end>", "indent", False),
    ("undefined alias", "begins", False),
    ("another document", "documents", False),
    ("escape", "backslash", False),
)


def fault(error: Any, text: str) -> tuple[int, str]:
    """The line, from 1, and the sentence for what ruamel.yaml raised over ``text``."""
    said = str(getattr(error, "problem", None) or "")
    around = str(getattr(error, "context", None) or "")
    mark, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    nearest = mark or began
    here = nearest.line + 1 if nearest is not None else _line_at(text, getattr(error, "position", None))
    if "\\t" in said:
        return here, tell("study.yaml.tab")
    if twice := _TWICE.search(said):
        return here, tell("study.yaml.twice", name=twice[1])
    if found := _CHARACTER.search(said):
        return here, tell("study.yaml.begins", got=found[1])
    if said.startswith("mapping values"):
        # A value ends where its line does; two colons in one line leave open where it begins.
        line = text.splitlines()[here - 1] if here <= len(text.splitlines()) else ""
        return here, tell("study.yaml.colons" if len(_COLON.findall(line)) > 1 else "study.yaml.deeper")
    if "flow" in around and began is not None:
        return began.line + 1, tell("study.yaml.bracket")
    for part, key, at_its_begin in _SAID:
        if part in said:
            return (began.line + 1 if at_its_begin and began else here), tell(f"study.yaml.{key}", got="*")
    if getattr(error, "position", None) is not None:
        return here, tell("study.yaml.invisible")
    return here, tell("study.yaml.other")


def _line_at(text: str, place: Any) -> int:
    return text.count("\n", 0, place) + 1 if isinstance(place, int) else 1
