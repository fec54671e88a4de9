"""Why: what was scanned must get in after its author has gone home, and nobody else's scans under his name.

An upload ticket is signed (HMAC-SHA256) and good for bringing in floor commands only: whose they are, from which
device, in which warehouse, since when. Text: `pw1.` + 42 bytes + `.` + 32 bytes, both base64url without padding.
Pure: the key and the moment are arguments.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Final, Literal
from uuid import UUID

import msgspec

from server.auth.rules import TICKET_VALID

PREFIX: Final = "pw1"
LENGTH: Final = len(PREFIX) + 1 + 56 + 1 + 43
KEY_BYTES: Final = 32
_BODY: Final = Struct(">16s16sHQ")  # person, device, warehouse, microseconds since 1970
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Ticket(msgspec.Struct, frozen=True):
    """Who scanned, on which device, in which warehouse, and when the ticket was given."""

    person: UUID
    device: UUID
    warehouse: int
    issued_at: datetime


class TicketRefused(msgspec.Struct, frozen=True):
    """Why a ticket does not open the door. `ticket` is what it says, where the signature is ours.

    forged: not signed by us. expired: older than 30 days. revoked: its device is locked or its person disabled.
    not_allowed: its person may not do this.
    """

    why: Literal["forged", "expired", "revoked", "not_allowed"]
    ticket: Ticket | None = None


def sign(key: bytes, ticket: Ticket) -> str:
    """The ticket as text."""
    moment = (ticket.issued_at - _EPOCH) // _MICROSECOND
    body = _BODY.pack(ticket.person.bytes, ticket.device.bytes, ticket.warehouse, moment)
    return f"{PREFIX}.{_text(body)}.{_text(_signature(key, body))}"


def claimed(text: str) -> Ticket | None:
    """What a text says it is, unproved; None where it is no ticket at all."""
    body = _parts(text)
    return _ticket(body[0]) if body is not None else None


def verify(key: bytes, text: str, now: datetime) -> Ticket | TicketRefused:
    """The ticket, if we signed it and it is not too old. The comparison takes the same time whatever is wrong."""
    parts = _parts(text)
    if parts is None or not hmac.compare_digest(_signature(key, parts[0]), parts[1]):
        return TicketRefused("forged")
    ticket = _ticket(parts[0])
    if ticket is None:
        return TicketRefused("forged")
    if now - ticket.issued_at > TICKET_VALID:
        return TicketRefused("expired", ticket)
    return ticket


def _signature(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, PREFIX.encode() + body, hashlib.sha256)


def _parts(text: str) -> tuple[bytes, bytes] | None:
    if len(text) != LENGTH or not text.isascii():
        return None
    prefix, _, rest = text.partition(".")
    body, _, signature = rest.partition(".")
    if prefix != PREFIX:
        return None
    try:
        parts = urlsafe_b64decode(body), urlsafe_b64decode(f"{signature}=")
    except (binascii.Error, ValueError):
        return None
    return parts if len(parts[0]) == _BODY.size and text == f"{PREFIX}.{_text(parts[0])}.{_text(parts[1])}" else None


def _ticket(body: bytes) -> Ticket | None:
    person, device, warehouse, moment = _BODY.unpack(body)
    try:
        issued_at = _EPOCH + moment * _MICROSECOND
    except OverflowError:
        return None
    return Ticket(UUID(bytes=person), UUID(bytes=device), warehouse, issued_at)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
