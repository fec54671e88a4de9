"""Jobs on orders on the wire: begun once, looked at and broken off, each in words."""

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


async def post(http: httpx.AsyncClient, body: dict[str, object], key: str = "k-1") -> httpx.Response:
    return await http.post("/api/orders/jobs", json=body, headers={"Idempotency-Key": key})


async def test_all_that_is_found_is_dealt_with_and_each_refusal_is_said_in_words(
    http: httpx.AsyncClient, shop: Shop
) -> None:
    numbers = [(await shop.capture(order(name, [("TEA", 1, 100)]))).number for name in ("AA-1", "AA-2", "BB-1")]
    begun = await post(http, {"action": "cancel", "found": {"q": "AA-"}, "note": "Mistake"})
    assert begun.status_code == 202, begun.text
    job = begun.json()
    assert (job["total"], job["state"], job["asked"]["note"]) == (2, "running", "Mistake")
    await JobWorker(shop.db).step()
    again = (await post(http, {"action": "cancel", "orders": numbers}, "k-2")).json()
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
        ({"action": "hold", "orders": [1], "note": "Card 4111 1111 1111 1111"}, "note"),
    ],
)
async def test_what_cannot_be_meant_is_told_at_its_field(
    http: httpx.AsyncClient, wrong: dict[str, object], field: str
) -> None:
    answer = await post(http, wrong)
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, field)


async def test_a_job_that_is_sent_again_is_begun_once_also_when_it_has_left_nothing_to_be_found(
    http: httpx.AsyncClient, shop: Shop
) -> None:
    held = (await shop.capture(order("AA-1", [("TEA", 1, 100)]))).number
    await post(http, {"action": "hold", "orders": [held]}, "k-0")
    await JobWorker(shop.db).step()
    asked: dict[str, object] = {"action": "release", "found": {"status": "on_hold"}}
    first = await post(http, asked)
    await JobWorker(shop.db).step()
    again = await post(http, asked)
    assert (first.status_code, again.status_code, again.json()) == (202, 202, first.json())
    assert len((await http.get("/api/orders/jobs")).json()["items"]) == 2
    other = await post(http, asked, "k-2")
    assert (other.status_code, other.json()["faults"][0]["field"]) == (422, "found")


async def test_the_key_of_a_job_begins_no_other_one(http: httpx.AsyncClient, shop: Shop) -> None:
    number = (await shop.capture(order("AA-1", [("TEA", 1, 100)]))).number
    assert (await post(http, {"action": "hold", "orders": [number]})).status_code == 202
    reused = await post(http, {"action": "hold", "orders": [number], "note": "Another"})
    assert (reused.status_code, reused.json()["code"]) == (422, "key_reused")
    assert len((await http.get("/api/orders/jobs")).json()["items"]) == 1


async def test_what_was_wrong_is_put_right_under_its_key(http: httpx.AsyncClient, shop: Shop) -> None:
    number = (await shop.capture(order("AA-1", [("TEA", 1, 100)]))).number
    assert (await post(http, {"action": "tag", "orders": [number], "tag": "No Tag"})).status_code == 422
    assert (await post(http, {"action": "tag", "orders": [number], "tag": "no-tag"})).status_code == 202


async def test_a_job_without_a_key_is_not_begun(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/orders/jobs", json={"action": "hold", "orders": [1]})
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "Idempotency-Key")
