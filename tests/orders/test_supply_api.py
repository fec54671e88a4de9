"""What is on its way and what is kept back, over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from server.core.ids import new_id
from server.db.work import Actor
from server.orders.api import supply
from tests.support.shop import DESK, Shop, order
from tests.support.wire import client

MILK = {"reference": "PO-1", "sku": "MILK", "quantity": 5, "expected_on": "2026-11-27"}
KEY = {"Idempotency-Key": "K-1"}
ROUTERS = [supply.receipts_router, supply.rules_router, supply.sourcing_router]


@pytest.fixture
async def http(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with client(shop.db, ROUTERS, DESK) as http:
        yield http


async def asked(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_goods_are_announced_promised_and_come(http: httpx.AsyncClient, shop: Shop) -> None:
    first = await asked(await http.post("/api/warehouses/1/receipts", json=MILK))
    assert (first["first"], first["moved"]) == (True, 0)
    await shop.capture(order("A", [("MILK", 3, 100)], method="prepaid", token=""))
    page = await asked(await http.get("/api/warehouses/1/receipts"))
    assert page == {
        "items": [{
            "id": first["id"], "warehouse": 1, "reference": "PO-1", "sku": "MILK", "quantity": 5, "arrived": 0,
            "promised": 3, "expected_on": "2026-11-27", "state": "expected",
        }],
        "next": None,
    }  # fmt: skip
    there = f"/api/warehouses/1/receipts/{first['id']}"
    for _ in range(2):  # the answer was lost and is asked for again
        came = await http.post(f"{there}/arrivals", json={"quantity": 6, "bin": "A02-05-A"}, headers=KEY)
        assert (await asked(came))["moved"] == 1
    assert (await asked(await http.get("/api/warehouses/1/receipts")))["items"] == []
    ended = (await asked(await http.get("/api/warehouses/1/receipts?all=true")))["items"][0]
    assert (ended["state"], ended["quantity"], ended["arrived"], ended["promised"]) == ("arrived", 6, 6, 0)
    assert (await asked(await http.post(f"{there}/cancel"), 409))["code"] == "move_not_allowed"


async def test_a_list_is_paged(http: httpx.AsyncClient) -> None:
    for number in range(3):
        await asked(await http.post("/api/warehouses/1/receipts", json={**MILK, "reference": f"PO-{number}"}))
    first = await asked(await http.get("/api/warehouses/1/receipts?limit=2"))
    assert [each["reference"] for each in first["items"]] == ["PO-0", "PO-1"]
    rest = await asked(await http.get(f"/api/warehouses/1/receipts?limit=2&after={first['next']}"))
    assert ([each["reference"] for each in rest["items"]], rest["next"]) == (["PO-2"], None)


@pytest.mark.parametrize(("change", "field"), [
    ({"sku": "GOLD"}, "sku"), ({"quantity": 0}, "quantity"), ({"expected_on": "soon"}, "expected_on"),
])  # fmt: skip
async def test_what_is_wrong_is_said_at_its_field(http: httpx.AsyncClient, change: dict[str, Any], field: str) -> None:
    answer = await http.post("/api/warehouses/1/receipts", json={**MILK, **change})
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, field)


@pytest.mark.parametrize("bin_", ["NOWHERE", "SUPPLIER"])
async def test_goods_lie_in_a_real_bin(http: httpx.AsyncClient, bin_: str) -> None:
    first = await asked(await http.post("/api/warehouses/1/receipts", json=MILK))
    there = f"/api/warehouses/1/receipts/{first['id']}/arrivals"
    answer = await http.post(there, json={"quantity": 1, "bin": bin_}, headers=KEY)
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "bin")
    other, goods = f"/api/warehouses/1/receipts/{new_id()}/arrivals", {"quantity": 1, "bin": "A02-05-A"}
    assert (await http.post(other, json=goods, headers={"Idempotency-Key": "K-2"})).status_code == 404
    assert (await http.post(there, json=goods)).status_code == 422


async def test_another_warehouses_people_see_and_change_nothing(shop: Shop) -> None:
    async with client(shop.db, ROUTERS, Actor(name="Tom", warehouse=2)) as http:
        assert (await http.get("/api/warehouses/1/receipts")).status_code == 403
        assert (await http.post("/api/warehouses/1/receipts", json=MILK)).status_code == 403
        assert (await http.post(f"/api/warehouses/1/receipts/{new_id()}/cancel")).status_code == 403
        assert (await http.get("/api/warehouses/1/zone-chart")).status_code == 403


async def test_what_is_kept_back_is_listed_and_let_go(http: httpx.AsyncClient) -> None:
    rule = {"name": "Two for nobody", "sku": "HONEY", "safety": 2}
    made = await asked(await http.post("/api/stock-rules", json=rule), 201)
    shown = await asked(await http.get("/api/stock-rules"))
    assert shown["items"] == [
        {"id": made["id"], "warehouse": None, "aside": 0, "percent": None, "whose": "", **rule},
    ]
    await asked(await http.delete(f"/api/stock-rules/{made['id']}"), 204)
    assert (await http.delete(f"/api/stock-rules/{made['id']}")).status_code == 404
    assert (await http.post("/api/stock-rules", json={**rule, "whose": "web"})).status_code == 422


async def test_policies_and_zones_are_set_and_shown(http: httpx.AsyncClient) -> None:
    assert (await asked(await http.put("/api/sourcing/others", json={"policy": "cheapest"})))["channels"] == {
        "": "cheapest"
    }
    found = await asked(await http.get("/api/sourcing"))
    assert found["policies"]["nearest"][0] == "out_of_sight"
    rows = {"rows": [{"country": "DE", "prefix": "5", "zone": 1, "price_minor": None}]}
    assert await asked(await http.put("/api/warehouses/1/zone-chart", json=rows)) == rows
    assert await asked(await http.get("/api/warehouses/1/zone-chart")) == rows


async def test_what_waits_is_listed_with_the_day_of_what_comes_next(http: httpx.AsyncClient, shop: Shop) -> None:
    await asked(await http.post("/api/warehouses/1/receipts", json=MILK))
    await shop.capture(order("A", [("MILK", 3, 100), ("HONEY", 1, 100)], method="prepaid", token=""))
    await shop.capture(order("B", [("MILK", 4, 100)], method="prepaid", token=""))
    page = await asked(await http.get("/api/warehouses/1/supply"))
    (milk,) = page["items"]
    assert (milk["sku"], milk["orders"], milk["waits"], milk["on_the_way"], milk["next_on"], page["next"]) == (
        "MILK", 2, 2, 5, "2026-11-27", None,
    )  # fmt: skip
    assert (await asked(await http.get("/api/warehouses/1/supply?after=MILK")))["items"] == []


async def test_one_zone_is_set_and_forgotten(http: httpx.AsyncClient) -> None:
    there = "/api/warehouses/1/zone-chart/rows"
    for zone in (3, 2):
        await asked(await http.put(there, json={"country": "DE", "prefix": "8", "zone": zone}))
    chart = await asked(await http.get("/api/warehouses/1/zone-chart"))
    assert chart["rows"] == [{"country": "DE", "prefix": "8", "zone": 2, "price_minor": None}]
    assert (await http.delete(f"{there}?country=DE&prefix=8")).status_code == 204
    assert (await http.delete(f"{there}?country=DE&prefix=8")).status_code == 404
