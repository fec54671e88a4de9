"""The whole application behind a real uvicorn on a free port, with the small warehouse in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
import uvicorn
from litestar import Litestar

from server.app import BACKGROUND, create_app
from server.auth import store as auth_store
from server.auth import tokens
from server.auth.models import person
from server.cli.serve import _config
from server.core.clock import ManualClock
from server.core.ids import new_id
from server.db import log
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor
from server.fanout.site import Fanout
from server.fanout.table import ORDER_SECTIONS, SINKS
from server.orders.service import lookup
from server.payments.service import asking
from server.realtime.hub import Hub
from server.realtime.topics import topics
from server.settings import Settings
from server.start import listening
from tests.support.live import LiveClient
from tests.support.world import World, build

BESIDE = tuple(each for each in BACKGROUND if each.name in ("relay", "sinks", "live sessions", "payments"))
"""What runs beside the requests here: what follows the log, and the money, without which no order goes anywhere."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: asyncio.Event) -> None:
        super().__init__(config)
        self._listens = started

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self._listens.set()


@dataclass
class Served:
    """A running server; it may be stopped and started again at the same address."""

    settings: Settings
    clock: ManualClock
    app: Litestar = field(init=False)
    port: int = 0
    world: World = field(init=False)
    _server: uvicorn.Server = field(init=False)
    _serving: asyncio.Task[None] = field(init=False)

    @property
    def db(self) -> Database:
        """The server's database."""
        db: Database = self.app.state.db
        return db

    @property
    def hub(self) -> Hub:
        """The server's hub."""
        hub: Hub = self.app.state.live
        return hub

    @property
    def fanout(self) -> Fanout:
        """What follows the log."""
        fanout: Fanout = self.app.state.fanout
        return fanout

    async def start(self) -> None:
        """Opens everything."""
        self.app = create_app(self.settings, clock=self.clock, background=BESIDE)
        started = asyncio.Event()
        self._serving = asyncio.create_task(self._serve(started))
        await asyncio.wait((self._serving, asyncio.create_task(started.wait())), return_when=asyncio.FIRST_COMPLETED)

    async def _serve(self, started: asyncio.Event) -> None:
        """One task from the first to the last: the framework's lifespan wants to end where it began."""
        async with self.app.lifespan():
            with listening(("127.0.0.1",), self.port) as sockets:
                self.port = sockets[0].getsockname()[1]
                self._server = _Server(_config(self.app, self.settings, None), started)
                await self._server._serve(sockets=sockets)

    async def stop(self) -> None:
        """Ends as on SIGTERM."""
        self._server.should_exit = True
        await self._serving

    async def session(self, who: UUID, *, warehouse: int | None = 1, device: UUID | None = None) -> tuple[UUID, str]:
        """A session of somebody and its cookie."""
        token, session = tokens.session_token(), new_id()
        now = self.clock.now()
        row = {
            "id": session, "token_hash": tokens.fingerprint(token), "person_id": who, "device_id": device,
            "warehouse_id": warehouse, "created_at": now, "seen_at": now, "expires_at": now + timedelta(hours=12),
        }  # fmt: skip
        await self.do(lambda work: auth_store.add_session(work, row))
        return session, f"pickwave_session={token}"

    async def person(self, *roles: str, warehouse: int | None = 1) -> UUID:
        """Somebody with these roles."""
        who = new_id()
        row = {"id": who, "name": "Cem", "badge": tokens.badge(),
               "roles": list(roles), "warehouse_id": warehouse, "created_at": self.clock.now()}  # fmt: skip
        await self.do(lambda work: work.execute(sa.insert(person), row) and None)
        return who

    async def client(self, who: UUID, **session: Any) -> LiveClient:
        """A client of somebody, not yet connected."""
        return self.anybody((await self.session(who, **session))[1])

    def anybody(self, cookie: str = "", origin: str | None = None) -> LiveClient:
        """A client with this cookie, not yet connected."""
        return LiveClient(f"ws://127.0.0.1:{self.port}/api/live", cookie, origin)

    async def do(self, run: Any, *streams: int) -> Any:
        """One command (without streams: in stream 0)."""
        return (await self.db.write(Command(run, frozenset(streams or {CORE}), Actor(name="test"), "test"))).answer

    async def truth(self, topic: str, key: int, who: UUID | None = None) -> Any:
        """What the database says that a client should know."""
        row = topics(ORDER_SECTIONS, self.clock)[topic]
        audience = who if topic == "queue" else ""
        view = await self.db.snapshot(lambda conn: row.project(conn, key, audience))
        return msgspec.json.decode(msgspec.json.encode(view))

    async def same(self, client: LiveClient, topic: str, key: int, who: UUID | None = None) -> None:
        """Waits until a client knows what the database says."""
        while True:
            seen = len(client.frames)
            if client.state(topic, str(key)) == await self.truth(topic, key, who):
                return
            if client.closed is not None:
                raise ConnectionError(f"closed with {client.closed}")
            await client.changed(seen)

    async def number_of(self, order: UUID) -> int:
        """An order's number."""
        return await self.db.read(lambda conn: lookup.order_of(conn, order).number)

    async def quiet(self) -> None:
        """Waits until everything that follows from what was done is done: payments, durable sinks, and their events."""
        while True:
            rang = self.db.doorbell.count
            heads, due = await self.db.read(lambda conn: (log.heads(conn), asking.next_due(conn)))
            lag = self.fanout.durable.lag()
            held = lag.keys() >= {(sink.name, stream) for sink in SINKS for stream in heads}
            handled = held and not any(behind for behind, _ in lag.values())
            if handled and due is None and self.fanout.relay.positions == heads:
                return
            await self.db.rang(0.1, after=rang)


@asynccontextmanager
async def _running(url: str, folder: Path, clock: ManualClock) -> AsyncIterator[Served]:
    served = Served(Settings(data_dir=folder, database_url=url, idle_minutes=240), clock)
    await served.start()
    served.world = await build(served.db, clock)
    yield served
    await served.stop()


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
async def served(database_url: str, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Served]:
    """The running server with its warehouse (no stock, no orders), on each of the two databases."""
    async with _running(database_url, _made(tmp_path / "data"), clock) as running:
        yield running


@pytest.fixture
async def small(sqlite_url: str, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Served]:
    """The same on SQLite alone, for what no database decides."""
    async with _running(sqlite_url, tmp_path / "data", clock) as running:
        yield running
