"""Why: who may do what is one table. Every route and every live topic names a permission of it, nothing else decides.

A person or a key has roles, a role has permissions; a row here is a permission, its sentence and its roles. The
administrator's role has all of them. What holds for all warehouses may be changed only by who works in all of them:
that is a property of the row, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import msgspec

ROLES: Final[Mapping[str, str]] = {
    "picker": "Walks tours and picks.",
    "packer": "Verifies, packs and labels.",
    "receiver": "Takes goods in, puts away, moves and counts.",
    "supervisor": "Runs a shift: releases waves, decides exceptions, looks after people and devices of the floor.",
    "desk": "Speaks with customers: captures, holds, releases and cancels orders.",
    "integrator": "Connects other systems: sends orders in and reads them back.",
    "operator": "Keeps the machine running: devices, printers, figures.",
    "admin": "May do everything.",
}
"""Each role and what it is for."""

ADMIN: Final = "admin"
PUBLIC: Final = "public"
SELF: Final = "self"

DEVICE_ALONE: Final = frozenset({SELF, "floor.commands"})
"""What an enrolled device may do while nobody is signed in on it: say who it is and bring in what was scanned."""

LOCKED_OUT: Final = frozenset({"floor.commands"})
"""What a revoked device may still do: bring in what was scanned, which is set aside. A fact is never refused."""


class Permission(msgspec.Struct, frozen=True):
    """One row: what it is called, what it allows, and the roles that have it (besides the administrator's).

    `everywhere`: it changes what is the same in every warehouse, so nobody has it who works in only one.
    """

    name: str
    sentence: str
    roles: frozenset[str]
    everywhere: bool = False


def _row(name: str, sentence: str, roles: str, *, everywhere: bool = False) -> Permission:
    return Permission(name, sentence, frozenset(roles.split()) | {ADMIN}, everywhere)


_FLOOR: Final = "picker packer receiver supervisor"
_EVERYONE: Final = " ".join(ROLES)

_ROWS: Final = (
    # --- orders
    _row("orders.capture", "Capture an order.", "desk integrator"),
    _row("orders.read", "See orders with their addresses, status and timeline.", "supervisor desk integrator"),
    _row("orders.hold", "Put a hold on an order.", "supervisor desk integrator"),
    _row("orders.release_hold", "Release a hold.", "supervisor desk"),
    _row("orders.release_guarded", "Release a hold for fraud, credit, the law or a rule that is broken.", "supervisor"),
    _row("orders.cancel", "Cancel an order or a part of it.", "supervisor desk integrator"),
    _row("orders.edit", "Change where an order goes and by which service.", "supervisor desk integrator"),
    _row("orders.link", "Give a customer the link to an order, and take it back.", "supervisor desk integrator"),
    # --- customers
    _row("customers.read", "See customers, their orders, what they owe, and notes.", "supervisor desk integrator"),
    _row("customers.edit", "Change customers, write notes about them, and merge two.", "supervisor desk"),
    _row("messages.read", "See what customers were and will be told.", "supervisor desk integrator operator"),
    _row("messages.send", "Send a message to a customer again, or put it away.", "supervisor desk"),
    _row("messages.edit", "Write what customers are told, try it, switch it on and off.", "supervisor",
         everywhere=True),
    # --- money
    _row("payments.receive", "Say that money came by bank or over the counter.", "desk integrator"),
    _row("payments.refund", "Give money back.", "desk"),
    _row("payments.credit", "Release an order beyond a customer's credit limit.", "supervisor"),
    _row("payments.accounts", "Agree with customers how they buy on account.", "supervisor"),
    _row("payments.reconcile", "Compare our payments with a gateway's.", "supervisor desk"),
    # --- waves
    _row("waves.preview", "See what a wave would be before it is released.", "supervisor"),
    _row("waves.release", "Release orders to the floor.", "supervisor"),
    _row("waves.read", "See waves and how far they are.", "supervisor desk"),
    # --- the floor
    _row("floor.commands", "Bring in what was scanned on the floor.", _FLOOR),
    _row("tasks.read", "See tours and tasks.", _FLOOR),
    _row("board.read", "See the board: waves, people, what waits for a person.", "supervisor"),
    _row("facts.decide", "Decide about scans that were set aside.", "supervisor"),
    _row("pack.work", "Work at a pack station.", "packer supervisor"),
    _row("stations.manage", "Add and change pack stations.", "supervisor operator"),
    # --- labels and printers
    _row("labels.reprint", "Print a carton's label once more.", "packer supervisor desk"),
    _row("labels.read", "See a carton's label as a picture.", "packer supervisor desk"),
    _row("slips.read", "See and print a carton's packing slip.", "packer supervisor desk"),
    _row("printers.read", "See printers, their condition and their jobs.", "packer receiver supervisor operator"),
    _row("printers.manage", "Add, change and test printers.", "supervisor operator"),
    _row("prints.decide", "Say whether a print of unknown fate came out, or print it again.",
         "packer receiver supervisor operator"),
    # --- goods and places
    _row("inventory.read", "See stock and its movements.", f"{_FLOOR} desk integrator"),
    _row("inventory.move", "Move, correct and receive stock.", "receiver supervisor"),
    _row("stock.plan", "See and announce what is on its way, and what is kept back.",
         "receiver supervisor desk integrator"),
    _row("stock.keep_back", "Keep stock back from being promised.", "supervisor", everywhere=True),
    _row("catalog.read", "See items, barcodes and pictures.", f"{_FLOOR} desk integrator"),
    _row("locations.read", "See warehouses, zones and bins.", f"{_FLOOR} desk integrator operator"),
    # --- files that are brought in
    _row("imports.use", "See, start and break off imports of the kinds one may bring in.",
         "supervisor desk integrator operator"),
    _row("imports.items", "Bring in items from a file.", "supervisor operator"),
    _row("imports.bins", "Bring in bins and zones from a file.", "supervisor operator"),
    _row("imports.stock", "Bring in opening stock from a file.", "supervisor operator"),
    # --- set-up
    _row("setup.manage", "Set up warehouses, aisles, carts and totes; see cartons and carriers' services.",
         "supervisor operator"),
    _row("house.manage", "Change cartons and carriers' services.", "supervisor operator", everywhere=True),
    # --- what is decided by configuration
    _row("policies.read", "See the rules and the procedures made from them.",
         "supervisor desk integrator operator"),
    _row("policies.edit", "Write drafts of rules and try them on past orders.", "supervisor desk"),
    _row("policies.publish", "Let a draft of rules go live.", "supervisor", everywhere=True),
    # --- people, devices, keys
    _row("people.manage", "Add, change and disable people who may do no more than oneself; reset their PINs.",
         "supervisor"),
    _row("devices.manage", "Enrol and revoke devices.", "supervisor operator"),
    _row("keys.manage", "Make and revoke API keys.", ""),
    # --- other systems
    _row("webhooks.manage", "Say where events go, try it, see what was sent and send it again.",
         "integrator operator", everywhere=True),
    _row("shops.manage", "Connect channels and say what their words mean.", "integrator", everywhere=True),
    _row("channels.place", "See what channels sent, with addresses; say what was meant, place it again, put it away.",
         "desk integrator"),
    # --- live topics
    _row("live.queue", "Follow a queue of tours, live.", _FLOOR),
    _row("live.order", "Follow an order, live.", "supervisor desk integrator"),
    _row("live.waves", "Follow the waves of a warehouse, live.", "supervisor desk"),
    _row("live.board", "Follow the board of a warehouse, live.", "supervisor"),
    _row("live.pack", "Follow a pack station, live.", "packer supervisor"),
    # --- the house
    _row("metrics.read", "See the figures of the process.", "operator integrator"),
    _row("docs.read", "Read the documentation of the interfaces.", _EVERYONE),
    _row(SELF, "See and change what is one's own: any signed-in person, any key, any enrolled device.", _EVERYONE),
    _row(PUBLIC, "Nobody needs to sign in for this.", _EVERYONE),
)  # fmt: skip

PERMISSIONS: Final[Mapping[str, Permission]] = {row.name: row for row in _ROWS}


@lru_cache(maxsize=256)
def _of(roles: frozenset[str], everywhere: bool) -> frozenset[str]:
    return frozenset(row.name for row in _ROWS if row.roles & roles and (everywhere or not row.everywhere))


def permissions_of(roles: Iterable[str], warehouse: int | None = None) -> frozenset[str]:
    """Everything that somebody with these roles may do who works in this warehouse (None: in all)."""
    return _of(frozenset(roles), warehouse is None)


def exceeding(roles: Iterable[str], own: frozenset[str], warehouse: int | None = None) -> str | None:
    """The first permission that `roles` have (in this warehouse, or in all) and `own` lacks; None: nobody reaches
    beyond himself by them.
    """
    beyond = permissions_of(roles, warehouse) - own
    return next((row.name for row in _ROWS if row.name in beyond), None)
