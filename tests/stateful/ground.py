"""One warehouse for many runs: it is emptied and stocked anew in a single command, so that a run costs little."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import sqlalchemy as sa

from server.core.clock import ManualClock
from server.core.events import EVENTS
from server.core.ids import new_id
from server.db import base, sqlite, tables, urls
from server.db.base import CORE
from server.db.database import Database
from server.db.work import Work
from server.fanout.table import REACTIONS
from server.inventory import service as inventory
from server.inventory.models import lpn
from server.inventory.service import Goods, Place
from server.orders.schemas.services import NewService
from server.orders.service import carriers
from server.packing.commands import KINDS as PACKING
from server.packing.schemas import NewCartonType, NewStation
from server.packing.service import cartons
from server.packing.service import stations as benches
from server.shipping.commands import KINDS as SHIPPING
from server.tasks.floor import KINDS, FloorDesk
from server.tasks.models import cart, tote
from tests.support.world import SERVICE, Handheld, OpenTickets, World, build

T = TypeVar("T")

SKUS: Final = ("MILK", "OATS", "HONEY")
STOCK: Final[Sequence[tuple[str, str, int, str, date | None]]] = (
    ("MILK", "A02-03-A", 6, "", None),
    ("MILK", "A04-05-A", 5, "", None),
    ("OATS", "A01-02-A", 9, "", None),
    ("HONEY", "A03-01-A", 3, "L1", date(2027, 1, 1)),
    ("HONEY", "A03-08-A", 8, "L2", date(2027, 9, 1)),
)
"""SKU, bin, units, lot, expiry: little enough that orders and shorts run into each other."""

BEGINS: Final = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""When each run begins."""
STATIONS: Final = ("PACK-1", "STAGE-1")
"""Codes of the pack stations, and of the bins they stand in."""
CARTONS: Final = {"S": (150, 100), "M": (400, 200)}
"""Carton types: a cube's side in mm and its tare in g. An order of some units does not fit into a small one."""

_OWN: Final = frozenset({base.command.name, base.event.name, base.counter.name})


@dataclass
class Ground:
    """The warehouse, the loop on which it lives, and two people with a handheld each."""

    loop: asyncio.AbstractEventLoop
    world: World
    hands: list[Handheld]
    stations: list[UUID]
    to_empty: list[sa.Table]
    reader: sa.Connection | None
    """On SQLite: a connection of its own to look through, without the hops of the asynchronous one."""
    runs: int = 0
    whole_runs: int = 0
    """Runs that came to their end and had as many steps as they should."""
    received: dict[UUID, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.filled = sa.union_all(
            *(sa.select(sa.literal(table.name)).where(sa.exists(sa.select(table))) for table in self.to_empty)
        )
        """Which of them have a row, in one statement: most have none after a run."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine to its end; the writers of the database live on the same loop."""
        return self.loop.run_until_complete(work)

    def look(self, fn: Callable[[sa.Connection], T]) -> T:
        """Runs `fn` on one unchanging picture of what is committed."""
        if self.reader is None:
            return self.run(self.world.db.snapshot(fn))
        self.reader.exec_driver_sql("BEGIN")
        try:
            return fn(self.reader)
        finally:
            self.reader.exec_driver_sql("ROLLBACK")

    def fresh(self) -> None:
        """An empty warehouse with this run's stock, and devices with new storage."""
        self.runs += 1
        clock = self.world.clock  # what was promised for a day depends on the hour at which a run begins
        clock.advance((BEGINS - clock.now()).total_seconds())
        for hand in self.hands:
            hand.epoch, hand.seq = f"epoch-{self.runs:06d}", 0
        self.received = {}
        for sku, _, units, _, _ in STOCK:
            item = self.world.items[sku]
            self.received[item] = self.received.get(item, 0) + units
        self.run(self.world.both(self._anew))

    def _anew(self, work: Work) -> None:
        filled = set(work.execute(self.filled).scalars())
        for table in self.to_empty:
            if table.name in filled:
                work.execute(sa.delete(table))
        work.execute(sa.delete(lpn).where(lpn.c.kind != "tote"))
        work.execute(sa.update(cart).values(tour_id=None))
        work.execute(sa.update(tote).values(state="empty", tour_id=None, station_id=None))
        for sku, code, units, lot, expiry in STOCK:
            source, target = Place(self.world.bins["SUPPLIER"]), Place(self.world.bins[code])
            goods = Goods(self.world.items[sku], lot, expiry)
            inventory.move(work, self.world.warehouse, goods, units, source, target, "opening")


def open_ground(url: str) -> Ground:
    """The warehouse on a fresh migrated database, with a loop of its own."""
    loop = asyncio.new_event_loop()
    return loop.run_until_complete(_open(loop, url))


def close_ground(ground: Ground) -> None:
    """Closes the database and the loop."""
    if ground.reader is not None:
        ground.reader.invalidate()
        ground.reader.close()
    ground.run(ground.world.db.close())
    ground.loop.close()


async def _open(loop: asyncio.AbstractEventLoop, url: str) -> Ground:
    clock = ManualClock(BEGINS)
    database = await Database.open(url, clock=clock, events=EVENTS, reactions=REACTIONS)
    world = await build(database, clock, SKUS)
    service = NewService(code=SERVICE, carrier="Test", name="Parcel", cutoff="18:00")
    await world.do(lambda work: carriers.put_service(work, service), streams={CORE})
    stations = [
        await world.do(lambda work, c=code: benches.put_station(work, 1, NewStation(code=c, name=c, bin=c, parking=2)))  # type: ignore[misc]
        for code in STATIONS
    ]
    for code, (side, tare) in CARTONS.items():
        box = NewCartonType(
            code=code, name=code, length_mm=side, width_mm=side, height_mm=side, tare_g=tare, max_weight_g=20_000
        )
        await world.do(lambda work, b=box: cartons.put_carton_type(work, b), streams={CORE})  # type: ignore[misc]
    desk = FloorDesk(database, {**KINDS, **PACKING, **SHIPPING}, OpenTickets())
    people = ((world.picker, world.device), (world.other_picker, new_id()))
    hands = [Handheld(world, desk, person, device) for person, device in people]
    parsed = urls.parse(url)
    reader = sqlite.write_engine(str(urls.file_of(parsed))).connect() if urls.is_sqlite(parsed) else None
    return Ground(loop, world, hands, stations, await database.read(_empty_ones), reader)


def _empty_ones(conn: sa.Connection) -> list[sa.Table]:
    """The tables that a run fills, children first: those in which the bare warehouse has no row."""
    known: Mapping[str, sa.Table] = tables.metadata.tables
    filled = {name for name, table in known.items() if conn.execute(sa.select(sa.exists(sa.select(table)))).scalar()}
    return [each for each in reversed(tables.metadata.sorted_tables) if each.name not in filled | _OWN]
