"""Why: what the rooms do about an event after its commit, said as handlers of durable sinks. Each is idempotent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from server.db.base import CORE
from server.db.database import Database
from server.db.log import Logged
from server.db.unit import Command, Lane
from server.db.work import Actor
from server.fanout import store
from server.orders.service import backorders, statuses
from server.packing.service import shorts

AT_ONCE: Final = 8
"""So many orders follow at a time: a wave of a thousand must not fill the writer's queue."""
ORDER_STATUS: Final = Actor(name="order status")
PACKING: Final = Actor(name="packing")


async def refresh_orders(db: Database, events: Sequence[Logged]) -> None:
    """The stored status of every order that these events speak of follows its facts, once for each order."""
    due = iter(await _orders_of(db, events))
    while portion := list(islice(due, AT_ONCE)):
        behind, short = await db.read(partial(_behind, portion))
        await asyncio.gather(*(_refresh(db, order) for order in behind))
        for order, warehouses in short.items():
            await _take_back(db, order, warehouses)


def _behind(portion: Sequence[UUID], conn: sa.Connection) -> tuple[list[UUID], dict[UUID, frozenset[int]]]:
    """Whose status is behind, and who has units in warehouses that wait for stock.

    Most have followed already, in the unit that changed them: those need no commit of their own.
    """
    short = {order: warehouses for order in portion if (warehouses := backorders.due(conn, order))}
    return [order for order in portion if order not in short and statuses.is_behind(conn, order)], short


async def _orders_of(db: Database, events: Iterable[Logged]) -> list[UUID]:
    found: dict[UUID, None] = {}
    for event in events:
        if event.type == "wave.released":
            wave = UUID(event.payload["wave"])
            look = partial(store.orders_of_wave, of_warehouse=event.stream, wave=wave)
            found.update(dict.fromkeys(await db.read(look)))
        else:
            found[UUID(event.payload["order"])] = None
    return list(found)


async def _refresh(db: Database, order: UUID) -> None:
    run = partial(statuses.refresh, order_id=order)
    await db.write(Command(run, frozenset({CORE}), ORDER_STATUS, "orders.refresh_status", lane=Lane.BULK))


async def _take_back(db: Database, order: UUID, warehouses: frozenset[int]) -> None:
    run = partial(backorders.take_back, order_id=order)
    streams = frozenset({CORE, *warehouses})
    await db.write(Command(run, streams, ORDER_STATUS, "orders.take_back", lane=Lane.BULK))


async def drop_empty_cartons(db: Database, event: Logged) -> None:
    """Units that were waited for do not come: the carton begun for them goes, and what is closed may leave."""
    part = UUID(event.payload["fulfilment"])
    if await db.read(lambda conn: shorts.has_empty_carton(conn, event.stream, part)):
        run = partial(shorts.drop_empty, warehouse=event.stream, part_id=part)
        await db.write(Command(run, frozenset({event.stream}), PACKING, "packing.drop_empty", lane=Lane.BULK))
