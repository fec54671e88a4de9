"""Why: what this room does about an event after its commit, said as handlers of durable sinks. Each is idempotent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from server.db.base import CORE
from server.db.database import Database
from server.db.log import Logged
from server.db.unit import Command, Lane
from server.db.work import Actor
from server.integrations.schemas.webhooks import WANTABLE
from server.integrations.service import messages

TOLD: Final = frozenset(WANTABLE)
WEBHOOKS: Final = Actor(name="webhooks")
SLICE: Final = 10
"""So many messages are written in a unit: the floor waits no longer than that."""


async def queue_webhooks(db: Database, events: Sequence[Logged]) -> None:
    """What these events say to others is written down for each endpoint that wants it, once for each event."""
    drafts = await db.read(partial(messages.drafts, events=events))
    for start in range(0, len(drafts), SLICE):
        run = partial(messages.queue, messages=drafts[start : start + SLICE])
        await db.write(Command(run, frozenset({CORE}), WEBHOOKS, "webhooks.queue", lane=Lane.BULK))
