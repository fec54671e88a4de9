"""Why: a wall and a tablet show a whole warehouse; this is how that picture is put together, live and over HTTP."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from server.analytics import rules, store
from server.analytics.schemas import (
    BoardView,
    DeviceRow,
    MissingTote,
    Need,
    PaceView,
    ParkedRow,
    PersonRow,
    PrinterRow,
    Quarter,
    Stages,
    Today,
    WaveRow,
)
from server.locations import service as locations
from server.spooler import service as spooler

MOST_WAVES: Final = 40
MOST_NEEDS: Final = 50
"""Of each kind: who lets more wait has another trouble."""
MOST_DEVICES: Final = 400
SHOWN_AFTER: Final = timedelta(hours=2)
"""So long after its truck has left a finished wave stays on the board."""
QUARTER: Final = 15 * 60


def board(conn: sa.Connection, warehouse: int, now: datetime) -> BoardView:
    """The board of a warehouse at this moment."""
    return BoardView(
        today=_today(conn, warehouse, now),
        waves={str(each.id): each for each in _waves(conn, warehouse, now)},
        people={str(each.id): each for each in _people(conn, warehouse, now)},
        needs={f"{each.kind}:{each.id}": each for each in _needs(conn, warehouse)},
        printers={
            str(each.id): PrinterRow(each.code, each.name, each.condition, each.waiting, each.unknown)
            for each in spooler.printers(conn, warehouse).items
        },
        devices={str(row.id): DeviceRow(*row) for row in store.devices(conn, warehouse, now, MOST_DEVICES)},
        parked=dict(_parked(conn, warehouse)),
    )


def midnight(conn: sa.Connection, warehouse: int, now: datetime) -> datetime:
    """When the day began where the warehouse stands."""
    zone = ZoneInfo(locations.warehouse_of(conn, warehouse).time_zone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


def _today(conn: sa.Connection, warehouse: int, now: datetime) -> Today:
    since = midnight(conn, warehouse, now)
    lines, right, saved = store.today(conn, warehouse, since)
    return Today(since, lines, right, max(0, round(saved / 1000)))


def _waves(conn: sa.Connection, warehouse: int, now: datetime) -> Iterator[WaveRow]:
    found = store.waves(conn, warehouse, now - SHOWN_AFTER, MOST_WAVES)
    ids = [each.id for each in found]
    lines = store.lines(conn, warehouse, ids) if ids else {}
    carriers: dict[UUID, list[str]] = defaultdict(list)
    for wave, carrier in store.carriers(conn, warehouse, ids) if ids else ():
        carriers[wave].append(carrier)
    paces = _paces(conn, warehouse, now)
    for each in found:
        stages = lines.get(each.id, store.Lines(0, 0, 0, 0, 0, 0))
        pace = {str(minute): count for minute, count in sorted(paces[each.id].items())}
        yield WaveRow(each.id, each.number, each.state, each.cutoff_at, carriers[each.id], Stages(*stages), pace)


def _paces(conn: sa.Connection, warehouse: int, now: datetime) -> defaultdict[UUID | None, Counter[int]]:
    paces: defaultdict[UUID | None, Counter[int]] = defaultdict(Counter)
    for wave, at in store.picked_since(conn, warehouse, now - timedelta(minutes=rules.WINDOW)):
        paces[wave][int(at.timestamp()) // 60] += 1
    return paces


def _people(conn: sa.Connection, warehouse: int, now: datetime) -> Iterator[PersonRow]:
    """Whoever is signed in at a device, and whoever has a tour."""
    tours = {row.person_id: row for row in store.tours(conn, warehouse)}
    names: dict[UUID, tuple[str, str | None]] = {row.person_id: (row.name, None) for row in tours.values()}
    names |= {row.id: (row.name, row.device) for row in store.on_the_floor(conn, warehouse, now)}
    heard = store.last_of(conn, warehouse, list(names)) if names else {}
    for id_, (name, device) in sorted(names.items(), key=lambda each: each[1][0]):
        last, tour = heard.get(id_), tours.get(id_)
        yield PersonRow(
            id=id_,
            name=name,
            device=device,
            heard_at=None if last is None else last.at,
            did=None if last is None else last.kind,
            place=None if last is None else last.place,
            at=None if last is None or last.x_mm is None else (last.x_mm, last.y_mm),
            tour=None if tour is None else tour.id,
            tour_number=None if tour is None else tour.number,
            wave=None if tour is None else tour.wave,
            stops_done=0 if tour is None else int(tour.done or 0),
            stops=0 if tour is None else int(tour.stops or 0),
        )


def _needs(conn: sa.Connection, warehouse: int) -> Iterator[Need]:
    """What waits for a person; the kinds in the order in which they hurt."""
    for row in store.unknown_prints(conn, warehouse, MOST_NEEDS):
        yield Need("print", row.id, row.ended_at, order=row.number, printer=row.name, why=row.reason)
    for row in store.aside(conn, warehouse, MOST_NEEDS):
        yield Need("aside", row.id, row.at, person=row.name, why=row.why, said={"kind": row.kind, "body": row.body})
    for row in store.holds(conn, warehouse, MOST_NEEDS):
        late = row.escalated_at is not None
        yield Need("hold", row.id, row.placed_at, order=row.number, why=row.reason, late=late)
    for row in store.counts(conn, warehouse, MOST_NEEDS):
        yield Need("count", row.id, row.opened_at, bin=row.code, item=row.names, why=row.reason)


def _parked(conn: sa.Connection, warehouse: int) -> Iterator[tuple[str, ParkedRow]]:
    """What waits on a place, by station and place; mostly nothing does, then it is one statement."""
    rows = store.parked_orders(conn, warehouse, MOST_NEEDS)
    totes: dict[UUID, list[Any]] = defaultdict(list)
    for tote in store.totes_of(conn, warehouse, [row.fulfilment_id for row in rows]) if rows else ():
        totes[tote.fulfilment_id].append(tote)
    for row in rows:
        missing = [each for each in totes[row.fulfilment_id] if each.station_id != row.station_id]
        yield (
            f"{row.station_id}:{row.place}",
            ParkedRow(
                order=row.number,
                station=row.station,
                place=row.place,
                since=row.since,
                complete=bool(row.complete),
                totes=[MissingTote(each.code, each.state, each.station, each.cart, each.person) for each in missing],
                to_pick=int(row.to_pick),
                backordered=int(row.backordered),
            ),
        )


def pace(conn: sa.Connection, warehouse: int, now: datetime) -> PaceView:
    """Lines by quarter of an hour since midnight."""
    since = midnight(conn, warehouse, now)
    quarters = Counter(int(at.timestamp()) // QUARTER for _, at in store.picked_since(conn, warehouse, since))
    rows = [Quarter(datetime.fromtimestamp(at * QUARTER, UTC), lines) for at, lines in sorted(quarters.items())]
    return PaceView(since, rows)
