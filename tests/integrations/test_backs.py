"""A channel is told what became of its orders in its own documented calls, once, and a dead one holds up nobody."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, cast
from uuid import UUID

import msgspec
import pytest

from printers.virtual import VirtualPrinter
from server.core.clock import ManualClock
from server.db import log
from server.db.base import CORE
from server.db.database import Database
from server.fanout.table import REACTIONS
from server.integrations.rules import backs as rules
from server.integrations.rules.backs import Fulfillment, FulfillmentOrders, Parcel, Plan, Transaction
from server.integrations.rules.channels import Back, Settings
from server.integrations.rules.sold import Told as Said
from server.integrations.schemas.channels import PutChannel
from server.integrations.service import channels, deliveries
from server.integrations.store import channels as store
from server.integrations.store.channels import Link
from server.orders.schemas.captures import NewLine
from server.orders.schemas.changes import MoreItems
from server.orders.service import additions, cancels, carriers
from server.orders.store import orders
from tests.integrations.conftest import Told
from tests.integrations.test_mapped import FIELDS
from tests.support.bench import Bench, build_bench
from tests.support.channels import SECRET
from tests.support.receiver import receiver
from tests.support.shop import SERVICES, Shop, order
from tests.support.shops import KEY, KEY_SECRET, TOKEN, FakeShop, FakeShopify, FakeWoo, opened

LINES = {"14881203651": "HONEY", "14881203652": "TEA"}


# --- what is to be said to a Shopify shop


def plan(*parcels: Parcel) -> Plan:
    return Plan("shopify", "https://shop", "", TOKEN, False, "shipment.closed", "1", LINES, "", "Nordpost", parcels)


def open_orders(shop: FakeShopify) -> Any:
    body = {"fulfillment_orders": [shop._order(location) for location in shop.open]}
    return msgspec.convert(body, FulfillmentOrders).fulfillment_orders


def test_each_parcel_is_a_fulfilment_at_each_location_and_no_unit_is_said_twice() -> None:
    shop = FakeShopify(open={1: {14881203651: 2}, 2: {14881203651: 1, 14881203652: 1}})
    parcels = (Parcel("NP1", {"HONEY": 3}), Parcel("NP2", {"TEA": 1, "JAM": 5}))
    bodies = rules.fulfilments(plan(*parcels), [], open_orders(shop))
    said = [
        (body["fulfillment"]["tracking_info"]["number"], each["fulfillment_order_id"],
         [line["quantity"] for line in each["fulfillment_order_line_items"]])
        for body in bodies for each in body["fulfillment"]["line_items_by_fulfillment_order"]
    ]  # fmt: skip
    assert said == [("NP1", 501, [2]), ("NP1", 502, [1]), ("NP2", 502, [1])]


def test_what_the_shop_knows_of_a_parcel_is_not_said_again() -> None:
    shop = FakeShopify(open={1: {14881203651: 1}})
    known = msgspec.convert(
        [{"tracking_number": "NP1", "status": "success", "line_items": [{"id": 14881203651, "quantity": 2}]},
         {"tracking_number": "NP1", "status": "cancelled", "line_items": [{"id": 14881203651, "quantity": 1}]}],
        list[Fulfillment],
    )  # fmt: skip
    assert rules.fulfilments(plan(Parcel("NP1", {"HONEY": 2})), known, open_orders(shop)) == []
    assert rules.is_told(plan(Parcel("NP1", {"HONEY": 2})), known)
    (rest,) = rules.fulfilments(plan(Parcel("NP1", {"HONEY": 3})), known, open_orders(shop))
    (of,) = rest["fulfillment"]["line_items_by_fulfillment_order"]
    assert of["fulfillment_order_line_items"] == [{"id": 10_000 + 651, "quantity": 1}]


# --- what a Shopify shop is asked when an order is cancelled

OWED = Plan(
    "shopify", "https://shop", "", TOKEN, True, "order.cancelled", "1", LINES, "cancelled", owed_minor=1500,
    currency="EUR",
)  # fmt: skip
PLAIN = {"reason": "other", "restock": False, "email": True}


@pytest.mark.parametrize(
    ("came", "asked"),
    [
        ([("sale", "15.00", False, "EUR")], "15.00"),
        ([("sale", "20.00", False, "EUR")], "15.00"),
        ([("capture", "15.00", False, "EUR"), ("refund", "5.00", False, "EUR")], "10.00"),
        ([("authorization", "15.00", False, "EUR")], None),
        ([("sale", "15.00", True, "EUR")], None),
        ([("sale", "5.00", False, "EUR"), ("sale", "10.00", True, "EUR")], None),
        ([("sale", "15.00", False, "USD")], None),
        ([("sale", "15.00", False, "EUR"), ("refund", "15.00", False, "EUR")], None),
        ([("sale", "15.00", False, "EUR"), ("refund", "1e1", False, "EUR")], None),
        ([("sale", "15.00", False, "EUR"), ("sale", "", False, "EUR")], None),
        ([], None),
    ],
)
def test_the_shop_gives_back_what_its_own_gateways_took_and_we_still_owe(
    came: list[tuple[str, str, bool, str]], asked: str | None
) -> None:
    shop = FakeShopify()
    for kind, amount, manual, currency in came:
        shop.paid(amount, kind=kind, manual=manual, currency=currency)
    money = msgspec.convert(shop.money, list[Transaction])
    more = {} if asked is None else {"amount": asked, "currency": "EUR"}
    assert rules.cancellation(OWED, money) == {**PLAIN, **more}
    nothing_owed = msgspec.structs.replace(OWED, owed_minor=0)
    assert rules.cancellation(nothing_owed, money) == PLAIN


def test_money_of_which_the_shop_does_not_say_how_it_came_is_left_to_a_person() -> None:
    money = [Transaction("sale", "success", "15.00", "EUR")]
    assert rules.cancellation(OWED, money) == PLAIN


# --- said


SILENT = Back()
"""A shop that writes to nobody of what it is told."""


class Station(Told):
    """A pack station whose orders are a channel's."""

    bench: Bench
    tracking: str = ""

    async def connect(self, kind: str, url: str, like: Back = SILENT, /, **more: Any) -> None:
        """The orders of `web` are from a channel of this kind, which is told at this address."""
        back = msgspec.structs.replace(like, url=url, user=KEY if kind == "woocommerce" else "")
        settings = Settings(back=back, fields=more)
        token = KEY_SECRET if kind == "woocommerce" else TOKEN
        body = PutChannel(kind=kind, settings=settings, secret=SECRET, token=token)  # type: ignore[arg-type]
        await self.bench.world.do(partial(channels.put, code="web", body=body), streams={CORE})

    async def ship(self, subject: str, lines: dict[str, str], *later: NewLine) -> UUID:
        """An order of the channel is picked, packed, labelled and closed; `later` was wanted in the meantime."""
        order = await self.bench.picked("WEB-7", MILK=3, OATS=1)
        if later:
            more = partial(additions.add, order_id=order, new=MoreItems(lines=list(later)))
            await self.bench.world.do(more, streams={CORE, 1})
        number = await self.db.read(lambda conn: cast(Any, orders.by_id(conn, order)).number)
        link = Link("web", subject, order, number, Said(lines=lines))
        await self.bench.world.do(lambda work: store.add_link(work.conn, link), streams={CORE})
        part = await self.bench.labelled(order)
        await self.bench.weighed(part)
        carton = await self.bench.carton(part)
        assert carton.label is not None
        assert carton.label.tracking is not None
        self.tracking = carton.label.tracking
        assert (await self.bench.close(part)).outcome == "carton_closed"
        return order

    async def take_in(self, subject: str, *, reference: str = "WEB-7", paid: bool = True, **said: Any) -> UUID:
        """An order of the channel, to be paid there, that waits for the floor."""
        await self.bench.world.do(lambda work: carriers.put_service(work, SERVICES[0]), streams={CORE})
        new = order(reference, (("MILK", 1, 1500),), method="prepaid", shipping=0, received=paid)
        found = await self.shop.capture(new)
        link = Link("web", subject, found.id, found.number, Said(**said))
        await self.bench.world.do(lambda work: store.add_link(work.conn, link), streams={CORE})
        return found.id

    async def call_off(self, order: UUID) -> None:
        """The desk cancels it, and that is told."""
        await self.bench.world.do(lambda work: cancels.cancel(work, order), streams={CORE, 1})
        await self.tell()

    async def said(self, state: str = "delivered", tries: int | None = None) -> Any:
        """The delivery of the channel's way back, once it is in this state."""
        shown = await self.db.read(partial(channels.listed, behind="", most=9))
        back = shown.items[0].back
        assert back is not None
        return (await self.until(back.id, state, tries=tries))[0]


@pytest.fixture
async def back(open_database: Callable[..., Awaitable[Database]], clock: ManualClock) -> AsyncIterator[Station]:
    async with VirtualPrinter() as printer:
        db = await open_database(reactions=REACTIONS)
        made = Station(Shop(db, clock))
        made.bench = await build_bench(db, clock, printer)
        yield made


async def tell_all(back: Station) -> None:
    """What happened since, of stream 0 and of the warehouse."""
    for stream in (CORE, 1):
        if await back.db.read(partial(log.tail, stream=stream, after=back.told.get(stream, 0), limit=1000)):
            await back.tell(stream)


def shopify_of(units: dict[str, int]) -> tuple[FakeShopify, dict[str, str]]:
    """A shop in which these units wait, and its ids of lines."""
    lines = {str(14881203651 + n): sku for n, sku in enumerate(units)}
    return FakeShopify(open={1: {int(line): units[sku] for line, sku in lines.items()}}), lines


async def test_a_shopify_shop_is_told_of_its_parcels_once_even_where_an_answer_is_lost(back: Station) -> None:
    shop, lines = shopify_of({"MILK": 9, "OATS": 9})
    async with opened(shop), back.courier():
        await back.connect("shopify", shop.url)
        shop.lost = True
        await back.ship(str(shop.order), lines)
        await tell_all(back)
        await back.said("waiting", tries=1)
        assert [each["tracking_number"] for each in shop.fulfilments] == [back.tracking]
        back.later(10)
        await back.said("delivered")
        assert [each["tracking_number"] for each in shop.fulfilments] == [back.tracking]
        assert [method for method, *_ in shop.calls] == ["GET", "GET", "POST", "GET", "GET"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_shop_that_wants_time_gets_it_and_one_that_says_no_is_a_dead_letter_until_somebody_sends_it_again(
    back: Station,
) -> None:
    shop, lines = shopify_of({"MILK": 9, "OATS": 9})
    async with opened(shop), back.courier():
        await back.connect("shopify", shop.url)
        shop.broken = [(429, "Retry-After: 120\r\n")]
        await back.ship(str(shop.order), lines)
        await tell_all(back)
        waits = await back.said("waiting", tries=1)
        assert (waits.due_at - back.clock.now()).total_seconds() == 120
        shop.broken = [(401, "")] * 20
        for tries in range(2, 12):
            back.later((waits.due_at - back.clock.now()).total_seconds())
            waits = await back.said("failed" if tries == 11 else "waiting", tries=tries)
        shop.broken = []
        failed = await back.said("failed")
        assert (failed.status, failed.reason) == (401, "status_wrong")
        await back.bench.world.do(partial(deliveries.replay, delivery=failed.id), streams={CORE})
        back.db.doorbell.ring()
        await back.said("delivered")
    assert len(shop.fulfilments) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_the_shop_has_nothing_open_for_is_told_as_that(back: Station) -> None:
    shop, lines = shopify_of({})
    async with opened(shop), back.courier():
        await back.connect("shopify", shop.url)
        await back.ship(str(shop.order), lines)
        await tell_all(back)
        assert (await back.said("waiting", tries=1)).reason == "nothing_to_fulfil"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_woocommerce_shop_gets_a_note_and_its_status(back: Station) -> None:
    shop = FakeWoo()
    async with opened(shop), back.courier():
        await back.connect("woocommerce", shop.url)
        shop.lost = True
        await back.ship(str(shop.order), {})
        await back.shop.refresh(await order_of(back))
        await tell_all(back)
        await back.said("waiting", tries=1)
        back.later(10)
        while len(shop.notes) != 1 or shop.status != "completed":
            await back.db.rang(0.5)
    assert [each["note"] for each in shop.notes] == [f"Test: {back.tracking}"]
    assert {method for method, *_ in shop.calls} == {"GET", "POST", "PUT"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_woocommerce_order_of_which_a_parcel_has_left_is_not_cancelled_there(back: Station) -> None:
    shop = FakeWoo()
    async with opened(shop), back.courier():
        await back.connect("woocommerce", shop.url)
        await back.call_off(await back.ship(str(shop.order), {}, NewLine(sku="TEA", quantity=1, price_minor=250)))
        while {each.state for each in await back.deliveries() if each.type == "order.cancelled"} != {"delivered"}:
            await back.db.rang(0.5)
    assert [body for method, _, body in shop.calls if method == "PUT" and body != {"status": "completed"}] == []


async def order_of(back: Station) -> Any:
    (link,) = await back.db.read(lambda conn: [store.link(conn, "web", "727")])
    assert link is not None
    return link.order


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_channel_of_its_own_json_is_told_as_it_signs_itself(back: Station) -> None:
    async with receiver() as there, back.courier():
        await back.connect("json", there.url, **FIELDS)
        await back.ship("A-1", {})
        await tell_all(back)
        (got, *_) = await there.until(1)
    assert got.headers["x-signature"] == hmac.new(SECRET.encode(), got.body, hashlib.sha256).hexdigest()
    assert json.loads(got.body)["data"]["external_ref"] == "WEB-7"


async def test_a_shopify_shop_cancels_what_was_called_off_and_gives_the_money_back_once(back: Station) -> None:
    shop = FakeShopify()
    shop.paid("15.00")
    async with opened(shop), back.courier():
        await back.connect("shopify", shop.url)
        shop.lost = True
        await back.call_off(await back.take_in(str(shop.order)))
        await back.said("waiting", tries=1)
        back.later(10)
        await back.said("delivered")
    assert [method for method, *_ in shop.calls] == ["GET", "GET", "POST", "GET"]
    assert shop.cancelled == {"reason": "other", "restock": False, "email": False, "amount": "15.00", "currency": "EUR"}
    assert [(each["kind"], each["amount"]) for each in shop.money] == [("sale", "15.00"), ("refund", "15.00")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_shop_that_cannot_cancel_says_so_until_somebody_has_done_it_there(back: Station) -> None:
    shop = FakeShopify(fulfilments=[{"id": 1, "tracking_number": "NP1", "status": "success", "line_items": []}])
    shop.paid("15.00")
    async with opened(shop), back.courier():
        await back.connect("shopify", shop.url)
        shop.broken = [(503, "")]
        await back.call_off(await back.take_in(str(shop.order)))
        waits = await back.said("waiting", tries=1)
        assert (await back.shown(waits.endpoint)).failing_since is not None
        back.later(10)
        waits = await back.said("waiting", tries=2)
        assert (waits.status, waits.reason) == (422, "shop_cannot_cancel")
        assert (await back.shown(waits.endpoint)).failing_since is None
        shop.cancel()
        back.later(60)
        await back.said("delivered")
    assert [method for method, *_ in shop.calls].count("POST") == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_order_of_which_a_parcel_has_left_is_not_cancelled_at_a_shop_that_has_not_heard_of_it(
    back: Station,
) -> None:
    shop, lines = shopify_of({"MILK": 9, "OATS": 9})
    shop.paid("12.50")
    async with opened(shop), back.courier():
        await back.connect("shopify", shop.url)
        shop.broken = [(503, "Retry-After: 600\r\n")]
        order = await back.ship(str(shop.order), lines, NewLine(sku="TEA", quantity=1, price_minor=250))
        await tell_all(back)
        await back.said("waiting", tries=1)
        await back.call_off(order)
        while not any(each.reason == "shop_cannot_cancel" for each in await back.deliveries()):
            await back.db.rang(0.5)
        assert (shop.cancelled, len(shop.money)) == ({}, 1)


@pytest.mark.parametrize("into_another", [True, False])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_gets_the_goods_with_another_order_is_not_written_that_they_do_not_get_them(
    back: Station, *, into_another: bool
) -> None:
    shop = FakeShopify()
    async with opened(shop), back.courier():
        await back.connect("shopify", shop.url, Back(notify=True))
        kept = await back.take_in("5940139491233", reference="WEB-6", paid=False)
        gone = await back.take_in(str(shop.order), paid=False)
        if into_another:
            await back.bench.world.do(partial(additions.merge, order_id=kept, other_id=gone), streams={CORE})
            await back.tell()
        else:
            await back.call_off(gone)
        await back.said("delivered")
    assert shop.cancelled["email"] is not into_another


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_order_that_somebody_cancels_there_meanwhile_is_told(back: Station) -> None:
    shop = FakeShopify(raced=True)
    async with opened(shop), back.courier():
        await back.connect("shopify", shop.url)
        await back.call_off(await back.take_in(str(shop.order)))
        await back.said("delivered", tries=1)
    assert shop.money == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_the_shop_itself_has_called_off_is_not_told_back(back: Station) -> None:
    async with opened(FakeShopify()) as shop, back.courier():
        await back.connect("shopify", shop.url)
        taken = await back.take_in("5940139491234", cancelled="customer")
        await back.call_off(taken)
        assert (await back.said("delivered")).reason is None
    assert shop.calls == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_dead_shop_holds_up_no_other_and_no_other_channel_is_told(back: Station) -> None:
    shop, lines = shopify_of({"MILK": 9, "OATS": 9})
    async with receiver("dead") as dead, opened(shop), back.courier():
        await back.connect("shopify", shop.url)
        other = PutChannel(kind="shopify", settings=Settings(back=Back(url=dead.url)),
                           secret=SECRET, token=TOKEN)  # fmt: skip
        await back.bench.world.do(partial(channels.put, code="other", body=other), streams={CORE})
        endpoint = await back.endpoint(dead.url, "shipment.closed")
        await back.ship(str(shop.order), lines)
        await tell_all(back)
        shown = await back.db.read(partial(channels.listed, behind="", most=9))
        mine = next(each.back for each in shown.items if each.code == "web")
        assert mine is not None
        await back.until(mine.id, "delivered")
        assert len(await back.deliveries(endpoint)) == 1
        assert {each.endpoint for each in await back.deliveries()} == {endpoint, mine.id}


async def test_a_way_back_follows_how_the_channel_is_set_up(back: Station) -> None:
    async with opened(FakeShop()) as shop:
        await back.connect("shopify", shop.url)
        (one,) = (await back.db.read(partial(channels.listed, behind="", most=9))).items
        assert (one.has_token, one.back is not None and one.back.url, one.back and one.back.types) == (
            True, shop.url, ["shipment.closed", "order.cancelled"],
        )  # fmt: skip
        body = PutChannel(kind="shopify", settings=Settings(), version=1)
        await back.bench.world.do(partial(channels.put, code="web", body=body), streams={CORE})
        (one,) = (await back.db.read(partial(channels.listed, behind="", most=9))).items
        assert (one.has_token, one.back) == (True, None)
