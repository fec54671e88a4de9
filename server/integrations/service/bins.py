"""Why: a bin of a file is made, or changed in what the file says of it; where nobody measured, its place is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

import msgspec
import sqlalchemy as sa

from server.db.work import Work
from server.integrations.drafts import BinRow, Draft, Options, RowFault
from server.integrations.kinds import Kind
from server.integrations.service.found import Found, Ways
from server.locations import service as locations
from server.locations.models import VIRTUAL_TYPES
from server.locations.schemas import NewBin

_FIELDS: Final = frozenset(NewBin.__struct_fields__)
_STEP: Final = 10
"""Between two bins in bin order, so that one fits between them."""


def look(conn: sa.Connection, _kind: Kind, drafts: Sequence[Draft], options: Options) -> list[Found]:
    """Which are new, which change."""
    rows = [cast(BinRow, draft.record) for draft in drafts]
    known = locations.bins_by_code(conn, options.warehouse, [row.new.code for row in rows])
    found = []
    for row in rows:
        own = known.get(row.new.code)
        if own is None:
            found.append(Found())
        elif own[1].type in VIRTUAL_TYPES:
            found.append(Found(faults=(RowFault(row.row, "code", "virtual", got=row.new.code),)))
        else:
            found.append(Found("skipped" if merged(own[1], row) == own[1] else "changed"))
    return found


def write(work: Work, draft: Draft, options: Options) -> str:
    """Makes it or changes it."""
    row = cast(BinRow, draft.record)
    own = locations.bins_by_code(work.conn, options.warehouse, [row.new.code]).get(row.new.code)
    if own is None:
        new = row.new if "sequence" in row.given else msgspec.structs.replace(row.new, sequence=row.row * _STEP)
        locations.put_bin(work, options.warehouse, new, row.given, zone_name=row.zone_name)
        return ""
    moved = {"x_mm", "y_mm", "z_mm"} if row.given & {"aisle", "bay", "level", "side"} else set()
    changed = merged(own[1], row)
    locations.put_bin(work, options.warehouse, changed, _FIELDS - (moved - row.given), zone_name=row.zone_name)
    return ""


def merged(known: NewBin, row: BinRow) -> NewBin:
    """A known bin with what a file says of it."""
    return msgspec.structs.replace(known, **{name: getattr(row.new, name) for name in row.given & _FIELDS})


def prepare(work: Work, options: Options) -> None:
    """A warehouse with shelves has the places that close the books."""
    locations.ensure_virtual_bins(work, options.warehouse)


WAYS = Ways(look, write, prepare)
