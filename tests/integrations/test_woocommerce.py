"""A WooCommerce shop's orders come in by its documented payloads and signatures, and follow its statuses."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from server.integrations import hearing
from server.integrations.rules.channels import Settings
from server.integrations.rules.sold import Sold
from tests.integrations.conftest import Told
from tests.support import channels
from tests.support.channels import PARCEL, Channel, sample, woocommerce_headers

ORDER = sample("woocommerce_order")


def read(settings: Settings = PARCEL, **changes: Any) -> Any:
    return hearing.read(
        "woocommerce", "order.created", json.dumps({**ORDER, **changes}).encode(), channels.way(settings)
    )


@pytest.fixture
async def shop(told: Told) -> AsyncIterator[Channel]:
    async with channels.channel(told.shop, "woocommerce") as opened:
        yield opened


def later(minute: int, **changes: Any) -> dict[str, Any]:
    return {**ORDER, "date_modified_gmt": f"2026-11-24T10:{minute:02}:00", **changes}


def test_an_order_is_read_to_the_cent_with_its_tax_on_top() -> None:
    ours = read()
    assert isinstance(ours, Sold)
    new = ours.order
    assert new is not None
    assert [(line.sku, line.quantity, line.price_minor) for line in new.lines] == [("HONEY", 3, 364), ("TEA", 1, 337)]
    assert msgspec.structs.astuple(new.totals) == (1429, 2190, 412, 349)
    assert (new.external_ref, new.customer.name, new.address.name, new.address.street, ours.note) == (
        "727", "Nina Berg", "Ole Berg", "Hafenstraße 12, 2. Stock", "Please ring twice.",
    )  # fmt: skip


def test_words_of_the_shop_mean_what_the_settings_say() -> None:
    settings = Settings(services={"flat rate": "blitz-express"}, payments={"paypal": "invoice"}, items={"23": "GREEN"})
    lines = [{**ORDER["line_items"][0]}, {**ORDER["line_items"][1], "sku": ""}]
    ours = read(settings, line_items=lines)
    assert isinstance(ours, Sold)
    assert ours.order is not None
    assert (ours.order.service, ours.order.payment.method, ours.order.lines[1].sku) == (
        "blitz-express", "invoice", "GREEN",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"total": "21.91"}, "total"), ({"total": "lots"}, "total"), ({"currency": "XXX"}, "currency"),
     ({"line_items": [{"quantity": -1, "total": "1.00"}]}, "line_items[0].quantity"),
     ({"line_items": [{"quantity": "many", "total": "1.00"}]}, "line_items[0].quantity")],
)  # fmt: skip
def test_what_cannot_be_read_says_the_field(changes: dict[str, Any], field: str) -> None:
    assert [fault.field for fault in read(**changes).faults] == [field]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_ping_is_answered_and_what_is_not_signed_is_not_taken(shop: Channel) -> None:
    at, body = "/api/integrations/woocommerce/shop", json.dumps(ORDER).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    ping = await shop.http.post(at, content=b"webhook_id=7", headers=form)
    assert (ping.status_code, ping.json()) == (200, {"id": None, "first": False})
    assert (await shop.http.post("/api/integrations/woocommerce/none", content=b"webhook_id=7")).status_code == 404
    for forged in (woocommerce_headers(body, "d1", "order.created", "guessed"), form):
        answer = await shop.http.post(at, content=body, headers=forged)
        assert (answer.status_code, answer.json()["code"]) == (401, "signature_wrong")
    assert (await shop.http.post("/api/integrations/shopify/shop", content=body)).status_code == 404
    assert await shop.came() == []


async def test_an_order_goes_through_the_statuses_of_its_shop(shop: Channel) -> None:
    for minute, status, topic in ((1, "checkout-draft", "order.created"), (2, "pending", "order.updated")):
        came = await shop.send(later(minute, status=status), topic)
        assert (came.state, came.reason, came.order) == ("ignored", "at_the_till", None)
    assert (await shop.send(later(3, status="on-hold"), "order.updated")).state == "placed"
    assert (await shop.order()).payment.state == "awaited"
    await shop.send(later(4, status="processing"), "order.updated")
    assert (await shop.order()).payment.state == "captured"
    (basket,) = (await shop.http.get("/api/checkouts/")).json()["items"]
    assert basket["state"] == "recovered"
    await shop.send(later(5, status="completed"), "order.updated")
    assert (await shop.order()).status == "ready"
    given = [{"id": 726, "reason": "", "total": "-21.90"}]
    await shop.send(later(6, status="refunded", refunds=given), "order.updated")
    page = await shop.order()
    assert (page.status, page.payment.state) == ("cancelled", "refunded")
    await shop.send({"id": ORDER["id"]}, "order.deleted")
    told = reversed((await shop.order()).timeline)
    assert [each.params["reason"] for each in told if each.what == "changed_at_channel"] == [
        "channel_paid", "channel_cancel", "channel_refund",
    ]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_has_left_already_is_left_alone_and_a_status_of_the_shops_own_is_paid_by_its_day(
    shop: Channel,
) -> None:
    assert (await shop.send({**ORDER, "status": "completed"}, "order.updated")).reason == "order_done"
    await shop.send(later(1, status="gift-wrapping", date_paid_gmt=None), "order.updated")
    assert (await shop.order()).payment.state == "awaited"
    await shop.send(later(2, status="gift-wrapping"), "order.updated")
    assert (await shop.order()).payment.state == "captured"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_basket_that_nobody_paid_is_left_after_an_hour(shop: Channel) -> None:
    await shop.send({**ORDER, "status": "pending", "date_modified_gmt": "2026-11-24T08:10:00"}, "order.created")
    assert [each["state"] for each in (await shop.http.get("/api/checkouts/")).json()["items"]] == ["open"]
    shop.shop.clock.advance(2 * 3600)
    (left,) = (await shop.http.get("/api/checkouts/")).json()["items"]
    assert (left["state"], left["value_minor"], left["units"]) == ("left", 2190, 4)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_one_that_is_called_off_without_any_lines_is_called_off(shop: Channel) -> None:
    await shop.send(ORDER, "order.created")
    none = {"line_items": [], "shipping_lines": [], "total": "0.00", "total_tax": "0.00", "shipping_total": "0.00"}
    await shop.send(later(9, status="cancelled", **none), "order.updated")
    assert (await shop.order()).status == "cancelled"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_one_that_is_thrown_away_is_called_off(shop: Channel) -> None:
    await shop.send(ORDER, "order.created")
    await shop.send({"id": ORDER["id"]}, "order.deleted")
    assert (await shop.order()).status == "cancelled"
    await shop.send(later(9), "order.restored")
    page = await shop.order()
    assert [each.params["reason"] for each in page.timeline if each.what == "not_changed_at_channel"] == [
        "channel_revived",
    ]  # fmt: skip
