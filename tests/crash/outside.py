"""Why: a database is looked at from outside of the server that owns it: while that works, and where it was killed."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from server.db import postgres
from tests.crash.books import Books
from tests.db.proxy import Proxy

FILE = "pickwave.sqlite"
WAIT_FOR_A_COMMIT = 0.05
"""Seconds after which a kill that hits nothing comes all the same."""
COMMITS, WAIT_FOR_ONE = 30, 1.0
"""So many commits are looked at, and so many seconds is one waited for."""
LOOK_AGAIN = 0.005
"""Seconds between two looks at who is still connected."""
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Outside(Protocol):
    """A site's database, for somebody who is not its server."""

    def looked_into(self) -> AbstractAsyncContextManager[Books]:
        """While the server works: each look sees what is committed by then, and changes nothing."""

    async def until_committed(self, books: Books, flying: set[str]) -> None:
        """Until one of these commands is stored and not answered yet, or it is clear that none will be caught so."""

    def killed(self) -> None:
        """The server is gone: nothing need be kept from it any more."""

    def left_behind(self) -> AbstractAsyncContextManager[Books]:
        """What a killed server left, in one picture that stays as it is while the server is started again."""


@dataclass(frozen=True)
class SqliteFile:
    """The file in a data folder."""

    folder: Path

    @asynccontextmanager
    async def looked_into(self) -> AsyncIterator[Books]:
        async with _reading(f"file:{self.folder / FILE}?mode=ro&uri=true") as conn:
            yield Books(conn)

    async def until_committed(self, books: Books, flying: set[str]) -> None:
        """Looks without a pause: no event tells another process of a commit."""
        give_up = time.monotonic() + WAIT_FOR_A_COMMIT
        while not await books.committed(flying) and time.monotonic() < give_up:
            pass

    def killed(self) -> None:
        """Nothing was kept from it."""

    @asynccontextmanager
    async def left_behind(self) -> AsyncIterator[Books]:
        """In a copy: to put its log in order is left to the server."""
        desk = self.folder.parent / "left-behind"
        desk.mkdir(exist_ok=True)
        for name in (FILE, f"{FILE}-wal"):
            if (self.folder / name).exists():
                shutil.copyfile(self.folder / name, desk / name)
            else:
                (desk / name).unlink(missing_ok=True)
        (desk / f"{FILE}-shm").unlink(missing_ok=True)
        async with _reading(str(desk / FILE)) as conn:
            await conn.exec_driver_sql("BEGIN")
            yield Books(conn)


@asynccontextmanager
async def _reading(where: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(f"sqlite+aiosqlite:///{where}", poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as conn:
            yield conn
    finally:
        await engine.dispose()


@dataclass(frozen=True)
class PostgresServer:
    """A database on a server that lives on when its client is killed; the client goes through the proxy."""

    url: str
    proxy: Proxy

    @asynccontextmanager
    async def looked_into(self) -> AsyncIterator[Books]:
        async with postgres.connection(sa.make_url(self.url)) as conn:
            yield Books(conn)

    async def until_committed(self, books: Books, flying: set[str]) -> None:
        """Keeps the answer to one COMMIT after the other from the server, until it is that of such a command."""
        for _ in range(COMMITS):
            held = self.proxy.hold_next_commit()
            try:
                async with asyncio.timeout(WAIT_FOR_ONE):
                    await held.wait()
            except TimeoutError:
                break
            if await books.committed(flying):
                return
            self.proxy.let_go()
        self.proxy.let_go()

    def killed(self) -> None:
        """The answer that was kept goes nowhere."""
        self.proxy.let_go()

    @asynccontextmanager
    async def left_behind(self) -> AsyncIterator[Books]:
        """After its last statements have ended: the server works on at what a killed client had sent."""
        async with postgres.connection(sa.make_url(self.url)) as conn:
            while (await conn.exec_driver_sql(_OTHERS)).scalar_one():  # noqa: ASYNC110 (no event tells it)
                await asyncio.sleep(LOOK_AGAIN)
            await conn.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            await conn.exec_driver_sql("SELECT FROM warehouse LIMIT 1")
            yield Books(conn)
