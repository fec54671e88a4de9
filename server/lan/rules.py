"""Why: a handheld works offline only under TLS that it trusts, so what a certificate says, and when it must be made
anew, is decided here, purely; whoever looks after the house hears in time and in words.

The authority lasts ten years and vouches for this house alone: its own names, private addresses, nothing of the
internet. The server's certificate lasts a year, begins two days in the past (a handheld's clock may be behind), and
is made anew long before its end and whenever the machine gets a name or an address that it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Literal

import msgspec

AUTHORITY_VALID: Final = timedelta(days=3652)
LEAF_VALID: Final = timedelta(days=365)
"""From its backdated beginning. Apple's devices take none that lasts longer than 397 days."""
BACKDATED: Final = timedelta(days=2)
RENEW_BEFORE: Final = timedelta(days=60)
TELL_BEFORE: Final = timedelta(days=365)
"""So long before the authority's end it is said: every device must come to the page once more."""

LOOPBACK_NAMES: Final = ("localhost",)
LOOPBACK_ADDRESSES: Final = ("127.0.0.1", "::1")
PRIVATE: Final = tuple(map(ip_network, (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8",
    "fc00::/7", "fe80::/10", "::1/128",
)))  # fmt: skip
"""Addresses that nobody on the internet has: the authority may vouch for any of them."""

_NAME: Final = re.compile(r"^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$")

Network = IPv4Network | IPv6Network
Reason = Literal["missing", "other_authority", "names", "ending", "clock"]
"""Why the server's certificate must be made anew."""
Standing = Literal["good", "ending", "ended", "clock"]
"""How the authority stands. clock: this machine's clock says a time before the authority was made."""


class Span(msgspec.Struct, frozen=True):
    """From when until when a certificate holds."""

    since: datetime
    until: datetime


class Names(msgspec.Struct, frozen=True):
    """Under what this machine may be called. Of `addresses` the first is the one to print."""

    hosts: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def in_urls(self) -> frozenset[str]:
        """As they stand in a Host header."""
        return frozenset((*self.hosts, *map(in_url, self.addresses)))


class Leaf(msgspec.Struct, frozen=True):
    """What the server's certificate says: when it holds, for which names, and which authority made it."""

    span: Span
    names: frozenset[str]
    authority: str


class Reach(msgspec.Struct, frozen=True):
    """What an authority may vouch for: names with everything below them, and networks."""

    hosts: tuple[str, ...]
    networks: tuple[Network, ...]


# --- names ------------------------------------------------------------------------------------------------------


def names_of(hostname: str, addresses: Iterable[str], given: Iterable[str] = ()) -> Names:
    """The names of a machine: its own, also as others of a local network say it, the operator's, its addresses.

    What can stand in no certificate (a name with an underscore, a link-local address of one cable) is left out.
    """
    own = hostname.lower().rstrip(".")
    short = own.partition(".")[0]
    hosts = [own, f"{short}.local" if short else "", *(name.lower() for name in given), *LOOPBACK_NAMES]
    fit = [name for name in hosts if _NAME.match(name) and not _is_address(name)]
    found = [ip_address(text) for text in (*addresses, *filter(_is_address, given), *LOOPBACK_ADDRESSES)]
    usable = [str(each) for each in found if not (isinstance(each, IPv6Address) and each.is_link_local)]
    return Names(tuple(dict.fromkeys(fit)), tuple(dict.fromkeys(usable)))


def in_url(address: str) -> str:
    """An address as it stands in a URL."""
    return f"[{address}]" if ":" in address else address


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


# --- the authority ----------------------------------------------------------------------------------------------


def authority_span(now: datetime) -> Span:
    """How long a new authority holds."""
    return Span(now - BACKDATED, now - BACKDATED + AUTHORITY_VALID)


def reach_of(names: Names) -> Reach:
    """What a new authority may vouch for: these names, `.local`, private addresses, and those public ones alone."""
    hosts = tuple(dict.fromkeys((*names.hosts, "local")))
    public = (ip_network(each) for each in names.addresses if not _private(each))
    return Reach(hosts, (*PRIVATE, *public))


def out_of_reach(names: Names, reach: Reach) -> tuple[str, ...]:
    """The names that this authority may not vouch for: no device would believe it."""
    hosts = (name for name in names.hosts if not any(name == top or name.endswith(f".{top}") for top in reach.hosts))
    addresses = (each for each in names.addresses if not any(ip_address(each) in net for net in reach.networks))
    return (*hosts, *addresses)


def within(names: Names, reach: Reach) -> Names:
    """The names without those out of reach: one name too many, and a device believes none of them."""
    out = frozenset(out_of_reach(names, reach))
    hosts, addresses = (tuple(each for each in many if each not in out) for many in (names.hosts, names.addresses))
    return Names(hosts, addresses)


def standing(now: datetime, authority: Span) -> Standing:
    """How an authority stands."""
    if now < authority.since:
        return "clock"
    if now >= authority.until:
        return "ended"
    return "ending" if now >= authority.until - TELL_BEFORE else "good"


def _private(address: str) -> bool:
    return any(ip_address(address) in network for network in PRIVATE)


# --- the server's certificate -----------------------------------------------------------------------------------


def leaf_span(now: datetime, authority: Span) -> Span:
    """How long a new certificate of the server holds: never beyond its authority on either side."""
    since = max(now - BACKDATED, authority.since)
    return Span(since, min(now - BACKDATED + LEAF_VALID, authority.until))


def leaf_due(now: datetime, leaf: Leaf | None, authority: str, span: Span, names: Names) -> Reason | None:
    """Why the server's certificate must be made anew; None where it need not, or where a new one would be no better.

    A name that the machine has no more is no reason: it comes back with the next dock or cable.
    """
    if leaf is None:
        return "missing"
    if leaf.authority != authority:
        return "other_authority"
    if not leaf.names.issuperset((*names.hosts, *names.addresses)):
        return "names"
    if now < leaf.span.since and span.since <= now:
        return "clock"
    if now >= leaf.span.until - RENEW_BEFORE and leaf_span(now, span).until > leaf.span.until:
        return "ending"
    return None
