"""A shop whose payments are there and whose gateway nobody asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from server.core.clock import ManualClock
from server.db.database import Database
from tests.support.shop import REACTIONS, Shop, build


@pytest.fixture
async def shop(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> Shop:
    """A small warehouse: 10 honey, 5 tea, no milk."""
    return await build(await open_database(reactions=REACTIONS), clock)
