"""Where a crawler of untrusted addresses may go: http(s) to public hosts, and nowhere else.

The address is checked when it is asked for (also after a redirect), every answer of the name service is
checked before a connection is made (a name that resolves to a private address is refused, so that rebinding
gains nothing), and the peer is checked once more when the response is there. Named exceptions are
"host:port"; only the sample press and tests use them.
"""

import ipaddress
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from models.errors import DiembaoError

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL = 4_000
CACHE_S = 60.0
"""How long an answer of the name service is kept. Short: it is checked again each time it is used."""

NEVER = tuple(
    ipaddress.ip_network(net)
    for net in (
        "192.0.0.0/24",  # IETF protocol assignments; a cloud's metadata service lives here
        "192.88.99.0/24",  # retired 6to4 relays
        "168.63.129.16/32",  # a cloud's host agent on a public address
        "64:ff9b:1::/48",  # local NAT64
        "fec0::/10",  # retired site-local
    )
)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefusedError(DiembaoError):
    """An address that the crawler must not connect to."""


def is_public(ip: IP) -> bool:
    """Whether the address is one of the open Internet; IPv4 hidden in IPv6 is looked through."""
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in NAT64:
            hidden = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if hidden:
            return is_public(hidden)
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in NEVER)


def as_ip(host: str) -> IP | None:
    """The literal address that a host name is, if it is one."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def check_url(url: str, allowed: frozenset[str] = frozenset()) -> None:
    """Refuse what can be refused before the name service is asked."""
    if len(url) > MAX_URL:
        raise AddressRefusedError(f"{url[:80]}…: longer than {MAX_URL} characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError as exc:
        raise AddressRefusedError(f"{url}: {exc}") from exc
    if parts.scheme not in DEFAULT_PORTS:
        raise AddressRefusedError(f"{url}: only http and https are read")
    if not host:
        raise AddressRefusedError(f"{url}: no host")
    if parts.username is not None or parts.password is not None:
        raise AddressRefusedError(f"{host}: an address with credentials is not read")
    if f"{host}:{port}" in allowed:
        return
    ip = as_ip(host)
    if ip is not None and not is_public(ip):
        raise AddressRefusedError(f"{url}: {ip} is not a public address")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        raise AddressRefusedError(f"{url}: {host} is not a public name")


def check_peer(url: str, ip: IP | None, allowed: frozenset[str] = frozenset()) -> None:
    """Refuse a response that came from a private address after all."""
    parts = urlsplit(url)
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    if ip is not None and not is_public(ip) and f"{parts.hostname}:{port}" not in allowed:
        raise AddressRefusedError(f"{url}: answered from {ip}, which is not a public address")


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


@implementer(IResolutionReceiver)
class _Collector:
    """Gathers one answer of the name service, then hands it to the guard."""

    def __init__(self, guard: "GuardedResolver", receiver: Any, name: str, port: int) -> None:
        self.guard, self.receiver, self.name, self.port = guard, receiver, name, port
        self.addresses: list[IPv4Address | IPv6Address] = []

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802,N803 Twisted's names
        self.receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        if isinstance(address, IPv4Address | IPv6Address):
            self.addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self.addresses:
            self.guard.remember(self.name, self.addresses)
        for address in self.guard.passed(self.name, self.port, self.addresses):
            self.receiver.addressResolved(address)
        self.receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Twisted's name resolver with a check of every answer; one bad address among several refuses the name."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.allowed: Counter[str] = Counter()
        self.refused: dict[str, str] = {}
        self._cache: dict[str, tuple[float, list[IPv4Address | IPv6Address]]] = {}

    @contextmanager
    def allowing(self, exceptions: frozenset[str]) -> Iterator[None]:
        """Let the named "host:port" pass for as long as a crawl lasts."""
        self.allowed.update(exceptions)
        try:
            yield
        finally:
            self.allowed.subtract(exceptions)

    def resolveHostName(  # noqa: N802 Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        known = self._known(hostName, portNumber)
        if known is None:
            collector = _Collector(self, resolutionReceiver, hostName, portNumber)
            return self.inner.resolveHostName(collector, hostName, portNumber, addressTypes, transportSemantics)
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        for address in self.passed(hostName, portNumber, known):
            resolutionReceiver.addressResolved(address)
        resolutionReceiver.resolutionComplete()
        return resolution

    def remember(self, name: str, addresses: list[IPv4Address | IPv6Address]) -> None:
        if len(self._cache) > 1_000:
            self._cache.clear()
        self._cache[name] = (monotonic() + CACHE_S, addresses)

    def forget(self) -> None:
        """Ask the name service anew for every name."""
        self._cache.clear()

    def passed(
        self, name: str, port: int, addresses: list[IPv4Address | IPv6Address]
    ) -> list[IPv4Address | IPv6Address]:
        """All of the addresses, or none when one of them is private."""
        self.refused.pop(name, None)
        if self.allowed[f"{name}:{port}"] > 0:
            return addresses
        for address in addresses:
            ip = as_ip(address.host)
            if ip is None or not is_public(ip):
                self.refused[name] = address.host
                return []
        return addresses

    def _known(self, name: str, port: int) -> list[IPv4Address | IPv6Address] | None:
        """A literal address, or a recent answer."""
        ip = as_ip(name)
        if ip is not None:
            kind = IPv4Address if ip.version == 4 else IPv6Address
            return [kind("TCP", str(ip), port)]
        until, addresses = self._cache.get(name, (0.0, []))
        if monotonic() >= until:
            return None
        return [type(address)("TCP", address.host, port) for address in addresses]
