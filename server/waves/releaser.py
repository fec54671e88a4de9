"""Why: planning takes a process of its own and writing takes many small units; this edge drives both.

It is also what goes on after a crash: a wave that is `releasing` is written to its end, whoever began it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

import structlog

from server.core.clock import Clock
from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.database import Database, look
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.policies.rules import REASONS
from server.waves import planner, service, store
from server.waves.schemas import LeftOut, Plan, Preview, WaveFilter
from server.workers import Workers

T = TypeVar("T")

FIRST_PLAN: Final = 0
"""Iterations of annealing for a preview: the first plan, at once."""
BETTER_PLAN: Final = 400
"""Iterations of annealing for a release."""
LOOK_AGAIN: Final = 10.0
"""Seconds after which it looks though nobody asked: another process may have died with its wave half written."""
BREATH: Final = 0.002
"""Seconds between two slices, so that scans pass."""
HELD_AT_ONCE: Final = 5
"""Orders that a rule holds in one unit."""
SYSTEM: Final = Actor(name="release")


class Planned(NamedTuple):
    """A plan, the named orders that cannot go, and the first cut-off; None where nothing goes."""

    plan: Plan
    left_out: list[LeftOut]
    cutoff_at: datetime | None


def planned(url: str, warehouse: int, wanted: WaveFilter, now: datetime, budget: int) -> Planned:
    """Reads and plans, in a process of its own: reading a thousand orders in the server would hold up every scan."""
    given, left_out = asyncio.run(look(url, lambda conn: service.plan_input(conn, warehouse, wanted, now, budget)))
    return Planned(planner.plan(given), left_out, min((each.cutoff_at for each in given.orders), default=None))


def ready() -> bool:
    """Whether the planning process is up with all it reads and plans by, so that the first plan waits for nothing."""
    return True


class Releaser:
    """Previews, starts and writes waves. One a process."""

    def __init__(self, db: Database, clock: Clock, planners: Workers) -> None:
        self._db = db
        self._clock = clock
        self._planners = planners
        self._wanted = asyncio.Event()

    async def preview(self, warehouse: int, wanted: WaveFilter) -> Preview:
        """What a release of these orders would come to; changes nothing."""
        found = await self._plan(warehouse, wanted, FIRST_PLAN)
        return service.preview(found.plan, found.left_out)

    async def release(self, warehouse: int, wanted: WaveFilter, actor: Actor) -> UUID:
        """Begins a wave of these orders and answers its id; it is written to its end beside.

        Refuses `already_released` or `order_on_hold` when one of the orders that were named cannot go, `wave_empty`
        when none can.
        """
        plan, left_out, cutoff_at = await self._plan(warehouse, wanted, BETTER_PLAN)
        await self._hold_back([each.order for each in left_out if each.reason in REASONS])
        if wanted.orders is not None:
            _refuse_named(service.preview(plan, left_out))
        if cutoff_at is None:
            raise Refusal("wave_empty")

        def start(work: Work) -> UUID:
            return service.start(work, warehouse, wanted, plan, cutoff_at)

        done = await self._db.write(Command(start, frozenset({CORE, warehouse}), actor, "wave.start"))
        self._wanted.set()
        return done.answer

    async def _hold_back(self, numbers: Sequence[int]) -> None:
        """What a rule keeps from the floor is held, a few at a time."""
        for at in range(0, len(numbers), HELD_AT_ONCE):
            run = partial(service.hold_back, numbers=numbers[at : at + HELD_AT_ONCE])
            await self._db.write(Command(run, frozenset({CORE}), SYSTEM, "wave.hold_back", lane=Lane.BULK))

    async def take_back(self, warehouse: int, wave_id: UUID, actor: Actor) -> None:
        """Breaks a release off; what is written is taken back beside. Refuses `move_not_allowed` when it is whole."""
        run = partial(service.take_back, warehouse=warehouse, wave_id=wave_id)
        await self._db.write(Command(run, frozenset({warehouse}), actor, "wave.take_back"))
        self._wanted.set()

    async def _plan(self, warehouse: int, wanted: WaveFilter, budget: int) -> Planned:
        job = partial(planned, self._db.url, warehouse, wanted, self._clock.now(), budget)
        return await self._planners.do(job)

    async def run(self) -> None:
        """Writes or takes back whatever is on its way, first what a crash left, then what is asked for."""
        self._planners.prepare(ready)
        while True:
            self._wanted.clear()
            await self.round()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN):
                    await self._wanted.wait()

    async def round(self) -> None:
        """Every wave that is on its way; one that cannot be written holds no other up and is tried again."""
        for warehouse, wave_id in await self._db.read(store.releasing):
            try:
                await self.write(warehouse, wave_id)
                await self.undo(warehouse, wave_id)
            except Exception as error:  # noqa: BLE001  (whatever it is, the others go on)
                _log().error("wave_not_written", warehouse=warehouse, wave=str(wave_id), exc_info=error)

    async def write(self, warehouse: int, wave_id: UUID) -> None:
        """Writes one wave from its next slice to its end."""
        plan = await self._db.read(lambda conn: store.plan_of(conn, warehouse, wave_id))
        wave = await self._db.read(lambda conn: store.wave_by_id(conn, warehouse, wave_id))
        if wave is None or plan is None:
            return
        for at, portion in enumerate(service.slices(plan)):
            if at < wave.slices_done:
                continue
            slice_ = partial(
                service.write_slice, warehouse=warehouse, wave_id=wave_id, plan=plan, at=at, portion=portion
            )
            if not (await self._db.write(self._bulk(slice_, warehouse, "wave.slice"))).answer:
                return
            await asyncio.sleep(BREATH)
        complete = partial(service.complete, warehouse=warehouse, wave_id=wave_id)
        await self._db.write(self._bulk(complete, warehouse, "wave.complete"))

    async def undo(self, warehouse: int, wave_id: UUID) -> None:
        """Takes a wave back that is being undone, to its end; leaves any other alone."""
        slice_ = self._bulk(
            partial(service.undo_slice, warehouse=warehouse, wave_id=wave_id), warehouse, "wave.undo_slice"
        )
        more = True
        while more:
            more = (await self._db.write(slice_)).answer
            await asyncio.sleep(BREATH)

    def _bulk(self, run: Callable[[Work], T], warehouse: int, name: str) -> Command[T]:
        return Command(run, frozenset({CORE, warehouse}), SYSTEM, name, lane=Lane.BULK)


def _refuse_named(come_to: Preview) -> None:
    for each in come_to.left_out:
        if each.reason == "already_released":
            raise Refusal("already_released", order=each.order)
        if each.reason == "order_unknown":
            raise Refusal("order_unknown", order=each.order)
        raise Refusal("order_on_hold", order=each.order, reason=each.reason)


@asynccontextmanager
async def releaser(db: Database, clock: Clock) -> AsyncIterator[Releaser]:
    """A releaser with its planning process, which starts with the first plan and ends with the block."""
    planners = Workers(1)
    try:
        yield Releaser(db, clock, planners)
    finally:
        planners.close()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.waves")
    return logger
