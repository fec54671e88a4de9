"""A shop whose customers are known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from server.core.clock import ManualClock
from server.customers import service as customers
from server.db.database import Database
from server.fanout.table import REACTIONS
from tests.support.shop import REACTIONS as SHOP
from tests.support.shop import Shop, build


@pytest.fixture
async def shop(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> Shop:
    """10 honey, 5 tea; what follows from a merge follows here too."""
    merged = {"customer.merged": REACTIONS["customer.merged"]}
    assert merged["customer.merged"][-1] is customers.on_customer_merged, "whoever is gone goes last"
    return await build(await open_database(reactions={**SHOP, **merged}), clock)
