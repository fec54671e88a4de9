"""Why: whatever a channel is, what it says of an order is one shape here, so that it is taken in and changed alike.

Pure.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from server.core.refusal import Fault
from server.orders.schemas.captures import Address, Customer, NewOrder

LONGEST_NOTE: Final = 500


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a channel has said of an order and what is so by it; what it says next is laid beside it.

    `units` and `prices` of one by our SKU, without what the channel has taken out; `lines` are its own ids of lines
    and their SKUs; `refunds` in minor units by its own ids of them.
    """

    at: datetime | None = None
    units: dict[str, int] = {}
    prices: dict[str, int] = {}
    service: str = ""
    address: Address | None = None
    customer: Customer | None = None
    unpaid: str = ""
    cancelled: str = ""
    refunds: dict[str, int] = {}
    lines: dict[str, str] = {}


class Sold(msgspec.Struct, frozen=True):
    """An order as a channel says it is now.

    `order` is how it is taken in where it is not here yet, or `faults` say why it cannot be; `gone`: it has left over
    there, and one that is not here is never taken in. `checkout` is what it was called before it was an order.
    """

    subject: str
    told: Told
    order: NewOrder | None
    faults: tuple[Fault, ...] = ()
    note: str = ""
    checkout: str = ""
    gone: bool = False


class Refunded(msgspec.Struct, frozen=True):
    """Money was given back over there."""

    subject: str
    refunds: dict[str, int]
    currency: str


class Deleted(msgspec.Struct, frozen=True):
    """The channel knows the order no more."""

    subject: str


class Edited(msgspec.Struct, frozen=True):
    """The order was changed over there at this moment; how, the whole order will say."""

    subject: str
    at: datetime | None
    units: int


class Left(msgspec.Struct, frozen=True):
    """Somebody is at the till: no order yet, perhaps never one. `sold` is what it says of an order that is here."""

    checkout: str
    at: datetime | None
    currency: str
    value_minor: int
    units: int
    completed: bool = False
    sold: Sold | None = None


class NotOurs(msgspec.Struct, frozen=True):
    """Nothing is to be done about it; `reason` is a code of the words."""

    reason: str
    subject: str = ""


class Wrong(msgspec.Struct, frozen=True):
    """It cannot be read, field by field."""

    faults: tuple[Fault, ...]
    subject: str = ""


Read = Sold | Refunded | Deleted | Edited | Left | NotOurs | Wrong


def plain(text: str | None) -> str:
    """A text without what is at its ends, on one line, without what cannot be printed."""
    return "".join(each if each.isprintable() else " " for each in text or "").strip()


def moment(text: str | None, *, utc: bool = False) -> datetime | None:
    """A moment as a channel writes it, or None; `utc`: one without a zone is in UTC."""
    try:
        found = datetime.fromisoformat(plain(text))
        if found.tzinfo is None:
            return found.replace(tzinfo=UTC) if utc else None
        return found.astimezone(UTC)
    except (ValueError, OverflowError):  # at the ends of all years another zone has no moment for it
        return None


def language(text: str | None, otherwise: str) -> str:
    """The two letters of a language, of `de-DE` or `de_DE`."""
    found = plain(text)[:2].lower()
    return found if len(found) == 2 and found.isascii() and found.isalpha() else otherwise
