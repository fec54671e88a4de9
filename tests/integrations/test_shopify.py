"""A Shopify shop's orders come in proved, once, and none is lost: what cannot be placed waits with its faults."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest

from server.catalog import service as catalog
from server.catalog.schemas import NewItem
from server.core.refusal import Refusal
from server.core.words import WORDS
from server.integrations import hearing
from server.integrations.channel_worker import ChannelWorker
from server.integrations.rules import channels as proofs
from server.integrations.rules.changes import steps
from server.integrations.rules.channels import Settings
from server.integrations.rules.sold import NotOurs, Sold, Wrong
from server.integrations.schemas.channels import Incoming
from server.integrations.service import changes
from server.integrations.service import incoming as service
from server.integrations.store import channels as store
from server.orders.currencies import minor
from server.orders.schemas.pages import OrderPage
from server.orders.service import additions, cancels, holds
from server.payments.service import views
from tests.integrations.conftest import Told
from tests.support import channels
from tests.support.channels import PARCEL, SECRET, Channel, sample, shopify_headers

ORDER = sample("shopify_order")
AT = "/api/integrations/shopify/shop"


def payload(**changes: Any) -> bytes:
    return json.dumps({**ORDER, **changes}).encode()


def signed(body: bytes, delivery: str = "b54557e4-1", topic: str = "orders/create", secret: str = SECRET) -> Any:
    return shopify_headers(body, delivery, topic, secret)


# --- what an order of theirs is to us


def read(settings: Settings = PARCEL, **changes: Any) -> Any:
    return hearing.read("shopify", "orders/create", payload(**changes), channels.way(settings))


def test_an_order_is_read_with_its_discounts_to_the_cent() -> None:
    ours = read()
    assert isinstance(ours, Sold)
    new = ours.order
    assert new is not None
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
    assert (new.payment.method, new.payment.received, ours.note) == (
        "prepaid", True, "Please leave it with the neighbours.",
    )  # fmt: skip


def test_tax_on_top_and_a_tip_are_counted_and_what_is_not_shipped_is_left_out() -> None:
    gift = {"price": "10.00", "quantity": 1, "sku": None, "requires_shipping": False, "tax_lines": [{"price": "1.90"}]}
    ours = read(
        taxes_included=False, total_tax="5.40", total_tip_received="1.00", total_price="38.30",
        line_items=[*ORDER["line_items"], gift],
    )  # fmt: skip
    assert isinstance(ours, Sold)
    assert ours.order is not None
    assert len(ours.order.lines) == 3
    assert msgspec.structs.astuple(ours.order.totals) == (1700, 2640, 490, 450)


def test_duties_fees_and_shipping_that_was_taken_off_the_whole_order_are_counted() -> None:
    way = {"price": "4.90", "discounted_price": "4.90", "discount_allocations": [{"amount": "4.90"}]}
    ours = read(
        shipping_lines=[way], total_price="20.50", original_total_duties_set={"shop_money": {"amount": "3.00"}},
        original_total_additional_fees_set={"shop_money": {"amount": "0.50"}},
    )  # fmt: skip
    assert isinstance(ours, Sold)
    assert ours.order is not None
    assert msgspec.structs.astuple(ours.order.totals) == (1700, 2050, 0, 350)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"test": True}, "shop_test"), ({"line_items": []}, "nothing_to_ship"),
     ({"line_items": [{"price": "1.00", "quantity": 1, "requires_shipping": False}]}, "nothing_to_ship")],
)  # fmt: skip
def test_what_needs_no_shipping_is_left_alone_with_the_reason(changes: dict[str, Any], reason: str) -> None:
    assert read(**changes) == NotOurs(reason, "5940139491234")
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
    assert isinstance(wrong, Wrong | Sold)
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
    assert proofs.is_signed(SECRET, body, proof)
    for wrong in ("", proof[:-1], proof.lower(), "ä" * 44, signed(body, secret="another")["X-Shopify-Hmac-Sha256"]):
        assert not proofs.is_signed(SECRET, body, wrong)
    assert not proofs.is_signed(SECRET, body + b" ", proof)


# --- taken in


@pytest.fixture
async def shopify(told: Told) -> AsyncIterator[Shopify]:
    async with channels.channel(told.shop, "shopify") as opened:
        yield Shopify(opened)


class Shopify:
    """The shop over there, and our people."""

    def __init__(self, channel: Channel) -> None:
        self.channel, self.http, self.worker = channel, channel.http, channel.worker
        self.shop = channel.shop

    async def send(self, body: bytes, delivery: str = "b54557e4-1", **options: str) -> httpx.Response:
        answer = await self.http.post(AT, content=body, headers=signed(body, delivery, **options))
        await self.channel.work()
        return answer

    async def came(self) -> list[Incoming]:
        return await self.channel.came()

    async def order(self) -> OrderPage:
        return await self.channel.order()


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
    task = asyncio.create_task(ChannelWorker(shopify.shop.db).run())
    async with asyncio.timeout(20):
        while (await shopify.came())[0].state != "placed":
            await shopify.shop.db.rang(0.5)
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
    await shopify.shop.do(lambda work: catalog.put_item(work, jam))
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


async def test_what_has_left_already_is_never_sent_once_more(shopify: Shopify) -> None:
    await shopify.send(payload(fulfillment_status="fulfilled"), topic="orders/updated")
    await shopify.send(payload(id=2, name="#2", fulfillment_status="partial"), "second", topic="orders/updated")
    partly, gone = await shopify.came()
    assert (gone.state, gone.reason, gone.order) == ("ignored", "order_done", None)
    assert (partly.state, [fault.field for fault in partly.faults]) == ("refused", ["fulfillment_status"])


async def test_another_topic_is_kept_and_left_alone(shopify: Shopify) -> None:
    await shopify.send(payload(), topic="products/update")
    assert [(each.state, each.reason) for each in await shopify.came()] == [("ignored", "topic_unwanted")]


async def test_an_order_that_is_not_paid_yet_waits_until_it_is(shopify: Shopify) -> None:
    await shopify.send(payload(financial_status="pending"))
    assert (await shopify.order()).payment.state == "awaited"
    await shopify.send(payload(), "second", topic="orders/paid")
    page = await shopify.order()
    assert (page.payment.state, page.status) == ("captured", "ready")


async def test_what_a_removed_shop_sent_is_not_lost(shopify: Shopify) -> None:
    body = payload()
    await shopify.http.post(AT, content=body, headers=signed(body))
    await shopify.http.delete("/api/channels/shop")
    await shopify.worker.step()
    assert [(each.state, each.reason) for each in await shopify.came()] == [("refused", "shop_unknown")]


async def test_what_is_dealt_with_is_let_go_in_time_and_what_was_refused_stays(shopify: Shopify) -> None:
    await shopify.send(payload())
    await shopify.send(b"{}", "second")
    shopify.shop.clock.advance(31 * 24 * 3600)
    assert await shopify.shop.do(service.drop_old) == 1
    assert [each.state for each in await shopify.came()] == ["refused"]


# --- what changes over there


def later(minute: int, **changes: Any) -> bytes:
    return payload(updated_at=f"2026-11-24T10:{minute:02}:00+01:00", **changes)


def line(index: int, **changes: Any) -> dict[str, Any]:
    return {**ORDER["line_items"][index], **changes}


def said(page: OrderPage, what: str = "changed_at_channel") -> list[tuple[str, str]]:
    return [(each.params["reason"], each.params["detail"]) for each in reversed(page.timeline) if each.what == what]


async def test_what_is_changed_over_there_is_changed_here_and_told(shopify: Shopify) -> None:
    await shopify.send(payload())
    elsewhere = {**ORDER["shipping_address"], "address1": "Domplatz 1", "city": "Köln", "zip": "50667"}
    fewer = [line(0, current_quantity=1), line(1)]
    await shopify.send(later(5, line_items=fewer, shipping_address=elsewhere), "second", topic="orders/updated")
    page = await shopify.order()
    assert (page.address.street, page.address.city) == ("Domplatz 1, 2. Stock", "Köln")
    assert sum(each.facts.wanted for each in page.lines if each.item.sku == "HONEY") == 1
    assert said(page) == [("channel_address", "Köln"), ("channel_fewer", "2 × HONEY")]
    heard = [(await shopify.came())[0].state, [each["topic"] for each in await about(shopify, page)]]
    assert heard == ["placed", ["orders/updated", "orders/create"]]


async def about(shopify: Shopify, page: OrderPage) -> list[dict[str, Any]]:
    return await shopify.shop.db.read(partial(service.of_order, order_id=page.id))


async def test_what_comes_out_of_order_counts_by_when_it_was_said(shopify: Shopify) -> None:
    one = [line(0, current_quantity=1), line(1)]
    await shopify.send(later(9, line_items=one), "b", topic="orders/updated")
    page = await shopify.order()
    assert sum(each.facts.wanted for each in page.lines) == 2
    await shopify.send(later(1), "a")
    await shopify.send(later(5, line_items=[line(0), line(1, current_quantity=0)]), "c", topic="orders/updated")
    assert [(each.state, each.reason) for each in await shopify.came()] == [
        ("ignored", "told_newer"), ("ignored", "told_newer"), ("placed", None),
    ]  # fmt: skip
    assert (await shopify.order()).facts == page.facts


async def test_an_order_that_is_called_off_over_there_is_called_off_here(shopify: Shopify) -> None:
    await shopify.send(payload())
    off = {"cancelled_at": "2026-11-24T10:07:00+01:00", "cancel_reason": "customer"}
    await shopify.send(later(7, **off), "second", topic="orders/cancelled")
    page = await shopify.order()
    assert (page.status, said(page)) == ("cancelled", [("channel_cancel", "customer")])
    given = {"id": 902, "order_id": ORDER["id"], "transactions": [
        {"id": 1, "kind": "refund", "status": "success", "amount": "21.90", "currency": "EUR"}]}  # fmt: skip
    await shopify.send(json.dumps(given).encode(), "third", topic="refunds/create")
    page = await shopify.order()
    assert (page.payment.state, said(page)[-1]) == ("refunded", ("channel_refund", "21.90 EUR"))


async def test_one_that_is_called_off_after_another_one_has_taken_it_in_stops_that(shopify: Shopify) -> None:
    await shopify.send(payload())
    first = await shopify.order()
    await shopify.send(payload(id=77, name="#1043", financial_status="pending"), "second")
    second = await shopify.shop.page(first.number + 1)
    await shopify.shop.do(partial(additions.merge, order_id=first.id, other_id=second.id))
    off = {"cancelled_at": "2026-11-24T10:07:00+01:00", "cancel_reason": "customer"}
    await shopify.send(later(7, id=77, name="#1043", **off), "third", topic="orders/cancelled")
    (hold,) = (await shopify.shop.page(first.number)).holds
    assert (hold.reason, hold.detail["change"]) == ("changed_at_channel", "channel_cancel")


async def test_one_that_is_called_off_before_it_is_here_never_comes(shopify: Shopify) -> None:
    off = {"cancelled_at": "2026-11-24T10:07:00+01:00"}
    await shopify.send(later(7, **off), "second", topic="orders/cancelled")
    await shopify.send(later(1), "first")
    assert [(each.state, each.reason, each.order) for each in await shopify.came()] == [
        ("ignored", "order_cancelled", None), ("ignored", "order_cancelled", None),
    ]  # fmt: skip


async def test_money_that_goes_back_over_there_is_booked_once_however_often_it_is_told(shopify: Shopify) -> None:
    refund = sample("shopify_refund")
    early = json.dumps(refund).encode()
    await shopify.send(early, "early", topic="refunds/create")
    assert [(each.state, each.reason) for each in await shopify.came()] == [("refused", "order_missing")]
    await shopify.send(payload())
    assert {each.state for each in await shopify.came()} == {"placed"}
    await shopify.send(later(8, refunds=[refund]), "whole", topic="orders/updated")
    page = await shopify.order()
    assert said(page) == [("channel_refund", "5.00 EUR")]
    assert [each.params["amount"] for each in page.timeline if each.what == "payment_refunded"] == ["5.00 EUR"]


async def test_an_order_grows_at_the_channels_price_and_is_paid_as_the_channel_says(shopify: Shopify) -> None:
    await shopify.send(payload())
    more = [line(0), line(1, quantity=3, discount_allocations=[])]
    await shopify.send(later(5, line_items=more, financial_status="partially_paid"), "second", topic="orders/updated")
    page = await shopify.order()
    assert [(each.item.sku, each.price_minor, each.facts.ordered) for each in page.lines][-1] == ("TEA", 500, 2)
    assert (page.total_minor, page.payment.state, page.holds) == (3190, "awaited", [])
    await shopify.send(later(6, line_items=more), "third", topic="orders/paid")
    page = await shopify.order()
    assert (page.payment.state, said(page)) == (
        "captured", [("channel_more", "2 × TEA"), ("channel_unpaid", "partially_paid"), ("channel_paid", "")],
    )  # fmt: skip


async def test_an_order_that_grows_and_is_paid_in_one_breath_goes_on(shopify: Shopify) -> None:
    await shopify.send(payload())
    more = [line(0), line(1, quantity=3, discount_allocations=[])]
    await shopify.send(later(5, line_items=more), "second", topic="orders/updated")
    page = await shopify.order()
    assert (page.total_minor, page.payment.captured_minor) == (3190, 3190)
    assert (page.payment.state, page.status) == ("captured", "ready")
    assert said(page) == [("channel_more", "2 × TEA"), ("channel_paid", "")]


@pytest.mark.parametrize(
    ("before", "swapped", "first"),
    [((0, 1), "TEA", "channel_fewer"), ((0,), "TEA", "channel_more"), ((1,), "HONEY", "channel_more")],
)
async def test_an_article_that_is_swapped_for_another_of_the_same_price_costs_nobody_anything(
    shopify: Shopify, before: tuple[int, ...], swapped: str, first: str
) -> None:
    plain = {"price": "5.00", "quantity": 1, "discount_allocations": []}
    lines = [line(index, **plain) for index in before]
    price = {"total_price": f"{4.9 + 5 * len(before):.2f}"}
    await shopify.send(payload(line_items=lines, **price))
    gone = {**lines[0], "current_quantity": 0}
    came = line(0, **plain, id=9, sku=swapped)
    await shopify.send(later(5, line_items=[gone, came, *lines[1:]]), "second", topic="orders/updated")
    page, cost = await shopify.order(), 490 + 500 * len(before)
    assert (page.status, said(page)[0][0]) == ("ready", first)
    assert {each.item.sku: each.facts.wanted for each in page.lines if each.facts.wanted}[swapped] == len(before)
    money = await shopify.shop.db.snapshot(partial(views.of_order, order_id=page.id))
    assert money is not None
    assert (money.amount_minor, money.captured_minor, money.refundable_minor) == (cost, cost, cost)


async def test_what_cannot_follow_any_more_holds_the_order_with_what_came_beside_it(shopify: Shopify) -> None:
    await shopify.send(payload())
    more = [line(0), line(1), line(1, id=3, sku="JAM")]
    await shopify.send(later(5, line_items=more), "second", topic="orders/updated")
    page, (came, *_) = await shopify.order(), await shopify.came()
    (hold,) = page.holds
    assert (page.status, hold.reason, hold.detail["incoming"], hold.detail["change"]) == (
        "on_hold", "changed_at_channel", str(came.id), "channel_more",
    )  # fmt: skip
    assert [fault["field"] for fault in hold.detail["faults"]] == ["lines[0].sku"]
    assert said(page, "not_changed_at_channel") == [("channel_more", "1 × JAM")]
    await shopify.send(later(6, line_items=more), "third", topic="orders/updated")
    assert len((await shopify.order()).holds) == 1
    assert len(said(await shopify.order(), "not_changed_at_channel")) == 1


async def test_a_change_that_another_process_has_done_is_not_done_again(shopify: Shopify) -> None:
    await shopify.send(payload())
    page, (came,) = await shopify.order(), await shopify.came()
    where = changes.Where("shop", str(ORDER["id"]), came.id)
    link = await shopify.shop.db.read(partial(store.link, channel="shop", subject=where.subject))
    assert link is not None
    now = msgspec.structs.replace(link.told, units={"HONEY": 2, "TEA": 1})
    (step,) = steps(link.told, now)
    for _ in range(2):
        await shopify.shop.do(partial(changes.change, where=where, now=now, step=step))
        await shopify.shop.do(
            partial(changes.cannot, where=where, now=now, step=step, refusal=Refusal("cancel_too_late"))
        )
    page = await shopify.order()
    assert sum(each.facts.wanted for each in page.lines) == 3
    assert (page.holds, said(page)) == ([], [("channel_fewer", "1 × HONEY")])


async def test_what_changes_after_the_end_stands_in_the_timeline(shopify: Shopify) -> None:
    await shopify.send(payload())
    page = await shopify.order()
    await shopify.shop.do(partial(cancels.cancel, order_id=page.id))
    await shopify.send(later(5, line_items=[line(0, current_quantity=1), line(1)]), "second", topic="orders/updated")
    page = await shopify.order()
    assert (page.status, page.holds) == ("cancelled", [])
    assert said(page, "not_changed_at_channel") == [("channel_fewer", "2 × HONEY")]


async def test_an_edit_holds_the_order_until_the_whole_of_it_says_how(shopify: Shopify) -> None:
    await shopify.send(later(1))
    edit = json.dumps(sample("shopify_edit")).encode()
    await shopify.send(edit, "edit", topic="orders/edited")
    assert [each.detail["change"] for each in (await shopify.order()).holds] == ["channel_edited"]
    await shopify.send(later(5, line_items=[line(0, current_quantity=2), line(1)]), "second", topic="orders/updated")
    page = await shopify.order()
    assert ([each.state for each in page.holds], page.status) == (["released"], "ready")
    await shopify.send(edit + b" ", "edit-again", topic="orders/edited")
    assert (await shopify.came())[0].reason == "edit_told"


async def test_a_hold_of_a_person_stays_when_the_channel_says_how(shopify: Shopify) -> None:
    await shopify.send(later(1))
    await shopify.shop.do(partial(holds.hold, order_id=(await shopify.order()).id))
    await shopify.send(later(5, note="anything"), "second", topic="orders/updated")
    assert (await shopify.order()).status == "on_hold"


# --- who leaves at the till


async def test_a_basket_is_counted_and_comes_back_as_an_order(shopify: Shopify) -> None:
    checkout = sample("shopify_checkout")
    shopify.shop.clock.advance(3600)
    await shopify.send(json.dumps(checkout).encode(), "c1", topic="checkouts/create")
    await shopify.send(json.dumps({**checkout, "token": "other", "total_price": "7.00"}).encode(), "c2",
                       topic="checkouts/update")  # fmt: skip
    shopify.shop.clock.advance(2 * 3600)
    await shopify.send(payload(checkout_token=checkout["token"]), "order")
    items = (await shopify.http.get("/api/checkouts/")).json()["items"]
    assert [(each["state"], each["value_minor"], each["order"] is None) for each in items] == [
        ("left", 700, True), ("recovered", 2190, False),
    ]  # fmt: skip
    (day,) = (await shopify.http.get("/api/checkouts/days")).json()["items"]
    assert (day["day"], day["began"], day["left"], day["recovered"], day["recovered_minor"]) == (
        "2026-11-24", 2, 1, 1, 2190,
    )  # fmt: skip
    assert {each.state for each in await shopify.came()} == {"ignored", "placed"}
