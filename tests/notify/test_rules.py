"""Which event is which moment, and what follows from an answer."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from server.notify import rules
from server.notify.rules import Answer, Happened, Moment


def moment(event: str, **said: object) -> Moment | None:
    return rules.moment(Happened(event, 1, 7, UUID(int=9), said))


@pytest.mark.parametrize(("found", "milestone", "occasion"), [
    (moment("order.captured"), "confirmed", "captured"),
    (moment("payment.answered", kind="refund", state="succeeded", intent="i"), "refunded", "refunded:i"),
    (moment("payment.answered", kind="capture", state="declined", intent="i"), "payment_declined", "declined:i"),
    (moment("order.held", reason="address_doubtful", hold="h"), "held", "held:h"),
    (moment("order.repromised", day="2026-12-04"), "repromised", "promised:7"),
    (moment("order.repromised", day=None), "short", "promised:7"),
    (moment("line.backordered", line="l"), "short", "short:l"),
    (moment("order.edited", what="units"), "changed", f"units:{UUID(int=9)}"),
    (moment("order.cancelled"), "cancelled", "cancelled"),
    (moment("shipment.closed", shipment="s"), "shipped", "shipped:s"),
])  # fmt: skip
def test_an_event_is_a_moment(found: Moment | None, milestone: str, occasion: str) -> None:
    assert found is not None
    assert (found.milestone, found.occasion) == (milestone, occasion)


def test_what_is_nobodys_business_is_no_moment() -> None:
    assert moment("payment.answered", kind="authorise", state="succeeded", intent="i") is None
    assert moment("order.held", reason="fraud_suspected", hold="h") is None
    assert moment("order.edited", what="address") is None


def now(found: Moment | None, **changes: object) -> str | None:
    assert found is not None
    state = {"status": "ready", "payment": "authorised", "split": "ship_available", "waits": False, **changes}
    told = rules.told_now(found, **state)  # type: ignore[arg-type]
    return None if told is None else told.milestone


def test_an_order_is_told_as_it_stands_by_now() -> None:
    captured = moment("order.captured")
    assert (now(captured), now(captured, waits=True), now(captured, status="cancelled")) == ("confirmed", "short", None)
    declined = moment("payment.answered", kind="authorise", state="declined", intent="i")
    assert (now(declined), now(declined, payment="declined")) == (None, "payment_declined")
    short = moment("line.backordered", line="l")
    assert (now(short), now(short, split="ship_complete")) == (None, "short")
    cancelled = moment("order.cancelled")
    assert (now(cancelled, status="cancelled"), now(cancelled, status="cancelled", merged=True)) == ("cancelled", None)


def test_what_is_refused_for_now_is_tried_again_for_most_of_a_day_and_a_test_once() -> None:
    waits = [rules.judge(Answer("later"), tries, 0.0, test=False) for tries in range(1, len(rules.WAITS) + 2)]
    assert [each.trigger for each in waits] == ["postpone"] * len(rules.WAITS) + ["give_up"]
    assert timedelta(hours=20) < sum((each.after or timedelta() for each in waits), timedelta()) < timedelta(days=1)
    assert rules.judge(Answer("later"), 1, 0.0, test=True).trigger == "give_up"
    assert [rules.judge(Answer(each), 1, 0.0, test=False).trigger for each in ("sent", "never", "unsure")] == [
        "deliver", "give_up", "lose",
    ]  # fmt: skip
