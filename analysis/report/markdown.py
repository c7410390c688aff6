"""The report as Markdown: the same content as the page, for wikis, mails and version control.

Every value passes through :func:`escape`; only what this module builds itself is markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.report import sentences
from analysis.report.blocks import Section
from analysis.report.context import context
from analysis.report.evidence import safe_url
from analysis.report.html import kind_of
from analysis.report.model import Report
from analysis.report.speech import Speech
from analysis.report.straight import straight

_TEMPLATES = Path(__file__).parent / "templates"
_SPECIAL = re.compile(r"[\\`*_\[\]|#~]")
_LIST = re.compile(r"^([-+=>]|\d{1,9}[.)](?=\s|$))")


class Raw(str):
    """Markup of our own making, not to be escaped again."""

    __slots__ = ()


def escape(value: object) -> str:
    """A value as Markdown shows it: its characters, never markup, on one line."""
    if isinstance(value, Raw):
        return value
    text = re.sub(r"\s+", " ", straight(str(value))).replace("&", "&amp;").replace("<", "&lt;")
    return _LIST.sub(r"\\\1", _SPECIAL.sub(lambda m: "\\" + m.group(), text))


def link(text: object, target: str | None) -> Raw:
    """A link to a place in the file or to a safe address, else the text alone."""
    if not target:
        return Raw(escape(text))
    return Raw(f"[{escape(text)}](<{quote(target, safe=_URL_SAFE)}>)")


_URL_SAFE = "#:/?&=%@+,;~!$'*.-_[]"


class _Parts:
    """What the template builds its lines from."""

    def out(self, url: str | None, text: object) -> Raw:
        return link(text, safe_url(url))

    @staticmethod
    def raw(text: str) -> Raw:
        """What a macro of ours has rendered: every value in it is escaped already."""
        return Raw(text)

    @staticmethod
    def code(text: str) -> Raw:
        """A command, to be copied as it stands."""
        return Raw(f"`{text.replace('`', '')}`")

    @staticmethod
    def bracketed(text: str) -> Raw:
        """In brackets, unless it begins with some already."""
        return Raw(escape(text) if text.startswith("(") else f"({escape(text)})")

    @staticmethod
    def heading(level: int, text: str) -> Raw:
        return Raw(f"{'#' * min(level, 6)} {escape(text)}")

    @staticmethod
    def anchor(key: str | None) -> Raw:
        return Raw(f'<a id="{quote(key, safe="")}"></a>\n\n' if key else "")

    def inside(self, key: str | None, text: object) -> Raw:
        return link(text, f"#{key}" if key else None)


@cache
def _environment() -> Environment:
    environment = Environment(  # noqa: S701 - `finalize` escapes every value for Markdown
        loader=FileSystemLoader(_TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=escape,
    )
    environment.globals.update(words=sentences, kind_of=kind_of)
    return environment


def render(report: Report, lang: str, sections: Sequence[Section] = ()) -> str:
    """The whole report in one language; ``sections`` are in it already."""
    say = Speech(lang, report.timezone)
    values: dict[str, Any] = {**context(report, sections, say), "md": _Parts()}
    text = _environment().get_template("report.md.j2").render(values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
