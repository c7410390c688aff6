"""Labelling in the terminal: a post with its answers, one key for what a person says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from textwrap import indent
from typing import Any
from zoneinfo import ZoneInfo

import click

from analysis.labels.desk import Desk, Seen, Shown
from analysis.labels.naming import OF_CUE, OF_PAIN, choice_named, choices, meaning, meanings, said_plainly, segments
from data.errors import InputError
from data.gold import CodingError
from data.records import Cue
from data.rows import shown as harmless
from data.words import tell

_COLOURS = {
    "open": "yellow",
    "accepted": "green",
    "changed": "green",
    "added": "green",
    "rejected": "red",
    "lost": "red",
}
_MARKS = {"open": "?", "accepted": "✓", "changed": "✎", "added": "+", "rejected": "✗", "lost": "!"}
_RIGHT, _WRONG, _CHANGE, _ADD, _UNDO, _DONE, _NOTHING = "y", "n", "c", "a", "u", "d", "0"
_NEXT, _BACK, _QUIT, _HELP = "s", "b", "q", "?"
#: Typed in place of an answer's field: nothing is kept.
_LEAVE = "."
_ARROWS = {"\x1b[C": _NEXT, "\x1b[D": _BACK, "\xe0M": _NEXT, "\xe0K": _BACK, "\r": _DONE, "\n": _DONE, " ": _NEXT}


class _LeftError(Exception):
    """Somebody who was asked for an answer thought better of it."""


class Sitting:
    """One person's way through a list of posts."""

    def __init__(self, desk: Desk, posts: Sequence[int], timezone: str = "UTC") -> None:
        self._desk, self._zone = desk, ZoneInfo(timezone)
        self._posts = posts
        self._place = 0
        #: The answer that is looked at; ``None``: the first that nobody has judged.
        self._at: int | None = None
        #: What was kept, in order: the place of its post and the labels' ids.
        self._kept: list[tuple[int, list[int]]] = []
        self.done = 0

    def run(self) -> int:
        """Show post after post until the end or until the person leaves; how many posts were finished."""
        click.echo(tell("label.keys"))
        while 0 <= self._place < len(self._posts):
            seen = self._desk.see(self._posts[self._place])
            if seen is None:
                self._place += 1
                continue
            at = _first_open(seen) if self._at is None else self._at
            _show(seen, at, self._place + 1, len(self._posts), self._zone)
            key = _key()
            if key == _QUIT:
                break
            try:
                self._do(key, seen, at)
            except _LeftError:
                click.echo(tell("label.left"))
            except CodingError as error:
                click.echo(click.style(tell("label.not_kept", why=error), fg="red"))
        return self.done

    def _do(self, key: str, seen: Seen, at: int) -> None:
        one = seen.answers[at] if at < len(seen.answers) else None
        if key in (_NEXT, _BACK):
            self._go(1 if key == _NEXT else -1)
        elif key == _DONE:
            self._finish(self._desk.finish(seen))
        elif key == _NOTHING:
            self._finish(self._desk.nothing(seen))
        elif key == _UNDO:
            self._take_back()
        elif key == _ADD:
            self._keep(self._desk.add(seen, _asked(seen, None, sensitive=self._desk.sensitive)))
        elif key in (_RIGHT, _WRONG, _CHANGE) and one is not None:
            self._judge(key, seen, one)
        elif key.isdigit() and 0 < int(key) <= len(seen.answers):
            self._at = int(key) - 1
        elif key == _HELP:
            click.echo(tell("label.help_keys"))
            for name, means in meanings(one.answer).items() if one is not None else ():
                click.echo(f"  {click.style(name, bold=True)}: {means}")

    def _judge(self, key: str, seen: Seen, one: Shown) -> None:
        if key == _CHANGE:
            self._keep(self._desk.change(seen, one, _asked(seen, one, sensitive=self._desk.sensitive)))
        else:
            self._keep(self._desk.accept(seen, one) if key == _RIGHT else self._desk.reject(seen, one))
        self._at = None

    def _keep(self, ids: list[int]) -> None:
        self._kept.append((self._place, ids))

    def _finish(self, ids: list[int]) -> None:
        self._keep(ids)
        self.done += 1
        self._go(1)

    def _go(self, steps: int) -> None:
        self._place = max(0, self._place + steps)
        self._at = None

    def _take_back(self) -> None:
        if not self._kept:
            click.echo(tell("label.nothing_to_undo"))
            return
        self._place, ids = self._kept.pop()
        self._at = None
        self._desk.take_back(ids)
        click.echo(tell("label.undone"))


def _key() -> str:
    try:
        key = click.getchar()
    except OSError:  # there is no terminal whose keys could be read
        raise InputError("label_no_terminal") from None
    return _ARROWS.get(key, key.lower()[:1])


def _first_open(seen: Seen) -> int:
    """The first answer that nobody has judged, else the last one."""
    return next((n for n, one in enumerate(seen.answers) if one.state == "open"), max(0, len(seen.answers) - 1))


def _day(at: str | None, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(at).astimezone(zone).date().isoformat() if at else ""


def _show(seen: Seen, at: int, number: int, count: int, zone: ZoneInfo) -> None:
    facts = [seen.post_id, _day(seen.posted_at, zone), seen.brand, seen.title]
    head = " · ".join(harmless(fact) for fact in facts if fact)
    click.echo()
    click.echo(click.style(f"{tell('label.place', number=number, count=count)}  {head}", fg="cyan"))
    click.echo(indent(_marked(seen, at), "  "))
    for place, one in enumerate(seen.answers):
        click.echo(_line(place, one, chosen=place == at))
    if not seen.answers:
        click.echo(tell("label.no_answers" if seen.read else "label.not_read"))
    if seen.done is not None:
        click.echo(click.style(tell("label.is_done", coder=harmless(seen.done.coder)), fg="green"))
    if seen.disagree:
        click.echo(click.style(tell("label.disagree", count=seen.disagree), fg="magenta"))


def _marked(seen: Seen, at: int) -> str:
    """The text with its quotes marked, each followed by its number."""
    standing = [(place, one) for place, one in enumerate(seen.answers) if one.state != "lost"]
    spans = [(one.answer.start, one.answer.end) for _, one in standing]
    ends = {place: end for place, (_, end) in enumerate(spans)}
    out, reached = [], 0
    for piece, covering in segments(seen.text, spans):
        reached += len(piece)
        plain = harmless(piece).replace("\r", "")
        if not covering:
            out.append(plain)
            continue
        chosen = any(standing[n][0] == at for n in covering)
        out.append(click.style(plain, fg="yellow" if chosen else None, underline=True, bold=chosen))
        out += [click.style(f"[{standing[n][0] + 1}]", dim=True) for n in covering if ends[n] == reached]
    return "".join(out)


def _line(place: int, one: Shown, *, chosen: bool) -> str:
    answer = one.answer
    words = " · ".join(harmless(word) for word in said_plainly(answer))
    mark = click.style(_MARKS[one.state], fg=_COLOURS[one.state])
    by = f"  ({harmless(one.label.coder)})" if one.label is not None else f"  {answer.confidence:.2f}"
    area = tell("label.cue" if isinstance(answer, Cue) else "label.pain")
    lost = f"  {tell('label.lost')}" if one.state == "lost" else ""
    return f"{'▶' if chosen else ' '} {place + 1} {mark} {area}: {words}  “{harmless(answer.quote)}”{by}{lost}"


def _asked(seen: Seen, one: Shown | None, *, sensitive: bool) -> dict[str, Any]:
    """The fields of an answer, asked one by one; what ``one`` says is offered."""
    if one is None:
        click.echo(tell("label.ask.which"))
        is_cue = _key() != "p"
    else:
        is_cue = isinstance(one.answer, Cue)
    click.echo(tell("label.ask.way_out_add" if one is None else "label.ask.way_out"))
    fields: dict[str, Any] = {}
    before: dict[str, Any] = {}
    for field in OF_CUE if is_cue else OF_PAIN:
        attribute = str(fields.get("attribute", ""))
        if field == "group" and attribute != "occupation":
            continue
        offered = getattr(one.answer, field) if one is not None else {"who": "self", "severity": 2}.get(field, "")
        before[field] = "" if offered is None else str(offered)
        fields[field] = _ask(field, attribute, before[field], sensitive=sensitive)
    if one is not None and fields == before:
        raise _LeftError
    return fields


def _ask(field: str, attribute: str, offered: str, *, sensitive: bool) -> str:
    known = choices(field, attribute, sensitive=sensitive)
    if known:
        click.echo("  " + ", ".join(f"{code} ({choice_named(field, code, attribute)})" for code in known))
    while True:
        got = click.prompt(
            tell(f"label.ask.{field}"), default=offered, show_default=bool(offered), prompt_suffix=": "
        ).strip()
        if got == _LEAVE:
            raise _LeftError
        if got == _HELP and known:
            for code in known:
                click.echo(f"    {code}: {meaning(field, code, attribute) or choice_named(field, code, attribute)}")
            continue
        if not known or got in known:
            return str(got)
        begun = [code for code in known if code.startswith(got.lower())]
        if got and len(begun) == 1:
            return begun[0]
        click.echo(tell("label.ask.one_of", known=", ".join(begun or known)))
