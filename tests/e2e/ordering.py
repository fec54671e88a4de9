"""What stories begin with: somebody who is signed in over HTTP, and a paid order that waits to be released."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from tests.support.site import Site

BULKY = ("40-0265", "40-0266")
"""Two that go into no tote together."""


async def signed_in(site: Site, role: str) -> httpx.AsyncClient:
    """Somebody with this role."""
    client = site.client()
    badge, pin = site.people[role][0]
    (await client.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})).raise_for_status()
    return client


async def until(client: httpx.AsyncClient, path: str, holds: Callable[[Any], bool]) -> Any:
    """What is read there, once it holds."""
    async with asyncio.timeout(20):
        while True:
            answer = (await client.get(path)).json()
            if holds(answer):
                return answer
            await asyncio.sleep(0.05)  # over HTTP there is no event to wait for


async def captured(
    desk: httpx.AsyncClient, reference: str, goods: Sequence[tuple[str, int]], language: str = "de"
) -> int:
    """An order of these SKUs and quantities, paid by a card that the sandbox accepts; its number once it is ready."""
    total = 500 * sum(quantity for _, quantity in goods)
    body: dict[str, Any] = {
        "channel": "web", "external_ref": reference, "currency": "EUR",
        "lines": [{"sku": sku, "quantity": quantity, "price_minor": 500} for sku, quantity in goods],
        "totals": {"items_minor": total, "total_minor": total},
        "customer": {"name": "Ana Souza", "email": "ana@example.org", "phone": "+4930231250", "language": language},
        "address": {"street": "Lindenweg 4", "postal_code": "53111", "city": "Bonn", "country": "DE"},
        "payment": {"method": "card", "token": "ok"}, "service": "nordpost-parcel",
    }  # fmt: skip
    made = await desk.post("/api/orders", json=body, headers={"Idempotency-Key": reference})
    number: int = made.raise_for_status().json()["number"]
    await until(desk, f"/api/orders/{number}", lambda page: page["status"] == "ready")
    return number
