"""Why: a customer follows an order by a link that nobody guesses, and that the desk can take back.

A link's text is the order's id and the first half of a signature (HMAC-SHA256) over id and generation, base64url.
Taking it back moves the generation on. Pure: the key is an argument.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

KEY_BYTES: Final = 32
LENGTH: Final = 43
_PURPOSE: Final = b"track1"
_PROOF: Final = 16


def text_of(key: bytes, order: UUID, generation: int) -> str:
    """The link's text of this generation."""
    return urlsafe_b64encode(order.bytes + _proof(key, order, generation)).decode().rstrip("=")


def claimed(text: str) -> UUID | None:
    """The order that a text says it leads to, unproved; None where it is no link at all."""
    raw = _raw(text)
    return None if raw is None else UUID(bytes=raw[:16])


def is_proved(key: bytes, text: str, generation: int) -> bool:
    """Whether we gave this text away in this generation; it takes the same time whatever is wrong."""
    raw = _raw(text)
    return raw is not None and hmac.compare_digest(raw[16:], _proof(key, UUID(bytes=raw[:16]), generation))


def _proof(key: bytes, order: UUID, generation: int) -> bytes:
    return hmac.digest(key, _PURPOSE + order.bytes + generation.to_bytes(8, "big"), hashlib.sha256)[:_PROOF]


def _raw(text: str) -> bytes | None:
    if len(text) != LENGTH or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(f"{text}=")
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == 32 and urlsafe_b64encode(raw).decode().rstrip("=") == text else None
