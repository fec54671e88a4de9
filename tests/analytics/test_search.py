"""One field finds an order by whatever somebody holds in the hand."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from server.analytics.finders import FINDERS
from server.orders.schemas.captures import Address, Customer
from server.orders.service import edits, lookup, search
from server.orders.store import pages
from tests.support.bench import Bench
from tests.support.world import gtin


async def _found(bench: Bench, text: str) -> set[UUID]:
    found = await bench.db.read(lambda conn: search.find(conn, text, FINDERS))
    assert not found.similar, text
    return set(found.orders)


async def _alike(bench: Bench, text: str) -> list[UUID]:
    found = await bench.db.read(lambda conn: search.find(conn, text, FINDERS))
    assert found.similar == bool(found.orders), text
    return found.orders


async def test_an_order_is_found_by_anything_that_it_is_known_by(bench: Bench) -> None:
    order, other = await bench.picked("R-1", MILK=1), await bench.order("R-2", TEA=1)
    number = await bench.db.read(lambda conn: lookup.order_of(conn, order).number)
    code = gtin(list(bench.world.items).index("MILK"))
    for text in (str(number), f"#{number}", "r-1", "MILK", "milk", code, "T-0001", " t-0001 "):
        assert await _found(bench, text) == {order}, text
    for text in ("MIL", "ILK", "T-000"):
        assert await _found(bench, text) == {order}, text
    for text in ("Souza", "ana souza", "SOU an", "Ana@Example", "4930901820", "ouz", "@example.", "030 90 18 20", "s"):
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
        carton.label.tracking[-6:],
        carton.label.tracking[:5],
        carton.sscc[4:12],
    ):
        assert await _found(bench, text) == {order}, text


async def test_a_tote_leads_to_the_order_that_is_in_it_now(bench: Bench) -> None:
    first = await bench.picked("R-1", MILK=1)
    assert await _found(bench, "T-0001") == {first}
    await bench.all_in(first)
    assert await _found(bench, "T-0001") == set()


async def test_where_nothing_is_found_the_orders_with_words_nearly_alike_are(bench: Bench) -> None:
    order = await bench.picked("R-1", MILK=1)
    for text in ("Suoza", "Sousa", "Anna Sousa", "ana@exmaple.com"):
        assert await _alike(bench, text) == [order], text
    for text in ("Miller", "Sousa Miller", "99999999", "T-0002"):
        assert await _alike(bench, text) == [], text


async def test_an_order_whose_customer_changed_is_found_by_the_new_name_alone(bench: Bench) -> None:
    order = await bench.order("R-2", TEA=1)
    head = await bench.db.read(lambda conn: pages.head_of(conn, order))
    address = msgspec.convert(head.address, Address)
    eva = Customer(name="Eva Klein", email="eva@example.org", phone="+49 40 428000")
    await bench.world.both(lambda work: edits.redirect(work, order, address, eva))
    for text in ("klein", "eva@", "428000", "R-2"):
        assert await _found(bench, text) == {order}, text
    assert await _found(bench, "souza") == set()


@pytest.mark.parametrize("text", ["x" * 100, "ÿ" * 50, "🙂 🙂", "((((", "00" + "9" * 98])
async def test_whatever_is_asked_for_finds_nothing_and_breaks_nothing(bench: Bench, text: str) -> None:
    assert await _found(bench, text) == set()
