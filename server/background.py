"""Why: what runs beside the requests is listed, started once, kept alive, seen by the health check, and ended in time.

A background task that fails is logged and started again after a growing pause; it never takes the process with it.
The pause is short again for one that has run soundly in between.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from server.core.clock import Clock
from server.db.database import Database
from server.settings import Settings

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
SOUND_AFTER: Final = 60.0
"""Seconds a task has to run until its earlier failures are forgotten."""
END_WITHIN: Final = 3.0
"""Seconds a task has to end after it was cancelled; a later one is named in the log and left."""


@dataclass(frozen=True)
class Site:
    """What a background task, a demo hook or a command of the shell works with."""

    settings: Settings
    clock: Clock
    db: Database
    things: dict[str, object] = field(default_factory=dict)
    """The shared things of app.py's THINGS (a hub, a spooler), by name."""


def always(_settings: Settings) -> bool:
    """For a task that runs in every process."""
    return True


@dataclass(frozen=True)
class Background:
    """One task: it runs until it is cancelled, or returns when it has nothing more to do."""

    name: str
    run: Callable[[Site], Awaitable[None]]
    wanted: Callable[[Settings], bool] = always


@dataclass
class Running:
    """How the background tasks are: `running`, `ended`, or the failure of the last try."""

    states: dict[str, str] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether no task is failing."""
        return all(state in ("running", "ended") for state in self.states.values())


@asynccontextmanager
async def running(
    tasks: Sequence[Background], site: Site, *, timer: Callable[[], float] = time.monotonic
) -> AsyncIterator[Running]:
    """Run these tasks while the block runs. `timer` gives seconds."""
    seen = Running()
    started = {
        asyncio.create_task(_kept_alive(task, site, seen, timer), name=task.name)
        for task in tasks
        if task.wanted(site.settings)
    }
    try:
        yield seen
    finally:
        for task in started:
            task.cancel()
        if started:
            _, late = await asyncio.wait(started, timeout=END_WITHIN)
            for task in late:
                _log().error("background_late", task=task.get_name(), seconds=END_WITHIN)


async def _kept_alive(task: Background, site: Site, seen: Running, timer: Callable[[], float]) -> None:
    pauses = _pauses()
    while True:
        seen.states[task.name] = "running"
        began = timer()
        try:
            await task.run(site)
        except Exception as error:  # noqa: BLE001 (logged with its traceback, and tried again)
            seen.states[task.name] = f"failed: {type(error).__name__}"
            if timer() - began >= SOUND_AFTER:
                pauses = _pauses()
            pause = next(pauses)
            _log().error("background_failed", task=task.name, again_in=pause, exc_info=error)
        else:
            seen.states[task.name] = "ended"
            return
        await asyncio.sleep(pause)


def _pauses() -> Iterator[float]:
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE)


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.background")
    return logger
