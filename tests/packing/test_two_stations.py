"""An order whose totes were brought to two stations is still one order in one carton."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import event
from server.packing.schemas import NewStation
from server.packing.service import stations
from tests.support.bench import Bench


async def test_what_another_station_packs_lies_in_the_carton_where_it_stands(bench: Bench) -> None:
    second = await bench.world.do(
        lambda work: stations.put_station(work, 1, NewStation(code="PACK-2", name="Pack 2", bin="STAGE-1"))
    )
    part = await bench.part(await bench.picked())
    await bench.open()
    assert (await bench.item(part, "MILK", 2)).outcome == "packed"
    assert (await bench.item(part, "MILK", station=second)).outcome == "packed"
    assert (await bench.item(part, "OATS", station=second)).outcome == "carton_complete"
    assert await bench.whole() == []
    await bench.label_worker().step()
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    assert await bench.world.on_hand("MILK") == {"SUPPLIER": -20, "A02-03-A": 17, "CUSTOMER": 3}
    assert await bench.whole() == []


async def test_a_bench_that_waits_for_a_tote_is_told_where_it_is(bench: Bench) -> None:
    second = await bench.world.do(
        lambda work: stations.put_station(work, 1, NewStation(code="PACK-2", name="Pack 2", bin="STAGE-1"))
    )
    part = await bench.part(await bench.picked("R-1", MILK=20, OATS=20, TEA=20, HONEY=20))
    await bench.open("T-0001")
    missing = (await bench.shown(part)).elsewhere
    told = sa.select(event.c.payload).where(event.c.type == "station.changed").order_by(event.c.position)
    before = len(await bench.db.read(lambda conn: conn.execute(told).all()))
    for each in missing:
        await bench.hands.did("pack.open", station=second, tote=each.code)
    shown = await bench.shown(part)
    assert [(each.code, each.station) for each in shown.elsewhere] == [(each.code, "Pack 2") for each in missing]
    assert shown.place == 1
    since = (await bench.db.read(lambda conn: conn.execute(told).all()))[before:]
    assert [str(bench.station) in str(row[0]) for row in since].count(True) == len(missing)
