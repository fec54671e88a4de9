"""Stripe, by its documented interface, against a stand-in that takes and refuses what Stripe does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from server.core.clock import ManualClock
from server.core.ids import new_id
from server.core.words import WORDS
from server.payments.adapters import stripe
from server.payments.adapters.stripe import StripeGateway
from server.payments.port import (
    Call,
    Declined,
    GatewayRefuses,
    GatewayTimeout,
    Gone,
    Kind,
    NotProved,
    Pending,
    Succeeded,
)
from tests.support.stripe import DECLINES, KEY, SECRET, VALID, FakeStripe


@pytest.fixture
def fake(clock: ManualClock) -> FakeStripe:
    return FakeStripe(clock)


@pytest.fixture
def gateway(fake: FakeStripe) -> StripeGateway:
    return StripeGateway("https://stripe.test", KEY, SECRET, transport=fake.transport)


@pytest.fixture
def ask(clock: ManualClock) -> Any:
    def made(kind: Kind = "authorise", amount: int = 1490, token: str = "cus_1/pm_visa", **more: Any) -> Call:
        values = {"key": str(new_id()), "currency": "EUR", "at": clock.now(), **more}
        return Call(kind=kind, amount_minor=amount, token=token, **values)

    return made


async def authorised(gateway: StripeGateway, call: Call) -> Succeeded:
    said = await gateway.authorise(call)
    assert isinstance(said, Succeeded)
    return said


async def test_money_is_set_aside_and_captured_later(gateway: StripeGateway, fake: FakeStripe, ask: Any) -> None:
    said = await authorised(gateway, ask())
    method, path, form = fake.requests[0]
    assert (method, path) == ("POST", "/v1/payment_intents")
    assert (form["amount"], form["currency"], form["capture_method"], form["off_session"]) == (
        "1490", "eur", "manual", "true",
    )  # fmt: skip
    assert (form["customer"], form["payment_method"]) == ("cus_1", "pm_visa")
    assert said.until == fake.clock.now() + VALID, "by its own word: capture_before"
    assert not said.many, "an account without multicapture gives once"
    taken = await gateway.capture(ask("capture", 1000, reference=said.reference))
    assert taken == Succeeded(said.reference)
    payment = fake.payments[said.reference]
    assert (payment["status"], payment["amount_received"]) == ("succeeded", 1000)
    assert await gateway.capture(ask("capture", 490, reference=said.reference)) == Declined(
        "payment_intent_unexpected_state"
    )


async def test_where_more_captures_are_allowed_parts_do_not_end_it(
    gateway: StripeGateway, fake: FakeStripe, ask: Any
) -> None:
    said = await authorised(gateway, ask(token="cus_1/pm_many"))
    assert said.many
    await gateway.capture(ask("capture", 1000, reference=said.reference, last=False))
    assert fake.payments[said.reference]["status"] == "requires_capture"
    await gateway.capture(ask("capture", 490, reference=said.reference))
    assert [amount for kind, _, amount in fake.did if kind == "capture"] == [1000, 490]
    assert fake.payments[said.reference]["status"] == "succeeded"


async def test_the_same_key_is_the_same_call_and_no_other(gateway: StripeGateway, fake: FakeStripe, ask: Any) -> None:
    call = ask()
    assert await gateway.authorise(call) == await gateway.authorise(call)
    assert len(fake.payments) == 1
    with pytest.raises(ValueError, match="another call"):
        await gateway.authorise(ask(amount=1, key=call.key))


@pytest.mark.parametrize("operation", ["authorise", "capture", "void", "refund"])
@pytest.mark.parametrize("broken", ["before", "after"])
async def test_a_stored_500_is_looked_into_and_never_charged_twice(
    gateway: StripeGateway, fake: FakeStripe, ask: Any, operation: Kind, broken: str
) -> None:
    reference = "" if operation == "authorise" else (await authorised(gateway, ask())).reference
    if operation == "refund":
        await gateway.capture(ask("capture", 1490, reference=reference))
    call = ask(operation, 0 if operation == "void" else 1490, reference=reference)
    way = getattr(gateway, operation)
    fake.broken = broken
    with pytest.raises(GatewayTimeout):
        await way(call)
    known = await gateway.status(call)
    assert isinstance(known, Succeeded) is (broken == "after")
    if broken == "before":
        assert isinstance(await way(call), Succeeded), "under the next key, since nothing came of the first"
        assert isinstance(await gateway.status(call), Succeeded)
    assert [kind for kind, _, _ in fake.did].count(operation) == 1


async def test_a_stored_500_that_left_something_behind_is_not_asked_again(
    gateway: StripeGateway, fake: FakeStripe, ask: Any
) -> None:
    call = ask()
    fake.broken = "after"
    for _ in range(3):
        with pytest.raises(GatewayTimeout):
            await gateway.authorise(call)
    assert len(fake.payments) == 1


@pytest.mark.parametrize("method", DECLINES)
async def test_a_card_that_is_declined_says_why(
    gateway: StripeGateway, fake: FakeStripe, ask: Any, method: str
) -> None:
    call = ask(token=method)
    said = await gateway.authorise(call)
    assert isinstance(said, Declined)
    assert said.reason in WORDS
    assert await gateway.status(call) == said, "the same when its answer was lost"
    found = await gateway.booked(call)
    assert found is not None
    assert found.state == "declined"


async def test_what_is_being_worked_at_is_not_known_yet(gateway: StripeGateway, fake: FakeStripe, ask: Any) -> None:
    call = ask(token="cus_1/pm_processing")
    said = await gateway.authorise(call)
    assert isinstance(said, Pending)
    fake.payments[said.reference]["status"] = "requires_capture"
    assert isinstance(await gateway.status(call), Succeeded)


async def test_a_means_that_is_kept_with_nobody_is_used_once(gateway: StripeGateway, ask: Any) -> None:
    await authorised(gateway, ask(token="pm_visa"))
    assert await gateway.reauthorise(ask("reauthorise", token="pm_visa")) == Declined("payment_method_reused")


async def test_what_is_let_go_stays_let_go_and_what_ran_out_is_gone(
    gateway: StripeGateway, clock: ManualClock, ask: Any
) -> None:
    first = await authorised(gateway, ask())
    call = ask("void", 0, reference=first.reference)
    assert isinstance(await gateway.void(call), Succeeded)
    assert isinstance(await gateway.void(ask("void", 0, reference=first.reference)), Succeeded)
    made = ask()
    second = await authorised(gateway, made)
    clock.advance((VALID + timedelta(hours=1)).total_seconds())
    assert await gateway.status(made) == Gone("authorisation expired")
    assert await gateway.capture(ask("capture", 1, reference=second.reference)) == Declined(
        "payment_intent_unexpected_state"
    )
    assert await gateway.void(ask("void", 0, reference="pi_none")) == Declined("resource_missing")


async def test_a_refund_is_no_more_than_was_taken_may_be_late_and_may_come_back(
    gateway: StripeGateway, fake: FakeStripe, ask: Any
) -> None:
    said = await authorised(gateway, ask(token="cus_1/pm_pending"))
    await gateway.capture(ask("capture", 1000, reference=said.reference))
    assert await gateway.refund(ask("refund", 1001, reference=said.reference)) == Declined("charge_already_refunded")
    call = ask("refund", 600, reference=said.reference)
    pending = await gateway.refund(call)
    assert isinstance(pending, Pending)
    fake.refunds[pending.reference]["status"] = "succeeded"
    assert await gateway.status(call) == Succeeded(pending.reference)
    fake.fail_refund(pending.reference, "lost_or_stolen_card")
    assert await gateway.status(call) == Gone("lost_or_stolen_card")


async def test_its_list_is_read_to_the_end_and_what_was_let_go_is_no_refund(
    gateway: StripeGateway, fake: FakeStripe, clock: ManualClock, ask: Any
) -> None:
    for _ in range(130):
        await authorised(gateway, ask(amount=100))
    said = await authorised(gateway, ask(amount=1000))
    await gateway.capture(ask("capture", 600, reference=said.reference))
    await gateway.refund(ask("refund", 200, reference=said.reference))
    since, until = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)
    first = await gateway.books(since, until, None)
    rest = await gateway.books(since, until, first.next)
    assert (len(first.items), len(rest.items), rest.next) == (100, 31, None)
    booked = next(each for each in first.items if each.reference == said.reference)
    assert (booked.state, booked.authorised_minor, booked.captured_minor, booked.refunded_minor) == (
        "closed", 1000, 600, 200,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("currency", "ours", "theirs"),
    [("EUR", 1490, 1490), ("JPY", 1490, 1490), ("KWD", 1490, 1490), ("ISK", 15, 1500), ("MGA", 1500, 15)],
)
async def test_an_amount_is_counted_as_stripe_counts_it(
    gateway: StripeGateway, fake: FakeStripe, ask: Any, currency: str, ours: int, theirs: int
) -> None:
    call = ask(amount=ours, currency=currency)
    await authorised(gateway, call)
    assert fake.did[-1][2] == theirs
    found = await gateway.booked(call)
    assert found is not None
    assert found.authorised_minor == ours


async def test_an_amount_that_does_not_exist_there_is_not_guessed(
    gateway: StripeGateway, fake: FakeStripe, ask: Any
) -> None:
    assert await gateway.authorise(ask(amount=1501, currency="MGA")) == Declined("amount_not_payable")
    assert fake.requests == []


async def test_a_wrong_key_is_no_answer_about_the_money(fake: FakeStripe, ask: Any) -> None:
    gateway = StripeGateway("https://stripe.test", "sk_test_wrong", transport=fake.transport)
    with pytest.raises(GatewayRefuses) as caught:
        await gateway.authorise(ask())
    assert "sk_test" not in str(caught.value)


@pytest.mark.parametrize("answer", [httpx.Response(429), httpx.Response(409), httpx.Response(200, text="<html>")])
async def test_what_says_nothing_is_no_answer(ask: Any, answer: httpx.Response) -> None:
    gateway = StripeGateway("https://stripe.test", KEY, transport=httpx.MockTransport(lambda _request: answer))
    with pytest.raises(GatewayTimeout):
        await gateway.authorise(ask())


# --- what it says by itself


async def test_an_event_is_taken_only_signed_and_just_now(
    gateway: StripeGateway, fake: FakeStripe, clock: ManualClock, ask: Any
) -> None:
    call = ask()
    said = await authorised(gateway, call)
    headers, body = fake.event("payment_intent.amount_capturable_updated", fake.payments[said.reference])
    news = gateway.news(headers, body, clock.now())
    assert (news.id, news.known, news.keys, news.references) == ("evt_1", True, (call.key,), (said.reference,))
    forged = {"Stripe-Signature": headers["Stripe-Signature"][:-1] + "x"}
    for wrong, content in ((forged, body), (headers, body + b" "), ({}, body), ({"Stripe-Signature": "t=,v1="}, body)):
        with pytest.raises(NotProved):
            gateway.news(wrong, content, clock.now())
    with pytest.raises(NotProved, match="too old"):
        gateway.news(headers, body, clock.now() + timedelta(seconds=301))
    rotated = {"Stripe-Signature": headers["Stripe-Signature"].replace(",v1=", ",v1=00,v0=11,v1=")}
    assert gateway.news(rotated, body, clock.now()) == news
    with pytest.raises(NotProved, match="no secret"):
        StripeGateway("https://stripe.test", KEY).news(headers, body, clock.now())


async def test_events_of_charges_and_refunds_name_their_payment_and_others_nobody(
    gateway: StripeGateway, fake: FakeStripe, clock: ManualClock
) -> None:
    about = {"id": "ch_1", "object": "charge", "payment_intent": "pi_9", "metadata": {}}
    for kind in ("charge.captured", "charge.expired", "refund.failed", "charge.refund.updated"):
        news = gateway.news(*fake.event(kind, about), clock.now())
        assert (news.known, news.keys, news.references) == (True, (), ("pi_9",))
    news = gateway.news(*fake.event("customer.created", {"id": "cus_1"}), clock.now())
    assert (news.known, news.references) == (False, ())


def test_what_it_may_say_no_for_has_words() -> None:
    reasons = {"amount_too_large", "charge_expired_for_capture", "expired_card", "generic_decline", "resource_missing"}
    assert reasons | {"authorisation expired", "amount_not_payable", "refund_failed"} <= WORDS.keys()
    assert stripe.PATIENCE < 5
