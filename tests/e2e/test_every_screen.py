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
SIZES = ((360, 640, 2.0), (1440, 900, 1.0), (1920, 1080, 1.0))
"""Width, height, and how many times as large the text is."""
_LARGER = "(times) => { document.documentElement.style.fontSize = `${100 * times}%`; }"
_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


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
        for width, height, times in SIZES:
            await admin.page.set_viewport_size({"width": width, "height": height})
            await admin.page.evaluate(_LARGER, times)
            faults.extend(f"{path} at {width}×{height}, text ×{times}: {each}" for each in await _faults(admin))
    assert not faults, "\n".join(faults)


async def _faults(admin: Hands) -> list[str]:
    beyond = await admin.page.evaluate(_WIDE)
    found = [f"{beyond} px too wide"] if beyond > 0 else []
    try:
        await admin.is_accessible()
    except AssertionError as violated:
        found.append(str(violated).splitlines()[0])
    return found
