"""Why: what can be wrong before the first request is found before the first request, and said in one sentence.

Each trouble has an exit code of its own (the numbers are those of sysexits.h), so that a service manager and a test
can tell them apart.
"""

from __future__ import annotations

import errno
import socket
from typing import Final

from server import sqlite_trouble
from server.db import errors
from server.db.errors import StartError

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
UNSOUND: Final = 70
PORT_TAKEN: Final = 71

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


def listen(host: str, port: int) -> socket.socket:
    """A listening socket at this address; StartError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(2048)
    except OSError as error:
        sock.close()
        raise StartError(_no_port(host, port, error), PORT_TAKEN) from None
    sock.setblocking(False)
    return sock


def _no_port(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken: end its owner or choose another with PICKWAVE_PORT."
    reason = error.strerror or str(error)
    return f"Cannot listen on {host}, port {port} ({reason}): choose others with PICKWAVE_HOST and PICKWAVE_PORT."
