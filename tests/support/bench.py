"""A pack station with a real socket printer, a packer without a screen, and orders whose goods wait in totes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import sqlalchemy as sa
import zxingcpp
from zplkit import Options, render

from printers.conversation import Timings
from printers.virtual import VirtualPrinter
from server.core.clock import ManualClock
from server.db.base import CORE
from server.db.database import Database
from server.db.work import Work
from server.inventory import store as stock
from server.orders.models import fulfilment, fulfilment_line
from server.orders.service import invariants as order_invariants
from server.orders.service import statuses
from server.orders.store import orders, timelines
from server.packing.commands import KINDS as PACKING
from server.packing.schemas import CartonView, NewCartonType, NewStation, OrderView, PackView
from server.packing.service import cartons, stations
from server.packing.service import invariants as packing_invariants
from server.packing.store import totes as bench_totes
from server.shipping import service as shipping
from server.shipping import views
from server.shipping.adapters.sandbox import SandboxCarrier
from server.shipping.commands import KINDS as SHIPPING
from server.shipping.port import Carrier
from server.shipping.worker import LabelWorker
from server.spooler import service as spooling
from server.spooler.addresses import Allowed
from server.spooler.schemas import NewPrinter
from server.spooler.worker import Pauses, Spooler
from server.tasks.floor import KINDS, FloorDesk
from server.tasks.models import task
from server.tasks.schemas import Answered
from server.tasks.store import totes
from tests.support.world import Handheld, OpenTickets, World, build, capture, gtin, handheld, release

QUICK = Timings(connect=1.0, answer=0.3, poll=0.01, settle=0.05, proof=0.3, total=5.0)
SHORT = Pauses(first_look=0.01, longest_look=0.02, probe=0.05)
TYPES = {"S": (200, 100), "M": (400, 200)}
"""Carton types: a cube's side in mm and its tare in g."""
PLACE = NewStation(code="PACK-1", name="Pack 1", bin="PACK-1", parking=3)
"""The station, without its printer."""


@dataclass
class Bench:
    """The station PACK-1 and who packs there."""

    world: World
    printer: VirtualPrinter
    printer_id: UUID
    station: UUID
    hands: Handheld
    carrier: Carrier = field(default_factory=SandboxCarrier)

    @property
    def db(self) -> Database:
        return self.world.db

    # --- getting there

    async def order(self, reference: str = "R-1", **lines: int) -> UUID:
        """Captures an order; without lines it is three of milk and one of oats."""
        return await capture(self.world, reference, lines or {"MILK": 3, "OATS": 1})

    async def picked(self, reference: str = "R-1", **lines: int) -> UUID:
        """An order whose goods wait in totes; its id."""
        order = await self.order(reference, **lines)
        await release(self.world)
        await self.pick_all()
        return order

    async def pick_all(self) -> None:
        """Every offered tour is walked and handed over."""
        picker = handheld(self.world, device=self.hands.device)
        picker.epoch, picker.seq = f"pick-{self.hands.seq}-{id(picker)}"[:40], 0
        while True:
            try:
                tour = await picker.begin()
            except StopIteration:
                return
            except RuntimeError:
                return
            for stop in tour.stops:
                await picker.pick(stop)
            assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_finished"

    # --- packing

    async def view(self) -> PackView:
        """What the screen shows."""
        return await self.db.snapshot(lambda conn: views.bench_by_id(conn, self.station))

    async def part(self, order: UUID) -> UUID:
        """The order's fulfilment."""
        query = sa.select(fulfilment.c.id).where(fulfilment.c.order_id == order)
        return await self.db.read(lambda conn: conn.execute(query).scalar_one())

    async def shown(self, part: UUID) -> OrderView:
        """An order as the screen shows it."""
        return (await self.view()).orders[str(part)]

    async def carton(self, part: UUID) -> CartonView:
        """The order's carton on the bench."""
        found = (await self.shown(part)).carton
        assert found is not None
        return found

    async def open(self, tote: str = "T-0001") -> Answered:
        """Scans a tote."""
        return await self.hands.did("pack.open", station=self.station, tote=tote)

    async def item(self, part: UUID, sku: str, quantity: int = 1, tote: str = "T-0001", **changes: Any) -> Answered:
        """Scans an item out of the tote."""
        code = gtin(list(self.world.items).index(sku))
        body = {"station": self.station, "fulfilment": part, "tote": tote, "item": code, "qty": quantity, "lot": None}
        return await self.hands.did("pack.item", **{**body, **changes})

    async def all_in(self, order: UUID, tote: str = "T-0001") -> UUID:
        """Opens the tote and scans everything of the order; the fulfilment's id."""
        part = await self.part(order)
        await self.open(tote)
        names = {item: sku for sku, item in self.world.items.items()}
        for line in (await self.shown(part)).lines:
            if line.wanted > line.packed:
                await self.item(part, names[line.item.id], line.wanted - line.packed, tote)
        return part

    async def labelled(self, order: UUID) -> UUID:
        """The same, and the carrier has answered."""
        part = await self.all_in(order)
        await self.label_worker().step()
        return part

    async def weighed(self, part: UUID) -> None:
        """The carton weighs what it should."""
        carton = await self.carton(part)
        answer = await self.hands.did("pack.weigh", carton=carton.id, grams=carton.expected_g)
        assert answer.outcome == "weight_right"

    async def at_no_printer(self) -> None:
        """The station has no printer."""
        await self.world.do(partial(stations.put_station, warehouse=1, new=PLACE))

    async def exchange_printer(self, profile: str = "zd421-203") -> None:
        """The station has another printer, at the same address."""
        where = f"{self.printer.address.host}:{self.printer.address.port}"
        new = NewPrinter(code="PRN-2", name="Another", profile=profile, address=where)
        allowed = Allowed()
        allowed.add(self.printer.address)
        self.printer_id = await self.world.do(lambda work: spooling.put_printer(work, 1, new, allowed))
        place = msgspec.structs.replace(PLACE, printers=["PRN-2"])
        await self.world.do(partial(stations.put_station, warehouse=1, new=place))

    async def print_waiting(self) -> None:
        """What waits for the printer comes out of it."""

        def printed(work: Work) -> None:
            while (held := spooling.claim(work, 1, self.printer_id, self.world.db.life, ready=True)) is not None:
                spooling.record(work, held, "print", None, None, again=False)

        await self.world.do(printed)

    async def close(self, part: UUID) -> Answered:
        """Scans the carton's own label, which has come out."""
        await self.print_waiting()
        carton = await self.carton(part)
        return await self.hands.did("pack.close", carton=carton.id, sscc=f"(00){carton.sscc}")

    # --- the edges

    def label_worker(self) -> LabelWorker:
        """Whoever asks the carrier."""
        return LabelWorker(self.db, self.carrier, self.world.clock)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Labels are asked for and printed by themselves, as in a server."""
        allowed = Allowed()
        allowed.add(self.printer.address)
        spooler = Spooler(self.db, self.world.clock, allowed, timings=QUICK, pauses=SHORT)
        running = [asyncio.create_task(each.run()) for each in (self.label_worker(), spooler)]
        try:
            yield
        finally:
            for each in running:
                each.cancel()
            for each in running:
                with suppress(asyncio.CancelledError):
                    await each

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Waits for the doorbell until something holds."""
        async with asyncio.timeout(15):
            while True:
                rang = self.db.doorbell.count
                if await holds():
                    return
                await self.db.doorbell.wait(rang)

    async def until_print(self, part: UUID, *states: str) -> None:
        """Waits until the label's print is in one of these states."""

        async def holds() -> bool:
            carton = (await self.shown(part)).carton
            return carton is not None and carton.print is not None and carton.print.state in states

        await self.until(holds)

    # --- besides the straight way

    async def another(self, part: UUID) -> Answered:
        """The order's carton is full, another one is begun."""
        return await self.hands.did("pack.carton", fulfilment=part, carton_type="S", new=True)

    async def one_closed(self, order: UUID) -> UUID:
        """The order's milk is in a closed carton, and another one is begun for the rest; the fulfilment's id."""
        part = await self.part(order)
        await self.open()
        await self.item(part, "MILK", 3)
        await self.another(part)
        await self.label_worker().step()
        await self.weighed(part)
        assert (await self.close(part)).outcome == "carton_closed"
        return part

    async def missing(self, part: UUID, sku: str, tote: str = "T-0001", **more: Any) -> Answered:
        """One unit is not in the tote, or cannot be sold."""
        code = gtin(list(self.world.items).index(sku))
        body = {"station": self.station, "fulfilment": part, "tote": tote, "item": code, "missing": 1}
        return await self.hands.did("pack.short", **body, **more)

    async def put_backs(self) -> list[Any]:
        """What is to go back into bins."""
        query = sa.select(task).where(task.c.kind == "put_back", task.c.state == "open").order_by(task.c.id)
        return await self.db.read(lambda conn: list(conn.execute(query)))

    async def put_back_all(self) -> None:
        """All of it goes back."""
        for back in await self.put_backs():
            did = await self.hands.did("put_back", task=back.id, qty=back.quantity, bin=self.bin_of(back))
            assert did.outcome == "put_back"

    def bin_of(self, back: Any) -> str:
        """The barcode of the bin into which it goes back."""
        names = {id_: code for code, id_ in self.world.bins.items()}
        return f"B-{names[back.bin_id]}"

    # --- looking

    async def line(self, sku: str) -> Any:
        """The only fulfilment line of an item."""
        query = sa.select(fulfilment_line).where(fulfilment_line.c.item_id == self.world.items[sku])
        return await self.db.read(lambda conn: conn.execute(query).one())

    async def tote(self, code: str) -> tuple[str, int]:
        """A tote's state and how many units lie in it."""

        def read(conn: sa.Connection) -> tuple[str, int]:
            found = totes.by_code(conn, 1, code)
            assert found is not None
            return found.state, sum(row.quantity for row in stock.contents(conn, 1, found.lpn))

        return await self.db.read(read)

    async def totes_of(self, part: UUID) -> list[str]:
        """The totes in which an order lies."""
        found = await self.db.read(partial(bench_totes.of_fulfilment, of=1, fulfilment_id=part))
        return [each.code for each in found]

    async def goods(self, code: str) -> dict[str, int]:
        """What lies in a tote, by SKU."""
        names = {item: sku for sku, item in self.world.items.items()}

        def read(conn: sa.Connection) -> dict[str, int]:
            found = totes.by_code(conn, 1, code)
            assert found is not None
            return {names[row.item]: row.quantity for row in stock.contents(conn, 1, found.lpn)}

        return await self.db.read(read)

    async def timeline(self, order: UUID) -> list[str]:
        """What is told of an order, the oldest first."""
        entries = await self.db.read(partial(timelines.of_order, order_id=order))
        return [entry.what for entry in sorted(entries, key=lambda entry: (entry.at, entry.id))]

    async def whole(self) -> list[str]:
        """What is broken of all invariants, once each order's own status has followed, as its sink sees to."""
        for order in await self.db.read(orders.all_ids):
            await self.world.do(partial(statuses.refresh, order_id=order), streams={CORE})
        looks = (packing_invariants.broken, shipping.invariants, order_invariants.broken)
        broken = [sentence for look in looks for sentence in await self.db.snapshot(look)]
        return [*await self.world.broken(), *broken]


def decoded(zpl: bytes) -> set[str]:
    """What a scanner reads on a label."""
    shown = re.sub(rb"\^(?:MU|MM|MN|PR|MD|PQ)[^\^]*", b"", zpl)  # settings of the machine, which a renderer lacks
    picture = render(shown, Options(profile="zd621", width=812, height=1218, dpi=203)).labels[0].rasterize()
    pixels = np.frombuffer(picture.pixels, dtype=np.uint8).reshape(picture.height, picture.width)
    return {each.text for each in zxingcpp.read_barcodes(pixels, text_mode=zxingcpp.TextMode.Plain)}


async def build_bench(db: Database, clock: ManualClock, printer: VirtualPrinter) -> Bench:
    """The station with its printer, carton types and stock; no orders yet."""
    world = await build(db, clock)
    for sku, code in (("MILK", "A02-03-A"), ("OATS", "A01-02-A"), ("TEA", "A03-01-A"), ("HONEY", "A04-01-A")):
        await world.stock(sku, code, 20)
    allowed = Allowed()
    allowed.add(printer.address)
    where = f"{printer.address.host}:{printer.address.port}"
    new = NewPrinter(code="PRN-1", name="Printer", profile="zd421-203", address=where)
    printer_id = await world.do(lambda work: spooling.put_printer(work, 1, new, allowed))
    place = msgspec.structs.replace(PLACE, printers=["PRN-1"])
    station = await world.do(lambda work: stations.put_station(work, 1, place))
    for code, (side, tare) in TYPES.items():
        box = NewCartonType(code=code, name=code, length_mm=side, width_mm=side, height_mm=side, tare_g=tare,
                            max_weight_g=20_000)  # fmt: skip
        await world.do(partial(cartons.put_carton_type, new=box), streams={CORE})
    desk = FloorDesk(world.db, {**KINDS, **PACKING, **SHIPPING}, OpenTickets())
    hands = Handheld(world, desk, world.other_picker, world.device, epoch="epoch-pack")
    return Bench(world, printer, printer_id, station, hands)
