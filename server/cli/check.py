"""`pickwave check`: what is broken of the invariants, a sentence each; exit code 1 when anything is."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

import sqlalchemy as sa

from server.cli.house import with_picture
from server.fanout import service as fanout
from server.inventory import service as inventory
from server.orders.service import invariants as order_invariants
from server.packing.service import invariants as packing_invariants
from server.payments.service import invariants as payment_invariants
from server.settings import Settings
from server.shipping import service as shipping
from server.start import DONE, FAILED
from server.tasks import service as tasks

ROOMS = (
    inventory.invariants,
    order_invariants.broken,
    payment_invariants.broken,
    tasks.invariants,
    packing_invariants.broken,
    shipping.invariants,
    fanout.invariants,
)
"""What each room knows that must hold."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Look at one picture of the whole database."""
    broken: list[str] = []

    def see(conn: sa.Connection) -> Iterable[str]:
        broken.extend(_look(conn))
        return broken or ("Everything holds: stock is the sum of its movements, reservations, lines and money add up.",)

    code = with_picture(settings, see)
    return FAILED if broken and code == DONE else code


def _look(conn: sa.Connection) -> list[str]:
    return [sentence for look in ROOMS for sentence in look(conn)]
