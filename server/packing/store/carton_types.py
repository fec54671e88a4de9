"""Why: what a packer may choose among, the same in all warehouses."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from server.packing.models import carton_type
from server.packing.schemas import CartonTypeView

_TYPES: Final = sa.select(carton_type).order_by(carton_type.c.code)
_ADD_TYPE: Final = sa.insert(carton_type)
_CHANGE_TYPE: Final = (
    sa.update(carton_type)
    .where(carton_type.c.code == sa.bindparam("of"))
    .values(
        {each.name: sa.bindparam(f"new_{each.name}", type_=each.type) for each in carton_type.c if each.name != "code"}
    )
)


def every(conn: sa.Connection) -> list[Any]:
    """All carton types; a carton may still be of one that is no longer `active`."""
    return list(conn.execute(_TYPES))


def view(row: Any) -> CartonTypeView:
    """A row as it is shown to who sets it up."""
    return CartonTypeView(**row._mapping)


def put(conn: sa.Connection, row: dict[str, Any], known: bool) -> None:
    """A carton type, or other words for one that is known."""
    if not known:
        conn.execute(_ADD_TYPE, row)
        return
    values = {f"new_{name}": value for name, value in row.items() if name != "code"}
    conn.execute(_CHANGE_TYPE, {"of": row["code"], **values})
