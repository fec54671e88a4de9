"""Why: orders are taken in exactly once: checked, numbered, promised, and held where something is doubtful.

One is taken in as many are: first all are decided (`slices`), then all that stand are kept, each kind of row at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection

from server.catalog.schemas import Item
from server.core.refusal import Fault, Refusal
from server.customers import service as customers
from server.db.base import CORE
from server.db.unit import Key
from server.db.work import Work
from server.orders import intake, terms
from server.orders.schemas.captures import Captured, NewOrder
from server.orders.service import decisions, facts, moves, promises
from server.orders.service.holds import Placed, Sold, add_holds
from server.orders.service.promises import Given
from server.orders.service.slices import Decided, Slice, items_of, known_of, refuse_faults
from server.orders.service.timelines import Entry, tell_all
from server.orders.store import holds, keys, orders, search
from server.policies import service as policies
from server.policies.rules import Told

FIRST_NUMBER: Final = 10_000
"""Order numbers count on from here: five digits are read at a glance, and look alike on the floor."""
AT_ONCE: Final = 100
"""Orders of one unit of work: more would make scans wait."""
ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)

Name = tuple[str, str]
"""Channel and external reference."""


# --- looking ahead -------------------------------------------------------------------------------------------------


def check(conn: Connection, new: NewOrder) -> list[policies.Unready]:
    """Refuses `order_invalid` with every fault of an order; an order that is there already has none.

    Gives the rules that are to be prepared before it is captured.
    """
    if not _there(conn, [new]):
        refuse_faults(intake.check(new, known(conn, new)))
    return policies.unready(conn)


def check_unless_done(conn: Connection, new: NewOrder, key: Key) -> list[policies.Unready]:
    """The same for a capture with a key; one that was done before is answered again and not checked."""
    return [] if keys.known(conn, CORE, key.scope, key.id) else check(conn, new)


def known(conn: Connection, new: NewOrder) -> intake.Known:
    """What this order is checked against, as the database knows it."""
    return known_of(conn, items_of(conn, [new]))


class Looked(msgspec.Struct, frozen=True):
    """What capturing an order would come to: it is there already, it has faults, or it will be held by doubts."""

    there: bool
    faults: tuple[Fault, ...] = ()
    held: bool = False


def look_over(conn: Connection, news: Sequence[NewOrder]) -> list[Looked]:
    """What capturing these orders would come to, many with few questions; changes nothing."""
    there = orders.by_references(conn, map(_name, news))
    items = items_of(conn, news)
    found, live = known_of(conn, items), decisions.of_the_order_alone(policies.live(conn))
    looked = []
    for new in news:
        if _name(new) in there:
            looked.append(Looked(there=True))
        else:
            checked = intake.check(new, found)
            held = not checked.faults and _would_hold(new, items, checked, live)
            looked.append(Looked(there=False, faults=checked.faults, held=held))
    return looked


def _would_hold(new: NewOrder, items: Mapping[str, Item], checked: intake.Checked, live: decisions.Live) -> bool:
    """Whether rules that look at nothing but the order itself would hold it: neither the hour, nor stock."""
    told = facts.of_new(new, items, checked.doubts, now=ANY_TIME, zone="UTC", wanted=decisions.wanted(live))
    return decisions.would_hold(live, Told(told))


# --- taking in -----------------------------------------------------------------------------------------------------


def capture(work: Work, new: NewOrder) -> Captured:
    """Takes an order in: numbered, promised, held where something is doubtful. Stream 0.

    The same channel and external reference again gives the first order with `first=False`. Refuses `order_invalid`
    with every fault, and `order_refused` with the words of the rule that refuses it.
    """
    (taken,) = capture_many(work, [new])
    if isinstance(taken, Refusal):
        raise taken
    return taken


def capture_many(work: Work, news: Sequence[NewOrder]) -> list[Captured | Refusal]:
    """Takes orders in, each whole or not at all: what became of each, as `capture` would have said it. Stream 0.

    Each sees what those before it were promised. At most `AT_ONCE`; whatever else is raised is no order's alone:
    then nothing is kept, and the caller takes them in one by one.
    """
    there = _there(work.conn, news)
    stand, refused = _decided(work, news, there)
    taken = there | _followed(work, _kept(work, list(stand.values())), stand)
    fresh = set(stand)
    return [
        refused[at] if at in refused else _said(taken[_name(new)], _name(new), fresh) for at, new in enumerate(news)
    ]


def _followed(work: Work, kept: dict[Name, Captured], stand: Mapping[Name, Decided]) -> dict[Name, Captured]:
    """How orders stand once everything has followed: what their customer may owe in all, say, holds some of them."""
    if not kept:
        return kept
    moved = {each.event.payload["order"] for each in work.settle() if each.event.name == "order.status_changed"}
    now = _there(work.conn, [stand[name].new for name, each in kept.items() if each.id in moved])
    return kept | {name: msgspec.structs.replace(each, first=True) for name, each in now.items()}


def _said(taken: Captured, name: Name, fresh: set[Name]) -> Captured:
    """What whoever sent it is told: only once that it is new."""
    if name not in fresh:
        return msgspec.structs.replace(taken, first=False)
    fresh.remove(name)
    return taken


def _name(new: NewOrder) -> Name:
    return new.channel, new.external_ref


def _there(conn: Connection, news: Sequence[NewOrder]) -> dict[Name, Captured]:
    """Those of these orders that were taken in before, as they are now."""
    found = orders.by_references(conn, map(_name, news))
    held = holds.standing(conn, [each.id for each in found.values()])
    return {
        name: Captured(
            each.id, each.number, each.status, each.cutoff_at, held.get(each.id, []), first=False,
            promised_on=each.promised_on,
        )
        for name, each in found.items()
    }  # fmt: skip


def _decided(
    work: Work, news: Sequence[NewOrder], there: Mapping[Name, Captured]
) -> tuple[dict[Name, Decided], dict[int, Refusal]]:
    """Those that are to be kept, and by their place those that are refused, one decided after another."""
    stand: dict[Name, Decided] = {}
    refused: dict[int, Refusal] = {}
    fresh = [new for new in news if _name(new) not in there]
    together = Slice(work, fresh) if fresh else None
    if together is not None:
        moves.settle(work, together.shelves)
    for at, new in enumerate(news):
        if together is None or _name(new) in there or _name(new) in stand:
            continue
        try:
            stand[_name(new)] = together.decide(new)
        except Refusal as refusal:
            refused[at] = refusal
    return stand, refused


# --- keeping -------------------------------------------------------------------------------------------------------


def _kept(work: Work, decided: Sequence[Decided]) -> dict[Name, Captured]:
    """Numbers these orders and keeps them, with everything that is told of them."""
    if not decided:
        return {}
    last = FIRST_NUMBER + work.number("order", stream=CORE, step=len(decided))
    numbered = list(enumerate(decided, last - len(decided) + 1))
    lines = [line for each in decided for line in each.lines]
    customers.keep(work, [each.joins for each in decided if each.joins is not None])
    orders.add(work.conn, [_row(work, number, each) for number, each in numbered], lines)
    promises.keep(work, [given for each in decided for given in _given(each)])
    search.add(work.conn, [(number, _text(number, each)) for number, each in numbered])
    tell_all(work, [entry for each in decided for entry in _told(each)])
    for number, each in numbered:
        work.emit("order.captured", stream=CORE, order=each.id, number=number)
    add_holds(work, [hold for number, each in numbered for hold in _holds(number, each)])
    for each in decided:
        decisions.keep(work, each.id, "capture", each.judged.verdicts, _seen(each))
    return {_name(each.new): _answer(number, each) for number, each in numbered}


def _row(work: Work, number: int, each: Decided) -> dict[str, Any]:
    new = each.new
    return {
        "id": each.id, "number": number, "channel": new.channel, "external_ref": new.external_ref,
        "currency": new.currency, **msgspec.structs.asdict(new.totals), "customer": new.customer,
        "customer_id": each.customer, "address": new.address,
        "payment_method": new.payment.method, "payment_token": new.payment.token,
        "payment": each.payment, "split": each.judged.split, "service": each.way.service,
        "warehouse_id": each.warehouse, "sourced": each.sourced, "promised_on": each.promised_on,
        "cutoff_at": each.cutoff_at, "status": each.status, "captured_at": work.now, "tags": each.judged.tags,
    }  # fmt: skip


def _given(each: Decided) -> Iterator[Given]:
    items = {line.line: line.item for line in each.wanted}
    yield Given(each.id, each.buyer, each.warehouse, items, each.shares, each.asleep)
    for other in each.others:
        yield Given(each.id, each.buyer, other.warehouse, items, other.shares)


def _text(number: int, each: Decided) -> str:
    return terms.text(number, each.new.external_ref, msgspec.structs.asdict(each.new.customer), each.judged.tags)


def _told(each: Decided) -> Iterator[Entry]:
    yield Entry(each.id, "captured", {"channel": each.new.channel, "external_ref": each.new.external_ref})
    if (why := each.sourced) is not None:
        said = {"warehouse": each.warehouse, "policy": why["policy"], "why": why["decided_by"]}
        yield Entry(each.id, "sourced", said)
    for other in each.others:
        units = sum(share.quantity for shares in other.shares.values() for share in shares)
        yield Entry(each.id, "sourced_in_part", {"warehouse": other.warehouse, "quantity": units})
    yield from decisions.told_of_way(each.id, each.way, each.judged)


def _holds(number: int, each: Decided) -> Iterator[tuple[Sold, Placed]]:
    for placed in each.judged.holds:
        placed.detail["faults"] = each.wrong.get(placed.reason, [])
        yield Sold(each.id, number, each.warehouse), placed


def _seen(each: Decided) -> dict[str, Any]:
    """What only the capture knew."""
    return {
        "address_doubtful": "address_doubtful" in each.wrong, "phone_doubtful": "phone_doubtful" in each.wrong,
        "stock": each.stock, "when_paid": each.way.when_paid,
    }  # fmt: skip


def _answer(number: int, each: Decided) -> Captured:
    held = [placed.reason for placed in each.judged.holds]
    return Captured(each.id, number, each.status, each.cutoff_at, held, promised_on=each.promised_on)
