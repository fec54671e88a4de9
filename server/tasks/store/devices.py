"""Why: a device's commands come in an unbroken sequence."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from server.auth.models import device as device_table
from server.db.binds import WAREHOUSE, id_
from server.db.prepared import Prepared
from server.tasks.models import device_stream

_ADVANCE: Final = Prepared(
    sa.update(device_stream)
    .where(
        device_stream.c.device_id == id_("device"),
        device_stream.c.epoch == sa.bindparam("of_epoch"),
        device_stream.c.warehouse_id == WAREHOUSE,
        device_stream.c.high_water == sa.bindparam("before"),
    )
    .values(high_water=sa.bindparam("seq"), seen_at=sa.bindparam("now"))
)
_HIGH_WATER: Final = sa.select(device_stream.c.high_water).where(
    device_stream.c.device_id == id_("device"),
    device_stream.c.epoch == sa.bindparam("of_epoch"),
    device_stream.c.warehouse_id == WAREHOUSE,
)
_OTHER_EPOCHS: Final = (
    sa.select(sa.func.count())
    .select_from(device_stream)
    .where(device_stream.c.device_id == id_("device"), device_stream.c.warehouse_id == WAREHOUSE)
)
_STATE: Final = sa.select(device_table.c.state).where(device_table.c.id == id_("device"))
_OPEN_EPOCH: Final = sa.insert(device_stream)


def advance(conn: sa.Connection, warehouse: int, device: UUID, epoch: str, seq: int, now: datetime) -> bool:
    """Moves the high-water mark from seq − 1 to seq; whether it was there."""
    values = {"device": device, "of_epoch": epoch, "warehouse": warehouse, "before": seq - 1, "seq": seq, "now": now}
    return _ADVANCE.change(conn, values) == 1


def high_water(conn: sa.Connection, warehouse: int, device: UUID, epoch: str) -> int | None:
    """The highest sequence number taken from this storage; None for an unknown epoch."""
    values = {"device": device, "of_epoch": epoch, "warehouse": warehouse}
    return conn.execute(_HIGH_WATER, values).scalar_one_or_none()


def locked_out(conn: sa.Connection, device: UUID) -> bool:
    """Whether the device is locked out."""
    return conn.execute(_STATE, {"device": device}).scalar_one_or_none() == "revoked"


def has_other_epoch(conn: sa.Connection, warehouse: int, device: UUID) -> bool:
    """Whether the device has spoken before, from other storage."""
    return bool(conn.execute(_OTHER_EPOCHS, {"device": device, "warehouse": warehouse}).scalar_one())


def open_epoch(conn: sa.Connection, warehouse: int, device: UUID, epoch: str, seq: int, now: datetime) -> None:
    """The first command of new storage."""
    row = {"device_id": device, "epoch": epoch, "warehouse_id": warehouse, "high_water": seq}
    conn.execute(_OPEN_EPOCH, {**row, "opened_at": now, "seen_at": now})
