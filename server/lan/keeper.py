"""Why: an address that changes and a certificate that ends are nobody's emergency: while the server runs, this looks
once a minute and makes anew what is due, and the next handheld that comes is greeted with it.

The folder `lan` of the data folder holds `authority.pem` and `server.pem`. The authority's key leaves it never; its
certificate is for everybody. Processes that share a data folder share both.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import structlog

from printers import qr
from server.core.clock import Clock
from server.db import folder
from server.db.errors import BAD_SETTING, StartError
from server.lan import addresses, authority, rules
from server.lan.authority import Authority, Unreadable
from server.lan.rules import Names, Reason, Standing
from server.settings import Settings

FOLDER: Final = "lan"
AUTHORITY: Final = "authority.pem"
SERVER: Final = "server.pem"
EVERY: Final = 60.0
"""Seconds between two looks."""

Machine = Callable[[], tuple[str, tuple[str, ...]]]


def this_machine() -> tuple[str, tuple[str, ...]]:
    """Its name and its addresses."""
    return addresses.hostname(), addresses.addresses()


def files(data_dir: Path) -> tuple[Path, Path]:
    """Where the authority and the server's certificate are."""
    return data_dir / FOLDER / AUTHORITY, data_dir / FOLDER / SERVER


class Lan:
    """The house's authority and the server's certificate. One for a process."""

    def __init__(self, settings: Settings, clock: Clock, machine: Machine, every: float = EVERY) -> None:
        self.every = every
        self._given = tuple(name for name in settings.allowed_hosts if name != "*")
        self._machine = machine
        self._clock = clock
        self._authority_file, self._server_file = files(settings.data_dir)
        folder.make(self._authority_file.parent, secret=True)
        self._looking = threading.Lock()
        self.authority: Authority
        self.names: Names
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_alpn_protocols(["http/1.1"])

    @classmethod
    def open(cls, settings: Settings, clock: Clock, machine: Machine = this_machine, every: float = EVERY) -> Self:
        """Makes what is missing; StartError where what is there cannot be used."""
        lan = cls(settings, clock, machine, every)
        try:
            lan.look()
        except Unreadable as trouble:
            raise StartError(
                f"{lan._authority_file} holds no key with its certificate ({trouble}): put it back from a copy, or "
                "make a new authority with `pickwave lan new`; then every device has to trust that one.",
                BAD_SETTING,
            ) from trouble
        return lan

    @property
    def hosts(self) -> frozenset[str]:
        """Under what the server may be called now."""
        return self.names.in_urls

    @property
    def standing(self) -> Standing:
        """How the authority stands now."""
        return rules.standing(self._clock.now(), self.authority.span)

    @property
    def out_of_reach(self) -> tuple[str, ...]:
        """Names of this machine for which the authority cannot vouch."""
        return rules.out_of_reach(self.names, self.authority.reach)

    def look(self) -> Reason | None:
        """Makes anew what is due; why the server's certificate was, or None. Blocks: not for the loop's thread."""
        with self._looking:
            now = self._clock.now()
            self.names = rules.names_of(*self._machine(), self._given)
            self.authority = self._read_authority()
            usable = rules.within(self.names, self.authority.reach)
            reason = rules.leaf_due(now, self._read_leaf(), self.authority.id, self.authority.span, usable)
            if reason is not None:
                authority.keep(self._server_file, self.authority.issue(self.names, now))
            self.context.load_cert_chain(self._server_file)
            return reason

    def _read_authority(self) -> Authority:
        found = authority.read_authority(self._authority_file)
        if found is None:
            made = authority.make(self.names, self._clock.now())
            authority.keep(self._authority_file, made.kept(), anew=False)  # another process may have been faster
            found = authority.read_authority(self._authority_file)
        assert found is not None
        return found

    def _read_leaf(self) -> rules.Leaf | None:
        try:
            return authority.read_leaf(self._server_file)
        except Unreadable:
            return None  # it is made anew for the asking

    def renew_authority(self) -> None:
        """Throws the authority away and makes another; every device has to trust the new one."""
        with self._looking:
            self.names = rules.names_of(*self._machine(), self._given)
            made = authority.make(self.names, self._clock.now())
            authority.keep(self._authority_file, made.kept())
        self.look()


@dataclass(frozen=True)
class At:
    """The keeper, and on which ports this process is reached."""

    lan: Lan
    port: int
    page_port: int

    @property
    def page(self) -> str:
        """Where a new device begins."""
        return f"http://{rules.in_url(self.lan.names.addresses[0])}:{self.page_port}/"

    @property
    def urls(self) -> tuple[str, ...]:
        """Where the server is reached, by every name that a device can believe."""
        usable = rules.within(self.lan.names, self.lan.authority.reach)
        names = (*usable.hosts, *map(rules.in_url, usable.addresses))
        return tuple(f"https://{name}:{self.port}/" for name in names)

    def told(self) -> list[str]:
        """For the terminal: where to go, what to compare, what is wrong."""
        return [
            f"Handhelds begin on {self.page}",
            *(f"  {line}" for line in qr.blocks(self.page)),
            f"  fingerprint of the authority (SHA-256) {self.lan.authority.fingerprint}",
            *warnings(self.lan),
        ]


def renewed(settings: Settings, clock: Clock, machine: Machine = this_machine) -> Lan:
    """A new authority in the place of whatever is there, also of a file that nobody can read."""
    lan = Lan(settings, clock, machine)
    lan.renew_authority()
    return lan


def warnings(lan: Lan) -> Iterator[str]:
    """What whoever looks after the house must know, one sentence each."""
    span, standing = lan.authority.span, lan.standing
    if standing == "ending":
        yield (
            f"The local authority ends on {span.until:%Y-%m-%d}: make a new one with `pickwave lan new` before that; "
            "then every device has to trust it."
        )
    elif standing == "ended":
        yield (
            f"The local authority ended on {span.until:%Y-%m-%d} and no device trusts this server any more: make a "
            "new one with `pickwave lan new`; then every device has to trust it."
        )
    elif standing == "clock":
        yield (
            f"This machine's clock is before {span.since:%Y-%m-%d}, when the local authority began: set it right, "
            "else no device trusts this server."
        )
    if out := lan.out_of_reach:
        yield (
            f"The local authority cannot vouch for {', '.join(out)}: use another name, or make a new authority with "
            "`pickwave lan new`; then every device has to trust it."
        )


def note(reason: Reason, lan: Lan) -> None:
    """The log's line about a certificate that was made anew."""
    log: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.lan")
    log.info("certificate_renewed", reason=reason, addresses=list(lan.names.addresses))
