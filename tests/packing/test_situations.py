"""What happens at a pack station besides the straight way: floor.md, groups F, G and D2."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.core.words import WORDS
from server.db import log
from server.db.base import CORE
from server.fanout import sinks
from server.orders.models import fulfilment_line
from server.orders.service import cancels, captures, holds, money
from server.orders.service import lines as order_lines
from server.packing.models import carton, carton_item, carton_type
from server.packing.schemas import AcceptWeight
from server.packing.service import weights
from server.shipping import service as shipping
from server.shipping.schemas import LabelView
from server.tasks.models import fact_aside, task
from tests.support.bench import Bench
from tests.support.world import capture, gtin, handheld, new_order, release


async def _aside(bench: Bench) -> list[str]:
    query = sa.select(fact_aside.c.why).order_by(fact_aside.c.at, fact_aside.c.id)
    return list(await bench.db.read(lambda conn: conn.execute(query).scalars().all()))


async def _put_backs(bench: Bench) -> list[Any]:
    query = sa.select(task).where(task.c.kind == "put_back", task.c.state == "open").order_by(task.c.id)
    return await bench.db.read(lambda conn: list(conn.execute(query)))


async def _put_back_all(bench: Bench) -> None:
    names = {id_: code for code, id_ in bench.world.bins.items()}
    for back in await _put_backs(bench):
        did = await bench.hands.did("put_back", task=back.id, qty=back.quantity, bin=f"B-{names[back.bin_id]}")
        assert did.outcome == "put_back"


# --- the order changed meanwhile


async def test_a_held_order_stays_in_its_tote_until_it_is_let_go(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.part(order)
    await bench.open()
    assert (await bench.item(part, "MILK")).outcome == "packed"
    hold = await bench.world.both(lambda work: holds.hold(work, order, note="customer calls back"))
    before = await bench.world.movements()
    stopped = await bench.item(part, "MILK")
    assert (stopped.outcome, stopped.severity) == ("fulfilment_on_hold", "card")
    assert await bench.world.movements() == before
    shown = await bench.shown(part)
    assert (shown.held, shown.hold_reason) == (True, "manual")
    await bench.world.both(lambda work: holds.release(work, hold))
    assert (await bench.item(part, "MILK", 2)).outcome == "packed"
    assert (await bench.item(part, "OATS")).outcome == "carton_complete"
    assert await bench.whole() == []


async def test_an_order_cancelled_before_packing_stays_in_its_tote_and_goes_back(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.part(order)
    await bench.open()
    await bench.world.both(lambda work: cancels.cancel(work, order, "changed her mind"))
    answer = await bench.item(part, "MILK")
    assert (answer.outcome, answer.severity) == ("fulfilment_cancelled", "card")
    assert (await bench.shown(part)).cancelled
    await _put_back_all(bench)
    assert await bench.tote("T-0001") == ("empty", 0)
    assert (await bench.view()).totes == {}
    assert await bench.whole() == []


async def test_an_order_cancelled_in_mid_carton_goes_back_out_of_carton_and_tote(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.part(order)
    await bench.open()
    await bench.item(part, "MILK", 2)
    await bench.world.both(lambda work: cancels.cancel(work, order, "changed her mind"))
    line = await bench.line("MILK")
    assert (line.packed, line.picked, line.cancelled, line.to_put_back) == (0, 0, 3, 3)
    assert await bench.whole() == []
    await _put_back_all(bench)
    line = await bench.line("MILK")
    assert line.to_put_back == 0
    assert await bench.world.on_hand("MILK") == {"SUPPLIER": -20, "A02-03-A": 20}
    assert await bench.tote("T-0001") == ("empty", 0)
    state = await bench.db.read(lambda conn: conn.execute(sa.select(carton.c.state)).scalar_one())
    assert state == "voided"
    assert await bench.whole() == []


# --- what is scanned is not what is there


@pytest.mark.parametrize(
    ("sku", "quantity", "tote", "changes"),
    [
        ("TEA", 1, "T-0001", {}),
        ("MILK", 4, "T-0001", {}),
        ("MILK", 1, "T-0002", {}),
        ("MILK", 1, "T-9999", {}),
        ("MILK", 1, "T-0001", {"item": "04012345000016"}),
        ("MILK", 1, "T-0001", {"lot": "L-OTHER"}),
        ("MILK", 1_000_000_000, "T-0001", {}),
        ("MILK", 1, "T-0001", {"fulfilment": UUID(int=7)}),
        ("MILK", 1, "T-0001", {"station": UUID(int=7)}),
    ],
)
async def test_what_the_books_do_not_know_is_set_aside_and_nothing_moves(
    bench: Bench, sku: str, quantity: int, tote: str, changes: dict[str, Any]
) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    before = await bench.world.movements()
    answer = await bench.item(part, sku, quantity, tote, **changes)
    assert (answer.outcome, answer.severity) == ("set_aside", "card")
    assert len(await _aside(bench)) == 1
    assert await bench.world.movements() == before
    assert await bench.whole() == []


async def test_the_same_scan_sent_twice_is_packed_once(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    body = {"station": str(bench.station), "fulfilment": str(part), "tote": "T-0001", "item": "9520000000004", "qty": 1}
    sent = bench.hands.command("pack.item", body)
    first, again = (await bench.hands.send(sent)).answers[0], (await bench.hands.send(sent)).answers[0]
    assert [(each.outcome, each.again) for each in (first, again)] == [("packed", False), ("packed", True)]
    assert (await bench.line("MILK")).packed == 1


async def test_units_of_two_lots_go_in_by_one_scan_and_come_out_by_one_undo(bench: Bench) -> None:
    await bench.world.stock("HONEY", "A04-02-A", 2, lot="L1", expiry=date(2027, 1, 1))
    await bench.world.stock("HONEY", "A04-03-A", 2, lot="L2", expiry=date(2027, 2, 1))
    part = await bench.part(await bench.picked("R-1", HONEY=4))
    await bench.open()
    assert (await bench.item(part, "HONEY", 4)).outcome == "carton_complete"
    assert await bench.whole() == []
    found = await bench.carton(part)
    assert found.expected_g == 100 + 4 * 500


async def test_undo_of_two_lots_puts_both_back_into_the_tote(bench: Bench) -> None:
    await bench.world.stock("HONEY", "A04-02-A", 2, lot="L1", expiry=date(2027, 1, 1))
    await bench.world.stock("HONEY", "A04-03-A", 2, lot="L2", expiry=date(2027, 2, 1))
    part = await bench.part(await bench.picked("R-1", HONEY=4, TEA=1))
    await bench.open()
    assert (await bench.item(part, "HONEY", 4)).outcome == "packed"
    assert (await bench.hands.did("pack.undo", fulfilment=part)).outcome == "unpacked"
    assert await bench.tote("T-0001") == ("staged", 5)
    assert (await bench.line("HONEY")).packed == 0
    assert (await bench.carton(part)).expected_g == 100
    assert await bench.whole() == []


# --- totes


async def test_a_tote_is_free_again_when_its_last_unit_is_packed(bench: Bench) -> None:
    await bench.all_in(await bench.picked())
    assert await bench.tote("T-0001") == ("empty", 0)
    assert (await bench.view()).totes == {}


async def test_a_surplus_in_the_tote_keeps_it_until_it_is_put_back(bench: Bench) -> None:
    order = await bench.order("R-1", MILK=3)
    await release(bench.world)
    picker = handheld(bench.world)
    tour = await picker.begin()
    await picker.pick(tour.stops[0], 5)
    back = (await _put_backs(bench))[0]
    names = {id_: code for code, id_ in bench.world.bins.items()}
    assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_not_ready"
    await picker.did("put_back", task=back.id, qty=2, bin=f"B-{names[back.bin_id]}")
    assert (await picker.did("tour.finish", tour=tour.id)).outcome == "tour_finished"
    assert await bench.tote("T-0001") == ("staged", 3)
    await bench.all_in(order)
    assert await bench.tote("T-0001") == ("empty", 0)


async def test_a_tote_that_was_used_before_shows_only_its_last_order(bench: Bench) -> None:
    first = await bench.picked("R-1", MILK=1)
    await bench.open()
    await bench.world.both(lambda work: cancels.cancel(work, first, "no"))
    await _put_back_all(bench)
    second = await bench.picked("R-2", TEA=1)
    assert (await bench.open()).outcome == "pack_opened"
    assert list((await bench.view()).orders) == [str(await bench.part(second))]


async def test_undo_is_too_late_once_the_tote_serves_another_order(bench: Bench) -> None:
    first = await bench.picked("R-1", MILK=2)
    part = await bench.part(first)
    await bench.open()
    await bench.item(part, "MILK")
    await bench.item(part, "MILK")
    await bench.label_worker().step()
    assert (await bench.hands.did("pack.undo", fulfilment=part)).outcome == "undo_too_late"


async def test_an_order_in_several_totes_waits_on_a_numbered_place_until_all_of_it_is_there(bench: Bench) -> None:
    order = await bench.picked("R-1", MILK=20, OATS=20, TEA=20, HONEY=20)
    part = await bench.part(order)
    first = await bench.open("T-0001")
    assert (first.outcome, first.params.get("place")) == ("pack_opened", 1)
    shown = await bench.shown(part)
    missing = shown.elsewhere
    assert missing
    assert {(each.state, each.station) for each in missing} == {("staged", None)}
    assert ((await bench.view()).totes["T-0001"].place, shown.place) == (1, 1)
    for tote in missing:
        last = await bench.open(tote.code)
    assert "place" not in last.params
    assert {each.place for each in (await bench.view()).totes.values()} == {None}
    assert ((await bench.shown(part)).elsewhere, (await bench.shown(part)).place) == ([], None)


async def test_out_of_several_totes_an_item_is_taken_from_the_one_that_holds_it(bench: Bench) -> None:
    part = await bench.part(await bench.picked("R-1", MILK=20, OATS=20, TEA=20, HONEY=20))
    await bench.open("T-0001")
    totes = ["T-0001", *(each.code for each in (await bench.shown(part)).elsewhere)]
    for tote in totes[1:]:
        await bench.open(tote)
    for sku in ("MILK", "OATS", "TEA", "HONEY"):
        for _ in range(20):
            last = await bench.item(part, sku)
    assert last.outcome == "carton_complete"
    assert {await bench.tote(tote) for tote in totes} == {("empty", 0)}
    assert await bench.whole() == []


async def test_what_is_still_to_be_picked_keeps_the_order_on_its_place(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    on_another_tour = (
        sa.update(fulfilment_line)
        .where(fulfilment_line.c.item_id == bench.world.items["MILK"])
        .values(ordered=fulfilment_line.c.ordered + 1, reserved=1)
    )
    await bench.world.do(lambda work: work.execute(on_another_tour).rowcount)
    assert (await bench.open()).params.get("place") == 1
    shown = await bench.shown(part)
    assert (shown.to_pick, shown.elsewhere, shown.place) == (1, [], 1)


async def test_when_the_rest_does_not_come_the_carton_is_complete_with_what_is_in_it(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    line = (await bench.line("OATS")).id
    on_another_tour = (
        sa.update(fulfilment_line)
        .where(fulfilment_line.c.id == line)
        .values(ordered=fulfilment_line.c.ordered + 1, reserved=1)
    )
    await bench.world.do(lambda work: work.execute(on_another_tour).rowcount)
    await bench.open()
    await bench.item(part, "MILK", 3)
    assert (await bench.item(part, "OATS")).outcome == "packed"
    gone = partial(
        order_lines.change, line_id=line, what="backordered", why="no_stock_left", reserved=-1, backordered=1
    )
    await bench.world.do(gone)
    assert (await bench.carton(part)).state == "complete"
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert (await bench.line("OATS")).shipped == 1


# --- cartons


async def test_a_carton_may_be_chosen_before_the_first_item_and_changed_after_it(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    chosen = await bench.hands.did("pack.carton", fulfilment=part, carton_type="M")
    assert (chosen.outcome, chosen.params["carton_type"]) == ("carton_chosen", "M")
    await bench.item(part, "MILK", 2)
    assert ((await bench.carton(part)).type.code, (await bench.carton(part)).expected_g) == ("M", 1200)
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="S")
    assert ((await bench.carton(part)).type.code, (await bench.carton(part)).expected_g) == ("S", 1100)
    assert (await bench.hands.did("pack.carton", fulfilment=part, carton_type="XXL")).outcome == "carton_type_unknown"
    assert (await bench.carton(part)).number == 1


async def test_a_full_carton_gets_its_label_and_the_rest_goes_into_another_one(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.part(order)
    await bench.open()
    await bench.item(part, "MILK", 3)
    first = await bench.carton(part)
    more = await bench.hands.did("pack.carton", fulfilment=part, carton_type="S", new=True)
    assert more.outcome == "carton_chosen"
    assert (await bench.item(part, "OATS")).outcome == "carton_complete"
    await bench.label_worker().step()
    assert (await bench.carton(part)).id == first.id
    for shipped in (0, 3):
        await bench.weighed(part)
        assert (await bench.close(part)).outcome == "carton_closed"
        assert (await bench.line("MILK")).shipped == shipped
    assert await bench.whole() == []


async def test_the_full_carton_is_due_first_and_the_one_behind_it_is_filled_meanwhile(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    await bench.item(part, "MILK", 2)
    first = await bench.carton(part)
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="M", new=True)
    await bench.label_worker().step()
    shown = await bench.shown(part)
    assert shown.carton is not None
    assert shown.filling is not None
    assert (shown.carton.id, shown.carton.state, sum(shown.carton.contents.values())) == (first.id, "complete", 2)
    assert (shown.filling.number, shown.filling.type.code, shown.filling.contents) == (2, "M", {})
    assert (await bench.item(part, "MILK")).outcome == "packed"
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    shown = await bench.shown(part)
    assert shown.carton is not None
    assert (shown.carton.number, shown.filling, sum(shown.carton.contents.values())) == (2, None, 1)
    assert (await bench.item(part, "OATS")).outcome == "carton_complete"
    assert await bench.whole() == []


async def test_no_carton_is_begun_behind_the_last_one(bench: Bench) -> None:
    part = await bench.labelled(await bench.picked())
    carton = await bench.carton(part)
    await bench.world.do(lambda work: shipping.void_label(work, 1, carton.id))
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="M", new=True)
    shown = await bench.shown(part)
    assert (shown.filling, shown.carton and (shown.carton.number, shown.carton.type.code)) == (None, (1, "M"))
    await bench.world.do(lambda work: shipping.retry_label(work, 1, carton.id))
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert (await bench.line("MILK")).shipped == 3


async def test_a_carton_type_that_is_no_longer_used_stays_on_the_bench_that_has_it(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    assert (await bench.shown(part)).suggested == "S"
    await bench.item(part, "MILK", 2)
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="M")
    gone = sa.update(carton_type).where(carton_type.c.code == "M").values(active=False)
    await bench.world.do(lambda work: work.execute(gone).rowcount, streams={CORE})
    found = await bench.carton(part)
    assert (found.type.code, found.expected_g) == ("M", 1200)
    assert [each.code for each in (await bench.view()).carton_types] == ["S"]
    assert (await bench.item(part, "MILK")).outcome == "packed"
    again = await bench.hands.did("pack.carton", fulfilment=part, carton_type="M")
    assert again.outcome == "carton_type_unknown"
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="S")
    assert (await bench.carton(part)).expected_g == 100 + 3 * 500
    assert (await bench.item(part, "OATS")).outcome == "carton_complete"


async def test_a_cancel_is_too_late_while_a_closed_carton_waits_for_the_others(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.part(order)
    await bench.open()
    await bench.item(part, "MILK", 3)
    first = await bench.carton(part)
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="S", new=True)
    await bench.label_worker().step()
    await bench.hands.did("pack.weigh", carton=first.id, grams=1600)
    await bench.print_waiting()
    assert (await bench.hands.did("pack.close", carton=first.id, sscc=first.sscc)).outcome == "carton_closed"
    with pytest.raises(Refusal) as refused:
        await bench.world.both(lambda work: cancels.cancel(work, order, "no"))
    assert (refused.value.code, refused.value.params["reason"]) == ("cancel_too_late", "carton_labelled")
    assert "carton_labelled" in WORDS
    assert await bench.whole() == []


async def test_a_closed_carton_that_waits_for_another_is_opened_again_and_its_goods_go_back(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.part(order)
    await bench.open()
    await bench.item(part, "MILK", 3)
    first = await bench.carton(part)
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="S", new=True)
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    (closed,) = (await bench.shown(part)).closed
    assert (closed.id, closed.number, closed.voidable) == (first.id, 1, True)
    ((page,),) = [each.cartons for each in await bench.db.read(lambda conn: shipping.of_order(conn, order))]
    assert page.label is not None
    assert (page.id, page.state, page.label.voidable) == (first.id, "closed", True)
    await bench.world.do(lambda work: shipping.void_label(work, 1, closed.id))
    shown = await bench.shown(part)
    assert shown.carton is not None
    assert (shown.closed, shown.carton.id, shown.carton.state) == ([], first.id, "open")
    assert await bench.whole() == []
    await bench.world.both(lambda work: cancels.cancel(work, order, "no"))
    milk = await bench.line("MILK")
    assert (milk.packed, milk.cancelled, milk.to_put_back) == (0, 3, 3)
    assert await bench.whole() == []


async def test_a_closed_carton_that_was_opened_again_leaves_with_its_new_label(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.part(order)
    await bench.open()
    await bench.item(part, "MILK", 3)
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="S", new=True)
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    await bench.item(part, "OATS")
    (closed,) = (await bench.shown(part)).closed
    await bench.world.do(lambda work: shipping.void_label(work, 1, closed.id))
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"  # the second one; the first is open
    assert (await bench.line("OATS")).shipped == 0
    assert (await bench.carton(part)).id == closed.id
    await bench.world.do(lambda work: shipping.retry_label(work, 1, closed.id))
    await bench.label_worker().step()
    assert (await bench.close(part)).outcome == "carton_closed"
    assert [each.voidable for each in (await bench.db.read(partial(labels_of, order=order)))] == [False, False]
    assert (await bench.line("OATS")).shipped == 1
    assert await bench.whole() == []


def labels_of(conn: sa.Connection, order: UUID) -> list[LabelView]:
    """The labels of an order as its page shows them."""
    cartons = [carton for shipment in shipping.of_order(conn, order) for carton in shipment.cartons]
    return [each.label for each in cartons if each.label is not None]


async def test_a_weight_outside_the_tolerance_is_counted_again_or_taken_by_a_supervisor(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.labelled(order)
    found = await bench.carton(part)
    wrong = await bench.hands.did("pack.weigh", carton=found.id, grams=found.expected_g + 106)
    assert (wrong.outcome, wrong.severity) == ("weight_wrong", "warn")
    assert wrong.params == {"grams": found.expected_g + 106, "low": 1995, "high": 2205}
    assert (await bench.close(part)).outcome == "weight_missing"
    accepted = AcceptWeight(grams=found.expected_g + 106, why="two ice packs")
    await bench.world.do(partial(weights.accept_weight, warehouse=1, carton_id=found.id, body=accepted))
    assert (await bench.close(part)).outcome == "carton_closed"
    assert "weight_accepted" in await bench.timeline(order)


async def test_what_is_missing_in_the_tote_is_backordered_and_the_rest_ships(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    await bench.item(part, "MILK", 2)
    await bench.item(part, "OATS")
    code = "9520000000004"
    body = {"station": bench.station, "fulfilment": part, "tote": "T-0001", "item": code, "missing": 1}
    short = await bench.hands.did("pack.short", **body)
    assert (short.outcome, short.params) == ("shorted_backordered", {"missing": 1})
    assert (await bench.carton(part)).state == "complete"
    assert await bench.tote("T-0001") == ("empty", 0)
    line = await bench.line("MILK")
    assert (line.picked, line.packed, line.backordered, line.backorder_reason) == (2, 2, 1, "missing")
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert (await bench.line("MILK")).shipped == 2
    assert await bench.whole() == []


async def test_what_is_damaged_stays_at_the_station_as_damaged(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    body = {"station": bench.station, "fulfilment": part, "tote": "T-0001", "item": "9520000000004", "missing": 1}
    assert (await bench.hands.did("pack.short", **body, reason="damaged")).outcome == "shorted_backordered"
    assert (await bench.world.on_hand("MILK"))["PACK-1/damaged"] == 1
    assert await bench.whole() == []


async def test_a_short_after_a_closed_carton_ships_what_is_closed_and_leaves_no_empty_carton(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    await bench.item(part, "MILK", 3)
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="S", new=True)
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert (await bench.line("MILK")).shipped == 0
    code = gtin(list(bench.world.items).index("OATS"))
    body = {"station": bench.station, "fulfilment": part, "tote": "T-0001", "item": code, "missing": 1}
    assert (await bench.hands.did("pack.short", **body)).outcome == "shorted_backordered"
    assert (await bench.line("MILK")).shipped == 3
    assert (await bench.view()).orders == {}
    assert await bench.whole() == []


async def test_a_carton_begun_for_what_a_picker_then_finds_missing_goes_and_the_rest_leaves(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    await bench.item(part, "MILK", 3)
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="S", new=True)
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    line = (await bench.line("OATS")).id
    await bench.world.do(
        lambda work: order_lines.change(work, line, "shorted", {"reason": "missing"}, picked=-1, backordered=1)
    )
    assert (await bench.line("MILK")).shipped == 0
    (event,) = [each for each in await bench.db.read(lambda conn: log.tail(conn, 1, 0, 999)) if each.type in _WAITED]
    for _ in range(2):
        await sinks.drop_empty_cartons(bench.db, event)
    assert (await bench.line("MILK")).shipped == 3


_WAITED = {"line.backordered"}


async def _whole_order(bench: Bench, milk: int) -> tuple[UUID, str]:
    """An order of milk that ships only whole, its tote opened: its fulfilment, its tote."""
    await capture(bench.world, "R-0", {"TEA": 1})
    captured = await bench.world.both(
        lambda work: captures.capture(work, new_order("R-1", {"MILK": milk}, split="ship_complete"))
    )
    await bench.world.both(
        lambda work: money.record(work, captured.id, "authorised", "payment_authorised", {"amount": "5.00"})
    )
    await release(bench.world)
    await bench.pick_all()
    part = await bench.part(captured.id)
    for tote in ("T-0001", "T-0002"):
        await bench.open(tote)
    opened = (await bench.view()).totes.values()
    return part, next(each.code for each in opened if part in each.orders)


def _missing(bench: Bench, part: UUID, tote: str) -> dict[str, Any]:
    return {"station": bench.station, "fulfilment": part, "tote": tote, "item": "9520000000004", "missing": 1}


async def test_an_order_that_ships_only_whole_waits_with_its_last_item_in_the_carton(bench: Bench) -> None:
    part, tote = await _whole_order(bench, 3)
    await bench.item(part, "MILK", tote=tote)
    assert (await bench.hands.did("pack.short", **_missing(bench, part, tote))).params == {"missing": 1}
    assert (await bench.item(part, "MILK", tote=tote)).outcome == "packed"
    shown = await bench.shown(part)
    assert shown.carton is not None
    assert (shown.whole, shown.backordered, shown.carton.state, shown.place) == (True, 1, "open", 1)


async def test_its_last_missing_item_says_the_place_where_it_waits(bench: Bench) -> None:
    part, tote = await _whole_order(bench, 2)
    await bench.item(part, "MILK", tote=tote)
    assert (await bench.hands.did("pack.short", **_missing(bench, part, tote))).params == {"missing": 1, "place": 1}
    assert ((await bench.shown(part)).place, (await bench.carton(part)).state) == (1, "open")
    assert await bench.whole() == []


async def test_a_closed_carton_of_an_order_that_ships_only_whole_waits_for_the_rest(bench: Bench) -> None:
    part, tote = await _whole_order(bench, 3)
    await bench.item(part, "MILK", 2, tote)
    await bench.hands.did("pack.carton", fulfilment=part, carton_type="S", new=True)
    await bench.label_worker().step()
    assert (await bench.hands.did("pack.short", **_missing(bench, part, tote))).outcome == "shorted_backordered"
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert (await bench.line("MILK")).shipped == 0
    assert await bench.whole() == []


async def test_an_order_that_ships_only_whole_is_not_labelled_in_part(bench: Bench) -> None:
    part, tote = await _whole_order(bench, 2)
    await bench.item(part, "MILK", tote=tote)
    await bench.hands.did("pack.short", **_missing(bench, part, tote))
    assert ((await bench.carton(part)).state, (await bench.carton(part)).label) == ("open", None)


async def test_a_carton_whose_goods_are_not_what_was_scanned_is_found(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    await bench.item(part, "MILK", 2)
    assert await bench.whole() == []
    lost = sa.update(carton_item).where(carton_item.c.warehouse_id == 1).values(quantity=1)
    await bench.world.do(lambda work: work.execute(lost).rowcount)
    broken = await bench.whole()
    assert any("2 packed, 1 lie in cartons" in sentence for sentence in broken)
    assert any("1 scanned, 2 in the ledger" in sentence for sentence in broken)
