"""Money on the wire: moved once, refused with what was wanted, compared to the last cent."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from server.core.clock import ManualClock
from server.customers.models import customer
from server.db.database import Database
from server.orders.api import orders as orders_api
from server.orders.schemas.captures import Customer
from server.payments import api
from server.payments.adapters.sandbox import FILE, SandboxGateway
from server.payments.adapters.signature import signed
from server.payments.models import payment_intent, payment_news
from server.payments.port import Call, GatewayTimeout
from server.payments.reconciler import Reconciler
from server.payments.worker import Gateways, PaymentWorker
from tests.support.shop import DESK, REACTIONS, Shop, build, order
from tests.support.wire import client

SECRET = "a-secret-of-the-sandbox"
NEWS = "/api/payments/webhooks/sandbox"


class Desk:
    """The desk, its gateway and who compares."""

    def __init__(self, http: httpx.AsyncClient, shop: Shop, gateway: SandboxGateway) -> None:
        self.http, self.shop, self.gateway = http, shop, gateway
        self.gateways = Gateways({"sandbox": gateway}, "sandbox")
        self.worker = PaymentWorker(shop.db, self.gateways, shop.clock)

    async def post(self, path: str, body: Any, key: str = "k-1") -> httpx.Response:
        return await self.http.post(path, json=body, headers={"Idempotency-Key": key})

    async def money(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = (await self.http.get(f"/api/orders/{number}/payment")).json()
        return found

    async def tell(self, body: bytes, header: str | None = None) -> httpx.Response:
        proof = signed(SECRET, body, self.shop.clock.now()) if header is None else header
        return await self.http.post(NEWS, content=body, headers={"Sandbox-Signature": proof})

    async def compare(self, reconciler: Reconciler | None = None) -> dict[str, Any]:
        now = self.shop.clock.now()
        times = {"since": (now - timedelta(days=30)).isoformat(), "until": (now + timedelta(days=1)).isoformat()}
        begun = await self.http.post("/api/payments/reconciliations", json=times)
        assert (begun.status_code, begun.json()["state"]) == (201, "running"), begun.text
        await (reconciler or Reconciler(self.shop.db, self.gateways.by_name, self.shop.clock, pause=0)).step()
        found: dict[str, Any] = (await self.http.get(f"/api/payments/reconciliations/{begun.json()['id']}")).json()
        return found

    async def lines(self, run: dict[str, Any], **asked: Any) -> dict[str, Any]:
        at = f"/api/payments/reconciliations/{run['id']}/lines"
        found: dict[str, Any] = (await self.http.get(at, params=asked)).json()
        return found


@pytest.fixture
async def desk(
    open_database: Callable[..., Awaitable[Database]], clock: ManualClock, tmp_path: Path
) -> AsyncIterator[Desk]:
    shop = await build(await open_database(reactions=REACTIONS), clock)
    gateway = SandboxGateway(tmp_path / FILE, clock, SECRET)
    gateways = Gateways({"sandbox": gateway}, "sandbox")
    routers = [orders_api.router, api.orders_router, api.customers_router, api.router]
    async with client(shop.db, routers, DESK, clock=clock, gateways=gateways) as http:
        yield Desk(http, shop, gateway)


# --- the desk


async def test_money_that_came_is_taken_in_once_however_often_it_is_sent(desk: Desk) -> None:
    captured = await desk.shop.capture(order(method="prepaid", token="", received=False))
    at = f"/api/orders/{captured.number}/payment/received"
    first, again = await desk.post(at, {"amount_minor": 1000}), await desk.post(at, {"amount_minor": 1000})
    assert (first.status_code, first.json()) == (200, again.json())
    assert first.json() == {"number": captured.number, "amount_minor": 1000, "status": "unpaid"}
    reused = await desk.post(at, {"amount_minor": 1})
    assert (reused.status_code, reused.json()["code"]) == (422, "key_reused")
    assert (await desk.post(at, {}, "k-2")).json() == {
        "number": captured.number, "amount_minor": 490, "status": "ready",
    }  # fmt: skip
    money = await desk.money(captured.number)
    assert (money["state"], money["received_minor"], money["awaited_minor"]) == ("captured", 1490, 0)
    assert [step["amount_minor"] for step in money["journal"]] == [490, 1000]


async def test_a_refund_needs_a_reason_and_an_amount_that_is_there(desk: Desk) -> None:
    captured = await desk.shop.capture(order(method="cash", token=""))
    at = f"/api/orders/{captured.number}/payment/refunds"
    assert (await desk.post(at, {"note": ""})).status_code == 422
    assert (await desk.post(at, {"amount_minor": 0, "note": "x"})).status_code == 422
    card = await desk.post(at, {"note": "4111 1111 1111 1111"}, "k-2")
    assert card.json()["faults"][0]["field"] == "note"
    much = await desk.post(at, {"amount_minor": 1491, "note": "All."}, "k-3")
    assert (much.status_code, much.json()["faults"][0]["wanted"]) == (422, "at most 14.90 EUR")
    assert (await desk.post(at, {"note": "All."}, "k-4")).json()["amount_minor"] == 1490
    assert (await desk.post(at, {"note": "All."}, "k-5")).json()["code"] == "nothing_to_refund"
    headless = await desk.http.post(at, json={"note": "x"})
    assert headless.status_code in (400, 422)


async def test_what_has_to_go_back_by_hand_is_said_to_have_gone(desk: Desk) -> None:
    captured = await desk.shop.capture(order(method="prepaid", token=""))
    await desk.http.post(f"/api/orders/{captured.number}/cancel", json={})
    step = (await desk.money(captured.number))["journal"][0]
    assert step["by_hand"]
    at = f"/api/orders/{captured.number}/payment/refunds/{step['id']}/paid"
    assert (await desk.http.post(at)).json()["amount_minor"] == 1490
    assert (await desk.http.post(at)).json()["code"] == "refund_unknown"


async def test_credit_accounts_are_paged_and_checked(desk: Desk) -> None:
    for name in ("c", "a", "b"):
        put = await desk.http.put(f"/api/payments/accounts/{name}@example.com", json={"days": 30, "currency": "EUR"})
        assert (put.status_code, put.json()["email"]) == (200, f"{name}@example.com")
    first = (await desk.http.get("/api/payments/accounts?limit=2")).json()
    assert [each["email"][0] for each in first["items"]] == ["a", "b"]
    rest = (await desk.http.get(f"/api/payments/accounts?after={first['next']}")).json()
    assert ([each["email"][0] for each in rest["items"]], rest["next"]) == (["c"], None)
    wrong = await desk.http.put("/api/payments/accounts/nobody", json={"days": 30, "currency": "XXX"})
    assert [fault["field"] for fault in wrong.json()["faults"]] == ["email", "currency"]


@pytest.mark.parametrize("email", ["ana@example", "a@b@example.com", "a%20b@example.com", "ana%0A.@example.com"])
async def test_whoever_could_not_be_mailed_is_not_made_a_customer_by_their_terms(desk: Desk, email: str) -> None:
    wrong = await desk.http.put(f"/api/payments/accounts/{email}", json={"days": 30, "currency": "EUR"})
    assert [fault["field"] for fault in wrong.json()["faults"]] == ["email"]
    assert await desk.shop.ask(sa.select(customer.c.id)) == []


async def test_terms_are_agreed_with_a_customer_who_has_no_mail_address(desk: Desk) -> None:
    dialled = Customer(name="Ana Souza", email="", phone="+49 30 231250", language="de")
    await desk.shop.capture(order(method="invoice", token="", customer=dialled))
    ((whose,),) = await desk.shop.ask(sa.select(customer.c.id))
    at, terms = f"/api/customers/{whose}/account", {"days": 10, "currency": "EUR", "limit_minor": 5_000}
    made = (await desk.http.put(at, json=terms)).json()
    assert (made["email"], made["days"], made["limit_minor"], made["version"]) == ("+4930231250", 10, 5_000, 1)
    assert made["owing_minor"] == 1490, "what was ordered before counts"
    assert (await desk.http.put(at, json=terms)).json()["code"] == "changed_meanwhile"
    more = await desk.http.put(at, json={"days": 20, "currency": "EUR", "version": 1})
    assert (more.json()["days"], more.json()["limit_minor"]) == (20, None)
    wrong = await desk.http.put(at, json={"days": 20, "currency": "XXX", "version": 2})
    assert [(each["field"], each["got"]) for each in wrong.json()["faults"]] == [("currency", "XXX")]
    nobody = await desk.http.put(f"/api/customers/{UUID(int=1)}/account", json=terms)
    assert (nobody.status_code, nobody.json()["code"]) == (404, "customer_unknown")


async def test_terms_are_ended_with_a_customer(desk: Desk) -> None:
    put = await desk.http.put("/api/payments/accounts/ana@example.com", json={"days": 30, "currency": "EUR"})
    at = f"/api/customers/{put.json()['customer']}/account/end"
    assert (await desk.http.post(at, json={"version": 7})).json()["code"] == "changed_meanwhile"
    ended = await desk.http.post(at, json={"version": 1})
    assert (ended.status_code, ended.json()["version"], ended.json()["ended_at"]) == (200, 2, "2026-11-24T08:00:00Z")
    captured = await desk.shop.capture(order(method="invoice", token=""))
    assert (captured.status, captured.holds) == ("on_hold", ["terms_ended"])
    nobody = await desk.http.post(f"/api/customers/{UUID(int=1)}/account/end", json={"version": 1})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "customer_unknown")


async def test_a_hold_of_credit_is_released_only_by_who_may_give_it(desk: Desk) -> None:
    new = {"days": 30, "currency": "EUR", "limit_minor": 1}
    await desk.http.put("/api/payments/accounts/ana@example.com", json=new)
    captured = await desk.shop.capture(order(method="invoice", token=""))
    assert (captured.status, captured.holds) == ("on_hold", ["credit_exceeded"]), "whoever sent it reads it at once"
    (hold,) = (await desk.shop.page(captured.number)).holds
    at = f"/api/orders/{captured.number}/holds/{hold.id}/release"
    async with client(desk.shop.db, [orders_api.router], DESK, may=["orders.release_hold"]) as sara:
        refused = await sara.post(at, json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (await desk.http.post(at, json={})).json()["status"] == "ready"


async def test_whoever_changes_an_order_reads_at_once_that_it_waits_for_its_money_again(desk: Desk) -> None:
    captured = await desk.shop.capture(order(method="prepaid", token=""))
    more = {"lines": [{"sku": "TEA", "quantity": 1, "price_minor": 100}]}
    async with client(desk.shop.db, [orders_api.router], DESK) as sara:
        at = f"/api/orders/{captured.number}"
        for way, body, status in (("items", more, "unpaid"), ("lines/2/cancel", {}, "ready")):
            said = await sara.post(f"{at}/{way}", json=body, headers={"Idempotency-Key": way})
            assert (said.json()["status"], (await desk.shop.page(captured.number)).status) == (status, status)


# --- what gateways say


async def test_what_a_gateway_says_is_taken_signed_once_and_never_believed(desk: Desk) -> None:
    captured = await desk.shop.capture()
    await desk.worker.step()
    ((intent,),) = await desk.shop.ask(sa.select(payment_intent.c.id))
    body = json.dumps({"id": "n-1", "type": "call.answered", "key": str(intent), "amount": 1}).encode()
    header = signed(SECRET, body, desk.shop.clock.now())
    assert (await desk.tell(body, header)).json() == {"state": "taken"}
    assert (await desk.tell(body, header)).json() == {"state": "taken"}
    for wrong in ("", "t=1", header[:-1] + "x", signed("another secret here", body, desk.shop.clock.now())):
        refused = await desk.tell(body, wrong)
        assert (refused.status_code, refused.json()["code"]) == (401, "news_not_proved")
    desk.shop.clock.advance(301)
    assert (await desk.tell(body, header)).status_code == 401, "played again later"
    unknown = json.dumps({"id": "n-2", "type": "payout.paid"}).encode()
    assert (await desk.tell(unknown)).json() == {"state": "ignored"}
    assert len(await desk.shop.ask(sa.select(payment_news.c.id))) == 2
    assert (await desk.http.post("/api/payments/webhooks/paypal", content=b"{}")).json()["code"] == "gateway_unknown"
    assert (await desk.money(captured.number))["state"] == "authorised"


# --- compared


async def test_what_both_sides_say_is_the_same_and_what_differs_is_named(desk: Desk) -> None:
    paid = []
    for n in range(5):
        captured = await desk.shop.capture(order(f"R-{n}", [("HONEY", 1, 500)]))
        paid.append(captured.number)
        await desk.worker.step()
    await desk.shop.capture(order("declined", [("TEA", 1, 1)], token="decline"))
    await desk.worker.step()
    await desk.shop.capture(order("under way", [("TEA", 1, 1)], token="timeout-once"))
    await desk.worker.step()
    run = await desk.compare()
    assert (run["state"], run["differences"]) == ("done", 0)
    assert run["counts"] == {
        "same": 6, "under_way": 1, "missing_there": 0, "missing_here": 0, "other_amount": 0, "other_state": 0,
    }  # fmt: skip
    desk.shop.clock.advance(11)
    await desk.worker.step()
    intents = [row[0] for row in await desk.shop.ask(sa.select(payment_intent.c.id).order_by(payment_intent.c.id))]
    await _meddle(desk, intents)
    run = await desk.compare()
    assert (run["state"], run["differences"]) == ("done", 4)
    found = {line["verdict"]: line for line in (await desk.lines(run))["items"]}
    assert found["missing_here"]["theirs"]["authorised_minor"] == 777
    assert (found["missing_there"]["order_number"], found["missing_there"]["theirs"]) == (paid[0], None)
    assert found["other_amount"]["order_number"] == paid[1]
    assert (found["other_amount"]["ours"]["captured_minor"], found["other_amount"]["theirs"]["captured_minor"]) == (
        0, 300,
    )  # fmt: skip
    assert (found["other_state"]["ours"]["state"], found["other_state"]["theirs"]["state"]) == ("open", "closed")
    first = await desk.lines(run, limit=3)
    rest = await desk.lines(run, limit=3, after=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (3, 1, None)
    assert len((await desk.lines(run, verdict="same"))["items"]) == 4
    assert (await desk.http.get(f"/api/payments/reconciliations/{run['id']}/lines?verdict=x")).status_code == 422


async def _meddle(desk: Desk, intents: list[UUID]) -> None:
    """The gateway forgets one payment, has one that is not ours, took of one, and let one go."""

    def call(kind: Any, key: str, amount: int = 0, reference: str = "") -> Call:
        return Call(kind=kind, key=key, amount_minor=amount, currency="EUR", token="ok", reference=reference,
                    at=desk.shop.clock.now())  # fmt: skip

    await desk.gateway.authorise(call("authorise", "0" * 8, 777))
    await desk.gateway.capture(call("capture", "1" * 8, 300, f"sandbox-{intents[1]}"))
    await desk.gateway.void(call("void", "2" * 8, 0, f"sandbox-{intents[2]}"))
    desk.gateway.records()
    desk.gateway._records.pop(str(intents[0]))


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [("0001-01-01T00:00:00Z", "2026-11-24T00:00:00Z", "since"), ("2026-11-24T00:00:00", "2026-11-25T00:00:00", "since"),
     ("2026-11-24T00:00:00Z", "9999-12-31T23:59:59-14:00", "until")],
)  # fmt: skip
async def test_a_time_that_no_clock_shows_is_not_compared(desk: Desk, since: str, until: str, field: str) -> None:
    answer = await desk.http.post("/api/payments/reconciliations", json={"since": since, "until": until})
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, field)
    assert (await desk.http.get("/api/payments/reconciliations")).json()["items"] == []


async def test_a_gateway_that_does_not_answer_breaks_a_comparison_off_and_says_so(desk: Desk) -> None:
    class Silent(SandboxGateway):
        async def books(self, *_asked: Any) -> Any:
            raise GatewayTimeout("no answer")

    silent = Silent(desk.gateway._books, desk.shop.clock)
    run = await desk.compare(Reconciler(desk.shop.db, {"sandbox": silent}, desk.shop.clock, pause=0))
    assert (run["state"], run["differences"]) == ("failed", 0)
    listed = (await desk.http.get("/api/payments/reconciliations?limit=1")).json()
    assert ([each["state"] for each in listed["items"]], listed["gateways"]) == (["failed"], ["sandbox"])
    at = "/api/payments/reconciliations"
    backwards = {"since": "2026-11-24T00:00:00Z", "until": "2026-11-23T00:00:00Z"}
    assert (await desk.http.post(at, json=backwards)).json()["faults"][0]["field"] == "until"
    strange = {"since": "2026-11-23T00:00:00Z", "until": "2026-11-24T00:00:00Z", "gateway": "paypal"}
    assert (await desk.http.post(at, json=strange)).json()["code"] == "gateway_unknown"
    assert (await desk.http.get(f"{at}/00000000-0000-0000-0000-000000000000")).json()["code"] == "run_unknown"
