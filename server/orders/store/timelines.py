"""Why: what happened to an order and its fulfilments is kept as keys and parameters, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.auth.models import device
from server.db.binds import id_
from server.db.prepared import Prepared
from server.db.types import Id
from server.orders.models import fulfilment, fulfilment_timeline, order_timeline


class Entry(NamedTuple):
    """A row of either timeline; `part` and `line` are None for the order's own."""

    id: int
    part: UUID | None
    line: UUID | None
    at: datetime
    what: str
    params: dict[str, Any]
    who: str
    device: str | None
    why: str | None
    command: UUID


_add_entries: Final = Prepared(sa.insert(order_timeline))
_add_part_entries: Final = sa.insert(fulfilment_timeline)
_add_part_entry: Final = Prepared(_add_part_entries)
_entries: Final[sa.Select[*tuple[Any, ...]]] = (
    sa.select(
        order_timeline.c.id, sa.null(), sa.null(), order_timeline.c.at, order_timeline.c.what, order_timeline.c.params,
        order_timeline.c.who, order_timeline.c.device, order_timeline.c.why, order_timeline.c.command_id,
    )
    .where(order_timeline.c.order_id == id_("order"))
    .order_by(order_timeline.c.id)
)  # fmt: skip
_part_entries: Final[sa.Select[*tuple[Any, ...]]] = (
    sa.select(
        fulfilment_timeline.c.id, fulfilment_timeline.c.fulfilment_id, fulfilment_timeline.c.line_id,
        fulfilment_timeline.c.at, fulfilment_timeline.c.what, fulfilment_timeline.c.params,
        fulfilment_timeline.c.who, fulfilment_timeline.c.device, fulfilment_timeline.c.why,
        fulfilment_timeline.c.command_id,
    )
    .join(fulfilment, fulfilment.c.id == fulfilment_timeline.c.fulfilment_id)
    .where(
        fulfilment.c.order_id == id_("order"),
        fulfilment_timeline.c.warehouse_id == fulfilment.c.warehouse_id,
    )
    .order_by(fulfilment_timeline.c.id)
)  # fmt: skip
_taken_in: Final = (
    sa.select(order_timeline.c.params)
    .where(order_timeline.c.order_id == id_("order"), order_timeline.c.what == "merged_into")
    .order_by(order_timeline.c.id.desc())
    .limit(1)
)
_devices: Final = sa.select(device.c.id, device.c.name).where(
    device.c.id.in_(sa.bindparam("ids", type_=Id(), expanding=True))
)


def add(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Tells something about an order."""
    if rows:
        _add_entries.change_all(conn, rows)


def add_of_part(conn: Connection, row: dict[str, Any]) -> None:
    """Tells something about a fulfilment."""
    _add_part_entry.later(conn, row)


def add_of_parts(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Tells something about many fulfilments."""
    if rows:
        conn.execute(_add_part_entries, rows)


def of_order(conn: Connection, order_id: UUID) -> list[Entry]:
    """Everything told about an order and its fulfilments, each of the two in its own order."""
    own = [Entry(*row) for row in conn.execute(_entries, {"order": order_id})]
    parts = [Entry(*row) for row in conn.execute(_part_entries, {"order": order_id})]
    return own + parts


def taken_in_by(conn: Connection, order_id: UUID) -> int | None:
    """The number of the order that was given all of this one."""
    said = conn.execute(_taken_in, {"order": order_id}).scalars().first()
    return None if said is None else int(said["order"])


def device_names(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these devices are called."""
    wanted = list(set(ids))
    return {row[0]: row[1] for row in conn.execute(_devices, {"ids": wanted})} if wanted else {}
