"""A pack station, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from printers.virtual import VirtualPrinter
from server.core.clock import ManualClock
from server.db.database import Database
from server.fanout.table import REACTIONS
from tests.support.bench import Bench, build_bench


@pytest.fixture
async def printer() -> AsyncIterator[VirtualPrinter]:
    """A printer that listens on a free port."""
    async with VirtualPrinter() as running:
        yield running


@pytest.fixture
async def bench(
    open_database: Callable[..., Awaitable[Database]], clock: ManualClock, printer: VirtualPrinter
) -> Bench:
    """The station, with the house's own reactions."""
    return await build_bench(await open_database(reactions=REACTIONS), clock, printer)
