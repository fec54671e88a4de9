"""Why: anybody can post to an address. What a gateway says is its own only when it is signed with the shared secret.

The scheme is Stripe's, which the sandbox uses too: a header `t=<seconds>,v1=<hex>`, HMAC-SHA256 over `t.body`. Several
`v1` stand there while a secret is being changed. What is older than the tolerance may be a recording played again.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Final

from server.payments.port import NotProved

TOLERANCE: Final = 300
"""Seconds by which the clocks, and the way here, may differ."""
SCHEME: Final = "v1"


def signed(secret: str, body: bytes, at: datetime) -> str:
    """The header of a body that is sent now."""
    moment = int(at.timestamp())
    return f"t={moment},{SCHEME}={_hmac(secret, moment, body)}"


def prove(secret: str, header: str, body: bytes, now: datetime) -> None:
    """Raises NotProved unless the header proves that whoever has the secret sent this body, just now."""
    if not secret:
        raise NotProved("no secret is set for this gateway")
    parts = [(name.strip(), value) for name, _, value in (part.partition("=") for part in header.split(","))]
    moments = [value for name, value in parts if name == "t"]
    if len(moments) != 1 or not (moments[0].isascii() and moments[0].isdigit()) or len(moments[0]) > 12:
        raise NotProved("the header has no time")
    moment = int(moments[0])
    wanted = _hmac(secret, moment, body)
    shown = [value for name, value in parts if name == SCHEME and value.isascii()]
    if not any(hmac.compare_digest(wanted, each) for each in shown):
        raise NotProved("the signature is another one")
    if abs(now.timestamp() - moment) > TOLERANCE:
        raise NotProved("it is too old")


def _hmac(secret: str, moment: int, body: bytes) -> str:
    return hmac.new(secret.encode(), b"%d." % moment + body, sha256).hexdigest()
