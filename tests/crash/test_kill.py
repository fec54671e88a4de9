"""`kill -9` in the middle of a shift: what a device saw acknowledged is there exactly once, and the books are whole.

Rounds: 20 in the tests, `PICKWAVE_KILL_ROUNDS` in `make soak` (1,000). Each round lets headless pickers work, kills the
server at a random moment, starts it again on the same folder and lets everyone send what was never answered.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.headless import Handheld, Picker
from tests.support.site import Site

ROUNDS = int(os.environ.get("PICKWAVE_KILL_ROUNDS", "1000" if os.environ.get("PICKWAVE_SOAK") else "20"))
PICKERS = 4

pytestmark = [pytest.mark.crash, pytest.mark.timeout(0 if os.environ.get("PICKWAVE_SOAK") else 280)]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    opened = Site(tmp_path / "data")
    await opened.start("--demo")
    yield opened
    await opened.kill()


class Shift:
    """The people of one shift and the server they lose again and again."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.open = asyncio.Event()
        self.open.set()
        self.devices: list[Handheld] = []
        self.windows: Counter[str] = Counter()

    async def back(self) -> None:
        """Waits until the server is there again."""
        await self.open.wait()

    async def hands(self, stack: AsyncExitStack) -> list[Picker]:
        """Pickers with enrolled handhelds."""
        codes = list(self.site.codes.values())[:PICKERS]
        pickers = []
        for code, (badge, pin) in zip(codes, self.site.people["picker"], strict=False):
            handheld = Handheld(await stack.enter_async_context(self.site.client()), self.back)
            await handheld.enrol(code)
            await handheld.sign_in(badge, pin)
            self.devices.append(handheld)
            pickers.append(Picker(handheld, self.breath))
        return pickers

    async def breath(self) -> None:
        """People are not machines, and twenty rounds shall not outlast the work."""
        await asyncio.sleep(random.uniform(0.02, 0.1))

    async def lose_the_server(self) -> None:
        """Kills at a random moment, counts what was under way, starts again."""
        await asyncio.sleep(random.uniform(0.05, 0.4))
        for _ in range(200):
            if any(device.in_flight for device in self.devices):
                break
            await asyncio.sleep(0.001)
        flying = sum(device.in_flight for device in self.devices)
        self.windows["a command under way" if flying else "between commands"] += 1
        self.open.clear()
        await self.site.kill()
        await self.site.start()
        self.open.set()


async def _release(site: Site) -> None:
    async with site.client() as desk:
        badge, pin = site.people["supervisor"][0]
        (await desk.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})).raise_for_status()
        answer = await desk.post("/api/warehouses/1/waves", json={})
        while answer.status_code == 422:  # the gateway has not authorised anybody yet
            await asyncio.sleep(0.1)
            answer = await desk.post("/api/warehouses/1/waves", json={})
        answer.raise_for_status()
        number = answer.json()["number"]
        while (await desk.get(f"/api/warehouses/1/waves/{number}")).json()["state"] == "releasing":  # noqa: ASYNC110 (over HTTP)
            await asyncio.sleep(0.05)


async def test_nothing_acknowledged_is_lost_however_often_the_server_is_killed(site: Site) -> None:
    await _release(site)
    shift = Shift(site)
    async with AsyncExitStack() as stack:
        pickers = await shift.hands(stack)
        working = [asyncio.create_task(picker.work()) for picker in pickers]
        for _ in range(ROUNDS):
            await shift.lose_the_server()
            if all(task.done() for task in working):
                working = [asyncio.create_task(picker.work()) for picker in pickers]
        await asyncio.gather(*working)
        for device in shift.devices:
            await _is_there_once(device)
    assert shift.windows["a command under way"] >= ROUNDS * 3 // 4, shift.windows
    await site.stop()
    code, said = await site.run("check")
    assert code == 0, said


async def _is_there_once(device: Handheld) -> None:
    """Everything that was acknowledged is answered again, with the first answer."""
    for at in range(0, len(device.acknowledged), 100):
        portion = device.acknowledged[at : at + 100]
        body = {"device": device.device, "epoch": device.epoch, "commands": [command for command, _ in portion]}
        headers = {"Authorization": f"Device {device.secret}"}
        reply = await device.http.post("/api/floor/commands", json=body, headers=headers)
        reply.raise_for_status()
        again = reply.json()["answers"]
        assert [each["again"] for each in again] == [True] * len(portion)
        assert [each["outcome"] for each in again] == [answer["outcome"] for _, answer in portion]
