"""Why: what a good PIN is, how long a wrong one costs, when a session is over and who is out of reach, decided purely.

The throttle never locks anybody out for good, and never a shift: it counts a person on one device, a device, and
where there is no device the address and the person without one. A colleague who scans somebody's badge five times
slows down that badge on that device for seconds; on any other device its owner gets in at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from itertools import pairwise
from math import ceil
from typing import Final
from uuid import UUID

import msgspec

from server.core import barcodes
from server.core.refusal import Fault, Refusal

# --- badges and PINs --------------------------------------------------------------------------------------------

PIN_LENGTHS: Final = range(6, 13)
ONCE_LENGTH: Final = 8
"""Digits of a PIN that the system makes; it is good for one sign-in."""
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BADGE_BODY: Final = 8
_DATE_SHAPES: Final = ("ddmmyy", "mmddyy", "yymmdd", "ddmmyyyy", "mmddyyyy", "yyyymmdd")
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def pin_fault(pin: str) -> str | None:
    """Why this PIN is no good, as a sentence; None when it is good."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS):
        return "A PIN has 6 to 12 digits."
    if len(set(pin)) < 3:
        return "A PIN has at least three different digits."
    if _is_run(pin):
        return "A PIN is no run of digits up or down."
    if _is_repeat(pin):
        return "A PIN is no group of digits said twice or more."
    if pin == pin[::-1]:
        return "A PIN does not read the same from behind."
    if _is_date(pin):
        return "A PIN is no date."
    return None


def check_pin(pin: str, field: str) -> None:
    """Refuses with `pin_weak` a PIN that is no good; the PIN itself is never repeated in the refusal."""
    if said := pin_fault(pin):
        raise Refusal("pin_weak", Fault(field, said, "6 to 12 digits, not trivial"))


def new_pin(choose: Callable[[str], str]) -> str:
    """A PIN of good quality; `choose` draws one of the characters it is given."""
    while pin_fault(pin := "".join(choose("0123456789") for _ in range(ONCE_LENGTH))):
        continue
    return pin


def new_badge(choose: Callable[[str], str]) -> str:
    """A fresh badge barcode `P-…` with its check character; `choose` draws one of the characters it is given."""
    return barcodes.badge("".join(choose(CROCKFORD) for _ in range(_BADGE_BODY)))


def badge_code(text: str) -> str | None:
    """The canonical badge in a scanned or typed text, or None where it is none."""
    scan = barcodes.parse(text)
    return scan.code if scan.kind == "badge" else None


def _is_run(pin: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})


def _is_repeat(pin: str) -> bool:
    return any(pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1) if len(pin) % size == 0)


def _is_date(pin: str) -> bool:
    return any(_fits(pin, shape) for shape in _DATE_SHAPES if len(shape) == len(pin))


def _fits(pin: str, shape: str) -> bool:
    day, month, year = (int("".join(_part(pin, shape, letter))) for letter in "dmy")
    if "yyyy" in shape and not 1900 <= year <= 2099:
        return False
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def _part(pin: str, shape: str, letter: str) -> Iterator[str]:
    return (digit for digit, place in zip(pin, shape, strict=True) if place == letter)


# --- the throttle -----------------------------------------------------------------------------------------------


class Limit(msgspec.Struct, frozen=True):
    """How patient one scope is: free failures, then a wait that doubles up to `longest` seconds.

    One failure is forgiven for each `forgive` seconds that pass without one.
    """

    free: int
    longest: int
    forgive: int


class Tally(msgspec.Struct, frozen=True):
    """The failures of one scope: how many, when the last one was, and until when nothing is tried."""

    failures: int
    last_at: datetime
    until: datetime | None = None


LIMITS: Final[Mapping[str, Limit]] = {
    "pair": Limit(free=3, longest=900, forgive=3600),     # one badge on one device (or from one address)
    "device": Limit(free=10, longest=60, forgive=60),     # one device, whatever badge
    "person": Limit(free=10, longest=300, forgive=600),   # one badge, wherever there is no enrolled device
    "address": Limit(free=20, longest=60, forgive=30),    # one address, where there is no enrolled device
}  # fmt: skip
FORGOTTEN_AFTER: Final = timedelta(days=2)
"""A tally this old is thrown away: every limit has forgiven it."""


def scopes(badge: str | None, device: UUID | None, address: str) -> tuple[str, ...]:
    """What a try counts against. `badge` is a fingerprint, None for a text that is no badge.

    An enrolled device has proved itself by its secret, so its tries never count against an address that it may
    share with the whole floor.
    """
    if device is not None:
        return (*((f"pair:{badge}:{device.hex}",) if badge else ()), f"device:{device.hex}")
    return (*((f"pair:{badge}:{address}", f"person:{badge}") if badge else ()), f"address:{address}")


def address_group(address: str) -> str:
    """What stands for an address in a tally: itself, or of IPv6 the network of 64 bits that one household has."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if found.version == 6:
        mapped = found.ipv4_mapped
        return str(mapped) if mapped is not None else str(IPv6Address(int(found) >> 64 << 64)) + "/64"
    return str(found)


def pair_of(found: tuple[str, ...]) -> tuple[str, ...]:
    """Of the scopes of a try those that a right PIN clears: only what is this person's alone."""
    return tuple(scope for scope in found if scope.startswith(("pair:", "person:")))


def failed(scope: str, before: Tally | None, now: datetime) -> Tally:
    """The tally after one more failure."""
    limit = LIMITS[scope.partition(":")[0]]
    failures = _remaining(limit, before, now) + 1
    wait = penalty(limit, failures)
    return Tally(failures, now, now + timedelta(seconds=wait) if wait else None)


def penalty(limit: Limit, failures: int) -> int:
    """Seconds to wait after so many failures."""
    if failures < limit.free:
        return 0
    doublings = min(failures - limit.free, 20)
    return min(1 << (doublings + 1), limit.longest)


def wait(tally: Tally | None, now: datetime) -> int:
    """Whole seconds until this scope may be tried again; 0: now."""
    if tally is None or tally.until is None or tally.until <= now:
        return 0
    return ceil((tally.until - now).total_seconds())


def _remaining(limit: Limit, tally: Tally | None, now: datetime) -> int:
    if tally is None:
        return 0
    quiet = max((now - tally.last_at).total_seconds(), 0)
    return max(tally.failures - int(quiet // limit.forgive), 0)


# --- sessions ---------------------------------------------------------------------------------------------------

TOUCH_EVERY: Final = timedelta(seconds=60)
"""A session's last sign of life is written down at most this often."""
SESSIONS_KEPT: Final = timedelta(days=30)
ENROLMENT_VALID: Final = timedelta(hours=24)
TICKET_VALID: Final = timedelta(days=30)


def session_over(*, now: datetime, seen_at: datetime, expires_at: datetime, idle: timedelta) -> bool:
    """Whether a session has lasted too long or was idle too long."""
    return now >= expires_at or now - seen_at >= idle


def touch_due(*, now: datetime, seen_at: datetime, idle: timedelta) -> bool:
    """Whether its last sign of life should be written down again."""
    return now - seen_at >= min(TOUCH_EVERY, idle / 4)


# --- warehouses -------------------------------------------------------------------------------------------------


def in_warehouse(own: int | None, wanted: int | None) -> None:
    """Refuses with `other_warehouse` unless somebody who works in `own` (None: everywhere) may reach `wanted`."""
    if own is not None and own != wanted:
        raise Refusal("other_warehouse")


def work_place(person: int | None, device: int | None) -> int | None:
    """The warehouse in which a person works on a device; refuses when they belong to different ones."""
    if person is not None and device is not None and person != device:
        raise Refusal("other_warehouse")
    return device if device is not None else person
