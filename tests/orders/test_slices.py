"""Orders that come in together are taken in as one after another, with a handful of statements."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.customers.models import customer
from server.db.work import Work
from server.orders.models import order as orders_table
from server.orders.models import order_decision, order_hold, order_line, order_text, order_timeline, promise
from server.orders.schemas.captures import Captured, NewOrder
from server.orders.service import captures
from server.payments import schemas as payment_schemas
from server.payments.models import payment, payment_intent
from server.payments.service import accounts
from server.policies.rules import Both, Refuse, Tag
from tests.orders.test_decisions import FRAUD, live
from tests.support.shop import Shop, order

EVA = msgspec.structs.replace(order().customer, name="Eva Ölmann", email="Eva@example.com", phone="12")


def mixed() -> list[NewOrder]:
    """Right ones and wrong ones, two that come twice, more honey than there is, and a customer who comes again."""
    return [
        order("A", [("HONEY", 4, 500), ("TEA", 1, 100)]),
        order("B", [("GOLD", 1, 5)], currency="X"),
        order("C", [("HONEY", 4, 500)], customer=EVA, method="invoice", token=""),
        order("A", [("TEA", 2, 100)]),
        order("D", [("HONEY", 4, 500)], method="prepaid", token=""),
        order("no", [("TEA", 1, 100)]),
        order("E", [("HONEY", 1, 500), ("MILK", 2, 90)], customer=EVA, split="ship_complete"),
        order("B", [("TEA", 1, 100)]),
        order("F", [("TEA", 1, 100), ("TEA", 4, 100)], method="cash", token="", received=False),
    ]


class Undone(Exception):
    """Carries out of a unit what was seen in it."""

    def __init__(self, seen: Any) -> None:
        super().__init__("undone")
        self.seen = seen


def one_by_one(work: Work, news: Sequence[NewOrder]) -> list[Captured | Refusal]:
    taken: list[Captured | Refusal] = []
    for new in news:
        try:
            taken.append(captures.capture(work, new))
        except Refusal as refusal:
            taken.append(refusal)
    return taken


async def seen(shop: Shop, take: Callable[[Work, Sequence[NewOrder]], list[Captured | Refusal]]) -> Any:
    """What this leaves in the database, without ids; nothing of it stays."""

    def run(work: Work) -> None:
        taken = take(work, mixed())
        raise Undone(([told(each) for each in taken], [rows(work, *each) for each in LOOKED_AT]))

    with pytest.raises(Undone) as caught:
        await shop.do(run)
    return caught.value.seen


def told(taken: Captured | Refusal) -> Any:
    if isinstance(taken, Refusal):
        return taken.code, taken.params, taken.faults
    return taken.number, taken.status, taken.cutoff_at, taken.holds, taken.first, taken.promised_on


NUMBER = orders_table.c.number
WHOSE = sa.select(customer.c.email).where(customer.c.id == orders_table.c.customer_id).scalar_subquery()
LOOKED_AT: tuple[tuple[sa.FromClause, Sequence[sa.ColumnElement[Any]]], ...] = (
    (orders_table, [each for each in orders_table.c if each.name not in ("id", "customer_id")]),
    (orders_table, [NUMBER, WHOSE]),
    (order_line, [NUMBER, order_line.c.position, order_line.c.item_id, order_line.c.ordered, order_line.c.price_minor]),
    (promise, [NUMBER, promise.c.item_id, promise.c.quantity, promise.c.promised_on, promise.c.customer]),
    (order_hold, [NUMBER, order_hold.c.reason, order_hold.c.detail, order_hold.c.owner, order_hold.c.rule]),
    (order_text, [order_text.c.number, order_text.c.text]),
    (order_timeline, [NUMBER, order_timeline.c.what, order_timeline.c.why]),
)


def rows(work: Work, table: sa.FromClause, columns: Sequence[sa.ColumnElement[Any]]) -> Counter[str]:
    whole = table in (orders_table, order_text)
    joined = table if whole else table.join(orders_table, orders_table.c.id == table.c.order_id)
    return Counter(repr(tuple(row)) for row in work.execute(sa.select(*columns).select_from(joined)))


async def test_a_slice_becomes_what_its_orders_become_one_by_one(shop: Shop) -> None:
    await live(shop, "fraud", ("customer.orders_hour > 0", FRAUD), ("order.total_minor > 2000", Tag(text="big")))
    await live(shop, "compliance", ("order.reference == 'no'", Refuse(words=Both("Not that."))))
    assert await seen(shop, captures.capture_many) == await seen(shop, one_by_one)


async def test_each_order_of_a_slice_is_taken_in_or_told_what_is_wrong_with_it(shop: Shop) -> None:
    await live(shop, "compliance", ("order.reference == 'no'", Refuse(words=Both("Not that."))))
    taken = await shop.do(lambda work: captures.capture_many(work, mixed()))
    assert [each.code if isinstance(each, Refusal) else (each.number, each.first) for each in taken] == [
        (10_001, True), "order_invalid", (10_002, True), (10_001, False), (10_003, True), "order_refused",
        (10_004, True), (10_005, True), (10_006, True),
    ]  # fmt: skip
    wrong = taken[1]
    assert isinstance(wrong, Refusal)
    assert {fault.field for fault in wrong.faults} == {"currency", "lines[0].sku"}


async def test_no_unit_is_promised_twice_within_a_slice(shop: Shop) -> None:
    await shop.do(lambda work: captures.capture_many(work, [order(f"H-{n}", [("HONEY", 3, 500)]) for n in range(5)]))
    promised = await shop.ask(sa.select(sa.func.sum(promise.c.quantity)).where(promise.c.promised_on.is_not(None)))
    waiting = await shop.ask(sa.select(sa.func.sum(promise.c.quantity)).where(promise.c.promised_on.is_(None)))
    assert (promised[0][0], waiting[0][0]) == (10, 5)


async def test_a_slice_is_kept_again_as_it_is(shop: Shop) -> None:
    news = [order(f"H-{n}", [("HONEY", 3, 500)]) for n in range(5)]
    first = await shop.do(lambda work: captures.capture_many(work, news))
    again = await shop.do(lambda work: captures.capture_many(work, news))
    assert again == [msgspec.structs.replace(each, first=False) for each in first if isinstance(each, Captured)]
    assert await shop.do(lambda work: captures.capture_many(work, [])) == []


async def test_the_payments_of_a_slice_are_begun_each_by_its_method(shop: Shop) -> None:
    taken = await shop.do(lambda work: captures.capture_many(work, mixed()))
    numbers = [each.number for each in taken if isinstance(each, Captured) and each.first]
    states = await shop.ask(sa.select(payment.c.method, payment.c.state).order_by(payment.c.order_id))
    assert len(states) == len(numbers)
    assert Counter(map(tuple, states)) == Counter({
        ("card", "authorising"): 4, ("invoice", "authorised"): 1, ("prepaid", "captured"): 1, ("cash", "awaited"): 1,
    })  # fmt: skip
    kinds = await shop.ask(sa.select(payment_intent.c.kind, sa.func.count()).group_by(payment_intent.c.kind))
    assert dict(map(tuple, kinds)) == {"authorise": 4, "receive": 1}
    told = [(await shop.page(number)).timeline[0].what for number in sorted(numbers)]
    assert Counter(told) == Counter(
        {"payment_intended": 4, "payment_on_account": 1, "payment_received": 1, "payment_awaited": 1}
    )


async def test_a_credit_limit_stops_the_order_that_goes_beyond_it_and_none_before(shop: Shop) -> None:
    terms = payment_schemas.PutAccount(days=30, limit_minor=5000, currency="EUR")
    await shop.do(lambda work: accounts.put(work, "eva@example.com", terms))
    news = [order(name, [("TEA", 1, 2000)], customer=EVA, method="invoice", token="") for name in "XYZ"]
    taken = await shop.do(lambda work: captures.capture_many(work, news))
    held = [[hold.reason for hold in (await shop.page(each.number)).holds] for each in taken]  # type: ignore[union-attr]
    assert [("credit_exceeded" in reasons) for reasons in held] == [False, False, True]


async def test_a_surprise_in_a_slice_leaves_nothing_of_it(shop: Shop) -> None:
    news = [order("A"), order("B", customer=msgspec.structs.replace(EVA, language=None))]
    with pytest.raises(TypeError):
        await shop.do(lambda work: captures.capture_many(work, news))
    assert await shop.ask(sa.select(orders_table.c.id)) == []
    assert await shop.ask(sa.select(order_decision.c.id)) == []


async def test_of_the_last_units_each_is_promised_once_however_many_want_it(shop: Shop) -> None:
    wanted = [order(f"L-{n}", [("HONEY", 1, 500)]) for n in range(60)]
    slices = [partial(captures.capture_many, news=wanted[at : at + 15]) for at in (0, 15)]
    singly = [partial(captures.capture, new=new) for new in wanted[30:]]
    await asyncio.gather(*(shop.do(run) for run in (*slices, *singly)))  # type: ignore[arg-type]
    rows = await shop.ask(sa.select(promise.c.quantity, promise.c.promised_on))
    assert (sum(row[0] for row in rows if row[1]), sum(row[0] for row in rows if not row[1])) == (10, 50)
