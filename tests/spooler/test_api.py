"""Printers and print jobs over HTTP: who may reach what, and what is said of a wrong request."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx

from printers.virtual import VirtualPrinter
from printers.virtual.faults import Fault
from server.core.ids import new_id
from server.db.work import Actor
from server.spooler import api, service
from tests.spooler.conftest import Print
from tests.support.wire import client

BASE = "/api/warehouses/1"


def _client(shop: Print, warehouse: int | None = 1) -> httpx.AsyncClient:
    return client(shop.db, [api.router], Actor(name="Pia", warehouse=warehouse), spooler=shop.spooler())


def _printer(code: str, address: str, **changes: Any) -> dict[str, Any]:
    return {"code": code, "name": "At pack 1", "profile": "virtual", "address": address, **changes}


async def test_a_printer_is_set_up_seen_and_tried_out(shop: Print, printer: VirtualPrinter) -> None:
    shop.allowed.add(printer.address)
    where = f"{printer.address.host}:{printer.address.port}"
    async with _client(shop) as http:
        made = await http.put(f"{BASE}/printers/PRN-1", json=_printer("PRN-1", where))
        assert made.status_code == 200, made.text
        assert (made.json()["address"], made.json()["condition"]) == (where, "unknown")
        (seen,) = (await http.get(f"{BASE}/printers")).json()["items"]
        assert (seen["code"], seen["waiting"]) == ("PRN-1", 0)
        tried = await http.post(f"{BASE}/printers/PRN-1/test")
        assert tried.status_code == 202, tried.text
        shop.start()
        out = await printer.printed(1)
        assert b"At pack 1" in out.zpl


async def test_what_is_wrong_with_a_printer_is_said(shop: Print) -> None:
    async with _client(shop) as http:
        for code, body, status, said in (
            ("PRN-1", _printer("PRN-1", "10.0.0.1:5432"), 422, "printer_address_refused"),
            ("PRN-1", _printer("PRN-2", "10.0.0.1:9100"), 422, "invalid"),
            ("PRN-1", _printer("PRN-1", "10.0.0.1:9100", colour="red"), 422, "invalid"),
            ("PRN-1", _printer("PRN-1", "x" * 2000), 422, "invalid"),
        ):
            answer = await http.put(f"{BASE}/printers/{code}", json=body)
            assert (answer.status_code, answer.json()["code"]) == (status, said), answer.text
        assert (await http.post(f"{BASE}/printers/NONE/test")).json()["code"] == "printer_unknown"


async def test_jobs_are_paged_filtered_and_decided(shop: Print, printer: VirtualPrinter) -> None:
    where = await shop.put_printer("PRN-1", printer.address)
    await printer.set_fault(Fault.DROP_AFTER)
    shop.start()
    unknown = await shop.queue(where, "T-0000")
    await shop.until(unknown, "unknown")
    await shop.stop()
    jobs = [unknown, *[await shop.queue(where, f"T-000{n}") for n in range(1, 4)]]
    async with _client(shop) as http:
        first = (await http.get(f"{BASE}/print-jobs", params={"limit": 3})).json()
        rest = (await http.get(f"{BASE}/print-jobs", params={"limit": 3, "after": first["next"]})).json()
        assert [each["id"] for each in first["items"] + rest["items"]] == [str(each) for each in reversed(jobs)]
        assert rest["next"] is None
        only = (await http.get(f"{BASE}/print-jobs", params={"state": "unknown"})).json()["items"]
        assert [each["id"] for each in only] == [str(unknown)]
        decided = await http.post(f"{BASE}/print-jobs/{unknown}/decide", json={"decision": "printed"})
        assert (decided.status_code, decided.json()["state"]) == (200, "printed")
        twice = await http.post(f"{BASE}/print-jobs/{unknown}/decide", json={"decision": "reprint"})
        assert (twice.status_code, twice.json()["code"]) == (409, "move_not_allowed")
        nobody = await http.post(f"{BASE}/print-jobs/{new_id()}/decide", json={"decision": "cancel"})
        assert nobody.status_code == 404
        for body in ({"decision": "burn"}, {}, {"decision": "printed", "why": "x"}):
            assert (await http.post(f"{BASE}/print-jobs/{unknown}/decide", json=body)).status_code == 422
        assert (await http.get(f"{BASE}/print-jobs", params={"state": "burnt"})).json()["code"] == "invalid"


async def test_another_warehouses_printers_and_jobs_are_out_of_reach(shop: Print, printer: VirtualPrinter) -> None:
    where = await shop.put_printer("PRN-1", printer.address)
    job = await shop.queue(where, "T-0001")
    async with _client(shop, warehouse=2) as http:
        answers = [
            await http.get(f"{BASE}/printers"),
            await http.put(f"{BASE}/printers/PRN-1", json=_printer("PRN-1", "10.0.0.1:9100")),
            await http.post(f"{BASE}/printers/PRN-1/test"),
            await http.get(f"{BASE}/print-jobs"),
            await http.post(f"{BASE}/print-jobs/{job}/decide", json={"decision": "cancel"}),
        ]
        assert [(each.status_code, each.json()["code"]) for each in answers] == [(403, "other_warehouse")] * 5
        theirs = await http.post(f"/api/warehouses/2/print-jobs/{job}/decide", json={"decision": "cancel"})
        assert theirs.json()["code"] == "print_job_unknown"
        assert (await http.get("/api/warehouses/2/print-jobs")).json()["items"] == []
    assert (await shop.db.read(partial(service.job_view, warehouse=1, job_id=job))).state == "queued"
