"""A server that is killed while a receiver has not answered sends again when it is back, under the same id."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.receiver import receiver
from tests.support.site import Site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    opened = Site(tmp_path / "data", settings={"WEBHOOK_NETWORKS": "127.0.0.0/8", "WEBHOOK_HTTP": "true"})
    await opened.start("--demo")
    yield opened
    await opened.kill()


async def test_what_was_on_its_way_when_the_server_died_comes_again_under_its_id(site: Site) -> None:
    async with receiver("dead") as there:
        badge, pin = site.people["integrator"][0]
        async with site.client() as http:
            (await http.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})).raise_for_status()
            made = await http.post("/api/webhooks/endpoints", json={"url": there.url, "types": ["order.held"]})
            assert made.status_code == 201, made.text
            order = (await http.get("/api/orders", params={"status": "ready", "limit": 1})).json()["items"][0]
            held = await http.post(f"/api/orders/{order['number']}/holds", json={"reason": "manual"})
            assert held.status_code == 201, held.text
        ours = order["id"].encode()  # the demo has other orders that are held
        await there.until(1, ours)
        await site.kill()
        there.manner = "200"
        await site.start("--demo")
        first, again = (await there.until(2, ours))[:2]
    assert first.id == again.id
    assert first.body == again.body
