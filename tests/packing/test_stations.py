"""A bench is set up over HTTP, with the printers that print for each other."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx

from server.db.work import Actor
from server.packing import api
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
        one = await http.put(f"{BASE}/stations/PACK-1", json=_station(printers=["PRN-2"]))
        assert (one.json()["printer"], one.json()["printers"]) == (str(second), [str(second)])
        none = await http.put(f"{BASE}/stations/PACK-1", json=_station())
        assert (none.json()["printer"], none.json()["printers"], none.json()["bin"]) == (None, [], "PACK-1")


async def test_what_is_wrong_with_a_station_is_said_at_its_field(bench: Bench) -> None:
    await _printer(bench, "PRN-9", "zd421-300")
    async with _client(bench) as http:
        for body, code, field in (
            (_station(bin="NONE"), "bin_unknown", "bin"),
            (_station(printers=["NONE"]), "printer_unknown", "code"),
            (_station(printers=["PRN-1", "PRN-1"]), "invalid", "printers"),
            (_station(printers=["PRN-1", "PRN-9"]), "invalid", "printers"),
            (_station(code="PACK-2"), "invalid", "code"),
        ):
            answer = await http.put(f"{BASE}/stations/PACK-1", json=body)
            assert answer.status_code in (404, 409, 422), answer.text
            assert (answer.json()["code"], answer.json()["errors"][0]["field"]) == (code, field), answer.text
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
