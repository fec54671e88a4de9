"""The order desk: an order is taken, changed and cancelled without a pointer; changes reach who has it in hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.conftest import Hands
from tests.e2e.ordering import captured, signed_in, until
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
_FOCUSED = """() => { const e = document.activeElement;
  return (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || '').trim(); }"""
TOTE = "T-0031"
CHANGE = "Ändern …"
TOUCH = 48
"""Pixels that a finger or a shaking hand needs."""
BY_HAND = 60
"""Milliseconds between two keys: what is faster is a scanner."""


async def go(page: Page, name: str, most: int = 90) -> None:
    """Tabs until what has the focus is called so."""
    for _ in range(most):
        if await page.evaluate(_FOCUSED) == name:
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {name!r}")


async def press(page: Page, name: str, key: str = "Enter") -> None:
    await go(page, name)
    await page.keyboard.press(key)


async def fill(page: Page, name: str, text: str) -> None:
    await go(page, name)
    await page.keyboard.type(text, delay=BY_HAND)


async def again(page: Page, name: str, text: str) -> None:
    """Types something else there."""
    await go(page, name)
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text, delay=BY_HAND)


async def choose(page: Page, menu: str, name: str) -> None:
    """Opens a menu and goes down in it to what is called so."""
    await go(page, menu)
    await page.keyboard.press("ArrowDown")
    for _ in range(await page.get_by_role("menuitem").count()):
        if await page.evaluate(_FOCUSED) == name:
            return await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowDown")
    raise AssertionError(f"the menu has no {name!r}")


async def a_menu_is_gone_through_by_its_keys(desk: Hands) -> None:
    """Opened by each of its keys, gone through to both ends and round, shut again; the focus is never lost."""
    page = desk.page
    button, choices = page.get_by_role("button", name=CHANGE), page.get_by_role("menuitem")
    await go(page, CHANGE)
    for opened, at in (("Enter", 0), ("Space", 0), ("ArrowDown", 0), ("ArrowUp", -1)):
        await expect(button).to_have_attribute("aria-expanded", "false")
        await page.keyboard.press(opened)
        await expect(button).to_have_attribute("aria-expanded", "true")
        await expect(choices.nth(at)).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(choices).to_have_count(0)
        await expect(button).to_be_focused()
    await page.keyboard.press("ArrowDown")
    for key, at in (("ArrowUp", -1), ("ArrowDown", 0), ("ArrowDown", 1), ("End", -1), ("Home", 0)):
        await page.keyboard.press(key)
        await expect(choices.nth(at)).to_be_focused()
    for each in await choices.all():
        box = await each.bounding_box()
        assert box is not None
        assert box["height"] >= TOUCH
    await desk.picture("desk-change")
    assert await desk.faults_at_every_size() == []
    await page.keyboard.press("Tab")
    await expect(choices).to_have_count(0)
    await expect(page.get_by_role("button", name="Stornieren")).to_be_focused()
    await button.click()
    await expect(choices.first).to_be_focused()
    await page.get_by_role("heading", level=1).click()
    await expect(choices).to_have_count(0)
    for name in ("Adresse", "Link für die Kundschaft"):
        await choose(page, CHANGE, name)
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(button).to_be_focused()


async def take(page: Page, text: str, quantity: str) -> None:
    """Finds an item by a piece of its name, takes it, says how many; the finder has the focus again."""
    await expect(page.get_by_role("combobox", name="Artikel")).to_be_focused()
    await page.keyboard.type(text, delay=BY_HAND)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Wie viele").last).to_be_focused()
    await page.keyboard.type(quantity, delay=BY_HAND)
    await page.keyboard.press("Enter")


async def half_an_order_outlives_a_reload_and_a_session(site: Site, desk: Hands) -> None:
    """The page is loaded anew, then nobody is signed in any more: what was typed is there when the person is back."""
    page = desk.page
    quantities = page.get_by_label("Wie viele")
    await page.reload()
    await expect(quantities).to_have_count(2)
    await expect(quantities.first).to_have_value("2")
    await desk.context.clear_cookies()
    await page.keyboard.type("Hafer", delay=BY_HAND)
    await desk.sees("Scanne deinen Ausweis")
    badge, pin = site.people["desk"][0]
    await desk.scan(badge)
    await desk.types(pin)
    await expect(quantities).to_have_count(2)
    await expect(page.get_by_role("combobox", name="Artikel")).to_be_focused()


async def test_enter_takes_what_was_found_by_all_that_was_typed(site: Site, hands: Make) -> None:
    """The answer to the first letters stands there still when the rest is typed and Enter is hit."""
    desk = await hands()
    page = desk.page
    await desk.open("/new-order")
    await desk.sign_in(*site.people["desk"][0])
    await expect(page.get_by_role("combobox", name="Artikel")).to_be_focused()
    await page.keyboard.type("Hafer", delay=BY_HAND)
    await expect(page.get_by_role("option").first).to_contain_text("Haferdrink")
    hit = asyncio.Event()

    async def late(route: Route) -> None:
        await hit.wait()
        await route.continue_()

    await page.route("**/api/orders/offers*", late)
    await page.keyboard.type("riegel", delay=BY_HAND)
    await page.keyboard.press("Enter")
    hit.set()
    await expect(page.locator(".capture-item")).to_contain_text("Haferriegel")
    await expect(page.locator(".capture-item")).to_have_count(1)


async def test_the_desk_works_by_the_keyboard_alone(site: Site, hands: Make) -> None:
    desk = await hands()
    page = desk.page
    await desk.open("/orders")
    await desk.sign_in(*site.people["desk"][0])
    await desk.sees("Neuer Auftrag")
    await press(page, "Neuer Auftrag")

    await take(page, "Haferdrink", "2")
    await take(page, "40-0182", "1")
    await half_an_order_outlives_a_reload_and_a_session(site, desk)
    await page.keyboard.press("Enter")  # nothing more: the next thing is due
    await expect(page.get_by_role("combobox", name="Bekannte Kundschaft")).to_be_focused()
    await page.keyboard.type("Birgit Vo", delay=BY_HAND)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Straße und Nummer")).to_have_value("Finkenweg 71")
    await expect(page.get_by_label("Name", exact=True)).to_be_focused()
    await page.keyboard.press("Control+A")
    await page.keyboard.press("Delete")
    await page.keyboard.press("Control+Enter")
    await desk.sees("Wer bestellt?")
    await expect(page.get_by_label("Name", exact=True)).to_be_focused()
    await expect(page.get_by_label("Name", exact=True)).to_have_attribute("aria-invalid", "true")
    for name, text in (
        ("Name", "Ana Souza"), ("Mail", "ana@example.org"), ("Telefon", "+4930231250"),
        ("Straße und Nummer", "Lindenweg 4"), ("Postleitzahl", "53"), ("Ort", "Bonn"),
    ):  # fmt: skip
        await again(page, name, text)
    await go(page, "Versandart")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_label("Versandart")).not_to_have_value("")
    await go(page, "Zahlungsart")
    for _ in range(3):
        await page.keyboard.press("ArrowDown")
    await expect(page.get_by_label("Zahlungsart")).to_have_value("cash")
    await press(page, "Das Geld ist da", "Space")
    await desk.picture("desk-capture")
    await desk.is_accessible()
    await page.keyboard.press("Control+Enter")
    await desk.sees("ist angenommen")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await desk.picture("desk-taken")
    await desk.is_accessible()
    await press(page, "Ansehen")

    await desk.sees("Die Adresse sieht nicht richtig aus.")
    await a_menu_is_gone_through_by_its_keys(desk)
    await choose(page, CHANGE, "Adresse")
    await again(page, "Postleitzahl", "53111")
    await page.keyboard.press("Enter")
    await expect(page.locator(".order-head .pill").first).to_have_text("Bereit zur Freigabe")

    await choose(page, CHANGE, "Versandart")
    await expect(page.get_by_label("Versandart")).to_be_focused()
    await page.keyboard.press("Escape")
    await choose(page, CHANGE, "Link für die Kundschaft")
    await expect(page.get_by_role("button", name="Kopieren")).to_be_focused()
    await page.keyboard.press("Escape")
    await choose(page, CHANGE, "Artikel dazu")
    await expect(page.get_by_role("combobox", name="Artikel")).to_be_focused()
    await page.keyboard.type("40-0001", delay=BY_HAND)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Wie viele")).to_be_focused()
    await page.keyboard.type("2", delay=BY_HAND)  # in the place of the one that stood there
    await expect(page.get_by_label("Wie viele")).to_have_value("2")
    await desk.picture("desk-add")
    await desk.is_accessible()
    await page.keyboard.press("Enter")
    await desk.sees("2 × Haferdrink, 1 L mehr")
    await expect(page.locator(".order-head .pill").first).to_have_text("Nicht bezahlt")

    await press(page, "Sperren")
    await fill(page, "Warum?", "Sie ruft noch einmal an.")
    await press(page, "Sperren")
    await expect(page.locator(".order-head .pill").first).to_have_text("Gesperrt")
    await press(page, "Stornieren")
    await press(page, "Auftrag stornieren")
    await desk.sees("Sag, warum")
    await expect(page.get_by_label("Warum?")).to_be_focused()
    await fill(page, "Warum?", "Doch nicht.")
    await press(page, "Auftrag stornieren")
    await expect(page.locator(".order-head .pill").first).to_have_text("Storniert")
    await desk.picture("desk-cancelled")
    await desk.is_accessible()


async def test_an_order_that_changes_in_the_pickers_and_the_packers_hands_is_seen_on_all_screens(
    site: Site, hands: Make
) -> None:
    lead, desk_api = await signed_in(site, "supervisor"), await signed_in(site, "desk")
    number = await captured(desk_api, "EDIT-1", [("40-0182", 2), ("40-0001", 1)], "en")
    link = (await desk_api.post(f"/api/orders/{number}/link")).json()["path"]
    assert (await lead.post("/api/warehouses/1/waves", json={"orders": [number]})).status_code == 202
    await until(desk_api, f"/api/orders/{number}", lambda page: page["status"] == "released")

    desk, customer = await hands(), await hands(handheld=True)
    picker, packer = await hands(handheld=True), await hands()
    await desk.open(f"/orders/{number}")
    await desk.sign_in(*site.people["desk"][0])
    await desk.open(f"/orders/{number}")
    await customer.open(link)
    await picker.open(f"/sign-in#enrol={next(iter(site.codes.values()))}")
    await picker.sign_in(*site.people["picker"][2])
    await picker.tap("Take tour")
    await picker.sees("Scan the cart")
    await picker.scan("C-03")
    await picker.sees("Scan a tote for slot 1")
    await picker.scan(TOTE)
    await picker.sees("Scan the bin")
    queue = await picker.page.evaluate("fetch('/api/floor/queue').then((answer) => answer.json())")
    (tour,) = queue["tours"].values()
    stops = sorted(tour["stops"], key=lambda stop: stop["position"])
    honey = next(stop for stop in stops if tour["items"][stop["item"]]["sku"] == "40-0182")

    # one of two is taken out of the order while the picker walks: the stop wants one less
    await desk.page.get_by_role("row").filter(has_text="40-0182").get_by_role("button").click()
    await desk.page.get_by_label("Warum?").fill("Eine reicht.")
    await desk.tap("Stück stornieren")
    page = await until(desk_api, f"/api/orders/{number}", lambda page: page["lines"][0]["facts"]["cancelled"] == 1)
    assert page["status"] == "released"
    for stop in stops:
        item = tour["items"][stop["item"]]
        await picker.sees("Scan the bin")
        await picker.scan(f"B-{stop['bin']['code']}")
        await picker.sees("Scan the item")
        await picker.scan(item["barcodes"][0]["code"])
        await picker.sees("Scan tote")
        await picker.scan(TOTE)
    await picker.sees("The tour is done")
    await picker.scan("S-PACK-1")
    await until(desk_api, f"/api/orders/{number}", lambda page: page["status"] == "picked")
    assert honey["quantity"] == 2

    await packer.open(f"/sign-in#enrol={list(site.codes.values())[1]}")
    await packer.sign_in(*site.people["packer"][1])
    await packer.sees("Pack 1")
    await packer.scan("S-PACK-1")
    await packer.sees("Scan a tote")
    await packer.sees("Label printer at Pack 1: ready")
    await packer.scan(TOTE)
    await packer.sees(f"{number}")
    await packer.scan(next(tour["items"][stop["item"]] for stop in stops)["barcodes"][0]["code"])
    await until(desk_api, f"/api/orders/{number}", lambda page: page["facts"]["packed"] == 1)

    # and then all of it, with one unit in a carton and one in the tote
    await desk.tap("Stornieren")
    await desk.page.get_by_label("Warum?").fill("Sie zieht um.")
    await desk.page.get_by_role("dialog").get_by_role("button", name="Auftrag stornieren").click()
    await expect(desk.page.locator(".order-head .pill").first).to_have_text("Storniert")
    await packer.sees(f"Order {number} was cancelled")
    await packer.picture("edit-packer", answer=True)
    await customer.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await customer.sees("This order was cancelled")
    await desk.picture("edit-desk")
    await customer.picture("edit-customer")
    books, said = await site.run("check")
    assert books == 0, said
