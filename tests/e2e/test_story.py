"""One order, from the channel to its tote, through a real server and real browsers, with everything that goes wrong."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import numpy as np
import pytest
import zxingcpp
from playwright.async_api import expect
from zplkit import Options, render

from seed.data import load_demo
from tests.e2e.conftest import Hands
from tests.e2e.ordering import captured, signed_in, until
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]

_ON_DISK = """() => new Promise((resolve, reject) => {
  const opened = indexedDB.open('pickwave');
  opened.onerror = () => reject(opened.error);
  opened.onsuccess = () => {
    const reading = opened.result.transaction(['state'], 'readonly');
    reading.objectStore('state').get('pick.begun');
    reading.onerror = () => reject(reading.error);
    reading.oncomplete = () => (opened.result.close(), resolve(true));
  };
})"""
"""A transaction of the device's storage: it runs after those that were begun before it."""


def _goods() -> list[tuple[str, int]]:
    """Three items that lie in more than one bin, so that a short can be made good."""
    demo = load_demo()
    stocked: dict[str, list[int]] = {}
    for row in demo.stock:
        stocked.setdefault(row.sku, []).append(row.quantity)
    wanted = {line.sku for order in demo.orders for line in order.lines}
    free = [sku for sku, rows in stocked.items() if len(rows) >= 2 and min(rows) >= 6 and sku not in wanted]
    return [(sku, 2) for sku in free[:3]]


async def _queue(picker: Hands) -> dict[str, Any]:
    queue: dict[str, Any] = await picker.page.evaluate("fetch('/api/floor/queue').then((answer) => answer.json())")
    return queue


async def test_an_order_goes_from_the_channel_to_its_tote_whatever_happens(site: Site, hands: Make) -> None:
    desk = await signed_in(site, "desk")
    number = await captured(desk, "STORY-1", _goods())

    supervisor = await hands()
    await supervisor.open("/release")
    await supervisor.sign_in(*site.people["supervisor"][1])
    await supervisor.tap("Look at it")
    await supervisor.sees("in bin order")
    await supervisor.picture("release")
    lead = await signed_in(site, "supervisor")
    released = await lead.post("/api/warehouses/1/waves", json={"orders": [number]})
    assert released.status_code == 202, released.text
    await supervisor.sees("on the floor")
    refused = await lead.post("/api/warehouses/1/waves", json={"orders": [number]})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_released")
    await lead.aclose()

    picker = await hands(handheld=True)
    await picker.open(f"/sign-in?enrol={next(iter(site.codes.values()))}")
    await picker.sign_in(*site.people["picker"][2])
    await picker.sees("Take tour")
    await picker.picture("offer")
    await picker.tap("Take tour")
    await picker.sees("Scan the cart")
    await picker.scan("C-01")
    await picker.sees("Scan a tote for slot 1")
    await picker.picture("totes")
    await picker.scan("T-0007")
    await picker.sees("Scan the bin")
    await picker.picture("bin")
    assert await picker.faults_at_every_size() == []

    (tour,) = (await _queue(picker))["tours"].values()
    stops = sorted(tour["stops"], key=lambda stop: stop["position"])
    codes = {item["id"]: item["barcodes"][0]["code"] for item in tour["items"].values()}

    await _wrong_things(picker, stops, codes)
    await _pick(picker, stops[0], codes)
    await _short(picker, stops[1])
    await _without_network(picker, codes)

    await picker.sees("The tour is done")
    await picker.picture("done")
    await picker.is_accessible()
    await picker.scan("S-PACK-1")
    await picker.sees("No tour is waiting")

    page = await until(desk, f"/api/orders/{number}", lambda page: page["status"] == "picked")
    assert [line["facts"]["picked"] for line in page["lines"]] == [2, 2, 2]

    packer = await hands()
    await packer.open(f"/sign-in?enrol={list(site.codes.values())[1]}")
    await packer.sign_in(*site.people["packer"][1])
    await _pack(packer, [codes[stop["item"]] for stop in stops])

    page = await until(desk, f"/api/orders/{number}", lambda page: page["status"] == "shipped")
    assert [line["facts"]["shipped"] for line in page["lines"]] == [2, 2, 2]
    await until(desk, f"/api/orders/{number}", lambda page: page["payment"]["state"] == "captured")
    await _cancelled_after_the_tour(desk, site, picker)
    await supervisor.open(f"/orders/{number}")
    await supervisor.sees(str(number))
    await supervisor.picture("order")
    await supervisor.is_accessible()
    await desk.aclose()


async def _cancelled_after_the_tour(desk: httpx.AsyncClient, site: Site, picker: Hands) -> None:
    """The totes are handed over, then the order is cancelled: its goods go back, done by whoever is free."""
    number = await captured(desk, "STORY-2", _goods()[:1])
    lead = await signed_in(site, "supervisor")
    assert (await lead.post("/api/warehouses/1/waves", json={"orders": [number]})).status_code == 202
    await lead.aclose()
    await picker.tap("Take tour")
    await picker.sees("Scan the cart")
    await picker.scan("C-02")
    await picker.sees("Scan a tote for slot 1")
    await picker.scan("T-0008")
    await picker.sees("Go to bin")
    (tour,) = (await _queue(picker))["tours"].values()
    (stop,) = tour["stops"]
    code = tour["items"][stop["item"]]["barcodes"][0]["code"]
    for text in (f"B-{stop['bin']['code']}", code, code, "T-0008"):
        await picker.scan(text)
    await picker.sees("Hand over the totes")
    await picker.scan("S-PACK-1")
    await picker.sees("No tour is waiting")
    cancelled = await desk.post(f"/api/orders/{number}/cancel", json={"why": "She called."})
    assert cancelled.status_code == 200, cancelled.text
    await picker.sees("1 put-back")
    await picker.tap("Do them")
    await picker.sees("out of tote T-0008")
    await picker.picture("put-backs")
    await picker.is_accessible()
    await picker.scan("T-0008")
    await picker.sees("Scan the item")
    for text in (code, code, f"B-{stop['bin']['code']}"):
        await picker.scan(text)
    await picker.sees("put back into")
    page = await until(desk, f"/api/orders/{number}", lambda page: page["facts"]["to_put_back"] == 0)
    assert (page["status"], page["timeline"][0]["what"]) == ("cancelled", "put_back")


async def _pack(packer: Hands, codes: list[str]) -> None:
    """Tote, every item, weight, label: the carton is closed by scanning what the printer was sent."""
    await packer.sees("Which station is this?")
    await packer.sees("Pack 1")
    await packer.scan("S-PACK-1")
    await packer.sees("Scan a tote")
    await packer.scan("T-0007")
    await packer.sees("Scan next")
    await packer.scan(_someone_elses(codes))
    await packer.sees("does not belong to order")
    await packer.picture("pack-wrong", answer=True)
    await packer.scan("anything")  # it only acknowledges
    await expect(packer.page.locator(".full")).to_have_count(0)
    scans = [code for code in codes for _ in range(2)]
    for number, code in enumerate(scans, 1):
        await packer.scan(code)
        if number < len(scans):
            await packer.sees(f"{number}/{len(scans)}")
    await packer.sees("Put it on the scale")
    carton = await _carton(packer)
    await packer.sees("The label is printed.")
    await expect(packer.page.locator("img.pack-paper")).to_be_visible()
    await packer.picture("pack")
    assert await packer.faults_at_every_size() == []
    await packer.types(str(carton["expected_g"] + 10))
    await packer.sees("Stick it on the carton first")
    zpl = await packer.page.evaluate("(url) => fetch(url).then((answer) => answer.text())", carton["label"]["zpl_url"])
    (sscc,) = _sscc_drawn(zpl.encode())
    assert sscc == f"00{carton['sscc']}"
    await packer.scan(sscc)
    await packer.sees("is closed")


def _someone_elses(codes: list[str]) -> str:
    return next(each.gtin for each in load_demo().barcodes if each.gtin.zfill(14) not in codes)


async def _carton(packer: Hands) -> dict[str, Any]:
    """The open carton, once its label is live."""
    async with asyncio.timeout(20):
        while True:
            bench = await packer.page.evaluate(
                "() => fetch('/api/warehouses/1/stations/PACK-1/pack').then((answer) => answer.json())"
            )
            for order in bench["orders"].values():
                carton: dict[str, Any] | None = order["carton"]
                if carton and carton["label"] and carton["label"]["state"] == "live":
                    return carton
            await asyncio.sleep(0.1)  # over HTTP there is no event to wait for


def _sscc_drawn(zpl: bytes) -> set[str]:
    """What a scanner reads on the label, drawn as a printer of 203 dpi would: the codes that are SSCCs."""
    shown = re.sub(rb"\^(?:MU|MM|MN|PR|MD|PQ)[^\^]*", b"", zpl)
    drawn = render(shown, Options(profile="zd621", width=812, height=1218, dpi=203)).labels[0].rasterize()
    pixels = np.frombuffer(drawn.pixels, dtype=np.uint8).reshape(drawn.height, drawn.width)
    read = zxingcpp.read_barcodes(pixels, text_mode=zxingcpp.TextMode.Plain)
    return {code.text for code in read if len(code.text) == 20}


async def _wrong_things(picker: Hands, stops: list[Any], codes: dict[str, str]) -> None:
    """A wrong bin and a wrong item each stop everything with their own words."""
    await picker.scan("B-A20-30-A" if stops[0]["bin"]["code"] != "A20-30-A" else "B-A20-29-A")
    await picker.sees("Wanted:")
    await picker.scan("anything: it only acknowledges")
    await picker.scan(f"B-{stops[0]['bin']['code']}")
    await picker.sees("Scan the item")
    other = next(code for item, code in codes.items() if item != stops[0]["item"])
    await picker.scan(other)
    await picker.sees("Put it back into")
    await picker.picture("wrong-item", answer=True)
    await picker.is_accessible()
    await picker.tap("OK, understood")


async def _pick(picker: Hands, stop: Any, codes: dict[str, str]) -> None:
    """The page is loaded anew with one unit in hand: it stands at the same step."""
    await picker.scan(codes[stop["item"]])
    await picker.sees("Scan the next one")
    await _is_kept(picker)
    await picker.page.reload()
    await picker.sees("Scan the next one")
    for _ in range(1, stop["quantity"]):
        await picker.scan(codes[stop["item"]])
    await picker.sees("Scan tote")
    await picker.picture("pick")
    await picker.is_accessible()
    await picker.scan("T-0007")
    await picker.sees("Done. Next:")
    await picker.picture("right", answer=True)
    await picker.sees("Scan the bin")


async def _is_kept(picker: Hands) -> None:
    """Waits until what was scanned before is on the device's disk."""
    await picker.page.evaluate(_ON_DISK)


async def _short(picker: Hands, stop: Any) -> None:
    """The bin is empty: what is missing comes from another bin, on the same tour."""
    await picker.scan(f"B-{stop['bin']['code']}")
    await picker.sees("Scan the item")
    await picker.tap("Short")
    await picker.tap("The bin is empty")
    await expect(picker.page.get_by_text("of 4").first).to_be_visible(timeout=15_000)


async def _new_tab(picker: Hands) -> None:
    await picker.page.close()
    picker.page = await picker.context.new_page()
    await picker.open("/pick")


async def _without_network(picker: Hands, codes: dict[str, str]) -> None:
    """The network goes, the tab dies, the tour goes on; when it is back everything is sent by itself."""
    await picker.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    await picker.context.set_offline(True)
    await _new_tab(picker)
    while True:
        await expect(
            picker.page.get_by_text("Scan the bin").or_(picker.page.get_by_text("The tour is done")).first
        ).to_be_visible(timeout=15_000)
        if await picker.page.get_by_text("The tour is done").count():
            break
        code = (await picker.page.locator(".bin-code .sr").first.inner_text()).replace(" ", "-")
        await picker.scan(f"B-{code}")
        await picker.sees("SKU")
        sku = (await picker.page.locator(".item-card .mono").first.inner_text()).split()[-1]
        demo = load_demo()
        gtin = next(each.gtin for each in demo.barcodes_of(sku) if each.uom == "each")
        await picker.scan(gtin)
        await picker.sees("Scan the next one")
        await _is_kept(picker)
        await _new_tab(picker)
        await picker.sees("Scan the next one")
        await picker.scan(gtin)
        await picker.sees("Scan tote")
        await picker.scan("T-0007")
    await expect(picker.page.get_by_text("waiting").first).to_be_visible(timeout=15_000)
    await picker.picture("no-network")
    await picker.context.set_offline(False)
    await expect(picker.page.get_by_text("live", exact=True).first).to_be_visible(timeout=45_000)
