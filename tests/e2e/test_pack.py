"""At a real pack station: a carton that is full, an item that is missing, a printer without paper, a void label."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from seed.data import load_demo
from seed.shift.handheld import Handheld
from server.core.barcodes import command
from tests.e2e.conftest import Hands
from tests.e2e.ordering import BULKY, captured, signed_in, until
from tests.support.headless import Picker, no_pace
from tests.support.site import Site

pytestmark = pytest.mark.story

SPEAKS = """() => { window.spoken = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", {value: {getVoices: () => [], cancel: () => undefined,
    speak: (said) => window.spoken.push(`${said.lang}: ${said.text}`)}}); }"""
"""A browser's voice that keeps what it says."""

Make = Callable[..., Awaitable[Hands]]


async def _tote(site: Site, lead: httpx.AsyncClient) -> tuple[int, str]:
    """An order of two goods, two of each, picked: its number and its tote."""
    demo = load_demo()
    wanted = {line.sku for order in demo.orders for line in order.lines}
    goods = [row.sku for row in demo.stock if row.quantity >= 6 and row.sku not in wanted][:2]
    number, (tote,) = await _picked(site, lead, "PACK-1", [(sku, 2) for sku in goods])
    return number, tote


async def _totes(site: Site, lead: httpx.AsyncClient) -> tuple[int, list[str], list[str]]:
    """An order of two bulky goods, picked into a tote each: its number, its totes, its goods' barcodes."""
    number, totes = await _picked(site, lead, "PACK-2", [(sku, 1) for sku in BULKY])
    barcodes = {each.sku: each.gtin for each in load_demo().barcodes if each.sku in BULKY and each.uom == "each"}
    return number, totes, [barcodes[sku] for sku in BULKY]


async def _picked(
    site: Site, lead: httpx.AsyncClient, reference: str, goods: list[tuple[str, int]]
) -> tuple[int, list[str]]:
    """An order of these goods, released, picked and handed over: its number and its totes."""
    number = await captured(await signed_in(site, "desk"), reference, goods)
    assert (await lead.post("/api/warehouses/1/waves", json={"orders": [number]})).status_code == 202
    walker = Handheld(site.client(), no_pace)
    await walker.enrol(next(iter(site.codes.values())))
    await walker.sign_in(*site.people["picker"][2])
    await until(walker.http, "/api/floor/queue", lambda queue: bool(queue["offers"]))
    await Picker(walker, no_pace).walk_one()
    return number, [sent["body"]["tote"] for sent, _ in walker.acknowledged if sent["kind"] == "tour.tote"]


async def _fault(lead: httpx.AsyncClient, name: str | None) -> None:
    """Something goes wrong with the station's printer from now on."""
    bench = (await lead.get("/api/warehouses/1/stations/PACK-1/pack")).json()
    printers = (await lead.get("/api/warehouses/1/printers")).json()["items"]
    (page,) = (each["page"] for each in printers if each["id"] == bench["printer"]["id"])
    async with httpx.AsyncClient() as http:
        (await http.post(f"{page.rstrip('/')}/fault", json={"fault": name})).raise_for_status()


async def _carton(
    lead: httpx.AsyncClient, number: int, *, label: str = "live", weighed: bool = False
) -> dict[str, Any]:
    """The carton that is due, once its label is as wanted, and its weight is known where that is waited for."""

    def of(bench: Any) -> dict[str, Any]:
        (order,) = (each for each in bench["orders"].values() if each["number"] == number)
        return order["carton"] or {}

    def holds(bench: Any) -> bool:
        carton = of(bench)
        known = not weighed or carton.get("weight_g") is not None
        return known and (carton.get("label") or {}).get("state") == label

    return of(await until(lead, "/api/warehouses/1/stations/PACK-1/pack", holds))


async def _weigh_and_close(packer: Hands, carton: dict[str, Any]) -> None:
    await packer.types(str(carton["expected_g"]))
    await packer.sees("Stick it on the carton first")
    await packer.scan(f"(00){carton['sscc']}")
    await packer.sees("is closed")


async def test_what_is_not_the_straight_way_is_packed_too(site: Site, hands: Make) -> None:
    lead = await signed_in(site, "supervisor")
    number, tote = await _tote(site, lead)
    packer = await hands()
    await packer.open(f"/sign-in?enrol={list(site.codes.values())[1]}")
    await packer.sign_in(*site.people["packer"][1])
    await packer.sees("Pack 1")
    await packer.scan("S-PACK-1")
    await packer.sees("Scan a tote")
    await packer.sees("Label printer at Pack 1: ready")
    await packer.scan(tote)
    await packer.sees("Scan next")
    bench = (await lead.get("/api/warehouses/1/stations/PACK-1/pack")).json()
    first, second = (
        line["item"]["barcodes"][0]["code"] for order in bench["orders"].values() for line in order["lines"]
    )

    for packed in (1, 2):
        await packer.scan(first)
        await packer.sees(f"{packed}/4")
    await packer.scan(command("NEW_CARTON"))
    await packer.sees("Carton 1 is full")
    await packer.picture("pack-next-carton")
    await packer.scan(command("YES"))
    await packer.sees("Weigh carton 1")
    await _weigh_and_close(packer, await _carton(lead, number))
    await packer.sees("Carton 2")
    await packer.sees("Carton 1 is closed, it has not left")
    await packer.tap("Open again")
    await packer.sees("Void this label")
    await packer.picture("pack-open-closed")
    await packer.tap("Back")

    await packer.scan(second)
    await packer.sees("3/4")
    await _fault(lead, "paper-out")
    await packer.scan(command("SHORT"))
    await packer.tap("Not in the tote")
    await packer.picture("pack-short")
    await packer.tap("Yes, note it")
    await packer.sees("Weigh carton 2")
    await packer.sees("Not printed: no paper")
    await packer.picture("pack-paper-out")
    old = await _carton(lead, number)
    await packer.types(str(old["expected_g"]))
    await packer.sees("The label is not printed yet")
    await packer.picture("pack-not-printed")
    await packer.scan(f"(00){old['sscc']}")
    await packer.sees("See to the printer, or print again")
    await packer.picture("pack-never-printed", answer=True)
    await packer.scan("anything: it only acknowledges")
    await _fault(lead, None)
    await packer.sees("The label is printed.")
    await packer.sees("Stick it on the carton first")

    await packer.scan(command("REPRINT"))
    await packer.tap("Void this label")
    await expect(packer.page.get_by_role("button", name="All is right: new label")).to_be_enabled(timeout=15_000)
    await packer.sees("The old label is void. Tear it off.")
    await packer.picture("pack-void")
    await packer.scan(command("YES"))
    new = await _carton(lead, number)
    assert new["sscc"] != old["sscc"]
    await packer.sees("The label is printed.")
    await packer.sees("Stick it on the carton first")
    await packer.picture("pack-printed")
    await packer.scan(f"(00){new['sscc']}")
    page = await until(lead, f"/api/orders/{number}", lambda page: page["status"] == "ready")
    assert [line["facts"]["shipped"] for line in page["lines"]] == [2, 1]


async def test_two_totes_wait_for_each_other_and_a_label_comes_out_of_the_other_printer(
    site: Site, hands: Make
) -> None:
    lead = await signed_in(site, "supervisor")
    number, (first, second), goods = await _totes(site, lead)
    await _fault(lead, "paper-out")
    assert (await lead.post("/api/warehouses/1/printers/PRN-1/test")).status_code == 202  # so that it is noticed now
    packer = await hands()
    await packer.context.add_init_script(f"({SPEAKS})()")
    await packer.open(f"/sign-in?enrol={list(site.codes.values())[1]}")
    await packer.sign_in(*site.people["packer"][1])
    await packer.sees("Pack 1")
    await packer.scan("S-PACK-1")
    await packer.sees("Label printer at Pack 1: no paper")
    await packer.sees("Second printer at Pack 1: ready")
    await packer.picture("pack-printers")
    await packer.is_accessible()

    await packer.scan(first)
    await packer.sees("Label printer at Pack 1 cannot print")
    await packer.picture("pack-printer-stops", answer=True)
    await packer.scan("anything: it only acknowledges")
    await packer.sees("on place 1")
    await packer.sees(f"Order {number} is not all here")
    await packer.picture("pack-parked")
    await packer.is_accessible()
    page = (await lead.get(f"/api/orders/{number}")).json()
    assert [(each["station"], each["place"], each["missing"]) for each in page["more"]["places"]] == [
        ("Pack 1", 1, [second])
    ]
    await packer.open("/pack")
    await packer.sees("Waiting on places")
    await packer.scan(second)
    await packer.sees(f"Order {number} is complete")
    await packer.sees("from place 1")
    await packer.picture("pack-fetch")
    await packer.is_accessible()

    await packer.scan("04000000000006")
    await packer.sees("does not belong to order")
    async with asyncio.timeout(10):
        while True:
            if await packer.page.evaluate("window.spoken.length"):
                break
            await asyncio.sleep(0.05)  # a voice has no event that could be waited for
    await packer.scan("anything: it only acknowledges")
    spoken = await packer.page.evaluate("window.spoken")
    assert len([each for each in spoken if each.startswith("en") and "does not belong to order" in each]) == 1, spoken
    await packer.tap("Voice on")
    await packer.scan("04000000000006")
    await packer.sees("does not belong to order")
    assert await packer.page.evaluate("window.spoken") == spoken, "it is quiet now"
    await packer.scan("anything: it only acknowledges")

    await packer.tap("Print on Second printer at Pack 1")
    await packer.sees("Second printer at Pack 1: ready")
    for code in goods:
        await packer.scan(code)
    await packer.sees("Weigh carton 1")
    await packer.picture("pack-scale")
    await packer.is_accessible()
    await packer.tap("Simulated scale")
    await packer.sees("Stick it on the carton first")
    carton = await _carton(lead, number, weighed=True)
    assert abs(carton["weight_g"] - carton["expected_g"]) < carton["expected_g"] // 10
    slip = await packer.page.get_by_role("link", name="Packing slip").get_attribute("href")
    kind = await packer.page.evaluate("(url) => fetch(url).then((answer) => answer.headers.get('content-type'))", slip)
    assert kind == "application/pdf"
    await packer.scan(f"(00){carton['sscc']}")
    page = await until(lead, f"/api/orders/{number}", lambda page: page["status"] == "shipped")
    told = {each["what"]: each["en"] for each in page["timeline"]}
    assert told["label_printed"] == "Label of carton 1 printed: Second printer at Pack 1"
    assert told["parked"] == "Waits on place 1 at Pack 1 for its rest"
    assert page["more"]["places"] == []
