"""`kill -9` in the middle of a shift: what a device saw acknowledged is there exactly once, and the books are whole.

Pickers, packers and a desk work against a real server on either database; the label printers stand outside of it, as
they do in life. In each round the server is killed, what it left is looked at, it is started again on the same folder,
and everyone sends what was never answered. Rounds: 3 in the tests, `PICKWAVE_KILL_ROUNDS` in `make soak` (1,000).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from printers.profiles import profile_named
from printers.virtual import VirtualPrinter
from seed.shift.handheld import Handheld
from tests.crash.outside import Outside, PostgresServer, SqliteFile
from tests.crash.people import LOOK_AGAIN, Desk
from tests.crash.shift import STATIONS, WINDOWS, Shift, where
from tests.db.proxy import proxied
from tests.support.site import Site

DAILY = 3
"""Of a day: one aimed at each of the three windows, and more where one was not hit."""
ROUNDS = int(os.environ.get("PICKWAVE_KILL_ROUNDS", "1000" if os.environ.get("PICKWAVE_SOAK") else str(DAILY)))

pytestmark = [pytest.mark.crash, pytest.mark.timeout(280 if ROUNDS <= DAILY else 0)]


@pytest.fixture
async def printers() -> AsyncIterator[dict[str, VirtualPrinter]]:
    """The printers by code. A label takes a moment, as on a real one."""
    async with AsyncExitStack() as stack:
        yield {
            code: await stack.enter_async_context(VirtualPrinter(profile=profile_named(profile), seconds_per_label=0.2))
            for code, profile in STATIONS.values()
        }


@pytest.fixture(params=["sqlite", "postgres"])
async def through(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, PostgresServer] | None]:
    """An empty PostgreSQL database and the address that leads to it; None for the file in the data folder."""
    if request.param == "sqlite":
        yield None
        return
    make: Callable[[], str] = request.getfixturevalue("new_postgres_url")
    url = make()
    async with proxied(url) as (proxy, address):
        yield address, PostgresServer(url, proxy)


@pytest.fixture
async def site(
    tmp_path: Path, printers: dict[str, VirtualPrinter], through: tuple[str, PostgresServer] | None
) -> AsyncIterator[Site]:
    opened = Site(tmp_path / "data")
    if through:
        opened.settings["DATABASE_URL"] = through[0]
    opened.settings["PRINTER_ADDRESSES"] = ",".join(where(printer) for printer in printers.values())
    await opened.start("--demo")
    yield opened
    await opened.kill()


@pytest.fixture
def outside(site: Site, through: tuple[str, PostgresServer] | None) -> Outside:
    """The site's database, for somebody who is not its server."""
    return through[1] if through else SqliteFile(site.folder)


async def test_nothing_acknowledged_is_lost_however_often_the_server_is_killed(
    site: Site, outside: Outside, printers: dict[str, VirtualPrinter], capsys: pytest.CaptureFixture[str]
) -> None:
    shift = Shift(site, outside, printers)
    async with AsyncExitStack() as stack:
        await shift.begin(stack)
        async with asyncio.TaskGroup() as group:
            for work in shift.everyone():
                group.create_task(work)
            await shift.floor.handed_over.wait()
            while (aim := shift.next_aim(ROUNDS)) is not None:
                await shift.lose_the_server(aim)
            shift.floor.close()
        for device in shift.devices:
            await _is_there_once(device)
        for number in shift.desk.orders:
            await _ships(shift.desk, number)
    await site.stop()
    assert shift.hits["with a command in flight"] >= ROUNDS * 3 // 4, shift.hits
    assert all(shift.hits[window] for window in WINDOWS), shift.hits
    await _each_label_came_out_once(shift)
    code, said = await site.run("check")
    assert code == 0, said
    with capsys.disabled():
        print(f"\n{shift}")


async def _is_there_once(device: Handheld) -> None:
    """Everything that was acknowledged is answered again, with the first answer."""
    for at in range(0, len(device.acknowledged), 100):
        portion = device.acknowledged[at : at + 100]
        body = {"device": device.device, "epoch": device.epoch, "commands": [command for command, _ in portion]}
        headers = {"Authorization": f"Device {device.secret}"}
        reply = await device.http.post("/api/floor/commands", json=body, headers=headers)
        reply.raise_for_status()
        for (_, first), again in zip(portion, reply.json()["answers"], strict=True):
            assert again == {**first, "again": True}


async def _ships(desk: Desk, number: int) -> None:
    """All of the order was picked, packed and labelled: it is shipped as soon as its status has followed."""
    async with asyncio.timeout(60):
        while await desk.status(number) != "shipped":  # noqa: ASYNC110 (over HTTP there is no event to wait for)
            await asyncio.sleep(LOOK_AGAIN)


async def _each_label_came_out_once(shift: Shift) -> None:
    """Nothing printed twice on its own: a second paper only where a person asked for one."""
    papers, asked = shift.papers(), shift.asked_anew()
    async with shift.outside.left_behind() as books:
        cartons = await books.cartons()
        assert set(cartons.values()) <= {"closed", "voided"}
        closed = {sscc for sscc, state in cartons.items() if state == "closed"}
        assert sorted(await books.live_labels()) == sorted(closed)
    assert papers.keys() >= closed
    assert {sscc: count for sscc, count in papers.items() if count > 1 + asked[sscc]} == {}
