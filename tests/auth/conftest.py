"""The whole application on each database, with a warehouse or two and people whose PINs are known."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

import argon2
import httpx
import pytest
from litestar import Litestar

from server.app import THINGS, create_app
from server.auth import guards, service
from server.auth.pins import Pins
from server.auth.schemas import NewDevice, NewKey, NewPerson
from server.core.clock import ManualClock
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from server.locations import service as locations
from server.locations.schemas import Aisles, NewWarehouse
from server.packing.store import stations
from server.settings import Settings

T = TypeVar("T")

PIN = "481726"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""What a PIN costs here, where nobody guesses it: the same format, a thousandth of the work."""
PIN_HASH = CHEAP.hash(PIN)
HERE, THERE = 1, 2


async def core(db: Database, run: Callable[[Work], T], streams: frozenset[int] = frozenset({CORE})) -> T:
    """Does one command and gives its answer."""
    return (await db.write(Command(run, streams, Actor(name="test"), "test", founds=True))).answer


def warehouse(number: int) -> NewWarehouse:
    return NewWarehouse(
        number=number,
        code=f"W{number}",
        name=f"Warehouse {number}",
        time_zone="Europe/Berlin",
        country="DE",
        address={},
        gcp="4012345",
        floor=Aisles(aisles={"A01": 0}, cross=[0, 10_000], depot=(0, 0)),
    )


class Somebody:
    """A client of the house that may sign in, send a device's secret or a key, and remembers its cookie."""

    def __init__(self, house: House, headers: dict[str, str]) -> None:
        self.house = house
        self.headers = {"X-Pickwave": "1", **headers}
        self.cookie = ""

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        sent = {**self.headers, **({"Cookie": self.cookie} if self.cookie else {}), **headers}
        self.house.client.cookies.clear()
        whole = path if path.startswith("/api/") else f"/api/auth{path}"
        answer = await self.house.client.request(method, whole, json=body, headers=sent)
        if cookie := answer.headers.get("set-cookie"):
            self.cookie = cookie.partition(";")[0]
        return answer

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        return await self.ask("POST", path, body, **headers)

    async def sign_in(self, badge: str, pin: str = PIN, **more: object) -> httpx.Response:
        return await self.post("/sign-in", {"badge": badge, "pin": pin, **more})


class House:
    """The running application."""

    def __init__(self, app: Litestar, client: httpx.AsyncClient, clock: ManualClock) -> None:
        self.app = app
        self.client = client
        self.clock = clock
        self.db: Database = app.state.db

    async def person(self, *roles: str, warehouse: int | None = HERE, once: bool = False, name: str = "Aylin") -> Any:
        new = NewPerson(name, roles or ("picker",), "de", warehouse)
        return await core(self.db, lambda work: service.add_person(work, new, service.NewPin(PIN_HASH, once)))

    async def device(self, name: str = "H-01", warehouse: int = HERE) -> tuple[UUID, str]:
        """An enrolled device and its secret."""
        offer = await core(self.db, lambda work: service.add_device(work, NewDevice(name, warehouse)))
        made = await core(self.db, lambda work: service.enrol_device(work, offer.code))
        return made.device.id, made.secret

    async def key(self, *roles: str, warehouse: int | None = None, name: str = "shop") -> tuple[UUID, str]:
        made = await core(self.db, lambda work: service.add_key(work, NewKey(name, roles, warehouse)))
        return made[0].id, made[1]

    def somebody(self, **headers: str) -> Somebody:
        return Somebody(self, headers)

    def on(self, secret: str) -> Somebody:
        return Somebody(self, {"Authorization": f"Device {secret}"})

    async def signed_in(self, *roles: str, warehouse: int | None = HERE) -> Somebody:
        """Somebody with these roles, in a session without a device."""
        who = await self.person(*roles, warehouse=warehouse)
        somebody = self.somebody()
        assert (await somebody.sign_in(who.badge)).status_code == 200
        return somebody


@asynccontextmanager
async def opened(app: Litestar) -> AsyncIterator[None]:
    """The application's lifespan in a task of its own: a fixture's two halves run in different tasks."""
    ready, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            ready.set()
            await over.wait()

    living = asyncio.create_task(live())
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait((living, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if ready.is_set():
            yield
    finally:
        over.set()
        await living


class Today:
    """The clock of an application that lives longer than a test: it asks the test's."""

    def __init__(self) -> None:
        self.clock: ManualClock

    def now(self) -> datetime:
        return self.clock.now()


@dataclass
class Built:
    """Applications, put together once for each database; every test starts and ends them anew.

    Nothing runs beside their requests: here nobody waits for it.
    """

    folder: Path
    today: Today
    by_url: dict[str, Litestar]

    def on(self, url: str) -> Litestar:
        """The application on this database."""
        if url not in self.by_url:
            settings = Settings(data_dir=self.folder, database_url=url, allowed_hosts=("localhost",))
            things = {
                **THINGS,
                "auth": guards.thing(locations.warehouse_of, stations.warehouse_of, lambda: Pins(hash_pin=CHEAP.hash)),
            }
            self.by_url[url] = create_app(settings, clock=self.today, things=things, background=())
        return self.by_url[url]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("auth"), Today(), {})


@pytest.fixture
def sqlite_url(sqlite_template: Path, built: Built) -> str:
    """A fresh migrated SQLite database, always at the same place."""
    for path in built.folder.iterdir():
        if path.is_file():
            path.unlink()
    shutil.copyfile(sqlite_template, built.folder / "pickwave.db")
    return f"sqlite:///{built.folder / 'pickwave.db'}"


@pytest.fixture
async def house(database_url: str, built: Built, clock: ManualClock) -> AsyncIterator[House]:
    """The running application with two warehouses and nobody in it."""
    built.today.clock = clock
    app = built.on(database_url)
    wire = httpx.ASGITransport(app=cast(Any, app))
    async with opened(app), httpx.AsyncClient(transport=wire, base_url="http://localhost") as client:
        for number in (HERE, THERE):
            create = partial(locations.create_warehouse, new=warehouse(number))
            await core(app.state.db, create, frozenset({CORE, number}))
        yield House(app, client, clock)


def code(answer: httpx.Response) -> str:
    """The problem's code."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    return str(answer.json()["code"])
