"""What is scanned is not what is there, or is scanned twice, or lies there in two lots."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from server.packing.models import carton_item
from server.tasks.models import fact_aside
from tests.support.bench import Bench


async def _aside(bench: Bench) -> list[str]:
    query = sa.select(fact_aside.c.why).order_by(fact_aside.c.at, fact_aside.c.id)
    return list(await bench.db.read(lambda conn: conn.execute(query).scalars().all()))


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


async def test_undo_is_too_late_once_the_tote_serves_another_order(bench: Bench) -> None:
    first = await bench.picked("R-1", MILK=2)
    part = await bench.part(first)
    await bench.open()
    await bench.item(part, "MILK")
    await bench.item(part, "MILK")
    await bench.label_worker().step()
    assert (await bench.hands.did("pack.undo", fulfilment=part)).outcome == "undo_too_late"


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
