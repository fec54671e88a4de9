"""Why: what a packer may choose among, the same in all warehouses."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from server.packing.models import carton_type

_TYPES: Final = sa.select(carton_type).order_by(carton_type.c.code)
_ADD_TYPE: Final = sa.insert(carton_type)
_TYPE_KNOWN: Final = sa.select(carton_type.c.code).where(carton_type.c.code == sa.bindparam("code"))


def every(conn: sa.Connection) -> list[Any]:
    """All carton types; a carton may still be of one that is no longer `active`."""
    return list(conn.execute(_TYPES))


def add(conn: sa.Connection, row: dict[str, Any]) -> bool:
    """A carton type; whether its code is new."""
    if conn.execute(_TYPE_KNOWN, {"code": row["code"]}).first() is not None:
        return False
    conn.execute(_ADD_TYPE, row)
    return True
