"""What is configured decides about orders: each action, each moment, and what stays on the order. On both databases."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest

from server.auth.gate import Caller
from server.core.refusal import Refusal
from server.core.words import worded
from server.db.work import Work
from server.orders.models import order as orders_table
from server.orders.models import promise
from server.orders.promiser import Promiser
from server.orders.schemas.captures import NewPayment
from server.orders.service import captures, decisions, holds, lookup, money, search, trials
from server.orders.worker import HoldWatch
from server.policies import service as policies
from server.policies.rules import Action, Both, Choose, Hold, Pass, Refuse, Route, Rule, Service, Tag
from server.policies.schemas import GoLive, NewDraft
from tests.support.shop import DESK, Shop, order

FRAUD = Hold(reason="fraud_suspected", owner="supervisor", due_hours=4)


async def live(shop: Shop, kind: str, *made: tuple[str, Action]) -> None:
    """These conditions and actions decide from now on."""
    rules = [Rule(Both(f"Rule {at}", f"Regel {at}"), when, then) for at, (when, then) in enumerate(made)]
    await shop.do(partial(policies.save, kind=kind, new=NewDraft(rules=rules)))
    await shop.do(partial(policies.go_live, kind=kind, new=GoLive(note="for a test")))


# --- capture: each action


async def test_a_rule_holds_with_its_reason_its_owner_and_its_time(shop: Shop) -> None:
    await live(shop, "fraud", ("order.total_minor > 1000", FRAUD))
    captured = await shop.capture()
    page = await shop.page(captured.number)
    (hold,) = page.holds
    assert (captured.status, captured.holds) == ("on_hold", ["fraud_suspected"])
    assert (hold.reason, hold.owner, hold.due_at) == (
        "fraud_suspected",
        "supervisor",
        shop.clock.now() + timedelta(hours=4),
    )
    assert hold.rule == {"kind": "fraud", "version": 1, "name": {"en": "Rule 0", "de": "Regel 0"}}
    (spoke,) = page.decisions
    assert (spoke.kind, spoke.version, spoke.rule.en, spoke.moment) == ("fraud", 1, "Rule 0", "capture")
    assert [(each.path, each.value) for each in spoke.because] == [("order.total_minor", 1490)]
    told = next(each for each in page.timeline if each.what == "held_by_rule")
    assert told.en == "Held by the rule “Rule 0” (Fraud signals, version 1): It looks like fraud."
    assert told.de == "Gesperrt durch die Regel „Regel 0“ (Betrugszeichen, Version 1): Er sieht nach Betrug aus."


async def test_a_rule_refuses_with_its_words_and_nothing_is_kept(shop: Shop) -> None:
    await live(shop, "compliance", ("destination.country == 'DE'", Refuse(words=Both("Not to Germany."))))
    with pytest.raises(Refusal, match="Not to Germany") as caught:
        await shop.capture()
    assert caught.value.code == "order_refused"
    assert worded(caught.value.params, "de")["reason"] == "Not to Germany."
    assert await shop.ask(orders_table.select()) == []


async def test_a_rules_refusal_is_said_in_the_words_it_has_in_the_readers_language(shop: Shop) -> None:
    words = Both("Not to Germany.", "Nicht nach Deutschland.")
    await live(shop, "compliance", ("destination.country == 'DE'", Refuse(words=words)))
    with pytest.raises(Refusal) as caught:
        await shop.capture()
    assert worded(caught.value.params, "en")["reason"] == "Not to Germany."
    assert worded(caught.value.params, "de")["reason"] == "Nicht nach Deutschland."


async def test_a_rule_marks_and_the_order_goes_on(shop: Shop) -> None:
    await live(shop, "accuracy", ("true", Tag(text="gift-wrap")), ("order.lines == 1", Tag(text="single")))
    captured = await shop.capture()
    page = await shop.page(captured.number)
    assert (page.tags, page.status) == (["gift-wrap", "single"], "authorising")
    assert [each.en for each in page.timeline if each.what == "tagged"]
    found = await shop.db.read(lambda conn: search.page(conn, "gift-wrap", (), {}, 5))
    assert [each.number for each in found.rows] == [captured.number]


async def test_a_rule_lets_pass_what_another_would_hold(shop: Shop) -> None:
    await live(shop, "fraud", ("customer.email_domain == 'example.com'", Pass()), ("true", FRAUD))
    assert (await shop.capture()).holds == []


async def test_a_rule_chooses_the_service_and_the_cut_off_follows(shop: Shop) -> None:
    await live(shop, "routing", ("order.units == 2", Service(code="blitz-express")))
    captured = await shop.capture()
    page = await shop.page(captured.number)
    assert page.service == "blitz-express"
    assert page.cutoff_at.astimezone(shop.clock.now().tzinfo).minute == 30
    assert any("blitz-express" in each.en for each in page.timeline if each.what == "service_chosen")


async def test_a_rule_routes_what_asked_for_no_warehouse(shop: Shop) -> None:
    await live(shop, "routing", ("order.warehouse == 0", Route(warehouse=1)))
    page = await shop.page((await shop.capture()).number)
    assert page.warehouse == 1
    assert [each.what for each in page.timeline if each.what == "routed"]


@pytest.mark.parametrize("then", [Route(warehouse=7), Service(code="nobody")], ids=["warehouse", "service"])
async def test_a_way_that_is_none_holds_the_order_and_names_the_rule(shop: Shop, then: Any) -> None:
    await live(shop, "routing", ("true", then))
    captured = await shop.capture()
    assert captured.holds == ["rule_broken"]
    (hold,) = (await shop.page(captured.number)).holds
    assert hold.rule is not None
    assert (hold.rule["kind"], hold.rule["name"]["en"], "no" in hold.detail["broken"]) == ("routing", "Rule 0", True)


async def test_a_rule_that_breaks_holds_the_order_and_says_why(shop: Shop) -> None:
    await live(shop, "credit", ("order.total_minor / customer.orders > 5", FRAUD))
    captured = await shop.capture()
    (hold,) = (await shop.page(captured.number)).holds
    assert (hold.reason, hold.detail["broken"]) == ("rule_broken", "it divides by nought")
    assert hold.detail["because"] == {"customer.orders": 0, "order.total_minor": 1490}


async def test_a_short_order_waits_until_it_is_whole_where_a_rule_says_so(shop: Shop) -> None:
    await live(shop, "backorder", ("stock.short", Choose(policy="ship_complete")))
    await live(shop, "availability")
    whole, short = await shop.capture(order("A")), await shop.capture(order("B", [("HONEY", 9, 500)]))
    assert (await shop.page(whole.number)).split == "ship_available"
    assert (await shop.page(short.number)).split == "ship_complete"
    assert short.holds == [], "nothing holds what is short where no rule does"


async def test_units_are_promised_when_the_payment_is_good_where_a_rule_says_so(shop: Shop) -> None:
    await live(shop, "reservation", ("payment.method == 'card'", Choose(policy="when_paid")))
    captured = await shop.capture()
    (row,) = await shop.ask(promise.select())
    assert (row.quantity, row.promised_on, row.asleep) == (2, None, True)
    assert await Promiser(shop.db, shop.clock).step() == 0
    await shop.do(lambda work: money.record(work, captured.id, "authorised", "payment_authorised", {"amount": "1"}))
    (row,) = await shop.ask(promise.select())
    assert (row.quantity, row.promised_on is None, row.asleep) == (2, False, False)
    assert (await shop.page(captured.number)).status == "ready"


# --- what they know of earlier orders


async def test_rules_know_the_customers_earlier_orders_and_no_others(shop: Shop) -> None:
    await live(shop, "fraud", ("customer.orders_hour >= 2", FRAUD))
    await live(shop, "credit", ("customer.open_minor > 0 && customer.oldest_open_days >= 3", FRAUD))
    invoice = NewPayment(method="invoice")
    other = msgspec.structs.replace(order().customer, email="other@example.com")
    assert (await shop.capture(order("1", payment=invoice))).holds == []
    assert (await shop.capture(order("2", customer=other))).holds == []
    assert (await shop.capture(order("3"))).holds == []
    assert (await shop.capture(order("4"))).holds == ["fraud_suspected"]
    shop.clock.advance(timedelta(days=4).total_seconds())
    assert (await shop.capture(order("5"))).holds == ["fraud_suspected"], "the invoice of four days ago is open"


# --- later moments


async def test_the_gateways_score_is_looked_at_when_it_is_there(shop: Shop) -> None:
    captured = await shop.capture()
    assert captured.holds == []
    status = await shop.do(
        lambda work: money.record(work, captured.id, "authorised", "payment_authorised", {"amount": "1"}, score=88)
    )
    page = await shop.page(captured.number)
    assert status == "on_hold"
    assert [(each.reason, each.rule is not None) for each in page.holds] == [("fraud_suspected", True)]
    assert [(each.moment, each.rule.en) for each in page.decisions] == [("payment", "The gateway warns")]


async def test_what_a_person_has_released_is_not_held_again_by_the_same_rule(shop: Shop) -> None:
    await live(shop, "fraud", ("order.total_minor > 1000", FRAUD))
    captured = await shop.capture()
    (hold,) = (await shop.page(captured.number)).holds
    await shop.do(partial(holds.release, hold_id=hold.id, note="known"))
    await shop.do(lambda work: money.record(work, captured.id, "authorised", "payment_authorised", {"amount": "1"}))
    page = await shop.page(captured.number)
    assert (page.status, len(page.holds)) == ("ready", 1)


async def test_before_the_floor_an_order_is_looked_at_once_more(shop: Shop) -> None:
    look = Hold(reason="look_before_release", owner="supervisor", due_hours=2)
    await live(shop, "release", ("order.total_minor > 1000 && payment.authorised", look))
    captured = await shop.capture(order(method="prepaid", token=""))
    assert (await shop.db.read(lambda conn: decisions.stopped(conn, [captured.id]))) == {captured.id: look.reason}

    def again(work: Work) -> bool:
        return decisions.again(work, lookup.order_of(work.conn, captured.id), "release")

    assert await shop.do(again)
    assert (await shop.page(captured.number)).status == "on_hold"
    (hold,) = (await shop.page(captured.number)).holds
    await shop.do(partial(holds.release, hold_id=hold.id))
    assert not await shop.do(again), "once looked at, it goes"
    assert await shop.db.read(lambda conn: decisions.stopped(conn, [captured.id])) == {}


# --- holds


async def test_a_hold_that_nobody_decides_about_is_escalated_once_and_after_a_restart_too(shop: Shop) -> None:
    await live(shop, "fraud", ("true", FRAUD))
    captured = await shop.capture()
    assert await HoldWatch(shop.db, shop.clock).step() == 0
    shop.clock.advance(timedelta(hours=4).total_seconds())
    assert await HoldWatch(shop.db, shop.clock).step() == 1
    assert await HoldWatch(shop.db, shop.clock).step() == 0, "another watch, as after a restart"
    page = await shop.page(captured.number)
    assert page.holds[0].escalated_at == shop.clock.now()
    assert [each.en for each in page.timeline if each.what == "hold_escalated"] == [
        "Nobody has decided in time: It looks like fraud."
    ]


async def test_a_hold_for_fraud_is_not_released_by_who_may_release_only_plain_ones(shop: Shop) -> None:
    await live(shop, "fraud", ("true", FRAUD))
    captured = await shop.capture()
    (hold,) = (await shop.page(captured.number)).holds
    desk, lead = (Caller(DESK, frozenset({each})) for each in ("orders.release_hold", "orders.release_guarded"))
    with pytest.raises(Refusal, match="not_allowed"):
        await shop.do(partial(holds.release, hold_id=hold.id, need=desk.need))
    status = await shop.do(partial(holds.release, hold_id=hold.id, need=lead.need))
    assert status == "authorising"


# --- versions and trials


async def test_a_decision_names_the_version_that_was_live_then(shop: Shop) -> None:
    await live(shop, "fraud", ("true", FRAUD))
    first = await shop.capture(order("A"))
    await live(shop, "fraud", ("order.lines == 1", FRAUD))
    second = await shop.capture(order("B"))
    versions = [(await shop.page(each.number)).decisions[0].version for each in (first, second)]
    assert versions == [1, 2]


async def test_a_trial_says_what_rules_would_have_done_beside_what_is_live(shop: Shop) -> None:
    await live(shop, "fraud", ("order.reference == 'A'", FRAUD))
    for reference, quantity in (("A", 1), ("B", 2), ("C", 9)):
        await shop.capture(order(reference, [("HONEY", quantity, 500)]))
    tried = policies.tried("fraud", [Rule(Both("Much"), "order.units > 1 && !stock.short", FRAUD)])
    gathered = await shop.db.snapshot(lambda conn: trials.gather(conn, tried, 500))
    trial = trials.judge(tried, gathered)
    assert (trial.looked_at, trial.counts, trial.spared) == (3, {"hold": 1}, 1)
    (hit,) = trial.items
    assert (hit.do, hit.already, hit.rule.en) == ("hold", False, "Much")
    assert {each.path: each.value for each in hit.because} == {"order.units": 2, "stock.short": False}


async def test_a_trial_sees_of_a_customer_what_was_known_at_each_order(shop: Shop) -> None:
    for reference in ("A", "B", "C"):
        await shop.capture(order(reference))
    tried = policies.tried("fraud", [Rule(Both("First"), "customer.orders == 0", FRAUD)])
    trial = trials.judge(tried, await shop.db.snapshot(lambda conn: trials.gather(conn, tried, 500)))
    assert trial.counts == {"hold": 1}


async def test_an_import_is_told_what_rules_of_the_order_itself_would_hold(shop: Shop) -> None:
    await live(shop, "fraud", ("order.total_minor > 1000 && order.units > 1", FRAUD), ("order.hour >= 0", FRAUD))
    looked = await shop.db.read(lambda conn: captures.look_over(conn, [order("A"), order("B", [("TEA", 1, 100)])]))
    assert [each.held for each in looked] == [True, False]
