"""Why: an order is checked against the services that carriers offer and the clocks of the warehouses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.prepared import Prepared
from server.locations.models import warehouse
from server.orders.models import carrier_service
from server.orders.schemas.services import ServiceView

_services: Final = Prepared(sa.select(
    carrier_service.c.code, carrier_service.c.cutoff, carrier_service.c.weekdays, carrier_service.c.countries,
    carrier_service.c.active, carrier_service.c.max_weight_g, carrier_service.c.price_minor,
))  # fmt: skip
_every: Final = sa.select(
    carrier_service.c.code, carrier_service.c.carrier, carrier_service.c.name, carrier_service.c.cutoff,
    carrier_service.c.countries, carrier_service.c.weekdays, carrier_service.c.max_weight_g,
    carrier_service.c.price_minor, carrier_service.c.transit_days, carrier_service.c.active,
).order_by(carrier_service.c.code)  # fmt: skip
_service_names: Final = sa.select(carrier_service.c.code, carrier_service.c.carrier, carrier_service.c.name)
_warehouse_names: Final = sa.select(warehouse.c.id, warehouse.c.name)
_zones: Final = Prepared(sa.select(warehouse.c.id, warehouse.c.time_zone))
_add_service: Final = sa.insert(carrier_service)
_change_service: Final = (
    sa.update(carrier_service)
    .where(carrier_service.c.code == sa.bindparam("of"))
    .values(
        {
            column: sa.bindparam(f"new_{column.name}", type_=column.type)
            for column in carrier_service.c
            if column.name != "code"
        }
    )
)


def services(conn: Connection) -> list[Sequence[Any]]:
    """Code, cut-off, weekdays, countries, whether it is offered, weight in grams and price, of every service."""
    return _services.rows(conn, {})


def every(conn: Connection) -> list[ServiceView]:
    """Every service as it is set up, by code."""
    return [ServiceView(**row._mapping) for row in conn.execute(_every)]


def names(conn: Connection) -> dict[str, str]:
    """What people call each service, by its code: carrier and name."""
    return {code: f"{carrier} · {name}" for code, carrier, name in conn.execute(_service_names)}


def time_zones(conn: Connection) -> dict[int, str]:
    """The time zone of each warehouse."""
    return {row[0]: row[1] for row in _zones.rows(conn, {})}


def warehouse_names(conn: Connection) -> dict[int, str]:
    """What people call each warehouse."""
    return {row[0]: row[1] for row in conn.execute(_warehouse_names)}


def put(conn: Connection, code: str, row: Mapping[str, Any], known: bool) -> None:
    """Keeps a service, or replaces what is known of it."""
    if known:
        conn.execute(_change_service, {"of": code, **{f"new_{name}": value for name, value in row.items()}})
    else:
        conn.execute(_add_service, {"code": code, **row})
