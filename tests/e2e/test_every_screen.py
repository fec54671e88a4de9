"""Every screen of the desk and the floor, small, large and with text twice as large: nobody is shut out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Hands
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
SCREENS = Path(__file__).parents[2] / "pwa" / "src" / "screens"
THINGS = (
    "warehouse", "bins", "carts", "totes", "services", "cartons", "printers", "stations", "people", "devices", "keys",
    "templates",
)  # fmt: skip
PATHS = (
    "/home", "/", "/orders", "/release", "/board", "/imports", "/webhooks", "/lan", "/setup", "/tasks",
    *(f"/setup/{thing}" for thing in THINGS),
)  # fmt: skip


async def test_every_screen_is_accessible_at_every_size(site: Site, hands: Make) -> None:
    admin = await hands()
    await admin.open("/")
    await admin.sign_in(*site.people["admin"][0])
    async with site.client() as desk:
        badge, pin = site.people["desk"][0]
        (await desk.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})).raise_for_status()
        number = (await desk.get("/api/orders", params={"limit": 1})).json()["items"][0]["number"]
    faults: list[str] = []
    for path in (*PATHS, f"/orders/{number}"):
        await admin.open(path)
        await expect(admin.page.locator("h1, h2").first).to_be_visible(timeout=15_000)
        await expect(admin.page.locator(".spinner")).to_have_count(0, timeout=15_000)
        faults.extend(f"{path} {each}" for each in await admin.faults_at_every_size())
    assert not faults, "\n".join(faults)
