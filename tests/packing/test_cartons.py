"""Cartons that are chosen, full, opened again or weigh too much."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.db.base import CORE
from server.orders.service import cancels
from server.packing.models import carton_type
from server.packing.schemas import AcceptWeight
from server.packing.service import weights
from server.shipping import service as shipping
from server.shipping.schemas import LabelView
from tests.support.bench import Bench


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
    more = await bench.another(part)
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


async def test_a_carton_with_a_part_of_its_order_gets_no_label_by_being_asked_for_one(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    await bench.item(part, "MILK", 3)
    carton = await bench.carton(part)
    with pytest.raises(Refusal) as refused:
        await bench.world.do(lambda work: shipping.retry_label(work, 1, carton.id))
    assert (refused.value.code, refused.value.params) == ("carton_not_complete", {"left": 1})
    assert (await bench.carton(part)).state == "open"
    assert (await bench.item(part, "OATS")).outcome == "carton_complete"


async def test_a_full_carton_is_asked_for_its_label_again_while_the_next_one_is_filled(bench: Bench) -> None:
    part = await bench.part(await bench.picked())
    await bench.open()
    await bench.item(part, "MILK", 3)
    await bench.another(part)
    first = await bench.carton(part)
    await bench.label_worker().step()
    await bench.world.do(lambda work: shipping.void_label(work, 1, first.id))
    assert await bench.world.do(lambda work: shipping.retry_label(work, 1, first.id)) == "wanted"
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
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


async def test_a_closed_carton_that_waits_for_another_is_opened_again_and_its_goods_go_back(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.one_closed(order)
    (closed,) = (await bench.shown(part)).closed
    assert (closed.number, closed.voidable) == (1, True)
    ((page,),) = [each.cartons for each in await bench.db.read(lambda conn: shipping.of_order(conn, order))]
    assert page.label is not None
    assert (page.id, page.state, page.label.voidable) == (closed.id, "closed", True)
    await bench.world.do(lambda work: shipping.void_label(work, 1, closed.id))
    shown = await bench.shown(part)
    assert shown.carton is not None
    assert (shown.closed, shown.carton.id, shown.carton.state) == ([], closed.id, "open")
    assert await bench.whole() == []
    await bench.world.both(lambda work: cancels.cancel(work, order, "no"))
    milk = await bench.line("MILK")
    assert (milk.packed, milk.cancelled, milk.to_put_back) == (0, 3, 3)
    assert await bench.whole() == []


async def test_a_closed_carton_that_was_opened_again_leaves_with_its_new_label(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.one_closed(order)
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
    assert [each.voidable for each in (await bench.db.read(partial(_labels_of, order=order)))] == [False, False]
    assert (await bench.line("OATS")).shipped == 1
    assert await bench.whole() == []


def _labels_of(conn: sa.Connection, order: UUID) -> list[LabelView]:
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
