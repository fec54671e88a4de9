"""The desk by the keyboard alone: money comes, a part of it goes back, and both sets of books are laid side by side."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import Hands
from tests.e2e.ordering import captured, signed_in, until
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
_FOCUSED = "document.activeElement.matches('a, button, summary, input') ? document.activeElement.innerText : ''"


async def awaited(desk: httpx.AsyncClient) -> int:
    """An order that waits for its money."""
    body = {
        "channel": "phone", "external_ref": "PREPAID-1", "currency": "EUR", "service": "nordpost-parcel",
        "lines": [{"sku": "40-0216", "quantity": 2, "price_minor": 500}],
        "totals": {"items_minor": 1000, "total_minor": 1490, "shipping_minor": 490},
        "customer": {"name": "Ana Souza", "email": "ana@example.org", "language": "de"},
        "address": {"street": "Lindenweg 4", "postal_code": "53111", "city": "Bonn", "country": "DE"},
        "payment": {"method": "prepaid"},
    }  # fmt: skip
    made = await desk.post("/api/orders", json=body, headers={"Idempotency-Key": "prepaid-1"})
    number: int = made.raise_for_status().json()["number"]
    return number


async def reach(page: Page, words: str) -> None:
    """Goes on with Tab until the link or button that has the focus says this."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        if words in await page.evaluate(_FOCUSED):
            return
    raise AssertionError(f"the keyboard never reached {words!r}")


async def terms_are_agreed(site: Site, sara: Hands, lead: Hands, customer: str) -> list[str]:
    """The desk sees how somebody buys on account, the supervisor agrees it; what is wrong is said at its field."""
    await sara.open(f"/customers/{customer}")
    await sara.sees("Keine eigenen Bedingungen")
    await expect(sara.page.get_by_role("button", name="Bedingungen")).to_have_count(0)
    page = lead.page
    await lead.open("/")
    await lead.sign_in(*site.people["supervisor"][0])
    await lead.open(f"/customers/{customer}")
    await lead.sees("Due 14 days after it ships")
    await reach(page, "Agree terms")
    await page.keyboard.press("Enter")
    days, limit = page.get_by_label("Days until it is due"), page.get_by_label("Limit (empty: none)")
    await expect(days).to_be_focused()
    await days.fill("400")
    await limit.fill("20.00")
    await page.keyboard.press("Enter")
    await lead.sees("Whole days, 0 to 365, not “400”.")
    await expect(days).to_be_focused()
    faults = await lead.faults_at_every_size()
    await lead.picture("customer-terms")
    await days.fill("40")
    await page.keyboard.press("Enter")
    await lead.sees("€20.00 left")
    await lead.sees("€0.00 of €20.00 ordered and not paid")
    await lead.sees("Due 40 days after it ships")
    await expect(page.get_by_role("button", name="Change terms")).to_be_focused()
    await lead.picture("customer-agreed")
    faults += await lead.faults_at_every_size()
    await reach(page, "End terms")
    await page.keyboard.press("Enter")
    await lead.sees("Terms can be agreed again.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await lead.sees("No longer on account since")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await lead.picture("customer-ended")
    return faults + await lead.faults_at_every_size()


async def test_money_comes_goes_back_and_is_compared(site: Site, hands: Make) -> None:
    desk = await signed_in(site, "desk")
    number = await awaited(desk)
    sara = await hands()
    await sara.open("/")
    await sara.sign_in(*site.people["desk"][0])
    page = sara.page
    await sara.open(f"/orders/{number}")
    await sara.sees("Vorkasse, 14,90 € erwartet")

    await reach(page, "Geld kam")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog input").first).to_be_focused()
    assert await page.locator("dialog input").first.input_value() == "14,90"
    await sara.is_accessible()
    await sara.picture("money-received")
    await page.keyboard.press("Enter")
    await sara.sees("Vorkasse, 14,90 € erhalten")
    await until(desk, f"/api/orders/{number}", lambda found: found["status"] == "ready")

    await reach(page, "Zurückzahlen")
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog input").first).to_be_focused()
    await page.keyboard.press("Enter")
    await sara.sees("Sag, warum")
    await page.locator("dialog input").first.fill("3,00")
    await page.locator("dialog input").nth(1).fill("Ein Glas war zerbrochen.")
    await sara.picture("money-refund")
    await page.keyboard.press("Enter")
    await sara.sees("3,00 € zurückgezahlt")
    await reach(page, "Jeder Schritt")
    await page.keyboard.press("Enter")
    await sara.sees("Ein Glas war zerbrochen.")
    faults = await sara.faults_at_every_size()
    await sara.picture("money-journal")

    await captured(desk, "CARD-1", [("40-0216", 1)])
    await sara.open("/reconciliation")
    await sara.sees("Noch nichts abgeglichen")
    await reach(page, "Abgleichen")
    await page.keyboard.press("Enter")
    await sara.sees("alles passt")
    await reach(page, "gleich")
    await page.keyboard.press("Enter")
    await expect(page.locator("tbody tr").first).to_be_visible()
    faults += await sara.faults_at_every_size()
    await sara.picture("reconciliation")
    customer: str = (await desk.get(f"/api/orders/{number}")).json()["customer_id"]
    faults += await terms_are_agreed(site, sara, await hands(), customer)
    assert not faults, "\n".join(faults)
    await desk.aclose()
