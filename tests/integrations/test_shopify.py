"""A Shopify shop's orders come in proved, once, and none is lost: what cannot be placed waits with its faults."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from server.catalog import service as catalog
from server.catalog.schemas import NewItem
from server.core.words import WORDS
from server.db.work import Actor
from server.integrations.api.shopify import router
from server.integrations.rules import shopify as rules
from server.integrations.rules.shopify import NotOurs, Ours, ShopOrder, Way, Wrong
from server.integrations.schemas.shopify import Incoming, PutChannel
from server.integrations.service import shopify as service
from server.integrations.shop_worker import ShopWorker
from server.integrations.store import shopify as store
from server.orders.currencies import minor
from server.orders.schemas import OrderPage
from tests.integrations.conftest import Told
from tests.support.wire import client

ORDER = json.loads((Path(__file__).parent / "data/shopify_order.json").read_text("utf-8"))
SECRET = "shpss_0123456789abcdef"
WAY = Way("shop", "nordpost-parcel", None)
AT = "/api/integrations/shopify/shop"


def payload(**changes: Any) -> bytes:
    return json.dumps({**ORDER, **changes}).encode()


def signed(body: bytes, delivery: str = "b54557e4-1", topic: str = "orders/create", secret: str = SECRET) -> Any:
    """What a shop sends with a body."""
    proof = b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    return {
        "X-Shopify-Hmac-Sha256": proof, "X-Shopify-Topic": topic, "X-Shopify-Webhook-Id": delivery,
        "X-Shopify-Shop-Domain": "heide.myshopify.com", "X-Shopify-Triggered-At": "2026-11-24T08:30:01.123Z",
        "X-Shopify-API-Version": "2026-07", "X-Shopify-Event-Id": "98880550-1", "Content-Type": "application/json",
    }  # fmt: skip


# --- what an order of theirs is to us


def read(**changes: Any) -> Any:
    return rules.read(msgspec.json.decode(payload(**changes), type=ShopOrder), WAY, {"nordpost-parcel"})


def test_an_order_is_read_with_its_discounts_to_the_cent() -> None:
    ours = read()
    assert isinstance(ours, Ours)
    new = ours.order
    assert (new.channel, new.external_ref, new.currency, new.service) == ("shop", "#1042", "EUR", "nordpost-parcel")
    assert [(line.sku, line.quantity, line.price_minor) for line in new.lines] == [
        ("HONEY", 2, 433), ("HONEY", 1, 434), ("TEA", 1, 400),
    ]  # fmt: skip
    assert msgspec.structs.astuple(new.totals) == (1700, 2190, 490, 0)
    assert (new.customer.name, new.customer.email, new.customer.phone, new.customer.language) == (
        "Nina Berg", "nina.berg@example.com", "+49 40 36138801", "de",
    )  # fmt: skip
    assert (new.address.name, new.address.street, new.address.postal_code, new.address.city, new.address.country) == (
        "Ole Berg", "Hafenstraße 12, 2. Stock", "20457", "Hamburg", "DE",
    )  # fmt: skip
    assert (new.payment.method, ours.unpaid, ours.note) == ("prepaid", "", "Please leave it with the neighbours.")


def test_tax_on_top_and_a_tip_are_counted_and_what_is_not_shipped_is_left_out() -> None:
    gift = {"price": "10.00", "quantity": 1, "sku": None, "requires_shipping": False, "tax_lines": [{"price": "1.90"}]}
    ours = read(
        taxes_included=False, total_tax="5.40", total_tip_received="1.00", total_price="38.30",
        line_items=[*ORDER["line_items"], gift],
    )  # fmt: skip
    assert isinstance(ours, Ours)
    assert len(ours.order.lines) == 3
    assert msgspec.structs.astuple(ours.order.totals) == (1700, 2640, 490, 450)


def test_duties_fees_and_shipping_that_was_taken_off_the_whole_order_are_counted() -> None:
    way = {"price": "4.90", "discounted_price": "4.90", "discount_allocations": [{"amount": "4.90"}]}
    ours = read(
        shipping_lines=[way], total_price="20.50", original_total_duties_set={"shop_money": {"amount": "3.00"}},
        original_total_additional_fees_set={"shop_money": {"amount": "0.50"}},
    )  # fmt: skip
    assert isinstance(ours, Ours)
    assert msgspec.structs.astuple(ours.order.totals) == (1700, 2050, 0, 350)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"test": True}, "shop_test"), ({"cancelled_at": "2026-11-24T09:31:00+01:00"}, "order_cancelled"),
     ({"line_items": []}, "nothing_to_ship"),
     ({"line_items": [{"price": "1.00", "quantity": 1, "requires_shipping": False}]}, "nothing_to_ship")],
)  # fmt: skip
def test_what_needs_no_shipping_is_left_alone_with_the_reason(changes: dict[str, Any], reason: str) -> None:
    assert read(**changes) == NotOurs(reason)
    assert reason in WORDS


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"total_price": "21.91"}, "total_price"), ({"total_price": "1e9"}, "total_price"),
     ({"total_price": "-1.00"}, "total_price"), ({"total_price": "21.905"}, "total_price"),
     ({"currency": "XXX"}, "currency"), ({"shipping_address": None}, "shipping_address"),
     ({"line_items": [{"price": "5.00", "quantity": -1, "sku": "TEA"}]}, "line_items[0].quantity"),
     ({"line_items": [{"price": "five", "quantity": 1, "sku": "TEA"}]}, "line_items[0].price")],
)  # fmt: skip
def test_what_cannot_be_read_says_the_field(changes: dict[str, Any], field: str) -> None:
    wrong = read(**changes)
    assert isinstance(wrong, Wrong)
    assert [fault.field for fault in wrong.faults] == [field]


@pytest.mark.parametrize(
    ("amount", "currency", "wanted"),
    [("199.00", "EUR", 19900), ("0.1", "EUR", 10), ("199", "JPY", 199), ("199.00", "JPY", 199), ("1.5", "JPY", None),
     ("1.234", "KWD", 1234), ("", "EUR", None), ("NaN", "EUR", None), ("1,00", "EUR", None), ("٣", "EUR", None)],
)  # fmt: skip
def test_money_is_counted_exactly_or_not_at_all(amount: str, currency: str, wanted: int | None) -> None:
    assert minor(amount, currency) == wanted


def test_only_the_shops_own_secret_signs() -> None:
    body = payload()
    proof = signed(body)["X-Shopify-Hmac-Sha256"]
    assert rules.is_signed(SECRET, body, proof)
    for wrong in ("", proof[:-1], proof.lower(), "ä" * 44, signed(body, secret="another")["X-Shopify-Hmac-Sha256"]):
        assert not rules.is_signed(SECRET, body, wrong)
    assert not rules.is_signed(SECRET, body + b" ", proof)


# --- taken in


@dataclass
class Shopify:
    """The shop over there, and our people."""

    told: Told
    http: httpx.AsyncClient
    worker: ShopWorker

    async def send(self, body: bytes, delivery: str = "b54557e4-1", **options: str) -> httpx.Response:
        answer = await self.http.post(AT, content=body, headers=signed(body, delivery, **options))
        await self.worker.step()
        return answer

    async def came(self) -> list[Incoming]:
        """The newest first."""
        return await self.told.db.read(partial(store.page, before=None, channel=None, state=None, most=50))

    async def order(self) -> OrderPage:
        (found,) = {each.order for each in await self.came()} - {None}
        assert found is not None
        return await self.told.shop.page(found)


@pytest.fixture
async def shopify(told: Told) -> AsyncIterator[Shopify]:
    put = PutChannel(service="nordpost-parcel", secret=SECRET)
    await told.shop.do(partial(service.put_channel, channel="shop", body=put))
    async with client(told.db, [router], Actor(name="Ida")) as http:
        yield Shopify(told, http, ShopWorker(told.db))


async def test_an_order_comes_in_and_is_placed_with_what_the_customer_wrote(shopify: Shopify) -> None:
    answer = await shopify.send(payload())
    assert (answer.status_code, answer.json()["first"]) == (200, True)
    (came,) = await shopify.came()
    assert (came.state, came.topic, came.shop) == ("placed", "orders/create", "heide.myshopify.com")
    page = await shopify.order()
    assert (page.external_ref, page.total_minor, page.status) == ("#1042", 2190, "ready")
    assert [entry.why for entry in page.timeline if entry.what == "customer_note"] == [ORDER["note"]]
    kept = (await shopify.http.get(f"/api/integrations/incoming/{came.id}")).json()
    assert kept["body"].encode() == payload()


async def test_a_delivery_is_answered_before_anything_is_made_of_it_and_a_worker_goes_on(shopify: Shopify) -> None:
    body = payload()
    assert (await shopify.http.post(AT, content=body, headers=signed(body))).status_code == 200
    (came,) = await shopify.came()
    assert (came.state, came.order) == ("received", None)
    task = asyncio.create_task(ShopWorker(shopify.told.db).run())
    async with asyncio.timeout(20):
        while (await shopify.came())[0].state != "placed":
            await shopify.told.db.rang(0.5)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_the_same_again_is_known_by_its_id_by_its_body_and_by_its_order(shopify: Shopify) -> None:
    first = await shopify.send(payload())
    for body, delivery in ((payload(), "b54557e4-1"), (payload(tags="x"), "b54557e4-1"), (payload(), "other")):
        again = await shopify.send(body, delivery)
        assert (again.status_code, again.json()) == (200, {"id": first.json()["id"], "first": False})
    assert (await shopify.send(payload(tags="x"), "third")).json()["first"] is True
    assert [each.state for each in await shopify.came()] == ["placed", "placed"]
    assert len((await shopify.order()).lines) == 3


async def test_another_order_of_the_same_name_is_not_taken_for_it(shopify: Shopify) -> None:
    await shopify.send(payload())
    await shopify.send(payload(id=77), "second")
    assert [(each.state, each.reason) for each in await shopify.came()] == [
        ("refused", "reference_taken"), ("placed", None),
    ]  # fmt: skip


async def test_who_cannot_prove_it_is_told_so_and_nothing_is_kept(shopify: Shopify) -> None:
    body = payload()
    forged = signed(body, secret="guessed")
    unsigned = {name: value for name, value in forged.items() if name != "X-Shopify-Hmac-Sha256"}
    for headers in (forged, unsigned, {**forged, "X-Shopify-Hmac-Sha256": "\xff" * 9}):
        answer = await shopify.http.post(AT, content=body, headers=httpx.Headers(headers, encoding="latin-1"))
        assert (answer.status_code, answer.json()["code"]) == (401, "signature_wrong")
    assert (await shopify.http.post(AT, content=body + b" ", headers=signed(body))).status_code == 401
    unknown = await shopify.http.post("/api/integrations/shopify/nobody", content=body, headers=signed(body))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "channel_unknown")
    large = b" " * 10 * 1024 * 1024
    assert (await shopify.http.post(AT, content=large, headers=signed(large))).status_code == 413
    assert await shopify.came() == []


async def test_what_cannot_be_placed_waits_with_its_faults_and_is_placed_once_it_is_mended(shopify: Shopify) -> None:
    lines = [{**ORDER["line_items"][0], "sku": "JAM"}, ORDER["line_items"][1]]
    assert (await shopify.send(payload(line_items=lines))).status_code == 200
    (came,) = await shopify.came()
    assert (came.state, came.reason) == ("refused", "order_wrong")
    assert [(fault.field, fault.got) for fault in came.faults] == [("lines[0].sku", "JAM"), ("lines[1].sku", "JAM")]
    at = f"/api/integrations/incoming/{came.id}"
    assert (await shopify.http.post(f"{at}/again")).json()["state"] == "received"
    await shopify.worker.step()
    assert (await shopify.came())[0].state == "refused"
    jam = NewItem(sku="JAM", names={"en": "Jam"}, weight_g=400, length_mm=80, width_mm=80, height_mm=90)
    await shopify.told.shop.do(lambda work: catalog.put_item(work, jam))
    await shopify.http.post(f"{at}/again")
    await shopify.worker.step()
    (came,) = await shopify.came()
    assert (came.state, came.faults) == ("placed", ())
    assert (await shopify.http.post(f"{at}/again")).json()["code"] == "move_not_allowed"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"id": 1}', b"[" * 100_000])
async def test_whatever_else_is_signed_is_kept_with_what_is_wrong(shopify: Shopify, body: bytes) -> None:
    assert (await shopify.send(body)).status_code == 200
    (came,) = await shopify.came()
    assert (came.state, came.reason, len(came.faults)) == ("refused", "order_wrong", 1)
    put_away = await shopify.http.post(f"/api/integrations/incoming/{came.id}/dismiss")
    assert put_away.json()["state"] == "dismissed"
    assert (await shopify.http.get(f"/api/integrations/incoming/{came.id}")).status_code == 200


async def test_unprintable_texts_do_no_harm(shopify: Shopify) -> None:
    body = payload(note="a\x00b\nc", name="#10\x0042", vendor={"deep": "\x00"}, big=10**30)
    assert (await shopify.send(body, "x" * 500)).status_code == 200
    (came,) = await shopify.came()
    assert (came.state, came.delivery) == ("placed", "x" * 200)
    assert (await shopify.order()).external_ref == "#10 42"


async def test_another_topic_is_kept_and_left_alone(shopify: Shopify) -> None:
    await shopify.send(payload(), topic="orders/updated")
    assert [(each.state, each.reason) for each in await shopify.came()] == [("ignored", "topic_unwanted")]


async def test_an_order_that_is_not_paid_yet_is_held_until_it_is(shopify: Shopify) -> None:
    await shopify.send(payload(financial_status="pending"))
    page = await shopify.order()
    assert page.status == "on_hold"
    assert [hold.detail["note"] for hold in page.holds] == ["Shopify: pending"]
    await shopify.send(payload(), "second", topic="orders/paid")
    assert (await shopify.order()).status == "ready"


async def test_what_a_removed_shop_sent_is_not_lost(shopify: Shopify) -> None:
    body = payload()
    await shopify.http.post(AT, content=body, headers=signed(body))
    await shopify.http.delete("/api/integrations/channels/shop")
    await shopify.worker.step()
    assert [(each.state, each.reason) for each in await shopify.came()] == [("refused", "shop_unknown")]


async def test_what_is_dealt_with_is_let_go_in_time_and_what_was_refused_stays(shopify: Shopify) -> None:
    await shopify.send(payload())
    await shopify.send(b"{}", "second")
    shopify.told.clock.advance(31 * 24 * 3600)
    assert await shopify.told.shop.do(service.drop_old) == 1
    assert [each.state for each in await shopify.came()] == ["refused"]


# --- shops


async def test_a_shop_is_connected_changed_and_removed_and_its_secret_is_never_shown(shopify: Shopify) -> None:
    http, at = shopify.http, "/api/integrations/channels/second-shop"
    without = await http.put(at, json={"service": "nordpost-parcel"})
    assert without.json()["faults"][0]["field"] == "secret"
    for wrong in ({"service": "pigeon"}, {"service": "nordpost-parcel", "warehouse": 9}):
        assert (await http.put(at, json={"secret": SECRET, **wrong})).json()["code"] == "invalid"
    made = await http.put(at, json={"service": "nordpost-parcel", "secret": SECRET})
    assert SECRET not in made.text
    assert [each["path"] for each in made.json()["items"]] == [f"/api/integrations/shopify/{n}" for n in NAMES]
    changed = await http.put(at, json={"service": "blitz-express", "version": 1})
    assert changed.json()["items"][0]["service"] == "blitz-express"
    assert (await http.put(at, json={"service": "blitz-express", "version": 1})).json()["code"] == "changed_since"
    assert (await http.put("/api/integrations/channels/No%20name", json={"service": "x"})).status_code == 422
    assert (await http.delete(at)).status_code == 204
    assert (await http.delete(at)).json()["code"] == "channel_unknown"
    nobody = UUID(int=1)
    assert (await http.get(f"/api/integrations/incoming/{nobody}")).json()["code"] == "incoming_unknown"


NAMES = ("second-shop", "shop")
