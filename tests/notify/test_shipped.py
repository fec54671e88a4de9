"""A shipment that left is told with its parcels."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from printers.virtual import VirtualPrinter
from server.core.clock import ManualClock
from server.db import log
from server.db.database import Database
from server.fanout.table import REACTIONS, SINKS
from server.notify.adapters.log import LogCarrier
from server.notify.adapters.smtp import Server, SmtpCarrier
from server.notify.port import Carrier
from server.notify.worker import Postman
from tests.notify.conftest import MailServer
from tests.support.bench import Bench, build_bench


@pytest.fixture
async def bench(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> AsyncIterator[Bench]:
    async with VirtualPrinter() as printer:
        yield await build_bench(await open_database(reactions=REACTIONS), clock, printer)


async def test_a_shipment_is_told_by_the_houses_own_sink_with_its_parcels(bench: Bench, mails: MailServer) -> None:
    order = await bench.picked("WEB-7")
    part = await bench.labelled(order)
    await bench.weighed(part)
    carton = await bench.carton(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    (sink,) = (each for each in SINKS if each.name == "messages")
    events = await bench.db.read(lambda conn: log.tail(conn, 1, 0, 1000))
    await sink.handle(bench.db, [event for event in events if event.type in sink.events])
    server = Server("127.0.0.1", mails.port, "none", "", "", "orders@shop.example.com")
    carriers: dict[str, Carrier] = {"email": SmtpCarrier(server, patience=5), "sms": LogCarrier()}
    assert await Postman(bench.db, bench.world.clock, carriers).step() == 1
    (mail,) = mails.mails
    body = mail.get_body(("plain",))
    assert mail["Subject"] == "Deine Bestellung WEB-7 ist unterwegs"
    assert carton.label is not None
    assert body is not None
    assert f"- Test · Parcel {carton.label.tracking}" in body.get_content()
    assert "track/" not in body.get_content(), "without a public address there is no link"
