"""Why: how a process opens the relay, its live listeners and its durable sinks: the lines that app.py lists."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, cast

from server.auth.guards import Auth
from server.background import Background, Site
from server.db.log import Logged
from server.fanout.durable import Durable
from server.fanout.keeper import Keeper
from server.fanout.relay import Listener, Relay
from server.fanout.table import HEARD_BY_THE_GATE, ORDER_SECTIONS, SINKS, touches
from server.realtime.hub import Hub
from server.realtime.topics import topics

LATE: Final = 60.0
"""Seconds behind which a durable sink is named in the answer to "ready?"."""


@asynccontextmanager
async def live(site: Site) -> AsyncIterator[Hub]:
    """For THINGS, after `auth`: the sockets' hub."""
    hub = Hub(site.db, _auth(site).gate, topics(ORDER_SECTIONS, site.clock), touches)
    try:
        yield hub
    finally:
        await hub.close()


@dataclass(frozen=True)
class Fanout:
    """What follows the log in this process."""

    relay: Relay
    durable: Durable


@asynccontextmanager
async def fanout(site: Site) -> AsyncIterator[Fanout]:
    """For THINGS, after `live`: the relay at the head of the log, and the durable sinks."""
    relay = Relay(site.db, {"gate": _gate(site), "sockets": _hub(site).hear})
    await relay.begin()
    yield Fanout(relay, Durable(site.db, relay, SINKS, alone=is_alone(site)))


def is_alone(site: Site) -> bool:
    """Whether no other process can be at this database."""
    return site.settings.database_url.startswith("sqlite")


def _auth(site: Site) -> Auth:
    return cast(Auth, site.things["auth"])


def _hub(site: Site) -> Hub:
    return cast(Hub, site.things["live"])


def _fanout(site: Site) -> Fanout:
    return cast(Fanout, site.things["fanout"])


def _gate(site: Site) -> Listener:
    gate = _auth(site).gate

    def hear(_stream: int, events: Sequence[Logged]) -> None:
        for event in events:
            if event.type in HEARD_BY_THE_GATE:
                gate.heard(event.type, event.payload)

    return hear


# --- beside the requests -------------------------------------------------------------------------------------------


async def _relay(site: Site) -> None:
    await _fanout(site).relay.run()


async def _sinks(site: Site) -> None:
    await _fanout(site).durable.run()


async def _sessions(site: Site) -> None:
    await _hub(site).watch()


async def _keeper(site: Site) -> None:
    settings = site.settings
    names = [sink.name for sink in SINKS]
    await Keeper(site.db, site.clock, sinks=names, folder=settings.data_dir / "events", days=settings.event_days).run()


BACKGROUND: Final = (
    Background("relay", _relay),
    Background("sinks", _sinks),
    Background("live sessions", _sessions),
    Background("keeper", _keeper),
)


async def lag(site: Site) -> str:
    """For the answer to "ready?": which sinks are late. It is told, and no reason to give this process no work."""
    late = [
        f"{sink} in stream {stream}: {behind} events, {age:.0f} s behind"
        for (sink, stream), (behind, age) in _fanout(site).durable.lag().items()
        if age > LATE
    ]
    return f"ok, but {'; '.join(late)}" if late else "ok"
