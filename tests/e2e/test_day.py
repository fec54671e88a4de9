"""One order as everybody sees it: board, desk and the customer's page agree at each step of its way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from seed.data import load_demo
from server.orders.rules import STATUS_TEXTS
from tests.e2e.conftest import Hands
from tests.e2e.ordering import BULKY, captured, signed_in, until
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
TOTES = ("T-0031", "T-0032")


@dataclass
class Everybody:
    """Who looks at the same order: the wall, the desk, the customer."""

    wall: Hands
    desk: Hands
    customer: Hands
    step: int = 0

    async def see(self, lines: str | None, status: str, told: str) -> None:
        """The board's lines done of all, the order's status at the (German) desk, the customer's sentence."""
        self.step += 1
        if lines is not None:
            row = self.wall.page.get_by_role("row").filter(has_text=lines)
            await expect(row.first).to_be_visible(timeout=15_000)
        await expect(self.desk.page.locator(".order-head .pill")).to_have_text(STATUS_TEXTS[status][1], timeout=15_000)
        await self.customer.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await self.customer.sees(told)
        for name, hands in (("board", self.wall), ("desk", self.desk), ("customer", self.customer)):
            await hands.picture(f"day-{self.step}-{name}")


async def _takes_the_tour(picker: Hands) -> list[tuple[str, str, str]]:
    """Cart and totes are bound; each stop's bin, barcode and tote in the order of the walk."""
    await picker.tap("Take tour")
    await picker.sees("Scan the cart")
    await picker.scan("C-03")
    for slot, tote in enumerate(TOTES, 1):
        await picker.sees(f"Scan a tote for slot {slot}")
        await picker.scan(tote)
    await picker.sees("Scan the bin")
    queue = await picker.page.evaluate("fetch('/api/floor/queue').then((answer) => answer.json())")
    (tour,) = queue["tours"].values()
    stops = sorted(tour["stops"], key=lambda stop: stop["position"])
    return [
        (stop["bin"]["code"], tour["items"][stop["item"]]["barcodes"][0]["code"], TOTES[stop["slot"] - 1])
        for stop in stops
    ]


async def _picks(picker: Hands, bin_code: str, item: str, tote: str) -> None:
    await picker.sees("Scan the bin")
    await picker.scan(f"B-{bin_code}")
    await picker.sees("Scan the item")
    await picker.scan(item)
    await picker.sees("Scan tote")
    await picker.scan(tote)


async def test_board_desk_and_customer_agree_on_an_order_at_each_step(site: Site, hands: Make) -> None:
    lead = await signed_in(site, "supervisor")
    desk_api = await signed_in(site, "desk")
    number = await captured(desk_api, "DAY-1", [(sku, 1) for sku in BULKY], "en")
    link = (await desk_api.post(f"/api/orders/{number}/link")).json()["path"]

    wall, desk, customer = await hands(), await hands(), await hands(handheld=True)
    await wall.open("/board")
    await wall.sign_in(*site.people["supervisor"][0])
    await desk.open(f"/orders/{number}")
    await desk.sign_in(*site.people["desk"][0])
    await desk.open(f"/orders/{number}")
    await customer.open(link)
    seen = Everybody(wall, desk, customer)
    await wall.sees("No wave is on the floor")
    await seen.see(None, "ready", "We have your order")

    assert (await lead.post("/api/warehouses/1/waves", json={"orders": [number]})).status_code == 202
    await seen.see("0 / 2", "released", "We are putting it together")

    picker = await hands(handheld=True)
    await picker.open(f"/sign-in#enrol={next(iter(site.codes.values()))}")
    await picker.sign_in(*site.people["picker"][2])
    stops = await _takes_the_tour(picker)
    await picker.scan("B-A20-30-A" if stops[0][0] != "A20-30-A" else "B-A20-29-A")
    await picker.sees("Wanted:")
    await picker.picture("day-2-picker", answer=True)
    await picker.scan("anything: it only acknowledges")
    await _picks(picker, *stops[0])
    await picker.sees("Scan the bin")
    await picker.picture("day-3-picker")
    await seen.see("1 / 2", "picking", "We are putting it together")
    await _picks(picker, *stops[1])
    await picker.sees("The tour is done")
    await picker.scan("S-PACK-1")
    await picker.sees("No tour is waiting")
    await seen.see(None, "picked", "We are putting it together")

    packer = await hands()
    await packer.open(f"/sign-in#enrol={list(site.codes.values())[1]}")
    await packer.sign_in(*site.people["packer"][1])
    await packer.sees("Pack 1")
    await packer.scan("S-PACK-1")
    await packer.sees("Scan a tote")
    await packer.scan(TOTES[0])
    await packer.sees("on place 1")
    await packer.picture("day-4-packer", answer=True)
    await desk.sees("Auf Platz 1 ")
    await desk.picture("day-4-desk")
    await packer.scan(TOTES[1])
    await packer.sees(f"Order {number} is complete")
    barcodes = {each.sku: each.gtin for each in load_demo().barcodes if each.sku in BULKY and each.uom == "each"}
    for sku in BULKY:
        await packer.scan(barcodes[sku])
    await packer.sees("Weigh carton 1")
    bench = await until(
        lead, "/api/warehouses/1/stations/PACK-1/pack",
        lambda found: any((each["carton"] or {}).get("label") for each in found["orders"].values()),
    )  # fmt: skip
    (carton,) = (each["carton"] for each in bench["orders"].values() if each["number"] == number)
    await packer.types(str(carton["expected_g"]))
    await packer.sees("Stick it on the carton first")
    await packer.picture("day-5-packer")
    await packer.scan(f"(00){carton['sscc']}")
    await packer.sees("is closed")
    await seen.see(None, "shipped", "It is on its way")
    for each in (wall, desk, customer):
        await each.is_accessible()
    books, said = await site.run("check")
    assert books == 0, said
