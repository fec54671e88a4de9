"""Why: people sign in here with badge and PIN, devices with a code; whoever looks after people, devices and keys does.

Secrets leave once, in the answer to the request that made them, and are kept as hashes only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, Final, Protocol, TypeVar
from uuid import UUID

from litestar import Request, Response, Router, get, patch, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from printers import qr
from server.auth import rules, service, store, tokens
from server.auth.door import From
from server.auth.gate import ANYBODY, Caller
from server.auth.guards import Auth, ByCaller, Db, WithAuth, cookie_name, credentials, is_secure
from server.auth.permissions import permissions_of
from server.auth.schemas import (
    ApiKey,
    Device,
    DeviceCondition,
    DeviceOffered,
    Devices,
    DeviceShown,
    Enrol,
    Enrolled,
    KeyMade,
    Keys,
    KeyShown,
    Me,
    NewDevice,
    NewKey,
    NewPerson,
    People,
    Person,
    PersonAdded,
    PersonChange,
    PersonShown,
    PinChange,
    PinReset,
    SignedIn,
    SignIn,
    WarehouseShown,
)
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Lane
from server.db.work import Work

T = TypeVar("T")

PUBLIC: Final = {"permission": "public"}
SELF: Final = {"permission": "self"}
PEOPLE: Final = {"permission": "people.manage"}
DEVICES: Final = {"permission": "devices.manage"}
KEYS: Final = {"permission": "keys.manage"}

Limit = Annotated[int, QueryParameter(ge=1, le=500, description="At most so many.")]
After = Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")]
FROM_THE_START: Final = UUID(int=0)


# --- signing in and out -----------------------------------------------------------------------------------------


@post("/sign-in", opt=PUBLIC, status_code=200, summary="Sign in with badge and PIN")
async def sign_in(
    data: JSONBody[SignIn], request: Request[Any, Any, Any], db: Db, auth: WithAuth
) -> Response[SignedIn]:
    """Opens a new session and sets its cookie; the device's and this browser's former session end.

    A one-time PIN is answered with `pin_must_change` until `new_pin` comes with it.
    """
    shown = credentials(request)
    entered = await auth.door.sign_in(data, From(_address(request), shown.device, shown.session))
    begun = entered.begun
    known, device = begun.person, begun.device
    answer = SignedIn(
        person=PersonShown(known.id, known.name, known.roles, known.language),
        permissions=_sorted(permissions_of(known.roles, begun.warehouse)),
        ticket=begun.ticket,
        warehouse=await _warehouse(db, auth, begun.warehouse),
        expires_at=begun.expires_at,
        idle_seconds=60 * request.app.state.settings.idle_minutes,
        ticket_seconds=int(rules.TICKET_VALID.total_seconds()),
        device=_device_shown(device),
    )
    lasts = int((begun.expires_at - request.app.state.clock.now()).total_seconds())
    return Response(answer, cookies=[_cookie(request, entered.token, lasts)])


@post("/sign-out", opt=PUBLIC, status_code=204, summary="Sign out")
async def sign_out(request: Request[Any, Any, Any], db: Db, auth: WithAuth) -> Response[None]:
    """Ends this browser's session and takes its cookie; without one there is nothing to end. Tickets stay good."""
    token = credentials(request).session
    if token is not None:
        hashed = tokens.fingerprint(token)
        ended = await _write(db, ANYBODY, "auth.sign_out", lambda work: service.sign_out(work, hashed))
        auth.gate.forget_sessions(ended)
    return Response(None, cookies=[_cookie(request, "", 0)])


@get("/me", opt=SELF, summary="Who am I")
async def me(caller: ByCaller, db: Db, auth: WithAuth) -> Me:
    """The person of this session, the key, or the device alone, and what they may do."""
    actor = caller.actor
    device_id = actor.device
    device = await db.read(lambda conn: store.device_by_id(conn, device_id)) if device_id else None
    person = PersonShown(actor.person, actor.name, caller.roles, caller.language or "en") if actor.person else None
    key = KeyShown(actor.key, actor.name, caller.roles) if actor.key else None
    place = await _warehouse(db, auth, actor.warehouse)
    return Me(person, key, _device_shown(device), _sorted(caller.permissions), place, caller.expires_at)


@post("/pin", opt=SELF, status_code=204, summary="Change one's own PIN")
async def change_pin(
    data: JSONBody[PinChange], request: Request[Any, Any, Any], caller: ByCaller, auth: WithAuth
) -> None:
    """Needs the PIN one has. One's other sessions end."""
    await auth.door.change_pin(caller, data, _address(request))


@post("/devices/enrol", opt=PUBLIC, summary="Enrol a device with its code")
async def enrol(data: JSONBody[Enrol], request: Request[Any, Any, Any], db: Db, auth: WithAuth) -> Enrolled:
    """Turns an enrolment code (80 random bits, good for 24 hours and once) into the device's secret.

    Wrong codes count against the address they come from as wrong PINs do.
    """
    made = await auth.door.enrol(data.code, _address(request))
    device = made.device
    place = await db.read(lambda conn: service.shown(auth.house_of(conn, device.warehouse)))
    return Enrolled(device.id, made.secret, device.name, device.kind, place, device.station)


@post("/device", opt=SELF, status_code=204, summary="Say how this device is")
async def note_condition(data: JSONBody[DeviceCondition], caller: ByCaller, db: Db) -> None:
    """What the app of an enrolled device says every few minutes; anybody else is thanked and not written down."""
    device = caller.actor.device
    if device is not None:
        run = partial(service.note_condition, device_id=device, condition=data)
        await db.write(Command(run, frozenset({CORE}), caller.actor, "auth.note_condition", lane=Lane.BULK))


# --- people -----------------------------------------------------------------------------------------------------


@get("/people", opt=PEOPLE, summary="People")
async def people(caller: ByCaller, db: Db, limit: Limit = 100, after: After = None) -> People:
    """Those one may look after: of one's warehouse, or all."""
    here, start = caller.actor.warehouse, after or FROM_THE_START
    now = db.clock.now()
    rows, following = _page(await db.read(lambda conn: service.people(conn, here, start, limit + 1, now)), limit)
    return People(rows, following)


@post("/people", opt=PEOPLE, summary="Add a person")
async def add_person(data: JSONBody[NewPerson], caller: ByCaller, db: Db, auth: WithAuth) -> PersonAdded:
    """Makes a badge and a one-time PIN, which is shown this once."""
    pin = tokens.one_time_pin()
    kept = service.NewPin(await auth.pins.hash(pin))

    def add(work: Work) -> Person:
        _check_warehouse(work, auth, data.warehouse)
        return service.add_person(work, data, kept, caller.reach)

    return PersonAdded(await _change(db, auth, caller, "auth.add_person", add), pin)


@patch("/people/{person:uuid}", opt=PEOPLE, summary="Change a person")
async def change_person(
    person: FromPath[UUID], data: JSONBody[PersonChange], caller: ByCaller, db: Db, auth: WithAuth
) -> Person:
    """What is left out stays. It holds from the next request on."""

    def change(work: Work) -> Person:
        _check_warehouse(work, auth, None if data.warehouse is UNSET else data.warehouse)
        return service.change_person(work, person, data, caller.reach)

    return await _change(db, auth, caller, "auth.change_person", change)


@post("/people/{person:uuid}/disable", opt=PEOPLE, status_code=200, summary="Disable a person")
async def disable_person(person: FromPath[UUID], caller: ByCaller, db: Db, auth: WithAuth) -> Person:
    """All sessions end at once."""
    return await _change(
        db, auth, caller, "auth.disable_person", lambda work: service.set_active(work, person, False, caller.reach)
    )


@post("/people/{person:uuid}/enable", opt=PEOPLE, status_code=200, summary="Enable a person again")
async def enable_person(person: FromPath[UUID], caller: ByCaller, db: Db, auth: WithAuth) -> Person:
    """Badge and PIN are what they were."""
    return await _change(
        db, auth, caller, "auth.enable_person", lambda work: service.set_active(work, person, True, caller.reach)
    )


@post("/people/{person:uuid}/reset-pin", opt=PEOPLE, status_code=200, summary="Give a person a one-time PIN")
async def reset_pin(person: FromPath[UUID], caller: ByCaller, db: Db, auth: WithAuth) -> PinReset:
    """Shown this once. The person's sessions end and failed tries are forgotten."""
    pin = tokens.one_time_pin()
    kept = service.NewPin(await auth.pins.hash(pin))
    await _change(db, auth, caller, "auth.reset_pin", lambda work: service.reset_pin(work, person, kept, caller.reach))
    return PinReset(pin)


@post("/people/{person:uuid}/unlock", opt=PEOPLE, status_code=200, summary="Let a person try the PIN again at once")
async def unlock(person: FromPath[UUID], caller: ByCaller, db: Db, auth: WithAuth) -> Person:
    """Forgets the wrong PINs that were typed for this badge, on whatever device."""
    return await _change(db, auth, caller, "auth.unlock", lambda work: service.unlock(work, person, caller.reach))


@post("/people/{person:uuid}/new-badge", opt=PEOPLE, status_code=200, summary="Give a person another badge")
async def new_badge(person: FromPath[UUID], caller: ByCaller, db: Db, auth: WithAuth) -> Person:
    """For a lost badge, which opens nothing any more. The person's sessions end."""
    return await _change(db, auth, caller, "auth.new_badge", lambda work: service.new_badge(work, person, caller.reach))


@post("/people/{person:uuid}/sign-out", opt=PEOPLE, status_code=204, summary="Sign a person out everywhere")
async def end_sessions(person: FromPath[UUID], caller: ByCaller, db: Db, auth: WithAuth) -> None:
    """All sessions of the person end at once."""
    await _change(db, auth, caller, "auth.end_sessions", lambda work: service.end_sessions(work, person, caller.reach))


# --- devices ----------------------------------------------------------------------------------------------------


@get("/devices", opt=DEVICES, summary="Devices")
async def devices(caller: ByCaller, db: Db, limit: Limit = 100, after: After = None) -> Devices:
    """Those of one's warehouse, or all."""
    here, start = caller.actor.warehouse, after or FROM_THE_START
    rows, following = _page(await db.read(lambda conn: store.devices(conn, here, start, limit + 1)), limit)
    return Devices(rows, following)


@post("/devices", opt=DEVICES, summary="Add a device")
async def add_device(
    data: JSONBody[NewDevice], request: Request[Any, Any, Any], caller: ByCaller, db: Db, auth: WithAuth
) -> DeviceOffered:
    """Makes an enrolment code, which is shown this once and is good for 24 hours."""

    def add(work: Work) -> service.Offer:
        _check_warehouse(work, auth, data.warehouse)
        _check_bench(work, auth, data)
        return service.add_device(work, data, caller.reach)

    return _offered(request, await _change(db, auth, caller, "auth.add_device", add))


@post("/devices/{device:uuid}/offer", opt=DEVICES, status_code=200, summary="Make another enrolment code")
async def offer_device(
    device: FromPath[UUID], request: Request[Any, Any, Any], caller: ByCaller, db: Db, auth: WithAuth
) -> DeviceOffered:
    """For a device that lost its secret or was revoked. A secret it still has is no longer good."""
    offer = await _change(
        db, auth, caller, "auth.offer_device", lambda work: service.offer_device(work, device, caller.reach)
    )
    return _offered(request, offer)


@post("/devices/{device:uuid}/revoke", opt=DEVICES, status_code=200, summary="Lock a device out")
async def revoke_device(device: FromPath[UUID], caller: ByCaller, db: Db, auth: WithAuth) -> Device:
    """Its sessions end at once; scans it still brings in are set aside."""
    return await _change(
        db, auth, caller, "auth.revoke_device", lambda work: service.revoke_device(work, device, caller.reach)
    )


# --- keys -------------------------------------------------------------------------------------------------------


@get("/keys", opt=KEYS, summary="API keys")
async def keys(db: Db, limit: Limit = 100, after: After = None) -> Keys:
    """All of them, also the revoked."""
    start = after or FROM_THE_START
    rows, following = _page(await db.read(lambda conn: store.keys(conn, start, limit + 1)), limit)
    return Keys(rows, following)


@post("/keys", opt=KEYS, summary="Make an API key")
async def add_key(data: JSONBody[NewKey], caller: ByCaller, db: Db, auth: WithAuth) -> KeyMade:
    """Its text is shown this once: `Authorization: Bearer pwk_…`."""

    def add(work: Work) -> tuple[ApiKey, str]:
        _check_warehouse(work, auth, data.warehouse)
        return service.add_key(work, data, caller.reach)

    key, text = await _change(db, auth, caller, "auth.add_key", add)
    return KeyMade(key, text)


@post("/keys/{key:uuid}/revoke", opt=KEYS, status_code=200, summary="Revoke an API key")
async def revoke_key(key: FromPath[UUID], caller: ByCaller, db: Db, auth: WithAuth) -> ApiKey:
    """No longer good, at once."""
    return await _change(db, auth, caller, "auth.revoke_key", lambda work: service.revoke_key(work, key, caller.reach))


router = Router(
    "/api/auth",
    route_handlers=[
        sign_in, sign_out, me, change_pin, enrol, note_condition,
        people, add_person, change_person, disable_person, enable_person, reset_pin, unlock, new_badge, end_sessions,
        devices, add_device, offer_device, revoke_device,
        keys, add_key, revoke_key,
    ],
    tags=["auth"],
)  # fmt: skip


# --- shared -----------------------------------------------------------------------------------------------------


async def _write(db: Database, caller: Caller, name: str, run: Callable[[Work], T]) -> T:
    return (await db.write(Command(run, frozenset({CORE}), caller.actor, name))).answer


async def _change(db: Database, auth: Auth, caller: Caller, name: str, run: Callable[[Work], T]) -> T:
    """A write that changes who may do what: from its answer on nobody is let in by what is remembered."""
    try:
        return await _write(db, caller, name, run)
    finally:
        auth.gate.forget_all()


def _check_warehouse(work: Work, auth: Auth, number: int | None) -> None:
    if number is not None:
        auth.house_of(work.conn, number)


def _check_bench(work: Work, auth: Auth, new: NewDevice) -> None:
    """Refuses `invalid` where the station is none of the device's warehouse; of another's nothing is told."""
    if new.station is not None and auth.bench_of(work.conn, new.station) != new.warehouse:
        said = "There is no such pack station in this warehouse."
        raise Refusal("invalid", Fault("station", said, "a station of warehouse {number}", str(new.station),
                                       {"number": new.warehouse or 0}), count=1)  # fmt: skip


async def _warehouse(db: Database, auth: Auth, number: int | None) -> WarehouseShown | None:
    if number is None:
        return None
    return await db.read(lambda conn: service.shown(auth.house_of(conn, number)))


def _address(request: Request[Any, Any, Any]) -> str:
    return rules.address_group(request.client.host if request.client else "")


def _cookie(request: Request[Any, Any, Any], value: str, seconds: int) -> Cookie:
    return Cookie(
        key=cookie_name(request),
        value=value,
        path="/",
        max_age=seconds,
        httponly=True,
        secure=is_secure(request),
        samesite="strict",
    )


def _device_shown(device: Device | None) -> DeviceShown | None:
    return None if device is None else DeviceShown(device.id, device.name, device.kind, device.station)


def _offered(request: Request[Any, Any, Any], offer: service.Offer) -> DeviceOffered:
    addresses: tuple[str, ...] = request.app.state.addresses()
    base = addresses[0] if addresses else str(request.base_url)
    address = f"{base.rstrip('/')}/sign-in#enrol={offer.code}"
    return DeviceOffered(offer.device, offer.code, offer.valid_until, qr.svg(address))


def _sorted(permissions: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(permissions))


class _HasId(Protocol):
    @property
    def id(self) -> UUID: ...


R = TypeVar("R", bound=_HasId)


def _page(rows: Sequence[R], limit: int) -> tuple[tuple[R, ...], UUID | None]:
    """Of one row more than asked for: the page, and where the next one starts."""
    page = tuple(rows[:limit])
    return page, page[-1].id if len(rows) > limit else None
