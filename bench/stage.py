"""A warehouse made ready for load, through the services: people at handhelds, tours with totes, orders that wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from random import Random
from uuid import UUID

import msgspec
import sqlalchemy as sa

from bench.load import Hand, Stop
from server.auth import service as auth
from server.auth import tokens
from server.auth.schemas import NewDevice, NewPerson
from server.core.clock import ManualClock
from server.core.events import EVENTS
from server.db.database import Database
from server.db.migrations import migrate
from server.db.work import Actor, Work
from server.fanout.table import REACTIONS
from server.inventory import service as inventory
from server.inventory.models import lpn
from server.inventory.service import Goods, Place
from server.locations.models import bin
from server.orders.schemas.services import NewService
from server.orders.service import captures, carriers
from server.tasks import equipment
from server.tasks import service as tasks
from server.tasks.models import task, tour_slot
from server.tasks.schemas import BindTote, TakeTour
from server.waves import planner
from server.waves import service as waves
from server.waves.schemas import WaveFilter
from tests.support.world import SERVICE, World, build, new_order

ITEMS = 30
UNITS = 8
"""Units a pick task wants: one scan in eight ends its stop, as when people pick a few of each."""
LINES = 3


class Staged(msgspec.Struct):
    """What the load client needs, and what was measured on the way."""

    hands: list[Hand]
    plan_seconds: float = 0.0
    plan_lines: int = 0


async def stage(url: str, *, scans: list[int], waiting_lines: int = 0, units: int = UNITS) -> Staged:
    """Makes it on a new database: so many units for each handheld, `units` a pick, and lines of orders that wait."""
    await migrate(url)
    clock = ManualClock(datetime.now(UTC))
    db = await Database.open(url, clock=clock, events=EVENTS, reactions=REACTIONS, command="bench")
    try:
        world = await build(db, clock, [f"SKU-{number:02d}" for number in range(ITEMS)])
        await world.both(lambda work: _goods(work, world))
        per_order = units * LINES
        wanted = [max(1, -(-each // per_order)) for each in scans]
        await _capture(world, sum(wanted), units, LINES, "T")
        people = await hands(world, len(scans))
        await _to_the_floor(world, sum(wanted), people, wanted)
        staged = Staged(people)
        if waiting_lines:
            await _capture(world, waiting_lines // 2, 2, 2, "W")
            given, _ = await db.snapshot(
                lambda conn: waves.plan_input(conn, 1, WaveFilter(limit=500), clock.now(), budget=0)
            )
            since = time.perf_counter()
            planner.plan(given)
            staged.plan_seconds = time.perf_counter() - since
            staged.plan_lines = sum(len(order.lines) for order in given.orders)
        return staged
    finally:
        await db.close()


def _goods(work: Work, world: World) -> None:
    shelves = [code for code in world.bins if code.startswith("A")]
    for at, item in enumerate(world.items.values()):
        target = Place(world.bins[shelves[at % len(shelves)]])
        inventory.move(work, 1, Goods(item), 1_000_000, Place(world.bins["SUPPLIER"]), target, "opening")
    equipment.add_carts(work, 1, [equipment.NewCart("C-99", 2, 30_000, 15_000)])
    carriers.put_service(work, NewService(code=SERVICE, carrier="Test", name="Parcel", cutoff="23:59"))


async def _capture(world: World, count: int, units: int, lines: int, prefix: str) -> None:
    chance = Random(7)
    skus = list(world.items)
    for start in range(0, count, 50):
        made = [
            new_order(
                f"{prefix}-{number}",
                dict.fromkeys(chance.sample(skus, lines), units),
                payment={"method": "prepaid", "token": "", "received": True},
            )
            for number in range(start, min(count, start + 50))
        ]
        await world.both(lambda work, these=made: [captures.capture(work, each) for each in these])  # type: ignore[misc]


async def _to_the_floor(world: World, totes: int, people: list[Hand], wanted: list[int]) -> None:
    """Releases all orders; each tour goes to whom most orders are still owed, with a tote in every slot."""
    codes = [f"T-{number:05d}" for number in range(10_000, 10_000 + totes * 2)]
    await world.do(lambda work: equipment.add_totes(work, 1, codes))
    given, _ = await world.db.snapshot(
        lambda conn: waves.plan_input(conn, 1, WaveFilter(limit=10_000), world.clock.now(), budget=0)
    )
    plan = planner.plan(given)
    wave = await world.both(
        lambda work: waves.start(work, 1, WaveFilter(limit=10_000), plan, given.orders[0].cutoff_at)
    )
    for at, portion in enumerate(waves.slices(plan)):
        await world.both(partial(waves.write_slice, warehouse=1, wave_id=wave, plan=plan, at=at, portion=portion))
    assert await world.both(lambda work: waves.complete(work, 1, wave)) == "released"
    tours: dict[UUID, list[int]] = {}
    for tour, slot in await world.db.read(lambda conn: list(conn.execute(_SLOTS).tuples())):
        tours.setdefault(tour, []).append(slot)
    left, free = list(wanted), iter(codes)
    for tour, slots in tours.items():
        at = max(range(len(left)), key=left.__getitem__)
        left[at] -= len(slots)
        who = Actor(UUID(people[at].person), UUID(people[at].device), name="picker", warehouse=1)
        await world.do(lambda work, t=tour, s=slots: _load(work, t, s, free), actor=who)  # type: ignore[misc]
        people[at].stops += await world.db.read(lambda conn, t=tour: _stops(conn, t))  # type: ignore[misc]


_SLOTS = sa.select(tour_slot.c.tour_id, tour_slot.c.slot).order_by(tour_slot.c.tour_id, tour_slot.c.slot)


def _load(work: Work, tour: UUID, slots: list[int], totes: Iterator[str]) -> None:
    tasks.take_tour(work, 1, TakeTour(tour))
    for slot in slots:
        tasks.bind_tote(work, 1, BindTote(tour, slot, next(totes)))


def _stops(conn: sa.Connection, tour: UUID) -> list[Stop]:
    query = (
        sa.select(task.c.id, bin.c.code, lpn.c.code, task.c.slot, task.c.quantity)
        .select_from(
            task.join(bin, task.c.bin_id == bin.c.id)
            .join(tour_slot, sa.and_(tour_slot.c.tour_id == task.c.tour_id, tour_slot.c.slot == task.c.slot))
            .join(lpn, tour_slot.c.lpn_id == lpn.c.id)
        )
        .where(task.c.kind == "pick", task.c.tour_id == tour)
        .order_by(task.c.position, task.c.id)
    )
    return [Stop(str(row[0]), f"B-{row[1]}", row[2], row[3], row[4]) for row in conn.execute(query)]


async def hands(world: World, count: int) -> list[Hand]:
    """So many people, each signed in at a handheld."""
    pin = auth.NewPin(tokens.hash_pin("481726"), once=False)
    made: list[Hand] = []
    for start in range(0, count, 50):
        numbers = range(start, min(count, start + 50))
        made += await world.both(lambda work, these=numbers: [_hand(work, pin, each) for each in these])  # type: ignore[misc]
    return made


def _hand(work: Work, pin: auth.NewPin, number: int) -> Hand:
    person = auth.add_person(work, NewPerson(f"Picker {number}", ("picker", "supervisor"), "en", 1), pin)
    enrolled = auth.enrol_device(work, auth.add_device(work, NewDevice(f"B-{number}", 1)).code)
    token = tokens.session_token()
    begun = auth.open_session(
        work, auth.Opening(person.badge, pin.hash, tokens.fingerprint(token), (), enrolled.device.id, 12)
    )
    assert begun.ticket is not None
    return Hand(str(person.id), str(enrolled.device.id), enrolled.secret, begun.ticket, token, [])
