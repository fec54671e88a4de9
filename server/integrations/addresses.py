"""Why: whoever names an address makes the server call it; it must not reach what only the server can reach.

An endpoint has an https URL. Its name is looked up by us, at each delivery, and of the addresses found only public ones
are called (or those in a network that the operator has listed), the very ones that were looked at: a name that means
something else a moment later changes nothing. Whatever a number is written like (`2130706433`, `::ffff:10.0.0.1`),
it is judged as the address it is. Printers have a stricter table of their own (`spooler/addresses.py`), without names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

Host = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST: Final = 500
PORTS: Final = {"https": 443, "http": 80}

_PLAIN = re.compile(r"^[\x21-\x7e]+$")
_NAME = re.compile(r"^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$")
_UNICAST = IPv6Network("2000::/3")
_SPECIAL: Final = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
"""The special-purpose address registries of IANA (RFC 6890) and multicast; of IPv6 what lies in `_UNICAST`. Teredo and
6to4 are among them: they carry an IPv4 address that somebody else decides about. Python's own table is older."""


class NoAddress(Exception):
    """Nothing is called there; `reason` is a code of the words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Target:
    """A URL taken apart. `path` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str) -> Target:
    """A URL taken apart; NoAddress when it is none that could be called."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NoAddress("url_malformed") from None
    if parts.scheme not in PORTS:
        raise NoAddress("https_wanted")
    host = parts.hostname or ""
    if len(url) > LONGEST or not _PLAIN.match(url) or _holds_more(parts) or not _is_host(host):
        raise NoAddress("url_malformed")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, PORTS[parts.scheme] if port is None else port, path)


def _holds_more(parts: SplitResult) -> bool:
    """Whether there is something in it that is no part of an address: a password, a fragment."""
    return parts.username is not None or parts.password is not None or bool(parts.fragment) or parts.port == 0


def _is_host(host: str) -> bool:
    return literal(host) is not None if ":" in host else bool(_NAME.match(host))


def literal(host: str) -> Host | None:
    """The address that a host is written as; None: it is a name, and the resolver knows."""
    try:
        return ip_address(host)
    except ValueError:
        return None


class Places:
    """Where endpoints may be. Raises ValueError for a text that is no network.

    `listed` are networks whose addresses are allowed though they are not public; `http` allows plain http in them.
    """

    def __init__(self, listed: Iterable[str] = (), *, http: bool = False) -> None:
        self._networks: tuple[Network, ...] = tuple(ip_network(text) for text in listed)
        self._http = http

    def look(self, url: str) -> Target:
        """A URL taken apart, as far as it can be judged without a look-up; NoAddress says why not."""
        target = parse(url)
        if target.scheme == "http" and not self._http:
            raise NoAddress("https_wanted")
        if (host := literal(target.host)) is not None:
            self.permitted(target, [host])
        return target

    def permitted(self, target: Target, found: Iterable[Host]) -> list[Host]:
        """Those of the found addresses that may be called, in their order; NoAddress where none may."""
        plain = [getattr(each, "ipv4_mapped", None) or each for each in found]
        if not plain:
            raise NoAddress("name_unknown")
        allowed = [each for each in plain if self._is_listed(each) or (target.scheme == "https" and is_public(each))]
        if not allowed:
            raise NoAddress("address_refused")
        return allowed

    def _is_listed(self, host: Host) -> bool:
        return any(host in network and is_same_ground(host, network.network_address) for network in self._networks)


def is_public(host: Host) -> bool:
    """Whether an address is anybody's in the world: not this machine's, this network's, a group's or nobody's."""
    if isinstance(host, IPv6Address) and host not in _UNICAST:
        return False
    return host.is_global and not any(host in special for special in _SPECIAL)


def is_same_ground(host: Host, listed: Host) -> bool:
    """Loopback and link-local are in no network by the way: only where the network that was listed is itself such."""
    if host.is_multicast or host.is_unspecified:
        return False
    return (listed.is_loopback or not host.is_loopback) and (listed.is_link_local or not host.is_link_local)
