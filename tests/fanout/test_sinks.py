"""An order's status follows its warehouse, and money follows the truck, each through its durable sink."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.cli.relay import NOT_ON_SQLITE
from server.core.clock import ManualClock
from server.core.events import EVENTS
from server.core.ids import new_id
from server.db import log
from server.db.base import CORE, command
from server.db.database import Database
from server.db.errors import BAD_SETTING
from server.fanout import durable, service, store
from server.fanout.relay import Relay
from server.fanout.sinks import refresh_orders
from server.fanout.table import SINKS
from server.orders.service import money
from tests.support.shop import REACTIONS, Shop, build

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def shop(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> Shop:
    """10 honey, 5 tea."""
    return await build(await open_database(reactions=REACTIONS), clock)


async def test_an_orders_status_follows_what_its_warehouse_does_once_for_each_order(shop: Shop) -> None:
    made = await shop.capture()
    await shop.do(lambda work: pay(work, made.id))
    part = await shop.release(made.id)
    before = await shop.db.read(lambda conn: log.head(conn, 1))
    for _ in range(2):
        await shop.change(part.lines[0].id, "picked", {"quantity": 1, "bin": "A", "slot": 1}, reserved=-1, picked=1)
    assert (await shop.page(made.number)).status == "released"
    events = [event for event in await happened(shop, 1, before) if event.type == "fulfilment.changed"]
    assert len(events) == 2
    await refresh_orders(shop.db, events)
    assert (await shop.page(made.number)).status == "picked"
    assert await times(shop, "orders.refresh_status") == 1
    await refresh_orders(shop.db, events)
    assert len([event for event in await happened(shop, CORE, 0) if event.type == "order.status_changed"
                and event.payload["status"] == "picked"]) == 1  # fmt: skip


def pay(work: Any, order: UUID) -> None:
    money.record(work, order, "authorised", "payment_authorised", {"amount": "1"})


async def happened(shop: Shop, stream: int, after: int) -> list[log.Logged]:
    return await shop.db.read(lambda conn: log.tail(conn, stream, after, 1000))


async def times(shop: Shop, name: str) -> int:
    (row,) = await shop.ask(sa.select(sa.func.count()).where(command.c.name == name))
    return int(row[0])


async def test_money_is_asked_for_once_however_often_the_truck_is_told_to_have_left(shop: Shop) -> None:
    made = await shop.capture()
    (sink,) = (sink for sink in SINKS if sink.name == "payment_capture")

    def gone(work: Any) -> None:
        work.emit("shipment.closed", stream=1, shipment=new_id(), fulfilment=new_id(), order=made.id)

    await shop.do(gone, 1)
    events = [event for event in await happened(shop, 1, 0) if event.type in sink.events]
    await sink.handle(shop.db, events)
    await sink.handle(shop.db, events)
    assert await times(shop, "payments.capture") == 1


def relay(url: str, folder: Path) -> subprocess.Popen[str]:
    """`pickwave relay` at this database."""
    environ = {**os.environ, "PICKWAVE_DATABASE_URL": url, "PICKWAVE_DATA_DIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-m", "server", "relay"], cwd=ROOT, env=environ, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_on_sqlite_a_relay_of_its_own_is_refused_with_the_reason(sqlite_url: str, tmp_path: Path) -> None:
    process = relay(sqlite_url, tmp_path)
    _, said = process.communicate(timeout=60)
    assert process.returncode == BAD_SETTING
    assert NOT_ON_SQLITE in said


async def test_a_relay_of_its_own_works_beside_the_server_on_postgresql(
    postgres_database_url: str, tmp_path: Path, clock: ManualClock
) -> None:
    db = await Database.open(postgres_database_url, clock=clock, events=EVENTS, reactions=REACTIONS)
    shop = await build(db, clock)
    made = await shop.capture()
    await shop.do(lambda work: pay(work, made.id))
    part = await shop.release(made.id)
    process = relay(postgres_database_url, tmp_path)
    here = Relay(db, {})
    await here.begin()
    head = here.positions[CORE]
    await shop.change(part.lines[0].id, "picked", {"quantity": 2, "bin": "A", "slot": 1}, reserved=-2, picked=2)
    statuses: list[str] = []
    while "picked" not in statuses:
        if not await here.turn():
            await db.rang(0.5)
        events = await db.read(lambda conn: log.tail(conn, CORE, head, 1000))
        statuses = [event.payload["status"] for event in events if event.type == "order.status_changed"]
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, "relay works as" in out) == (0, True), err
    await db.close()


async def test_what_was_set_aside_is_named_by_the_check_and_driven_again_from_the_shell(
    database_url: str, tmp_path: Path, clock: ManualClock
) -> None:
    db = await Database.open(database_url, clock=clock, events=EVENTS, reactions=REACTIONS)
    shop = await build(db, clock)
    made = await shop.capture()
    await shop.do(lambda work: pay(work, made.id))
    part = await shop.release(made.id)
    await shop.change(part.lines[0].id, "picked", {"quantity": 2, "bin": "A", "slot": 1}, reserved=-2, picked=2)
    event = [each for each in await happened(shop, 1, 0) if each.type == "fulfilment.changed"][-1]
    lease = service.Lease("order_status", 1, event.position - 1, 1)
    await shop.do(lambda work: store.add_cursor(work.conn, "order_status", 1, "gone", 1, work.now))
    await shop.do(partial(service.park, lease=lease, event=event, error="OSError: gone", lasts=durable.LEASE))
    assert (await shop.page(made.number)).status == "released"
    await db.close()
    code, said = await shell(database_url, tmp_path, "check")
    assert (code, "pickwave parked again" in said, "order_status: OSError: gone" in said) == (1, True, True), said
    code, said = await shell(database_url, tmp_path, "parked", "list")
    assert (code, "order_status" in said, "OSError: gone" in said) == (0, True, True), said
    code, said = await shell(database_url, tmp_path, "parked", "again")
    assert (code, said.strip().endswith("fulfilment.changed: done")) == (0, True), said
    assert (await shell(database_url, tmp_path, "parked", "list"))[1].strip() == "Nothing is set aside."
    db = await Database.open(database_url, clock=clock, events=EVENTS, reactions=REACTIONS)
    shop.db = db
    assert (await shop.page(made.number)).status == "picked"
    await db.close()


async def shell(url: str, folder: Path, *arguments: str) -> tuple[int, str]:
    """A command of the shell at this database: its exit code and what it said."""
    environ = {**os.environ, "PICKWAVE_DATABASE_URL": url, "PICKWAVE_DATA_DIR": str(folder)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", *arguments, cwd=ROOT, env=environ,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()
