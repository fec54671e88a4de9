"""Why: what a handheld must hold to walk a whole tour without a network, read in a few statements.

The same projection is the HTTP answer and the snapshot of the WebSocket topic `queue`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.auth.models import person
from server.catalog.models import item, item_barcode
from server.db.binds import WAREHOUSE, id_
from server.inventory import store as inventory
from server.inventory.models import lpn
from server.locations.models import bin
from server.orders.models import fulfilment
from server.tasks.models import cart, fact_aside, task, tour, tour_slot
from server.tasks.store import totes


class BinView(msgspec.Struct, frozen=True):
    """A bin as a picker needs it."""

    code: str
    check_digits: str
    aisle: str
    side: str
    level: str
    x_mm: int
    y_mm: int


class BarcodeView(msgspec.Struct, frozen=True):
    """A barcode of an item and how many base units one scan of it means."""

    code: str
    uom: str
    quantity: int


class ItemView(msgspec.Struct, frozen=True):
    """An item as it is recognised."""

    id: UUID
    sku: str
    names: dict[str, str]
    uom: str
    picture: str
    tracking: str
    barcodes: list[BarcodeView]


class StopView(msgspec.Struct, frozen=True):
    """One thing to do at one bin."""

    task: UUID
    kind: str
    state: str
    position: int
    version: int
    bin: BinView
    item: UUID
    lot: str
    expiry: date | None
    quantity: int
    done: int
    short: int
    slot: int | None
    tote: str | None
    order: int | None
    reason: str | None


class SlotView(msgspec.Struct, frozen=True):
    """A slot of the cart: for which order, in which tote."""

    slot: int
    order: int
    tote: str | None


class TourView(msgspec.Struct, frozen=True):
    """A whole tour: enough to walk it to the end with no network."""

    id: UUID
    number: int
    state: str
    version: int
    cutoff_at: datetime
    person: UUID | None
    cart: str | None
    slots: list[SlotView]
    stops: list[StopView]
    items: dict[str, ItemView]
    path: list[list[int]]
    length_mm: int
    bin_order_mm: int
    busy_totes: list[str]


class Offer(msgspec.Struct, frozen=True):
    """A tour that may be taken: nobody's yet, or begun and given back to everyone, or of somebody who is gone."""

    id: UUID
    number: int
    cutoff_at: datetime
    stops: int
    units: int
    slots: int
    length_mm: int
    version: int


class QueueView(msgspec.Struct, frozen=True):
    """What one person sees: their tours whole, what is offered, and loose tasks (put-backs and counts)."""

    tours: dict[str, TourView]
    offers: dict[str, Offer]
    loose: dict[str, StopView]
    items: dict[str, ItemView]


_MINE: Final = (
    sa.select(tour, cart.c.code.label("cart_code"))
    .select_from(tour.outerjoin(cart, tour.c.cart_id == cart.c.id))
    .where(
        tour.c.warehouse_id == WAREHOUSE,
        tour.c.person_id == id_("person"),
        tour.c.state.in_(("taken", "started")),
    )
    .order_by(tour.c.number)
)
_ONE: Final = (
    sa.select(tour, cart.c.code.label("cart_code"))
    .select_from(tour.outerjoin(cart, tour.c.cart_id == cart.c.id))
    .where(tour.c.warehouse_id == WAREHOUSE, tour.c.id == id_("tour"))
)
_OFFERS: Final = (
    sa.select(
        tour.c.id,
        tour.c.number,
        tour.c.cutoff_at,
        sa.func.count(task.c.id),
        sa.func.coalesce(sa.func.sum(task.c.quantity - task.c.done - task.c.short), 0),
        sa.func.count(sa.distinct(task.c.slot)),
        tour.c.length_mm,
        tour.c.version,
    )
    .select_from(
        tour.outerjoin(task, sa.and_(task.c.tour_id == tour.c.id, task.c.state == "open")).outerjoin(
            person, person.c.id == tour.c.person_id
        )
    )
    .where(
        tour.c.warehouse_id == WAREHOUSE,
        sa.or_(
            tour.c.state == "offered",
            sa.and_(
                tour.c.state.in_(("taken", "started")), sa.or_(tour.c.person_id.is_(None), sa.not_(person.c.active))
            ),
        ),
    )
    .group_by(tour.c.id, tour.c.number, tour.c.cutoff_at, tour.c.length_mm, tour.c.version, tour.c.state)
    .having(sa.or_(tour.c.state != "offered", sa.func.count(task.c.id) > 0))
    .order_by(tour.c.cutoff_at, tour.c.number)
    .limit(50)
)
_STOP_COLUMNS: Final = (
    task,
    bin.c.code.label("bin_code"),
    bin.c.check_digits,
    bin.c.aisle,
    bin.c.side,
    bin.c.level,
    bin.c.x_mm,
    bin.c.y_mm,
    lpn.c.code.label("tote_code"),
    fulfilment.c.number.label("order_number"),
)
_STOPS_JOINED: Final = (
    task.join(bin, task.c.bin_id == bin.c.id)
    .outerjoin(tour_slot, sa.and_(tour_slot.c.tour_id == task.c.tour_id, tour_slot.c.slot == task.c.slot))
    .outerjoin(lpn, lpn.c.id == sa.func.coalesce(task.c.lpn_id, tour_slot.c.lpn_id))
    .outerjoin(fulfilment, task.c.fulfilment_id == fulfilment.c.id)
)
_STOPS: Final = (
    sa.select(*_STOP_COLUMNS)
    .select_from(_STOPS_JOINED)
    .where(task.c.warehouse_id == WAREHOUSE, task.c.tour_id == id_("tour"), task.c.state != "waiting")
    .order_by(task.c.position, task.c.id)
)
_LOOSE: Final = (
    sa.select(*_STOP_COLUMNS)
    .select_from(_STOPS_JOINED)
    .where(
        task.c.warehouse_id == WAREHOUSE,
        task.c.tour_id.is_(None),
        task.c.state == "open",
        task.c.kind.in_(("put_back", "count")),
    )
    .order_by(sa.case((task.c.kind == "count", task.c.position), else_=0), task.c.opened_at)
    .limit(100)
)
_SLOTS: Final = (
    sa.select(tour_slot.c.slot, fulfilment.c.number, lpn.c.code)
    .select_from(
        tour_slot.join(fulfilment, tour_slot.c.fulfilment_id == fulfilment.c.id).outerjoin(
            lpn, tour_slot.c.lpn_id == lpn.c.id
        )
    )
    .where(tour_slot.c.warehouse_id == WAREHOUSE, tour_slot.c.tour_id == id_("tour"))
    .order_by(tour_slot.c.slot)
)
_ITEMS: Final = sa.select(item).where(item.c.id.in_(sa.bindparam("items", expanding=True)))
_BARCODES: Final = (
    sa.select(item_barcode)
    .where(item_barcode.c.item_id.in_(sa.bindparam("items", expanding=True)))
    .order_by(item_barcode.c.quantity, item_barcode.c.code)
)


def queue(conn: sa.Connection, warehouse: int, person: UUID) -> QueueView:
    """Everything one person's handheld shows of a warehouse's work."""
    mine = [_tour_view(conn, warehouse, row) for row in conn.execute(_MINE, _values(warehouse, person=person))]
    offers = [Offer(*row) for row in conn.execute(_OFFERS, {"warehouse": warehouse})]
    loose = [_stop(row) for row in conn.execute(_LOOSE, {"warehouse": warehouse})]
    return QueueView(
        tours={str(each.id): each for each in mine},
        offers={str(each.id): each for each in offers},
        loose={str(each.task): each for each in loose},
        items=_items(conn, {each.item for each in loose}),
    )


def tour_view(conn: sa.Connection, warehouse: int, tour_id: UUID) -> TourView | None:
    """One tour, whoever has it; None where the warehouse has no such tour."""
    row = conn.execute(_ONE, _values(warehouse, tour=tour_id)).one_or_none()
    return None if row is None else _tour_view(conn, warehouse, row)


def _values(warehouse: int, **more: Any) -> dict[str, Any]:
    return {"warehouse": warehouse, **more}


def _tour_view(conn: sa.Connection, warehouse: int, row: Any) -> TourView:
    values = _values(warehouse, tour=row.id)
    stops = [_stop(each) for each in conn.execute(_STOPS, values)]
    return TourView(
        id=row.id,
        number=row.number,
        state=row.state,
        version=row.version,
        cutoff_at=row.cutoff_at,
        person=row.person_id,
        cart=row.cart_code,
        slots=[SlotView(*each) for each in conn.execute(_SLOTS, values)],
        stops=stops,
        items=_items(conn, {each.item for each in stops}),
        path=row.path,
        length_mm=row.length_mm,
        bin_order_mm=row.bin_order_mm,
        busy_totes=totes.busy(conn, warehouse),
    )


def _stop(row: Any) -> StopView:
    return StopView(
        task=row.id,
        kind=row.kind,
        state=row.state,
        position=row.position,
        version=row.version,
        bin=BinView(row.bin_code, row.check_digits, row.aisle, row.side, row.level, row.x_mm, row.y_mm),
        item=row.item_id,
        lot=row.lot,
        expiry=row.expiry,
        quantity=row.quantity,
        done=row.done,
        short=row.short,
        slot=row.slot,
        tote=row.tote_code,
        order=row.order_number,
        reason=row.reason,
    )


def _items(conn: sa.Connection, wanted: Iterable[UUID]) -> dict[str, ItemView]:
    values = {"items": list(wanted)}
    if not values["items"]:
        return {}
    codes: dict[UUID, list[BarcodeView]] = defaultdict(list)
    for row in conn.execute(_BARCODES, values):
        codes[row.item_id].append(BarcodeView(row.code, row.uom, row.quantity))
    return {
        str(row.id): ItemView(
            id=row.id,
            sku=row.sku,
            names=row.names,
            uom=row.uom,
            picture=f"/api/items/{row.id}/picture.svg",
            tracking=row.tracking,
            barcodes=codes[row.id],
        )
        for row in conn.execute(_ITEMS, values)
    }


class AsideView(msgspec.Struct, frozen=True):
    """A fact that waits for a supervisor."""

    id: UUID
    state: str
    device: UUID
    person: UUID | None
    kind: str
    body: Any
    why: str
    at: datetime


_ASIDE: Final = (
    sa.select(fact_aside)
    .where(
        fact_aside.c.warehouse_id == WAREHOUSE,
        fact_aside.c.state == "waiting",
        fact_aside.c.id > id_("after"),
    )
    .order_by(fact_aside.c.id)
    .limit(sa.bindparam("limit"))
)


def facts_aside(conn: sa.Connection, warehouse: int, after: UUID, limit: int) -> list[AsideView]:
    """The facts that wait for a supervisor, the oldest first."""
    rows = conn.execute(_ASIDE, {"warehouse": warehouse, "after": after, "limit": limit})
    return [
        AsideView(row.id, row.state, row.device_id, row.person_id, row.kind, row.body, row.why, row.at) for row in rows
    ]


class ToteLine(msgspec.Struct, frozen=True):
    """Goods in a tote."""

    item: UUID
    lot: str
    quantity: int


class ToteView(msgspec.Struct, frozen=True):
    """A tote: its state, its tour and what lies in it."""

    code: str
    state: str
    tour: UUID | None
    lines: list[ToteLine]


def tote(conn: sa.Connection, warehouse: int, code: str) -> ToteView | None:
    """A tote by its barcode; None where the warehouse has no such tote."""
    found = totes.by_code(conn, warehouse, code)
    if found is None:
        return None
    lines = [ToteLine(row.item, row.lot, row.quantity) for row in inventory.contents(conn, warehouse, found.lpn)]
    return ToteView(code, found.state, found.tour, lines)
