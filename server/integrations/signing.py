"""Why: a receiver must be able to tell that a webhook is ours and new. Standard Webhooks, symmetric signature `v1`.

Signed are id, time and body, each joined to the next by a full stop. While a secret is being replaced both sign, so
that a receiver may change over whenever it likes. Pure: the secrets are arguments.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"


def secret_text(secret: bytes) -> str:
    """A secret as its receiver is given it."""
    return PREFIX + b64encode(secret).decode()


def secret_of(text: str) -> bytes:
    """The secret that a text stands for."""
    return b64decode(text.removeprefix(PREFIX), validate=True)


def signature(secret: bytes, message: str, seconds: int, body: bytes) -> str:
    """The signature of one secret."""
    signed = f"{message}.{seconds}.".encode() + body
    return f"v1,{b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()}"


def headers(secrets: Iterable[bytes], message: str, at: datetime, body: bytes) -> dict[str, str]:
    """What is sent with a body at this moment: id, time, a signature for each secret."""
    seconds = int(at.timestamp())
    signatures = " ".join(signature(secret, message, seconds, body) for secret in secrets)
    return {ID: message, TIMESTAMP: str(seconds), SIGNATURE: signatures}
