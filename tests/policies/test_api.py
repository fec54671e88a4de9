"""Rules on the wire, on both databases: written as a draft, checked, tried, let live, and read as a procedure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from server.orders.api import holds, trials
from server.orders.api import orders as orders_api
from server.policies import api
from tests.support.shop import DESK, Shop, order
from tests.support.wire import client

DEAR: dict[str, Any] = {
    "name": {"en": "Dear", "de": "Teuer"},
    "when": "order.total_minor > 1000",
    "then": {"do": "hold", "reason": "fraud_suspected", "owner": "supervisor", "due_hours": 4},
}
ROUTERS = [api.router, trials.router, holds.router, orders_api.router]


@pytest.fixture
async def http(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with client(shop.db, ROUTERS, DESK, clock=shop.clock) as http:
        yield http


async def draft(http: httpx.AsyncClient, *rules: dict[str, Any], edition: str | None = None) -> httpx.Response:
    return await http.put("/api/policies/fraud/draft", json={"rules": list(rules), "edition": edition})


async def test_a_kind_is_written_let_live_and_read_again(http: httpx.AsyncClient) -> None:
    before = (await http.get("/api/policies/fraud")).json()
    assert (before["live"]["version"], before["draft"]) == (0, None)
    saved = await draft(http, DEAR, edition=before["live"]["edition"])
    assert (saved.status_code, saved.json()["version"], saved.json()["state"]) == (200, 1, "draft")
    assert (await http.get("/api/policies/fraud")).json()["live"]["version"] == 0, "a draft decides nothing"
    alive = await http.post(
        "/api/policies/fraud/live", json={"note": "Too many losses", "edition": saved.json()["edition"]}
    )
    assert (alive.status_code, alive.json()["state"], alive.json()["live_by"]) == (200, "live", "Sara")
    after = (await http.get("/api/policies/fraud")).json()
    assert (after["live"]["version"], after["live"]["rules"], after["draft"]) == (1, [DEAR], None)
    rows = {row["name"]: row for row in (await http.get("/api/policies")).json()["items"]}
    assert (rows["fraud"]["version"], rows["fraud"]["rules"], rows["credit"]["version"]) == (1, 1, 0)


async def test_the_procedure_is_read_in_words_from_what_is_live(http: httpx.AsyncClient) -> None:
    await draft(http, DEAR)
    await http.post("/api/policies/fraud/live", json={"note": "for a test"})
    page = (await http.get("/api/policies/fraud/page")).json()
    (step,) = page["steps"]
    assert step["when"] == {
        "en": "the order's total is more than 10.00",
        "de": "die Auftragssumme ist größer als 10,00",
    }
    assert "The shift lead looks after it within 4 h" in step["then"]["en"]
    assert "Aufheben darf: die Schichtleitung, die Administration." in step["then"]["de"]
    assert (page["version"], page["note"], page["first"]) == (1, "for a test", False)


async def test_every_fault_of_a_draft_comes_back_with_its_place_and_nothing_is_kept(http: httpx.AsyncClient) -> None:
    wrong = {**DEAR, "name": {"en": "Other"}, "when": "order.total_minor >\n  customer.nme"}
    looked = (await http.post("/api/policies/fraud/check", json={"rules": [DEAR, wrong]})).json()
    assert looked["steps"][0]["when"]["en"] == "the order's total is more than 10.00"
    (fault,) = looked["faults"]
    assert (fault["field"], fault["line"], fault["column"]) == ("rules[1].when", 2, 12)
    assert fault["en"] == "There is no customer.nme. Did you mean customer.name?"
    assert fault["de"] == "customer.nme gibt es nicht. Ist customer.name gemeint?"
    refused = await draft(http, DEAR, wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "rules_wrong")
    assert refused.json()["faults"][0]["field"] == "rules[1].when"
    assert (await http.get("/api/policies/fraud")).json()["draft"] is None


async def test_two_people_who_write_the_same_draft_do_not_overwrite_each_other(http: httpx.AsyncClient) -> None:
    opened = (await http.get("/api/policies/fraud")).json()["live"]["edition"]
    first = await draft(http, DEAR, edition=opened)
    assert first.status_code == 200
    second = await draft(http, {**DEAR, "when": "true"}, edition=opened)
    assert (second.status_code, second.json()["code"]) == (409, "changed_meanwhile")
    stale = await http.post("/api/policies/fraud/live", json={"note": "as I saw it", "edition": opened})
    assert stale.json()["code"] == "changed_meanwhile"
    assert (await draft(http, {**DEAR, "when": "true"}, edition=first.json()["edition"])).status_code == 200


async def test_a_draft_is_thrown_away_and_its_number_is_not_used_again(http: httpx.AsyncClient) -> None:
    await draft(http, DEAR)
    assert (await http.delete("/api/policies/fraud/draft")).status_code == 204
    assert (await http.delete("/api/policies/fraud/draft")).status_code == 404
    assert (await draft(http, DEAR)).json()["version"] == 2


async def test_versions_are_kept_with_who_let_them_live_and_why(http: httpx.AsyncClient) -> None:
    for at in range(3):
        await draft(http, {**DEAR, "when": f"order.lines > {at}"})
        await http.post("/api/policies/fraud/live", json={"note": f"Reason {at}"})
    first = (await http.get("/api/policies/fraud/versions?limit=2")).json()
    assert [(each["version"], each["state"], each["note"]) for each in first["items"]] == [
        (3, "live", "Reason 2"),
        (2, "retired", "Reason 1"),
    ]
    rest = (await http.get(f"/api/policies/fraud/versions?limit=2&after={first['next']}")).json()
    assert ([each["version"] for each in rest["items"]], rest["next"]) == ([1, 0], None)
    assert (await http.get("/api/policies/fraud/versions/2")).json()["rules"][0]["when"] == "order.lines > 1"
    assert (await http.get("/api/policies/fraud/versions/9")).status_code == 404


async def test_what_rules_may_speak_of_is_told_by_kind(http: httpx.AsyncClient) -> None:
    facts = {row["path"]: row for row in (await http.get("/api/policies/fraud/facts")).json()["items"]}
    assert facts["payment.score"]["what"]["en"].startswith("0 (harmless) to 100; -1")
    assert "stock.short" in facts
    routing = {row["path"] for row in (await http.get("/api/policies/routing/facts")).json()["items"]}
    assert "stock.short" not in routing


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/policies/dance", 422), ("/api/policies/fraud/versions/x", 404), ("/api/policies/dance/page", 422)],
)
async def test_a_kind_that_is_none_is_told_so(http: httpx.AsyncClient, path: str, status: int) -> None:
    assert (await http.get(path)).status_code == status


async def test_nonsense_is_a_fault_at_its_field(http: httpx.AsyncClient) -> None:
    answer = await draft(http, {**DEAR, "then": {"do": "explode"}})
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "rules[0].then.do")
    long = await draft(http, *[{**DEAR, "name": {"en": f"R{at}"}} for at in range(51)])
    assert long.status_code == 422


async def test_rules_are_tried_on_the_last_orders(http: httpx.AsyncClient, shop: Shop) -> None:
    for reference in ("A", "B"):
        await shop.capture(order(reference))
    answer = await http.post("/api/policies/fraud/trial", json={"rules": [DEAR], "orders": 1})
    assert answer.status_code == 200, answer.text
    trial = answer.json()
    assert (trial["looked_at"], trial["counts"], trial["spared"]) == (1, {"hold": 1}, 0)
    (seen,) = trial["items"][0]["because"]
    assert (seen["path"], seen["words"]["de"], seen["value"]) == ("order.total_minor", "die Auftragssumme", 1490)
    assert seen["said"] == {"en": "14.90", "de": "14,90"}
    wrong = await http.post("/api/policies/fraud/trial", json={"rules": [{**DEAR, "when": "x"}]})
    assert wrong.json()["code"] == "rules_wrong"


# --- the queue of holds


async def test_the_queue_shows_what_is_due_first_and_is_narrowed_and_paged(http: httpx.AsyncClient, shop: Shop) -> None:
    await draft(http, DEAR)
    await http.post("/api/policies/fraud/live", json={"note": "for a test"})
    for reference in ("A", "B"):
        await shop.capture(order(reference))
    await shop.capture(order("C", [("MILK", 1, 10)], shipping=0))
    queue = (await http.get("/api/holds")).json()
    assert [(each["reason"], each["owner"], each["mine"]) for each in queue["items"]] == [
        ("fraud_suspected", "supervisor", True),
        ("fraud_suspected", "supervisor", True),
        ("not_available", "desk", True),
    ]
    assert (queue["open"], queue["overdue"], queue["next"]) == (3, 0, None)
    page = (await http.get("/api/holds?limit=2")).json()
    rest = (await http.get(f"/api/holds?limit=2&after={page['next']}")).json()
    assert [each["id"] for each in (*page["items"], *rest["items"])] == [each["id"] for each in queue["items"]]
    for query, found in (
        ("reason=not_available", 1), ("owner=supervisor", 2), ("overdue=true", 0), ("escalated=true", 0),
        ("warehouse=1", 3), ("warehouse=2", 0), ("hours=1", 0),
    ):  # fmt: skip
        assert len((await http.get(f"/api/holds?{query}")).json()["items"]) == found, query
    shop.clock.advance(5 * 3600)
    assert len((await http.get("/api/holds?overdue=true")).json()["items"]) == 2
    assert len((await http.get("/api/holds?hours=5")).json()["items"]) == 3
    assert (await http.get("/api/holds?reason=nonsense")).status_code == 422


async def test_several_are_released_at_once_and_what_cannot_go_is_named(http: httpx.AsyncClient, shop: Shop) -> None:
    await draft(http, DEAR)
    await http.post("/api/policies/fraud/live", json={"note": "for a test"})
    await shop.capture(order("A"))
    await shop.capture(order("C", [("MILK", 1, 10)], shipping=0))
    ids = [each["id"] for each in (await http.get("/api/holds")).json()["items"]]
    plain = {"orders.release_hold", "orders.read"}
    async with client(shop.db, ROUTERS, DESK, may=plain, clock=shop.clock) as desk:
        shown = (await desk.get("/api/holds")).json()["items"]
        assert [each["mine"] for each in shown] == [False, True]
        unknown = "019ab4c2-8b21-7d4f-8e63-4f1b7c2d3e4f"
        answer = await desk.post("/api/holds/release", json={"holds": [*ids, unknown], "note": "All seen."})
    assert answer.status_code == 200, answer.text
    assert [(each["code"], each["status"]) for each in answer.json()["items"]] == [
        ("not_allowed", None),
        ("", "authorising"),
        ("hold_unknown", None),
    ]
    assert answer.json()["items"][2]["why"] == {
        "en": "There is no such open hold.",
        "de": "Diese Sperre gibt es nicht.",
    }
    assert (await http.get("/api/holds")).json()["open"] == 1
