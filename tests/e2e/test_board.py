"""The board on the wall: a real floor moves it, what waits is decided at it, and it says when it is old."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from seed.shift.handheld import Handheld
from server.core.ids import new_id
from tests.e2e.conftest import Hands
from tests.e2e.ordering import BULKY, captured, signed_in, until
from tests.support.headless import Picker, no_pace
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
WAREHOUSE = "/api/warehouses/1"


async def _wave(lead: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    """Some of the demo's ready orders on the floor."""
    made = await lead.post(f"{WAREHOUSE}/waves", json=wanted)
    assert made.status_code == 202, made.text
    path = f"{WAREHOUSE}/waves/{made.json()['number']}"
    wave: dict[str, Any] = await until(lead, path, lambda wave: wave["state"] == "released")
    return wave


async def _walker(site: Site, person: int) -> Picker:
    handheld = Handheld(site.client(), no_pace)
    await handheld.enrol(list(site.codes.values())[person])
    await handheld.sign_in(*site.people["picker"][person])
    return Picker(handheld, no_pace)


async def _parked(site: Site, lead: httpx.AsyncClient, walker: Picker) -> tuple[int, str]:
    """An order of two totes, of which one stands at a station: its number, and the other tote."""
    number = await captured(await signed_in(site, "desk"), "BOARD-1", [(sku, 1) for sku in BULKY])
    await _wave(lead, orders=[number])
    await walker.walk_one()
    first, second = (sent["body"]["tote"] for sent, _ in walker.handheld.acknowledged if sent["kind"] == "tour.tote")
    packer = Handheld(site.client(), no_pace)
    await packer.enrol(list(site.codes.values())[2])
    await packer.sign_in(*site.people["packer"][1])
    bench = (await lead.get(f"{WAREHOUSE}/stations/PACK-1/pack")).json()
    assert (await packer.did("pack.open", station=bench["station"]["id"], tote=first))["severity"] == "ok"
    return number, second


async def _row(wall: Hands, words: str) -> None:
    await expect(wall.page.get_by_role("row").filter(has_text=words).first).to_be_visible(timeout=15_000)


async def test_the_board_follows_the_floor_and_what_waits_is_decided_at_it(site: Site, hands: Make) -> None:
    lead = await signed_in(site, "supervisor")
    wall = await hands()
    await wall.page.set_viewport_size({"width": 1920, "height": 1080})
    await wall.page.emulate_media(color_scheme="dark")
    await wall.open("/board")
    await wall.sign_in(*site.people["supervisor"][0])
    await wall.sees("No wave is on the floor")
    await wall.is_accessible()

    walker = await _walker(site, 0)
    number, second = await _parked(site, lead, walker)
    waiting = wall.page.get_by_role("listitem").filter(has_text=f"{number} on place 1, Pack 1")
    await expect(waiting).to_contain_text(second, timeout=15_000)
    low = {"battery_percent": 12, "charging": False}
    (await walker.handheld.ask("POST", "/api/auth/device", low, as_device=True)).raise_for_status()
    await wall.sees("battery low")
    await wall.sees("12 %")

    wave = await _wave(lead, limit=12)
    lines = (await lead.get(f"{WAREHOUSE}/board")).json()["waves"][wave["id"]]["stages"]["lines"]
    await _row(wall, f"0 / {lines}")
    await walker.walk_one()
    await wall.sees("no tour")
    await expect(wall.page.get_by_role("row").filter(has_text=f"0 / {lines}")).to_have_count(0)
    await wall.sees("Handheld")
    await wall.picture("board")
    await wall.is_accessible()

    # a scan that cannot be booked is dismissed
    said = await walker.handheld.did("pick", task=str(new_id()), qty=1, bin="B", item="x", tote="T-0001", slot=1)
    assert said["outcome"] == "set_aside"
    await wall.sees("Scan set aside: pick")
    await wall.tap("Decide")
    await wall.is_accessible()
    await wall.tap("Dismiss it")
    await expect(wall.page.get_by_text("Scan set aside: pick")).to_have_count(0)
    assert (await lead.get(f"{WAREHOUSE}/facts-aside")).json()["items"] == []

    # a held order is let go
    held = (await lead.post(f"{WAREHOUSE}/waves/candidates", json={})).json()["items"][0]["number"]
    assert (await lead.post(f"/api/orders/{held}/holds", json={"note": "She calls back."})).status_code == 201
    row = wall.page.get_by_role("listitem").filter(has_text=f"Order {held} on hold")
    await expect(row).to_be_visible(timeout=15_000)
    await row.get_by_role("button").click()
    await wall.tap("Release the hold")
    await expect(row).to_have_count(0)
    assert (await lead.get(f"/api/orders/{held}")).json()["status"] == "ready"

    # a tour is taken from somebody
    other = await _walker(site, 1)
    tour = await other._tour()
    assert tour is not None
    await wall.page.get_by_role("button", name=f"Tour {tour['number']} of").click()
    await wall.tap("Give it")
    await expect(wall.page.get_by_role("button", name=f"Tour {tour['number']} of")).to_have_count(0)
    assert tour["id"] in (await lead.get("/api/floor/queue")).json()["offers"]

    # it says when it is old, and comes back to the truth
    await site.kill()
    await wall.sees("may be old")
    await site.start()
    await wall.sees("live")
    await signed_in(site, "supervisor")
    await wall.page.set_viewport_size({"width": 360, "height": 640})
    await wall.is_accessible()
    await wall.page.set_viewport_size({"width": 1024, "height": 768})
    await wall.is_accessible()
    await wall.picture("board-tablet")
