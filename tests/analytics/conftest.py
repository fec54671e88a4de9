"""A bench with an order on its way, for what an order is found by."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from printers.virtual import VirtualPrinter
from server.core.clock import ManualClock
from server.db.database import Database
from server.fanout.table import REACTIONS
from tests.support.bench import Bench, build_bench


@pytest.fixture
async def bench(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> AsyncIterator[Bench]:
    """The station, with the house's own reactions."""
    async with VirtualPrinter() as printer:
        yield await build_bench(await open_database(reactions=REACTIONS), clock, printer)
