"""Why: a warehouse can begin when everything that a first order needs is there; what is missing is said in order.

Each row of STEPS is a thing to set up: what of it is counted, how many are wanted, and who may do it. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec


class Counts(msgspec.Struct, frozen=True):
    """How many there are of each thing; bins are those one can pick from, people those who are active."""

    warehouse: int = 0
    bins: int = 0
    items: int = 0
    stock: int = 0
    carts: int = 0
    totes: int = 0
    services: int = 0
    carton_types: int = 0
    printers: int = 0
    stations: int = 0
    pickers: int = 0
    packers: int = 0
    handhelds: int = 0
    benches: int = 0
    orders: int = 0


class Row(NamedTuple):
    """A thing to set up, and the permission that one needs for it."""

    step: str
    count: Callable[[Counts], int]
    permission: str


class Step(msgspec.Struct, frozen=True):
    """A step of the set-up: how many there are, and whether that is enough to begin; `yours`: you may do it."""

    step: str
    have: int
    done: bool
    yours: bool


STEPS: Final = (
    Row("warehouse", lambda have: have.warehouse, "setup.manage"),
    Row("bins", lambda have: have.bins, "setup.manage"),
    Row("items", lambda have: have.items, "setup.manage"),
    Row("stock", lambda have: have.stock, "setup.manage"),
    Row("carts", lambda have: have.carts, "setup.manage"),
    Row("totes", lambda have: have.totes, "setup.manage"),
    Row("services", lambda have: have.services, "house.manage"),
    Row("carton_types", lambda have: have.carton_types, "house.manage"),
    Row("printers", lambda have: have.printers, "printers.manage"),
    Row("stations", lambda have: have.stations, "stations.manage"),
    Row("pickers", lambda have: have.pickers, "people.manage"),
    Row("packers", lambda have: have.packers, "people.manage"),
    Row("handhelds", lambda have: have.handhelds, "devices.manage"),
    Row("benches", lambda have: have.benches, "devices.manage"),
    Row("orders", lambda have: have.orders, "orders.capture"),
)
"""In the order in which one thing needs the other: no stock without bins and items, no device without a house."""


def steps(have: Counts, permissions: frozenset[str]) -> list[Step]:
    """Every step with what is there, for somebody who may do this."""
    return [Step(row.step, row.count(have), row.count(have) > 0, row.permission in permissions) for row in STEPS]
