"""What the documentation shows runs as it stands there."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.site import Site

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "pick_a_tour.py"

pytestmark = pytest.mark.story


async def test_the_client_of_the_floor_protocol_picks_a_tour(tmp_path: Path, demo_data: Callable[[Path], Path]) -> None:
    site = Site(demo_data(tmp_path / "data"))
    await site.start("--demo")
    try:
        async with site.client() as lead:
            badge, pin = site.people["supervisor"][0]
            (await lead.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})).raise_for_status()
            made = await lead.post("/api/warehouses/1/waves", json={"limit": 2})
            wave = f"/api/warehouses/1/waves/{made.json()['number']}"
            async with asyncio.timeout(30):
                while True:
                    if (await lead.get(wave)).json()["state"] == "released":
                        break
                    await asyncio.sleep(0.1)  # over HTTP there is no event to wait for
            code, picker = next(iter(site.codes.values())), site.people["picker"][0]
            process = await asyncio.create_subprocess_exec(
                sys.executable, str(EXAMPLE), site.url, code, *picker, "S-PACK-1",
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            said = (await process.communicate())[0].decode().splitlines()
            assert process.returncode == 0, said
            assert said[-1] == "tour.finish tour_finished"
            assert (await lead.get(wave)).json()["tours_done"] >= 1
    finally:
        await site.kill()
