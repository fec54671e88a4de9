"""Why: everything secret is made here, from the system's randomness, and kept only as a hash.

What the system makes (session tokens, device secrets, keys, enrolment codes) has at least 80 random bits and is
kept as SHA-256; what a person chooses (a PIN) is kept as argon2id. Nothing here is ever logged or stored in plain.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

import argon2

from server.auth import rules
from server.core import barcodes

KEY_PREFIX: Final = "pwk_"
KEY_SHOWN: Final = 12
"""So many of a key's characters are shown in lists, to tell keys apart."""

_HASHER: Final = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16)


def session_token() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def device_secret() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def api_key() -> str:
    """`pwk_` and 256 random bits."""
    return KEY_PREFIX + secrets.token_urlsafe(32)


def enrolment_code() -> str:
    """Sixteen characters in four groups, 80 random bits: shown as a QR code, or typed."""
    code = "".join(secrets.choice(rules.CROCKFORD) for _ in range(16))
    return "-".join(code[start : start + 4] for start in range(0, 16, 4))


def typed_code(text: str) -> str:
    """An enrolment code as it was made, however it was typed: small letters, no dashes, O for 0, I and L for 1."""
    plain = "".join(barcodes.bare(text).upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def badge() -> str:
    """A fresh badge."""
    return rules.new_badge(secrets.choice)


def one_time_pin() -> str:
    """A fresh PIN, good for one sign-in."""
    return rules.new_pin(secrets.choice)


def fingerprint(text: str) -> bytes:
    """What is kept of a secret that the system made; looking it up by this tells nothing by its timing."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def mark(badge: str) -> str:
    """What stands for a badge in a tally: not the badge, since a tally also counts badges that do not exist."""
    return fingerprint(badge).hex()[:24]


def hash_pin(pin: str) -> str:
    """The argon2id hash of a PIN (19 MiB, some 30 ms). Blocks: a request goes through `pins.Pins`."""
    return _HASHER.hash(pin)


def pin_matches(pin_hash: str, pin: str) -> bool:
    """Whether this is the PIN. Blocks as long as `hash_pin`."""
    try:
        return _HASHER.verify(pin_hash, pin)
    except argon2.exceptions.VerificationError:
        return False
