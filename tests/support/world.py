"""A small warehouse, built through the services, on which the floor's rules can be tried on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.auth.models import device, person
from server.catalog import service as catalog
from server.catalog.schemas import NewBarcode, NewItem
from server.core import barcodes
from server.core.clock import ManualClock
from server.core.ids import new_id
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from server.inventory import service as inventory
from server.inventory.models import movement, quant
from server.inventory.service import Goods, Place
from server.locations import service as locations
from server.locations.schemas import Aisles, NewBin, NewWarehouse, NewZone
from server.orders.schemas.captures import NewOrder
from server.orders.schemas.services import NewService
from server.orders.service import captures, carriers, money
from server.tasks import equipment, views
from server.tasks import service as tasks
from server.tasks.floor import KINDS, Device, FloorDesk, unknown
from server.tasks.schemas import Answered, Batch, Envelope
from server.tasks.views import StopView, TourView
from server.waves import planner
from server.waves import service as waves
from server.waves.schemas import WaveFilter

T = TypeVar("T")

AISLES = ("A01", "A02", "A03", "A04")
BAYS = 10
SPECIAL = {
    "SUPPLIER": "supplier", "CUSTOMER": "customer", "ADJUST": "adjustment", "SCRAP": "scrap", "FLOOR": "cart",
    "PACK-1": "pack", "STAGE-1": "staging",
}  # fmt: skip


def gtin(number: int) -> str:
    """A valid GTIN-13 of the demonstration range, as a scanner sends it."""
    body = f"952{number:09d}"
    return body + barcodes.check_digit(body)


@dataclass
class World:
    """The warehouse and who works in it."""

    db: Database
    clock: ManualClock
    warehouse: int = 1
    items: dict[str, UUID] = field(default_factory=dict)
    bins: dict[str, UUID] = field(default_factory=dict)
    picker: UUID = field(default_factory=new_id)
    other_picker: UUID = field(default_factory=new_id)
    device: UUID = field(default_factory=new_id)

    @property
    def actor(self) -> Actor:
        """The picker at their handheld."""
        return Actor(person=self.picker, device=self.device, name="Ada", warehouse=self.warehouse)

    async def do(
        self, run: Callable[[Work], T], *, streams: Iterable[int] | None = None, actor: Actor | None = None
    ) -> T:
        """Runs one command in the warehouse's stream (or the given ones) and gives its answer."""
        held = frozenset({self.warehouse} if streams is None else streams)
        return (await self.db.write(Command(run, held, actor or self.actor, "test"))).answer

    async def both(self, run: Callable[[Work], T]) -> T:
        """The same, holding stream 0 and the warehouse."""
        return await self.do(run, streams={CORE, self.warehouse})

    async def stock(self, sku: str, bin_code: str, quantity: int, *, lot: str = "", expiry: date | None = None) -> UUID:
        """Brings stock in from the supplier; answers its quant."""
        goods = Goods(self.items[sku], lot, expiry)
        source, target = Place(self.bins["SUPPLIER"]), Place(self.bins[bin_code])
        await self.do(lambda work: inventory.move(work, self.warehouse, goods, quantity, source, target, "opening"))
        return await self.db.read(
            lambda conn: conn.execute(
                sa.select(quant.c.id).where(
                    quant.c.bin_id == self.bins[bin_code], quant.c.item_id == self.items[sku], quant.c.lot == lot
                )
            ).scalar_one()
        )

    async def broken(self) -> list[str]:
        """What is broken of the invariants."""
        return await self.db.snapshot(lambda conn: [*inventory.invariants(conn), *tasks.invariants(conn)])

    async def on_hand(self, sku: str) -> dict[str, int]:
        """Units of an item by bin code and status, without the empty ones."""
        names = {id_: code for code, id_ in self.bins.items()}
        rows = await self.db.read(
            lambda conn: list(
                conn.execute(
                    sa.select(quant.c.bin_id, quant.c.status, quant.c.on_hand, quant.c.lpn_id).where(
                        quant.c.item_id == self.items[sku], quant.c.on_hand != 0
                    )
                )
            )
        )
        held: dict[str, int] = {}
        for row in rows:
            name = names[row.bin_id] if row.status == "available" else f"{names[row.bin_id]}/{row.status}"
            held[name] = held.get(name, 0) + row.on_hand
        return held

    async def movements(self) -> int:
        """How many lines the ledger has."""
        count = sa.select(sa.func.count()).select_from(movement)
        return await self.db.read(lambda conn: int(conn.execute(count).scalar_one()))


async def build(db: Database, clock: ManualClock, skus: Iterable[str] = ("MILK", "OATS", "HONEY", "TEA")) -> World:
    """The warehouse with its people, items, carts and totes; no stock and no orders yet."""
    world = World(db, clock)
    founding = Command(lambda work: _places(work, world), frozenset({CORE, world.warehouse}), world.actor, "test",
                       founds=True)  # fmt: skip
    await db.write(founding)
    await world.do(lambda work: _people(work, world), streams={CORE})
    for number, sku in enumerate(skus):
        world.items[sku] = await world.do(lambda work, n=number, s=sku: _item(work, n, s), streams={CORE})  # type: ignore[misc]
    await world.do(lambda work: _equipment(work, world.warehouse))
    return world


def _places(work: Work, world: World) -> None:
    plan = Aisles({code: 1000 + 3000 * at for at, code in enumerate(AISLES)}, [0, 6000, 12000], (1000, 0))
    locations.create_warehouse(
        work,
        NewWarehouse(
            number=world.warehouse,
            code="TST",
            name="Test",
            time_zone="Europe/Berlin",
            country="DE",
            address={"name": "Test", "street": "Hof 1", "postal_code": "10115", "city": "Berlin", "country": "DE"},
            gcp="4012345",
            floor=plan,
        ),
    )
    locations.create_zones(work, world.warehouse, [NewZone(code="Z", name="Zone")])
    shelves = [
        NewBin(
            code=f"{aisle}-{bay:02d}-A",
            zone="Z",
            aisle=aisle,
            bay=bay,
            level="A",
            side="left" if bay % 2 else "right",
            x_mm=plan.aisles[aisle],
            y_mm=600 + bay * 1000,
            check_digits=f"{(at * 37 + bay * 13) % 90 + 10}",
            sequence=at * 100 + bay,
        )
        for at, aisle in enumerate(AISLES)
        for bay in range(1, BAYS + 1)
    ]
    special = [NewBin(code=code, type=kind) for code, kind in SPECIAL.items()]
    world.bins = locations.create_bins(work, world.warehouse, [*shelves, *special])


def _people(work: Work, world: World) -> None:
    for id_, name, body in ((world.picker, "Ada", "AAAAAAAA"), (world.other_picker, "Ben", "BBBBBBBB")):
        row: dict[str, Any] = {"id": id_, "name": name, "badge": barcodes.badge(body), "roles": ["picker"]}
        work.execute(sa.insert(person), {**row, "warehouse_id": 1, "created_at": work.now})
    row = {"id": world.device, "name": "HH-1", "kind": "handheld", "warehouse_id": 1, "state": "enrolled"}
    work.execute(sa.insert(device), {**row, "created_at": work.now})


def _item(work: Work, number: int, sku: str) -> UUID:
    new = NewItem(
        sku=sku, names={"en": sku.title(), "de": sku.title()}, weight_g=500, length_mm=100, width_mm=80,
        height_mm=60, price_minor=250, barcodes=[NewBarcode(code=gtin(number))],
    )  # fmt: skip
    return catalog.put_item(work, new)


def _equipment(work: Work, warehouse: int) -> None:
    equipment.add_carts(work, warehouse, [equipment.NewCart(f"C-{n:02d}", 6, 30_000, 15_000) for n in range(1, 4)])
    equipment.add_totes(work, warehouse, [f"T-{n:04d}" for n in range(1, 21)])


# --- orders and work on the floor


SERVICE = "test-parcel"


async def capture(world: World, reference: str, lines: dict[str, int]) -> UUID:
    """An order that is paid and ready; answers its id."""
    new = new_order(reference, lines)
    await world.do(lambda work: carriers.put_service(work, _SERVICE), streams={CORE})
    captured = await world.both(lambda work: captures.capture(work, new))
    await world.both(
        lambda work: money.record(work, captured.id, "authorised", "payment_authorised", {"amount": "7.50"})
    )
    return captured.id


_SERVICE = NewService(code=SERVICE, carrier="Test", name="Parcel", cutoff="18:00")


def new_order(reference: str, lines: dict[str, int], **changes: Any) -> NewOrder:
    """An order over these SKUs at 2.50 a piece, to an address that is right."""
    items = sum(quantity * 250 for quantity in lines.values())
    body: dict[str, Any] = {
        "channel": "web", "external_ref": reference, "currency": "EUR",
        "lines": [{"sku": sku, "quantity": quantity, "price_minor": 250} for sku, quantity in lines.items()],
        "totals": {"items_minor": items, "shipping_minor": 0, "tax_minor": 0, "total_minor": items},
        "customer": {"name": "Ana Souza", "email": "ana@example.org", "phone": "+49 30 901820", "language": "de"},
        "address": {"name": "Ana Souza", "street": "Lindenweg 4", "postal_code": "53111", "city": "Bonn",
                    "country": "DE"},
        "payment": {"method": "card", "token": "ok"}, "service": SERVICE, "warehouse": 1,
    }  # fmt: skip
    return msgspec.convert({**body, **changes}, NewOrder)


async def release(world: World, **wanted: Any) -> UUID:
    """Releases ready orders as one wave, planned here and written to its end; answers its id."""
    now = world.clock.now()
    given, _ = await world.db.snapshot(
        lambda conn: waves.plan_input(conn, world.warehouse, WaveFilter(**wanted), now, budget=0)
    )
    plan = planner.plan(given)
    cutoff = min(each.cutoff_at for each in given.orders)
    wave = await world.both(lambda work: waves.start(work, world.warehouse, WaveFilter(**wanted), plan, cutoff))
    for at, portion in enumerate(waves.slices(plan)):
        await world.both(lambda work, a=at, p=portion: waves.write_slice(work, world.warehouse, wave, plan, a, p))  # type: ignore[misc]
    assert await world.both(lambda work: waves.complete(work, world.warehouse, wave)) == "released"
    return wave


class OpenTickets:
    """Tickets that name a person by their id: `person:<id>`, or are refused: `revoked:<id>`, `forged`."""

    async def actor(self, text: str, device: Device) -> Actor:
        """Whom the ticket names."""
        if ":" not in text:
            return unknown(device)
        return Actor(UUID(text.partition(":")[2]), device.id, name="Ada", warehouse=device.warehouse)

    def trouble(self, work: Work, text: str, device: Device, permission: str) -> str | None:
        """Why it does not count."""
        return None if text.startswith("person:") else text.partition(":")[0]


@dataclass
class Handheld:
    """A headless handheld: it numbers its commands and sends them as a device does."""

    world: World
    desk: FloorDesk
    person: UUID
    device: UUID
    epoch: str = "epoch-one"
    seq: int = 0

    def command(self, kind: str, body: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """A command with the next place in the sequence."""
        self.seq += 1
        made = {
            "id": str(new_id()), "seq": self.seq, "kind": kind, "ticket": f"person:{self.person}",
            "at": "2026-11-24T08:00:00Z", "after": [], "version": None, "body": body,
        }  # fmt: skip
        return {**made, **changes}

    async def send(self, *commands: dict[str, Any]) -> Batch:
        """Sends a batch."""
        raw = msgspec.json.encode({"device": str(self.device), "epoch": self.epoch, "commands": commands})
        envelope = msgspec.json.decode(raw, type=Envelope)
        return await self.desk.take(envelope, Device(self.device, self.world.warehouse))

    async def did(self, kind: str, **body: Any) -> Answered:
        """Sends one command and gives its answer."""
        batch = await self.send(self.command(kind, {name: _plain(value) for name, value in body.items()}))
        assert batch.resend_from is None
        return batch.answers[0]

    async def tours(self) -> list[TourView]:
        """This person's tours."""
        seen = await self.world.db.snapshot(lambda conn: views.queue(conn, self.world.warehouse, self.person))
        return list(seen.tours.values())

    async def tour(self) -> TourView:
        """The one tour of this person."""
        (only,) = await self.tours()
        return only

    async def begin(self) -> TourView:
        """Takes the most urgent tour that is offered, with the first free cart and a tote in each slot."""
        seen = await self.world.db.snapshot(lambda conn: views.queue(conn, self.world.warehouse, self.person))
        offer = next(iter(seen.offers.values()))
        assert (await self.did("tour.take", tour=offer.id)).outcome == "tour_taken"
        assert (await self.did("tour.cart", tour=offer.id, cart="C-01")).outcome == "cart_bound"
        tour = await self.tour()
        free = (f"T-{n:04d}" for n in range(1, 21) if f"T-{n:04d}" not in tour.busy_totes)
        for slot in tour.slots:
            assert (await self.did("tour.tote", tour=tour.id, slot=slot.slot, tote=next(free))).outcome == "tote_bound"
        return await self.tour()

    async def begin_without_cart(self) -> None:
        """Takes the most urgent tour that is offered; its cart and totes are for later."""
        seen = await self.world.db.snapshot(lambda conn: views.queue(conn, self.world.warehouse, self.person))
        assert (await self.did("tour.take", tour=next(iter(seen.offers)))).outcome == "tour_taken"

    async def pick(self, stop: StopView, quantity: int | None = None, **changes: Any) -> Answered:
        """Picks at a stop: all of it, or the given quantity."""
        body = {
            "task": stop.task, "qty": quantity or stop.quantity - stop.done - stop.short, "bin": f"B-{stop.bin.code}",
            "item": "any", "tote": stop.tote, "slot": stop.slot,
        }  # fmt: skip
        return await self.did("pick", **{**body, **changes})


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def handheld(world: World, person: UUID | None = None, device: UUID | None = None) -> Handheld:
    """A handheld of the world's picker, or of somebody else."""
    desk = FloorDesk(world.db, KINDS, OpenTickets())
    return Handheld(world, desk, person or world.picker, device or world.device)
