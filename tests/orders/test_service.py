"""Orders from capture to cancel, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from server.core.clock import ManualClock
from server.core.events import Event
from server.core.ids import new_id
from server.core.refusal import Refusal
from server.db import log
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Key
from server.db.work import Work
from server.orders.models import fulfilment, fulfilment_line, order_hold, order_timeline, promise
from server.orders.models import order as orders_table
from server.orders.projection import order_page
from server.orders.rules import Facts, FactsWrong
from server.orders.schemas.captures import Captured
from server.orders.service import cancels, captures, carriers, fulfilments, holds, lines, money
from server.orders.store import pages
from tests.support.shop import DESK, REACTIONS, SERVICES, Shop, build, order


async def events(shop: Shop, stream: int = CORE) -> list[str]:
    return [each.type for each in await shop.db.read(lambda conn: log.tail(conn, stream, 0, 1000))]


async def refused(shop: Shop, code: str, run: object, *streams: int) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await shop.do(run, *streams)  # type: ignore[arg-type]
    assert caught.value.code == code
    return caught.value


async def paid(shop: Shop, captured: Captured, state: str = "authorised") -> str:
    what = {"authorised": "payment_authorised", "declined": "payment_declined"}[state]
    params = {"amount": "14.90 EUR", "why": "no"}
    return await shop.do(lambda work: money.record(work, captured.id, state, what, params))  # type: ignore[arg-type]


# --- capture


async def test_an_order_is_captured_numbered_promised_and_waits_for_its_money(shop: Shop) -> None:
    captured = await shop.capture()
    page = await shop.page(captured.number)
    assert captured == Captured(
        page.id, 10_001, "authorising", datetime(2026, 11, 24, 15, 0, tzinfo=UTC), [], first=True,
        promised_on=date(2026, 11, 24),
    )  # fmt: skip
    assert page.status == "authorising"
    assert page.customer.name == "Ana Souza"
    assert [(line.item.sku, line.facts, line.status) for line in page.lines] == [("HONEY", Facts(2), "open")]
    assert [row.quantity for row in await shop.ask(sa.select(promise.c.quantity))] == [2]
    assert await events(shop) == ["item.changed"] * 3 + ["order.captured", "payment.intended"]
    assert [entry.what for entry in page.timeline] == ["payment_intended", "captured"]
    assert page.timeline[0].en == "Payment is being asked for: 14.90 EUR"
    assert page.timeline[1].who == "Sara"


async def test_numbers_count_on(shop: Shop) -> None:
    numbers = [(await shop.capture(order(f"WEB-{n}"))).number for n in range(3)]
    assert numbers == [10_001, 10_002, 10_003]


async def test_the_same_reference_of_the_same_channel_gives_the_first_order(shop: Shop) -> None:
    first = await shop.capture(order("WEB-1"))
    again = await shop.capture(order("WEB-1", [("TEA", 1, 100)]))
    other = await shop.capture(order("WEB-1", channel="market"))
    assert again == msgspec.structs.replace(first, first=False)
    assert other.number != first.number
    assert len(await shop.ask(sa.select(orders_table.c.id))) == 2


async def test_many_at_once_with_one_key_make_one_order(shop: Shop) -> None:
    new = order()
    key = Key("test", "k-1", b"hash")
    command = Command(
        lambda work: captures.capture(work, new), frozenset({CORE}), DESK, "test", key=key, answer=Captured
    )
    done = await asyncio.gather(*(shop.db.write(command) for _ in range(8)))
    assert {each.answer.number for each in done} == {10_001}
    assert sorted(each.replayed for each in done) == [False] + [True] * 7
    assert len(await shop.ask(sa.select(orders_table.c.id))) == 1


async def test_many_at_once_with_one_reference_make_one_order(shop: Shop) -> None:
    all_ = await asyncio.gather(*(shop.capture(order("WEB-9")) for _ in range(8)))
    assert {each.number for each in all_} == {10_001}
    assert sorted(each.first for each in all_) == [False] * 7 + [True]


async def test_a_wrong_order_leaves_nothing(shop: Shop) -> None:
    refusal = await refused(
        shop, "order_invalid", lambda work: captures.capture(work, order(lines=[("GOLD", 1, 5)], currency="X"))
    )
    assert {fault.field for fault in refusal.faults} == {"currency", "lines[0].sku"}
    assert refusal.params["count"] == 2
    assert await shop.ask(sa.select(orders_table.c.id)) == []
    assert (await shop.capture()).number == 10_001


async def test_the_cut_off_passed_is_tomorrows(shop: Shop) -> None:
    shop.clock.advance(7 * 3600)
    assert (await shop.capture()).cutoff_at == datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(("method", "told"), [("prepaid", "payment_received"), ("invoice", "payment_on_account")])
async def test_without_a_card_nobody_is_asked_and_the_order_is_ready(shop: Shop, method: str, told: str) -> None:
    captured = await shop.capture(order(method=method, token=""))
    assert captured.status == "ready"
    assert (await shop.page(captured.number)).timeline[0].what == told


# --- promises


async def test_what_is_promised_is_not_promised_twice(shop: Shop) -> None:
    first = await shop.capture(order("A", [("HONEY", 7, 100)]))
    second = await shop.capture(order("B", [("HONEY", 7, 100)]))
    third = await shop.capture(order("C", [("HONEY", 1, 100)]))
    assert (first.holds, second.holds, third.holds) == ([], ["not_available"], ["not_available"])
    assert second.status == "on_hold"
    hold = (await shop.page(second.number)).holds[0]
    assert hold.detail["faults"] == [
        {"field": "lines[0].quantity", "message": "There are not so many.", "de": "So viele gibt es nicht.",
         "wanted": "7", "got": "3"}
    ]  # fmt: skip
    known = sa.select(promise.c.quantity).where(promise.c.promised_on.is_not(None))
    assert sum(row[0] for row in await shop.ask(known)) == 10


async def test_two_lines_of_the_same_item_share_what_there_is(shop: Shop) -> None:
    captured = await shop.capture(order("A", [("TEA", 3, 100), ("TEA", 3, 100), ("MILK", 1, 100)]))
    assert captured.holds == ["not_available"]
    faults = (await shop.page(captured.number)).holds[0].detail["faults"]
    assert [(fault["field"], fault["got"]) for fault in faults] == [
        ("lines[1].quantity", "2"), ("lines[2].quantity", "0"),
    ]  # fmt: skip


async def test_a_cancelled_order_frees_its_promise(shop: Shop) -> None:
    first = await shop.capture(order("A", [("HONEY", 10, 100)]))
    await shop.do(lambda work: cancels.cancel(work, first.id))
    assert (await shop.capture(order("B", [("HONEY", 10, 100)]))).holds == []


async def test_last_units_wanted_at_once_are_promised_once(shop: Shop) -> None:
    all_ = await asyncio.gather(*(shop.capture(order(f"R-{n}", [("TEA", 1, 100)])) for n in range(12)))
    assert sum(not each.holds for each in all_) == 5


# --- holds


async def test_a_doubtful_order_waits_with_its_reason_until_somebody_lets_it_go(shop: Shop) -> None:
    new = order(method="prepaid", token="")
    address = msgspec.structs.replace(new.address, postal_code="1")
    customer = msgspec.structs.replace(new.customer, phone="12")
    captured = await shop.capture(msgspec.structs.replace(new, address=address, customer=customer))
    assert captured.holds == ["address_doubtful", "phone_doubtful"]
    page = await shop.page(captured.number)
    assert page.status == "on_hold"
    assert all(hold.releasable for hold in page.holds)
    assert page.holds[0].detail["faults"][0]["field"] == "address.postal_code"
    one, other = (hold.id for hold in page.holds)
    assert await shop.do(lambda work: holds.release(work, one, "called")) == "on_hold"
    assert await shop.do(lambda work: holds.release(work, other)) == "ready"
    page = await shop.page(captured.number)
    assert page.holds[0].release_note == "called"
    assert page.holds[0].released_by == "Sara"
    told = next(entry for entry in page.timeline if entry.what == "hold_released" and entry.why)
    assert told.de == "Sperre aufgehoben: Die Adresse sieht nicht richtig aus."


async def test_a_hold_is_released_once(shop: Shop) -> None:
    captured = await shop.capture()
    held = await shop.do(lambda work: holds.hold(work, captured.id, note="wait"))
    await shop.do(lambda work: holds.release(work, held))
    await refused(shop, "hold_unknown", lambda work: holds.release(work, held))
    await refused(shop, "hold_unknown", lambda work: holds.release(work, new_id()))


async def test_a_hold_of_another_order_is_unknown(shop: Shop) -> None:
    one, other = await shop.capture(order("A")), await shop.capture(order("B"))
    held = await shop.do(lambda work: holds.hold(work, one.id))
    await refused(shop, "hold_unknown", lambda work: holds.release(work, held, order_id=other.id))


async def test_a_declined_payment_holds_once_and_goes_by_itself_when_it_is_good(shop: Shop) -> None:
    captured = await shop.capture()
    assert await paid(shop, captured, "declined") == "on_hold"
    await paid(shop, captured, "declined")
    (held,) = await shop.ask(sa.select(order_hold.c.id))
    refusal = await refused(shop, "hold_not_releasable", lambda work: holds.release(work, held[0]))
    assert refusal.params["reason"] == "payment declined"
    assert not (await shop.page(captured.number)).holds[0].releasable
    assert await paid(shop, captured) == "ready"
    assert (await shop.page(captured.number)).holds[0].state == "released"


async def test_an_order_that_has_ended_is_not_held(shop: Shop) -> None:
    captured = await shop.capture()
    await shop.do(lambda work: cancels.cancel(work, captured.id))
    await refused(shop, "move_not_allowed", lambda work: holds.hold(work, captured.id))
    await refused(shop, "order_unknown", lambda work: holds.hold(work, new_id()))


async def test_a_hold_on_the_floor_stops_packing_and_the_picker_goes_on(shop: Shop) -> None:
    captured = await shop.capture()
    await paid(shop, captured)
    part = await shop.release(captured.id)
    held = await shop.do(lambda work: holds.hold(work, captured.id, note="wrong name"))
    assert await shop.ask(sa.select(fulfilment.c.held, fulfilment.c.status)) == [(True, "on_hold")]
    await shop.change(part.lines[0].id, "picked", reserved=-2, picked=2)
    assert (await shop.page(captured.number)).lines[0].status == "picked"
    assert await shop.do(lambda work: holds.release(work, held)) == "picked"
    assert await shop.ask(sa.select(fulfilment.c.held, fulfilment.c.status)) == [(False, "picked")]
    told = [entry.what for entry in (await shop.page(captured.number)).timeline]
    assert told.count("packing_stopped") == told.count("packing_goes_on") == 1


# --- release


async def test_release_turns_promises_into_a_fulfilment(shop: Shop) -> None:
    captured = await shop.capture(order(lines=[("HONEY", 4, 100), ("TEA", 2, 50)]))
    await paid(shop, captured)
    part = await shop.release(captured.id, HONEY=3, TEA=2)
    assert [line.facts for line in part.lines] == [Facts(4, backordered=1, reserved=3), Facts(2, reserved=2)]
    assert await shop.ask(sa.select(promise.c.quantity)) == []
    page = await shop.page(captured.number)
    assert page.status == "released"
    assert page.lines[0].backorder_reason == "not_available"
    assert page.fulfilments[0].facts == Facts(6, backordered=1, reserved=5)
    assert "line.backordered" in await events(shop, 1)


async def test_an_order_is_released_once(shop: Shop) -> None:
    captured = await shop.capture()
    await paid(shop, captured)
    await shop.release(captured.id)
    refusal = await refused(shop, "already_released", lambda work: fulfilments.create(work, captured.id), 0, 1)
    assert refusal.params["order"] == captured.number


@pytest.mark.parametrize("why", ["authorising", "on_hold", "cancelled", "authorisation_runs_out"])
async def test_what_must_not_reach_the_floor_does_not(shop: Shop, why: str) -> None:
    captured = await shop.capture()
    if why == "on_hold":
        await paid(shop, captured, "declined")
    if why == "cancelled":
        await shop.do(lambda work: cancels.cancel(work, captured.id))
    if why == "authorisation_runs_out":
        await shop.do(lambda work: money.record(
            work, captured.id, "authorised", "payment_authorised", {"amount": ""}, until=captured.cutoff_at
        ))  # fmt: skip
    refusal = await refused(shop, "order_on_hold", lambda work: fulfilments.create(work, captured.id), 0, 1)
    assert refusal.params["reason"] == why


async def test_a_wave_is_invisible_until_it_is_whole(shop: Shop) -> None:
    wave = new_id()
    captured = await shop.capture(order(method="prepaid", token=""))
    await shop.release(captured.id, wave)
    assert (await shop.page(captured.number)).status == "releasing"
    shown = await shop.do(lambda work: fulfilments.reveal(work, 1, wave), 1)
    assert len(shown) == 1
    assert await shop.refresh(captured.id) == "released"
    assert await shop.do(lambda work: fulfilments.reveal(work, 1, wave), 1) == []


async def test_a_release_that_is_undone_leaves_the_order_as_it_was(shop: Shop) -> None:
    wave = new_id()
    captured = await shop.capture(order(method="prepaid", token=""))
    part = await shop.release(captured.id, wave)
    await shop.do(lambda work: fulfilments.withdraw(work, part.id), 0, 1)
    page = await shop.page(captured.number)
    assert (page.status, page.lines[0].facts) == ("ready", Facts(2))
    assert [each.status for each in page.fulfilments] == ["withdrawn"]
    assert [row.quantity for row in await shop.ask(sa.select(promise.c.quantity))] == [2]
    again = await shop.release(captured.id)
    assert (await shop.page(captured.number)).lines[0].facts == Facts(2, reserved=2)
    await refused(shop, "move_not_allowed", lambda work: fulfilments.withdraw(work, again.id), 0, 1)


# --- the floor


async def test_every_change_is_told_and_moves_the_status(shop: Shop) -> None:
    captured = await shop.capture(order(method="prepaid", token=""))
    (line,) = (await shop.release(captured.id)).lines
    steps = [
        ("picked", {"reserved": -1, "picked": 1}, "picking"),
        ("picked", {"reserved": -1, "picked": 1}, "picked"),
        ("packed", {"packed": 2}, "packed"),
        ("shipped", {"shipped": 2}, "shipped"),
    ]
    for what, deltas, status in steps:
        await shop.change(line.id, what, {"bin": "A01-01-A"}, **deltas)
        assert await shop.refresh(captured.id) == status
        assert await shop.ask(sa.select(fulfilment.c.status)) == [(status,)]
    page = await shop.page(captured.number)
    assert page.timeline[0].en == "2 × Honey shipped"
    assert page.timeline[0].de == "2 × Honey (de) versendet"
    assert page.timeline[1].line == line.id
    assert page.timeline[-1].what == "captured"
    assert await shop.ask(sa.select(fulfilment_line.c.version)) == [(5,)]


async def test_facts_that_cannot_be_leave_nothing(shop: Shop) -> None:
    captured = await shop.capture(order(method="prepaid", token=""))
    (line,) = (await shop.release(captured.id)).lines
    with pytest.raises(FactsWrong):
        await shop.change(line.id, "picked", picked=3)
    assert await shop.ask(sa.select(fulfilment_line.c.picked)) == [(0,)]


async def test_a_backorder_has_a_reason_or_a_date(shop: Shop) -> None:
    captured = await shop.capture(order(method="prepaid", token=""))
    (line,) = (await shop.release(captured.id)).lines
    with pytest.raises(FactsWrong, match="reason or an expected date"):
        await shop.change(line.id, "shorted", reserved=-1, backordered=1)
    await shop.change(line.id, "shorted", {"reason": "empty", "expected": "2026-12-01"}, reserved=-1, backordered=1)
    page = await shop.page(captured.number)
    assert (page.lines[0].backorder_reason, str(page.lines[0].backorder_expected)) == ("empty", "2026-12-01")
    await shop.change(line.id, "reallocated", reserved=1, backordered=-1)
    assert (await shop.page(captured.number)).lines[0].backorder_reason is None


async def test_another_warehouses_line_is_unknown(shop: Shop) -> None:
    captured = await shop.capture(order(method="prepaid", token=""))
    (line,) = (await shop.release(captured.id)).lines
    await refused(shop, "fulfilment_unknown", lambda work: lines.change(work, line.id, "picked", picked=1), 2)


# --- cancel


async def test_a_cancel_before_release_ends_everything(shop: Shop) -> None:
    captured = await shop.capture()
    held = await shop.do(lambda work: holds.hold(work, captured.id))
    assert await shop.do(lambda work: cancels.cancel(work, captured.id, "changed her mind")) == "cancelled"
    page = await shop.page(captured.number)
    assert page.lines[0].facts == Facts(2, cancelled=2)
    assert page.cancelled_at is not None
    assert {hold.id: hold.state for hold in page.holds} == {held: "lapsed"}
    assert page.can == []
    told = next(entry for entry in page.timeline if entry.what == "cancelled")
    assert (told.en, told.why) == ("Units cancelled: 2", "changed her mind")
    refusal = await refused(shop, "cancel_too_late", lambda work: cancels.cancel(work, captured.id))
    assert refusal.params["reason"] == "cancelled"


async def test_a_cancel_on_the_floor_says_of_each_line_what_was_where(shop: Shop) -> None:
    captured = await shop.capture(order(lines=[("HONEY", 9, 100), ("TEA", 2, 100)], method="prepaid", token=""))
    honey, tea = (await shop.release(captured.id, HONEY=8, TEA=2)).lines
    await shop.change(honey.id, "picked", reserved=-6, picked=6)
    await shop.change(honey.id, "packed", packed=3)
    await shop.change(honey.id, "shipped", shipped=1)
    assert await shop.do(lambda work: cancels.cancel(work, captured.id)) == "shipped"
    tail = await shop.db.read(lambda conn: log.tail(conn, 1, 0, 1000))
    cancelled = [each.payload for each in tail if each.type == "line.cancelled"]
    keys = ("quantity", "reserved", "picked", "packed")
    assert [tuple(payload[key] for key in keys) for payload in cancelled] == [(8, 2, 3, 2), (2, 2, 0, 0)]
    page = await shop.page(captured.number)
    assert [line.facts for line in page.lines] == [
        Facts(9, cancelled=8, picked=1, packed=1, shipped=1, to_put_back=5),
        Facts(2, cancelled=2),
    ]
    assert tea.order_line == page.lines[1].id


async def test_nothing_is_left_to_cancel_once_all_has_shipped(shop: Shop) -> None:
    captured = await shop.capture(order(method="prepaid", token=""))
    (line,) = (await shop.release(captured.id)).lines
    await shop.change(line.id, "shipped", reserved=-2, picked=2, packed=2, shipped=2)
    refusal = await refused(shop, "cancel_too_late", lambda work: cancels.cancel(work, captured.id))
    assert refusal.params == {"order": captured.number, "reason": "shipped"}


async def test_a_reaction_may_refuse_a_cancel_and_then_nothing_has_happened(
    open_database: Callable[..., Awaitable[Database]], clock: ManualClock
) -> None:
    def live_label(work: Work, event: Event) -> None:
        if event.payload["packed"]:
            raise Refusal("cancel_too_late", order=1, reason="label")

    reactions = {**REACTIONS, "line.cancelled": (live_label,)}
    shop = await build(await open_database(reactions=reactions), clock)
    captured = await shop.capture(order(method="prepaid", token=""))
    (line,) = (await shop.release(captured.id)).lines
    await shop.change(line.id, "packed", reserved=-2, picked=2, packed=2)
    before = await shop.page(captured.number)
    refusal = await refused(shop, "cancel_too_late", lambda work: cancels.cancel(work, captured.id))
    assert refusal.params["reason"] == "label"
    assert await shop.page(captured.number) == before


async def test_a_backordered_line_can_be_cancelled(shop: Shop) -> None:
    captured = await shop.capture(order(lines=[("HONEY", 2, 100)], method="prepaid", token=""))
    await shop.release(captured.id, HONEY=1)
    assert await shop.do(lambda work: cancels.cancel(work, captured.id)) == "cancelled"
    assert (await shop.page(captured.number)).lines[0].facts == Facts(2, cancelled=2)


# --- the page and the lists


async def test_rows_of_a_timeline_name_who_when_device_and_command(shop: Shop) -> None:
    captured = await shop.capture()
    rows = await shop.ask(sa.select(order_timeline.c.command_id, order_timeline.c.at, order_timeline.c.who))
    assert all(isinstance(row[0], UUID) and row[1] == shop.clock.now() and row[2] == "Sara" for row in rows)
    page = await shop.page(captured.number)
    assert {entry.command for entry in page.timeline} == {row[0] for row in rows}


async def test_the_page_takes_what_later_rooms_add(shop: Shop) -> None:
    captured = await shop.capture()
    page = await shop.db.snapshot(
        lambda conn: order_page(conn, captured.number, {"shipments": lambda conn, order_id: [str(order_id)]})
    )
    assert page.more == {"shipments": [str(captured.id)]}
    assert msgspec.json.decode(msgspec.json.encode(page))["number"] == captured.number


async def test_lists_are_narrowed_and_paged(shop: Shop) -> None:
    for n in range(5):
        await shop.capture(order(f"WEB-{n}", method="prepaid", token=""))
    await shop.capture(order("M-1", [("TEA", 1, 100)], channel="market"))

    async def numbers(most: int = 10, **filters: object) -> list[int]:
        return [row.number for row in await shop.db.read(lambda conn: pages.page(conn, filters, most))]

    assert await numbers(2) == [10_006, 10_005]
    assert await numbers(2, after=10_005) == [10_004, 10_003]
    assert await numbers(status="authorising") == [10_006]
    assert await numbers(channel="web", status="ready", warehouse=1) == [10_005, 10_004, 10_003, 10_002, 10_001]
    assert await numbers(cutoff_until=shop.clock.now()) == []
    assert len(await numbers(cutoff_from=shop.clock.now())) == 6


async def test_a_service_can_be_changed(shop: Shop) -> None:
    later = msgspec.structs.replace(SERVICES[0], cutoff="18:00")
    await shop.do(lambda work: carriers.put_service(work, later))
    assert (await shop.capture()).cutoff_at == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
