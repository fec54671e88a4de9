"""A file with a fault is brought in, looked at, mended, and only then counts; by keys alone, on a desk and a phone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Hands
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
HEADER = "SKU;Bezeichnung;Gewicht;Länge;Breite;Höhe;EAN;Farbe"
WRONG = f"{HEADER}\r\nNEU-1;Süßholz;120;80;40;30;;rot\r\nNEU-2;Kümmel;viel;80;40;30;4006381333932;rot\r\n"
RIGHT = WRONG.replace("viel", "90").replace("4006381333932", "4006381333931")


async def _desk(hands: Make, site: Site, role: str) -> Hands:
    found = await hands()
    await found.open("/imports")
    await found.sign_in(*site.people[role][0])
    await found.open("/imports")
    return found


async def _choose(desk: Hands, name: str, text: str) -> None:
    file: Any = {"name": name, "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    await desk.page.locator("input[type=file]").set_input_files(file)
    await desk.sees(name)


async def test_a_file_is_looked_at_mended_and_run(site: Site, hands: Make) -> None:
    desk = await _desk(hands, site, "supervisor")
    await desk.sees("What do you want to import?")
    await desk.page.get_by_role("radio", name="Items").check()
    await desk.page.get_by_text("Columns", exact=True).click()
    await desk.is_accessible()
    async with desk.page.expect_download() as template:
        await desk.page.get_by_role("link", name="Template as CSV").click()
    assert (await template.value).suggested_filename == "items.csv"

    await desk.tap("Look at it")
    await desk.sees("Choose a file first.")
    await _choose(desk, "artikel.csv", WRONG)
    await desk.page.get_by_role("button", name="Look at it").press("Enter")
    await desk.sees("waits for you")
    await desk.sees("1 item will be made.")
    await desk.sees("1 item has faults and will be left out.")
    await desk.sees("Windows-1252 is assumed")
    await desk.sees("Süßholz")
    faults = desk.page.get_by_role("region", name="2 faults").get_by_role("row")
    await expect(faults.filter(has_text="Gewicht")).to_contain_text(["a whole number from 0 to 1000000"])
    await expect(faults.filter(has_text="EAN")).to_contain_text(["4006381333932"])
    await desk.is_accessible()
    await desk.picture("imports")
    await desk.page.set_viewport_size({"width": 360, "height": 640})
    await desk.is_accessible()
    assert await desk.page.evaluate("document.documentElement.scrollWidth") <= 360
    await desk.page.set_viewport_size({"width": 1440, "height": 900})
    await desk.tap("Discard")
    await desk.sees("broken off")

    await desk.page.get_by_role("link", name="Import another file").click()
    await _choose(desk, "artikel.csv", RIGHT)
    await desk.tap("Look at it")
    await desk.sees("2 items will be made.")
    await desk.page.reload()
    await desk.tap("Start")
    await desk.sees("2 items made.")
    await desk.is_accessible()
    await desk.page.get_by_role("link", name="Import another file").click()
    await expect(desk.page.get_by_role("link", name="artikel.csv")).to_have_count(2)
    await desk.is_accessible()


async def test_the_order_desk_brings_in_orders_alone_and_on_a_phone(site: Site, hands: Make) -> None:
    desk = await _desk(hands, site, "desk")
    await desk.page.set_viewport_size({"width": 360, "height": 640})
    await desk.sees("Was willst du importieren?")
    await expect(desk.page.get_by_role("radio")).to_have_count(2)
    await expect(desk.page.get_by_role("radio", name="Aufträge")).to_be_checked()
    await desk.is_accessible()
    await _choose(desk, "leer.csv", "Bestellnummer;Menge\r\n1;2\r\n")
    await desk.tap("Ansehen")
    await desk.sees("Spalten fehlen")
    await desk.is_accessible()
