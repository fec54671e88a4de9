"""Every screen of the desk and the floor, small, large and with text twice as large: nobody is shut out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

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
    "/home", "/", "/orders", "/release", "/board", "/imports", "/reconciliation", "/webhooks", "/lan", "/setup",
    "/tasks", "/holds", "/policies", "/policies/fraud", "/policies/fraud?tab=draft", "/policies/fraud?tab=history",
    "/customers", "/messages", "/messages?tab=log", "/messages?template=confirmed/email/de", "/setup/brand",
    "/supply", "/setup/deliveries",
    *(f"/setup/{thing}" for thing in THINGS),
)  # fmt: skip

_LINK_OR_BUTTON = "document.activeElement.matches('a, button') ? document.activeElement.innerText : ''"


async def test_every_screen_is_accessible_at_every_size(site: Site, hands: Make) -> None:
    admin = await hands()
    await admin.open("/")
    await admin.sign_in(*site.people["admin"][0])
    async with site.client() as desk:
        badge, pin = site.people["desk"][0]
        (await desk.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})).raise_for_status()
        number = (await desk.get("/api/orders", params={"limit": 1})).json()["items"][0]["number"]
        customer = (await desk.get("/api/customers", params={"limit": 1})).json()["items"][0]["id"]
    faults: list[str] = []
    for path in (*PATHS, f"/orders/{number}", f"/customers/{customer}"):
        await admin.open(path)
        await expect(admin.page.locator("h1, h2").first).to_be_visible(timeout=15_000)
        await expect(admin.page.locator(".spinner")).to_have_count(0, timeout=15_000)
        faults.extend(f"{path} {each}" for each in await admin.faults_at_every_size())
    assert not faults, "\n".join(faults)
    await _what_is_most_pressing_is_done_by_the_keyboard_alone(admin, str(number))
    await _names_go_in_where_one_writes(admin)


async def _what_is_most_pressing_is_done_by_the_keyboard_alone(admin: Hands, number: str) -> None:
    """An order is found, held and let go, a wave released; whatever goes with an answer, the focus is not lost."""
    page = admin.page
    await admin.open("/orders")
    await admin.sees(number)
    await _reach(page, number)
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await _reach(page, "Sperren")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog textarea")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Sperren")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog textarea")).to_be_focused()
    await page.keyboard.type("Ruft zurück", delay=60)
    await _reach(page, "Sperren")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_be_focused()

    await admin.open("/board")
    holds = page.get_by_role("listitem").filter(has_text="gesperrt")
    await admin.sees(f"Auftrag {number} gesperrt")
    before = await holds.count()
    await _reach(page, "Öffnen")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog")).to_be_visible()
    await page.keyboard.press("Enter")  # the first button of the dialog lets it go
    await expect(holds).to_have_count(before - 1)
    await expect(page.get_by_role("heading", name="Braucht jemanden")).to_be_focused()

    await admin.open("/release")
    await _reach(page, "Ansehen")
    await page.keyboard.press("Enter")
    await admin.sees("Das ist der erste Plan")
    await _reach(page, "freigeben")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Welle freigeben")).to_be_focused(timeout=15_000)


async def _reach(page: Page, words: str) -> None:
    """Goes on with Tab until the link or button that has the focus says this."""
    for _ in range(120):
        await page.keyboard.press("Tab")
        if words in await page.evaluate(_LINK_OR_BUTTON):
            return
    raise AssertionError(f"the keyboard never reached {words!r}")


async def _names_go_in_where_one_writes(admin: Hands) -> None:
    """Of a message's words, one behind the other."""
    page = admin.page
    await admin.open("/messages?template=confirmed/email/de")
    words, names = page.locator("textarea"), page.locator(".messages-names button")
    await words.focus()
    await page.keyboard.press("Control+Home")
    for at in (0, 1):
        await names.nth(at).focus()
        await page.keyboard.press("Enter")
    both = "".join([await names.nth(at).inner_text() for at in (0, 1)])
    await expect(words).to_have_value(re.compile("^" + re.escape(both)))
