"""Why: a closed shipment is money earned: its durable sink writes down to take it, once however often it is told."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from uuid import UUID

from server.db.base import CORE
from server.db.database import Database
from server.db.log import Logged
from server.db.unit import Command, Key
from server.payments.service import payments
from server.payments.worker import ME


async def on_shipment_closed(db: Database, event: Logged) -> None:
    """`shipment.closed`: intends to capture what the order owes for what has shipped."""
    order_id, shipment = UUID(event.payload["order"]), event.payload["shipment"]
    key = Key("payments.shipment", shipment, sha256(shipment.encode()).digest())
    run = partial(payments.take, order_id=order_id)
    await db.write(Command(run, frozenset({CORE}), ME, "payments.capture", key=key, answer=UUID | None))
