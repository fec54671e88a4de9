"""Why: an event that its sink could not handle is set aside so that the others go on, and has a way back.

What should have followed from it has not: an order's status may stand behind its facts. Once the cause is gone, the
event is handed to its sink again, also while others work: a handler is idempotent.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Final

import msgspec

from server.db.base import CORE
from server.db.database import Database
from server.db.log import Logged
from server.db.unit import Command, Lane
from server.db.work import Actor
from server.fanout import service, store
from server.fanout.durable import Sink
from server.fanout.store import Parked

ME: Final = Actor(name="relay")


async def again(db: Database, sinks: Collection[Sink]) -> list[tuple[Parked, str]]:
    """Hands everything that is set aside to its sink again; gives each with what went wrong, or "" where it is done."""
    handlers = {sink.name: sink for sink in sinks}
    return [(each, await _try(db, each, handlers.get(each.sink))) for each in await db.read(store.parked)]


async def _try(db: Database, parked: Parked, sink: Sink | None) -> str:
    if sink is None:
        return f"there is no sink {parked.sink} any more"
    try:
        await sink.handle(db, [_event(parked)])
    except Exception as error:  # noqa: BLE001  (it stays where it is, with its text told)
        return f"{type(error).__name__}: {error}"
    run = partial(service.unpark, parked_id=parked.id)
    await db.write(Command(run, frozenset({CORE}), ME, "relay.unpark", lane=Lane.BULK))
    return ""


def _event(parked: Parked) -> Logged:
    """The event as it was in the log, from which it may be gone; which command it came of nobody asks."""
    text = msgspec.json.encode(parked.event["payload"]).decode()
    kind, version = parked.event["type"], parked.event["version"]
    return Logged(parked.stream, parked.position, kind, version, parked.at, parked.id, text)
