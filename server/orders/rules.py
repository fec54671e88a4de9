"""Why: a line, a fulfilment and an order never get a status. They have facts, and this table says what those mean.

Facts are quantities in base units. After every command they hold (`hold`), and the status is the first row of
`STATUS` that is true. What keeps an order waiting is a row of `HOLD_REASONS`. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from server.policies import rules as policies

Level = Literal["line", "fulfilment", "order"]
Payment = Literal[
    "authorising", "awaited", "authorised", "declined", "capturing", "captured", "refunded", "voiding", "voided"
]
Split = Literal["ship_available", "ship_complete"]


# --- facts -----------------------------------------------------------------------------------------------------


class Facts(msgspec.Struct, frozen=True):
    """The nine quantities of a line (or, added up, of a fulfilment or an order), in base units."""

    ordered: int = 0
    cancelled: int = 0
    backordered: int = 0
    reserved: int = 0
    picked: int = 0
    packed: int = 0
    shipped: int = 0
    returned: int = 0
    to_put_back: int = 0

    @property
    def open(self) -> int:
        """Units that nobody has dealt with yet."""
        return self.ordered - self.cancelled - self.backordered - self.reserved - self.picked

    @property
    def wanted(self) -> int:
        """Units that are still to ship, or have shipped."""
        return self.ordered - self.cancelled

    @property
    def due(self) -> int:
        """Units to ship that do not wait for stock and have not shipped."""
        return self.wanted - self.backordered - self.shipped


FACTS: Final = Facts.__struct_fields__
FACT_SET: Final = frozenset(FACTS)


class FactsWrong(ValueError):
    """A bug: a command would have left facts that cannot be."""


def hold(facts: Facts) -> Facts:
    """The facts, unchanged, when they hold; raises FactsWrong with the rule that they break."""
    for rule, holds in INVARIANTS:
        if not holds(facts):
            raise FactsWrong(f"{rule}, got {msgspec.structs.asdict(facts)}")
    return facts


INVARIANTS: Final[tuple[tuple[str, Callable[[Facts], bool]], ...]] = (
    ("no quantity is below nought", lambda f: min(msgspec.structs.astuple(f)) >= 0),
    ("ordered − cancelled − backordered − reserved − picked ≥ 0", lambda f: f.open >= 0),
    ("shipped ≤ packed ≤ picked", lambda f: f.shipped <= f.packed <= f.picked),
    ("returned ≤ shipped", lambda f: f.returned <= f.shipped),
)


def change(facts: Facts, deltas: dict[str, int]) -> Facts:
    """The facts after these differences; raises FactsWrong where they would not hold or name no fact."""
    if strange := deltas.keys() - FACT_SET:
        raise FactsWrong(f"facts are {', '.join(FACTS)}, got {sorted(strange)}")
    return hold(Facts(**{name: getattr(facts, name) + deltas.get(name, 0) for name in FACTS}))


def total(many: Iterable[Facts]) -> Facts:
    """The facts of several lines together."""
    sums = [sum(column) for column in zip(*(msgspec.structs.astuple(each) for each in many), strict=True)]
    return Facts(*sums)


class Cancelled(msgspec.Struct, frozen=True):
    """What a cancel takes from a line: units, and of these the reserved, the picked and the packed ones.

    `picked` are in a tote and not packed, `packed` in a carton that is not closed.
    """

    quantity: int
    reserved: int
    picked: int
    packed: int


def cancel(facts: Facts, most: int | None = None) -> tuple[Facts, Cancelled]:
    """The facts once so many units that have not shipped are cancelled (None: all of them), and what that took.

    First goes what costs least: units that wait for stock, then those that nobody has touched, those in bins, in
    totes, and at last those in cartons.
    """
    left = facts.wanted - facts.shipped if most is None else most
    taken = []
    in_totes, in_cartons = facts.picked - facts.packed, facts.packed - facts.shipped
    for there in (facts.backordered, facts.open, facts.reserved, in_totes, in_cartons):
        taken.append(min(there, left))
        left -= taken[-1]
    waiting, _, reserved, in_tote, in_carton = taken
    gone, out = sum(taken), in_tote + in_carton
    after = msgspec.structs.replace(
        facts,
        cancelled=facts.cancelled + gone,
        backordered=facts.backordered - waiting,
        reserved=facts.reserved - reserved,
        picked=facts.picked - out,
        packed=facts.packed - in_carton,
        to_put_back=facts.to_put_back + out,
    )
    return hold(after), Cancelled(gone, reserved, in_tote, in_carton)


# --- the status --------------------------------------------------------------------------------------------------


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """All that a status depends on. What a level has not keeps its default."""

    facts: Facts
    held: bool = False  # an open hold
    payment: Payment = "authorised"
    handed: bool = True  # warehouses have all that could be given to them
    visible: bool = True  # its wave is whole


class Row(NamedTuple):
    """One row: the status, the levels it is for, and when it is true, in words and as code."""

    status: str
    levels: tuple[Level, ...]
    when: str
    holds: Callable[[Situation], bool]


_ALL: Final[tuple[Level, ...]] = ("line", "fulfilment", "order")
_PARTS: Final[tuple[Level, ...]] = ("fulfilment", "order")
_LINE: Final[tuple[Level, ...]] = ("line",)
_FULFILMENT: Final[tuple[Level, ...]] = ("fulfilment",)
_ORDER: Final[tuple[Level, ...]] = ("order",)

STATUS: Final = (
    Row("withdrawn", ("line", "fulfilment"), "nothing is ordered of it: its wave was undone",
        lambda s: s.facts.ordered == 0),
    Row("cancelled", _ALL, "everything is cancelled", lambda s: s.facts.wanted == 0),
    Row("shipped", _ALL, "everything that is wanted has shipped", lambda s: s.facts.shipped == s.facts.wanted),
    Row("on_hold", _PARTS, "a hold is open", lambda s: s.held),
    Row("authorising", _ORDER, "the gateway has not answered yet", lambda s: s.payment == "authorising"),
    Row("unpaid", _ORDER, "the money has not come, was declined, let go or paid back",
        lambda s: s.payment in ("awaited", "declined", "refunded", "voiding", "voided")),
    Row("ready", _ORDER, "units of it lie ready and no warehouse has been given them yet", lambda s: not s.handed),
    Row("releasing", _PARTS, "its wave is not whole yet", lambda s: not s.visible),
    Row("backordered", _ALL, "what is left waits for stock", lambda s: s.facts.due == 0),
    Row("packed", _ALL, "all that is due is packed", lambda s: s.facts.packed - s.facts.shipped == s.facts.due),
    Row("packing", _ALL, "some of what is due is packed", lambda s: s.facts.packed > s.facts.shipped),
    Row("picked", _ALL, "all that is due is picked", lambda s: s.facts.picked - s.facts.shipped == s.facts.due),
    Row("picking", _ALL, "some of what is due is picked", lambda s: s.facts.picked > s.facts.shipped),
    Row("reserved", _LINE, "units of it wait in a bin for a picker", lambda s: s.facts.reserved > 0),
    Row("open", _LINE, "nobody has dealt with it yet", lambda s: True),
    Row("released", _PARTS, "it waits for a picker", lambda s: True),
)  # fmt: skip
"""Status of line, fulfilment and order: the first row that is true. Nothing else sets a status."""

_ROWS: Final[dict[Level, tuple[Row, ...]]] = {
    level: tuple(row for row in STATUS if level in row.levels) for level in _ALL
}

STATUS_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "withdrawn": ("Taken back", "Zurückgenommen"),
    "cancelled": ("Cancelled", "Storniert"),
    "shipped": ("Shipped", "Versendet"),
    "on_hold": ("On hold", "Gesperrt"),
    "authorising": ("Waiting for the payment", "Zahlung wird geprüft"),
    "unpaid": ("Not paid", "Nicht bezahlt"),
    "ready": ("Ready to release", "Bereit zur Freigabe"),
    "releasing": ("Being released", "Wird freigegeben"),
    "backordered": ("Backordered", "Im Rückstand"),
    "packed": ("Packed", "Verpackt"),
    "packing": ("Packing", "Wird verpackt"),
    "picked": ("Picked", "Gepickt"),
    "picking": ("Picking", "Wird gepickt"),
    "reserved": ("Reserved", "Reserviert"),
    "open": ("Open", "Offen"),
    "released": ("Released", "Freigegeben"),
}
"""Every status, in English and German."""


ENDED: Final = frozenset({"cancelled", "shipped"})
"""The statuses in which an order changes no more."""


def status(level: Level, situation: Situation) -> str:
    """The status of a line, a fulfilment or an order in this situation."""
    return next(row.status for row in _ROWS[level] if row.holds(situation))


# --- holds ---------------------------------------------------------------------------------------------------------


class HoldReason(msgspec.Struct, frozen=True):
    """Why an order waits: words, the permission that releases it, and whether its cause must be gone first.

    `owner` and `due_hours` are for a hold that no rule places: the role that looks after it, and when it is escalated.
    """

    code: str
    en: str
    de: str
    permission: str
    owner: str = "desk"
    due_hours: int = 24
    cause_first: bool = False  # cannot be released while its cause stands; goes by itself when it falls
    by_hand: bool = False  # a person may place it


_REASONS: Final = (
    HoldReason("payment_declined", "The payment was declined.", "Die Zahlung wurde abgelehnt.",
               "orders.release_hold", cause_first=True),
    HoldReason("credit_exceeded", "The customer would owe more than the credit limit.",
               "Die Kundschaft würde mehr schulden, als ihr Kreditrahmen erlaubt.", "payments.credit",
               owner="supervisor"),
    HoldReason("terms_ended", "The customer buys on account no longer.",
               "Die Kundschaft kauft nicht mehr auf Rechnung.", "payments.credit", owner="supervisor"),
    *(HoldReason(code, why.en, why.de, why.permission) for code, why in policies.REASONS.items()),
    HoldReason("changed_at_channel", "Changed at the channel, and here it could not follow.",
               "Beim Kanal geändert, und hier ging es nicht mehr mit.", "orders.release_hold"),
    HoldReason("manual", "Somebody stopped it.", "Jemand hat ihn angehalten.", "orders.release_hold", by_hand=True),
)  # fmt: skip

HOLD_REASONS: Final[dict[str, HoldReason]] = {reason.code: reason for reason in _REASONS}


def cause_stands(reason: str, payment: Payment) -> bool:
    """Whether a hold must stay because what caused it is still so."""
    return HOLD_REASONS[reason].cause_first and payment not in PAID


PAID: Final = frozenset({"authorised", "capturing", "captured"})
"""The payment states in which goods may go to the floor."""

ASKS_GATEWAY: Final = frozenset({"card"})
"""Payment methods that wait for a gateway's answer."""
PAID_FIRST: Final = frozenset({"prepaid", "cash"})
"""Payment methods that wait until somebody says that the money came."""


def first_payment(method: str, *, received: bool, total_minor: int) -> Payment:
    """How the payment of a new order stands. `received`: its money is there already."""
    if not total_minor:
        return "authorised"
    if method in PAID_FIRST:
        return "captured" if received else "awaited"
    return "authorising" if method in ASKS_GATEWAY else "authorised"


def why_not(
    *,
    status: str,
    payment: Payment,
    authorised_until: datetime | None,
    cutoff_at: datetime,
    now: datetime,
) -> str | None:
    """Why an order cannot be released to the floor now, as a word; None when it can.

    An authorisation that runs out before the truck leaves, or has run out, is as good as none.
    """
    if status != "ready":
        return status
    if payment not in PAID:
        return "unpaid"
    if authorised_until is not None and authorised_until <= max(cutoff_at, now):
        return "authorisation_runs_out"
    return None


# --- the cut-off ---------------------------------------------------------------------------------------------------

LAST_DAY: Final = date(9998, 12, 31)
"""Who does not know when goods come writes the end of all days; a truck behind it has a day still."""


def from_day(now: datetime, day: date | None, time_zone: str) -> datetime:
    """The moment from which a truck is looked for: now, or the beginning of a day to come on the warehouse's wall."""
    if day is None:
        return now
    return max(now, datetime.combine(min(day, LAST_DAY), time.min, ZoneInfo(time_zone)).astimezone(UTC))


def next_cutoff(now: datetime, cutoff: str, weekdays: Iterable[int], time_zone: str) -> datetime:
    """The next moment after `now` at which the service collects, in UTC.

    `cutoff` is HH:MM on the warehouse's wall; `weekdays` are 1 (Monday) to 7. Where the clock jumps over that time
    it is the moment an hour later on the wall; where it comes twice it is the first.
    """
    zone = ZoneInfo(time_zone)
    hour, minute = cutoff.split(":")
    at = time(int(hour), int(minute))
    days = frozenset(weekdays)
    today = now.astimezone(zone).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        moment = datetime.combine(day, at, zone).astimezone(UTC)
        if day.isoweekday() in days and moment > now:
            return moment
    raise ValueError(f"a service wants at least one weekday from 1 to 7, got {sorted(days)}")
