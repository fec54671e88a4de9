"""A warehouse with goods and services, so that orders can be taken in, held, released and paid, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.catalog import service as catalog
from server.catalog.schemas import NewBarcode, NewItem
from server.core.barcodes import check_digit
from server.core.clock import ManualClock
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Reaction, Together, Work
from server.inventory import service as inventory
from server.inventory.service import Goods, Place
from server.locations import service as locations
from server.locations.schemas import Aisles, NewBin, NewWarehouse, NewZone
from server.orders.projection import order_page
from server.orders.rules import PAID_FIRST
from server.orders.schemas.captures import EXAMPLE, Captured, NewLine, NewOrder, NewPayment, NewTotals
from server.orders.schemas.pages import OrderPage
from server.orders.schemas.services import NewService
from server.orders.service import captures, carriers, fulfilments, statuses
from server.orders.service import lines as order_lines
from server.orders.store import promises
from server.payments.service import payments

T = TypeVar("T")

REACTIONS: Mapping[str, Sequence[Reaction]] = {
    "order.captured": (Together(payments.on_orders_captured),),
    "order.cancelled": (payments.on_order_cancelled,),
    "order.edited": (payments.on_order_edited,),
}
DESK = Actor(name="Sara")
PLAN = Aisles({"A01": 1000, "A02": 4000}, [0, 6000, 12000], (1000, 0))
SERVICES = (
    NewService(code="nordpost-parcel", carrier="nordpost", name="Parcel", cutoff="16:00", countries=["DE"],
               weekdays=[1, 2, 3, 4, 5, 6]),
    NewService(code="blitz-express", carrier="blitz", name="Express", cutoff="14:30"),
)  # fmt: skip


def gtin(number: int) -> str:
    """A valid GTIN-13 of the demonstration range."""
    body = f"952{number:09d}"
    return body + check_digit(body)


def order(
    reference: str = "WEB-1",
    lines: Iterable[tuple[str, int, int]] = (("HONEY", 2, 500),),
    *,
    method: str = "card",
    token: str = "ok",
    shipping: int = 490,
    received: bool = True,
    **changes: Any,
) -> NewOrder:
    """A right order; `lines` are SKU, quantity and price."""
    asked = [NewLine(sku=sku, quantity=quantity, price_minor=price) for sku, quantity, price in lines]
    items = sum(line.quantity * line.price_minor for line in asked)
    totals = NewTotals(items_minor=items, shipping_minor=shipping, total_minor=items + shipping)
    whole = {
        "external_ref": reference, "lines": asked, "totals": totals,
        "payment": NewPayment(method=method, token=token, received=method in PAID_FIRST and received), **changes,
    }  # fmt: skip
    return msgspec.structs.replace(EXAMPLE, **whole)


@dataclass
class Shop:
    """The warehouse and everything in it."""

    db: Database
    clock: ManualClock
    items: dict[str, UUID] = field(default_factory=dict)
    bins: dict[str, UUID] = field(default_factory=dict)

    async def do(self, run: Callable[[Work], T], *streams: int, actor: Actor = DESK) -> T:
        """One command in these streams (without any: stream 0)."""
        return (await self.db.write(Command(run, frozenset(streams or (CORE,)), actor, "test"))).answer

    async def capture(self, new: NewOrder | None = None) -> Captured:
        """Takes an order in."""
        return await self.do(lambda work: captures.capture(work, new or order()))

    async def release(
        self, order_id: UUID, wave: UUID | None = None, warehouse: int = 1, **reserved: int
    ) -> fulfilments.Fulfilment:
        """Gives what lies ready of an order to the floor; `reserved` by SKU, without any everything is."""

        def run(work: Work) -> fulfilments.Fulfilment:
            lines = promises.ready(work.conn, order_id, warehouse)
            skus = {item: sku for sku, item in self.items.items()}
            found = {
                line.id: fulfilments.Allocated(reserved.get(skus[line.item], 0) if reserved else line.wanted)
                for line in lines
            }
            return fulfilments.create(work, order_id, wave, found, warehouse=warehouse, visible=wave is None)

        return await self.do(run, CORE, warehouse)

    async def change(self, line: UUID, what: str, params: dict[str, Any] | None = None, **deltas: int) -> Any:
        """What the floor does with a line."""
        return await self.do(lambda work: order_lines.change(work, line, what, params, why=None, **deltas), 1)

    async def refresh(self, order_id: UUID) -> str:
        """The order follows."""
        return await self.do(lambda work: statuses.refresh(work, order_id))

    async def page(self, number: int) -> OrderPage:
        """The order's page."""
        return await self.db.snapshot(lambda conn: order_page(conn, number))

    async def ask(self, statement: sa.Executable) -> list[Any]:
        """The rows of a statement."""
        return await self.db.read(lambda conn: list(conn.execute(statement)))


async def build(db: Database, clock: ManualClock, stock: dict[str, int] | None = None) -> Shop:
    """A shop with this stock: units by SKU."""
    shop = Shop(db, clock)
    held = {"HONEY": 10, "TEA": 5, "MILK": 0} if stock is None else stock
    await shop.do(lambda work: _places(work, shop), CORE, 1)
    await shop.do(lambda work: _goods(work, shop, held))
    await shop.do(lambda work: _stock(work, shop, held), 1)
    return shop


def _places(work: Work, shop: Shop) -> None:
    address = {"name": "Test", "street": "Hof 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}
    locations.create_warehouse(
        work,
        NewWarehouse(number=1, code="TST", name="Test", time_zone="Europe/Berlin", country="DE", address=address,
                     gcp="4012345", floor=PLAN),
    )  # fmt: skip
    locations.create_zones(work, 1, [NewZone(code="Z", name="Zone")])
    shelves = [
        NewBin(code=f"{aisle}-{bay:02d}-A", zone="Z", aisle=aisle, bay=bay, level="A", x_mm=x, y_mm=600 + bay * 1000,
               sequence=number * 100 + bay)
        for number, (aisle, x) in enumerate(PLAN.aisles.items(), 1)
        for bay in range(1, 6)
    ]  # fmt: skip
    virtual = [NewBin(code=code, type=kind) for code, kind in (("SUPPLIER", "supplier"), ("CUSTOMER", "customer"))]
    shop.bins = locations.create_bins(work, 1, [*shelves, *virtual])


def _goods(work: Work, shop: Shop, stock: dict[str, int]) -> None:
    for number, sku in enumerate(stock):
        new = NewItem(
            sku=sku, names={"en": sku.title(), "de": f"{sku.title()} (de)"}, weight_g=500, length_mm=100, width_mm=80,
            height_mm=60, barcodes=[NewBarcode(code=gtin(number))],
        )  # fmt: skip
        shop.items[sku] = catalog.put_item(work, new)
    for service in SERVICES:
        carriers.put_service(work, service)


def _stock(work: Work, shop: Shop, stock: dict[str, int]) -> None:
    shelves = iter(code for code in shop.bins if code.startswith("A"))
    for sku, quantity in stock.items():
        if quantity:
            source, target = Place(shop.bins["SUPPLIER"]), Place(shop.bins[next(shelves)])
            inventory.move(work, 1, Goods(shop.items[sku]), quantity, source, target, "opening")
