"""The command line: one module a command, named after it, with `arguments(parser)` and `run(args, settings)`.

A new command is a line in COMMANDS and a module. Only the module that was asked for is imported, so that
`pickwave barcode` does not wait for the server.
"""

from __future__ import annotations

from typing import Final

COMMANDS: Final[dict[str, str]] = {
    "serve": "run the API, the web app, the sockets and what works behind them",
    "relay": "work for the durable sinks in a process of its own (PostgreSQL)",
    "parked": "list the events that a durable sink could not handle, or try them again",
    "seed": "load the demo warehouse",
    "demo": "let people who are not there work the demo warehouse",
    "user": "add, list and disable people, reset a PIN",
    "device": "add, list and revoke devices",
    "key": "make, list and revoke API keys",
    "lan": "show, renew and export the authority that handhelds of the local network trust",
    "health": "ask a running server of this machine whether it may be given work",
    "migrate": "bring the database to this version's schema",
    "check": "look whether the books hold: ledger and stock, reservations, lines, money",
    "reconcile": "compare our payments with a gateway's list, or show what the last comparison found",
    "backup": "write a whole copy of the database into a file, also while it is served",
    "restore": "put a backup in the place of the database",
    "virtual-printer": "be a label printer: TCP, status conversation, a page that draws what was printed",
    "barcode": "say what a barcode is and draw it",
    "sheets": "write the demo warehouse's badges, bins, totes, items and commands as barcodes into a PDF",
}
"""Name → what it does. `virtual-printer` is server/cli/virtual_printer.py."""
