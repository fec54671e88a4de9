"""Why: money is never guessed: our journal and the gateway's list are laid side by side, payment by payment.

First every page of the gateway's list, then whatever of ours it did not name, each asked for by itself. All of it is
kept, what is the same too: so it is known what was looked at. Nothing is put right by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.orders.service import lookup
from server.payments import rules
from server.payments.lifecycle import RUN
from server.payments.port import Booked, Call
from server.payments.rules import DIFFERENCES, SET_ASIDE, VERDICTS, Intent, Side
from server.payments.schemas import Compared, ComparedList, RunList, RunView
from server.payments.service import asking
from server.payments.store import payments
from server.payments.store import reconciling as store
from server.payments.store.reconciling import Line, Run

MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"


def start(work: Work, gateway: str, since: datetime, until: datetime) -> UUID:
    """Writes down to compare what was set aside in this time; the run's id. Refuses `invalid` for no time at all."""
    if since >= until:
        fault = Fault("until", "It ends before it begins.", "after {since}", until.strftime(MOMENT),
                      {"since": since.strftime(MOMENT)})  # fmt: skip
        raise Refusal("invalid", fault, count=1)
    run_id = work.new_id()
    store.add(work.conn, {
        "id": run_id, "gateway": gateway, "since": since, "until": until, "state": RUN.initial,
        "started_at": work.now, "started_by": work.actor.name,
    })  # fmt: skip
    return run_id


def running(conn: Connection) -> list[UUID]:
    """Runs that are not at their end."""
    return store.running(conn)


def run_of(conn: Connection, run_id: UUID) -> Run:
    """A run; refuses `run_unknown`."""
    found = store.run(conn, run_id)
    if found is None:
        raise Refusal("run_unknown")
    return found


def end(work: Work, run_id: UUID, trigger: str) -> None:
    """A run is at its end."""
    found = run_of(work.conn, run_id)
    if RUN.can(found.state, trigger):
        store.end(work.conn, run_id, RUN.advance(found.state, trigger), work.now)


# --- the gateway's list beside ours --------------------------------------------------------------------------------


def lay(work: Work, run_id: UUID, theirs: Sequence[Booked]) -> None:
    """Compares a page of the gateway's list; what was compared before is left as it is."""
    before = store.laid(work.conn, run_id, [each.reference for each in theirs])
    gateway = run_of(work.conn, run_id).gateway
    rows = {each.reference: _row(work, run_id, _ours(work.conn, gateway, each), each) for each in theirs
            if each.reference not in before}  # fmt: skip
    store.add_lines(work.conn, list(rows.values()))


def _ours(conn: Connection, gateway: str, theirs: Booked) -> Intent | None:
    """Our intent of what the gateway has, by our key, or by its own name of it."""
    keys = payments.by_reference(conn, theirs.reference)
    with suppress(ValueError):  # the key of another system that uses the same gateway
        keys = [UUID(theirs.key), *keys] if theirs.key is not None else keys
    for key in keys:
        found = payments.intent(conn, key)
        if found is not None and found.kind in SET_ASIDE and payments.by_id(conn, found.payment).gateway == gateway:
            return found
    return None


def unseen(conn: Connection, run_id: UUID, most: int) -> list[tuple[UUID, Call]]:
    """What of ours the gateway's list did not name, as it is asked for by itself."""
    found = []
    for intent_id in store.unseen(conn, run_of(conn, run_id), most):
        intent = payments.intent(conn, intent_id)
        if intent is not None:
            journal = payments.journal(conn, intent.payment)
            found.append((intent_id, asking.call_of(journal, intent, payments.by_id(conn, intent.payment))))
    return found


def lay_ours(work: Work, run_id: UUID, asked: Sequence[tuple[UUID, Booked | None]]) -> None:
    """Compares what the gateway was asked for one by one."""
    for intent_id, theirs in asked:
        intent = payments.intent(work.conn, intent_id)
        if intent is None:
            continue
        row = _row(work, run_id, intent, theirs)
        if store.laid(work.conn, run_id, [row["reference"]]):
            row["reference"] = str(intent_id)  # another of ours has the gateway's name of it: a difference by itself
            row["verdict"] = "missing_there"
        store.add_lines(work.conn, [row])


def _named(intent: Intent, theirs: Booked | None) -> str:
    return (theirs.reference if theirs is not None else intent.reference) or str(intent.id)


def _row(work: Work, run_id: UUID, intent: Intent | None, theirs: Booked | None) -> dict[str, Any]:
    there = None if theirs is None else Side(
        theirs.state, theirs.currency, theirs.authorised_minor, theirs.captured_minor, theirs.refunded_minor
    )  # fmt: skip
    if intent is None:
        return _line(work, run_id, theirs.reference if theirs else "", None, None,
                     rules.compared(None, there, flying=False), None, there)  # fmt: skip
    payment, journal = payments.by_id(work.conn, intent.payment), payments.journal(work.conn, intent.payment)
    here = None if intent.open else rules.side(journal, intent, payment.currency)
    verdict = rules.compared(here, there, flying=rules.in_flight(journal, intent))
    number = lookup.order_of(work.conn, payment.order).number
    return _line(work, run_id, _named(intent, theirs), intent.id, number, verdict, here, there)


def _line(
    work: Work, run_id: UUID, reference: str, intent: UUID | None, number: int | None, verdict: str, here: Side | None,
    there: Side | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": work.new_id(), "run_id": run_id, "reference": reference, "intent_id": intent, "order_number": number,
        "verdict": verdict, "ours": None if here is None else here._asdict(),
        "theirs": None if there is None else there._asdict(),
    }  # fmt: skip


# --- shown ---------------------------------------------------------------------------------------------------------


def view(conn: Connection, run_id: UUID) -> RunView:
    """A run and how many payments came to which verdict; refuses `run_unknown`."""
    return _view(conn, run_of(conn, run_id))


def _view(conn: Connection, found: Run) -> RunView:
    counts = store.counts(conn, found.id)
    return RunView(
        id=found.id, gateway=found.gateway, since=found.since, until=found.until, state=found.state,
        started_at=found.started_at, started_by=found.started_by, ended_at=found.ended_at,
        counts={verdict: counts.get(verdict, 0) for verdict in VERDICTS},
        differences=sum(counts.get(verdict, 0) for verdict in DIFFERENCES),
    )  # fmt: skip


def page(conn: Connection, before: UUID | None, most: int) -> RunList:
    """Runs, the newest first."""
    found = store.page(conn, before, most + 1)
    return RunList([_view(conn, each) for each in found[:most]], found[most - 1].id if len(found) > most else None)


def lines(conn: Connection, run_id: UUID, verdict: str | None, after: UUID | None, most: int) -> ComparedList:
    """What was compared; without a verdict only what differs. Refuses `run_unknown`."""
    run_of(conn, run_id)
    found = store.lines(conn, run_id, DIFFERENCES if verdict is None else (verdict,), after, most + 1)
    return ComparedList([_compared(each) for each in found[:most]], found[most - 1].id if len(found) > most else None)


def _compared(line: Line) -> Compared:
    return msgspec.convert(line._asdict(), Compared)
