"""Two orders of the same goods on one bench: what is packed out of the wrong one of their totes is not lost."""

from __future__ import annotations

from server.orders.service import cancels
from server.tasks import views
from tests.support.bench import Bench


async def test_a_cancelled_order_goes_back_out_of_the_tote_in_which_its_goods_are_left(bench: Bench) -> None:
    kept = await bench.order("R-1", MILK=2)
    cancelled = await bench.picked("R-2", MILK=2)
    for tote in ("T-0001", "T-0002"):
        await bench.open(tote)
    part, other = await bench.part(kept), await bench.part(cancelled)
    theirs = {tote.orders[0]: tote.code for tote in (await bench.view()).totes.values()}
    assert (await bench.item(part, "MILK", 2, theirs[other])).outcome == "carton_complete"
    await bench.world.both(lambda work: cancels.cancel(work, cancelled, "changed her mind"))
    assert await bench.whole() == []
    queue = await bench.db.snapshot(lambda conn: views.queue(conn, 1, bench.world.picker))
    (back,) = queue.loose.values()
    assert (back.quantity, back.tote) == (2, theirs[part])
    await bench.hands.did("put_back", task=back.task, qty=2, bin=f"B-{back.bin.code}")
    assert await bench.tote(theirs[part]) == ("empty", 0)
    assert await bench.whole() == []


async def test_what_is_to_go_back_out_of_a_tote_is_not_packed_for_another_order(bench: Bench) -> None:
    kept = await bench.order("R-1", MILK=2)
    cancelled = await bench.picked("R-2", MILK=2)
    for tote in ("T-0001", "T-0002"):
        await bench.open(tote)
    part, other = await bench.part(kept), await bench.part(cancelled)
    theirs = {tote.orders[0]: tote.code for tote in (await bench.view()).totes.values()}
    await bench.world.both(lambda work: cancels.cancel(work, cancelled, "changed her mind"))
    assert (await bench.item(part, "MILK", 2, theirs[other])).outcome == "set_aside"
    queue = await bench.db.snapshot(lambda conn: views.queue(conn, 1, bench.world.picker))
    (back,) = queue.loose.values()
    await bench.hands.did("put_back", task=back.task, qty=2, bin=f"B-{back.bin.code}")
    assert (await bench.item(part, "MILK", 2, theirs[part])).outcome == "carton_complete"
    assert "ADJUST" not in await bench.world.on_hand("MILK")
    assert await bench.whole() == []
