"""Many orders at once: each is taken in whole or told what is wrong with it at its place, and none spoils another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from server.orders.api import batch
from server.orders.service.captures import AT_ONCE
from tests.support.shop import DESK, Shop, order
from tests.support.wire import client


def body(reference: str, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(order(reference, method="invoice"))
    return {**found, **changes}


@pytest.fixture
async def http(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with client(shop.db, [batch.router], DESK) as http:
        yield http


async def send(http: httpx.AsyncClient, *orders: Any, language: str = "en") -> dict[str, Any]:
    headers = {"Accept-Language": language}
    answer = await http.post("/api/orders/batch", json={"orders": list(orders)}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_each_order_has_its_own_answer_in_the_order_in_which_they_came(http: httpx.AsyncClient) -> None:
    wrong = [{"sku": "JAM", "quantity": 1, "price_minor": 500}]
    said = await send(
        http, body("B-1"), body("B-2", lines=wrong, colour="red"), body("B-1"), body("B-3", lines=wrong), 7, body("B-4")
    )
    assert (said["captured"], said["known"], said["refused"]) == (2, 1, 3)
    assert [(row["captured"] or {}).get("first") for row in said["items"]] == [True, None, False, None, None, True]
    assert said["items"][0]["captured"]["number"] == said["items"][2]["captured"]["number"]
    assert [[fault["field"] for fault in row["faults"]] for row in said["items"]] == [
        [], ["orders[1].colour"], [], ["orders[3].lines[0].sku", "orders[3].totals.items_minor"], ["orders[4]"], [],
    ]  # fmt: skip
    again = await send(http, body("B-4"), body("B-1"))
    assert (again["captured"], again["known"]) == (0, 2)


async def test_what_is_wrong_with_an_order_is_said_in_the_language_of_who_sent_it(http: httpx.AsyncClient) -> None:
    lines = [{"sku": "JAM", "quantity": 1, "price_minor": 500}]
    said = await send(http, body("B-1", lines=lines), body("B-2", lines=7), language="de")
    assert [row["faults"][0] for row in said["items"]] == [
        {"field": "orders[0].lines[0].sku", "message": "Diesen Artikel gibt es nicht.",
         "wanted": "ein Artikel aus dem Katalog", "got": "JAM"},
        {"field": "orders[1].lines", "message": "Gebraucht wird: eine Liste.", "wanted": "eine Liste", "got": "7"},
    ]  # fmt: skip


async def test_an_order_that_no_database_can_keep_spoils_no_other(http: httpx.AsyncClient) -> None:
    said = await send(http, body("N-1"), body("N-2", service="a\0b"), body("N-3", currency=10**30), body("N-4"))
    assert [[fault["field"] for fault in row["faults"]] for row in said["items"]] == [
        [], ["orders[1].service"], ["orders[2].currency"], [],
    ]  # fmt: skip
    assert (said["captured"], said["refused"]) == (2, 2)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_batch_of_several_slices_is_taken_in_whole(http: httpx.AsyncClient) -> None:
    said = await send(http, *(body(f"S-{number}") for number in range(AT_ONCE + 1)))
    numbers = [row["captured"]["number"] for row in said["items"]]
    assert (said["captured"], numbers) == (AT_ONCE + 1, sorted(numbers))


@pytest.mark.parametrize(
    "wrong", [{"orders": []}, {}, {"orders": {}}, {"orders": [], "x": 1}, [], {"orders": [1] * 501}]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_no_batch_is_refused_as_one(http: httpx.AsyncClient, wrong: Any) -> None:
    answer = await http.post("/api/orders/batch", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_batch_that_is_too_large_or_no_json_is_told(http: httpx.AsyncClient) -> None:
    assert (await http.post("/api/orders/batch", content=b" " * 2_000_000)).status_code == 413
    assert (await http.post("/api/orders/batch", content=b"{")).json()["code"] == "malformed"
