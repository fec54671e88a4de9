"""A shipment that is whole is told with its parcels, and nothing of whom it goes to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import pytest

from printers.virtual import VirtualPrinter
from server.core.clock import ManualClock
from server.db import log
from server.db.base import CORE
from server.db.database import Database
from server.fanout.table import REACTIONS, SINKS
from server.integrations.schemas.webhooks import NewEndpoint
from server.integrations.service import deliveries, endpoints
from server.integrations.store import deliveries as rows
from server.orders.store import orders
from tests.support.bench import Bench, build_bench


@pytest.fixture
async def bench(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> AsyncIterator[Bench]:
    async with VirtualPrinter() as printer:
        yield await build_bench(await open_database(reactions=REACTIONS), clock, printer)


async def test_a_shipment_is_told_by_the_houses_own_sink_with_its_parcels(bench: Bench) -> None:
    new = NewEndpoint(url="https://erp.example.com/", types=["shipment.closed"])
    await bench.world.do(partial(endpoints.add, new=new), streams={CORE})
    order = await bench.picked("WEB-7")
    part = await bench.labelled(order)
    await bench.weighed(part)
    carton = await bench.carton(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    (sink,) = (each for each in SINKS if each.name == "webhooks")
    events = await bench.db.read(lambda conn: log.tail(conn, 1, 0, 1000))
    wanted = [event for event in events if event.type in sink.events]
    await sink.handle(bench.db, wanted)
    await sink.handle(bench.db, wanted)
    (told,) = await bench.db.read(partial(rows.page, before=None, endpoint=None, state=None, most=9))
    page = await bench.db.read(partial(deliveries.page_of, delivery=told.id))
    sold = await bench.db.read(lambda conn: orders.by_id(conn, order))
    assert carton.label is not None
    assert sold is not None
    data = json.loads(page.body)["data"]
    assert {name: data[name] for name in ("order", "number", "external_ref", "shipment_number", "warehouse")} == {
        "order": str(order), "number": sold.number, "external_ref": "WEB-7", "shipment_number": 1, "warehouse": 1,
    }  # fmt: skip
    assert data["parcels"] == [{"sscc": carton.sscc, "tracking": carton.label.tracking}]
    assert (data["carrier"], data["service"]) == ("Test", "test-parcel")
