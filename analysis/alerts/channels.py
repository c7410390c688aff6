"""The ways by which alerts are told: addresses that apprise knows, and files in the study's folder."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from analysis.alerts import message as writing
from analysis.alerts.event import HIGH
from analysis.alerts.message import Message
from analysis.alerts.secrets import hide, resolve
from data.errors import ChandungError, InputError
from data.study import Study
from data.study_alerts import LEVELS, named
from data.study_alerts import Channel as Setting
from data.words import tell

_LONGEST_ANSWER: Final = 200
_STATUS: Final = re.compile(r"\berror=([45]\d\d)\b")
_UNREACHABLE: Final = re.compile(r"connection error|timed? ?out", re.IGNORECASE)
_STAMPED: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d · ")
_STAMP: Final = len("2026-11-21 10:00 · ")
_MAIL = ("mailto", "mailtos")
_MACHINES = ("json", "jsons", "xml", "xmls", "form", "forms")


class ChannelError(Exception):
    """A channel did not take a message; says why, without any secret."""


class Channel(Protocol):
    """One way of telling. ``send`` raises :class:`ChannelError`."""

    name: str
    setting: Setting

    def send(self, message: Message, level: str, now: datetime) -> None: ...


def wants(channel: Channel, level: str) -> bool:
    """Whether a channel takes alerts of a level."""
    return LEVELS.index(level) >= LEVELS.index(channel.setting.level)


def channels(study: Study) -> list[Channel]:
    """The study's channels, each under a name of its own."""
    return [
        FileChannel(name, setting, study) if setting.file else WebChannel(name, setting)
        for name, setting in named(study.alerts.to)
    ]


@dataclass
class FileChannel:
    """A text file that each message is added to."""

    name: str
    setting: Setting
    study: Study

    def send(self, message: Message, level: str, now: datetime) -> None:
        path = self.study.folder / str(self.setting.file).replace("\\", "/")
        at = now.astimezone(ZoneInfo(self.study.timezone))
        body = writing.write(message, writing.TEXT, chat=False, most=200_000)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not _ours(path):
                raise ChannelError(tell("alerts.foreign_file", file=path.name))
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(f"{at:%Y-%m-%d %H:%M} · {message.title}\n\n{body}\n\n---\n\n")
        except OSError as error:
            raise ChannelError(error.strerror or str(error)) from None


def _ours(path: Path) -> bool:
    """Whether a file begins with a message, or has yet to begin: nothing is added to what somebody else wrote."""
    if not path.exists():
        return True
    with path.open(encoding="utf-8", errors="replace") as file:
        start = file.read(_STAMP)
    return not start or bool(_STAMPED.fullmatch(start))


@dataclass
class WebChannel:
    """An address that apprise knows."""

    name: str
    setting: Setting
    _opened: Any = field(default=None, repr=False)

    def send(self, message: Message, level: str, now: datetime) -> None:
        from apprise import Apprise, NotifyType

        url = str(self.setting.url)
        try:
            plugin = self._opened or self._open()
        except ChandungError as error:
            raise ChannelError(str(error)) from None
        self._opened = plugin
        scheme = url.partition("://")[0].lower()
        form, chat = _form(plugin, scheme), scheme not in _MAIL
        body = writing.write(message, form, chat=chat, most=int(plugin.body_maxlen) * 9 // 10)
        told, said = False, _Heard()
        with said:
            try:
                sender = Apprise(asset=plugin.asset)
                sender.add(plugin)
                kind = NotifyType.WARNING if level == HIGH else NotifyType.INFO
                told = bool(sender.notify(body=body, title=message.title, notify_type=kind, body_format=form))
            except Exception as error:  # a plugin's own fault must not keep other channels from telling
                said.lines.append(f"{type(error).__name__}: {error}")
        if not told:
            raise ChannelError(_shown(said.lines, url))

    def _open(self) -> Any:
        from apprise import Apprise, AppriseAsset

        asset = AppriseAsset(
            app_id="Chandung", app_desc="Chandung", app_url="", image_url_mask="", image_url_logo="", storage_mode="memory",
            async_mode=False,
        )  # fmt: skip
        with _Heard():
            try:
                plugin = Apprise.instantiate(resolve(str(self.setting.url), self.name), asset=asset)
            except (TypeError, ValueError):
                plugin = None
        if plugin is None:
            raise InputError("no_such_channel", channel=self.name)
        return plugin


def _form(plugin: Any, scheme: str) -> str:
    """The form that a plugin likes best of those we write; a chat that shows Markdown anyway gets it escaped."""
    formats = plugin.notify_format
    every = formats if isinstance(formats, Sequence) and not isinstance(formats, str) else [formats]
    names = [str(getattr(one, "value", one)).lower() for one in every]
    if names[0] == writing.TEXT and writing.MARKDOWN in names and scheme not in _MACHINES:
        return writing.MARKDOWN
    return names[0] if names[0] in (writing.TEXT, writing.MARKDOWN, writing.HTML) else writing.TEXT


class _Heard(logging.Handler):
    """What apprise says while something is sent; nothing of it reaches a terminal or a log file."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self._log = logging.getLogger("apprise")
        self._was: tuple[bool, int] = (True, logging.NOTSET)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def __enter__(self) -> _Heard:
        self._was = self._log.propagate, self._log.level
        self._log.propagate = False
        self._log.setLevel(logging.WARNING)
        self._log.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self)
        self._log.propagate, level = self._was
        self._log.setLevel(level)


def _shown(lines: Sequence[str], url: str) -> str:
    """The first thing that was said as one line, in our words where we have any, without secrets."""
    line = " ".join(hide(lines[0] if lines else "", url).split())
    if refused := _STATUS.search(line):
        return tell("alerts.command.refused", status=refused[1])
    return tell("alerts.command.unreachable") if _UNREACHABLE.search(line) else line[:_LONGEST_ANSWER]
