"""A bench is set up over HTTP, with the printers that print for each other."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.work import Actor, Work
from server.locations import serials
from server.locations import service as locations
from server.locations.models import warehouse
from server.packing import api
from server.packing.schemas import NewStation
from server.packing.service import cartons, stations
from server.packing.store import cartons as rows
from server.shipping import service as shipping
from server.spooler import service as spooling
from server.spooler.addresses import Allowed
from server.spooler.schemas import NewPrinter
from tests.support.bench import Bench
from tests.support.wire import client

BASE = "/api/warehouses/1"


def _client(bench: Bench, warehouse: int | None = 1) -> httpx.AsyncClient:
    return client(bench.db, [api.router], Actor(person=bench.world.picker, name="Pia", warehouse=warehouse))


def _station(**changes: Any) -> dict[str, Any]:
    return {"code": "PACK-1", "name": "Pack 1", "bin": "PACK-1", **changes}


async def test_a_station_has_a_first_and_a_second_printer(bench: Bench) -> None:
    second = await _printer(bench, "PRN-2", "zd421-203")
    async with _client(bench) as http:
        both = await http.put(f"{BASE}/stations/PACK-1", json=_station(printers=["PRN-1", "PRN-2"], parking=4))
        assert both.status_code == 200, both.text
        assert both.json()["printers"] == [str(bench.printer_id), str(second)]
        assert (both.json()["printer"], both.json()["parking"]) == (str(bench.printer_id), 4)
        assert both.json()["printer_codes"] == ["PRN-1", "PRN-2"]
        assert both.json()["printer_names"] == ["Printer", "PRN-2"]
        one = await http.put(f"{BASE}/stations/PACK-1", json=_station(printers=["PRN-2"]))
        assert (one.json()["printer"], one.json()["printers"]) == (str(second), [str(second)])
        none = await http.put(f"{BASE}/stations/PACK-1", json=_station())
        assert (none.json()["printer"], none.json()["printers"], none.json()["bin"]) == (None, [], "PACK-1")


async def test_what_is_wrong_with_a_station_is_said_at_its_field(bench: Bench) -> None:
    await _printer(bench, "PRN-9", "zd421-300")
    async with _client(bench) as http:
        for body, code, field in (
            (_station(bin="NONE"), "bin_unknown", "bin"),
            (_station(printers=["NONE"]), "printer_unknown", "printers"),
            (_station(printers=["PRN-1", "PRN-1"]), "invalid", "printers"),
            (_station(printers=["PRN-1", "PRN-9"]), "invalid", "printers"),
            (_station(code="PACK-2"), "invalid", "code"),
        ):
            answer = await http.put(f"{BASE}/stations/PACK-1", json=body)
            assert answer.status_code in (404, 409, 422), answer.text
            assert (answer.json()["code"], answer.json()["faults"][0]["field"]) == (code, field), answer.text
        for changes in ({"printers": ["PRN-1"] * 3}, {"parking": 100}, {"parking": -1}, {"colour": "red"}):
            assert (await http.put(f"{BASE}/stations/PACK-1", json=_station(**changes))).status_code == 422
    async with _client(bench, warehouse=2) as http:
        assert (await http.put(f"{BASE}/stations/PACK-1", json=_station())).status_code == 403


async def _printer(bench: Bench, code: str, profile: str) -> Any:
    """Another printer at the same address."""
    allowed = Allowed()
    allowed.add(bench.printer.address)
    where = f"{bench.printer.address.host}:{bench.printer.address.port}"
    new = NewPrinter(code=code, name=code, profile=profile, address=where)
    return await bench.world.do(partial(spooling.put_printer, warehouse=1, new=new, allowed=allowed))


async def test_a_packer_chooses_the_other_printer_and_what_waits_comes_out_of_it(bench: Bench) -> None:
    second = await _printer(bench, "PRN-2", "zd421-203")
    both = NewStation(code="PACK-1", name="Pack 1", bin="PACK-1", printers=["PRN-1", "PRN-2"], parking=3)
    await bench.world.do(partial(stations.put_station, warehouse=1, new=both))
    order = await bench.picked()
    part = await bench.labelled(order)
    async with _client(bench) as http:
        chosen = await http.post(f"{BASE}/stations/PACK-1/printer", json={"printer": str(second)})
        assert (chosen.status_code, chosen.json()["printer"]) == (200, str(second)), chosen.text
        for path, code in (("PACK-1", "printer_unknown"), ("PACK-9", "station_unknown")):
            wrong = await http.post(f"{BASE}/stations/{path}/printer", json={"printer": str(bench.station)})
            assert wrong.json()["code"] == code
    view = await bench.view()
    assert view.printer is not None
    assert view.other is not None
    assert (view.printer.id, view.other.id) == (second, bench.printer_id)
    carton = await bench.carton(part)
    assert carton.print is not None
    assert (carton.print.state, carton.print.printer) == ("queued", second)
    bench.printer_id = second
    await bench.weighed(part)
    assert (await bench.close(part)).outcome == "carton_closed"
    told = await bench.timeline(order)
    assert [each for each in told if each.startswith("label_")] == ["label_live", "label_moved", "label_printed"]
    await bench.world.do(partial(stations.put_station, warehouse=1, new=both))
    assert (await bench.view()).station.printer == second, "setting it up again does not choose"
    assert await bench.whole() == []


async def test_what_waits_at_a_printer_that_is_taken_away_comes_out_of_the_one_in_its_place(bench: Bench) -> None:
    second, third = [await _printer(bench, code, "zd421-203") for code in ("PRN-2", "PRN-3")]
    part = await bench.labelled(await bench.picked())
    for printers, where in ((["PRN-2", "PRN-3"], second), (["PRN-2"], second), (["PRN-3", "PRN-2"], third)):
        new = NewStation(code="PACK-1", name="Pack 1", bin="PACK-1", printers=printers, parking=3)
        await bench.world.do(partial(stations.put_station, warehouse=1, new=new))
        carton = await bench.carton(part)
        assert carton.print is not None
        assert (carton.print.state, carton.print.printer) == ("queued", where)
    assert await bench.whole() == []


async def test_a_packers_choice_ends_with_the_printer_that_was_chosen(bench: Bench) -> None:
    second, third = [await _printer(bench, code, "zd421-203") for code in ("PRN-2", "PRN-3")]
    put = partial(NewStation, code="PACK-1", name="Pack 1", bin="PACK-1", parking=3)
    await bench.world.do(partial(stations.put_station, warehouse=1, new=put(printers=["PRN-1", "PRN-2"])))
    await bench.world.do(partial(stations.choose_printer, warehouse=1, code="PACK-1", printer=second))
    await bench.world.do(partial(stations.put_station, warehouse=1, new=put(printers=["PRN-2", "PRN-3"])))
    assert (await bench.view()).station.printer == second
    assert (await bench.view()).station.printers == [second, third]


async def test_a_print_that_may_have_come_out_is_decided_before_the_other_printer_prints_it(bench: Bench) -> None:
    second = await _printer(bench, "PRN-2", "zd421-203")
    both = NewStation(code="PACK-1", name="Pack 1", bin="PACK-1", printers=["PRN-1", "PRN-2"], parking=3)
    await bench.world.do(partial(stations.put_station, warehouse=1, new=both))
    part = await bench.labelled(await bench.picked())

    def lose(work: Work) -> None:
        held = spooling.claim(work, 1, bench.printer_id, 0)
        assert held is not None
        spooling.record(work, held, "lose", "no_proof", "Look at it.", again=False)

    await bench.world.do(lose)
    await bench.world.do(partial(stations.choose_printer, warehouse=1, code="PACK-1", printer=second))
    carton = await bench.carton(part)
    assert carton.print is not None
    assert (carton.print.state, carton.print.printer) == ("unknown", bench.printer_id)
    assert (await bench.hands.did("pack.reprint", carton=carton.id)).outcome == "reprinting"
    jobs = (await bench.db.read(lambda conn: spooling.jobs(conn, 1, None, 9, None))).items
    assert [(job.printer_code, job.state) for job in jobs] == [("PRN-2", "queued"), ("PRN-1", "cancelled")]


GCP = "401234567890"
"""A long company prefix: four digits are left for the serial."""


async def test_another_warehouse_of_the_company_takes_the_block_between_and_no_number_is_given_twice(
    bench: Bench,
) -> None:
    carton = await bench.carton(await bench.all_in(await bench.picked()))

    def number(work: Work) -> str:
        cartons.renumber(work, 1, carton.id)
        now = rows.by_id(work.conn, 1, carton.id)
        assert now is not None
        return now.sscc

    def first(work: Work) -> list[str]:
        work.execute(sa.update(warehouse).values(gcp=GCP))
        found = [number(work) for _ in range(100)]
        work.number(serials.counter(GCP), stream=CORE)
        return found

    found = await bench.world.both(first)
    found += await bench.world.do(lambda work: [number(work) for _ in range(3)])  # needs the core stream on its way
    assert len(set(found)) == 103
    assert [found[at][:-1] for at in (0, 99, 100)] == [f"3{GCP}{serial:04d}" for serial in (0, 99, 200)]


async def test_a_corrected_company_prefix_gives_no_number_that_was_given_under_the_former(bench: Bench) -> None:
    carton = await bench.carton(await bench.all_in(await bench.picked()))

    def correct(work: Work) -> str:
        work.execute(sa.update(warehouse).values(gcp="40123450"))
        cartons.renumber(work, 1, carton.id)
        now = rows.by_id(work.conn, 1, carton.id)
        assert now is not None
        return now.sscc

    assert (carton.sscc[:-1], (await bench.world.both(correct))[:-1]) == ("34012345000000000", "34012345000000100")


async def test_a_carton_for_which_no_number_is_left_waits_for_its_label_until_the_warehouse_has_another_prefix(
    bench: Bench,
) -> None:
    order = await bench.picked()

    def prefix(work: Work, gcp: str, taken: int) -> None:
        work.execute(sa.update(warehouse).values(gcp=gcp))
        work.number(serials.counter(gcp), stream=CORE, step=taken)

    await bench.world.both(partial(prefix, gcp=GCP, taken=serials.blocks(GCP)))
    view = await bench.db.read(lambda conn: locations.warehouse_view(conn, 1))
    assert (view.sscc_left, view.sscc_few) == (0, True)
    part = await bench.all_in(order)
    carton = await bench.carton(part)
    assert carton.label is not None
    assert (carton.state, carton.label.state, carton.label.reason) == ("complete", "refused", "sscc_used_up")
    with pytest.raises(Refusal, match="sscc_used_up"):
        await bench.world.do(lambda work: shipping.retry_label(work, 1, carton.id))
    await bench.world.both(partial(prefix, gcp="4012345", taken=1))
    await bench.world.do(lambda work: shipping.retry_label(work, 1, carton.id))
    again = (await bench.carton(part)).sscc
    label = await bench.db.read(lambda conn: shipping.label_of(conn, 1, carton.id))
    assert label is not None
    assert (again[:-1], label.state, label.sscc) == ("34012345000000100", "wanted", again)
