"""An integrator sets an endpoint up with the keyboard, tries it, sees it fail, sends again; sets up a channel too."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import Hands
from tests.support.receiver import receiver
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]
ORDER = json.loads((Path(__file__).parents[1] / "integrations/data/shopify_order.json").read_text("utf-8"))
SECRET = "shpss_0123456789abcdef"
SIZES = ({"width": 360, "height": 640}, {"width": 1440, "height": 900})


@pytest.fixture
async def site(tmp_path: Path, demo_data: Callable[[Path], Path]) -> AsyncIterator[Site]:
    """A site whose receivers may be on this machine."""
    opened = Site(demo_data(tmp_path / "data"), settings={"WEBHOOK_NETWORKS": "127.0.0.0/8", "WEBHOOK_HTTP": "true"})
    await opened.start("--demo")
    yield opened
    await opened.kill()


async def fits(hands: Hands, name: str) -> None:
    """On a small and a large screen nothing shuts anybody out, and nothing hangs over."""
    for size in SIZES:
        await hands.page.set_viewport_size(size)  # type: ignore[arg-type]  # a typed dict that this is
        await hands.is_accessible()
        width = await hands.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], (name, size, width)
        await hands.picture(f"{name}-{size['width']}")


async def sign_in(hands: Hands, badge: str, pin: str) -> None:
    """The administrator, who speaks German."""
    await hands.page.get_by_text(re.compile("Scan your badge|Ausweis")).first.wait_for()
    await hands.scan(badge)
    await hands.sees("PIN")
    await hands.page.keyboard.type(pin, delay=60)
    await hands.page.keyboard.press("Enter")
    await expect(hands.page).not_to_have_url(re.compile("/sign-in"), timeout=15_000)


async def keys(page: Page, *names: str) -> None:
    for name in names:
        await page.keyboard.press(name)


async def captured(site: Site) -> None:
    """An order comes in while somebody looks."""
    badge, pin = site.people["admin"][0]
    async with site.client() as desk:
        (await desk.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})).raise_for_status()
        shown = (await desk.get("/api/orders", params={"limit": 1})).json()["items"][0]
        page = (await desk.get(f"/api/orders/{shown['number']}")).json()
        line = page["lines"][0]
        body = {
            "channel": "web", "external_ref": "HOOK-1", "currency": "EUR", "service": page["service"],
            "lines": [{"sku": line["item"]["sku"], "quantity": 1, "price_minor": 100}],
            "totals": {"items_minor": 100, "total_minor": 100}, "customer": {"name": "Ana Souza"},
            "address": page["address"], "payment": {"method": "prepaid", "received": True},
        }  # fmt: skip
        answer = await desk.post("/api/orders/", json=body, headers={"Idempotency-Key": "hook-1"})
        assert answer.status_code == 201, answer.text


async def test_other_systems_are_connected_tried_and_looked_after(site: Site, hands: Make) -> None:
    await an_endpoint_is_set_up_tried_fails_and_is_sent_to_again(site, hands)
    await a_channel_is_set_up_and_what_it_sent_is_placed(site, hands)


async def an_endpoint_is_set_up_tried_fails_and_is_sent_to_again(site: Site, hands: Make) -> None:
    async with receiver() as there:
        ida = await hands()
        page = ida.page
        badge, pin = site.people["integrator"][0]
        await ida.open("/webhooks")
        await ida.sign_in(badge, pin)
        await ida.open("/webhooks")
        await ida.sees("No events go anywhere yet")
        await fits(ida, "webhooks-none")

        await page.get_by_role("button", name="Add an endpoint").focus()
        await keys(page, "Enter")
        await expect(page.get_by_label("Address, https://…")).to_be_focused()
        await page.keyboard.type("127.0.0.1:0/hooks", delay=60)  # behind the https:// that stands there
        await keys(page, "Tab")
        await page.keyboard.type("ERP", delay=60)
        await keys(page, "Tab", "Space")
        await fits(ida, "webhooks-form")
        await keys(page, "Enter")
        await ida.sees("this is no address of the web")
        field = page.get_by_label("Address, https://…")
        await field.fill(there.url)
        await keys(page, "Enter")
        await ida.sees("It is shown this once only.")
        secret = await page.locator("code").inner_text()
        assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
        await fits(ida, "webhooks-secret")

        await page.locator("dialog").get_by_role("button", name="Send a test").click()
        await ida.sees("It was taken, answer 200")
        assert json.loads(there.got[0].body)["type"] == "webhook.test"
        await fits(ida, "webhooks-test")
        await ida.tap("Close")
        assert secret not in await page.content()

        there.manner = "500"
        await captured(site)
        await there.until(2)
        await ida.sees("On, but takes nothing")
        await fits(ida, "webhooks-endpoints")
        await page.get_by_role("link", name="Deliveries").first.click()
        await ida.sees("it did not say yes")
        await fits(ida, "webhooks-deliveries")
        await page.locator("tbody a").first.click()
        await ida.sees("said 500")
        await fits(ida, "webhooks-delivery")
        there.manner = "200"
        await ida.tap("Send it again")
        await ida.sees("said 200")
        assert len({each.id for each in there.got[1:]}) == 1
        there.manner = "410"
        await ida.tap("Send it again")
        await ida.sees("said 410")
        await page.get_by_role("link", name="Endpoints").click()
        await ida.sees("Off: it says that it is gone for good")
        await fits(ida, "webhooks-off")
        await ida.tap("More …")
        await expect(page.get_by_role("menuitem").first).to_be_focused()
        await fits(ida, "webhooks-more")
        await keys(page, "End", "Enter")
        await page.locator("dialog").get_by_role("button", name="Remove").click()
        await ida.sees("No events go anywhere yet")


async def a_channel_is_set_up_and_what_it_sent_is_placed(site: Site, hands: Make) -> None:
    ida = await hands(language="de-DE")
    page = ida.page
    badge, pin = site.people["admin"][0]
    await ida.open("/channels")
    await sign_in(ida, badge, pin)
    await ida.open("/channels?tab=channels&kind=shopify")
    await page.get_by_label("Kürzel des Kanals").fill("heide")
    await page.get_by_label("Sein Geheimnis").fill(SECRET)
    await page.get_by_label("Seine Aufträge gehen per").select_option(index=1)
    await fits(ida, "channels-new")
    await ida.tap("Speichern")
    await ida.sees("Er sendet an")
    await fits(ida, "channels-list")
    raw = json.dumps(ORDER).encode()
    proof = b64encode(hmac.digest(SECRET.encode(), raw, hashlib.sha256)).decode()
    headers = {"X-Shopify-Hmac-Sha256": proof, "X-Shopify-Topic": "orders/create", "X-Shopify-Webhook-Id": "1"}
    async with httpx.AsyncClient(base_url=site.url) as shop:
        answer = await shop.post("/api/integrations/shopify/heide", content=raw, headers=headers)
    assert answer.status_code == 200, answer.text
    await page.get_by_role("link", name="Was hereinkam").click()
    await ida.sees("so lässt es sich nicht erfassen")
    await fits(ida, "channels-came")
    await page.locator("tbody a").first.click()
    await ida.sees("Was ist gemeint?")
    await fits(ida, "channels-meant")
    async with site.client() as http:
        (await http.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})).raise_for_status()
        known = (await http.get("/api/items/", params={"limit": 1})).json()["items"][0]["sku"]
    for theirs in ("HONEY", "TEA"):
        await page.get_by_label(f"Die SKU „{theirs}“ ist unsere").fill(known)
    await page.get_by_label("Für diesen Kanal merken").check()
    await page.get_by_role("button", name="Erfassen", exact=True).focus()
    await keys(page, "Enter")
    await expect(page.locator(".lists-facts a")).to_be_visible()
    await expect(page.get_by_role("link", name="Zurück")).to_be_focused()
    await page.locator(".lists-facts a").click()
    await ida.sees("Nina Berg")
    await ida.open("/channels?tab=channels&one=heide")
    await expect(page.get_by_label("SKUs")).to_have_value(f"HONEY = {known}\nTEA = {known}")
    await fits(ida, "channels-one")
    await ida.open("/channels")
    await ida.tap("Entfernen")
    await page.locator("dialog").get_by_role("button", name="Entfernen").click()
    await ida.sees("Kein Kanal ist verbunden")
    await expect(page.get_by_role("group", name="Einen Kanal verbinden")).to_be_focused()
