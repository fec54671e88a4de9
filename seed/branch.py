"""Why: an order may come from where its goods lie: the demo has a second, small warehouse with people of its own.

Its floor is laid out by the command that the set-up screens use, so its file says how many, not where each bin stands.
Who works there stands with everybody else in `people.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from seed.model import Cart, Code, Count, Handheld, Printer, Row, Text, Totes, Warehouse
from server.catalog import service as catalog
from server.db.work import Work
from server.inventory import service as inventory
from server.inventory.service import Goods, Place
from server.locations import layout
from server.locations import service as locations
from server.locations.schemas import Layout, PutWarehouse, Sender
from server.orders.schemas.sourcing import ZoneRow
from server.orders.service import sources
from server.packing.schemas import NewStation
from server.packing.service import stations
from server.tasks import equipment

FILE: Final = Path(__file__).parent / "demo" / "branch.toml"


class Lies(Row, frozen=True):
    """Units of an item that lie in a bin of their own."""

    sku: Code
    quantity: Count


class Bench(Row, frozen=True):
    """A pack station with its printer and numbered places."""

    code: Code
    name: Text
    printer: Code
    parking: Count


class Chart(Row, frozen=True):
    """How far each first digit of a German postal code is from a warehouse."""

    warehouse: Count
    zones: Mapping[str, Count]


class Branch(Row, frozen=True):
    """The whole branch."""

    warehouse: Warehouse
    layout: Layout
    cart: tuple[Cart, ...]
    totes: Totes
    printer: tuple[Printer, ...]
    station: tuple[Bench, ...]
    handheld: tuple[Handheld, ...]
    stock: tuple[Lies, ...]
    chart: tuple[Chart, ...]

    @property
    def handhelds(self) -> tuple[Handheld, ...]:
        return self.handheld

    @property
    def printers(self) -> tuple[Printer, ...]:
        return self.printer


def load_branch(file: Path = FILE) -> Branch:
    """The branch as its file says; a ValidationError names what does not fit."""
    return msgspec.convert(tomllib.loads(file.read_text("utf-8")), Branch)


def found(work: Work, branch: Branch) -> int:
    """The warehouse and its floor. Streams 0 and its own, which it founds."""
    house = branch.warehouse
    address = Sender(
        name=house.name, street=house.street, postal_code=house.postal_code, city=house.city, phone=house.phone
    )
    locations.put_warehouse(
        work, house.number,
        PutWarehouse(code=house.code, name=house.name, time_zone=house.time_zone, country=house.country, gcp=house.gcp,
                     address=address),
    )  # fmt: skip
    planned = locations.lay_out(work, house.number, branch.layout)
    return locations.create_missing(work, house.number, list(layout.bins(branch.layout, planned.floor, planned.last)))


def equip(work: Work, branch: Branch) -> None:
    """Its carts and totes."""
    totes = branch.totes
    volume = totes.length_mm * totes.width_mm * totes.height_mm // 1000
    carts = [equipment.NewCart(each.code, each.slots, volume, totes.max_weight_g) for each in branch.cart]
    equipment.add_carts(work, branch.warehouse.number, carts)
    equipment.add_totes(work, branch.warehouse.number, totes.codes)


def fill(work: Work, branch: Branch) -> int:
    """What lies in its bins at the start, one item a bin in the order of the walk."""
    number = branch.warehouse.number
    planned = locations.lay_out(work, number, branch.layout)
    supplier = Place(locations.special_bin(work.conn, number, "supplier"))
    items = catalog.items_by_sku(work.conn, {each.sku for each in branch.stock})
    codes = [each.code for each in layout.bins(branch.layout, planned.floor, 0)][: len(branch.stock)]
    bins = locations.bins_by_code(work.conn, number, codes)
    for each, code in zip(branch.stock, codes, strict=True):
        target = Place(bins[code][0])
        inventory.move(work, number, Goods(items[each.sku].id), each.quantity, supplier, target, "opening")
    return len(codes)


def draw_charts(work: Work, branch: Branch) -> None:
    """How far addresses are from both warehouses."""
    for each in branch.chart:
        rows = [ZoneRow(country="DE", prefix=digit, zone=zone) for digit, zone in sorted(each.zones.items())]
        sources.set_chart(work, each.warehouse, rows)


def stand(work: Work, branch: Branch) -> int:
    """Its pack stations, each start anew: printers are told first."""
    for each in branch.station:
        new = NewStation(code=each.code, name=each.name, printers=[each.printer], parking=each.parking)
        stations.put_station(work, branch.warehouse.number, new)
    return len(branch.station)
