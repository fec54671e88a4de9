"""Why: what customers are told, when, and how often it is tried stands in tables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import msgspec

Channel = Literal["email", "sms"]
CHANNELS: Final = ("email", "sms")
BUILT_IN: Final = ("en", "de")
"""Languages that templates are delivered in; others are written by the shop."""
FALLBACK: Final = "en"


class Milestone(msgspec.Struct, frozen=True):
    """A moment of an order that its customer is told of; `on` until somebody says otherwise."""

    name: str
    en: str
    de: str
    when: str
    wann: str
    on: bool = True


_ROWS: Final = (
    Milestone("confirmed", "Order confirmed", "Bestellung bestätigt", "The order was taken in.",
              "Der Auftrag wurde erfasst."),
    Milestone("payment_declined", "Payment declined", "Zahlung abgelehnt", "The payment service said no.",
              "Der Zahlungsdienst hat abgelehnt."),
    Milestone("held", "Address in doubt", "Adresse zweifelhaft", "The order is held because its address looks wrong.",
              "Der Auftrag ist gesperrt, weil seine Adresse falsch aussieht.", on=False),
    Milestone("short", "Waits for goods", "Wartet auf Ware",
              "Something of it is not there: at the order (told instead of the confirmation), or later without a day.",
              "Etwas davon fehlt: bei der Bestellung (statt der Bestätigung gesagt) oder später ohne Tag."),
    Milestone("repromised", "Another day", "Ein anderer Tag", "The day on which all of it can leave has moved.",
              "Der Tag, an dem alles hinausgehen kann, hat sich verschoben."),
    Milestone("shipped", "Shipped", "Versendet", "A shipment is closed.", "Eine Sendung ist geschlossen."),
    Milestone("changed", "Order changed", "Bestellung geändert", "Units were cancelled, or came to the order.",
              "Es wurden Stücke storniert, oder es kamen welche dazu."),
    Milestone("cancelled", "Cancelled", "Storniert", "The order, or what was left of it, was cancelled.",
              "Der Auftrag, oder was davon übrig war, wurde storniert."),
    Milestone("refunded", "Paid back", "Zurückgezahlt", "Money went back.", "Geld ging zurück."),
)  # fmt: skip
MILESTONES: Final[dict[str, Milestone]] = {row.name: row for row in _ROWS}
AFTER_THE_END: Final = frozenset({"cancelled", "refunded", "changed", "shipped"})
"""What is told of an order though it was cancelled meanwhile."""


# --- which event is which moment -----------------------------------------------------------------------------------


class Happened(NamedTuple):
    """An event of the log: where it stands, of which command, and what it carries."""

    type: str
    stream: int
    position: int
    command: UUID
    said: Mapping[str, Any]


class Moment(NamedTuple):
    """A milestone of an order. Its occasion is the same however often the event is read: none is told twice.

    `about`: the intent, or the warehouse and shipment. `whole`: only of an order that ships complete.
    """

    milestone: str
    occasion: str
    about: str = ""
    whole: bool = False


_Find = Callable[[Happened], Moment | None]


def _captured(_event: Happened) -> Moment:
    return Moment("confirmed", "captured")


def _answered(event: Happened) -> Moment | None:
    said = event.said
    if said["kind"] == "refund" and said["state"] == "succeeded":
        return Moment("refunded", f"refunded:{said['intent']}", str(said["intent"]))
    if said["kind"] in ("authorise", "reauthorise", "capture") and said["state"] == "declined":
        return Moment("payment_declined", f"declined:{said['intent']}")
    return None


def _held(event: Happened) -> Moment | None:
    return Moment("held", f"held:{event.said['hold']}") if event.said["reason"] == "address_doubtful" else None


def _repromised(event: Happened) -> Moment:
    return Moment("short" if event.said["day"] is None else "repromised", f"promised:{event.position}")


def _backordered(event: Happened) -> Moment:
    """What ships in parts is promised anew by itself, and told then; what ships complete waits where it is."""
    return Moment("short", f"short:{event.said['line']}", whole=True)


def _edited(event: Happened) -> Moment | None:
    """However much of an order a command changes, another item instead of one, it is told once."""
    return Moment("changed", f"units:{event.command}") if event.said["what"] == "units" else None


def _cancelled(_event: Happened) -> Moment:
    return Moment("cancelled", "cancelled")


def _shipped(event: Happened) -> Moment:
    shipment = event.said["shipment"]
    return Moment("shipped", f"shipped:{shipment}", f"{event.stream}:{shipment}")


MOMENTS: Final[Mapping[str, _Find]] = {
    "order.captured": _captured,
    "payment.answered": _answered,
    "order.held": _held,
    "order.repromised": _repromised,
    "line.backordered": _backordered,
    "order.edited": _edited,
    "order.cancelled": _cancelled,
    "shipment.closed": _shipped,
}
"""Event → the moment that it is, where it is one."""


def moment(event: Happened) -> Moment | None:
    """The moment of an order that an event is."""
    return MOMENTS[event.type](event)


def told_now(
    found: Moment, *, status: str, payment: str, split: str, waits: bool, merged: bool = False, on_account: bool = False
) -> Moment | None:
    """What is told as the order stands by now: nothing of what is over, and at the order what is missing first.

    `merged`: its goods are another order's now, which is told as changed. `on_account`: what goes back of an invoice
    is credited, no money comes.
    """
    if on_account and found.milestone == "refunded":
        return None
    if merged and found.milestone == "cancelled":
        return None
    if status == "cancelled" and found.milestone not in AFTER_THE_END:
        return None
    if found.milestone == "payment_declined" and payment != "declined":
        return None
    if found.whole and split != "ship_complete":
        return None
    if found.milestone == "confirmed" and waits:
        return found._replace(milestone="short")
    return found


# --- how often it is tried -----------------------------------------------------------------------------------------

WAITS: Final = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6),
    timedelta(hours=12),
)  # fmt: skip
"""From one try to the next; after the last one it has failed. Together nearly a day."""
JITTER: Final = 0.2
FRESH: Final = timedelta(days=1)
"""What waits for a channel no longer than this goes out by itself once there is one."""


Verdict = Literal["sent", "later", "never", "unsure", "none"]
"""`later`: refused for now, surely not sent. `unsure`: the answer was lost. `none`: nobody is there who could send."""


class Answer(msgspec.Struct, frozen=True):
    """What came of a call. `reason` is a code of the words, empty when it was taken; `said` are the other side's."""

    verdict: Verdict
    reason: str = ""
    said: str = ""


class Following(NamedTuple):
    """What becomes of a message (a trigger of its lifecycle), and after how long it is tried again where it is."""

    trigger: str
    after: timedelta | None = None


def judge(answer: Answer, tries: int, chance: float, *, test: bool) -> Following:
    """What follows from the answer to try number `tries`; `chance` is between 0 and 1. A test is tried once."""
    if answer.verdict == "later" and not test and tries <= len(WAITS):
        return Following("postpone", WAITS[tries - 1] * (1 + JITTER * chance))
    return Following(_FOLLOWS[answer.verdict])


_FOLLOWS: Final = {"sent": "deliver", "unsure": "lose", "never": "give_up", "later": "give_up", "none": "give_up"}
