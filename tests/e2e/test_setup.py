"""An empty folder becomes a warehouse by the screens alone, and who comes second on another screen is told."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Hands
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
OWN = "604918"
FORMS: tuple[tuple[str, str, dict[str, str], tuple[str, ...]], ...] = (
    ("carts", "Add carts", {}, ()),
    ("totes", "Add totes", {}, ()),
    ("services", "Add a service", {"Code, small letters": "post-parcel", "Carrier": "post", "Name": "Parcel"}, ()),
    ("cartons", "Add a carton", {"Code": "S", "Name": "Small", "Length inside, mm": "200", "Width inside, mm": "150",
                                 "Height inside, mm": "100", "Empty weight, g": "80"}, ()),
    ("printers", "Add a printer", {"Code": "PRN-1", "Name": "At bench 1", "Address and port": "127.0.0.1:9100"}, ()),
    ("stations", "Add a station", {"Code": "PACK-1", "Name": "Bench 1"}, ("At bench 1",)),
    ("templates", "Add a template", {"Name": "Afternoon", "Cut-off up to, today": "16:00"}, ()),
)  # fmt: skip


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A server on an empty folder, which lists one address for printers."""
    opened = Site(tmp_path / "data", settings={"PRINTER_ADDRESSES": "127.0.0.1:9100"})
    await opened.start()
    yield opened
    await opened.kill()


async def _first_sign_in(at: Hands, badge: str, pin: str, then: str) -> None:
    """With a one-time PIN, and one's own from then on."""
    await at.sees("Scan your badge")
    await at.scan(badge)
    for wanted, digits in (("Another badge", pin), ("Choose a PIN of your own", OWN), ("Type the new PIN again", OWN)):
        await at.sees(wanted)
        await at.page.keyboard.type(digits, delay=60)
        await at.page.keyboard.press("Enter")
    await at.sees(then)


async def _fill(at: Hands, add: str, fields: dict[str, str], ticks: tuple[str, ...] = ()) -> None:
    await at.tap(add)
    for label, value in fields.items():
        await at.page.get_by_label(label, exact=True).fill(value)
    for label in ticks:
        await at.page.get_by_label(label).check()


async def test_an_empty_folder_becomes_a_warehouse_by_the_screens_alone(site: Site, hands: Make) -> None:
    desk = await hands()
    await desk.open("/")
    await _first_sign_in(desk, *site.first_admin, "0 of 15 steps are done")
    for nothing_yet in ("/release", "/board", "/supply", "/setup/bins"):
        await desk.open(nothing_yet)
        await desk.sees("First set up the warehouse")
        await desk.is_accessible()
    await desk.open("/setup")
    await desk.sees("0 of 15 steps are done")
    await desk.is_accessible()
    await desk.page.get_by_role("link", name="Opening stock").click()
    await expect(desk.page.get_by_role("radio", name="Opening stock")).to_be_checked()
    await desk.open("/setup")
    await desk.page.get_by_role("link", name="The warehouse").click()
    await _fill(desk, "Set up the warehouse", {"Code": "ULM1", "Name": "Ulm", "GS1 company prefix": "12"})
    await desk.tap("Save")
    await desk.sees("This is still missing.")
    address = {"Sender": "Ulm GmbH", "Street and number": "Weg 1", "Postal code": "89073", "City": "Ulm"}
    for label, value in address.items():
        await desk.page.get_by_label(label, exact=True).fill(value)
    await desk.tap("Save")
    await desk.sees("This is no GS1 company prefix.")
    await desk.is_accessible()
    await desk.page.get_by_label("GS1 company prefix").fill("4012345")
    await desk.tap("Save")
    await desk.sees("Europe/Berlin")

    await desk.page.get_by_role("link", name="Aisles and bins").click()
    await _fill(
        desk, "Lay out aisles", {"Name of the zone": "Hall", "Aisles": "2", "Bays in an aisle, both sides": "4"}
    )
    await desk.tap("Look first")
    await desk.sees("24 new bins, from A01-01-A to A02-04-C. 0 are there already.")
    await desk.tap("Save")
    await expect(desk.page.get_by_role("row").filter(has_text="A01-01-A").first).to_be_visible()

    for thing, add, fields, ticks in FORMS:
        await desk.open(f"/setup/{thing}")
        await _fill(desk, add, fields, ticks)
        if thing == "printers":
            await desk.page.get_by_label("Model").select_option("zd421-203")
        await desk.tap("Save")
        understood = desk.page.get_by_role("button", name="OK, understood")
        await expect(understood.or_(desk.page.get_by_text("Saved.")).first).to_be_visible()
        if await understood.count():
            await understood.click()
    await desk.tap("Try it")
    await desk.sees("No order, 0 lines, 0 units on 0 tours.")
    await desk.open("/setup")
    await desk.sees("8 of 15 steps are done")

    # a person and a device: the badge from the list, PIN and code from where they are shown once
    await desk.open("/setup/people")
    await _fill(desk, "Add a person", {"Name": "Pia Luczak"}, ("picker",))
    await desk.tap("Save")
    await desk.sees("Pia Luczak can begin")
    pin = await desk.page.locator(".register-once").inner_text()
    await desk.tap("OK, understood")
    row = desk.page.get_by_role("row").filter(has_text="Pia Luczak")
    badge = (await row.get_by_text(re.compile(r"^P-\w+$")).inner_text()).strip()
    await desk.open("/setup/devices")
    await _fill(desk, "Add a device", {"Name": "H-01"})
    await desk.tap("Save")
    code = await desk.page.locator(".register-once").inner_text()
    await desk.is_accessible()

    handheld = await hands(handheld=True)
    await handheld.open(f"/sign-in#enrol={code}")
    await handheld.sees("H-01")  # what says that it is enrolled is soon gone
    assert "#" not in handheld.page.url
    await _first_sign_in(handheld, badge, pin, "No tour is waiting")
    await desk.tap("OK, understood")
    await expect(desk.page.get_by_role("row").filter(has_text="H-01")).to_contain_text("in use")
    await desk.page.set_viewport_size({"width": 360, "height": 640})
    await desk.is_accessible()
    assert await desk.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    await desk.open("/lan")
    await desk.sees("The server is not there for the local network.")
    await desk.is_accessible()


async def test_who_saves_second_is_told_and_overwrites_nothing(site: Site, hands: Make) -> None:
    desk, other = await hands(), await hands()
    await desk.open("/")
    await _first_sign_in(desk, *site.first_admin, "0 of 15 steps are done")
    await other.open("/")
    await other.sign_in(site.first_admin[0], OWN)
    await desk.open("/setup/services")
    await _fill(desk, "Add a service", {"Code, small letters": "post-parcel", "Carrier": "post", "Name": "Parcel"})
    await desk.tap("Save")
    await desk.sees("Saved.")
    await other.open("/setup/services")
    for each in (desk, other):
        await each.tap("Change post-parcel" if await each.page.get_by_label("Change post-parcel").count() else "Change")
    await desk.page.get_by_label("Name", exact=True).fill("Parcel by day")
    await desk.tap("Save the change")
    await desk.sees("The change is saved.")
    await other.page.get_by_label("Name", exact=True).fill("Parcel by night")
    await other.tap("Save the change")
    await other.sees("Somebody changed this in the meantime.")
    await other.tap("Cancel")
    await other.sees("Parcel by day")
