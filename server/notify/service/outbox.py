"""Why: a message is written down once, taken by one sender at a time, and what came of it is written down too.

The number of tries is the fence: who comes back with an answer to an earlier try changes nothing. A sender that dies
between its call and its answer leaves a message of which nobody knows whether it went out: a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.core.refusal import Fault, Refusal
from server.customers import rules as customer_rules
from server.db.base import CORE
from server.db.work import Work
from server.notify import rules
from server.notify.lifecycle import MESSAGE
from server.notify.port import Letter
from server.notify.rules import Answer, Happened, Moment
from server.notify.schemas import Message, MessageList, MessagePage, SendTest
from server.notify.service import templates
from server.notify.store import messages as store
from server.orders.service.timelines import tell

LEASE: Final = timedelta(minutes=5)
"""Longer than any call: after it a sender that gave no sign is not waited for."""


# --- writing down --------------------------------------------------------------------------------------------------


class Draft(NamedTuple):
    """A message that is to be written down."""

    order: UUID
    moment: Moment
    channel: str
    address: str
    language: str
    at: datetime


class Told(NamedTuple):
    """An event, when it happened, and the order that it speaks of."""

    event: Happened
    at: datetime
    order: UUID


def drafts(conn: sa.Connection, events: Sequence[Told]) -> list[Draft]:
    """What these events are to customers who want to be told: with few questions, however many orders they are of."""
    moments = [(told, found) for told in events if (found := rules.moment(told.event)) is not None]
    orders = list(dict.fromkeys(told.order for told, _ in moments))
    readers, waiting, on = store.readers(conn, orders), store.waiting_for_goods(conn, orders), templates.is_on(conn)
    merged = store.merged(conn, [told.order for told, found in moments if found.milestone == "cancelled"])
    made = []
    for told, found in moments:
        reader = readers.get(told.order)
        if reader is None or reader.wish not in rules.CHANNELS:
            continue
        now = rules.told_now(
            found, status=reader.status, payment=reader.payment, split=reader.split, waits=told.order in waiting,
            merged=told.order in merged, on_account=reader.method == "invoice",
        )  # fmt: skip
        if now is not None and now.milestone not in on:
            now = found if found.milestone in on and now.occasion == found.occasion else None
        address = reader.email if reader.wish == "email" else reader.phone
        if now is not None and address:
            made.append(Draft(told.order, now, reader.wish, address, reader.language, told.at))
    return made


def queue(work: Work, made: Sequence[Draft]) -> None:
    """Writes messages down; what is known already is left as it is. Stream 0."""
    for draft in made:
        if not store.is_known(work.conn, draft.order, draft.moment.occasion):
            _add(work, draft)


def _add(work: Work, draft: Draft) -> UUID:
    message = work.new_id()
    store.add(work.conn, {
        "id": message, "order_id": draft.order, "milestone": draft.moment.milestone,
        "occasion": draft.moment.occasion, "about": draft.moment.about, "channel": draft.channel,
        "address": draft.address, "language": draft.language, "state": MESSAGE.initial, "due_at": work.now,
        "made_at": draft.at,
    })  # fmt: skip
    return message


def begin_test(work: Work, wanted: SendTest) -> UUID:
    """A message to somebody of our own, tried once. Stream 0. Refuses `invalid`, `order_unknown`."""
    order_id = templates.of_number(work.conn, wanted.order)
    if order_id is None:
        raise Refusal("invalid", Fault("order", "There is no order yet.", "an order", "no order"), count=1)
    to = _address(wanted)
    moment = Moment(wanted.milestone, f"{store.TEST}{work.new_id()}")
    return _add(work, Draft(order_id, moment, wanted.channel, to, wanted.language, work.now))


def _address(wanted: SendTest) -> str:
    """To whom a test goes, as it is written."""
    if wanted.channel == "email":
        to: str | None = customer_rules.mail(wanted.to) if customer_rules.is_mail(wanted.to) else None
    else:
        to = customer_rules.e164(wanted.to, None)
    if to is None:
        what = "ana@example.com" if wanted.channel == "email" else "+4930231250"
        raise Refusal("invalid", Fault("to", "Nothing can be sent there.", what, wanted.to[:60]), count=1)
    return to


# --- sending -------------------------------------------------------------------------------------------------------


class Claimed(NamedTuple):
    """A message in one's own hands, as it goes out."""

    facts: store.Facts
    tries: int
    letter: Letter


def claim(work: Work, found: store.Facts, written: templates.Written, sender: int, name: str) -> Claimed | None:
    """Takes a message that is due; None where somebody else has taken it meanwhile. Stream 0."""
    now = store.facts(work.conn, found.id)
    if now is None or now.state != "waiting" or now.tries != found.tries:
        return None
    MESSAGE.advance(now.state, "send")
    until = work.now + LEASE
    store.send(work.conn, now.id, sender, until, written.subject, written.text, written.version)
    letter = Letter(
        id=now.id, at=work.now, to=now.address, subject=written.subject, text=written.text, html=written.html,
        language=written.language, sender=name,
    )  # fmt: skip
    return Claimed(now, now.tries + 1, letter)


def park(work: Work, found: Sequence[store.Facts]) -> int:
    """Nobody is there who could send these: they wait where people see them. Stream 0."""
    still = [
        each.id
        for each in found
        if (now := store.facts(work.conn, each.id)) is not None and MESSAGE.can(now.state, "park")
    ]
    if still:
        store.park(work.conn, still)
    return len(still)


def spoil(work: Work, found: store.Facts, reason: str) -> bool:
    """A message that cannot be put into words: it is told, and keeps no other one waiting. Stream 0."""
    now = store.facts(work.conn, found.id)
    if now is None or now.state != "waiting":
        return False
    _note(work, now, Answer("never", reason))
    store.settle(work.conn, now.id, MESSAGE.advance(now.state, "give_up"), reason, None, None)
    _say(work, now, "failed", reason)
    return True


def wake(work: Work, channels: Sequence[str]) -> int:
    """There is a way out now: what waits for it since a short while goes. Stream 0."""
    return store.wake(work.conn, channels, work.now - rules.FRESH, work.now) if channels else 0


def record(work: Work, claimed: Claimed, sender: int, answer: Answer, chance: float) -> str | None:
    """What came of a call, and what follows; None where that was decided otherwise meanwhile. Stream 0."""
    found = store.facts(work.conn, claimed.facts.id)
    if found is None or found.tries != claimed.tries:
        return None
    mine = (found.state, found.sender) == ("sending", sender)
    late = found.state == "unsure" and answer.verdict == "sent"
    if not (mine or late):
        return None
    _note(work, found, answer)
    trigger, after = rules.judge(answer, found.tries, chance, test=found.is_test)
    state = MESSAGE.advance(found.state, trigger)
    due, sent = (None if after is None else work.now + after), (work.now if state == "sent" else None)
    store.settle(work.conn, found.id, state, answer.reason, due, sent)
    _say(work, found, state, answer.reason)
    return state


def lose(work: Work, dead: Collection[int]) -> int:
    """Whatever a sender had in its hands when it ended: nobody knows whether it went out. Stream 0."""
    lost = [each.id for each in store.sending(work.conn) if each.sender in dead or each.lease_until <= work.now]
    for message in lost:
        found = _facts(work.conn, message)
        answer = Answer("unsure", "sender_lost")
        _note(work, found, answer)
        state = MESSAGE.advance(found.state, "lose")
        store.settle(work.conn, found.id, state, answer.reason, None, None)
        _say(work, found, state, answer.reason)
    return len(lost)


def _note(work: Work, found: store.Facts, answer: Answer) -> None:
    store.add_try(work.conn, {
        "id": work.new_id(), "message_id": found.id, "at": work.now, "address": found.address,
        "verdict": answer.verdict, "reason": answer.reason, "said": answer.said,
    })  # fmt: skip


_TOLD: Final = {"sent": "message_sent", "failed": "message_failed", "unsure": "message_unsure"}


def _say(work: Work, found: store.Facts, state: str, reason: str) -> None:
    """Tells it on the order, where it has come to an end."""
    if state in _TOLD and not found.is_test:
        params = {"thing": f"message_{found.milestone}", "channel": found.channel, "message": str(found.id)}
        tell(work, found.order, _TOLD[state], params, why=reason)
    work.emit("message.changed", stream=CORE, order=found.order, message=found.id, state=state)


# --- looking, and deciding -----------------------------------------------------------------------------------------


def again(work: Work, message: UUID) -> None:
    """Sends a message once more, now, to where its customer is reached now. Stream 0. Refuses `message_unknown`."""
    found = _facts(work.conn, message)
    state = MESSAGE.advance(found.state, "again")
    channel, address = found.channel, found.address
    reader = store.readers(work.conn, [found.order]).get(found.order)
    if reader is not None and not found.is_test:
        there = {"email": reader.email, "sms": reader.phone}
        wished = reader.wish if reader.wish in rules.CHANNELS else channel
        channel, address = next(
            (each, to) for each, to in ((wished, there[wished]), (channel, there[channel]), (channel, address)) if to
        )
    store.again(work.conn, message, state, work.now, channel, address)
    work.emit("message.changed", stream=CORE, order=found.order, message=message, state=state)


def dismiss(work: Work, message: UUID) -> None:
    """Puts a message away that shall not go out. Stream 0. Refuses `message_unknown`."""
    found = _facts(work.conn, message)
    state = MESSAGE.advance(found.state, "dismiss")
    store.dismiss(work.conn, message, state)
    work.emit("message.changed", stream=CORE, order=found.order, message=message, state=state)


def page(conn: sa.Connection, before: UUID | None, state: str | None, most: int) -> MessageList:
    """Messages, the newest first."""
    found = store.page(conn, before, state, most + 1)
    return MessageList(found[:most], found[most - 1].id if len(found) > most else None)


def shown(conn: sa.Connection, message: UUID) -> Message:
    """A message as people see it; refuses `message_unknown`."""
    found = store.shown(conn, message)
    if found is None:
        raise Refusal("message_unknown")
    return found


def one(conn: sa.Connection, message: UUID) -> MessagePage:
    """A message with its text and its tries; refuses `message_unknown`."""
    found = shown(conn, message)
    return MessagePage(found, *store.written(conn, message), store.tries_of(conn, message))


def of_order(conn: sa.Connection, order_id: UUID) -> list[Message]:
    """What an order's customer was and will be told, for the order's page."""
    return store.of_order(conn, order_id)


def _facts(conn: sa.Connection, message: UUID) -> store.Facts:
    found = store.facts(conn, message)
    if found is None:
        raise Refusal("message_unknown")
    return found
