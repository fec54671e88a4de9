"""Why: what is said about a payment over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta


class Retry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Asks for a declined payment again."""

    token: Annotated[str, Meta(description="Another card; empty: the same one.", examples=["ok"])] = ""


class Retried(msgspec.Struct, frozen=True):
    """The order's status after it."""

    number: int
    status: str
