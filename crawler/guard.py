"""Which machines a crawl may talk to: public ones, and those that the study names itself.

A page is free to link or redirect to ``http://127.0.0.1/`` or to a name that leads there; a crawler that follows would carry
what it finds inside somebody's network into a database. The check is made on the very address that is connected to, after
the name was resolved, so a name that changes its mind between two look-ups gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from data.addresses import suffixes

if TYPE_CHECKING:
    from typing import Self

    from data.study import Study

_PORTS = {"http": 80, "https": 443}
#: Handed out for every public name by the local resolvers of some VPN and proxy programs; nobody's own machine is there.
_STAND_INS = ipaddress.ip_network("198.18.0.0/15")
#: Ways of writing an address that hide which one it is; nobody names a machine so.
_NUMBERS = re.compile(r"(?:0x[0-9a-f]{1,8}|[0-9]{1,12})(?:\.(?:0x[0-9a-f]{1,8}|[0-9]{1,12})){0,3}")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Place = tuple[str, int]


@lru_cache(maxsize=10_000)
def registered_domain(host: str) -> str:
    """The part of a host that somebody registered: ``example.com`` for ``www.example.com``; an address stays as it is."""
    return suffixes()(host.rstrip(".")).top_domain_under_public_suffix or host.rstrip(".")


def place_of(url: str) -> Place | None:
    """Host and port of a web address; ``None`` for anything else, and for one that would log in."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.hostname.rstrip(".").casefold(), port or _PORTS[parts.scheme]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        return ip.is_global and not ip.is_multicast
    return (ip.is_global and not ip.is_multicast) or ip in _STAND_INS


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def odd_number(host: str) -> str | None:
    """The address that a host of bare numbers stands for (``2130706433``, ``0x7f.1``, ``127.1``), as it is usually written."""
    if _is_address(host) or not _NUMBERS.fullmatch(host):
        return None
    try:
        *lead, tail = [int(part, 16 if part[:2] == "0x" else 8 if part[:1] == "0" else 10) for part in host.split(".")]
        whole = tail + sum(part << (24 - 8 * place) for place, part in enumerate(lead))
        fits = all(part < 256 for part in lead) and tail < 256 ** (4 - len(lead))
        return str(ipaddress.IPv4Address(whole)) if fits else None
    except ValueError:
        return None


def _is_local_name(host: str) -> bool:
    """Whether ``host`` can only mean a machine nearby: a bare name, or one under no public suffix."""
    if _NUMBERS.fullmatch(host):
        return False
    if host == "localhost" or host.endswith(".localhost") or "." not in host:
        return True
    return not suffixes()(host).suffix


class Guard:
    """Decides for each host and port whether a non-public address may be connected to. Remembers what it refused."""

    def __init__(self, named: Iterable[str]) -> None:
        places = {place for url in named if (place := place_of(url)) is not None}
        # A public name that leads to a private address was not named as a private address.
        self.named: frozenset[Place] = frozenset(p for p in places if _is_address(p[0]) or _is_local_name(p[0]))
        self._proxies: frozenset[Place] = frozenset(
            place for url in getproxies().values() if (place := place_of(url if "://" in url else f"http://{url}"))
        )
        self.refused: dict[Place, str] = {}

    @classmethod
    def of(cls, study: Study) -> Self:
        """The guard of a study: its sources, their APIs and its brands' sites are named."""
        return cls(url for source in study.all_sources() for url in (source.url, source.api) if url)

    def allows_address(self, host: str, port: int, address: str) -> bool:
        """Whether ``host:port`` may be reached at ``address``; a refusal is remembered."""
        place = (host.casefold(), port)
        if place in self.named or place in self._proxies or is_public(address):
            return True
        self.refused[place] = address
        return False

    def allows_url(self, url: str) -> bool:
        """Whether a request may be tried at all: a web address whose host is not plainly a private one."""
        place = place_of(url)
        if place is None:
            return False
        host, port = place
        if place in self.named:
            return True
        if host == "localhost" or host.endswith(".localhost"):
            self.refused[place] = "127.0.0.1"
            return False
        if (plain := odd_number(host)) is not None:
            return self.allows_address(host, port, plain)
        return not _is_address(host) or self.allows_address(host, port, host)

    def refusal(self, url: str) -> str | None:
        """The private address for which a connection to ``url`` was refused."""
        place = place_of(url)
        return self.refused.get(place) if place else None


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        raise NotImplementedError


@implementer(IResolutionReceiver)
class _Filter:
    """Passes on the addresses that the guard allows, and keeps them for the next connection."""

    def __init__(self, receiver: Any, guard: Guard, host: str, port: int, known: dict[Place, list[Any]]) -> None:
        self._receiver, self._guard, self._place, self._known = receiver, guard, (host, port), known
        self._found: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if isinstance(address, IPv4Address | IPv6Address) and self._guard.allows_address(*self._place, address.host):
            self._found.append(address)
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._found:
            self._known[self._place] = self._found
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """The resolver of a crawl: the system's, with every address that the guard refuses left out.

    Scrapy builds it from the crawler process, which carries the guard.
    """

    def __init__(self, reactor: Any, guard: Guard) -> None:
        self._reactor, self._guard = reactor, guard
        self._system = reactor.nameResolver
        self._known: dict[Place, list[Any]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        return cls(reactor, crawler.guard)

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        place = (hostName, portNumber)
        if place in self._known:
            resolutionReceiver.resolutionBegan(_Resolution(hostName))
            for address in self._known[place]:
                resolutionReceiver.addressResolved(address)
            resolutionReceiver.resolutionComplete()
            return resolutionReceiver
        receiver = _Filter(resolutionReceiver, self._guard, hostName, portNumber, self._known)
        return self._system.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
