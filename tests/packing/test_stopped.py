"""An order that is held or cancelled while it is packed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.core.words import WORDS
from server.orders.service import cancels, holds
from server.packing.models import carton
from tests.support.bench import Bench


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
    await bench.put_back_all()
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
    await bench.put_back_all()
    line = await bench.line("MILK")
    assert line.to_put_back == 0
    assert await bench.world.on_hand("MILK") == {"SUPPLIER": -20, "A02-03-A": 20}
    assert await bench.tote("T-0001") == ("empty", 0)
    state = await bench.db.read(lambda conn: conn.execute(sa.select(carton.c.state)).scalar_one())
    assert state == "voided"
    assert await bench.whole() == []


async def test_a_cancel_is_too_late_while_a_closed_carton_waits_for_the_others(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.part(order)
    await bench.open()
    await bench.item(part, "MILK", 3)
    first = await bench.carton(part)
    await bench.another(part)
    await bench.label_worker().step()
    await bench.hands.did("pack.weigh", carton=first.id, grams=1600)
    await bench.print_waiting()
    assert (await bench.hands.did("pack.close", carton=first.id, sscc=first.sscc)).outcome == "carton_closed"
    with pytest.raises(Refusal) as refused:
        await bench.world.both(lambda work: cancels.cancel(work, order, "no"))
    assert (refused.value.code, refused.value.params["reason"]) == ("cancel_too_late", "carton_labelled")
    assert "carton_labelled" in WORDS
    assert await bench.whole() == []
