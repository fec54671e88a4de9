"""An order that comes in several totes waits on a numbered place; what stands there says so, and frees it in time."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from server.core.clock import ManualClock
from server.db.work import Work
from server.orders.models import fulfilment
from server.orders.rules import Facts, Split
from server.orders.service import cancels
from server.packing import rules
from server.packing.schemas import NewStation
from server.packing.service import places, stations
from server.packing.store import parking
from server.shipping import views
from tests.support.bench import Bench

GOODS = {"MILK": 20, "OATS": 20, "TEA": 20, "HONEY": 20}
"""More than one tote takes."""


@pytest.mark.parametrize(
    ("facts", "split", "elsewhere", "comes"),
    [
        (Facts(ordered=3, picked=3), "ship_available", 0, False),
        (Facts(ordered=3, picked=3), "ship_available", 1, True),
        (Facts(ordered=3, picked=2, reserved=1), "ship_available", 0, True),
        (Facts(ordered=3, picked=2, backordered=1), "ship_complete", 0, False),
        (Facts(ordered=3, picked=2, packed=2, backordered=1), "ship_complete", 0, True),
        (Facts(ordered=3, picked=2, packed=2, backordered=1), "ship_available", 0, False),
    ],
)
def test_an_order_waits_for_what_is_elsewhere_and_for_stock_once_the_rest_is_packed(
    facts: Facts, split: Split, elsewhere: int, comes: bool
) -> None:
    assert rules.rest_comes(facts, split, elsewhere) is comes


def test_the_lowest_free_place_is_taken() -> None:
    assert [rules.free_place(taken, 3) for taken in (set(), {1, 3}, {1, 2, 3})] == [1, 2, None]
    assert rules.free_place(set(), 0) is None


async def test_a_place_is_kept_by_its_order_until_somebody_has_fetched_it(bench: Bench, clock: ManualClock) -> None:
    part, totes = await _in_totes(bench)
    since = clock.now()
    await bench.open(totes[0])
    clock.advance(60)
    again = await bench.open(totes[0])
    view = await bench.view()
    (place,) = view.places
    assert (again.params["place"], place.place, place.fulfilment, place.totes) == (1, 1, part, [totes[0]])
    assert (place.order, place.since) == (view.orders[str(part)].number, since)
    waiting = await bench.db.read(lambda conn: places.of_order(conn, _order(conn, part)))
    assert [(each.station, each.place, each.missing) for each in waiting] == [("Pack 1", 1, totes[1:])]
    for tote in totes[1:]:
        await bench.open(tote)
    assert [each.totes for each in (await bench.view()).places] == [totes[:-1]], "the last one is on the bench"
    await _all_packed(bench, part, totes)
    assert (await bench.view()).places == []
    assert await bench.whole() == []


async def test_where_no_place_is_free_the_station_says_so(bench: Bench) -> None:
    none = NewStation(code="PACK-1", name="Pack 1", bin="PACK-1", printers=["PRN-1"], parking=0)
    await bench.world.do(lambda work: stations.put_station(work, 1, none))
    part, totes = await _in_totes(bench)
    number = (await bench.shown(part)).number if (await bench.open(totes[0])) else 0
    assert (await bench.open(totes[0])).params == {"tote": totes[0], "order": number, "places": 0}
    assert ((await bench.shown(part)).place, (await bench.view()).places) == (None, [])
    for tote in totes[1:]:
        last = await bench.open(tote)
    assert last.params == {"tote": totes[-1]}


async def test_a_tote_that_goes_to_another_station_waits_there(bench: Bench) -> None:
    two = NewStation(code="PACK-2", name="Pack 2", bin="STAGE-1", parking=2)
    second = await bench.world.do(lambda work: stations.put_station(work, 1, two))
    part, totes = await _in_totes(bench)
    await bench.open(totes[0])
    moved = await bench.hands.did("pack.open", station=second, tote=totes[0])
    assert moved.params["place"] == 1
    assert await _taken(bench) == [("PACK-2", 1)]
    assert (await bench.view()).places == []
    for tote in totes[1:]:
        last = await bench.hands.did("pack.open", station=second, tote=tote)
    there = await bench.db.snapshot(lambda conn: views.bench_by_id(conn, second))
    assert (last.params["from"], there.orders[str(part)].place) == (1, 1)
    assert await bench.whole() == []


async def test_what_is_packed_while_its_rest_is_elsewhere_waits_in_its_carton(bench: Bench) -> None:
    part, totes = await _in_totes(bench)
    await bench.open(totes[0])
    inside = await bench.goods(totes[0])
    for sku, units in inside.items():
        await bench.item(part, sku, units)
    view = await bench.view()
    assert ([(each.place, each.totes) for each in view.places], view.totes) == ([(1, [])], {})
    await _all_packed(bench, part, totes[1:])
    assert await _taken(bench) == []
    assert await bench.whole() == []


async def test_an_order_that_is_cancelled_frees_its_place_when_its_tote_is_empty(bench: Bench) -> None:
    part, totes = await _in_totes(bench)
    await bench.open(totes[0])
    order = await bench.db.read(lambda conn: _order(conn, part))
    await bench.world.both(lambda work: cancels.cancel(work, order, "changed her mind"))
    assert await _taken(bench) == [("PACK-1", 1)]
    await bench.put_back_all()
    assert await _taken(bench) == []
    assert await bench.whole() == []


async def test_what_is_taken_back_out_of_the_carton_waits_with_its_tote_again(bench: Bench) -> None:
    part, totes = await _in_totes(bench)
    await bench.open(totes[0])
    await bench.item(part, next(iter(await bench.goods(totes[0]))))
    assert (await bench.hands.did("pack.undo", fulfilment=part)).outcome == "unpacked"
    assert await _taken(bench) == [("PACK-1", 1)]
    assert await bench.whole() == []


async def test_a_place_on_which_nothing_stands_is_said_to_be_broken(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.part(order)

    def leak(work: Work) -> None:
        parking.park(work.conn, 1, bench.station, 2, part, work.now)

    await bench.world.do(leak)
    (said,) = await bench.whole()
    assert said.startswith("place 2 of PACK-1: nothing of order ")


async def _in_totes(bench: Bench) -> tuple[UUID, list[str]]:
    """An order that is picked into several totes, none of which is at the station; they by code."""
    part = await bench.part(await bench.picked("R-1", **GOODS))
    totes = await bench.totes_of(part)
    assert len(totes) > 1
    return part, totes


async def _all_packed(bench: Bench, part: UUID, totes: list[str]) -> None:
    for tote in totes:
        await bench.open(tote)
    for tote in totes:
        for sku, units in (await bench.goods(tote)).items():
            last = await bench.item(part, sku, units)
    assert last.outcome == "carton_complete"


async def _taken(bench: Bench) -> list[tuple[str, int]]:
    return [(each.station_code, each.place) for each in await bench.db.read(parking.every)]


def _order(conn: sa.Connection, part: UUID) -> UUID:
    found: UUID = conn.execute(sa.select(fulfilment.c.order_id).where(fulfilment.c.id == part)).scalar_one()
    return found
