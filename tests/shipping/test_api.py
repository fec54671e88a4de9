"""Stations, labels and what a person decides about them, over HTTP."""

from __future__ import annotations

import httpx

from server.core.ids import new_id
from server.db.work import Actor
from server.shipping import api, service
from tests.support.bench import Bench, decoded
from tests.support.wire import client

BASE = "/api/warehouses/1"


def _client(bench: Bench, warehouse: int | None = 1) -> httpx.AsyncClient:
    return client(bench.db, [api.router], Actor(person=bench.world.picker, name="Pia", warehouse=warehouse))


async def test_a_bench_and_the_label_on_it_are_read_as_the_screen_reads_them(bench: Bench) -> None:
    part = await bench.labelled(await bench.picked())
    async with _client(bench) as http:
        (station,) = (await http.get(f"{BASE}/stations")).json()["items"]
        assert (station["code"], station["id"]) == ("PACK-1", str(bench.station))
        view = (await http.get(f"{BASE}/stations/PACK-1/pack")).json()
        order = view["orders"][str(part)]
        assert order["service"] == "Parcel"
        carton = order["carton"]
        assert (carton["state"], carton["label"]["state"], carton["print"]["state"]) == ("complete", "live", "queued")
        zpl = await http.get(carton["label"]["zpl_url"])
        assert zpl.headers["content-type"].startswith("text/plain")
        assert f"00{carton['sscc']}" in decoded(zpl.content)


async def test_a_label_is_voided_and_asked_for_again_and_a_weight_is_accepted(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.labelled(order)
    carton = await bench.carton(part)
    where = f"{BASE}/cartons/{carton.id}"
    async with _client(bench) as http:
        early = await http.post(f"{where}/retry-label")
        assert (early.status_code, early.json()["code"]) == (409, "move_not_allowed")
        again = await http.post(f"{where}/reprint-label")
        assert (again.status_code, again.json()["outcome"]) == (200, "reprinting")
        assert (await http.post(f"{where}/void-label")).json() == {"state": "void"}
        gone = await http.post(f"{where}/reprint-label")
        assert (gone.status_code, gone.json()["code"]) == (409, "label_missing")
        twice = await http.post(f"{where}/void-label")
        assert (twice.status_code, twice.json()["code"]) == (409, "label_missing")
        assert (await http.post(f"{where}/retry-label")).json() == {"state": "wanted"}
        await bench.label_worker().step()
        for body in ({}, {"grams": 0, "why": "because"}, {"grams": 9000}, {"grams": 9000, "why": "x"}):
            assert (await http.post(f"{where}/accept-weight", json=body)).status_code == 422
        accepted = await http.post(f"{where}/accept-weight", json={"grams": 9000, "why": "a brick was wanted"})
        assert accepted.json() == {"weight_g": 9000}
    assert (await bench.close(part)).outcome == "carton_closed"
    shipments = await bench.db.snapshot(lambda conn: service.of_order(conn, order))
    assert [(each.number, each.state, len(each.cartons)) for each in shipments] == [(1, "closed", 1)]


async def test_what_is_not_there_is_told(bench: Bench) -> None:
    async with _client(bench) as http:
        for method, path, code in (
            ("GET", "stations/NONE/pack", "station_unknown"),
            ("GET", f"labels/{new_id()}.zpl", "label_missing"),
            ("GET", "labels/what.zpl", "label_missing"),
            ("POST", f"cartons/{new_id()}/void-label", "carton_unknown"),
            ("POST", f"cartons/{new_id()}/retry-label", "carton_unknown"),
        ):
            answer = await http.request(method, f"{BASE}/{path}")
            assert (answer.status_code >= 400, answer.json()["code"]) == (True, code), path
        unknown = await http.post(f"{BASE}/cartons/{new_id()}/accept-weight", json={"grams": 5, "why": "because"})
        assert unknown.json()["code"] == "carton_unknown"


async def test_another_warehouses_cartons_are_out_of_reach(bench: Bench) -> None:
    part = await bench.labelled(await bench.picked())
    carton = await bench.carton(part)
    async with _client(bench, warehouse=2) as http:
        for method, path in (
            ("GET", "stations"), ("GET", "stations/PACK-1/pack"), ("GET", f"labels/{carton.id}.zpl"),
            ("POST", f"cartons/{carton.id}/void-label"), ("POST", f"cartons/{carton.id}/retry-label"),
        ):  # fmt: skip
            answer = await http.request(method, f"{BASE}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (403, "other_warehouse")
        theirs = await http.post(f"/api/warehouses/2/cartons/{carton.id}/void-label")
        assert theirs.json()["code"] == "carton_unknown"
