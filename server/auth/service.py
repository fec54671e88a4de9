"""Why: everything that changes who may work here is one command each, in the core stream, and says so as an event.

A PIN comes in as its hash: hashing takes 30 ms and is done before the unit (`pins.Pins`), or by `tokens.hash_pin`
where nobody waits. Whoever manages people, devices or keys reaches no further than his own permissions and his own
warehouse. Ending a person's or a device's work ends its sessions in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec
from msgspec import UNSET
from sqlalchemy import Connection

from server.auth import rules, store, tickets, tokens
from server.auth.lifecycle import DEVICE
from server.auth.permissions import ADMIN, ROLES, exceeding, permissions_of
from server.auth.schemas import (
    ApiKey,
    Device,
    DeviceCondition,
    NewDevice,
    NewKey,
    NewPerson,
    Person,
    PersonChange,
    WarehouseShown,
)
from server.auth.tickets import Ticket, TicketRefused
from server.core.editions import unchanged
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work

TICKET_SECRET: Final = "ticket"


class House(Protocol):
    """A warehouse, as the room that knows warehouses tells it."""

    @property
    def number(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


HouseOf = Callable[[Any, int], House]
"""(connection, number) → the warehouse; refuses a number that is none. The composition root gives it to this room."""


BenchOf = Callable[[Any, UUID], int | None]
"""(connection, pack station) → its warehouse, None where there is no such station. Given like `HouseOf`."""


class Reach(msgspec.Struct, frozen=True):
    """How far the one who manages may reach: his permissions and his warehouse (None: all)."""

    permissions: frozenset[str]
    warehouse: int | None = None


EVERYWHERE: Final = Reach(permissions_of(ROLES))
"""The system itself: first start, seed, command line."""


# --- signing in and out -----------------------------------------------------------------------------------------


class Opening(msgspec.Struct, frozen=True):
    """A session to open for somebody whose PIN was right. `badge` and `pin_hash` are as they were compared."""

    badge: str
    pin_hash: str
    token_hash: bytes
    scopes: tuple[str, ...]
    device: UUID | None
    hours: int
    replaces: bytes | None = None
    new_pin_hash: str | None = None


class Begun(msgspec.Struct, frozen=True):
    """An open session. `ticket` is None where there is no device."""

    session: UUID
    person: store.Known
    device: Device | None
    warehouse: int | None
    expires_at: datetime
    ticket: str | None
    ended: tuple[UUID, ...]


def open_session(work: Work, opening: Opening) -> Begun:
    """Opens a session, ends the device's and the browser's former one, and clears what the person had failed.

    Refuses `sign_in_refused` where the person changed since the PIN was compared, `device_revoked` likewise.
    """
    known = store.person_of_badge(work.conn, opening.badge)
    if known is None or not known.active or known.pin_hash != opening.pin_hash:
        raise Refusal("sign_in_refused")
    device = _working_device(work, opening.device)
    warehouse = rules.work_place(known.warehouse, device.warehouse if device else None)
    if opening.new_pin_hash is not None:
        store.change_person(work, known.id, {"pin_hash": opening.new_pin_hash, "pin_once": False})
        work.emit("person.changed", stream=CORE, person=known.id)
    ended = _end(work, _replaced(work, opening))
    session = work.new_id()
    expires_at = work.now + timedelta(hours=opening.hours)
    store.add_session(work, {
        "id": session, "token_hash": opening.token_hash, "person_id": known.id, "device_id": opening.device,
        "warehouse_id": warehouse, "created_at": work.now, "seen_at": work.now, "expires_at": expires_at,
    })  # fmt: skip
    work.emit("session.opened", stream=CORE, session=session, person=known.id)
    store.forget_tallies(work, rules.pair_of(opening.scopes))
    ticket = _give_ticket(work, known.id, device)
    return Begun(session, known, device, warehouse, expires_at, ticket, ended)


def _working_device(work: Work, device_id: UUID | None) -> Device | None:
    if device_id is None:
        return None
    found = store.device_by_id(work.conn, device_id)
    if found is None or found.state != "enrolled":
        raise Refusal("device_revoked")
    return found


def _replaced(work: Work, opening: Opening) -> list[store.Live]:
    on_device = store.live_of_device(work.conn, opening.device, work.now) if opening.device else []
    in_browser = store.live_of_token(work.conn, opening.replaces, work.now) if opening.replaces else []
    return [*on_device, *(live for live in in_browser if live not in on_device)]


def note_failure(work: Work, scopes: tuple[str, ...]) -> None:
    """Counts a wrong PIN against each scope of the try."""
    before = store.tallies(work.conn, scopes)
    store.write_tallies(work, {scope: rules.failed(scope, before.get(scope), work.now) for scope in scopes})


def touch(work: Work, session: UUID) -> None:
    """Writes down that somebody still works in this session."""
    store.touch_session(work, session)


def sign_out(work: Work, token_hash: bytes) -> tuple[UUID, ...]:
    """Ends the session of a token, if it has not ended; gives what ended."""
    return _end(work, store.live_of_token(work.conn, token_hash, work.now))


def change_pin(work: Work, person_id: UUID, session: UUID | None, old_hash: str, new_hash: str) -> tuple[UUID, ...]:
    """Keeps a person's new PIN and ends the person's other sessions; refuses when the PIN changed meanwhile."""
    _, pin_hash = store.pin_of(work.conn, person_id)
    if pin_hash != old_hash:
        raise Refusal("sign_in_refused")
    store.change_person(work, person_id, {"pin_hash": new_hash, "pin_once": False})
    work.emit("person.changed", stream=CORE, person=person_id)
    live = store.live_of_person(work.conn, person_id, work.now)
    return _end(work, (each for each in live if each.id != session))


def _end(work: Work, sessions: Iterable[store.Live]) -> tuple[UUID, ...]:
    ended = []
    for each in sessions:
        store.end_session(work, each.id)
        work.emit("session.ended", stream=CORE, session=each.id, person=each.person)
        ended.append(each.id)
    return tuple(ended)


# --- upload tickets ---------------------------------------------------------------------------------------------


def _give_ticket(work: Work, person: UUID, device: Device | None) -> str | None:
    if device is None:
        return None
    key = store.secret_named(work.conn, TICKET_SECRET)
    if key is None:
        key = secrets.token_bytes(tickets.KEY_BYTES)
        store.add_secret(work, TICKET_SECRET, key)
    return tickets.sign(key, Ticket(person, device.id, device.warehouse, work.now))


def read_ticket(work: Work, text: str, permission: str) -> Ticket | TicketRefused:
    """What an upload ticket is worth now for what needs this permission, one look into the database.

    A `Ticket` opens; `TicketRefused` says why not: `forged` and `expired` are refused outright, with `revoked`
    (device locked or person disabled since) and `not_allowed` (the person's roles) the ticket is known and what came
    with it is set aside.
    """
    claimed = tickets.claimed(text)
    if claimed is None:
        return TicketRefused("forged")
    standing = store.standing(work.conn, TICKET_SECRET, claimed.device, claimed.person)
    if standing is None:
        return TicketRefused("forged")
    ticket = tickets.verify(standing.key, text, work.now)
    if isinstance(ticket, TicketRefused):
        return ticket
    if standing.device_state in (None, "revoked") or not standing.person_active:
        return TicketRefused("revoked", ticket)
    if permission not in permissions_of(standing.roles or ()):
        return TicketRefused("not_allowed", ticket)
    return ticket


# --- people -----------------------------------------------------------------------------------------------------


class NewPin(msgspec.Struct, frozen=True):
    """The hash of a PIN to keep; `once`: good for one sign-in, at which another must be chosen."""

    hash: str
    once: bool = True


def add_person(work: Work, new: NewPerson, pin: NewPin, reach: Reach = EVERYWHERE, badge: str | None = None) -> Person:
    """Adds a person, with a fresh badge unless one is given.

    Refuses `invalid` (unknown roles, a badge that is none), `not_allowed`, `other_warehouse`, `name_taken` (badge).
    """
    _check_roles(new.roles)
    _within(reach, new.roles, new.warehouse)
    person_id = work.new_id()
    store.add_person(work, {
        "id": person_id, "name": new.name, "badge": _free_badge(work, badge), "roles": new.roles,
        "language": new.language, "warehouse_id": new.warehouse, "pin_hash": pin.hash, "pin_once": pin.once,
        "active": True, "created_at": work.now,
    })  # fmt: skip
    work.emit("person.changed", stream=CORE, person=person_id)
    return _person(work, person_id)


def change_person(work: Work, person_id: UUID, change: PersonChange, reach: Reach = EVERYWHERE) -> Person:
    """Changes name, roles, language or warehouse; it holds from the next request on.

    Another warehouse ends the person's sessions. Refuses like `add_person`, and `last_admin`, `changed_meanwhile`.
    """
    before = _reachable(work, person_id, reach)
    unchanged(change.edition, before)
    roles = before.roles if change.roles is UNSET else change.roles
    warehouse = before.warehouse if change.warehouse is UNSET else change.warehouse
    _check_roles(roles)
    _within(reach, roles, warehouse)
    if ADMIN not in roles:
        _not_the_last_admin(work, person_id)
    columns = {
        "name": change.name,
        "roles": change.roles,
        "language": change.language,
        "warehouse_id": change.warehouse,
    }
    values = {name: value for name, value in columns.items() if value is not UNSET}
    if values:
        store.change_person(work, person_id, values)
        work.emit("person.changed", stream=CORE, person=person_id)
    if warehouse != before.warehouse:
        _end(work, store.live_of_person(work.conn, person_id, work.now))
    return _person(work, person_id)


def set_active(work: Work, person_id: UUID, active: bool, reach: Reach = EVERYWHERE) -> Person:
    """Disables a person, whose sessions end at once, or enables one again. Refuses `last_admin`."""
    before = _reachable(work, person_id, reach)
    if before.active == active:
        return before
    if not active:
        _not_the_last_admin(work, person_id)
        _end(work, store.live_of_person(work.conn, person_id, work.now))
    store.change_person(work, person_id, {"active": active})
    work.emit("person.changed", stream=CORE, person=person_id)
    return _person(work, person_id)


def reset_pin(work: Work, person_id: UUID, pin: NewPin, reach: Reach = EVERYWHERE) -> Person:
    """Gives a person another PIN, ends the person's sessions and forgets failed tries."""
    before = _reachable(work, person_id, reach)
    store.change_person(work, person_id, {"pin_hash": pin.hash, "pin_once": pin.once})
    store.forget_tallies_of(work, tokens.mark(before.badge))
    _end(work, store.live_of_person(work.conn, person_id, work.now))
    work.emit("person.changed", stream=CORE, person=person_id)
    return _person(work, person_id)


def people(conn: Connection, warehouse: int | None, after: UUID, limit: int, now: datetime) -> list[Person]:
    """At most `limit` people behind `after`, of one warehouse or of all, and who has to wait after wrong PINs."""
    waiting = store.waiting(conn, now)
    return [
        msgspec.structs.replace(one, locked_until=waiting.get(tokens.mark(one.badge)))
        for one in store.people(conn, warehouse, after, limit)
    ]


def unlock(work: Work, person_id: UUID, reach: Reach = EVERYWHERE) -> Person:
    """Forgets the wrong PINs of a person: the next try counts as the first."""
    before = _reachable(work, person_id, reach)
    store.forget_tallies_of(work, tokens.mark(before.badge))
    return before


def new_badge(work: Work, person_id: UUID, reach: Reach = EVERYWHERE) -> Person:
    """Gives a person who lost the badge another one; the lost one opens nothing and open sessions end."""
    _reachable(work, person_id, reach)
    store.change_person(work, person_id, {"badge": _free_badge(work, None)})
    _end(work, store.live_of_person(work.conn, person_id, work.now))
    work.emit("person.changed", stream=CORE, person=person_id)
    return _person(work, person_id)


def end_sessions(work: Work, person_id: UUID, reach: Reach = EVERYWHERE) -> tuple[UUID, ...]:
    """Signs a person out everywhere."""
    _reachable(work, person_id, reach)
    return _end(work, store.live_of_person(work.conn, person_id, work.now))


def ensure_first_admin(work: Work) -> tuple[str, str] | None:
    """On a database without people: makes an administrator and gives badge and one-time PIN; else None."""
    if not store.nobody_yet(work.conn):
        return None
    pin = tokens.one_time_pin()
    made = add_person(work, NewPerson("Administrator", (ADMIN,)), NewPin(tokens.hash_pin(pin)))
    return made.badge, pin


def _check_roles(roles: Iterable[str]) -> None:
    known = ", ".join(ROLES)
    faults = [
        Fault(f"roles[{place}]", "There is no such role.", known, role)
        for place, role in enumerate(roles)
        if role not in ROLES
    ]
    if faults:
        raise Refusal("invalid", *faults, count=len(faults))


def _within(reach: Reach, roles: Iterable[str], warehouse: int | None) -> None:
    rules.in_warehouse(reach.warehouse, warehouse)
    if (beyond := exceeding(roles, reach.permissions, warehouse)) is not None:
        raise Refusal("not_allowed", Fault("roles", "These roles may do more than you may."), permission=beyond)


def _reachable(work: Work, person_id: UUID, reach: Reach) -> Person:
    found = _person(work, person_id)
    _within(reach, found.roles, found.warehouse)
    return found


def _person(work: Work, person_id: UUID) -> Person:
    found = store.person_by_id(work.conn, person_id)
    if found is None:
        raise Refusal("person_unknown")
    return found


def _free_badge(work: Work, wanted: str | None) -> str:
    if wanted is None:
        made = tokens.badge()
        while store.person_of_badge(work.conn, made) is not None:
            made = tokens.badge()
        return made
    badge = rules.badge_code(wanted)
    if badge is None:
        fault = Fault("badge", "This is no badge.", "P-, eight characters, the check character", wanted)
        raise Refusal("invalid", fault, count=1)
    if store.person_of_badge(work.conn, badge) is not None:
        raise Refusal("name_taken", field="badge", got=badge)
    return badge


def _not_the_last_admin(work: Work, person_id: UUID) -> None:
    if store.active_with_role(work.conn, ADMIN) == {person_id}:
        raise Refusal("last_admin")


# --- devices ----------------------------------------------------------------------------------------------------


class Offer(msgspec.Struct, frozen=True):
    """A device that waits to be enrolled; `code` is shown once."""

    device: Device
    code: str
    valid_until: datetime


class Enrolment(msgspec.Struct, frozen=True):
    """An enrolled device and its secret, which is kept nowhere."""

    device: Device
    secret: str


def add_device(work: Work, new: NewDevice, reach: Reach = EVERYWHERE) -> Offer:
    """Adds a device and makes its enrolment code. Refuses `name_taken`, `other_warehouse`."""
    rules.in_warehouse(reach.warehouse, new.warehouse)
    if store.device_named(work.conn, new.name) is not None:
        raise Refusal("name_taken", field="name", got=new.name)
    device_id = work.new_id()
    code = tokens.enrolment_code()
    until = work.now + rules.ENROLMENT_VALID
    store.add_device(work, {
        "id": device_id, "name": new.name, "kind": new.kind, "warehouse_id": new.warehouse,
        "station_id": new.station, "state": DEVICE.initial, "enrolment_hash": tokens.fingerprint(code),
        "enrolment_until": until, "created_at": work.now,
    })  # fmt: skip
    work.emit("device.changed", stream=CORE, device=device_id)
    return Offer(_device(work, device_id), code, until)


def offer_device(work: Work, device_id: UUID, reach: Reach = EVERYWHERE) -> Offer:
    """Makes another enrolment code: the former code and the device's secret are no longer good."""
    code = tokens.enrolment_code()
    until = work.now + rules.ENROLMENT_VALID
    found = _device_in_reach(work, device_id, reach)
    state = found.state if found.state == "offered" else DEVICE.advance(found.state, "offer")
    _lock_device(work, device_id, {
        "state": state, "enrolment_hash": tokens.fingerprint(code), "enrolment_until": until, "secret_hash": None,
    })  # fmt: skip
    return Offer(_device(work, device_id), code, until)


def enrol_device(work: Work, code: str) -> Enrolment:
    """Turns a valid code into a device's secret, once. Refuses `enrolment_refused`."""
    found = store.device_of_code(work.conn, tokens.fingerprint(tokens.typed_code(code)), work.now)
    if found is None or not DEVICE.can(found.state, "enrol"):
        raise Refusal("enrolment_refused")
    secret = tokens.device_secret()
    store.change_device(work, found.id, {
        "state": DEVICE.advance(found.state, "enrol"), "secret_hash": tokens.fingerprint(secret),
        "enrolment_hash": None, "enrolment_until": None, "enrolled_at": work.now,
    })  # fmt: skip
    work.emit("device.changed", stream=CORE, device=found.id)
    return Enrolment(found, secret)


def revoke_device(work: Work, device_id: UUID, reach: Reach = EVERYWHERE) -> Device:
    """Locks a device out: its sessions end at once and what it still brings in is set aside."""
    found = _device_in_reach(work, device_id, reach)
    state = DEVICE.advance(found.state, "revoke")
    _lock_device(work, device_id, {"state": state, "enrolment_hash": None, "enrolment_until": None})
    return _device(work, device_id)


def note_condition(work: Work, device_id: UUID, condition: DeviceCondition) -> None:
    """Keeps when a device was last heard of and how full its battery is; the boards of its warehouse hear of it."""
    known = {"battery_percent": condition.battery_percent, "charging": condition.charging}
    store.change_device(work, device_id, {"seen_at": work.now, **known})
    work.emit("device.heard", stream=CORE, device=device_id, warehouse=_device(work, device_id).warehouse)


def _lock_device(work: Work, device_id: UUID, values: dict[str, Any]) -> None:
    store.change_device(work, device_id, values)
    _end(work, store.live_of_device(work.conn, device_id, work.now))
    work.emit("device.changed", stream=CORE, device=device_id)


def _device_in_reach(work: Work, device_id: UUID, reach: Reach) -> Device:
    found = _device(work, device_id)
    rules.in_warehouse(reach.warehouse, found.warehouse)
    return found


def _device(work: Work, device_id: UUID) -> Device:
    found = store.device_by_id(work.conn, device_id)
    if found is None:
        raise Refusal("device_not_found")
    return found


# --- keys -------------------------------------------------------------------------------------------------------


def add_key(work: Work, new: NewKey, reach: Reach = EVERYWHERE) -> tuple[ApiKey, str]:
    """Makes an API key and gives its text, which is kept nowhere. Refuses like `add_person`, and `name_taken`."""
    _check_roles(new.roles)
    _within(reach, new.roles, new.warehouse)
    if store.key_named(work.conn, new.name) is not None:
        raise Refusal("name_taken", field="name", got=new.name)
    key_id, text = work.new_id(), tokens.api_key()
    store.add_key(work, {
        "id": key_id, "name": new.name, "prefix": text[: tokens.KEY_SHOWN], "key_hash": tokens.fingerprint(text),
        "roles": new.roles, "warehouse_id": new.warehouse, "created_at": work.now,
    })  # fmt: skip
    work.emit("key.changed", stream=CORE, key=key_id)
    return _key(work, key_id), text


def revoke_key(work: Work, key_id: UUID, reach: Reach = EVERYWHERE) -> ApiKey:
    """Makes a key no longer good, at once."""
    found = _key(work, key_id)
    _within(reach, found.roles, found.warehouse)
    if found.revoked_at is None:
        store.revoke_key(work, key_id)
        work.emit("key.changed", stream=CORE, key=key_id)
    return _key(work, key_id)


def _key(work: Work, key_id: UUID) -> ApiKey:
    found = store.key_by_id(work.conn, key_id)
    if found is None:
        raise Refusal("key_unknown")
    return found


# --- warehouses -------------------------------------------------------------------------------------------------


def shown(house: House) -> WarehouseShown:
    """A warehouse as the answers of this room show it."""
    return WarehouseShown(house.number, house.code, house.name, house.time_zone)
