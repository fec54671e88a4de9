"""Why: the demo warehouse comes in the way a real one does, through the services, once.

Each part is one command with a key of its own, so that a start that was broken off goes on where it stopped and a
second start changes nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa

from seed import branch as second
from seed.branch import load_branch
from seed.data import load_demo
from seed.model import Demo, Order, Person, Stock
from seed.pins import FILE, kept, made, with_pins
from seed.printers import pages, put_printers
from server.auth import service as auth
from server.auth import store as auth_store
from server.auth.pins import Pins
from server.auth.schemas import NewDevice, NewPerson
from server.background import Site
from server.catalog import service as catalog
from server.catalog.schemas import NewBarcode, NewItem
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Key
from server.db.work import Actor, Work
from server.inventory import service as inventory
from server.inventory.service import Goods, Place
from server.locations import service as locations
from server.locations.schemas import Aisles, NewBin, NewWarehouse, NewZone
from server.orders.schemas.captures import Address, Customer, NewLine, NewOrder, NewPayment, NewTotals
from server.orders.schemas.services import NewService
from server.orders.service import captures
from server.orders.service import carriers as order_carriers
from server.orders.store import keys
from server.packing.schemas import NewCartonType, NewStation
from server.packing.service import cartons, stations
from server.tasks import equipment

T = TypeVar("T")

SEEDER: Final = Actor(name="demo")
PORTION: Final = 50
"""Items or stock rows that are written in one command."""
TOKENS: Final = {"card": "ok", "card_declined": "decline"}
"""How the sandbox gateway is told what to do with an order's card."""


async def load(db: Database, demo: Demo | None = None) -> bool:
    """Brings the demo warehouse into a database; whether anything was new."""
    demo = demo or load_demo()
    loader = _Loader(db, demo)
    await loader.places()
    await loader.goods()
    await loader.people()
    await loader.stock()
    await loader.branch()
    await loader.orders()
    return loader.news


class _Loader:
    """Loads one demo, part by part."""

    def __init__(self, db: Database, demo: Demo) -> None:
        self._db = db
        self._demo = demo
        self._number = demo.warehouse.number
        self._branch = load_branch()
        self.news = False

    async def places(self) -> None:
        """Warehouse, zones, bins, carts, totes, carriers' services."""
        await self._once("warehouse", lambda work: _warehouse(work, self._demo))
        await self._once("bins", lambda work: _bins(work, self._demo))
        await self._once("equipment", lambda work: _equipment(work, self._demo))
        await self._once("services", lambda work: _services(work, self._demo))

    async def goods(self) -> None:
        """Items with their barcodes and pictures."""
        for at in range(0, len(self._demo.items), PORTION):
            await self._once(f"items-{at}", partial(_items, demo=self._demo, at=at))

    async def people(self) -> None:
        """People with their badges and PINs, and devices that wait for their enrolment."""
        pins = Pins()
        try:
            for each in self._demo.people:
                if await self._is_done(f"person-{each.badge}"):
                    continue  # a hash takes long, on purpose
                hashed = await pins.hash(each.pin)
                home = self._branch.warehouse.number if each.branch else self._number
                new = NewPerson(each.name, each.roles, each.language, None if each.everywhere else home)
                await self._once(
                    f"person-{each.badge}",
                    partial(auth.add_person, new=new, pin=auth.NewPin(hashed, once=False), badge=each.badge),
                )
        finally:
            pins.close()
        for house, number in ((self._demo, self._number), (self._branch, self._branch.warehouse.number)):
            for handheld in house.handhelds:
                device = NewDevice(handheld.name, number)
                await self._once(f"device-{handheld.code}", partial(_device, new=device))

    async def stock(self) -> None:
        """What lies in the bins at the start, from the supplier."""
        rows = self._demo.stock
        for at in range(0, len(rows), PORTION):
            await self._once(f"stock-{at}", partial(_stock, demo=self._demo, rows=rows[at : at + PORTION]))

    async def branch(self) -> None:
        """The second warehouse, and how far addresses are from both."""
        there = self._branch
        for part, run in (("branch", second.found), ("branch-equipment", second.equip), ("branch-stock", second.fill)):
            await self._once(part, partial(run, branch=there), there.warehouse.number)
        await self._once("charts", partial(second.draw_charts, branch=there))

    async def orders(self) -> None:
        """Orders in the order in which they came in; payment and holds follow as for any order."""
        splits = {channel.code: channel.split for channel in self._demo.channels}
        for each in self._demo.orders:
            new = _order(each, splits[each.channel], self._number)
            await self._once(f"order-{each.reference}", partial(captures.capture, new=new))

    async def _is_done(self, part: str) -> bool:
        return await self._db.read(partial(keys.known, stream=self._number, scope="seed", key=part))

    async def _once(self, part: str, run: Callable[[Work], T], number: int = 0) -> T:
        """One part, done once whatever happens; its answer is kept. `number`: where, if not in the first warehouse."""
        key = Key("seed", part, hashlib.sha256(part.encode()).digest())
        streams, founds = frozenset({CORE, number or self._number}), part in ("warehouse", "branch")
        done = await self._db.write(Command(run, streams, SEEDER, f"seed.{part}"[:64], key, founds=founds))
        self.news = self.news or not done.replayed
        return done.answer


def _device(work: Work, new: NewDevice) -> UUID:
    return auth.add_device(work, new).device.id


def _warehouse(work: Work, demo: Demo) -> int:
    house = demo.warehouse
    plan = Aisles(
        {aisle.code: aisle.x_mm for aisle in demo.aisles},
        [cross.y_mm for cross in demo.cross_aisles],
        (demo.depot.x_mm, demo.depot.y_mm),
    )
    number = locations.create_warehouse(
        work,
        NewWarehouse(
            number=house.number,
            code=house.code,
            name=house.name,
            time_zone=house.time_zone,
            country=house.country,
            address={
                "name": house.name,
                "street": house.street,
                "postal_code": house.postal_code,
                "city": house.city,
                "country": house.country,
                "phone": house.phone,
            },
            gcp=house.gcp,
            floor=plan,
        ),
    )
    locations.create_zones(work, number, [NewZone(code=zone.code, name=zone.name_en) for zone in demo.zones])
    return number


def _bins(work: Work, demo: Demo) -> int:
    shelves = [
        NewBin(
            code=each.code,
            zone=each.zone,
            aisle=each.aisle,
            bay=each.bay,
            level=each.level,
            side=each.side,
            x_mm=each.x_mm,
            y_mm=each.y_mm,
            z_mm=each.z_mm,
            check_digits=each.check_digits,
            sequence=each.sequence,
            max_weight_g=each.max_weight_g,
            max_volume_ml=each.max_volume_mm3 // 1000,
        )
        for each in demo.bins
    ]
    places = [
        NewBin(
            code=each.code,
            type=each.kind,
            x_mm=each.x_mm or 0,
            y_mm=each.y_mm or 0,
            check_digits=each.check_digits or "",
        )
        for each in demo.places
    ]
    return len(locations.create_bins(work, demo.warehouse.number, [*shelves, *places]))


def _equipment(work: Work, demo: Demo) -> int:
    totes = demo.totes
    volume = totes.length_mm * totes.width_mm * totes.height_mm // 1000
    carts = [equipment.NewCart(each.code, each.slots, volume, totes.max_weight_g) for each in demo.carts]
    number = demo.warehouse.number
    return equipment.add_carts(work, number, carts) + equipment.add_totes(work, number, totes.codes)


def _services(work: Work, demo: Demo) -> int:
    carriers = {each.code: each.name for each in demo.carriers}
    for each in demo.services:
        order_carriers.put_service(
            work,
            NewService(
                code=each.code,
                carrier=carriers[each.carrier],
                name=each.name,
                cutoff=each.cut_off,
                countries=list(each.countries),
                weekdays=list(each.weekdays),
                max_weight_g=each.max_weight_g,
                price_minor=each.price,
                transit_days=each.transit_days,
            ),
        )
    return len(demo.services)


def _items(work: Work, demo: Demo, at: int) -> int:
    portion = demo.items[at : at + PORTION]
    for each in portion:
        catalog.put_item(
            work,
            NewItem(
                sku=each.sku,
                names={"en": each.name_en, "de": each.name_de},
                weight_g=each.weight_g,
                length_mm=each.length_mm,
                width_mm=each.width_mm,
                height_mm=each.height_mm,
                tracking=each.tracking,
                velocity=each.velocity,
                hazmat=each.hazmat or None,
                price_minor=each.price,
                picture_svg=each.picture_svg,
                barcodes=[
                    NewBarcode(code=code.gtin, uom=code.uom, quantity=code.quantity)
                    for code in demo.barcodes_of(each.sku)
                ],
            ),
        )
    return len(portion)


def _stock(work: Work, demo: Demo, rows: Sequence[Stock]) -> int:
    number = demo.warehouse.number
    today = locations.today(work.conn, number, work.now)
    lots = {(lot.sku, lot.lot): today + timedelta(days=lot.expiry_days) for lot in demo.lots}
    ids = catalog.items_by_sku(work.conn, {row.sku for row in rows})
    supplier = Place(locations.special_bin(work.conn, number, "supplier"))
    for row in rows:
        found = locations.bin_by_code(work.conn, number, row.bin)
        if found is None:
            raise ValueError(f"stock.csv: wanted a bin of bins.csv, got {row.bin}")
        goods = Goods(ids[row.sku].id, row.lot, lots.get((row.sku, row.lot)))
        inventory.move(work, number, goods, row.quantity, supplier, Place(found.id), "opening")
    return len(rows)


def _order(each: Order, split: str, warehouse: int) -> NewOrder:
    return NewOrder(
        channel=each.channel,
        external_ref=each.reference,
        currency=each.currency,
        lines=[NewLine(sku=line.sku, quantity=line.quantity, price_minor=line.unit_price) for line in each.lines],
        totals=NewTotals(items_minor=each.goods, shipping_minor=each.shipping, total_minor=each.total),
        customer=Customer(name=each.address.name, email=each.email, phone=each.phone, language=each.language),
        address=Address(
            street=each.address.street,
            postal_code=each.address.postal_code,
            city=each.address.city,
            country=each.address.country,
            name=each.address.name,
        ),
        payment=NewPayment(method="card", token=TOKENS[each.payment]),
        service=each.service,
        split="ship_complete" if split == "ship_complete" else "ship_available",
        warehouse=warehouse,
    )


async def demo(site: Site) -> Sequence[str]:
    """For the first start with `--demo`: loads what is not there yet and says who may sign in."""
    public = load_demo()
    folder = site.settings.data_dir
    pins = await asyncio.to_thread(made, folder, public) if site.settings.reachable else kept(folder)
    data = with_pins(public, pins)
    news = await load(site.db, data)
    there = load_branch()
    for number, printers, run in (
        (data.warehouse.number, data.printers, partial(_stations, demo=data)),
        (there.warehouse.number, there.printers, partial(second.stand, branch=there)),
    ):
        await put_printers(site, number, printers)
        await site.db.write(Command(run, frozenset({CORE, number}), SEEDER, "seed.stations"))
    codes = await _enrolment_codes(site.db)
    names = f"{data.warehouse.name} and {there.warehouse.name}"
    return [
        f"Demo warehouses {names}: {'loaded' if news else 'as they were left'}.",
        *(
            f"  {person.name:<22} {', '.join(person.roles):<22} {person.badge}  PIN {person.pin}"
            for person in data.people
        ),
        *((f"  These PINs are this folder's own and stand in {folder / FILE}.",) if pins else ()),
        *(f"  {name:<22} enrolment code {code}" for name, code in codes),
        *(f"  {name:<22} {page}" for name, page in pages(site)),
    ]


async def no_public_pins(site: Site) -> Sequence[str]:
    """For every start: where others than this machine's own people may come, no PIN of the public file lets in."""
    if not site.settings.reachable:
        return ()
    public = load_demo()
    pins = Pins()
    try:
        lets_in = await _public_pins(site.db, public, pins)
        if not lets_in:
            return ()
        own = await asyncio.to_thread(made, site.settings.data_dir, public)
        for badge, person in lets_in.items():
            change = partial(_own_pin, person=person, pin=auth.NewPin(await pins.hash(own[badge]), once=False))
            await site.db.write(Command(change, frozenset({CORE}), SEEDER, "seed.own_pin"))
    finally:
        pins.close()
    file = site.settings.data_dir / FILE
    return (f"{len(lets_in)} PINs of the demo were everybody's: their people have new ones, which stand in {file}.",)


async def _public_pins(db: Database, public: Demo, pins: Pins) -> dict[str, UUID]:
    """Who signs in with the PIN that stands in the demo's file: badge → person."""

    def there(conn: sa.Connection) -> list[tuple[Person, auth_store.Known | None]]:
        return [(each, auth_store.person_of_badge(conn, each.badge)) for each in public.people]

    found = await db.read(there)
    return {
        each.badge: person.id
        for each, person in found
        if person is not None and await pins.matches(person.pin_hash, each.pin)
    }


def _own_pin(work: Work, person: UUID, pin: auth.NewPin) -> None:
    auth.reset_pin(work, person, pin)


def _stations(work: Work, demo: Demo) -> int:
    for each in demo.stations:
        new = NewStation(code=each.code, name=each.name, bin=each.place, printers=each.printers, parking=each.parking)
        stations.put_station(work, demo.warehouse.number, new)
    for box in demo.cartons:
        cartons.put_carton_type(
            work,
            NewCartonType(
                code=box.code,
                name=box.name_en,
                length_mm=box.length_mm,
                width_mm=box.width_mm,
                height_mm=box.height_mm,
                tare_g=box.weight_g,
                max_weight_g=box.max_weight_g,
                fill_percent=box.fill_percent,
            ),
        )
    return len(demo.stations)


async def _enrolment_codes(db: Database) -> list[tuple[str, str]]:
    """A fresh enrolment code for each device that nobody has enrolled yet."""

    def offer(work: Work) -> list[tuple[str, str]]:
        devices = auth_store.devices(work.conn, None, UUID(int=0), 1000)
        waiting = [device for device in devices if device.state == "offered"]
        return [(device.name, auth.offer_device(work, device.id).code) for device in waiting]

    return (await db.write(Command(offer, frozenset({CORE}), SEEDER, "seed.enrolment_codes"))).answer
