"""Why: every statement over people, devices, sessions, keys and tallies, built once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

import sqlalchemy as sa

from server.auth.models import api_key, device, person, secret, session, throttle
from server.auth.rules import FORGOTTEN_AFTER, SESSIONS_KEPT, Tally
from server.auth.schemas import ApiKey, Device, Person
from server.db.binds import id_
from server.db.prepared import Prepared
from server.db.types import Utc
from server.db.work import Work


def _moment(name: str) -> sa.BindParameter[datetime]:
    return sa.bindparam(name, type_=Utc())


def _hash(name: str) -> sa.BindParameter[bytes]:
    return sa.bindparam(name, type_=sa.LargeBinary())


# --- people -----------------------------------------------------------------------------------------------------

_PERSON_SHOWN: Final = (
    person.c.id, person.c.name, person.c.badge, person.c.roles, person.c.language, person.c.warehouse_id,
    person.c.active, person.c.pin_once, person.c.created_at,
)  # fmt: skip
_person: Final = sa.select(*_PERSON_SHOWN).where(person.c.id == id_("of"))
_people: Final = (
    sa.select(*_PERSON_SHOWN)
    .where(
        person.c.id > id_("after"),
        sa.or_(
            sa.bindparam("everywhere", type_=sa.Boolean()),
            person.c.warehouse_id == sa.bindparam("here", type_=sa.SmallInteger()),
        ),
    )
    .order_by(person.c.id)
    .limit(sa.bindparam("most"))
)
_person_of_badge: Final = sa.select(
    person.c.id, person.c.name, person.c.roles, person.c.language, person.c.warehouse_id, person.c.pin_hash,
    person.c.pin_once, person.c.active,
).where(person.c.badge == sa.bindparam("worn"))  # fmt: skip
_pin_of: Final = sa.select(person.c.badge, person.c.pin_hash).where(person.c.id == id_("of"))
_any_person: Final = sa.select(sa.literal(1)).select_from(person).limit(1)
_roles_of_active: Final = sa.select(person.c.id, person.c.roles).where(person.c.active == sa.true())
_add_person: Final = sa.insert(person)


class Known(NamedTuple):
    """What is needed of a person to compare a PIN with."""

    id: UUID
    name: str
    roles: tuple[str, ...]
    language: str
    warehouse: int | None
    pin_hash: str | None
    pin_once: bool
    active: bool


def person_by_id(conn: sa.Connection, person_id: UUID) -> Person | None:
    """A person as shown to others."""
    row = conn.execute(_person, {"of": person_id}).one_or_none()
    return None if row is None else Person(*row)


def people(conn: sa.Connection, warehouse: int | None, after: UUID, limit: int) -> list[Person]:
    """At most `limit` people behind `after`, in the order in which they were added; of one warehouse or of all."""
    asked = {"everywhere": warehouse is None, "here": warehouse, "after": after, "most": limit}
    return [Person(*row) for row in conn.execute(_people, asked)]


def person_of_badge(conn: sa.Connection, badge: str) -> Known | None:
    """The wearer of a badge."""
    row = conn.execute(_person_of_badge, {"worn": badge}).one_or_none()
    return None if row is None else Known(*row)


def pin_of(conn: sa.Connection, person_id: UUID) -> tuple[str, str | None]:
    """A person's badge and the hash of the PIN."""
    row = conn.execute(_pin_of, {"of": person_id}).one()
    return row.badge, row.pin_hash


def nobody_yet(conn: sa.Connection) -> bool:
    """Whether there is no person at all."""
    return conn.execute(_any_person).one_or_none() is None


def active_with_role(conn: sa.Connection, role: str) -> set[UUID]:
    """The active people who have this role."""
    return {row.id for row in conn.execute(_roles_of_active) if role in row.roles}


def add_person(work: Work, values: dict[str, Any]) -> None:
    """Inserts a person."""
    work.execute(_add_person, values)


def change_person(work: Work, person_id: UUID, values: dict[str, Any]) -> None:
    """Writes some columns of a person."""
    work.execute(sa.update(person).where(person.c.id == id_("of")).values(**values), {"of": person_id})


# --- devices ----------------------------------------------------------------------------------------------------

_DEVICE_SHOWN: Final = (
    device.c.id, device.c.name, device.c.kind, device.c.warehouse_id, device.c.station_id, device.c.state,
    device.c.created_at, device.c.enrolled_at, device.c.seen_at, device.c.battery_percent, device.c.charging,
)  # fmt: skip
_device: Final = sa.select(*_DEVICE_SHOWN).where(device.c.id == id_("of"))
_devices: Final = (
    sa.select(*_DEVICE_SHOWN)
    .where(
        device.c.id > id_("after"),
        sa.or_(
            sa.bindparam("everywhere", type_=sa.Boolean()),
            device.c.warehouse_id == sa.bindparam("here", type_=sa.SmallInteger()),
        ),
    )
    .order_by(device.c.id)
    .limit(sa.bindparam("most"))
)
_device_of_secret: Final = sa.select(*_DEVICE_SHOWN).where(device.c.secret_hash == _hash("kept"))
_device_of_code: Final = sa.select(*_DEVICE_SHOWN).where(
    device.c.enrolment_hash == _hash("kept"), device.c.enrolment_until > _moment("now")
)
_device_named: Final = sa.select(device.c.id).where(device.c.name == sa.bindparam("called"))
_add_device: Final = sa.insert(device)


def device_by_id(conn: sa.Connection, device_id: UUID) -> Device | None:
    """A device."""
    row = conn.execute(_device, {"of": device_id}).one_or_none()
    return None if row is None else Device(*row)


def devices(conn: sa.Connection, warehouse: int | None, after: UUID, limit: int) -> list[Device]:
    """At most `limit` devices behind `after`, in the order in which they were added; of one warehouse or of all."""
    asked = {"everywhere": warehouse is None, "here": warehouse, "after": after, "most": limit}
    return [Device(*row) for row in conn.execute(_devices, asked)]


def device_of_secret(conn: sa.Connection, secret_hash: bytes) -> Device | None:
    """The device that has, or had until it was revoked, this secret."""
    row = conn.execute(_device_of_secret, {"kept": secret_hash}).one_or_none()
    return None if row is None else Device(*row)


def device_of_code(conn: sa.Connection, code_hash: bytes, now: datetime) -> Device | None:
    """The device for which this enrolment code was made, if it is still valid."""
    row = conn.execute(_device_of_code, {"kept": code_hash, "now": now}).first()
    return None if row is None else Device(*row)


def device_named(conn: sa.Connection, name: str) -> UUID | None:
    """The device of this name."""
    return cast("UUID | None", conn.execute(_device_named, {"called": name}).scalar_one_or_none())


def add_device(work: Work, values: dict[str, Any]) -> None:
    """Inserts a device."""
    work.execute(_add_device, values)


def change_device(work: Work, device_id: UUID, values: dict[str, Any]) -> None:
    """Writes some columns of a device."""
    work.execute(sa.update(device).where(device.c.id == id_("of")).values(**values), {"of": device_id})


# --- sessions ---------------------------------------------------------------------------------------------------

_opened: Final = (
    sa.select(
        session.c.id, session.c.seen_at, session.c.expires_at, session.c.ended_at, session.c.warehouse_id,
        person.c.id, person.c.name, person.c.roles, person.c.language, person.c.active, device.c.id, device.c.state,
    )
    .select_from(session.join(person, person.c.id == session.c.person_id).outerjoin(
        device, device.c.id == session.c.device_id
    ))
)  # fmt: skip
_opened_by_token: Final = _opened.where(session.c.token_hash == _hash("kept"))
_opened_by_id: Final = _opened.where(session.c.id == id_("of"))
_live: Final = sa.select(session.c.id, session.c.person_id).where(
    session.c.ended_at.is_(None), session.c.expires_at > _moment("now")
)
_live_of_person: Final = _live.where(session.c.person_id == id_("of"))
_live_of_device: Final = _live.where(session.c.device_id == id_("of"))
_live_of_token: Final = _live.where(session.c.token_hash == _hash("kept"))
_add_session: Final = sa.insert(session)
_end: Final = (
    sa.update(session).where(session.c.id == id_("of"), session.c.ended_at.is_(None)).values(ended_at=_moment("moment"))
)
_touch: Final = (
    sa.update(session)
    .where(session.c.id == id_("of"), session.c.seen_at < _moment("moment"))
    .values(seen_at=_moment("moment"))
)
_sweep_sessions: Final = sa.delete(session).where(session.c.expires_at < _moment("before"))


class Opened(NamedTuple):
    """A session with what its person and device are now."""

    id: UUID
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    warehouse: int | None
    person: UUID
    name: str
    roles: tuple[str, ...]
    language: str
    active: bool
    device: UUID | None
    device_state: str | None


class Live(NamedTuple):
    """A session that has not ended."""

    id: UUID
    person: UUID


def session_by_token(conn: sa.Connection, token_hash: bytes) -> Opened | None:
    """The session of this token, ended or not."""
    row = conn.execute(_opened_by_token, {"kept": token_hash}).one_or_none()
    return None if row is None else Opened._make(row)


def session_by_id(conn: sa.Connection, session_id: UUID) -> Opened | None:
    """The session with this id, ended or not."""
    row = conn.execute(_opened_by_id, {"of": session_id}).one_or_none()
    return None if row is None else Opened._make(row)


def live_of_person(conn: sa.Connection, person_id: UUID, now: datetime) -> list[Live]:
    """A person's sessions that have not ended."""
    return [Live(*row) for row in conn.execute(_live_of_person, {"of": person_id, "now": now})]


def live_of_device(conn: sa.Connection, device_id: UUID, now: datetime) -> list[Live]:
    """A device's sessions that have not ended."""
    return [Live(*row) for row in conn.execute(_live_of_device, {"of": device_id, "now": now})]


def live_of_token(conn: sa.Connection, token_hash: bytes, now: datetime) -> list[Live]:
    """The session of this token, if it has not ended."""
    return [Live(*row) for row in conn.execute(_live_of_token, {"kept": token_hash, "now": now})]


def add_session(work: Work, values: dict[str, Any]) -> None:
    """Inserts a session, and forgets those that ran out long ago."""
    work.execute(_add_session, values)
    work.execute(_sweep_sessions, {"before": work.now - SESSIONS_KEPT})


def end_session(work: Work, session_id: UUID) -> None:
    """Ends a session that has not ended."""
    work.execute(_end, {"of": session_id, "moment": work.now})


def touch_session(work: Work, session_id: UUID) -> None:
    """Writes down a session's last sign of life."""
    work.execute(_touch, {"of": session_id, "moment": work.now})


# --- keys -------------------------------------------------------------------------------------------------------

_KEY_SHOWN: Final = (
    api_key.c.id, api_key.c.name, api_key.c.prefix, api_key.c.roles, api_key.c.warehouse_id, api_key.c.created_at,
    api_key.c.revoked_at,
)  # fmt: skip
_key: Final = sa.select(*_KEY_SHOWN).where(api_key.c.id == id_("of"))
_keys: Final = (
    sa.select(*_KEY_SHOWN).where(api_key.c.id > id_("after")).order_by(api_key.c.id).limit(sa.bindparam("most"))
)
_key_of_hash: Final = sa.select(*_KEY_SHOWN).where(api_key.c.key_hash == _hash("kept"))
_key_named: Final = sa.select(api_key.c.id).where(api_key.c.name == sa.bindparam("called"))
_add_key: Final = sa.insert(api_key)
_revoke_key: Final = sa.update(api_key).where(api_key.c.id == id_("of")).values(revoked_at=_moment("moment"))


def key_by_id(conn: sa.Connection, key_id: UUID) -> ApiKey | None:
    """A key as shown in lists."""
    row = conn.execute(_key, {"of": key_id}).one_or_none()
    return None if row is None else ApiKey(*row)


def keys(conn: sa.Connection, after: UUID, limit: int) -> list[ApiKey]:
    """At most `limit` keys behind `after`, in the order in which they were made."""
    return [ApiKey(*row) for row in conn.execute(_keys, {"after": after, "most": limit})]


def key_of_hash(conn: sa.Connection, key_hash: bytes) -> ApiKey | None:
    """The key whose text has this hash, revoked or not."""
    row = conn.execute(_key_of_hash, {"kept": key_hash}).one_or_none()
    return None if row is None else ApiKey(*row)


def key_named(conn: sa.Connection, name: str) -> UUID | None:
    """The key of this name."""
    return cast("UUID | None", conn.execute(_key_named, {"called": name}).scalar_one_or_none())


def add_key(work: Work, values: dict[str, Any]) -> None:
    """Inserts a key."""
    work.execute(_add_key, values)


def revoke_key(work: Work, key_id: UUID) -> None:
    """Writes down that a key is no longer good."""
    work.execute(_revoke_key, {"of": key_id, "moment": work.now})


# --- tallies ----------------------------------------------------------------------------------------------------

_tallies: Final = sa.select(throttle.c.scope, throttle.c.failures, throttle.c.last_at, throttle.c.until).where(
    throttle.c.scope.in_(sa.bindparam("scopes", expanding=True))
)
_forget: Final = sa.delete(throttle).where(throttle.c.scope.in_(sa.bindparam("scopes", expanding=True)))
_add_tally: Final = sa.insert(throttle)
_forget_badge: Final = sa.delete(throttle).where(
    sa.or_(
        throttle.c.scope.startswith(sa.bindparam("pairs")), throttle.c.scope == sa.bindparam("person", type_=sa.Text())
    )
)
_waiting: Final = sa.select(throttle.c.scope, throttle.c.until).where(throttle.c.until > _moment("now"))
_sweep_tallies: Final = sa.delete(throttle).where(throttle.c.last_at < _moment("before"))


def tallies(conn: sa.Connection, scopes: Sequence[str]) -> dict[str, Tally]:
    """The tallies of these scopes; a scope without one has never failed, or long ago."""
    rows = conn.execute(_tallies, {"scopes": list(scopes)})
    return {row.scope: Tally(row.failures, row.last_at, row.until) for row in rows}


def write_tallies(work: Work, found: dict[str, Tally]) -> None:
    """Writes these tallies in place of what was there, and forgets those that are long forgiven."""
    work.execute(_sweep_tallies, {"before": work.now - FORGOTTEN_AFTER})
    forget_tallies(work, found)
    rows = [
        {"scope": scope, "failures": tally.failures, "last_at": tally.last_at, "until": tally.until}
        for scope, tally in found.items()
    ]
    work.execute(_add_tally, rows)


def waiting(conn: sa.Connection, now: datetime) -> dict[str, datetime]:
    """Until when each badge (its mark) has to wait after wrong PINs, on the device where it waits longest."""
    found: dict[str, datetime] = {}
    for row in conn.execute(_waiting, {"now": now}):
        kind, mark, *_ = row.scope.split(":")
        if kind in ("pair", "person"):
            found[mark] = max(row.until, found.get(mark, row.until))
    return found


def forget_tallies(work: Work, scopes: Iterable[str]) -> None:
    """Forgets these tallies."""
    work.execute(_forget, {"scopes": list(scopes)})


def forget_tallies_of(work: Work, badge: str) -> None:
    """Forgets what was counted against a badge (its mark), on whatever device."""
    work.execute(_forget_badge, {"pairs": f"pair:{badge}:", "person": f"person:{badge}"})


# --- secrets and tickets ----------------------------------------------------------------------------------------

_secret: Final = sa.select(secret.c.value).where(secret.c.name == sa.bindparam("called"))
_add_secret: Final = sa.insert(secret)
_standing: Final = Prepared(
    sa.select(secret.c.value, device.c.state, person.c.active, person.c.roles)
    .select_from(secret.outerjoin(device, device.c.id == id_("device")).outerjoin(person, person.c.id == id_("person")))
    .where(secret.c.name == sa.bindparam("called"))
)


class Standing(NamedTuple):
    """What a ticket is judged by: the key that signs, its device's state, whether its person is active, and as what."""

    key: bytes
    device_state: str | None
    person_active: bool | None
    roles: tuple[str, ...] | None


def secret_named(conn: sa.Connection, name: str) -> bytes | None:
    """A secret of the house."""
    return cast("bytes | None", conn.execute(_secret, {"called": name}).scalar_one_or_none())


def add_secret(work: Work, name: str, value: bytes) -> None:
    """Keeps a secret of the house."""
    work.execute(_add_secret, {"name": name, "value": value, "created_at": work.now})


def standing(conn: sa.Connection, name: str, device_id: UUID, person_id: UUID) -> Standing | None:
    """Key, device and person in one look; None before any ticket was given."""
    row = _standing.recalled(conn, {"called": name, "device": device_id, "person": person_id})
    return None if row is None else Standing(*row)
