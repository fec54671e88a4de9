"""Why: what can be wrong before the first request is found before the first request, and said in one sentence.

Each trouble has an exit code of its own (the numbers are those of sysexits.h), so that a service manager and a test
can tell them apart.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from server import sqlite_trouble
from server.db import errors
from server.db.errors import StartError

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
UNSOUND: Final = 70
PORT_TAKEN: Final = 71

NO_SUCH_FAMILY: Final = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT)

MEANING: Final[dict[int, str]] = {
    DONE: "Done, or ended by Ctrl-C or SIGTERM with everything running finished.",
    FAILED: "The command ran and its answer is no.",
    USAGE: "A wrong argument.",
    errors.BAD_SETTING: "A wrong setting.",
    PORT_TAKEN: "The address cannot be listened on.",
    errors.NO_PERMISSION: "The data folder cannot be made or written.",
    errors.IN_USE: "Another process owns the data folder.",
    errors.NO_SERVICE: "The database does not answer.",
    errors.SCHEMA: "The database was written by a newer Pickwave, or is none of Pickwave's.",
    UNSOUND: "The SQLite of this Python can lose data.",
}


def check_sqlite() -> None:
    """Refuse a Python whose SQLite loses data."""
    if trouble := sqlite_trouble():
        raise StartError(trouble, UNSOUND)


@contextmanager
def listening(hosts: Sequence[str], port: int, setting: str = "PICKWAVE_PORT") -> Iterator[list[socket.socket]]:
    """Listening sockets at these addresses and one port, while the block runs; StartError when they cannot be had.

    A machine without IPv6 is no trouble where there is another address.
    """
    with ExitStack() as stack:
        sockets: list[socket.socket] = []
        for host in hosts:
            taken = sockets[0].getsockname()[1] if sockets else port
            try:
                sockets.append(stack.enter_context(_listen(host, taken)))
            except OSError as error:
                if sockets and error.errno in NO_SUCH_FAMILY:
                    continue
                raise StartError(_no_port(host, taken, error, setting), PORT_TAKEN) from None
        yield sockets


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # IPv4 has a socket of its own
        sock.bind((host, port))
        sock.listen(2048)
    except OSError:
        sock.close()
        raise
    sock.setblocking(False)
    return sock


def _no_port(host: str, port: int, error: OSError, setting: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken: end its owner or choose another with {setting}."
    reason = error.strerror or str(error)
    return f"Cannot listen on {host}, port {port} ({reason}): choose others with PICKWAVE_HOST and {setting}."
