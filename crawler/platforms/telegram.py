"""Public channels of Telegram by the preview that every browser is shown (t.me/s/NAME): a web page, so robots.txt is asked.

A channel is one thread, its messages the posts. Of photos, films and files without words nothing is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, urlsplit

from crawler.engines.document import Document
from crawler.engines.reading import every, first, number_in
from crawler.engines.text import one_line, read_body
from crawler.platforms.base import Answer, Call, Place, Platform, Reading, by_status
from crawler.platforms.values import moment, with_query
from crawler.reasons import Reason, Refused
from data.records import Page, Post, Thread

_HOSTS: Final = ("t.me", "telegram.me", "telegram.dog")
_NAME: Final = re.compile(r"[A-Za-z]\w{3,31}", re.ASCII)
#: What stands in a channel's place and is none.
_NO_CHANNEL: Final = frozenset(
    {
        "joinchat",
        "addstickers",
        "addemoji",
        "addtheme",
        "share",
        "proxy",
        "socks",
        "login",
        "iv",
        "setlanguage",
        "invoice",
        "boost",
    }
)
_POST: Final = re.compile(r"(?:^|/)(\w{4,32})/(\d{1,12})(?:$|[?#])", re.ASCII)
_REACTIONS: Final = {"👍": "like", "❤": "love", "😁": "haha", "😱": "wow", "😢": "sad", "😡": "angry", "👎": "dislike"}


class Telegram(Platform):
    """Channels of Telegram."""

    name: ClassVar[str] = "telegram"
    api: ClassVar[str] = "https://t.me"
    asks_robots: ClassVar[bool] = True

    def knows(self, url: str) -> bool:
        host = (urlsplit(url).hostname or "").casefold().removeprefix("www.")
        return host in _HOSTS or (host.endswith(".t.me") and bool(_NAME.fullmatch(host.removesuffix(".t.me"))))

    def start(self, place: Place) -> Sequence[Call]:
        return [Call(f"{place.api}/s/{channel_named(place.url)}", "stream")]

    def read(self, call: Call, answer: Answer, place: Place) -> Reading:
        doc = Document(
            Page(call.url, answer.body, content_type=answer.headers.get("content-type", ""), fetched_at=answer.at)
        )
        if doc.is_json or not every(doc.tree, ".tgme_channel_history"):
            raise Refused("platforms.telegram.no_preview", url=place.url)
        name = channel_named(place.url)
        title = _line(first(doc.tree, ".tgme_channel_info_header_title, .tgme_header_title")) or name
        nodes = [node for node in every(doc.tree, ".tgme_widget_message[data-post]") if _is_message(node)]
        posts = [post for node in nodes if (post := _post(node, name)) is not None]
        posts.reverse()
        thread = Thread(name.casefold(), f"https://t.me/{name}", self.name, title, tuple(posts))
        older = _older(doc.tree, call)
        return Reading((thread,), calls=() if older is None else (older,), wordless=len(nodes) - len(posts))

    def read_error(self, call: Call, answer: Answer, place: Place) -> Reading:
        if 300 <= answer.status < 400 or answer.status == 404:
            return Reading(stop=Reason("platforms.telegram.no_preview", {"url": place.url}))
        return by_status(call, answer, place)


def channel_named(url: str) -> str:
    """The name of the channel in an address. Raises ``Refused`` where there is none."""
    parts = urlsplit(url)
    host = (parts.hostname or "").casefold().removeprefix("www.")
    steps = [step for step in parts.path.split("/") if step]
    if host.endswith(".t.me"):
        return host.removesuffix(".t.me")
    if steps and steps[0] == "s":
        steps = steps[1:]
    if not steps or not _NAME.fullmatch(steps[0]) or steps[0].casefold() in _NO_CHANNEL:
        raise Refused("platforms.telegram.no_channel", url=url)
    return steps[0]


def _older(tree: Any, call: Call) -> Call | None:
    """The page of older messages: by the number that the page names, never by the address that it gives."""
    before = _number((parse_qs(urlsplit(call.url).query).get("before") or [""])[0])
    for link in every(tree, "a.tme_messages_more[data-before], a.js-messages_more[data-before]"):
        number = _number(link.get("data-before"))
        if number is not None and (before is None or number < before):
            return call.to(with_query(call.url, before=number))
    return None


def _line(node: Any) -> str:
    return one_line(node) if node is not None else ""


def _number(said: str | None) -> int | None:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) <= 12 else None


def _is_message(node: Any) -> bool:
    """Whether it is a message, and no notice of Telegram's own."""
    return _POST.search(node.get("data-post") or "") is not None and "service_message" not in (node.get("class") or "")


def _post(node: Any, channel: str) -> Post | None:
    """One message; ``None`` where it holds no words."""
    named = _POST.search(node.get("data-post") or "")
    if named is None:
        return None
    words, quoted = _words(node)
    if not words:
        return None
    key = f"{channel.casefold()}.{named[2]}"
    time = first(node, ".tgme_widget_message_date time[datetime], time[datetime]")
    answers = first(node, "a.tgme_widget_message_reply[href]")
    replied = _POST.search(answers.get("href") or "") if answers is not None else None
    return Post(
        key,
        words,
        _author(node),
        moment(time.get("datetime")) if time is not None else None,
        quoted=quoted,
        reply_to=f"{replied[1].casefold()}.{replied[2]}" if replied else None,
        url=f"https://t.me/{channel}/{named[2]}",
        reactions=_reactions(node),
    )


def _words(node: Any) -> tuple[str, str | None]:
    """The message's own text with a poll's question and answers, and what it quotes; what it replies to is another message's."""
    bodies = [
        read_body(text)
        for text in every(node, ".js-message_text")
        if not any("tgme_widget_message_reply" in (up.get("class") or "") for up in text.iterancestors())
    ]
    parts = [body.text for body in bodies]
    for poll in every(node, ".tgme_widget_message_poll"):
        question = _line(first(poll, ".tgme_widget_message_poll_question"))
        options = [one_line(one) for one in every(poll, ".tgme_widget_message_poll_option_text")]
        parts.append("\n".join([question, *(f"- {one}" for one in options if one)]))
    words = "\n\n".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
    quoted = "\n\n".join(dict.fromkeys(body.quoted for body in bodies if body.quoted)) or None
    return (words, quoted) if words else (quoted or "", None)


def _author(node: Any) -> str | None:
    """Whose words they are: of a forwarded message its writer's, of a signed one the signer's, else the channel's."""
    for css in (
        ".tgme_widget_message_forwarded_from_name",
        ".tgme_widget_message_from_author",
        ".tgme_widget_message_owner_name",
    ):
        found = first(node, css)
        if found is not None and (name := one_line(found)):
            return name[:200]
    return None


def _reactions(node: Any) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for one in every(node, ".tgme_widget_message_reactions .tgme_reaction"):
        sign = _line(first(one, ".emoji, tg-emoji"))
        number = number_in(one_line(one).removeprefix(sign))
        is_paid = "tgme_reaction_paid" in (one.get("class") or "")
        name = "star" if is_paid else _REACTIONS.get(sign.rstrip("\ufe0f"), sign[:8]) or "other"
        if number is not None:
            found[name] = found.get(name, 0) + number
    return found or None
