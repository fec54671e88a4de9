"""Orders on the wire, on both databases: what is sent is taken once, or told what is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
import sqlalchemy as sa

from server.core.ids import new_id
from server.db.base import command
from server.db.work import Actor
from server.orders.api import orders as api
from server.orders.models import order as orders_table
from server.orders.service import holds
from server.payments import api as payments_api
from tests.support.shop import DESK, Shop, order
from tests.support.wire import client

MEGABYTE = "x" * 1_000_000


def body(**changes: Any) -> dict[str, Any]:
    """A right order as JSON; `changes` at the top level, None takes a field away."""
    whole: dict[str, Any] = {**msgspec.to_builtins(order()), **changes}
    return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
async def http(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with client(shop.db, [api.router, payments_api.orders_router], DESK) as http:
        yield http


async def post(http: httpx.AsyncClient, content: Any, key: str | None = "k-1") -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return await http.post("/api/orders", json=content, headers=headers)


def faults(answer: httpx.Response) -> set[str]:
    return {fault["field"] for fault in answer.json()["faults"]}


async def count(shop: Shop) -> int:
    return len(await shop.ask(sa.select(orders_table.c.id)))


# --- taken in exactly once


async def test_an_order_is_taken_in_and_found_again(http: httpx.AsyncClient) -> None:
    answer = await post(http, body())
    assert answer.status_code == 201, answer.text
    taken = answer.json()
    assert (taken["number"], taken["status"], taken["first"], taken["holds"]) == (10_001, "authorising", True, [])
    assert taken["cutoff_at"] == "2026-11-24T15:00:00Z"
    page = (await http.get(answer.headers["Location"])).json()
    assert page["id"] == taken["id"]
    assert page["address"]["city"] == "Köln"
    assert page["lines"][0]["facts"]["ordered"] == 2


async def test_the_same_key_again_gives_the_same_answer(http: httpx.AsyncClient, shop: Shop) -> None:
    first, again = await post(http, body()), await post(http, body())
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert await count(shop) == 1


async def test_a_key_may_be_quoted_as_the_draft_has_it(http: httpx.AsyncClient) -> None:
    first, again = await post(http, body(), "abc"), await post(http, body(), '"abc"')
    assert first.json() == again.json()


async def test_the_same_key_for_another_order_is_an_error(http: httpx.AsyncClient, shop: Shop) -> None:
    await post(http, body())
    answer = await post(http, body(external_ref="WEB-2"))
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert await count(shop) == 1


async def test_another_callers_key_is_another_key(http: httpx.AsyncClient, shop: Shop) -> None:
    await post(http, body())
    async with client(shop.db, [api.router], Actor(key=new_id(), name="shop")) as other:
        answer = await post(other, body(external_ref="WEB-2"))
    assert (answer.status_code, answer.json()["number"]) == (201, 10_002)


async def test_the_same_reference_under_another_key_gives_the_first_order(http: httpx.AsyncClient) -> None:
    first = (await post(http, body())).json()
    again = await post(http, body(), "k-2")
    assert again.status_code == 200
    assert again.json() == {**first, "first": False}


async def test_the_same_key_many_times_at_once_makes_one_order(http: httpx.AsyncClient, shop: Shop) -> None:
    answers = await asyncio.gather(*(post(http, body()) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await count(shop) == 1


async def test_an_order_that_was_put_right_comes_again_under_its_key(http: httpx.AsyncClient, shop: Shop) -> None:
    wrong = await post(http, body(currency="XXX"))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "order_invalid")
    assert await shop.ask(sa.select(command.c.id).where(command.c.id == "k-1")) == []
    assert (await post(http, body())).status_code == 201


@pytest.mark.parametrize(
    ("key", "code", "status"),
    [(None, "key_missing", 400), ("", "key_missing", 400), (" ", "key_missing", 400), ("k" * 101, "invalid", 422),
     ("k k", "invalid", 422), ('a"b', "invalid", 422)],
)  # fmt: skip
async def test_a_key_is_needed_and_is_a_key(http: httpx.AsyncClient, key: str | None, code: str, status: int) -> None:
    answer = await post(http, body(), key)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


# --- told what is wrong


async def test_every_fault_comes_at_once_with_wanted_and_got(http: httpx.AsyncClient, shop: Shop) -> None:
    wrong = body(
        currency="XXX",
        service="pigeon",
        lines=[{"sku": "GOLD", "quantity": -1, "price_minor": 5}],
        totals={"items_minor": 1, "total_minor": 2},
    )
    answer = await post(http, wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["detail"] == "Faults in the order: 6."
    assert faults(answer) == {
        "currency", "service", "lines[0].sku", "lines[0].quantity", "totals.items_minor", "totals.total_minor",
    }  # fmt: skip
    assert {"field": "currency", "message": "Wanted an ISO 4217 code.", "wanted": "an ISO 4217 code", "got": "XXX"} in (
        problem["faults"]
    )
    assert await count(shop) == 0


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({}, "channel"),
        (body(colour="red"), "colour"),
        (body(lines=[{"sku": "TEA", "quantity": "2", "price_minor": 1}]), "lines[0].quantity"),
        (body(lines=[{"sku": "TEA", "quantity": 2.5, "price_minor": 1}]), "lines[0].quantity"),
        (body(lines={"sku": "TEA"}), "lines"),
        (body(customer={"name": "A", "shoe_size": 44}), "customer.shoe_size"),
        (body(customer={"name": "Nul\0"}), "customer.name"),
        (body(lines=[{"sku": "TEA", "quantity": 2**63, "price_minor": 1}]), "lines[0].quantity"),
        (body(lines=[{"sku": "TEA", "quantity": 2**62, "price_minor": 2**62}]), "lines[0].quantity"),
        (body(totals={"items_minor": -(2**63), "total_minor": 1}), "totals.items_minor"),
        (body(payment={"method": "card", "token": "4111 1111 1111 1111"}), "payment.token"),
        (body(channel=MEGABYTE[:900_000]), "channel"),
        (body(address={"street": MEGABYTE[:900_000], "city": "K", "country": "DE"}), "address.street"),
        (body(warehouse=9), "warehouse"),
        (body(split="never"), "split"),
        (body(lines=[]), "lines"),
        ([], ""),
        (None, ""),
    ],
)
async def test_nonsense_is_a_fault_at_its_field(http: httpx.AsyncClient, shop: Shop, content: Any, field: str) -> None:
    answer = await post(http, content)
    assert answer.status_code == 422, answer.text
    assert field in faults(answer)
    assert len(answer.content) < 4000
    assert "4111" not in answer.text
    assert await count(shop) == 0


@pytest.mark.parametrize(
    ("raw", "status"),
    [(b"{", 400), (b"", 400), (b"\xff\xfe", 400), (b"[" * 50_000, 400), (b'{"channel": "\\ud800"}', 400),
     (b'"' + MEGABYTE.encode() + b'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' * 1000 + b'"', 413)],
)  # fmt: skip
async def test_what_is_no_json_is_told_so(http: httpx.AsyncClient, raw: bytes, status: int) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await http.post("/api/orders", content=raw, headers=headers)
    assert answer.status_code in (status, 422), answer.text
    assert answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_doubtful_order_is_taken_and_held(http: httpx.AsyncClient) -> None:
    address = {"street": "Lindenweg 4", "city": "Köln", "postal_code": "1", "country": "DE"}
    answer = await post(http, body(address=address))
    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["holds"]) == ("on_hold", ["address_doubtful"])


# --- looking


async def test_lists_are_paged_by_a_cursor(http: httpx.AsyncClient) -> None:
    for n in range(3):
        await post(http, body(external_ref=f"W-{n}"), f"k-{n}")
    first = (await http.get("/api/orders?limit=2")).json()
    assert [row["number"] for row in first["items"]] == [10_003, 10_002]
    second = (await http.get(f"/api/orders?limit=2&after={first['next']}")).json()
    assert ([row["number"] for row in second["items"]], second["next"]) == ([10_001], None)
    row = second["items"][0]
    assert (row["customer"], row["country"], row["total_minor"]) == ("Ana Souza", "DE", 1490)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("status=authorising", [10_001]),
        ("status=ready", []),
        ("channel=web", [10_001]),
        ("channel=market", []),
        ("service=nordpost-parcel&warehouse=1", [10_001]),
        ("cutoff_until=2026-11-24T15:00:00Z", [10_001]),
        ("cutoff_until=2026-11-24T14:59:59Z", []),
        ("cutoff_from=2026-11-24T16:00:00%2B01:00", [10_001]),
    ],
)
async def test_lists_are_narrowed(http: httpx.AsyncClient, query: str, numbers: list[int]) -> None:
    await post(http, body())
    found = (await http.get(f"/api/orders?{query}")).json()
    assert [row["number"] for row in found["items"]] == numbers


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "after=-1", "status=lost", "cutoff_until=soon", "warehouse=99999",
     "cutoff_until=2026-11-24T15:00:00", f"channel={'x' * 101}", "after=99999999999999999999"],
)  # fmt: skip
async def test_a_question_that_makes_no_sense_is_told_so(http: httpx.AsyncClient, query: str) -> None:
    answer = await http.get(f"/api/orders?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
    assert answer.json()["faults"]


@pytest.mark.parametrize("path", ["/api/orders/99", "/api/orders/99/cancel", "/api/orders/99/holds",
                                  "/api/orders/99/payment/retry"])  # fmt: skip
async def test_an_order_that_is_not_there_is_404(http: httpx.AsyncClient, path: str) -> None:
    answer = await (http.get(path) if path.endswith("99") else http.post(path, json={}))
    assert (answer.status_code, answer.json()["code"]) == (404, "order_unknown"), answer.text


async def test_the_page_shows_what_other_rooms_add(shop: Shop) -> None:
    def shipments(_conn: object, order_id: UUID) -> list[str]:
        return [str(order_id)]

    captured = await shop.capture()
    async with client(shop.db, [api.router], DESK, order_sections={"shipments": shipments}) as http:
        page = (await http.get(f"/api/orders/{captured.number}")).json()
    assert page["more"] == {"shipments": [str(captured.id)]}


# --- stopping, letting go, cancelling


async def test_an_order_is_held_and_let_go(http: httpx.AsyncClient, shop: Shop) -> None:
    captured = await shop.capture(order(method="prepaid", token=""))
    path = f"/api/orders/{captured.number}"
    held = await http.post(f"{path}/holds", json={"note": "Customer calls back."})
    assert (held.status_code, held.json()["status"]) == (201, "on_hold")
    hold = held.json()["hold"]
    released = await http.post(f"{path}/holds/{hold}/release", json={"note": "She did."})
    assert (released.status_code, released.json()["status"]) == (200, "ready")
    again = await http.post(f"{path}/holds/{hold}/release", json={})
    assert (again.status_code, again.json()["code"]) == (404, "hold_unknown")
    page = (await http.get(path)).json()
    assert [(entry["what"], entry["why"]) for entry in page["timeline"][:2]] == [
        ("hold_released", "She did."), ("held", "Customer calls back."),
    ]  # fmt: skip


async def test_a_hold_is_found_only_under_its_own_order(http: httpx.AsyncClient, shop: Shop) -> None:
    one, other = await shop.capture(order("A")), await shop.capture(order("B"))
    held = await shop.do(lambda work: holds.hold(work, one.id))
    answer = await http.post(f"/api/orders/{other.number}/holds/{held}/release", json={})
    assert (answer.status_code, answer.json()["code"]) == (404, "hold_unknown")


@pytest.mark.parametrize(
    "content",
    [{"reason": "payment_declined"}, {"reason": "whim"}, {"note": "x" * 501}, {"note": "pays by 4111111111111111"},
     {"reason": 7}, {"colour": "red"}],
)  # fmt: skip
async def test_a_hold_that_makes_no_sense_is_told_so(
    http: httpx.AsyncClient, shop: Shop, content: dict[str, Any]
) -> None:
    captured = await shop.capture()
    answer = await http.post(f"/api/orders/{captured.number}/holds", json=content)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "4111" not in answer.text
    assert (await shop.page(captured.number)).holds == []


async def test_an_order_is_cancelled_once(http: httpx.AsyncClient, shop: Shop) -> None:
    captured = await shop.capture()
    path = f"/api/orders/{captured.number}/cancel"
    first, again = await http.post(path, json={"why": "too dear"}), await http.post(path, json={})
    assert (first.status_code, first.json()) == (
        200,
        {"number": captured.number, "status": "cancelled", "hold": None},
    )
    assert (again.status_code, again.json()["code"]) == (409, "cancel_too_late")


async def test_a_payment_that_is_not_declined_is_not_tried_again(http: httpx.AsyncClient, shop: Shop) -> None:
    captured = await shop.capture()
    answer = await http.post(f"/api/orders/{captured.number}/payment/retry", json={"token": "ok"})
    assert (answer.status_code, answer.json()["code"]) == (409, "move_not_allowed")


@pytest.mark.parametrize("path", ["holds/7/release", "holds/not-an-id/release"])
async def test_an_id_that_is_none_is_not_found(http: httpx.AsyncClient, shop: Shop, path: str) -> None:
    captured = await shop.capture()
    answer = await http.post(f"/api/orders/{captured.number}/{path}", json={})
    assert answer.status_code in (404, 422)
