"""What a new study does without being asked: how often it works, and where it tells what is new, out of an answer each."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

#: How often → its jobs, and those that tell. Telling has jobs of its own: a crawl ends at night, when nobody wants a message.
_JOBS: Final = {
    "daily": '{what: crawl, then: [analyze, report], every: "0 3 * * *", jitter: 20}',
    "weekly": '{what: crawl, then: [analyze, report], every: "0 3 * * 1", jitter: 20}',
}
_TELLING: Final = {
    "daily": ('{what: alerts, every: "0 8 * * *"}', '{what: digest, every: "10 8 * * 1"}'),
    "weekly": ('{what: digest, every: "0 8 * * 1"}',),
}
#: How often a study may work by itself; ``no``: only when it is told to.
OFTEN: Final = (*_JOBS, "no")
_EMAIL = re.compile(r"(?:mailto:)?([^@\s/?#&:${}]{1,64}@[^@\s/?#&:${}]{1,190}\.[^@\s/?#&:.${}]{2,})")
#: The variable that keeps an address which is secret, and the one for a webhook's path where that is.
_WHOLE: Final = "${ALERTS_URL}"
_PATH: Final = "${ALERTS_PATH}"
#: What a server of e-mail asks of whoever sends; who receives is no secret.
_MAIL: Final = "mailtos://${MAIL_USER}:${MAIL_PASSWORD}@${MAIL_SERVER}?to="
#: The variables whose names are ours; a sentence each tells what belongs in them.
MADE_UP: Final = frozenset(("ALERTS_URL", "ALERTS_PATH", "MAIL_USER", "MAIL_PASSWORD", "MAIL_SERVER"))


def schedule(often: str, *, telling: bool) -> list[str]:
    """The lines of ``schedule:``; none where the study is to do nothing by itself."""
    jobs = [_JOBS[often], *(_TELLING[often] if telling else ())] if often in _JOBS else []
    return ["schedule:", *(f"  - {job}" for job in jobs)] if jobs else []


def channel(text: str) -> str | None:
    """A channel's address as it may stand in a study, out of an e-mail address, a webhook, what apprise understands or the name of a
    file (:func:`is_file`); ``None`` where it is none of them. One that holds a secret stays outside: what comes back names an
    environment variable in its place."""
    text = "".join(sign for sign in text if sign.isprintable()).strip().strip("<>\"'“”‘’,;")
    if email := _EMAIL.fullmatch(text):
        return _MAIL + quote(email[1], safe="@+.-_").replace("+", "%2B")
    if is_file(text):
        return text
    if re.match("https?://", text) and not _known(text):
        text = "json" + text.removeprefix("http")
        host = re.fullmatch(r"(jsons?://[^/?#@\s]+)(?:[/?#]\S*)?", text)
        return None if host is None else text if _wrong(text) is None else f"{host[1]}/{_PATH}"
    wrong = _wrong(text)
    return text if wrong is None else _WHOLE if wrong.startswith("alert_secret") else None


def is_file(channel: str) -> bool:
    """Whether a channel is a file in the study's folder to which each message is added."""
    from pydantic import ValidationError

    from data.study_alerts import Channel

    try:
        return re.search(r"[/\\:@]", channel) is None and bool(
            Channel(url=None, file=channel, name=None, level="low", digest=True)
        )
    except ValidationError:
        return False


def _known(url: str) -> bool:
    """Whether apprise takes a web address as it is, as it takes those of Slack, Discord and Teams."""
    from apprise import Apprise

    return Apprise.instantiate(url) is not None


def _wrong(url: str) -> str | None:
    """What a study would find wrong with a channel's address, as the key of its sentence."""
    from pydantic import ValidationError

    from data.study_alerts import Channel

    try:
        Channel(url=url, file=None, name=None, level="low", digest=True)
    except ValidationError as error:
        return str(getattr(error.errors()[0].get("ctx", {}).get("error"), "key", "alert_url"))
    return None


def variables(url: str) -> list[str]:
    """The environment variables that are to be set before anything can be told there."""
    from data.study_alerts import places

    return list(dict.fromkeys(places(url)))
