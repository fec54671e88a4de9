"""The customer follows an order on a small phone: in their language, by itself, until the link is taken back.

The desk finds them again as a customer, sees what they are told, and writes how it is said.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Hands
from tests.e2e.ordering import captured, signed_in
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
OLD = re.compile("No network: this may be old|Kein Netz: das kann veraltet sein")


async def test_a_customer_follows_an_order_without_signing_in(site: Site, hands: Make) -> None:
    desk = await signed_in(site, "desk")
    orders = (await desk.get("/api/orders", params={"status": "ready", "limit": 20})).json()["items"]
    number, reference = orders[0]["number"], orders[0]["external_ref"]
    path = (await desk.post(f"/api/orders/{number}/link")).json()["path"]
    order = (await desk.get(f"/api/orders/{number}")).json()
    words = {
        "de": ("Wir haben deine Bestellung", "Diese Bestellung wurde storniert"),
        "en": ("We have your order", "This order was cancelled"),
    }["de" if order["customer"]["language"] == "de" else "en"]

    customer = await hands(handheld=True)
    await customer.page.set_viewport_size({"width": 320, "height": 568})
    await customer.open(path)
    await customer.sees(words[0])
    await customer.sees(reference)
    for hidden in (order["customer"]["name"], order["address"]["street"]):
        assert hidden not in await customer.page.content()
    assert await customer.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await customer.faults_at_every_size() == []
    await customer.picture("track")
    await _stays_while_the_server_is_away(customer, words[0])

    cancel, sure = {"de": ("Bestellung stornieren", "Ja, stornieren"), "en": ("Cancel the order", "Yes, cancel it")}[
        "de" if order["customer"]["language"] == "de" else "en"
    ]
    await customer.tap(cancel)
    await customer.is_accessible()
    await customer.picture("track-cancel")
    await customer.tap(sure)
    await customer.sees(words[1])
    page = (await desk.get(f"/api/orders/{number}")).json()
    assert page["status"] == "cancelled"
    assert [(each["who"], each["why"]) for each in page["timeline"] if each["what"] == "cancelled"] == [
        ("customer", "cancelled_by_customer")
    ]
    again = await desk.post(f"/api/track/{path.removeprefix('/track/')}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "cancel_too_late")

    assert (await desk.post(f"/api/orders/{number}/link/take-back")).status_code == 204
    await customer.page.reload()
    await customer.sees("leads to no order any more")
    await customer.is_accessible()
    assert (await desk.post(f"/api/track/{path.removeprefix('/track/')}/cancel")).json()["code"] == "link_unknown"
    await _the_desk_knows_a_customer_and_what_they_are_told(site, hands, desk)


async def _stays_while_the_server_is_away(customer: Hands, shown: str) -> None:
    """A proxy answers in the server's place: what is shown is said to be old, and is no link that was taken back."""
    page, looked = customer.page, "document.dispatchEvent(new Event('visibilitychange'))"
    await page.route("**/api/track/*", lambda route: route.fulfill(status=502, body="Bad gateway"))
    await page.evaluate(looked)
    await expect(page.get_by_text(OLD)).to_be_visible()
    await customer.sees(shown)
    await page.unroute("**/api/track/*")
    await page.evaluate(looked)
    await expect(page.get_by_text(OLD)).to_have_count(0)


async def _the_desk_knows_a_customer_and_what_they_are_told(site: Site, hands: Make, desk: httpx.AsyncClient) -> None:
    number = await captured(desk, "STORY-1", [("40-0101", 1)], language="en")
    admin = await hands()
    page = admin.page
    await admin.open("/customers")
    await admin.sign_in(*site.people["admin"][0])
    await page.get_by_role("searchbox").fill("ana@exa")
    await page.keyboard.press("Enter")
    found = page.get_by_role("link", name="Ana Souza")
    await expect(found).to_have_count(1)  # until it is found, the list of all stands there
    await found.click()
    await admin.sees(str(number))
    await admin.tap("Notiz schreiben")
    await page.get_by_label("Was man wissen soll").fill("Klingelt nebenan.")
    await admin.tap("Speichern")
    await admin.sees("Klingelt nebenan.")
    await admin.is_accessible()
    await admin.picture("customer")

    await admin.open("/messages?template=confirmed/email/en")
    await admin.sees("{order.reference}")
    await page.get_by_label("Betreff").fill("Thanks for {order.reference}, {customer.nickname}")
    await admin.tap("Speichern")
    await admin.sees("{customer.nickname} ist kein Name")
    await page.get_by_label("Betreff").fill("Thanks for {order.reference}, {customer.name}")
    await page.get_by_label("Mit Auftrag").fill(str(number))
    await admin.tap("Ansehen")
    await admin.sees("Thanks for STORY-1, Ana Souza")
    await admin.picture("message-template")
    await admin.tap("Speichern")
    await admin.sees("Als Version 1 gespeichert.")
    await admin.open(f"/orders/{number}")
    await admin.sees("kein Versandweg eingerichtet")
    await page.get_by_role("link", name="Bestellung bestätigt").click()
    await admin.sees("Der Text entsteht, wenn sie hinausgeht.")
    await admin.is_accessible()
