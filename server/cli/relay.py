"""`pickwave relay`: work for the durable sinks in a process of its own, beside any number of API processes."""

from __future__ import annotations

import argparse
import asyncio
import signal

from server.app import REACTIONS
from server.core.clock import SystemClock
from server.core.events import EVENTS
from server.db.database import Database
from server.db.errors import BAD_SETTING, StartError
from server.fanout.durable import Durable
from server.fanout.relay import Relay
from server.fanout.table import SINKS
from server.locations import service as locations
from server.settings import Settings
from server.start import DONE

NOT_ON_SQLITE = (
    "On SQLite one process owns the data folder, so `pickwave serve` is the relay itself; "
    "`pickwave relay` is for PostgreSQL (PICKWAVE_DATABASE_URL)."
)


def arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Work until Ctrl-C or SIGTERM."""
    if settings.database_url.startswith("sqlite"):
        raise StartError(NOT_ON_SQLITE, BAD_SETTING)
    asyncio.run(_work(settings))
    return DONE


async def _work(settings: Settings) -> None:
    db = await Database.open(
        settings.database_url,
        clock=SystemClock(),
        events=EVENTS,
        reactions=REACTIONS,
        known=locations.warehouse_of,
        command="pickwave relay",
    )
    try:
        relay = Relay(db, {})
        await relay.begin()
        await _until_told(relay, Durable(db, relay, SINKS, alone=False))
    finally:
        await db.close()


async def _until_told(relay: Relay, durable: Durable) -> None:
    """Both work until a signal comes or one of them fails; a service manager starts a failed one again."""
    told = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    tasks = [asyncio.create_task(each) for each in (relay.run(), durable.run(), _wait(told))]
    print(f"The relay works as {durable.holder}. Ctrl-C ends it.", flush=True)
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    for task in done:
        task.result()


async def _wait(told: asyncio.Event) -> None:
    await told.wait()
