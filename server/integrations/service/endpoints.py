"""Why: where events go a person decides by what they saw: who was slower is told and overwrites nothing."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.integrations import signing
from server.integrations.lifecycle import ENDPOINT
from server.integrations.rules import webhooks as rules
from server.integrations.schemas.webhooks import WANTABLE, ChangeEndpoint, Endpoint, NewEndpoint
from server.integrations.store import endpoints as store

BY_HAND = "by_hand"
GONE = "endpoint_gone"
HOPELESS = "endpoint_failing"


def add(work: Work, new: NewEndpoint) -> tuple[UUID, str]:
    """A new endpoint and its secret's text, which can be told this once. Stream 0."""
    types = _types(new.types)
    if store.count(work.conn) >= rules.MOST_ENDPOINTS:
        raise Refusal("too_many_endpoints", most=rules.MOST_ENDPOINTS)
    secret, endpoint = secrets.token_bytes(signing.SECRET_BYTES), work.new_id()
    row = {
        "id": endpoint, "url": new.url, "description": new.description, "types": types, "state": ENDPOINT.initial,
        "secret": secret, "created_at": work.now,
    }  # fmt: skip
    store.add(work.conn, row)
    return endpoint, signing.secret_text(secret)


def change(work: Work, endpoint: UUID, body: ChangeEndpoint) -> None:
    """What an endpoint is from now on; refuses `changed_since` where somebody else was faster. Stream 0."""
    types = _types(body.types)
    if plain_of(work.conn, endpoint).version != body.version:
        raise Refusal("changed_since")
    store.change(work.conn, endpoint, body.url, body.description, types)


def _types(wanted: Sequence[str]) -> list[str]:
    faults = [
        Fault(f"types[{index}]", "There is no such event for webhooks.", ", ".join(WANTABLE), each[:60])
        for index, each in enumerate(wanted)
        if each not in WANTABLE
    ]
    if faults:
        raise Refusal("invalid", *faults, count=len(faults))
    return [each for each in WANTABLE if each in wanted]


def switch_on(work: Work, endpoint: UUID) -> None:
    """Events go there again, those that wait at once. Stream 0."""
    _turn(work, endpoint, "switch_on", None)


def switch_off(work: Work, endpoint: UUID, why: str = BY_HAND) -> None:
    """Nothing goes there until it is switched on; what happens until then is never sent. Stream 0."""
    _turn(work, endpoint, "switch_off", why)


def _turn(work: Work, endpoint: UUID, trigger: str, why: str | None) -> None:
    state = facts_of(work.conn, endpoint).state
    store.turn(work.conn, endpoint, ENDPOINT.advance(state, trigger), why)


def remove(work: Work, endpoint: UUID) -> None:
    """Takes an endpoint off the list; what was sent to it can be looked at for a while. Stream 0."""
    ENDPOINT.advance(plain_of(work.conn, endpoint).state, "remove")
    store.remove(work.conn, endpoint)


def rotate(work: Work, endpoint: UUID) -> str:
    """A new secret's text, told this once; the former one signs beside it for a day. Stream 0."""
    plain_of(work.conn, endpoint)
    secret = secrets.token_bytes(signing.SECRET_BYTES)
    store.rotate(work.conn, endpoint, secret, work.now + rules.OVERLAP)
    return signing.secret_text(secret)


def plain_of(conn: sa.Connection, endpoint: UUID) -> store.Facts:
    """One that people set up as such; a channel's way back is set up with the channel. Refuses `endpoint_unknown`."""
    found = facts_of(conn, endpoint)
    if found.channel is not None:
        raise Refusal("endpoint_unknown")
    return found


def facts_of(conn: sa.Connection, endpoint: UUID) -> store.Facts:
    """What is needed to call an endpoint; refuses `endpoint_unknown`."""
    found = store.facts(conn, endpoint)
    if found is None or found.state == "removed":
        raise Refusal("endpoint_unknown")
    return found


def shown(conn: sa.Connection, endpoint: UUID) -> Endpoint:
    """An endpoint as people see it; refuses `endpoint_unknown`."""
    found = store.shown(conn, endpoint)
    if found is None:
        raise Refusal("endpoint_unknown")
    return found
