"""Why: the sole committer. Commands queue here, run in groups, and their callers are told only after the COMMIT.

Two lanes: the floor goes first, bulk fills the gaps. A group that fails is undone as a whole and each of its
commands runs alone, so that one bad command or a full disk never speaks for another.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

import sqlalchemy as sa

from server.core.clock import Clock
from server.core.refusal import Refusal
from server.db.errors import CommitFailed, WriteFailed, WriteLost
from server.db.sqlite import SqliteSession, write_engine
from server.db.unit import Again, Command, Done, Job, Key, Lane, Outcome, run_group
from server.db.work import House

log = logging.getLogger(__name__)

GROUP: Final = 64
"""At most so many commands share a commit."""
QUEUE: Final = 2048
"""At most so many commands wait in a lane; above it the answer is "busy"."""


class Lanes:
    """The queue of one writer. Appending and taking are safe between threads."""

    def __init__(self, size: int = QUEUE, group: int = GROUP) -> None:
        self._floor: deque[Job] = deque()
        self._bulk: deque[Job] = deque()
        self._size = size
        self._group = group

    def put(self, job: Job) -> None:
        """Queues a job, or refuses with `busy` when its lane is full."""
        lane = self._floor if job.command.lane is Lane.FLOOR else self._bulk
        if len(lane) >= self._size:
            raise Refusal("busy", waiting=len(lane))
        lane.append(job)

    def floor_waits(self) -> bool:
        return bool(self._floor)

    def take(self) -> list[Job]:
        """The next group: what the floor has queued, or else one slice of bulk; empty when nothing waits."""
        if self._floor:
            return [self._floor.popleft() for _ in range(min(len(self._floor), self._group))]
        return [self._bulk.popleft()] if self._bulk else []

    def __len__(self) -> int:
        return len(self._floor) + len(self._bulk)


Tell = Callable[[Sequence[tuple[Job, Outcome]]], None]


class SqliteWriter:
    """The writer thread of a SQLite file. `told` gets each group's outcomes, from the thread, after its COMMIT."""

    def __init__(self, path: str, house: House, clock: Clock, told: Tell, lanes: Lanes) -> None:
        self._engine: sa.Engine = write_engine(path)
        self._house = house
        self._clock = clock
        self._told = told
        self._lanes = lanes
        self._wake = threading.Condition()
        self._closing = False
        self._session: SqliteSession | None = SqliteSession(self._engine)
        self._thread = threading.Thread(target=self._run, name="pickwave-writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def put(self, job: Job) -> None:
        """Queues a job; refuses with `busy` when too many wait."""
        if not self.alive:
            raise WriteFailed("the writer has stopped")
        with self._wake:
            self._lanes.put(job)
            self._wake.notify()

    def close(self) -> None:
        """Lets everything queued finish, then ends the thread. Blocks until it has ended."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()
        self._drop()
        self._engine.dispose()

    def _run(self) -> None:
        while jobs := self._next():
            self._told(list(zip(jobs, self._settle(jobs), strict=True)))

    def _next(self) -> list[Job]:
        """Waits for the next group; empty once the house is closing and nothing waits."""
        with self._wake:
            while not self._lanes and not self._closing:
                self._wake.wait()
            return self._lanes.take()

    def _settle(self, jobs: Sequence[Job]) -> list[Outcome]:
        try:
            if self._session is None:
                self._session = SqliteSession(self._engine)
            return run_group(self._session, jobs, self._house, self._clock, self._lanes.floor_waits)
        except Exception as error:  # noqa: BLE001  (the group failed as a whole: each of it is told or runs alone)
            if isinstance(error, CommitFailed):
                self._drop()
            if len(jobs) == 1:
                return [_failure(error)]
        log.warning("a group of %d commands was undone; each runs alone", len(jobs))
        return [outcome for job in jobs for outcome in self._settle([job])]

    def _drop(self) -> None:
        """A connection that failed a COMMIT is not trusted with the next one."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _failure(error: Exception) -> Outcome:
    failure = WriteLost(str(error)) if isinstance(error, CommitFailed) and not error.known else WriteFailed(str(error))
    failure.__cause__ = error
    return failure


__all__ = ["Again", "Command", "Done", "Job", "Key", "Lane", "Lanes", "SqliteWriter", "WriteFailed", "WriteLost"]
