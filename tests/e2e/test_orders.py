"""The list of orders by the keyboard: some are chosen, held together, and what could not be done is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.conftest import Hands
from tests.e2e.ordering import captured, signed_in, until
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
GOODS = [("40-0182", 1)]
LIST = "**/api/orders?*"


async def test_orders_are_chosen_by_keys_and_dealt_with_together(site: Site, hands: Make) -> None:
    async with aclosing(await signed_in(site, "desk")) as desk:
        numbers = [await captured(desk, f"MANY-{n}", GOODS) for n in range(4)]
        sara = await hands()
        page = sara.page
        await sara.open("/")
        await sara.sign_in(*site.people["desk"][0])
        await sara.open("/orders?q=many-")
        boxes = page.get_by_role("checkbox")
        await expect(boxes).to_have_count(4)

        # the newest by x, the two below it with shift and the arrow
        await boxes.first.focus()
        await page.keyboard.press("x")
        await page.keyboard.press("Shift+ArrowDown")
        await page.keyboard.press("Shift+ArrowDown")
        await sara.sees("3 gewählt")
        await _their_papers_are_printed(sara)
        await page.get_by_role("button", name="Sperren", exact=True).click()
        await sara.types("Ruft zurück")
        await sara.sees("Sperren: fertig, 3 von 3")
        await expect(page.get_by_role("region", name="Viele Aufträge auf einmal")).to_be_focused()
        for number in numbers[1:]:
            await until(desk, f"/api/orders/{number}", lambda found: found["status"] == "on_hold")
        assert (await desk.get(f"/api/orders/{numbers[0]}")).json()["status"] == "ready"
        await sara.picture("orders-many")

        # all of the page are let go: one of them nothing holds
        await sara.tap("Schließen")
        await expect(page.get_by_role("heading", name="Aufträge", level=1)).to_be_focused()
        await sara.tap("Alle 4 dieser Seite wählen")
        await sara.tap("Sperren aufheben")
        async with _asked_anew(page):
            await page.get_by_role("dialog").get_by_role("button", name="Sperren aufheben").click()
            await sara.sees("Sperren aufheben: fertig, 3 von 4")
        await _a_view_is_kept_and_forgotten(sara)
        await sara.sees("Ging nicht: 1")
        await sara.sees("Diesen Auftrag hält keine Sperre.")
        assert await sara.faults_at_every_size() == []
        await sara.picture("orders-many-told")

        # a name with a slip: what is nearly it comes, and says so
        await sara.open("/orders?q=Suoza")
        await sara.sees("Nichts genau wie „Suoza“; ähnlich:")
        await expect(page.get_by_role("row", name=str(numbers[0]))).to_be_visible()


@asynccontextmanager
async def _asked_anew(page: Page) -> AsyncIterator[None]:
    """What is listed stays while it is asked for anew."""
    answered = asyncio.Event()

    async def late(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route(LIST, late)
    async with page.expect_response(LIST):
        async with page.expect_request(LIST):
            yield
        await expect(page.get_by_role("checkbox")).to_have_count(4)
        answered.set()
    await page.unroute(LIST)


async def _a_view_is_kept_and_forgotten(sara: Hands) -> None:
    """What takes the button away that asked for it leaves the focus among the views."""
    page = sara.page
    views = page.get_by_role("group", name="Meine Ansichten")
    await sara.tap("Diese Ansicht merken")
    await sara.types("Viele")
    await expect(page.get_by_role("link", name="Viele")).to_be_visible()
    await expect(views).to_be_focused()
    await page.get_by_role("button", name="„Viele“ vergessen").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Diese Ansicht merken")).to_be_visible()
    await expect(views).to_be_focused()


async def _their_papers_are_printed(sara: Hands) -> None:
    """By the keyboard: what was made has the focus; where nothing is packed there is no slip."""
    page = sara.page
    others, choices = page.get_by_role("button", name="Mehr …"), page.get_by_role("menuitem")
    assert await sara.faults_at_every_size() == []
    await page.set_viewport_size({"width": 360, "height": 640})
    await others.focus()
    await page.keyboard.press("ArrowUp")
    await expect(choices).to_have_text([
        "Bestätigungen drucken", "Packzettel drucken", "Versandart ändern", "Markieren", "Markierung entfernen",
        "Stornieren",
    ])  # fmt: skip
    await expect(choices.last).to_be_focused()
    for each in await choices.all():
        await expect(each).to_be_in_viewport(ratio=1)
    await sara.is_accessible()
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.keyboard.press("Home")
    await page.keyboard.press("Enter")
    way = page.get_by_role("link", name="Öffnen und drucken")
    await expect(way).to_be_focused()
    await sara.sees("Die Bestätigungen von 3 Aufträgen sind fertig")
    await sara.picture("orders-papers")
    async with page.context.expect_page() as opened:
        await page.keyboard.press("Enter")
    await (await opened.value).close()
    await others.click()
    await choices.filter(has_text="Packzettel drucken").click()
    await sara.sees("Von keinem dieser Aufträge liegt schon etwas in einem Karton.")
    await page.get_by_role("region", name="Papiere").get_by_role("button", name="Schließen").click()
    await expect(others).to_be_focused()
