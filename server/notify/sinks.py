"""Why: what this room does about an event after its commit, said as a handler of a durable sink. It is idempotent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from server.db.base import CORE
from server.db.database import Database
from server.db.log import Logged
from server.db.unit import Command, Lane
from server.db.work import Actor
from server.notify.rules import MOMENTS, Happened
from server.notify.service import outbox
from server.notify.service.outbox import Told

TOLD: Final = frozenset(MOMENTS)
MESSAGES: Final = Actor(name="messages")
SLICE: Final = 10
"""So many messages are written in a unit: the floor waits no longer than that."""


async def queue_messages(db: Database, events: Sequence[Logged]) -> None:
    """What these events are to customers is written down, once for each occasion."""
    told = [Told(_happened(each), each.at, UUID(each.payload["order"])) for each in events]
    made = await db.read(partial(outbox.drafts, events=told))
    for start in range(0, len(made), SLICE):
        run = partial(outbox.queue, made=made[start : start + SLICE])
        await db.write(Command(run, frozenset({CORE}), MESSAGES, "messages.queue", lane=Lane.BULK))


def _happened(event: Logged) -> Happened:
    return Happened(event.type, event.stream, event.position, event.command_id, event.payload)
