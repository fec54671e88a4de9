"""Why: work that would hold up a scan (planning a wave, drawing many pages) runs in processes of its own.

Ctrl-C goes to every process of a terminal's group; a worker is deaf to it, also while it starts. It ends when the
pool is shut down or its server is gone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TypeVar

T = TypeVar("T")


class _Deaf(SpawnProcess):
    """A process that inherits a signal mask with SIGINT blocked."""

    def start(self) -> None:
        """Start it; this thread hears SIGINT again right after."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _DeafContext(SpawnContext):
    Process = _Deaf


def workers(count: int) -> ProcessPoolExecutor:
    """A pool of at most `count` fresh processes, each started when it is first needed."""
    return ProcessPoolExecutor(max_workers=count, mp_context=_DeafContext(), initializer=_end_with_the_server)


class Workers:
    """At most `count` processes that do what would hold up a scan; those that were killed are replaced."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = workers(count)

    def prepare(self, job: Callable[[], object]) -> None:
        """Starts a process by a job that nobody waits for."""
        try:
            self._pool.submit(job)
        except BrokenExecutor:
            self._pool = workers(self._count)
            self._pool.submit(job)

    async def do(self, job: Callable[[], T]) -> T:
        """What a job gives that changes nothing; it is done once more where its process was killed meanwhile."""
        try:
            return await self._do(job)
        except BrokenExecutor:
            return await self._do(job)

    async def _do(self, job: Callable[[], T]) -> T:
        pool = self._pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, job)
        except BrokenExecutor:
            if pool is self._pool:  # somebody else may have noticed first
                self._pool = workers(self._count)
            raise

    def close(self) -> None:
        """Ends the processes; what waits for them is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _end_with_the_server() -> None:
    """Ends this worker when its server is gone: a killed server shuts no pool down, its workers would wait for ever."""
    server = parent_process()
    if server is not None:
        threading.Thread(target=_outlive_nobody, args=(server.join,), daemon=True).start()


def _outlive_nobody(wait_for_server: Callable[[], object]) -> None:
    wait_for_server()
    os._exit(0)
