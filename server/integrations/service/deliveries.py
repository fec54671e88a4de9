"""Why: a delivery is taken by one sender at a time, and what came of it is written down, whoever dies in between.

The number of tries is the fence: who was believed dead and comes back with an answer to an earlier try changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
import sqlalchemy as sa

from server.core.refusal import Refusal
from server.db.work import Work
from server.integrations.lifecycle import DELIVERY
from server.integrations.rules import webhooks as rules
from server.integrations.rules.webhooks import Answer
from server.integrations.schemas.webhooks import Delivery, DeliveryPage
from server.integrations.service.endpoints import GONE, HOPELESS, facts_of, switch_off
from server.integrations.store import deliveries as store
from server.integrations.store import endpoints

LEASE: Final = timedelta(seconds=60)
"""Longer than any call: after it a sender that gave no sign is not waited for."""
AT_ONCE: Final = 4
"""So many calls at a time to one endpoint, over all processes."""
SLICE: Final = 100


class Claimed(msgspec.Struct, frozen=True):
    """A delivery in one's own hands: what to send where, signed with which secrets."""

    delivery: UUID
    tries: int
    url: str
    secrets: tuple[bytes, ...]
    message: str
    body: bytes
    channel: str | None = None
    """Whose own way back it is: then it is called in that channel's manner."""


def is_free(each: store.Sending, now: datetime, dead: Collection[int]) -> bool:
    """Whether nobody sends it any more: its sender has ended, or has given no sign for long."""
    return each.sender in dead or each.lease_until <= now


def claim(work: Work, endpoint: UUID, sender: int, dead: frozenset[int], most: int) -> list[Claimed]:
    """Takes what is due at an endpoint, and what somebody who has ended left there. Stream 0."""
    facts = endpoints.facts(work.conn, endpoint)
    if facts is None or facts.state != "on":
        return []
    flying = [each for each in store.sending(work.conn) if each.endpoint == endpoint]
    left = [each.id for each in flying if is_free(each, work.now, dead)]
    room = min(most, AT_ONCE - (len(flying) - len(left)))
    taken = (left + store.waiting(work.conn, endpoint, work.now, AT_ONCE))[: max(room, 0)]
    if not taken:
        return []
    store.send(work.conn, taken, sender, work.now + LEASE)
    secrets = tuple(facts.secrets(work.now))
    found = [_facts(work.conn, each) for each in taken]
    return [
        Claimed(each.id, each.tries, facts.url, secrets, store.message_text(each.message), each.body, facts.channel)
        for each in found
    ]


def record(work: Work, claimed: Claimed, sender: int, answer: Answer, chance: float) -> str | None:
    """What came of a call, and what follows; None where somebody else sends it by now. Stream 0."""
    found = store.facts(work.conn, claimed.delivery)
    if found is None or (found.state, found.sender, found.tries) != ("sending", sender, claimed.tries):
        return None
    said = {"status": answer.status, "reason": answer.reason, "said": answer.said, "took_ms": answer.took_ms}
    store.add_try(work.conn, {"id": work.new_id(), "delivery_id": found.id, "at": work.now, **said})
    verdict, after = rules.judge(answer, found.tries, chance, test=found.is_test)
    state = DELIVERY.advance(found.state, "give_up" if verdict == "gone" else verdict)
    due = None if after is None else work.now + after
    store.settle(work.conn, found.id, state, due, answer.status, answer.reason or None)
    _note(work, found.endpoint, "deliver" if answer.well else verdict, of_test=found.is_test)
    return state


def _note(work: Work, endpoint: UUID, verdict: rules.Verdict, *, of_test: bool) -> None:
    """What an answer says of the endpoint itself."""
    facts = endpoints.facts(work.conn, endpoint)
    if facts is None or facts.state != "on":
        return
    if verdict == "deliver":
        if facts.failing_since is not None:
            endpoints.failing(work.conn, endpoint, None)
    elif verdict == "gone":
        switch_off(work, endpoint, GONE)
    elif of_test:
        return
    elif facts.failing_since is None:
        endpoints.failing(work.conn, endpoint, work.now)
    elif rules.is_hopeless(facts.failing_since, work.now):
        switch_off(work, endpoint, HOPELESS)


def replay(work: Work, delivery: UUID) -> None:
    """Sends a delivery again, now, under the same id. Refuses `endpoint_off` and one that is on its way. Stream 0."""
    found = _facts(work.conn, delivery)
    _must_be_on(work, found.endpoint)
    DELIVERY.advance(found.state, "replay")
    store.again(work.conn, [delivery], work.now)


def replay_failed(work: Work, endpoint: UUID, since: datetime, after: UUID) -> list[UUID]:
    """Sends some of what failed since then again, behind `after`; a slice, so that the floor passes. Stream 0."""
    _must_be_on(work, endpoint)
    found = store.failed_since(work.conn, endpoint, since, after, SLICE)
    if found:
        store.again(work.conn, found, work.now)
    return found


def _must_be_on(work: Work, endpoint: UUID) -> None:
    if facts_of(work.conn, endpoint).state != "on":
        raise Refusal("endpoint_off")


def _facts(conn: sa.Connection, delivery: UUID) -> store.Facts:
    found = store.facts(conn, delivery)
    if found is None:
        raise Refusal("delivery_unknown")
    return found


def drop_old(work: Work) -> int:
    """Lets go of some of what is too old to be sent again; how many messages that were. Stream 0."""
    return store.drop_old(work.conn, work.now - rules.KEPT, SLICE // 5)


def shown(conn: sa.Connection, delivery: UUID) -> Delivery:
    """A delivery as people see it; refuses `delivery_unknown`."""
    found = store.shown(conn, delivery)
    if found is None:
        raise Refusal("delivery_unknown")
    return found


def page_of(conn: sa.Connection, delivery: UUID) -> DeliveryPage:
    """A delivery with its body and its tries."""
    found = shown(conn, delivery)
    return DeliveryPage(found, store.body_of(conn, delivery).decode(), store.tries_of(conn, delivery))


def abandoned(sending: Iterable[store.Sending], now: datetime, dead: Collection[int]) -> set[UUID]:
    """The endpoints at which somebody who has ended left something."""
    return {each.endpoint for each in sending if is_free(each, now, dead)}
