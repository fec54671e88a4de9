"""Rule sets: what may stand in them, how they decide, and how they read as a procedure."""

from __future__ import annotations

import msgspec
import pytest

from server.auth.permissions import ROLES
from server.core.lifecycle import Lifecycle
from server.policies import rules, saying
from server.policies.checking import MOST_STEPS
from server.policies.defaults import DEFAULTS
from server.policies.facts import Facts, StockFacts, example
from server.policies.lifecycle import RULE_SET
from server.policies.rules import (
    KINDS,
    Both,
    Choose,
    Hold,
    Pass,
    Refuse,
    Route,
    Rule,
    Service,
    Tag,
    Told,
    Verdict,
    decide,
    faults,
    ready,
)
from server.policies.schemas import KindName

HOLD = Hold(reason="fraud_suspected", owner="supervisor", due_hours=4)
PLAIN = msgspec.structs.replace(
    example(), items=[msgspec.structs.replace(example().items[0], minimum_age=0, hazmat="")]
)
"""An order that nothing is wrong with."""


def said(kind: str, *made: Rule, facts: Facts = PLAIN) -> Verdict:
    return decide(ready(KINDS[kind], 3, made), Told(facts))


def test_every_rule_that_speaks_is_heard_with_the_values_that_it_looked_at() -> None:
    verdict = said(
        "fraud",
        Rule(Both("Dear"), "order.total_minor > 100000", HOLD),
        Rule(Both("Not this"), "stock.short", HOLD),
        Rule(Both("Web"), "order.channel == 'web' && customer.name == 'Ana Souza'", Tag(text="look")),
    )
    assert (verdict.kind, verdict.version) == ("fraud", 3)
    assert [(each.rule.en, each.because) for each in verdict.matched] == [
        ("Dear", {"order.total_minor": 120290}),
        ("Web", {"order.channel": "web"}),
    ], "a name is not kept with a decision"


def test_a_rule_that_lets_pass_ends_the_walk() -> None:
    verdict = said("fraud", Rule(Both("Known"), "customer.orders > 3", Pass()), Rule(Both("All"), "true", HOLD))
    assert [each.rule.en for each in verdict.matched] == ["Known"]


def test_a_refusal_ends_the_walk() -> None:
    no = Refuse(words=Both("Not there."))
    verdict = said("compliance", Rule(Both("No"), "true", no), Rule(Both("All"), "true", HOLD))
    assert [each.then for each in verdict.matched] == [no]


def test_where_one_rule_decides_the_first_does() -> None:
    verdict = said(
        "routing",
        Rule(Both("Abroad"), "destination.country != 'DE'", Route(warehouse=2)),
        Rule(Both("Heavy"), "order.weight_g > 1000", Service(code="freight")),
        Rule(Both("Rest"), "true", Route(warehouse=1)),
    )
    assert [each.then for each in verdict.matched] == [Service(code="freight")]


def test_a_rule_that_breaks_holds_the_order_and_names_itself_and_the_others_are_heard() -> None:
    verdict = said(
        "fraud", Rule(Both("Ratio"), "order.total_minor / stock.missing > 3", HOLD), Rule(Both("All"), "true", HOLD)
    )
    broken, other = verdict.matched
    assert (broken.rule.en, broken.then, broken.because["stock.missing"]) == ("Ratio", rules.BROKEN_HOLD, 0)
    assert "divides by nought" in broken.broken
    assert not other.broken


def test_a_live_rule_that_no_longer_fits_the_facts_holds_orders_instead_of_being_forgotten() -> None:
    (broken,) = said("fraud", Rule(Both("Old"), "order.gone > 3", HOLD)).matched
    assert broken.then.reason == "rule_broken"  # type: ignore[union-attr]
    assert "order.gone" in broken.broken


@pytest.mark.parametrize(
    ("kind", "rule", "field", "english"),
    [
        ("fraud", Rule(Both("a"), "true", Route(warehouse=1)), "rules[0].then", "does hold, refuse, tag, pass"),
        ("fraud", Rule(Both("a"), "true", Hold(reason="x", owner="desk", due_hours=1)), "rules[0].then.reason", "no x"),
        ("fraud", Rule(Both("a"), "true", Hold(reason="rule_broken", owner="desk", due_hours=1)),
         "rules[0].then.reason", "no rule_broken"),
        ("fraud", Rule(Both("a"), "true", Hold(reason="fraud_suspected", owner="boss", due_hours=1)),
         "rules[0].then.owner", "no boss"),
        ("backorder", Rule(Both("a"), "true", Choose(policy="at_capture")), "rules[0].then.policy", "no at_capture"),
        ("fraud", Rule(Both("a"), "order.x", HOLD), "rules[0].when", "no order.x"),
    ],
)  # fmt: skip
def test_what_a_set_may_not_hold_is_named_at_its_field(kind: str, rule: Rule, field: str, english: str) -> None:
    (fault,) = faults(KINDS[kind], [rule])
    assert fault.field == field
    assert english in fault.en
    assert fault.de != fault.en


def test_a_set_is_bounded_in_rules_names_and_work() -> None:
    same = Rule(Both("Same"), "true", HOLD)
    assert [each.field for each in faults(KINDS["fraud"], [same, same])] == ["rules[1].name"]
    many = [Rule(Both(f"R{at}"), "true", HOLD) for at in range(51)]
    assert [each.field for each in faults(KINDS["fraud"], many)] == ["rules"]
    costly = "items.exists(i, [1,2,3,4,5,6,7].exists(n, n == i.quantity))"
    heavy = [Rule(Both(f"R{at}"), costly, HOLD) for at in range(8)]
    (fault,) = faults(KINDS["fraud"], heavy)
    assert (fault.field, str(4 * MOST_STEPS) in fault.en) == ("rules", True)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_delivered_holds_and_says_nothing_about_a_plain_order(kind: str) -> None:
    assert faults(KINDS[kind], DEFAULTS[kind]) == []
    assert said(kind, *DEFAULTS[kind]).matched == []


@pytest.mark.parametrize(
    ("kind", "facts", "reason"),
    [
        ("availability", {"stock": StockFacts(short=True, short_lines=1, missing=2, nothing=False)}, "not_available"),
        ("address", {"destination": msgspec.structs.replace(PLAIN.destination, doubtful=True)}, "address_doubtful"),
        ("address", {"customer": msgspec.structs.replace(PLAIN.customer, phone_doubtful=True)}, "phone_doubtful"),
        ("compliance", {"items": example().items}, "age_to_check"),
        ("fraud", {"payment": msgspec.structs.replace(PLAIN.payment, score=80)}, "fraud_suspected"),
    ],
)
def test_what_is_delivered_holds_what_is_doubtful(kind: str, facts: dict[str, object], reason: str) -> None:
    (spoke,) = said(kind, *DEFAULTS[kind], facts=msgspec.structs.replace(PLAIN, **facts)).matched
    assert isinstance(spoke.then, Hold)
    assert spoke.then.reason == reason


def test_a_rule_reads_as_a_sentence_in_both_languages() -> None:
    rule = Rule(
        Both("x"),
        'customer.orders == 0 && (order.total_minor > 50000 || !(destination.country in ["DE", "AT"]))',
        HOLD,
    )
    assert saying.condition(KINDS["fraud"], rule.when, "en") == (
        "the number of earlier orders is 0 and (the order's total is more than 500.00 or "
        "not so: the country is one of “DE”, “AT”)"
    )
    assert saying.condition(KINDS["fraud"], rule.when, "de") == (
        "die Zahl früherer Aufträge ist 0 und (die Auftragssumme ist größer als 500,00 oder "
        "nicht so: das Land ist eines von „DE“, „AT“)"
    )
    told = saying.action(rule.then, "en")
    assert "It looks like fraud." in told
    assert "within 4 h" in told
    assert "Released by: the shift lead, an administrator." in told
    assert "Aufheben darf: die Schichtleitung, die Administration." in saying.action(rule.then, "de")


def test_every_action_kind_moment_and_role_has_words_in_both_languages() -> None:
    assert saying.ROLE_WORDS.keys() == ROLES.keys()
    assert {each for kind in KINDS.values() for each in kind.choices} == saying.POLICY_WORDS.keys()
    for kind in KINDS.values():
        assert kind.words[0] != kind.words[1]
        assert kind.decides[0] != kind.decides[1]
        assert kind.otherwise[0] != kind.otherwise[1]
        assert kind.moments
    for then in (Pass(), HOLD, Refuse(words=Both("a", "b")), Route(warehouse=1), Service(code="x"), Tag(text="t")):
        assert saying.action(then, "en") != saying.action(then, "de")


def test_the_names_of_the_wire_are_the_kinds() -> None:
    assert KindName.__args__ == tuple(KINDS)  # type: ignore[attr-defined]


def test_a_version_that_lived_is_never_written_again() -> None:
    life: Lifecycle = RULE_SET
    assert life.allowed("live") == ("retire",)
    assert life.ended("retired")
    assert life.ended("dropped")
