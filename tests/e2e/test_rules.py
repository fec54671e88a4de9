"""A rule is written, tried and let live; an order is held by it, and the queue lets it go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Hands
from tests.e2e.ordering import captured, signed_in, until
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
GOODS = [("40-0182", 3)]


async def test_a_rule_is_written_tried_let_live_and_holds_an_order_until_it_is_released(
    site: Site, hands: Make
) -> None:
    async with aclosing(await signed_in(site, "desk")) as desk:
        before = await captured(desk, "RULE-1", GOODS)
        lead = await hands()
        page = lead.page
        await lead.open("/")
        await lead.sign_in(*site.people["supervisor"][0])

        # written: what is wrong is said at its place while it is typed
        await lead.open("/policies/accuracy?tab=draft")
        await lead.tap("Begin a draft")
        await lead.tap("Add a rule")
        rule = page.get_by_role("group", name="3. Rule 3")
        await rule.get_by_label("Name in English").fill("Three of one")
        rule = page.get_by_role("group", name="3. Three of one")
        condition = rule.get_by_label("When (condition)")
        await condition.fill("order.unts == 3")
        await lead.sees("Line 1, column 7: There is no order.unts. Did you mean order.units?")
        save = page.get_by_role("button", name="Save the draft")
        await expect(save).to_be_disabled()
        await condition.fill("order.units == 3 && order.channel == 'web'")
        await lead.sees("If the number of units is 3 and the channel is “web”: it is held")
        await expect(page.get_by_role("button", name="Go live")).to_be_disabled()

        # tried: on the orders that are there, without touching them
        await lead.tap("Try it")
        await expect(page.get_by_text("Would have held")).to_be_visible(timeout=15_000)
        await expect(page.get_by_role("row", name=str(before))).to_contain_text("the number of units: 3")
        assert (await desk.get(f"/api/orders/{before}")).json()["status"] == "ready"

        # live
        await save.click()
        await lead.sees("Draft saved as version 1")
        await lead.sees("Somebody who may let rules go live does the rest.")
        await _lets_it_live(await hands(), *site.people["admin"][0])
        await lead.open("/policies/accuracy")
        await lead.sees("Three of one")
        await lead.sees("Threes went wrong")

        # an order is held by it, and says so
        body = (await desk.get(f"/api/orders/{before}")).json()
        made = await desk.post("/api/orders", json=_again(body), headers={"Idempotency-Key": "RULE-2"})
        number = made.raise_for_status().json()["number"]
        assert made.json()["holds"] == ["order_doubtful"]
        await lead.open(f"/orders/{number}")
        await lead.sees("Held by the rule “Three of one” (Accuracy, version 1)")
        await lead.sees("Because: the channel: web, the number of units: 3")

        # the queue lets it go
        await lead.open("/holds?reason=order_doubtful")
        await expect(page.get_by_role("listitem").filter(has_text=str(number))).to_contain_text("Three of one")
        await page.get_by_role("checkbox", name=f"Choose the hold of order {number}").check()
        await lead.tap("Release 1 hold")
        await expect(page.locator("dialog textarea")).to_be_focused()
        await page.keyboard.type("Called, it is meant so", delay=120)
        await page.locator("dialog").get_by_role("button", name="Release 1 hold").click()
        await lead.sees("One hold released.")
        await lead.sees("Nothing is held here")
        await until(desk, f"/api/orders/{number}", lambda order: order["status"] == "ready")


async def _lets_it_live(admin: Hands, badge: str, pin: str) -> None:
    """Rules count in every warehouse, so somebody who works in all of them says so, in German."""
    page = admin.page
    await admin.open("/")
    await admin.sign_in(badge, pin)
    await admin.open("/policies/accuracy?tab=draft")
    await admin.tap("Gelten lassen")
    await expect(page.get_by_label("Warum (steht im Verlauf)")).to_be_focused()
    await page.keyboard.type("Threes went wrong", delay=120)
    await page.keyboard.press("Enter")
    await admin.sees("Version 1 gilt.")


def _again(page: dict[str, object]) -> dict[str, object]:
    """The same order once more, under another reference."""
    return {
        "channel": "web", "external_ref": "RULE-2", "currency": "EUR",
        "lines": [{"sku": sku, "quantity": quantity, "price_minor": 500} for sku, quantity in GOODS],
        "totals": {"items_minor": 1500, "total_minor": 1500}, "customer": page["customer"],
        "address": page["address"], "payment": {"method": "card", "token": "ok"}, "service": page["service"],
    }  # fmt: skip
