"""A message as one channel wants it: plain text, Markdown or HTML. All that it says is hostile until it is escaped here."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from analysis.alerts.wording import Item
from data.words import tell_in

TEXT, MARKDOWN, HTML = "text", "markdown", "html"
#: An invisible character that joins words: behind it neither @everyone nor an address is what it was.
_JOINER = "\u2060"
_MARKS = re.compile(r"([\\`*_\[\]<>~|])")
_LEADS = re.compile(r"^(\s*)([#+\-=]|\d+[.)])")
_WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a message's items under a heading, and what is said behind them."""

    heading: str | None
    items: tuple[Item, ...]
    rest: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What is told at once. ``closing`` stands at the end, before where to look and what to do."""

    title: str
    parts: tuple[Part, ...]
    closing: Item | None = None
    lang: str = "vi"

    def shorter(self) -> Message | None:
        """The message without quotes, or where it has none without its last items; ``None`` where nothing can go."""
        if any(item.quotes for part in self.parts for item in part.items):
            return replace(self, parts=tuple(_without_quotes(part) for part in self.parts))
        sizes = [len(part.items) for part in self.parts]
        if max(sizes, default=0) <= 1:
            return None
        longest = sizes.index(max(sizes))
        part = self.parts[longest]
        cut = replace(part, items=part.items[:-1], rest=part.rest or tell_in(self.lang, "alerts.cut"))
        return replace(self, parts=(*self.parts[:longest], cut, *self.parts[longest + 1 :]))


def _without_quotes(part: Part) -> Part:
    return replace(part, items=tuple(replace(item, quotes=()) for item in part.items))


def write(message: Message, form: str, *, chat: bool = True, most: int = 30_000) -> str:
    """The body in a form; in a ``chat`` nothing that somebody wrote calls people or becomes a link. Not longer than ``most``."""
    shortest: Message | None = message
    body = _WRITERS[form](message, chat)
    while len(body) > most and (shortest := shortest.shorter() if shortest else None) is not None:
        body = _WRITERS[form](shortest, chat)
    return body if len(body) <= most or form == HTML else body[: most - 1] + "…"


def tamed(text: str) -> str:
    """Text that calls nobody and leads nowhere."""
    calm = text.replace("@", f"@{_JOINER}").replace("](", f"]{_JOINER}(").replace("<!", f"<{_JOINER}!")
    return _WEB.sub(lambda match: match[0].replace("://", f":{_JOINER}//"), calm)


def _text(message: Message, chat: bool) -> str:
    say = tamed if chat else str
    lines: list[str] = []
    for part in message.parts:
        lines += [*(["", say(part.heading)] if part.heading else [])]
        for item in part.items:
            lines.append(f"• {say(item.sentence)}")
            lines += [f"  – {say(point)}" for point in item.points]
            lines += [f"  “{say(quoted)}”" for quoted in item.quotes]
            lines += [f"  {line}" for line in _leads(item, message.lang, str, str)]
        lines += [say(part.rest)] if part.rest else []
    if message.closing:
        lines += ["", say(message.closing.sentence), *_leads(message.closing, message.lang, str, str)]
    return "\n".join(lines).strip()


def _markdown(message: Message, chat: bool) -> str:
    def say(text: str) -> str:
        return _LEADS.sub(r"\1\\\2", _MARKS.sub(r"\\\1", tamed(text) if chat else text))

    def link(address: str) -> str:
        if not address.startswith(("http://", "https://")):
            return code(address)
        return f"[{say(tell_in(message.lang, 'alerts.here'))}]({_address(address)})"

    def code(text: str) -> str:
        return f"`{' '.join(text.replace('`', '').split())}`"

    blocks: list[str] = []
    for part in message.parts:
        blocks += [f"**{say(part.heading)}**"] if part.heading else []
        for item in part.items:
            lines = [f"- {say(item.sentence)}", *(f"  - {say(point)}" for point in item.points)]
            lines += [f"  “{say(quoted)}”" for quoted in item.quotes]
            blocks.append("\n".join([*lines, *(f"  {line}" for line in _leads(item, message.lang, link, code))]))
        blocks += [say(part.rest)] if part.rest else []
    if message.closing:
        leads = _leads(message.closing, message.lang, link, code)
        blocks.append("\n".join([say(message.closing.sentence), *leads]))
    return "\n\n".join(blocks)


def _html(message: Message, chat: bool) -> str:
    def say(text: str) -> str:
        return html.escape(tamed(text) if chat else text)

    def link(address: str) -> str:
        if not address.startswith(("http://", "https://")):
            return code(address)
        # The address itself, for a mail's plain part keeps of a link only what can be read.
        return f'<a href="{html.escape(_address(address))}">{html.escape(_address(address))}</a>'

    def code(text: str) -> str:
        return f"<code>{html.escape(text)}</code>"

    lines: list[str] = []
    for part in message.parts:
        lines += [f"<b>{say(part.heading)}</b>"] if part.heading else []
        for item in part.items:
            told = [f"• {say(item.sentence)}", *(f"&nbsp;&nbsp;– {say(point)}" for point in item.points)]
            told += [f"<i>“{say(quoted)}”</i>" for quoted in item.quotes]
            lines.append("<br/>".join([*told, *_leads(item, message.lang, link, code)]))
        lines += [say(part.rest)] if part.rest else []
    if message.closing:
        leads = _leads(message.closing, message.lang, link, code)
        lines.append("<br/>".join([say(message.closing.sentence), *leads]))
    return "<br/><br/>".join(lines)


def _leads(item: Item, lang: str, link: Callable[[str], str], code: Callable[[str], str]) -> Sequence[str]:
    """Where to look and what to do next."""
    found = [tell_in(lang, f"alerts.{item.lead}", link="\0").replace("\0", link(item.link))] if item.link else []
    return [
        *found,
        *([tell_in(lang, "alerts.next", command="\0").replace("\0", code(item.command))] if item.command else []),
    ]


def _address(address: str) -> str:
    """An address without anything that ends a link."""
    return quote(address, safe=":/?#[]@!$&'*+,;=%~").replace("[", "%5B").replace("]", "%5D").replace("'", "%27")


_WRITERS: dict[str, Callable[[Message, bool], str]] = {TEXT: _text, MARKDOWN: _markdown, HTML: _html}
