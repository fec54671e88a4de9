"""Why: what is configured decides about an order at its moments, and what it said stays on the order, with the why.

At capture first the way (warehouse, service, when units are promised), then everything that may hold, refuse or mark
it; fraud once more when the payment is good; `release` before it goes to the floor. A person's word stands: a hold
that a rule has placed once is not placed again by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.orders.intake import KnownService
from server.orders.lifecycle import HOLD
from server.orders.rules import Split
from server.orders.service import facts
from server.orders.service.holds import Placed, end_hold, hold
from server.orders.service.timelines import Entry
from server.orders.store import decisions, holds
from server.orders.store.orders import Order
from server.policies import service as policies
from server.policies.facts import Facts, StockFacts
from server.policies.rules import (
    BROKEN_HOLD,
    KINDS,
    Choose,
    Hold,
    LiveSet,
    Matched,
    Moment,
    Pass,
    Ready,
    Refuse,
    Route,
    Service,
    Tag,
    Told,
    Verdict,
    decide,
)

Live = Mapping[str, LiveSet]
Name = tuple[str, str]
"""A rule: its kind and its English name."""
_AT: Final[Mapping[Moment, tuple[str, ...]]] = {
    moment: tuple(name for name, kind in KINDS.items() if moment in kind.moments)
    for moment in ("sourcing", "capture", "payment", "release")
}
NOTHING: Final[Mapping[str, Any]] = {}
_BY_THE_CLOCK: Final = frozenset({"order.hour", "order.weekday"})


def wanted(live: Live) -> frozenset[str]:
    """The facts that any live rule looks at."""
    return frozenset().union(*(each.facts for each in live.values()))


def _verdicts(live: Live, moment: Moment, told: Told) -> list[Verdict]:
    said = (decide(live[kind], told) for kind in _AT[moment] if live[kind].rules)
    return [verdict for verdict in said if verdict.matched]


def _actions(verdicts: Iterable[Verdict]) -> Iterable[tuple[Verdict, Matched]]:
    return ((verdict, each) for verdict in verdicts for each in verdict.matched)


# --- capture -------------------------------------------------------------------------------------------------------


class Way(NamedTuple):
    """Where an order is sent from, by which service, and when units are promised to it."""

    warehouse: int
    service: str
    when_paid: bool
    settled: bool
    """Whether the warehouse was asked for, or a rule named it."""
    verdicts: list[Verdict]


def way(
    live: Live,
    told: Told,
    *,
    asked: int | None,
    service: str,
    country: str,
    warehouses: Mapping[int, str],
    services: Mapping[str, KnownService],
) -> Way:
    """What routing and reservation say. A warehouse that the channel asked for stays; one that is none breaks the rule.

    `warehouses` and `services` are the known ones.
    """
    warehouse, chosen, when_paid = asked or min(warehouses), service, False
    settled = asked is not None
    verdicts = _verdicts(live, "sourcing", told)
    for at, verdict in enumerate(verdicts):
        each = verdict.matched[-1]
        if isinstance(each.then, Route) and each.then.warehouse not in warehouses:
            verdicts[at] = _broken(verdict, f"there is no warehouse {each.then.warehouse}")
        elif isinstance(each.then, Route):
            warehouse, settled = asked or each.then.warehouse, True
        elif isinstance(each.then, Service):
            found = services.get(each.then.code)
            if found is None or not found.active or (found.countries and country not in found.countries):
                verdicts[at] = _broken(verdict, f"the service {each.then.code} does not go to {country}")
            else:
                chosen = each.then.code
        elif isinstance(each.then, Choose):
            when_paid = each.then.policy == "when_paid"
    return Way(warehouse, chosen, when_paid, settled, verdicts)


def _broken(verdict: Verdict, why: str) -> Verdict:
    *before, last = verdict.matched
    return msgspec.structs.replace(
        verdict, matched=[*before, msgspec.structs.replace(last, then=BROKEN_HOLD, broken=why)]
    )


class Judged(NamedTuple):
    """What the rules said at capture."""

    holds: list[Placed]
    tags: list[str]
    split: Split
    verdicts: list[Verdict]


def judge(live: Live, told: Told, chosen: Way, split: Split, stock: StockFacts) -> Judged:
    """What everything that may hold, refuse or mark an order says; refuses `order_refused` with the rule's words."""
    told.learn("stock", stock)
    verdicts = [*chosen.verdicts, *_verdicts(live, "capture", told)]
    placed, tags = [], []
    _refuse(verdicts)
    for verdict, each in _actions(verdicts):
        if isinstance(each.then, Hold):
            placed.append(_placed(verdict, each, each.then))
        elif isinstance(each.then, Tag):
            tags.append(each.then.text)
        elif isinstance(each.then, Choose) and verdict.kind == "backorder":
            split = "ship_complete" if each.then.policy == "ship_complete" else "ship_available"
    return Judged(placed, list(dict.fromkeys(tags)), split, verdicts)


def _refuse(verdicts: Iterable[Verdict]) -> None:
    for _, each in _actions(verdicts):
        if isinstance(each.then, Refuse):
            words = each.then.words
            fault = Fault("", words.en, got=each.rule.en, de=words.de)
            raise Refusal("order_refused", fault, reason=words.en, reason_de=words.said("de"))


def _placed(verdict: Verdict, each: Matched, then: Hold) -> Placed:
    rule = {"kind": verdict.kind, "version": verdict.version, "name": msgspec.to_builtins(each.rule)}
    detail: dict[str, Any] = {"because": each.because}
    if each.broken:
        detail["broken"] = each.broken
    return Placed(then.reason, then.owner, timedelta(hours=then.due_hours), rule, detail)


def keep(
    work: Work,
    order_id: UUID,
    moment: Moment | Literal["edit"],
    verdicts: Sequence[Verdict],
    seen: Mapping[str, Any],
) -> None:
    """Keeps what was decided, and what was seen only then, which is asked for later."""
    if verdicts or seen:
        decisions.add(
            work.conn,
            {
                "id": work.new_id(), "order_id": order_id, "at": work.now, "moment": moment, "verdicts": verdicts,
                "seen": dict(seen),
            },
        )  # fmt: skip


def told_of_way(order_id: UUID, chosen: Way, judged: Judged) -> Iterator[Entry]:
    """What is told of what rules chose and marked."""
    for verdict, each in _actions(judged.verdicts):
        said = {"rule": msgspec.to_builtins(each.rule), "kind": verdict.kind, "version": verdict.version}
        if isinstance(each.then, Route):
            yield Entry(order_id, "routed", {**said, "warehouse": chosen.warehouse})
        elif isinstance(each.then, Service):
            yield Entry(order_id, "service_chosen", {**said, "service": each.then.code})
        elif isinstance(each.then, Choose):
            yield Entry(order_id, "policy_chosen", {**said, "policy": each.then.policy})
        elif isinstance(each.then, Tag):
            yield Entry(order_id, "tagged", {**said, "tag": each.then.text})


def of_the_order_alone(live: Live) -> Live:
    """The rules that look at nothing but an order itself: what they say is the same whenever it is asked."""
    return {
        kind: each._replace(
            rules=tuple(rule for rule in each.rules if rule.condition and _alone(rule.condition.checked.facts))
        )
        for kind, each in live.items()
    }


def _alone(looked_at: frozenset[str]) -> bool:
    return looked_at.isdisjoint(facts.HISTORY | _BY_THE_CLOCK) and not any(
        path.startswith("stock.") for path in looked_at
    )


def would_hold(live: Live, told: Told) -> bool:
    """Whether these rules would hold or refuse an order that comes in."""
    verdicts = _verdicts(live, "capture", told)
    return any(isinstance(each.then, Hold | Refuse) for _, each in _actions(verdicts))


# --- later ---------------------------------------------------------------------------------------------------------


def stopped(conn: Connection, order_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The orders that the rules of a release would hold now, each with the reason. Changes nothing."""
    live = policies.live(conn)
    if not live["release"].rules or not order_ids:
        return {}
    looked_at, placed = wanted(live), holds.by_rules(conn, order_ids)
    found = {}
    for order in facts.standing(conn, decisions.heads(conn, order_ids)):
        verdicts = _verdicts(live, "release", Told(facts.of_kept(conn, order, looked_at)))
        new = [each for each in _holds(verdicts) if _name(each.rule) not in placed.get(order.head.id, ())]
        if new:
            found[order.head.id] = new[0].reason
    return found


def _holds(verdicts: Iterable[Verdict]) -> list[Placed]:
    return [_placed(verdict, each, each.then) for verdict, each in _actions(verdicts) if isinstance(each.then, Hold)]


def again(work: Work, found: Order, moment: Moment) -> bool:
    """What the rules of a later moment say of a kept order; whether they hold it now.

    Only holds are placed then; one that the same rule has placed before is left as people left it.
    """
    live = policies.live(work.conn)
    if not any(live[kind].rules for kind in _AT[moment]):
        return False
    told = Told(_kept(work.conn, found.id, live))
    verdicts = _verdicts(live, moment, told)
    known = holds.by_rules(work.conn, [found.id]).get(found.id, ())
    new = [each for each in _holds(verdicts) if _name(each.rule) not in known]
    for each in new:
        hold(work, found.id, each.reason, each.detail, placed=each)
    keep(work, found.id, moment, verdicts, {})
    return bool(new)


def edited(work: Work, found: Order, about: Collection[str], seen: Mapping[str, Any]) -> None:
    """The rules of capture look at an order that was changed. Stream 0; its status is left to the caller.

    `about` are the facts that changed (a whole part, or a path), `seen` is what only this moment knows. What a rule
    that looks at them says is held anew, whatever people said before; what it held and says no more is let go. So it
    is with the rules behind one that lets pass by them, only that what people have released stays so.
    Refuses `order_refused`, in the rule's words, what would not have been taken in.
    """
    live = policies.live(work.conn)
    looking, names = _named(live, about, behind=False), _named(live, about, behind=True)
    spoken = list(_only(names, _verdicts(live, "capture", Told(_kept(work.conn, found.id, live, seen)))))
    _refuse(spoken)
    known = holds.by_rules(work.conn, [found.id]).get(found.id, set()) - looking
    new = {name: each for each in _holds(spoken) if (name := _name(each.rule))}
    for each in holds.of_order(work.conn, found.id):
        if each.state != HOLD.initial or each.rule is None or (name := _name(each.rule)) not in names:
            continue
        if new.pop(name, None) is None:
            end_hold(work, found, each, "release", "")
    for name, placed in new.items():
        if name not in known:
            hold(work, found.id, placed.reason, placed.detail, placed=placed)
    keep(work, found.id, "edit", spoken, seen)


def _named(live: Live, about: Collection[str], *, behind: bool) -> set[Name]:
    """The rules that look at these facts; also those behind one that lets pass by them?"""
    return {
        (kind, each.rule.name.en) for kind, rules in live.items() for each in _concerned(rules.rules, about, behind)
    }


def _concerned(rules: Iterable[Ready], about: Collection[str], behind: bool) -> Iterator[Ready]:
    passed = False
    for each in rules:
        looks = _is_about(each, about)
        if looks or passed:
            yield each
        passed = passed or (behind and looks and isinstance(each.rule.then, Pass))


def _only(names: Collection[Name], verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """What these rules said of what all of them said."""
    for verdict in verdicts:
        matched = [each for each in verdict.matched if (verdict.kind, each.rule.en) in names]
        if matched:
            yield msgspec.structs.replace(verdict, matched=matched)


def _is_about(rule: Ready, about: Collection[str]) -> bool:
    looked_at = rule.condition.checked.facts if rule.condition else ()
    return any(path in about or path.partition(".")[0].removesuffix("[]") in about for path in looked_at)


def _name(rule: Mapping[str, Any]) -> Name:
    return (rule["kind"], rule["name"]["en"])


def _kept(conn: Connection, order_id: UUID, live: Live, seen: Mapping[str, Any] = NOTHING) -> Facts:
    (head,) = decisions.heads(conn, [order_id])
    (order,) = facts.standing(conn, [head]) or facts.kept(conn, [head])
    return facts.of_kept(conn, order._replace(seen={**order.seen, **msgspec.to_builtins(seen)}), wanted(live))


def promised_when_paid(conn: Connection, order_id: UUID) -> bool:
    """Whether units of an order were to be promised only once its payment is good."""
    return bool(decisions.seen(conn, [order_id]).get(order_id, {}).get("when_paid"))
