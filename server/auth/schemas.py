"""Why: what the auth routes take and answer. Whatever holds a secret shows none of it when it is printed or logged."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from server.core.editions import Edited, Edition

Name = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^\S(.*\S)?(?!\n)$")]
Role = Annotated[str, Meta(min_length=1, max_length=20)]
Roles = Annotated[tuple[Role, ...], Meta(min_length=1, max_length=8)]
Language = Literal["en", "de"]
Warehouse = Annotated[int, Meta(ge=1, le=32767)]
PinText = Annotated[str, Meta(max_length=40)]
SecretText = Annotated[str, Meta(max_length=200)]
DeviceKind = Literal["handheld", "station", "desk"]


class Shy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body with a secret in it: printed, it is only its name."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body without secrets."""


# --- signing in -------------------------------------------------------------------------------------------------


class SignIn(Shy, frozen=True):
    """A badge as scanned, its PIN, a new PIN where one must or shall be chosen; the device's secret if not sent as
    `Authorization: Device …`.
    """

    badge: Annotated[str, Meta(max_length=200)]
    pin: PinText
    new_pin: PinText | None = None
    device: SecretText | None = None


class PersonShown(msgspec.Struct, frozen=True):
    """Who signed in."""

    id: UUID
    name: str
    roles: tuple[str, ...]
    language: str


class WarehouseShown(msgspec.Struct, frozen=True):
    """The warehouse somebody works in; `id` is its number."""

    id: int
    code: str
    name: str
    time_zone: str


class DeviceShown(msgspec.Struct, frozen=True):
    """The device somebody works on; `station` is the pack station it stands at."""

    id: UUID
    name: str
    kind: str
    station: UUID | None


class SignedIn(Shy, frozen=True):
    """The answer to a sign-in. `ticket` goes with every floor command; there is none without an enrolled device.

    Without a sign of life for `idle_seconds` it locks; the ticket is good for `ticket_seconds`. `warehouse` is null for
    somebody who works everywhere and has no device.
    """

    person: PersonShown
    permissions: tuple[str, ...]
    ticket: str | None
    warehouse: WarehouseShown | None
    expires_at: datetime
    idle_seconds: int
    ticket_seconds: int
    device: DeviceShown | None


class KeyShown(msgspec.Struct, frozen=True):
    """The API key that asks."""

    id: UUID
    name: str
    roles: tuple[str, ...]


class Me(msgspec.Struct, frozen=True):
    """Who asks: a person in a session, an API key, or a device alone."""

    person: PersonShown | None
    key: KeyShown | None
    device: DeviceShown | None
    permissions: tuple[str, ...]
    warehouse: WarehouseShown | None
    expires_at: datetime | None


class PinChange(Shy, frozen=True):
    """The PIN one has and the one one wants."""

    pin: PinText
    new_pin: PinText


class Enrol(Shy, frozen=True):
    """The enrolment code, from a QR code or typed."""

    code: Annotated[str, Meta(max_length=60)]


class Enrolled(Shy, frozen=True):
    """The device and its secret, which is shown this once."""

    device: UUID
    secret: str
    name: str
    kind: str
    warehouse: WarehouseShown
    station: UUID | None


# --- people -----------------------------------------------------------------------------------------------------


class NewPerson(Asked, frozen=True):
    """A person to add. Without a warehouse they work everywhere."""

    name: Name
    roles: Roles
    language: Language = "en"
    warehouse: Warehouse | None = None


class PersonChange(Asked, frozen=True):
    """What shall be different; what is left out stays."""

    name: Name | UnsetType = UNSET
    roles: Roles | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    warehouse: Warehouse | UnsetType | None = UNSET
    edition: Edition | None = None


class Person(Edited, frozen=True):
    """A person as shown to whoever looks after people. `locked_until`: too many wrong PINs, on some device."""

    EDITED: ClassVar[tuple[str, ...]] = ("name", "roles", "language", "warehouse")

    id: UUID
    name: str
    badge: str
    roles: tuple[str, ...]
    language: str
    warehouse: int | None
    active: bool
    pin_once: bool
    created_at: datetime
    locked_until: datetime | None = None


class PersonAdded(Shy, frozen=True):
    """The person with the one-time PIN, which is shown this once."""

    person: Person
    pin: str


class PinReset(Shy, frozen=True):
    """The one-time PIN, which is shown this once."""

    pin: str


class People(msgspec.Struct, frozen=True):
    """A page of people; `next` is the `after` of the following page, null at the end."""

    items: tuple[Person, ...]
    next: UUID | None


# --- devices ----------------------------------------------------------------------------------------------------


class NewDevice(Asked, frozen=True):
    """A device to enrol."""

    name: Name
    warehouse: Warehouse
    kind: DeviceKind = "handheld"
    station: UUID | None = None


class Device(msgspec.Struct, frozen=True):
    """A device as shown to whoever looks after devices."""

    id: UUID
    name: str
    kind: str
    warehouse: int
    station: UUID | None
    state: str
    created_at: datetime
    enrolled_at: datetime | None
    seen_at: datetime | None = None
    battery_percent: int | None = None
    charging: bool | None = None


class DeviceCondition(Asked, frozen=True):
    """What a device says of itself; null where its browser does not tell."""

    battery_percent: Annotated[int, Meta(ge=0, le=100)] | None = None
    charging: bool | None = None


class DeviceOffered(Shy, frozen=True):
    """The device with its enrolment code, which is shown this once and is valid for 24 hours.

    `qr`: a drawing (SVG) to scan: the address of the sign-in with the code behind its #.
    """

    device: Device
    code: str
    valid_until: datetime
    qr: str


class Devices(msgspec.Struct, frozen=True):
    """A page of devices; `next` is the `after` of the following page, null at the end."""

    items: tuple[Device, ...]
    next: UUID | None


# --- keys -------------------------------------------------------------------------------------------------------


class NewKey(Asked, frozen=True):
    """A key to make for another system. Without a warehouse it reaches all."""

    name: Name
    roles: Roles
    warehouse: Warehouse | None = None


class ApiKey(msgspec.Struct, frozen=True):
    """A key as shown in lists."""

    id: UUID
    name: str
    prefix: str
    roles: tuple[str, ...]
    warehouse: int | None
    created_at: datetime
    revoked_at: datetime | None


class KeyMade(Shy, frozen=True):
    """The key, whose text is shown this once."""

    key: ApiKey
    text: str


class Keys(msgspec.Struct, frozen=True):
    """A page of keys; `next` is the `after` of the following page, null at the end."""

    items: tuple[ApiKey, ...]
    next: UUID | None
