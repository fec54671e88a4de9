"""One field finds an order by whatever somebody holds in the hand."""

from __future__ import annotations

from uuid import UUID

import pytest

from server.analytics.finders import FINDERS
from server.orders.service import lookup, search
from tests.support.bench import Bench
from tests.support.world import gtin


async def _found(bench: Bench, text: str) -> set[UUID]:
    return set(await bench.db.read(lambda conn: search.find(conn, text, FINDERS)))


async def test_an_order_is_found_by_anything_that_it_is_known_by(bench: Bench) -> None:
    order, other = await bench.picked("R-1", MILK=1), await bench.order("R-2", TEA=1)
    number = await bench.db.read(lambda conn: lookup.order_of(conn, order).number)
    code = gtin(list(bench.world.items).index("MILK"))
    for text in (str(number), f"#{number}", "r-1", "MILK", "milk", code, "T-0001", " t-0001 "):
        assert await _found(bench, text) == {order}, text
    for text in ("Souza", "ana souza", "SOU an", "Ana@Example", "4930901820"):
        assert await _found(bench, text) == {order, other}, text
    for text in ("", "  ", "Souza Miller", "R-3", "T-0002", "99999999", "%", "_", "'"):
        assert await _found(bench, text) == set(), text


async def test_a_carton_and_a_parcel_lead_to_their_order(bench: Bench) -> None:
    part = await bench.labelled(order := await bench.picked())
    carton = await bench.carton(part)
    assert carton.label is not None
    assert carton.label.tracking is not None
    for text in (
        carton.sscc,
        f"00{carton.sscc}",
        f"(00){carton.sscc}",
        carton.label.tracking,
        carton.label.tracking.lower(),
    ):
        assert await _found(bench, text) == {order}, text


async def test_a_tote_leads_to_the_order_that_is_in_it_now(bench: Bench) -> None:
    first = await bench.picked("R-1", MILK=1)
    assert await _found(bench, "T-0001") == {first}
    await bench.all_in(first)
    assert await _found(bench, "T-0001") == set()


@pytest.mark.parametrize("text", ["x" * 100, "ÿ" * 50, "🙂 🙂", "((((", "00" + "9" * 98])
async def test_whatever_is_asked_for_finds_nothing_and_breaks_nothing(bench: Bench, text: str) -> None:
    assert await _found(bench, text) == set()
