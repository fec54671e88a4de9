"""Why: whoever has a customer on the phone needs one sentence, and what proves it. Pure.

Late, held, short, in several parts, from somewhere else: each is one row of `FINDERS`, looked at in that order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from server.core.words import worded
from server.orders.rules import ENDED, STATUS_TEXTS
from server.orders.schemas.pages import OrderPage, Reason, Why


def why(page: OrderPage, now: datetime) -> Why:
    """Every reason that there is, in the order of the table."""
    return Why(page.number, page.status, [reason for find in FINDERS for reason in find(page, now)])


def _held(page: OrderPage, _now: datetime) -> Iterator[Reason]:
    for hold in page.holds:
        if hold.state == "open":
            since = f"{hold.placed_at:%Y-%m-%d %H:%M} UTC"
            yield Reason(
                "held", f"It is held since {since} by {hold.placed_by}: {hold.en}",
                f"Gesperrt seit {since} von {hold.placed_by}: {hold.de}",
                {"hold": hold.id, "reason": hold.reason, "detail": hold.detail, "permission": hold.permission},
            )  # fmt: skip


def _late(page: OrderPage, now: datetime) -> Iterator[Reason]:
    if page.status not in ENDED and page.cutoff_at < now:
        hours = int((now - page.cutoff_at).total_seconds() // 3600)
        status, german = (text.casefold() for text in STATUS_TEXTS[page.status])
        yield Reason(
            "late", f"It missed its truck {hours} hours ago and is {status}.",
            f"Vor {hours} Stunden verpasst: der Wagen. Stand: {german}.",
            {"cutoff_at": page.cutoff_at, "status": page.status},
        )  # fmt: skip
    for entry in page.timeline:
        if entry.what in ("promise_moved", "promise_lost"):
            yield Reason("late", f"{entry.en}.", f"{entry.de}.", {"entry": entry.id, "at": entry.at, **entry.params})
            return


def _short(page: OrderPage, _now: datetime) -> Iterator[Reason]:
    for line in page.lines:
        if units := line.facts.backordered:
            day = line.backorder_expected
            en = f"until {day.isoformat()}" if day else "and no day is known"
            de = f"bis {day.isoformat()}" if day else "und kein Tag ist bekannt"
            because = worded({"reason": line.backorder_reason}, "en")["reason"] if line.backorder_reason else ""
            german = worded({"reason": line.backorder_reason}, "de")["reason"] if line.backorder_reason else ""
            told = [entry.id for entry in page.timeline if entry.what in ("shorted", "backordered", "given_back")]
            yield Reason(
                "short",
                f"{units} × {line.item.names['en']} wait for stock {en}{f': {because}' if because else ''}.",
                f"{units} × {line.item.names.get('de', line.item.names['en'])} warten auf Ware {de}"
                f"{f': {german}' if german else ''}.",
                {"line": line.position, "waiting": line.waiting, "promised_on": line.promised_on, "entries": told},
            )  # fmt: skip


def _split(page: OrderPage, _now: datetime) -> Iterator[Reason]:
    parts = [part for part in page.fulfilments if part.status != "withdrawn"]
    if len(parts) > 1:
        where = ", ".join(str(part.warehouse) for part in parts)
        yield Reason(
            "split", f"It goes in {len(parts)} parts, from warehouses {where}: not all of it was there at once.",
            f"Er geht in {len(parts)} Teilen, aus den Lagern {where}: Es war nicht alles zugleich da.",
            {"fulfilments": [part.id for part in parts], "split": page.split},
        )  # fmt: skip


def _unpaid(page: OrderPage, _now: datetime) -> Iterator[Reason]:
    if page.payment.state in ("authorising", "declined") and page.status not in ENDED:
        declined = page.payment.state == "declined"
        yield Reason(
            "unpaid", "Its payment was declined." if declined else "The payment service has not answered yet.",
            "Die Zahlung wurde abgelehnt." if declined else "Der Zahlungsdienst hat noch nicht geantwortet.",
            {"payment": page.payment.state, "method": page.payment.method},
        )  # fmt: skip


def _sourced(page: OrderPage, _now: datetime) -> Iterator[Reason]:
    for entry in page.timeline:
        if entry.what in ("sourced", "sourced_in_part") and page.sourced is not None:
            yield Reason("sourced", f"{entry.en}.", f"{entry.de}.", {"entry": entry.id, **page.sourced})


FINDERS: Final[tuple[Callable[[OrderPage, datetime], Iterator[Reason]], ...]] = (
    _held, _unpaid, _late, _short, _split, _sourced,
)  # fmt: skip
"""What is asked about, the most pressing first."""
