"""Why: where orders can be sent from: the carriers' zones, how busy each warehouse is, the policies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import padded
from server.orders.models import order, sourcing_policy, zone_chart


class Zone(NamedTuple):
    """A row of a zone chart."""

    country: str
    prefix: str
    zone: int
    price_minor: int | None


_Z: Final = zone_chart.c
_WAREHOUSE: Final = sa.bindparam("from", type_=sa.SmallInteger())
_zones: Final = (
    sa.select(_Z.country, _Z.prefix, _Z.from_warehouse, _Z.zone, _Z.price_minor)
    .where(
        _Z.country.in_(sa.bindparam("countries", expanding=True)),
        _Z.prefix.in_(sa.bindparam("prefixes", expanding=True)),
    )
    .order_by(sa.func.length(_Z.prefix))
)
_chart: Final = (
    sa.select(_Z.country, _Z.prefix, _Z.zone, _Z.price_minor)
    .where(_Z.from_warehouse == _WAREHOUSE)
    .order_by(_Z.country, _Z.prefix)
)
_add_zones: Final = sa.insert(zone_chart)
_drop_chart: Final = sa.delete(zone_chart).where(_Z.from_warehouse == _WAREHOUSE)
_drop_zone: Final = sa.delete(zone_chart).where(
    _Z.from_warehouse == _WAREHOUSE, _Z.country == sa.bindparam("of"), _Z.prefix == sa.bindparam("area")
)
_waiting: Final = (
    sa.select(order.c.warehouse_id, sa.func.count()).where(order.c.status == "ready").group_by(order.c.warehouse_id)
)
_policies: Final = sa.select(sourcing_policy.c.channel, sourcing_policy.c.policy).order_by(sourcing_policy.c.channel)
_add_policy: Final = sa.insert(sourcing_policy)
_drop_policy: Final = sa.delete(sourcing_policy).where(sourcing_policy.c.channel == sa.bindparam("of"))


class Charts(NamedTuple):
    """The rows of the zone charts that may fit some addresses: by country and prefix of the postal code."""

    rows: dict[tuple[str, str], dict[int, tuple[int, int | None]]]

    def zones(self, country: str, postal_code: str) -> dict[int, tuple[int, int | None]]:
        """By warehouse the zone of an address and the price of a parcel there, by the longest prefix that fits."""
        found: dict[int, tuple[int, int | None]] = {}
        for prefix in _prefixes(postal_code):
            found |= self.rows.get((country, prefix), {})
        return found


def charts(conn: Connection, addresses: Iterable[tuple[str, str]]) -> Charts:
    """What the zone charts say of these countries and postal codes."""
    known = list(addresses)
    given = {
        "countries": padded({country for country, _ in known}),
        "prefixes": padded({prefix for _, code in known for prefix in _prefixes(code)}),
    }
    rows: dict[tuple[str, str], dict[int, tuple[int, int | None]]] = {}
    for country, prefix, warehouse, zone, price in conn.execute(_zones, given) if known else ():
        rows.setdefault((country, prefix), {})[warehouse] = (zone, price)
    return Charts(rows)


def _prefixes(postal_code: str) -> list[str]:
    """The shortest first, each longer one means more."""
    code = postal_code.replace(" ", "").upper()
    return [code[:length] for length in range(len(code) + 1)]


def chart(conn: Connection, warehouse: int) -> list[Zone]:
    """The zones as seen from a warehouse."""
    return [Zone(*row) for row in conn.execute(_chart, {"from": warehouse})]


def set_chart(conn: Connection, warehouse: int, rows: Sequence[dict[str, Any]]) -> None:
    """The whole chart of a warehouse; the one before is gone."""
    conn.execute(_drop_chart, {"from": warehouse})
    if rows:
        conn.execute(_add_zones, [{"from_warehouse": warehouse, **row} for row in rows])


def put_zone(conn: Connection, warehouse: int, row: Zone) -> None:
    """One row of a chart; the one before for its prefix is gone."""
    drop_zone(conn, warehouse, row.country, row.prefix)
    conn.execute(_add_zones, [{"from_warehouse": warehouse, **row._asdict()}])


def drop_zone(conn: Connection, warehouse: int, country: str, prefix: str) -> bool:
    """That prefix stands no more; whether it did."""
    return conn.execute(_drop_zone, {"from": warehouse, "of": country, "area": prefix}).rowcount > 0


def waiting(conn: Connection) -> dict[int, int]:
    """How many orders are ready in each warehouse."""
    return {row[0]: row[1] for row in conn.execute(_waiting)}


def policies(conn: Connection) -> dict[str, str]:
    """The policy of each channel; "" is the others'."""
    return {row[0]: row[1] for row in conn.execute(_policies)}


def set_policy(conn: Connection, channel: str, name: str | None) -> None:
    """A channel's policy; None: the others' counts again."""
    conn.execute(_drop_policy, {"of": channel})
    if name is not None:
        conn.execute(_add_policy, {"channel": channel, "policy": name})
