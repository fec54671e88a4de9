"""One more, another colour, two orders in one parcel: what comes to an order is treated like a new order's."""

from __future__ import annotations

from functools import partial

import msgspec
import pytest

from server.core.refusal import Refusal
from server.orders import intake
from server.orders.rules import Facts
from server.orders.schemas.captures import NewLine, NewTotals
from server.orders.schemas.changes import MoreItems, Replacement
from server.orders.schemas.pages import OrderPage
from server.orders.service import additions, cancels, edits, holds, invariants
from server.policies.rules import Both, Hold, Pass, Refuse
from tests.orders.test_decisions import FRAUD, live
from tests.orders.test_edits import BERLIN
from tests.support.shop import Shop, order


def more(*lines: tuple[str, int, int], **said: int) -> MoreItems:
    return MoreItems(
        lines=[NewLine(sku=sku, quantity=units, price_minor=price) for sku, units, price in lines],
        **said,
        why="One more.",
    )


async def add(shop: Shop, order_id: object, *lines: tuple[str, int, int], **said: int) -> str:
    return await shop.do(partial(additions.add, order_id=order_id, new=more(*lines, **said)), 0, 1)  # type: ignore[arg-type]


async def whole(shop: Shop, number: int) -> OrderPage:
    assert await shop.db.snapshot(invariants.broken) == []
    return await shop.page(number)


async def test_units_join_the_line_of_their_item_and_price_others_are_new_lines(shop: Shop) -> None:
    captured = await shop.capture(order("A", [("HONEY", 2, 500), ("TEA", 1, 100)], method="invoice", token=""))
    assert await add(shop, captured.id, ("HONEY", 1, 500), ("HONEY", 1, 400), ("HONEY", 1, 500)) == "ready"
    page = await whole(shop, captured.number)
    assert [(line.item.sku, line.price_minor, line.facts.ordered) for line in page.lines] == [
        ("HONEY", 500, 4), ("TEA", 100, 1), ("HONEY", 400, 1),
    ]  # fmt: skip
    assert (page.items_minor, page.shipping_minor, page.total_minor) == (2500, 490, 2990)
    assert [each.en for each in page.timeline if each.what == "units_added"] == ["1 × Honey more", "2 × Honey more"]


async def test_tax_grows_with_the_goods_unless_it_is_said(shop: Shop) -> None:
    new = order("A", [("HONEY", 2, 500)], method="invoice", token="")
    totals = msgspec.structs.replace(new.totals, tax_minor=190, total_minor=new.totals.total_minor + 190)
    captured = await shop.capture(msgspec.structs.replace(new, totals=totals))
    await add(shop, captured.id, ("TEA", 5, 100))
    page = await whole(shop, captured.number)
    assert (page.tax_minor, page.total_minor) == (285, 1500 + 490 + 285)
    await add(shop, captured.id, ("TEA", 1, 100), tax_minor=300, shipping_minor=0)
    assert (await whole(shop, captured.number)).total_minor == 1600 + 300


async def test_the_money_follows_what_is_added_and_taken(shop: Shop) -> None:
    paid = await shop.capture(order("A", [("HONEY", 2, 500)], method="prepaid", token=""))
    await add(shop, paid.id, ("HONEY", 1, 500))
    page = await whole(shop, paid.number)
    assert (page.status, page.payment.captured_minor, page.total_minor) == ("unpaid", 1490, 1990)
    await shop.do(partial(cancels.cancel_units, order_id=paid.id, position=1, quantity=1))
    page = await whole(shop, paid.number)
    assert (page.status, page.payment.state) == ("ready", "captured")


async def test_what_is_on_the_floor_goes_on_and_the_rest_is_a_parcel_of_its_own(shop: Shop) -> None:
    captured = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    await shop.release(captured.id)
    assert await add(shop, captured.id, ("HONEY", 1, 500)) == "ready"
    second = await shop.release(captured.id)
    assert [line.facts for line in second.lines] == [Facts(1, reserved=1)]
    page = await whole(shop, captured.number)
    assert (page.status, len(page.fulfilments), page.lines[0].facts) == ("released", 2, Facts(3, reserved=3))


async def test_what_is_not_there_waits_and_says_so(shop: Shop) -> None:
    captured = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    assert await add(shop, captured.id, ("TEA", 500, 100)) == "on_hold"
    page = await whole(shop, captured.number)
    assert [each.reason for each in page.holds] == ["not_available"]
    assert page.lines[1].waiting > 0


@pytest.mark.parametrize(("lines", "field"), [
    ([("GOLD", 1, 1)], "lines[0].sku"), ([("TEA", 0, 1)], "lines[0].quantity"), ([], "lines"),
    ([("HONEY", 9_998, 500)], "lines[0].quantity"), ([("TEA", 1, -1)], "lines[0].price_minor"),
    ([("TEA", 1, 1)] * intake.MOST_LINES, "lines"),
])  # fmt: skip
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_changed(
    shop: Shop, lines: list[tuple[str, int, int]], field: str
) -> None:
    captured = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    before = await shop.page(captured.number)
    with pytest.raises(Refusal, match="order_invalid") as caught:
        await add(shop, captured.id, *lines)
    assert caught.value.faults[0].field == field
    assert await shop.page(captured.number) == before


async def test_another_item_comes_for_units_of_a_line_or_nothing_is_changed(shop: Shop) -> None:
    captured = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    tea = Replacement(sku="TEA", quantity=3, price_minor=100, instead_of=1, why="In green.")
    swap = partial(additions.replace, order_id=captured.id, position=1, new=tea)
    assert await shop.do(swap, 0, 1) == "ready"
    page = await whole(shop, captured.number)
    assert [line.facts.wanted for line in page.lines] == [1, 3]
    too_many = partial(swap, new=msgspec.structs.replace(tea, instead_of=2))
    with pytest.raises(Refusal, match="cancel_too_late"):
        await shop.do(too_many, 0, 1)
    assert await shop.page(captured.number) == page


# --- the rules look again


async def test_a_rule_holds_what_was_added_though_somebody_had_let_the_order_go(shop: Shop) -> None:
    await live(shop, "fraud", ("order.total_minor > 1000", FRAUD))
    captured = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    (first,) = (await shop.page(captured.number)).holds
    assert await shop.do(partial(holds.release, hold_id=first.id)) == "ready"
    assert await shop.do(partial(edits.redirect, order_id=captured.id, address=BERLIN), 0, 1) == "ready"
    assert await add(shop, captured.id, ("HONEY", 1, 500)) == "on_hold"
    page = await whole(shop, captured.number)
    assert [(each.reason, each.state) for each in page.holds] == [
        ("fraud_suspected", "released"), ("fraud_suspected", "open"),
    ]  # fmt: skip
    assert [each.moment for each in page.decisions] == ["capture", "edit"]


async def test_a_rule_refuses_what_it_would_not_have_taken_in(shop: Shop) -> None:
    await live(shop, "compliance", ("order.units > 3", Refuse(words=Both("Three at most."))))
    captured = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    before = await shop.page(captured.number)
    with pytest.raises(Refusal, match="Three at most"):
        await add(shop, captured.id, ("HONEY", 2, 500))
    assert await shop.page(captured.number) == before


async def test_whom_a_rule_lets_pass_may_add_something_as_they_may_order_it(shop: Shop) -> None:
    await live(shop, "fraud", ("customer.email_domain == 'example.com'", Pass()), ("order.total_minor > 2000", FRAUD))
    captured = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    assert await add(shop, captured.id, ("HONEY", 3, 500)) == "ready"


async def test_what_a_rule_let_pass_for_being_small_is_looked_at_when_it_grows(shop: Shop) -> None:
    rules = (("order.total_minor < 2000", Pass()), ("customer.email_domain == 'example.com'", FRAUD))
    await live(shop, "fraud", *rules)
    captured = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    assert await add(shop, captured.id, ("HONEY", 2, 500)) == "on_hold"
    (hold,) = (await shop.page(captured.number)).holds
    assert await shop.do(partial(holds.release, hold_id=hold.id)) == "ready"
    assert await add(shop, captured.id, ("HONEY", 1, 500)) == "ready", "nothing else is wrong with it than before"


async def test_rules_look_at_an_order_once_the_other_item_is_in_and_the_first_one_out(shop: Shop) -> None:
    await live(shop, "compliance", ("order.units > 3", Refuse(words=Both("Three at most."))))
    await live(shop, "fraud", ("items.exists(i, i.sku == 'HONEY')", FRAUD))
    captured = await shop.capture(order("A", [("HONEY", 3, 500)], method="invoice", token=""))
    some = Replacement(sku="TEA", quantity=1, price_minor=500, instead_of=1)
    assert await shop.do(partial(additions.replace, order_id=captured.id, position=1, new=some), 0, 1) == "on_hold"
    rest = Replacement(sku="TEA", quantity=2, price_minor=500)
    assert await shop.do(partial(additions.replace, order_id=captured.id, position=1, new=rest), 0, 1) == "ready"


async def test_what_was_cancelled_is_no_longer_counted_when_something_comes(shop: Shop) -> None:
    await live(shop, "compliance", ("order.units > 3", Refuse(words=Both("Three at most."))))
    await live(shop, "fraud", ("order.items_minor > 1500", FRAUD))
    captured = await shop.capture(order("A", [("HONEY", 3, 500)], method="invoice", token=""))
    handed = await shop.release(captured.id)
    await shop.do(partial(cancels.cancel_units, order_id=captured.id, position=1, quantity=2), 0, 1)
    assert handed.lines
    assert await add(shop, captured.id, ("TEA", 2, 500)) == "ready"
    with pytest.raises(Refusal, match="Three at most"):
        await add(shop, captured.id, ("TEA", 1, 500))


async def test_a_changed_address_is_judged_by_the_rules_that_are_configured(shop: Shop) -> None:
    doubt = Hold(reason="address_doubtful", owner="desk", due_hours=8)
    await live(shop, "address", ("destination.city == 'Berlin'", doubt))
    captured = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    wrong = msgspec.structs.replace(BERLIN, city="Bonn", postal_code="1")
    assert await shop.do(partial(edits.redirect, order_id=captured.id, address=wrong), 0, 1) == "ready"
    assert await shop.do(partial(edits.redirect, order_id=captured.id, address=BERLIN), 0, 1) == "on_hold"
    (hold,) = (await shop.page(captured.number)).holds
    assert hold.rule is not None
    assert hold.rule["kind"] == "address"
    back = msgspec.structs.replace(BERLIN, city="Köln", postal_code="50667")
    assert await shop.do(partial(edits.redirect, order_id=captured.id, address=back), 0, 1) == "ready"


# --- two in one


async def test_two_orders_of_one_customer_become_one_and_the_other_names_it(shop: Shop) -> None:
    one = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    two = await shop.capture(order("B", [("HONEY", 1, 500), ("TEA", 1, 100)], method="invoice", token=""))
    assert await shop.do(partial(additions.merge, order_id=one.id, other_id=two.id, why="One parcel."), 0, 1) == "ready"
    page, other = await whole(shop, one.number), await shop.page(two.number)
    assert [line.facts.wanted for line in page.lines] == [3, 1]
    assert (page.total_minor, other.status, other.payment.state) == (1600 + 490, "cancelled", "voided")
    assert [each.en for each in other.timeline if each.what == "merged_into"] == [
        f"Everything of it went to order {one.number}"
    ]
    with pytest.raises(Refusal, match="order_ended"):
        await shop.do(partial(additions.merge, order_id=one.id, other_id=two.id), 0, 1)


async def test_the_tax_of_units_that_were_cancelled_is_not_taken_along(shop: Shop) -> None:
    sums = NewTotals(items_minor=1000, tax_minor=190, total_minor=1190)
    new = order("A", [("HONEY", 2, 500)], method="invoice", token="", totals=sums)
    one, two = await shop.capture(new), await shop.capture(msgspec.structs.replace(new, external_ref="B"))
    await shop.do(partial(cancels.cancel_units, order_id=two.id, position=1, quantity=1), 0, 1)
    await shop.do(partial(additions.merge, order_id=one.id, other_id=two.id), 0, 1)
    page = await whole(shop, one.number)
    assert (page.tax_minor, page.total_minor) == (285, 1785)


async def test_what_is_held_is_not_let_go_by_merging_it(shop: Shop) -> None:
    one = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    two = await shop.capture(order("B", [("TEA", 1, 100)], method="invoice", token=""))
    await shop.do(partial(holds.hold, order_id=two.id), 0, 1)
    with pytest.raises(Refusal, match="cannot_merge") as caught:
        await shop.do(partial(additions.merge, order_id=one.id, other_id=two.id), 0, 1)
    assert [(fault.field, fault.got) for fault in caught.value.faults] == [("held", "manual")]
    assert await shop.do(partial(additions.merge, order_id=two.id, other_id=one.id), 0, 1) == "on_hold"


async def test_orders_that_differ_are_not_merged_and_every_difference_is_said(shop: Shop) -> None:
    one = await shop.capture(order("A", [("HONEY", 2, 500)], method="invoice", token=""))
    two = await shop.capture(order("B", [("TEA", 1, 100)], method="prepaid", token="", address=BERLIN))
    with pytest.raises(Refusal, match="cannot_merge") as caught:
        await shop.do(partial(additions.merge, order_id=one.id, other_id=two.id), 0, 1)
    assert [fault.field for fault in caught.value.faults] == ["address", "payment", "paid"]
    with pytest.raises(Refusal, match="cannot_merge") as caught:
        await shop.do(partial(additions.merge, order_id=one.id, other_id=one.id), 0, 1)
    assert [fault.field for fault in caught.value.faults] == ["order"]
    await shop.release(one.id)
    three = await shop.capture(order("C", [("TEA", 1, 100)], method="invoice", token=""))
    with pytest.raises(Refusal) as caught:
        await shop.do(partial(additions.merge, order_id=three.id, other_id=one.id), 0, 1)
    assert [fault.field for fault in caught.value.faults] == ["released"]
