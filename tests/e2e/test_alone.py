"""The last person of a handheld goes on without a network; what they scan counts, though their sign-in had ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Hands
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]

LEFT_LYING = """() => new Promise((then) => {
  indexedDB.open('pickwave').onsuccess = ({target: {result: db}}) => {
    const tx = db.transaction('meta', 'readwrite');
    tx.objectStore('meta').put(Date.now() - 16 * 60_000, 'touched');
    tx.oncomplete = () => (db.close(), then());
  };
})"""
"""Nobody has touched it for sixteen minutes."""


async def signed_in(site: Site, role: str) -> httpx.AsyncClient:
    client = site.client()
    badge, pin = site.people[role][0]
    (await client.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})).raise_for_status()
    return client


async def loaded(picker: Hands, lead: httpx.AsyncClient) -> tuple[int, dict[str, Any]]:
    """A tour of one order on a cart with one tote; the order's number and the tour."""
    orders = (await lead.get("/api/orders", params={"status": "ready", "limit": 1})).json()["items"]
    number: int = orders[0]["number"]
    (await lead.post("/api/warehouses/1/waves", json={"orders": [number]})).raise_for_status()
    await picker.tap("Take tour")
    await picker.sees("Scan the cart")
    await picker.scan("C-01")
    await picker.sees("Scan a tote for slot 1")
    await picker.scan("T-0007")
    await picker.sees("Scan the bin")
    queue = await picker.page.evaluate("fetch('/api/floor/queue').then((answer) => answer.json())")
    (tour,) = queue["tours"].values()
    return number, tour


async def pick_first(picker: Hands, tour: dict[str, Any]) -> int:
    """Picks what the first stop wants; how many."""
    stop = min(tour["stops"], key=lambda each: each["position"])
    code = next(item for item in tour["items"].values() if item["id"] == stop["item"])["barcodes"][0]["code"]
    await picker.scan(f"B-{stop['bin']['code']}")
    await picker.sees("SKU")
    for _ in range(stop["quantity"]):
        await picker.scan(code)
    await picker.sees("Scan tote")
    await picker.scan("T-0007")
    return int(stop["quantity"])


async def picked(lead: httpx.AsyncClient, number: int) -> int:
    order = (await lead.get(f"/api/orders/{number}")).json()
    return sum(line["facts"]["picked"] for line in order["lines"])


async def test_what_the_last_person_scans_alone_gets_in_by_their_ticket(site: Site, hands: Make) -> None:
    badge, pin = site.people["picker"][0]
    lead = await signed_in(site, "supervisor")
    picker = await hands(handheld=True)
    await picker.open(f"/sign-in?enrol={next(iter(site.codes.values()))}")
    await picker.sign_in(badge, pin)
    number, tour = await loaded(picker, lead)
    await picker.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await picker.page.wait_for_function("navigator.serviceWorker.controller !== null")

    await picker.context.set_offline(True)
    (me,) = [each for each in (await lead.get("/api/auth/people")).json()["items"] if each["badge"] == badge]
    (await lead.post(f"/api/auth/people/{me['id']}/sign-out")).raise_for_status()
    await picker.page.evaluate(LEFT_LYING)
    await picker.page.reload()
    await picker.sees("only who worked here last can go on")
    await picker.is_accessible()
    await picker.picture("alone")
    await picker.scan(site.people["picker"][1][0])
    await picker.sees("PIN")
    await picker.types(site.people["picker"][1][1])
    await picker.sees("Not the badge and PIN of who worked here last")
    await picker.scan(badge)
    await picker.sees("PIN")
    await picker.types(pin)
    await picker.sees("No network: scan on, it is sent later.")

    await picker.sees("Scan the bin")
    units = await pick_first(picker, tour)
    await expect(picker.page.get_by_text("waiting").first).to_be_visible(timeout=15_000)
    assert await picked(lead, number) == 0

    await picker.context.set_offline(False)
    async with asyncio.timeout(45):
        while await picked(lead, number) != units:  # noqa: ASYNC110 (over HTTP there is no event to wait for)
            await asyncio.sleep(0.2)
    await picker.sees("Scan your badge")
    await lead.aclose()
