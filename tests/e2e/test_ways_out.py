"""No screen is a dead end: what could not be read is asked for anew, and who came to the wrong place gets away."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Hands
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
READ_ONCE = (
    "/supply", "/holds", "/policies", "/policies/fraud", "/new-order", "/setup", "/setup/deliveries", "/setup/brand",
)  # fmt: skip
OURS = re.compile(r"/api/(?!auth/)")


async def test_what_could_not_be_read_is_asked_for_anew_by_a_button(site: Site, hands: Make) -> None:
    admin = await hands()
    page = admin.page
    await admin.open("/home")
    await admin.sign_in(*site.people["admin"][0])
    again = page.get_by_role("button", name="Noch einmal")
    for path in READ_ONCE:
        await page.route(OURS, lambda route: route.abort())
        await admin.open(path)
        await expect(page.get_by_text("Kein Netz")).to_have_count(1)
        await admin.is_accessible()
        await page.unroute(OURS)
        await again.click()
        await expect(again).to_have_count(0)
        await expect(page.get_by_text("Kein Netz")).to_have_count(0)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await admin.open("/policies/none-of-ours")
    await admin.sees("Diese Art Regeln gibt es nicht")
    await page.get_by_role("link", name="Alle Regeln").click()
    await expect(page.get_by_role("heading", level=1, name="Regeln")).to_be_visible()


async def test_who_comes_to_floor_work_without_an_enrolled_device_gets_away(site: Site, hands: Make) -> None:
    lead = await hands()
    await lead.open("/tasks")
    await lead.sign_in(*site.people["supervisor"][0])
    await lead.sees("This device is not enrolled")
    await lead.tap("Me and this device")
    await lead.tap("Back to work")
    await lead.sees("Wave board")
