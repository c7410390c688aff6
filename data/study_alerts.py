"""What a study wants to be told of, by which channels, and when it wants quiet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from data.quiet_hours import QuietHours
from data.study_parts import Name, Part, Quiet, Wrong

Event = Literal["pain", "price", "offer", "verdict", "source", "crawl", "job", "channel", "claim"]
Level = Literal["low", "normal", "high"]
#: What may be told of, in the order in which it is told.
EVENTS: tuple[Event, ...] = ("pain", "price", "offer", "verdict", "source", "crawl", "job", "channel", "claim")
LEVELS: tuple[Level, ...] = ("low", "normal", "high")
_PLACE = re.compile(r"\$\{([A-Za-z_]\w{0,60})\}")
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]{1,30})://\S", re.IGNORECASE)
#: Kinds of channels whose address need not hold a secret; of every other kind the address is one.
_OPEN = frozenset(("json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos"))
_PASSWORD = re.compile(r"://[^/?#@\s]*:([^/?#@\s]*)@")
_SECRET_PARAMETER = re.compile(
    r"[?&][+:-]?(?:[\w-]*[_-])?(?:pass(?:word|wd)?|pwd|token|secret|(?:api)?key|sig(?:nature)?|auth(?:orization)?|code)=([^&#]*)",
    re.IGNORECASE,
)
#: Kinds of which nearly every study's channel is; of any other apprise is asked, which takes a second.
_USUAL = frozenset(
    (*_OPEN, "tgram", "slack", "workflows", "msteams", "discord", "gchat", "ntfy", "ntfys", "http", "https")
)
#: What is told as examples of kinds that exist.
EXAMPLES = ("mailtos://", "tgram://", "slack://", "workflows://", "discord://", "jsons://")
_WEBHOOKS = frozenset(("json", "jsons", "xml", "xmls", "form", "forms"))
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: A part of an address that somebody could have thought of has letters alone, or few digits.
_SHORTEST_RANDOM, _SHORTEST_MIXED = 16, 10


def places(url: str) -> list[str]:
    """The environment variables that an address names as ``${NAME}``."""
    return _PLACE.findall(url)


def named(channels: Iterable[Channel]) -> list[tuple[str, Channel]]:
    """The channels, each under a name of its own: the one it was given, else its kind."""
    found: dict[str, Channel] = {}
    for one in channels:
        name = one.name or one.kind
        found[next(free for free in _numbered(name) if free not in found)] = one
    return list(found.items())


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} {number}" for number in range(2, 100))


def _channel_url(value: str) -> str:
    if _PLACE.fullmatch(value):
        return value
    scheme = _SCHEME.match(value)
    if scheme is None or len(value) > 2000 or re.search(r"\s", value):
        raise Wrong("alert_url", got=value.partition("://")[0][:40])
    clear = [*_PASSWORD.findall(value), *_SECRET_PARAMETER.findall(value)]
    kept = all(not one or _PLACE.search(one) for one in clear)
    kind = scheme[1].lower()
    if not exists(kind):
        raise Wrong("alert_service", kind=kind, known=", ".join(EXAMPLES))
    if not kept or (kind not in _OPEN and not _PLACE.search(value)):
        raise Wrong("alert_secret", kind=kind)
    if kind in _WEBHOOKS and (part := _random_part(value)) is not None:
        raise Wrong("alert_secret_part", part=f"{part[:3]}…", kind=kind)
    return value


def exists(kind: str) -> bool:
    """Whether apprise knows a service by this scheme."""
    if kind in _USUAL:
        return True
    from apprise.manager_plugins import NotificationManager

    return kind in NotificationManager()  # type: ignore[no-untyped-call]


def _random_part(url: str) -> str | None:
    """A part of a webhook's address, behind its host, that looks as if a machine had made it up to be a secret."""
    before, _, rest = url.partition("://")[2].partition("/")
    login = before.rpartition("@")[0]
    parts = [login.partition(":")[0], *re.split(r"[/?&#]", rest)]
    return next((part for part in parts if not _PLACE.search(part) and _looks_random(part.rpartition("=")[2])), None)


def _looks_random(part: str) -> bool:
    """Whether a part of an address mixes letters and digits, or cases, as no word does; years and versions are words."""
    pieces = re.split(r"[.~@:_-]", _YEAR.sub("", part))
    whole = "".join(pieces)
    digits = sum(sign.isdigit() for sign in whole)
    if len(pieces) >= 4 and digits >= 6 and len(whole) >= 20:  # a UUID
        return True
    for piece in pieces:
        count = sum(sign.isdigit() for sign in piece)
        turns = len(re.findall(r"[a-z][A-Z]|[A-Z][a-z]|[A-Za-z]\d|\d[A-Za-z]", piece))
        if len(piece) >= _SHORTEST_MIXED and 3 <= count < len(piece):
            return True
        if len(piece) >= _SHORTEST_RANDOM and (count or turns >= 6):
            return True
    return False


def _link(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", value):
        raise Wrong("address", got=value[:200])
    return value.rstrip("/")


def _text_file(name: str) -> str:
    # The study's own files (.yaml, .db, .key, .log) would be ruined by a message behind their end.
    if not name.lower().endswith((".txt", ".md")):
        raise Wrong("alert_file", got=name[:200])
    return name


class Channel(Part):
    """One way by which alerts are told: an address as apprise writes it, or a file in the study's folder."""

    url: Annotated[str, AfterValidator(_channel_url)] | None = Field(
        None,
        description="as apprise writes it (`mailtos://`, `tgram://`, `slack://`, `workflows://` for Teams, `json://` for a webhook …); "
        "whatever is secret as ${NAME} of an environment variable",
    )
    file: Annotated[Name, AfterValidator(_text_file)] | None = Field(
        None, description="a file in the study's folder, ending in .txt or .md, that each message is added to"
    )
    name: Name | None = Field(None, description="what it is called in answers; else its kind")
    level: Level = Field("low", description="the least level that is told here: `low`, `normal` or `high`")
    digest: bool = Field(True, description="whether the weekly digest comes here")

    @property
    def kind(self) -> str:
        """The file, the address's scheme, or the variable that holds the whole address."""
        if self.file is not None:
            return self.file
        url = str(self.url)
        return url.partition("://")[0].lower() if "://" in url else places(url)[0]

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.url is None) == (self.file is None):
            raise Wrong("alert_channel")
        return self


class Alerts(Part):
    """What is told without being asked, and how."""

    to: list[Channel] = Field(default_factory=list, max_length=20, description="by which channels")
    events: list[Event] = Field(
        default_factory=lambda: list(EVENTS), description="what is told of; everything where nothing is said"
    )
    price_change: float = Field(3.0, ge=0, le=100, description="a price that moves by less (%) is not told")
    pain_people: int = Field(
        10, ge=1, le=100_000, description="a growing pain is told from so many people in seven days on"
    )
    pain_growth: float = Field(50.0, ge=0, le=10_000, description="and where its share grew by so much (%) at least")
    quiet_hours: list[Quiet] = Field(
        default_factory=list,
        max_length=50,
        description="times of day at which nothing is sent: `22:00-07:00`, in the study's time zone; it is told together afterwards",
    )
    most: int = Field(8, ge=1, le=50, description="so many are told one by one in a message; the others are counted")
    link: Annotated[str, AfterValidator(_link)] | None = Field(
        None, description="the address at which readers open the folder `reports`, where there is one"
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if QuietHours(self.quiet_hours, "UTC").never_end:
            raise Wrong("always_silent", ("quiet_hours",))
        names: set[str] = set()
        for index, channel in enumerate(self.to):
            if channel.name is not None and channel.name.casefold() in names:
                raise Wrong("alert_name_twice", ("to", index, "name"), name=channel.name)
            names |= {channel.name.casefold()} if channel.name else set()
        return self
