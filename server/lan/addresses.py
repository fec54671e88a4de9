"""Why: a certificate names what a scanner types, so the machine is asked what it is called and where it is reached.

No packet leaves for that. Where a system does not list its addresses, its own name and its way out tell them.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Final

OUTWARD: Final = (("192.0.2.1", socket.AF_INET), ("2001:db8::1", socket.AF_INET6))
"""Addresses of the books (RFC 5737, 3849). Connecting a datagram socket only looks up the way; nothing is sent."""
_INET6: Final = Path("/proc/net/if_inet6")
_SIOCGIFCONF: Final = 0x8912
_ROOM: Final = 64 * 1024


def hostname() -> str:
    """What the machine calls itself."""
    return socket.gethostname()


def addresses() -> tuple[str, ...]:
    """Where the machine is reached, the way out first; never loopback."""
    found = (ip_address(text.partition("%")[0]) for text in (*_outward(), *_listed(), *_named()))
    return tuple(dict.fromkeys(str(each) for each in found if not each.is_loopback and not each.is_unspecified))


def _outward() -> Iterator[str]:
    for target, family in OUTWARD:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((target, 9))
            yield sock.getsockname()[0]


def _listed() -> Iterator[str]:
    """What Linux lists; elsewhere nothing."""
    with suppress(OSError):
        for line in _INET6.read_text().splitlines():
            yield str(IPv6Address(bytes.fromhex(line.split()[0])))
    with suppress(ImportError, OSError):
        yield from _ipv4()


def _ipv4() -> Iterator[str]:
    import array
    import fcntl

    rows = array.array("B", bytes(_ROOM))
    pointer, _ = rows.buffer_info()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        answer = fcntl.ioctl(sock, _SIOCGIFCONF, struct.pack("iL", _ROOM, pointer))
    used = struct.unpack("iL", answer)[0]
    size = 40 if struct.calcsize("L") == 8 else 32  # a struct ifreq: name, family, port, address
    for at in range(0, used, size):
        yield socket.inet_ntoa(bytes(rows[at + 20 : at + 24]))


def _named() -> Iterator[str]:
    with suppress(OSError):
        for *_, address in socket.getaddrinfo(hostname(), None, type=socket.SOCK_DGRAM):
            yield str(address[0])
