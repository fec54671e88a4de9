"""Why: carts and totes are things that somebody buys and names; here they enter the books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from server.core import barcodes
from server.core.refusal import Fault, Refusal
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


_NEW_CARTS: Final = sa.insert(cart)
_NEW_LPNS: Final = sa.insert(lpn)
_NEW_TOTES: Final = sa.insert(tote)
_KNOWN_CARTS: Final = sa.select(cart.c.code).where(cart.c.warehouse_id == sa.bindparam("warehouse"))
_KNOWN_LPNS: Final = sa.select(lpn.c.code).where(lpn.c.warehouse_id == sa.bindparam("warehouse"))


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
    known = set(work.execute(_KNOWN_LPNS, {"warehouse": warehouse}).scalars())
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
        Fault("code", f"not a {kind}'s barcode", "T-0001 …" if kind == "tote" else "C-01 …", code)
        for code in codes
        if barcodes.parse(code).kind != kind
    ]
    if faults:
        raise Refusal("invalid", *faults, count=len(faults))
