"""Why: carts and totes are things that somebody buys and names; here they enter the books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Final

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.core import barcodes
from server.core.refusal import Fault, Refusal
from server.db.binds import WAREHOUSE
from server.db.work import Work
from server.inventory.models import lpn
from server.tasks.lifecycle import TOTE
from server.tasks.models import cart, tote


class NewCart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cart: its barcode (`C-07`), how many totes it takes, and what one of them holds."""

    code: str
    slots: int
    slot_volume_ml: int
    slot_weight_g: int


class MoreCarts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """So many more carts, all alike; they are numbered on."""

    count: Annotated[int, Meta(ge=1, le=50)]
    slots: Annotated[int, Meta(ge=1, le=24)]
    slot_volume_ml: Annotated[int, Meta(ge=1_000, le=1_000_000)]
    slot_weight_g: Annotated[int, Meta(ge=1_000, le=500_000)]


class MoreTotes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """So many more totes; they are numbered on."""

    count: Annotated[int, Meta(ge=1, le=200)]


class Added(msgspec.Struct, frozen=True):
    """The barcodes of what was added, in order."""

    codes: list[str]


class CartRow(msgspec.Struct, frozen=True):
    """A cart in a list; `busy` while a tour has it."""

    code: str
    slots: int
    slot_volume_ml: int
    slot_weight_g: int
    busy: bool


class CartList(msgspec.Struct, frozen=True):
    """A page of carts; `next` is the `after` of the page behind it."""

    items: list[CartRow]
    next: str | None


class ToteRow(msgspec.Struct, frozen=True):
    """A tote in a list."""

    code: str
    state: str


class ToteList(msgspec.Struct, frozen=True):
    """A page of totes; `next` is the `after` of the page behind it."""

    items: list[ToteRow]
    next: str | None


_NEW_CARTS: Final = sa.insert(cart)
_NEW_LPNS: Final = sa.insert(lpn)
_NEW_TOTES: Final = sa.insert(tote)
_KNOWN_CARTS: Final = sa.select(cart.c.code).where(cart.c.warehouse_id == sa.bindparam("warehouse"))
_KNOWN_TOTES: Final = (
    sa.select(lpn.c.code).join(tote, tote.c.lpn_id == lpn.c.id).where(tote.c.warehouse_id == WAREHOUSE)
)
_KNOWN_LPNS: Final = sa.select(lpn.c.code).where(
    lpn.c.warehouse_id == WAREHOUSE, lpn.c.code.in_(sa.bindparam("codes", expanding=True))
)


def behind(code: sa.Column[str]) -> sa.ColumnElement[bool]:
    """Whether a code comes behind the one in `after`."""
    after = sa.bindparam("after", type_=sa.Text())
    longer = sa.func.length(code) > sa.func.length(after)
    return sa.or_(longer, sa.and_(sa.func.length(code) == sa.func.length(after), code > after))


def by_number(code: sa.Column[str]) -> tuple[sa.ColumnElement[int], sa.ColumnElement[str]]:
    """In the order in which they are numbered: T-10000 comes behind T-9999."""
    return sa.func.length(code), code


_CARTS: Final = (
    sa.select(
        cart.c.code,
        cart.c.slots,
        cart.c.slot_volume_ml,
        cart.c.slot_weight_g,
        cart.c.tour_id.is_not(None).label("busy"),
    )
    .where(cart.c.warehouse_id == WAREHOUSE, behind(cart.c.code))
    .order_by(*by_number(cart.c.code))
    .limit(sa.bindparam("most"))
)
_TOTES: Final = (
    sa.select(lpn.c.code, tote.c.state)
    .join(tote, tote.c.lpn_id == lpn.c.id)
    .where(lpn.c.warehouse_id == WAREHOUSE, tote.c.warehouse_id == WAREHOUSE, behind(lpn.c.code))
    .order_by(*by_number(lpn.c.code))
    .limit(sa.bindparam("most"))
)


def carts(conn: sa.Connection, warehouse: int, after: str, limit: int) -> CartList:
    """Carts by code."""
    rows = [
        CartRow(row.code, row.slots, row.slot_volume_ml, row.slot_weight_g, bool(row.busy))
        for row in conn.execute(_CARTS, {"warehouse": warehouse, "after": after, "most": limit + 1})
    ]
    return CartList(rows[:limit], rows[limit - 1].code if len(rows) > limit else None)


def totes(conn: sa.Connection, warehouse: int, after: str, limit: int) -> ToteList:
    """Totes by code."""
    rows = [ToteRow(*row) for row in conn.execute(_TOTES, {"warehouse": warehouse, "after": after, "most": limit + 1})]
    return ToteList(rows[:limit], rows[limit - 1].code if len(rows) > limit else None)


def more_carts(work: Work, warehouse: int, more: MoreCarts) -> Added:
    """Adds carts alike, numbered on from the highest there is: C-01, C-02, …"""
    known = work.execute(_KNOWN_CARTS, {"warehouse": warehouse}).scalars()
    codes = _next_codes("C-", 2, known, more.count)
    add_carts(work, warehouse, [NewCart(code, more.slots, more.slot_volume_ml, more.slot_weight_g) for code in codes])
    return Added(codes)


def more_totes(work: Work, warehouse: int, more: MoreTotes) -> Added:
    """Adds empty totes, numbered on from the highest there is: T-0001, T-0002, …"""
    known = work.execute(_KNOWN_TOTES, {"warehouse": warehouse}).scalars()
    codes = _next_codes("T-", 4, known, more.count)
    add_totes(work, warehouse, codes)
    return Added(codes)


def _next_codes(prefix: str, digits: int, known: Iterable[str], count: int) -> list[str]:
    numbers = [int(rest) for code in known if code.startswith(prefix) and (rest := code[len(prefix) :]).isdigit()]
    first = max(numbers, default=0) + 1
    return [f"{prefix}{number:0{digits}d}" for number in range(first, first + count)]


def add_carts(work: Work, warehouse: int, carts: Sequence[NewCart]) -> int:
    """Adds the carts whose codes are new; answers how many. Refuses a code that is no cart's barcode."""
    _of_kind("cart", [each.code for each in carts])
    known = set(work.execute(_KNOWN_CARTS, {"warehouse": warehouse}).scalars())
    rows = [
        {"id": work.new_id(), "warehouse_id": warehouse, **msgspec.structs.asdict(each)}
        for each in carts
        if each.code not in known
    ]
    if rows:
        work.execute(_NEW_CARTS, rows)
    return len(rows)


def add_totes(work: Work, warehouse: int, codes: Iterable[str]) -> int:
    """Adds the totes whose codes are new, empty; answers how many. Refuses a code that is no tote's barcode."""
    wanted = list(codes)
    _of_kind("tote", wanted)
    known = set(work.execute(_KNOWN_LPNS, {"warehouse": warehouse, "codes": wanted}).scalars())
    plates = [
        {"id": work.new_id(), "warehouse_id": warehouse, "kind": "tote", "code": code}
        for code in wanted
        if code not in known
    ]
    if plates:
        work.execute(_NEW_LPNS, plates)
        totes = [{"lpn_id": each["id"], "warehouse_id": warehouse, "state": TOTE.initial} for each in plates]
        work.execute(_NEW_TOTES, totes)
    return len(plates)


def _of_kind(kind: str, codes: Iterable[str]) -> None:
    faults = [
        Fault("code", "This is no barcode of such a thing.", "T-0001 …" if kind == "tote" else "C-01 …", code)
        for code in codes
        if barcodes.parse(code).kind != kind
    ]
    if faults:
        raise Refusal("invalid", *faults, count=len(faults))
