"""A whole day of the demo against a real server, as fast as it goes: everything that can go wrong does, and holds."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from seed.shift.day import Options, run
from seed.shift.mistakes import MISTAKES
from seed.shift.report import Tally
from server.db.errors import NO_PERMISSION
from tests.support.site import Site

SEED = 4_056_874
"""With it every mistake falls on somebody's first stops, items, cartons and orders."""
PACE = 100.0
SHIPPED = 5
PROVEN_TOO_LATE = {"print_lost"}
"""A printer is asked for 15 seconds before nobody knows: the packer's decision is not waited for."""


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    opened = Site(tmp_path / "data")
    await opened.start("--demo")
    yield opened
    await opened.kill()


async def test_a_day_ships_orders_whatever_goes_wrong_and_ends_by_ctrl_c(site: Site) -> None:
    seen: list[Tally] = []

    async def ctrl_c(tally: Tally) -> None:
        seen.append(tally)
        await tally.until(lambda: len(tally.shipped) >= SHIPPED and _all_made(tally))
        os.kill(os.getpid(), signal.SIGINT)
        await tally.until(lambda: False)

    said: list[str] = []
    code = await run(Options(site.port, PACE, SEED), said.append, ctrl_c)
    assert code == 0, "\n".join(said)
    (tally,) = seen
    assert {name for name in MISTAKES if not tally.caught[name]} <= PROVEN_TOO_LATE
    report = "\n".join(said)
    assert "stop_done" in report
    assert f"{len(tally.shipped)} were shipped" in report
    await _books_hold(site)
    await site.stop()


async def _books_hold(site: Site) -> None:
    """Everything holds as soon as the orders' statuses have followed the floor; there is no event to wait for."""
    async with asyncio.timeout(60):
        while (checked := await site.run("check"))[0] != 0:
            assert all("its facts say" in line for line in checked[1].splitlines()), checked


def _all_made(tally: Tally) -> bool:
    return all(tally.made[name] and (tally.caught[name] or name in PROVEN_TOO_LATE) for name in MISTAKES)


async def test_without_a_server_to_be_had_the_demo_ends_as_the_server_does(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    code, said = await Site(tmp_path / "data").run("demo")
    assert code == NO_PERMISSION, said
    assert said.startswith("pickwave: The data folder")
