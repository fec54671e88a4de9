"""Why: files are brought in, looked at and written beside everything else; this edge drives all three.

It is also what goes on after a crash: an import that is on its way is taken by a process that lives, from the row
behind the last one that is written. Slices are short and go behind the floor's commands.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

import structlog

from server.background import Site
from server.core.clock import Clock
from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import WriteFailed, WriteLost, is_away
from server.db.unit import Command, Lane
from server.db.work import Actor, Work
from server.integrations import checking
from server.integrations.checking import Task
from server.integrations.drafts import Draft, RowFault, Understood
from server.integrations.files import Files, look
from server.integrations.kinds import KINDS
from server.integrations.rules.channels import Settings, Table
from server.integrations.schemas.imports import FaultsMode
from server.integrations.service import channels
from server.integrations.service import imports as service
from server.integrations.service.found import faults_of
from server.integrations.store import imports as store
from server.orders import intake
from server.orders.schemas.captures import NewOrder
from server.workers import workers

T = TypeVar("T")

LOOK_AGAIN: Final = 10.0
"""Seconds after which it looks though nobody asked."""
SOON: Final = 1.5
"""The same where another process works on something: it may die with its import half written."""
BREATH: Final = 0.002
"""Seconds between two slices at least, so that scans pass."""
REST: Final = 2.0
"""So many times as long as a slice took it rests behind it: what holds it up is somebody else's work."""
AT_A_TIME: Final = 4
"""Imports that one process works on at once."""
PORTION: Final = 60
"""Drafts that are read together to be written."""
TRIES: Final = 5
"""After so many failures in a row an import is given up."""
KEPT: Final = timedelta(days=7)
"""So long a checked import waits for somebody to start it."""
SYSTEM: Final = Actor(name="import")
ONE_WORKER: Final = partial(workers, 1)


class Importer:
    """Brings files in, looks at them and writes them. One a process."""

    def __init__(self, db: Database, clock: Clock, files: Files, pool: Callable[[], Executor] = ONE_WORKER) -> None:
        self._db = db
        self._clock = clock
        self._files = files
        self._make_pool = pool
        self._pool: Executor | None = None
        self._wanted = asyncio.Event()
        self._working: set[UUID] = set()
        self._failures: dict[UUID, int] = {}
        self._room = asyncio.Semaphore(AT_A_TIME)

    # --- what people ask for

    async def bring_in(
        self,
        kind: str,
        warehouse: int,
        pieces: AsyncIterator[bytes],
        actor: Actor,
        *,
        file_name: str = "",
        announced: int = 0,
        encoding: str = "",
        start_at_once: bool = False,
        skip_faults: bool = False,
        channel: str = "",
    ) -> UUID:
        """Keeps a file and begins to look at it; its import's id. Refuses what cannot be used at once."""
        settings = (await self._db.read(partial(channels.facts_of, code=channel))).settings if channel else Settings()
        self._files.check_size(announced)
        import_id = new_id(self._clock.now())
        try:
            received = await self._files.receive(import_id, pieces)
            path = self._files.path(import_id)
            looked = await asyncio.to_thread(look, path, KINDS[kind], received, encoding, settings.table)
            new = service.Brought(
                import_id, kind, warehouse, file_name, received.size, looked.layout, looked.columns,
                start_at_once, skip_faults, channel or None, understood(channel, settings),
            )  # fmt: skip
            await self._db.write(Command(partial(service.begin, new=new), frozenset({CORE}), actor, "import.begin"))
        except BaseException:
            await self._files.remove(import_id)
            raise
        self._wanted.set()
        return import_id

    async def start(self, import_id: UUID, faults: FaultsMode, actor: Actor) -> None:
        """Begins to write a checked import."""
        await self._ask(partial(service.start, import_id=import_id, faults=faults), actor, "import.start")

    async def cancel(self, import_id: UUID, actor: Actor) -> None:
        """Breaks an import off; what is written stays."""
        await self._ask(partial(service.cancel, import_id=import_id), actor, "import.cancel")
        await self._files.remove(import_id)

    async def _ask(self, run: Callable[[Work], None], actor: Actor, name: str) -> None:
        await self._db.write(Command(run, frozenset({CORE}), actor, name))
        self._wanted.set()

    # --- what runs beside

    async def run(self) -> None:
        """Works on whatever is on its way, first what a crash left, then what is asked for."""
        await self._files.sweep(await self._db.read(store.with_files), self._clock.now().timestamp())
        async with asyncio.TaskGroup() as group:
            while True:
                self._wanted.clear()
                live = await self._db.read(store.live)
                others = any(holder not in (None, self._db.life) for _, holder, _ in live)
                for import_id in await self._free(live):
                    self._working.add(import_id)
                    group.create_task(self._kept(import_id))
                with suppress(TimeoutError):
                    async with asyncio.timeout(SOON if others else LOOK_AGAIN):
                        await self._wanted.wait()
                await self._let_go()

    async def _free(self, live: Sequence[store.Live]) -> list[UUID]:
        """Of these imports those that nobody works on."""
        dead = await self._db.ended({holder for _, holder, _ in live if holder is not None})
        now = self._clock.now()
        return [
            import_id
            for import_id, holder, until in live
            if import_id not in self._working and service.is_free(holder, until, self._db.life, dead, now)
        ]

    async def _let_go(self) -> None:
        """What was checked long ago and never started is called off; faults of what ended long ago are forgotten."""
        for import_id in await self._db.read(partial(store.waiting_since, before=self._clock.now() - KEPT)):
            with suppress(Refusal):
                await self.cancel(import_id, SYSTEM)
        before = self._clock.now() - service.FAULTS_KEPT
        for import_id in await self._db.read(partial(store.with_old_faults, before=before)):
            more = True
            while more:
                more = await self._write(CORE, "import.forget", partial(service.forget, import_id=import_id))
                await asyncio.sleep(BREATH)

    async def _kept(self, import_id: UUID) -> None:
        """Works on one import; one that fails holds no other up and is tried again."""
        try:
            async with self._room:
                await self.work_on(import_id)
            self._failures.pop(import_id, None)
        except Exception as error:  # noqa: BLE001  (whatever it is, the others go on)
            _log().error("import_failed", id=str(import_id), exc_info=error)
            await self._give_up(import_id, error)
        finally:
            self._working.discard(import_id)

    async def _give_up(self, import_id: UUID, error: Exception) -> None:
        gone = isinstance(error, FileNotFoundError)
        if _is_passing(error) and not gone:
            return
        tries = self._failures[import_id] = self._failures.get(import_id, 0) + 1
        if tries < TRIES and not gone:
            return
        self._failures.pop(import_id, None)
        why = "file_gone" if gone else "file_stuck"
        try:
            await self._write(CORE, "import.fail", partial(service.fail, import_id=import_id, why=why))
            await self._files.remove(import_id)
        except Exception as later:  # noqa: BLE001  (it is tried again at the next look)
            _log().error("import_not_given_up", id=str(import_id), exc_info=later)

    async def work_on(self, import_id: UUID) -> None:
        """Works on an import until it has ended, waits for a person, or is somebody else's."""
        run = await self._db.read(partial(store.by_id, import_id=import_id))
        holder = set() if run is None or run.holder is None else {run.holder}
        dead = await self._db.ended(holder)
        claim = partial(service.claim, import_id=import_id, life=self._db.life, dead=dead)
        if not await self._write(CORE, "import.claim", claim):
            return
        try:
            await self._look(import_id)
            await self._write_all(import_id)
        finally:
            if await self._has_ended(import_id):
                await self._files.remove(import_id)
                await self._in_worker(checking.forget, import_id)

    async def _has_ended(self, import_id: UUID) -> bool:
        return import_id not in await self._db.read(store.with_files)

    async def _look(self, import_id: UUID) -> None:
        more = True
        while more:
            run = await self._mine(import_id, "checking")
            if run is None:
                return
            portion = await self._in_worker(
                checking.check, self._task(run), run.position, service.lists_skipped(run.counts)
            )
            keep = partial(
                service.keep_looked, import_id=import_id, life=self._db.life, after=run.position, portion=portion
            )
            more = await self._write(run.warehouse, "import.looked", keep)
            await asyncio.sleep(BREATH)

    async def _write_all(self, import_id: UUID) -> None:
        while (run := await self._mine(import_id, "running")) is not None:
            got = await self._in_worker(checking.read, self._task(run), run.position, PORTION)
            at, left = run.position, got.drafts
            while left:
                began = asyncio.get_running_loop().time()
                drafts = left[: KINDS[run.kind].at_once]
                await asyncio.to_thread(_look_ahead, drafts)
                done = await self._slice(run, at, drafts, got.bytes_read)
                if not done:
                    return
                at, left = left[done - 1].last, left[done:]
                await asyncio.sleep(max(BREATH, REST * (asyncio.get_running_loop().time() - began)))
            if got.ended:
                complete = partial(service.complete, import_id=import_id, life=self._db.life, after=at)
                await self._write(CORE, "import.complete", complete)
                return

    async def _slice(self, run: store.Run, after: int, drafts: list[Draft], bytes_read: int) -> int | None:
        """Writes some drafts; when one of them is refused after all they go one by one, and that one is told."""
        here = partial(
            service.write_slice, import_id=run.id, life=self._db.life, after=after, drafts=drafts,
            bytes_read=bytes_read,
        )  # fmt: skip
        try:
            return await self._write(run.warehouse, "import.slice", here)
        except Exception as error:
            if _is_passing(error):
                raise
            if len(drafts) > 1:
                return await self._slice(run, after, drafts[:1], bytes_read)
            faults = _told(run.kind, drafts[0], error)
        over = partial(
            service.pass_over, import_id=run.id, life=self._db.life, after=after, draft=drafts[0], faults=faults,
            bytes_read=bytes_read,
        )  # fmt: skip
        return await self._write(CORE, "import.pass_over", over)

    async def _mine(self, import_id: UUID, state: str) -> store.Run | None:
        run = await self._db.read(partial(store.by_id, import_id=import_id))
        return run if run is not None and run.state == state and run.holder == self._db.life else None

    def _task(self, run: store.Run) -> Task:
        path = self._files.path(run.id)
        return Task(run.id, path.absolute(), run.layout, run.kind, service.options_of(run), self._db.url)

    async def _in_worker(self, job: Callable[..., T], *arguments: object) -> T:
        pool = self._pool = self._pool or self._make_pool()
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, partial(job, *arguments))
        except BrokenExecutor:
            self._pool = None
            raise

    async def _write(self, warehouse: int, name: str, run: Callable[[Work], T]) -> T:
        return (await self._db.write(Command(run, frozenset({CORE, warehouse}), SYSTEM, name, lane=Lane.BULK))).answer

    def close(self) -> None:
        """Ends the worker process."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


def understood(channel: str, settings: Settings) -> Understood:
    """How the files of a channel are understood; without one every file as it says itself."""
    if not channel:
        return Understood()
    table = settings.table or Table()
    words: dict[str, dict[str, str]] = {
        "sku": settings.items,
        "service": settings.services,
        "country": settings.countries,
    }
    words["payment"] = {theirs: str(ours) for theirs, ours in settings.payments.items()}
    said = {name: meant for name, meant in words.items() if meant}
    return Understood({"channel": channel, **table.constants}, table.decimal, said)


def _look_ahead(drafts: list[Draft]) -> None:
    """The slow part of looking at orders, before a unit needs it."""
    for draft in drafts:
        if isinstance(draft.record, NewOrder):
            intake.look(draft.record)


def _is_passing(error: Exception) -> bool:
    """Whether it says nothing of the file: the database is away, too much at once, the worker was killed."""
    if isinstance(error, Refusal):
        return error.code in ("busy", "write_failed", "write_lost")
    return isinstance(error, WriteFailed | WriteLost | BrokenExecutor) or is_away(error)


def _told(kind: str, draft: Draft, error: Exception) -> tuple[RowFault, ...]:
    if isinstance(error, Refusal):
        return faults_of(KINDS[kind], draft, error)
    _log().error("import_row_broken", row=draft.first, exc_info=error)
    return (RowFault(draft.first, "", "broken"),)


@asynccontextmanager
async def importer(site: Site) -> AsyncIterator[Importer]:
    """For `app.py`'s THINGS; its worker process starts with the first file and ends with the block."""
    folder = Path(site.settings.data_dir) / "imports"
    opened = Importer(site.db, site.clock, Files(folder, site.settings.max_import_bytes))
    try:
        yield opened
    finally:
        opened.close()


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.imports")
    return logger
