"""One broken piece is one piece less, not a bin that nobody trusts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from server.core.clock import ManualClock
from server.db.database import Database
from server.orders.models import fulfilment_line
from server.tasks import rules
from server.tasks import service as tasks
from tests.support.world import Handheld, World, build, capture, handheld, release


@pytest.fixture
async def world(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> World:
    return await build(await open_database(reactions={"line.cancelled": (tasks.on_line_cancelled,)}), clock)


async def _three_orders(world: World, units: int) -> Handheld:
    """Three orders of two pieces each, out of one bin."""
    await world.stock("TEA", "A03-01-A", units)
    for name in ("R-1", "R-2", "R-3"):
        await capture(world, name, {"TEA": 2})
    await release(world)
    picker = handheld(world)
    await picker.begin()
    return picker


async def _lines(world: World) -> list[tuple[int, int]]:
    """Reserved and backordered units of each line."""
    query = sa.select(fulfilment_line.c.reserved, fulfilment_line.c.backordered).order_by(fulfilment_line.c.id)
    rows: list[Any] = await world.db.read(lambda conn: list(conn.execute(query)))
    return sorted(tuple(row) for row in rows)


async def test_one_damaged_piece_of_many_is_replaced_from_its_bin_and_nobody_else_hears_of_it(world: World) -> None:
    picker = await _three_orders(world, 63)
    answer = await picker.did("short", task=(await picker.tour()).stops[0].task, missing=1, reason="damaged")
    assert (answer.outcome, answer.params) == ("shorted_replaced", {"missing": 1, "bin": "A03-01-A"})
    assert await _lines(world) == [(2, 0)] * 3
    assert await world.on_hand("TEA") == {"SUPPLIER": -63, "A03-01-A": 62, "A03-01-A/damaged": 1}
    for stop in (await picker.tour()).stops:
        if stop.state == "open":
            await picker.pick(stop)
    assert (await world.on_hand("TEA"))["FLOOR"] == 6
    assert await world.broken() == []


async def test_a_damaged_piece_of_which_no_other_is_free_waits_and_the_others_keep_theirs(world: World) -> None:
    picker = await _three_orders(world, 6)
    answer = await picker.did("short", task=(await picker.tour()).stops[0].task, missing=1, reason="damaged")
    assert answer.outcome == "shorted_backordered"
    assert await _lines(world) == [(1, 1), (2, 0), (2, 0)]
    assert await world.broken() == []


async def test_a_damaged_piece_that_was_none_is_trusted_again(world: World) -> None:
    picker = await _three_orders(world, 10)
    short = picker.command(
        "short", {"task": str((await picker.tour()).stops[0].task), "missing": 2, "reason": "damaged"}
    )
    await picker.send(short)
    world.clock.advance(1)
    assert (await picker.did("undo", command=short["id"])).outcome == "undone"
    assert await world.on_hand("TEA") == {"SUPPLIER": -10, "A03-01-A": 10}
    assert await _lines(world) == [(2, 0)] * 3
    assert await world.broken() == []


async def test_a_piece_that_was_not_found_makes_the_whole_bin_doubtful(world: World) -> None:
    picker = await _three_orders(world, 63)
    await picker.did("short", task=(await picker.tour()).stops[0].task, missing=1, reason="not_found")
    assert sum(backordered for _, backordered in await _lines(world)) == 5
    assert await world.broken() == []


@pytest.mark.parametrize(
    ("reason", "doubts"), [("damaged", False), ("empty", True), ("not_found", True), ("blocked", True)]
)
def test_after_which_shorts_the_rest_of_a_bin_is_doubted(reason: str, doubts: bool) -> None:
    assert rules.doubts_rest(reason) is doubts
