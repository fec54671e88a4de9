"""The customer follows an order on a small phone: in their language, by itself, until the link is taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.conftest import Hands
from tests.e2e.ordering import signed_in
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]


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

    assert (await desk.post(f"/api/orders/{number}/cancel", json={"why": "She changed her mind."})).status_code == 200
    await customer.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await customer.sees(words[1])

    assert (await desk.post(f"/api/orders/{number}/link/take-back")).status_code == 204
    await customer.page.reload()
    await customer.sees("leads to no order any more")
    await customer.is_accessible()
