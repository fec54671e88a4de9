"""Why: floor commands hold their warehouse only, so the order's own status follows behind them, by a durable sink."""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from server.db.base import CORE
from server.db.database import Database
from server.db.log import Logged
from server.db.unit import Command, Lane
from server.db.work import Actor
from server.orders import service

ME: Final = Actor(name="order status")


async def on_fulfilment_changed(db: Database, event: Logged) -> None:
    """`fulfilment.changed`: writes the order's status where the facts now say another one.

    Most picks change none: they are looked at and cost no write. Told again it does nothing.
    """
    order_id = UUID(event.payload["order"])
    if await db.read(partial(service.is_behind, order_id=order_id)):
        run = partial(service.refresh_status, order_id=order_id)
        await db.write(Command(run, frozenset({CORE}), ME, "orders.follow", lane=Lane.BULK))
