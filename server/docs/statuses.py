"""Every status of orders, fulfilments and lines as the PWA's copy with its texts."""

from __future__ import annotations

from server.docs.text import constant
from server.docs.text import typescript as module
from server.orders.rules import STATUS_TEXTS


def typescript() -> str:
    """The statuses for the PWA, so that every page says the same words."""
    rows = {status: {"en": en, "de": de} for status, (en, de) in STATUS_TEXTS.items()}
    return module(
        "What an order, a fulfilment or a line can be, with its texts.",
        constant("STATUSES", rows),
        "export type Status = keyof typeof STATUSES;",
    )
