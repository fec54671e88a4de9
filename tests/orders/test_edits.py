"""Orders that change: fewer units, another address, another service, at every stage."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

import msgspec
import pytest

from server.core.refusal import Refusal
from server.orders import rules
from server.orders.rules import Facts
from server.orders.schemas.captures import Address
from server.orders.schemas.supply import NewReceipt
from server.orders.service import cancels, edits, holds, invariants, receipts
from tests.orders.test_rules import EVERY
from tests.support.shop import Shop, order

BERLIN = Address(street="Hof 3", postal_code="10115", city="Berlin", country="DE")


async def prepaid(shop: Shop, *lines: tuple[str, int, int]) -> tuple[int, object]:
    captured = await shop.capture(order("A", lines, method="prepaid", token=""))
    return captured.number, captured.id


def test_a_cancel_in_part_takes_what_costs_least_first_and_the_facts_hold() -> None:
    for before in EVERY:
        whole, gone = rules.cancel(before)
        for most in range(before.wanted - before.shipped + 1):
            after, taken = rules.cancel(before, most)
            assert taken.quantity == after.cancelled - before.cancelled == most
            assert after.wanted == before.wanted - most
            if taken.reserved:
                assert (after.backordered, after.open) == (0, 0)
            if taken.picked:
                assert after.reserved == 0
            if taken.packed:
                assert after.picked == after.packed
        assert rules.cancel(before, gone.quantity)[0] == whole


async def test_units_that_wait_go_before_those_that_lie_ready(shop: Shop) -> None:
    new = NewReceipt(reference="PO-1", sku="TEA", quantity=2, expected_on=date(2026, 11, 27))
    await shop.do(lambda work: receipts.announce(work, 1, new))
    captured = await shop.capture(order("A", [("TEA", 8, 100)], method="prepaid", token=""))
    assert captured.holds == ["not_available"]
    assert await shop.do(lambda work: cancels.cancel_units(work, captured.id, 1, 1)) == "ready"
    page = await shop.page(captured.number)
    assert (page.holds[0].state, page.lines[0].waiting, page.promised_on) == ("released", 2, date(2026, 11, 27))
    await shop.do(lambda work: cancels.cancel_units(work, captured.id, 1, 2))
    page = await shop.page(captured.number)
    assert (page.lines[0].waiting, page.lines[0].facts) == (0, Facts(8, cancelled=3))
    told = [each.de for each in page.timeline if each.what == "units_cancelled"]
    assert told == ["Von Tea (de) storniert: 2 Stück", "Von Tea (de) storniert: 1 Stück"]
    assert await shop.db.snapshot(invariants.broken) == []


async def test_units_on_the_floor_are_cancelled_from_bins_before_totes(shop: Shop) -> None:
    captured = await shop.capture(order("A", [("HONEY", 4, 100), ("TEA", 1, 100)], method="prepaid", token=""))
    part = await shop.release(captured.id)
    honey = part.lines[0].id
    await shop.change(honey, "picked", reserved=-3, picked=3)
    await shop.do(lambda work: cancels.cancel_units(work, captured.id, 1, 2))
    facts = (await shop.page(captured.number)).lines[0].facts
    assert facts == Facts(4, cancelled=2, picked=2, to_put_back=1)
    assert await shop.db.snapshot(invariants.broken) == []


async def test_more_than_is_left_is_refused_with_what_can_still_go(shop: Shop) -> None:
    captured = await shop.capture(order("A", [("HONEY", 2, 100)], method="prepaid", token=""))
    part = await shop.release(captured.id)
    line = part.lines[0].id
    await shop.change(line, "picked", reserved=-1, picked=1)
    await shop.change(line, "packed", packed=1)
    await shop.change(line, "shipped", {"carton": "1", "shipment": "1"}, shipped=1)
    with pytest.raises(Refusal) as caught:
        await shop.do(lambda work: cancels.cancel_units(work, captured.id, 1, 2))
    assert (caught.value.code, caught.value.faults[0].told("en").wanted) == ("cancel_too_late", "at most 1")
    with pytest.raises(Refusal, match="line_unknown"):
        await shop.do(lambda work: cancels.cancel_units(work, captured.id, 7))


async def test_the_page_says_what_an_order_costs_as_it_is_now(shop: Shop) -> None:
    captured = await shop.capture(order("A", [("HONEY", 3, 500)], method="invoice", token=""))
    await shop.release(captured.id)
    await shop.do(partial(cancels.cancel_units, order_id=captured.id, position=1, quantity=1), 0, 1)
    page = await shop.page(captured.number)
    assert (page.total_minor, page.payment.total_minor) == (1990, 1490)
    await shop.do(partial(cancels.cancel, order_id=captured.id), 0, 1)
    assert (await shop.page(captured.number)).payment.total_minor == 1990


async def test_the_last_unit_cancels_the_order_and_lets_its_money_go(shop: Shop) -> None:
    captured = await shop.capture(order("A", [("HONEY", 2, 100), ("TEA", 1, 100)], method="invoice", token=""))
    assert await shop.do(lambda work: cancels.cancel_units(work, captured.id, 2)) == "ready"
    assert await shop.do(lambda work: cancels.cancel_units(work, captured.id, 1)) == "cancelled"
    page = await shop.page(captured.number)
    assert (page.cancelled_at is not None, page.payment.state) == (True, "voided")


async def test_an_order_that_moves_is_found_by_its_new_name_and_held_where_that_looks_wrong(shop: Shop) -> None:
    captured = await shop.capture(order("A", method="prepaid", token=""))
    page = await shop.page(captured.number)
    person = msgspec.structs.replace(page.customer, name="Bea Sommer")
    wrong = msgspec.structs.replace(BERLIN, postal_code="1")
    assert await shop.do(lambda work: edits.redirect(work, captured.id, wrong, person)) == "on_hold"
    assert await shop.do(lambda work: edits.redirect(work, captured.id, BERLIN)) == "ready"
    page = await shop.page(captured.number)
    assert (page.address, page.customer.name) == (BERLIN, "Bea Sommer")
    assert [entry.en for entry in page.timeline if entry.what == "address_changed"] == [
        "Address changed: 10115 instead of 1", "Address changed: Berlin instead of Köln",
    ]  # fmt: skip
    again = msgspec.structs.replace(BERLIN, street="Weg 2")
    await shop.do(lambda work: edits.redirect(work, captured.id, again, page.customer))
    told = [entry.what for entry in (await shop.page(captured.number)).timeline]
    assert (told.count("customer_changed"), told.count("address_changed")) == (1, 3)
    with pytest.raises(Refusal) as caught:
        await shop.do(lambda work: edits.redirect(work, captured.id, msgspec.structs.replace(BERLIN, country="FR")))
    assert "address.country" in {fault.field for fault in caught.value.faults}
    assert (await shop.page(captured.number)).address == again


async def test_another_service_is_due_for_its_own_truck(shop: Shop) -> None:
    captured = await shop.capture(order("A", method="prepaid", token=""))
    assert await shop.do(lambda work: edits.change_service(work, captured.id, "blitz-express")) == "ready"
    page = await shop.page(captured.number)
    assert (page.service, page.cutoff_at) == ("blitz-express", datetime(2026, 11, 24, 13, 30, tzinfo=UTC))
    with pytest.raises(Refusal) as caught:
        await shop.do(lambda work: edits.change_service(work, captured.id, "pigeon"))
    assert caught.value.faults[0].wanted == "nordpost-parcel, blitz-express"


async def test_an_order_that_has_ended_changes_no_more(shop: Shop) -> None:
    captured = await shop.capture(order("A", method="prepaid", token=""))
    await shop.do(lambda work: cancels.cancel(work, captured.id))
    with pytest.raises(Refusal, match="order_ended"):
        await shop.do(lambda work: edits.redirect(work, captured.id, BERLIN))
    with pytest.raises(Refusal, match="order_ended"):
        await shop.do(lambda work: edits.change_service(work, captured.id, "blitz-express"))


async def test_an_order_that_waits_for_its_rest_goes_in_parts_once_it_may(shop: Shop) -> None:
    captured = await shop.capture(order("A", [("HONEY", 2, 100), ("TEA", 500, 1)], method="prepaid", token="",
                                        split="ship_complete"))  # fmt: skip
    (hold,) = (await shop.page(captured.number)).holds
    assert await shop.do(lambda work: holds.release(work, hold.id)) == "backordered"
    assert await shop.do(lambda work: edits.change_split(work, captured.id, "ship_available")) == "ready"
    assert (await shop.release(captured.id)).lines[0].facts == Facts(2, reserved=2)
    page = await shop.page(captured.number)
    assert (page.split, [each.en for each in page.timeline if each.what == "ships_in_parts"]) == (
        "ship_available", ["May go in parts from now on"],
    )  # fmt: skip
    assert await shop.db.snapshot(invariants.broken) == []
