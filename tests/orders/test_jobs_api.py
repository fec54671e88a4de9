"""Jobs on orders on the wire: begun, looked at and broken off, each in words."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from server.orders.api import jobs as api
from server.orders.job_worker import JobWorker
from tests.support.shop import DESK, Shop, order
from tests.support.wire import client


@pytest.fixture
async def http(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with client(shop.db, [api.router], DESK) as http:
        yield http


async def test_all_that_is_found_is_dealt_with_and_each_refusal_is_said_in_words(
    http: httpx.AsyncClient, shop: Shop
) -> None:
    numbers = [(await shop.capture(order(name, [("TEA", 1, 100)]))).number for name in ("AA-1", "AA-2", "BB-1")]
    begun = await http.post("/api/orders/jobs", json={"action": "cancel", "found": {"q": "AA-"}, "note": "Mistake"})
    assert begun.status_code == 202, begun.text
    job = begun.json()
    assert (job["total"], job["state"], job["asked"]["note"]) == (2, "running", "Mistake")
    await JobWorker(shop.db).step()
    again = (await http.post("/api/orders/jobs", json={"action": "cancel", "orders": numbers})).json()
    await JobWorker(shop.db).step()
    seen = (await http.get(f"/api/orders/jobs/{again['id']}")).json()
    assert (seen["state"], seen["done"], seen["refused"]) == ("done", 1, 2)
    page = (await http.get(f"/api/orders/jobs/{again['id']}/orders?state=refused&limit=1")).json()
    (row,) = page["items"]
    assert (row["number"], row["code"], page["next"]) == (numbers[0], "cancel_too_late", "1")
    assert row["why"]["en"] != row["why"]["de"]
    rest = (await http.get(f"/api/orders/jobs/{again['id']}/orders?state=refused&after={page['next']}")).json()
    assert ([row["number"] for row in rest["items"]], rest["next"]) == ([numbers[1]], None)
    first = (await http.get("/api/orders/jobs?limit=1")).json()
    second = (await http.get(f"/api/orders/jobs?before={first['next']}")).json()
    assert [first["items"][0]["id"], *(each["id"] for each in second["items"])] == [again["id"], job["id"]]
    late = await http.post(f"/api/orders/jobs/{again['id']}/cancel")
    assert (late.status_code, late.json()["code"]) == (409, "move_not_allowed")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"action": "hold"}, "orders"),
        ({"action": "hold", "orders": [1], "found": {}}, "orders"),
        ({"action": "hold", "found": {"status": "odd"}}, "found.status"),
        ({"action": "hold", "found": {"q": "nothing of the kind"}}, "found"),
        ({"action": "tag", "orders": [1], "tag": "No Tag"}, "tag"),
        ({"action": "service", "orders": [1], "service": "none"}, "service"),
    ],
)
async def test_what_cannot_be_meant_is_told_at_its_field(
    http: httpx.AsyncClient, wrong: dict[str, object], field: str
) -> None:
    answer = await http.post("/api/orders/jobs", json=wrong)
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, field)
