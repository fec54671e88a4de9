"""An order whose totes were brought to two stations is still one order in one carton."""

from __future__ import annotations

from server.packing import service as packing
from server.packing.schemas import NewStation
from tests.support.bench import Bench


async def test_what_another_station_packs_lies_in_the_carton_where_it_stands(bench: Bench) -> None:
    second = await bench.world.do(
        lambda work: packing.put_station(work, 1, NewStation(code="PACK-2", name="Pack 2", bin="STAGE-1"))
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
