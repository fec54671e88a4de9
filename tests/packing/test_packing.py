"""From the tote to the closed carton: every item scanned, the label printed and decoded, the books whole."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import sqlalchemy as sa
import zxingcpp
from zplkit import Options, render

from printers.transport import PrinterAddress
from printers.virtual.printer import VirtualPrinter
from server.core.clock import ManualClock
from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.work import Work
from server.fanout.table import REACTIONS
from server.orders.models import fulfilment, fulfilment_line
from server.orders.service import cancels, holds
from server.packing.commands import KINDS as PACKING
from server.packing.models import station
from server.packing.schemas import NewCartonType, NewStation, PackView
from server.packing.service import cartons, stations
from server.packing.service import invariants as packing_invariants
from server.shipping import service as shipping
from server.shipping import views
from server.shipping.adapters.sandbox import SandboxCarrier
from server.shipping.commands import KINDS as SHIPPING
from server.shipping.port import Booked, CarrierAway, CarrierRefused, Parcel
from server.shipping.worker import LabelWorker
from server.spooler import service as spooling
from server.spooler import store as spooled
from server.spooler.addresses import Allowed
from server.spooler.schemas import NewPrinter
from server.spooler.worker import Spooler
from server.tasks import views as queues
from server.tasks.floor import KINDS, FloorDesk
from tests.support.world import Handheld, OpenTickets, World, build, capture, gtin, handheld, release


@pytest.fixture
async def printer() -> AsyncIterator[VirtualPrinter]:
    async with VirtualPrinter(port=0, seconds_per_label=0.0) as opened:
        yield opened


@pytest.fixture
async def world(
    open_database: Callable[..., Awaitable[Database]], clock: ManualClock, printer: VirtualPrinter
) -> World:
    world = await build(await open_database(reactions=REACTIONS), clock)
    allowed = Allowed()
    allowed.add(printer.address)
    await world.do(lambda work: spooling.put_printer(work, 1, _printer(printer.address), allowed))
    bench = NewStation(code="PACK-1", name="Pack 1", bin="PACK-1", printers=["PRN-1"])
    await world.do(lambda work: stations.put_station(work, 1, bench))
    for code, size in (("S", 200), ("M", 400)):
        await world.do(partial(cartons.put_carton_type, new=_box(code, size)), streams={CORE})
    return world


def _box(code: str, size: int) -> NewCartonType:
    return NewCartonType(
        code=code, name=code, length_mm=size, width_mm=size, height_mm=size, tare_g=100, max_weight_g=20_000
    )


def _printer(address: PrinterAddress) -> NewPrinter:
    where = f"{address.host}:{address.port}"
    return NewPrinter(code="PRN-1", name="Printer", profile="zd421-203", address=where)


class Packer:
    """Somebody at the station."""

    def __init__(self, world: World, station_id: UUID) -> None:
        self.world = world
        self.station = station_id
        desk = FloorDesk(world.db, {**KINDS, **PACKING, **SHIPPING}, OpenTickets())
        self.hands = Handheld(world, desk, world.other_picker, world.device, epoch="epoch-pack")

    async def bench(self) -> PackView:
        """What the screen shows."""
        return await self.world.db.snapshot(lambda conn: views.bench_by_id(conn, self.station))

    async def item(self, part: UUID, sku: str, quantity: int = 1, tote: str = "T-0001") -> str:
        """Scans an item out of the tote."""
        code = gtin(list(self.world.items).index(sku))
        body = {"station": self.station, "fulfilment": part, "tote": tote, "item": code, "qty": quantity, "lot": None}
        return (await self.hands.did("pack.item", **body)).outcome


async def _picked(world: World, lines: dict[str, int] | None = None) -> tuple[UUID, UUID, Packer]:
    """An order whose goods wait in T-0001; its id, its fulfilment's, and a packer."""
    await world.stock("MILK", "A02-03-A", 10)
    await world.stock("OATS", "A01-02-A", 10)
    order = await capture(world, "R-1", lines or {"MILK": 3, "OATS": 1})
    await release(world)
    picker = handheld(world)
    tour = await picker.begin()
    for stop in tour.stops:
        await picker.pick(stop)
    assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_finished"
    part = await world.db.read(lambda conn: conn.execute(sa.select(fulfilment.c.id)).scalar_one())
    bench = await world.db.read(lambda conn: conn.execute(sa.select(station.c.id)).scalar_one())
    return order, part, Packer(world, bench)


async def _print(world: World) -> None:
    """What waits for the printer comes out of it."""

    def printed(work: Work) -> None:
        for _, printer in spooled.due_printers(work.conn, work.now):
            held = spooling.claim(work, 1, printer, world.db.life)
            assert held is not None
            spooling.record(work, held, "print", None, None, again=False)

    await world.do(printed)


async def _line(world: World, sku: str) -> Any:
    query = sa.select(fulfilment_line).where(fulfilment_line.c.item_id == world.items[sku])
    return await world.db.read(lambda conn: conn.execute(query).one())


async def _whole(world: World) -> list[str]:
    checks = [*await world.broken()]
    for look in (packing_invariants.broken, shipping.invariants):
        checks.extend(await world.db.snapshot(look))
    return checks


async def test_every_item_scanned_the_label_prints_by_itself_and_closes_the_carton(
    world: World, printer: VirtualPrinter
) -> None:
    _, part, packer = await _picked(world)
    assert (await packer.hands.did("pack.open", station=packer.station, tote="T-0001")).outcome == "pack_opened"
    assert [await packer.item(part, "MILK", 2), await packer.item(part, "MILK"), await packer.item(part, "OATS")] == [
        "packed", "packed", "carton_complete",
    ]  # fmt: skip
    await LabelWorker(world.db, SandboxCarrier(), world.clock).step()
    carton = (await packer.bench()).orders[str(part)].carton
    assert carton is not None
    assert carton.label is not None
    assert (carton.state, carton.label.state, carton.expected_g, carton.type.code) == ("complete", "live", 2100, "S")
    assert carton.print is not None
    assert carton.print.state == "queued"
    close = {"carton": carton.id, "sscc": f"00{carton.sscc}"}
    assert (await packer.hands.did("pack.close", **close)).outcome == "weight_missing"
    assert (await packer.hands.did("pack.weigh", carton=carton.id, grams=2500)).outcome == "weight_wrong"
    assert (await packer.hands.did("pack.weigh", carton=carton.id, grams=2120)).outcome == "weight_right"
    assert (
        await packer.hands.did("pack.close", carton=carton.id, sscc="(00)340123450000000016")
    ).outcome == "label_wrong"
    assert (await packer.hands.did("pack.close", **close)).outcome == "label_not_printed"
    await _print(world)
    assert (await packer.hands.did("pack.close", **close)).outcome == "carton_closed"
    assert (await packer.hands.did("pack.close", **close)).outcome == "carton_already_closed"
    milk = await _line(world, "MILK")
    assert (milk.packed, milk.shipped) == (3, 3)
    assert await world.on_hand("MILK") == {"SUPPLIER": -10, "A02-03-A": 7, "CUSTOMER": 3}
    assert await _whole(world) == []


async def test_what_the_printer_got_decodes_to_the_cartons_own_sscc(world: World, printer: VirtualPrinter) -> None:
    _, part, packer = await _picked(world, {"OATS": 1})
    await packer.hands.did("pack.open", station=packer.station, tote="T-0001")
    await packer.item(part, "OATS")
    await LabelWorker(world.db, SandboxCarrier(), world.clock).step()
    carton = (await packer.bench()).orders[str(part)].carton
    assert carton is not None
    allowed = Allowed()
    allowed.add(printer.address)
    spooler = Spooler(world.db, world.clock, allowed)
    printing = asyncio.create_task(spooler.run())
    label = await printer.printed(1)
    printing.cancel()
    zpl = label.zpl
    assert f"00{carton.sscc}".encode() in zpl.replace(b">8", b"").replace(b">;", b"")
    codes = {each.text for each in zxingcpp.read_barcodes(_drawn(zpl), text_mode=zxingcpp.TextMode.Plain)}
    assert f"00{carton.sscc}" in codes


def _drawn(zpl: bytes) -> Any:
    """The label as a printer of 203 dpi would draw it; what only sets the machine is left out."""
    shown = re.sub(rb"\^(?:MU|MM|MN|PR|MD|PQ)[^\^]*", b"", zpl)
    picture = render(shown, Options(profile="zd621", width=812, height=1218, dpi=203)).labels[0].rasterize()
    return np.frombuffer(picture.pixels, dtype=np.uint8).reshape(picture.height, picture.width)


async def test_a_tote_that_is_unknown_empty_or_on_a_tour_is_not_opened(world: World) -> None:
    _, _, packer = await _picked(world)
    for tote, outcome in (("T-9999", "tote_unknown"), ("T-0002", "tote_empty")):
        assert (await packer.hands.did("pack.open", station=packer.station, tote=tote)).outcome == outcome


async def test_what_is_not_of_the_order_or_too_many_is_set_aside_and_nothing_moves(world: World) -> None:
    _, part, packer = await _picked(world)
    before = await world.movements()
    assert await packer.item(part, "TEA") == "set_aside"
    assert await packer.item(part, "MILK", 4) == "set_aside"
    assert await world.movements() == before


async def test_undo_takes_the_last_item_out_again(world: World) -> None:
    _, part, packer = await _picked(world)
    await packer.hands.did("pack.open", station=packer.station, tote="T-0001")
    await packer.item(part, "MILK", 2)
    assert (await packer.hands.did("pack.undo", fulfilment=part)).outcome == "unpacked"
    assert (await _line(world, "MILK")).packed == 0
    assert (await packer.hands.did("pack.undo", fulfilment=part)).outcome == "nothing_to_undo"
    assert await _whole(world) == []


async def test_a_cancel_before_the_label_unpacks_and_one_after_it_is_too_late(world: World) -> None:
    order, part, packer = await _picked(world)
    await packer.hands.did("pack.open", station=packer.station, tote="T-0001")
    await packer.item(part, "MILK", 3)
    await packer.item(part, "OATS")
    await LabelWorker(world.db, SandboxCarrier(), world.clock).step()
    with pytest.raises(Refusal) as refused:
        await world.both(lambda work: cancels.cancel(work, order, "no"))
    assert refused.value.code == "cancel_too_late"
    carton = (await packer.bench()).orders[str(part)].carton
    assert carton is not None
    carton_id = carton.id
    await world.do(lambda work: shipping.void_label(work, 1, carton_id))
    await world.both(lambda work: cancels.cancel(work, order, "no"))
    line = await _line(world, "MILK")
    assert (line.packed, line.picked, line.to_put_back) == (0, 0, 3)
    assert await _whole(world) == []
    queue = await world.db.snapshot(lambda conn: queues.queue(conn, 1, world.picker))
    backs = list(queue.loose.values())
    for back in backs:
        did = await packer.hands.did("put_back", task=back.task, qty=back.quantity, bin=f"B-{back.bin.code}")
        assert did.outcome == "put_back"
    assert await world.on_hand("MILK") == {"SUPPLIER": -10, "A02-03-A": 10}
    assert await _whole(world) == []


class _Away:
    """A carrier that is away, then refuses."""

    def __init__(self) -> None:
        self.asked = 0

    async def book(self, parcel: Parcel) -> Booked | CarrierRefused:
        self.asked += 1
        if self.asked == 1:
            raise CarrierAway
        return CarrierRefused("This address is not served.")

    async def void(self, key: UUID) -> None:
        raise CarrierAway


async def test_a_carrier_that_is_away_is_asked_again_and_one_that_refuses_says_why(world: World) -> None:
    _, part, packer = await _picked(world, {"OATS": 1})
    await packer.hands.did("pack.open", station=packer.station, tote="T-0001")
    await packer.item(part, "OATS")
    carrier = _Away()
    worker = LabelWorker(world.db, carrier, world.clock)
    await worker.step()
    assert await worker.step() == 0
    world.clock.advance(seconds=60)
    await worker.step()
    carton = (await packer.bench()).orders[str(part)].carton
    assert carton is not None
    assert carton.label is not None
    assert (carton.label.state, carton.label.reason) == ("refused", "This address is not served.")
    assert (await packer.hands.did("pack.close", carton=carton.id, sscc=f"00{carton.sscc}")).outcome == "label_missing"


async def test_a_held_order_is_not_closed(world: World) -> None:
    order, part, packer = await _picked(world, {"OATS": 1})
    await packer.hands.did("pack.open", station=packer.station, tote="T-0001")
    await packer.item(part, "OATS")
    await LabelWorker(world.db, SandboxCarrier(), world.clock).step()
    await world.both(lambda work: holds.hold(work, order))
    carton = (await packer.bench()).orders[str(part)].carton
    assert carton is not None
    await packer.hands.did("pack.weigh", carton=carton.id, grams=600)
    assert (
        await packer.hands.did("pack.close", carton=carton.id, sscc=f"00{carton.sscc}")
    ).outcome == "fulfilment_on_hold"
