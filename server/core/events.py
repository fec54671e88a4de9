"""Why: an event is born in one place and everyone downstream trusts its shape, so the shapes are said once.

Payloads carry ids and numbers, never names, addresses or e-mails: the log outlives what it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID


@dataclass(frozen=True)
class EventType:
    """One kind of event: its name, its version and the fields of its payload."""

    name: str
    what: str
    fields: Mapping[str, type]
    version: int = 1

    def check(self, payload: Mapping[str, Any]) -> None:
        """Raises ValueError unless the payload has exactly these fields with these types (None is allowed)."""
        if payload.keys() != self.fields.keys():
            raise ValueError(f"event {self.name}: wanted fields {sorted(self.fields)}, got {sorted(payload)}")
        for name, kind in self.fields.items():
            value = payload[name]
            if value is not None and not isinstance(value, kind):
                raise ValueError(f"event {self.name}.{name}: wanted {kind.__name__}, got {value!r}")


@dataclass(frozen=True)
class Event:
    """One thing that happened: born by `work.emit`, appended to its stream in commit order."""

    name: str
    stream: int
    payload: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1


def _catalogue(*types: EventType) -> dict[str, EventType]:
    return {each.name: each for each in types}


_ORDER: Final = {"order": UUID, "number": int}
_LINE: Final = {"fulfilment": UUID, "line": UUID, "order": UUID, "quantity": int}
_TOUR: Final = {"tour": UUID, "person": UUID}

EVENTS: Final = _catalogue(
    # people and devices
    EventType("person.changed", "A person was made or changed.", {"person": UUID}),
    EventType("device.changed", "A device was enrolled, renamed or revoked.", {"device": UUID}),
    EventType(
        "device.heard", "A device said how it is: that it is there, its battery.", {"device": UUID, "warehouse": int}
    ),
    EventType("device.storage_lost", "A device came back with new storage.", {"device": UUID, "epoch": str}),
    EventType("key.changed", "An API key was made or revoked.", {"key": UUID}),
    EventType("session.opened", "Somebody signed in.", {"session": UUID, "person": UUID}),
    EventType("session.ended", "A session ended, so its sockets close.", {"session": UUID, "person": UUID}),
    # what there is
    EventType("item.changed", "An item was made or changed.", {"item": UUID}),
    EventType("bin.changed", "A bin was made, changed, locked or unlocked.", {"bin": UUID}),
    # customers
    EventType(
        "message.changed", "A message to an order's customer changed.", {"order": UUID, "message": UUID, "state": str}
    ),
    EventType("customer.merged", "Two customers turned out to be one.", {"customer": UUID, "other": UUID}),
    # what is decided by configuration
    EventType(
        "rules.changed", "Another version of a kind of rules decides from now on.", {"kind": str, "version": int}
    ),
    # the order
    EventType("order.captured", "An order was captured.", _ORDER),
    EventType("order.held", "A hold was put on an order.", {**_ORDER, "warehouse": int, "hold": UUID, "reason": str}),
    EventType("order.hold_released", "A hold was released.", {**_ORDER, "warehouse": int, "hold": UUID, "reason": str}),
    EventType(
        "hold.escalated",
        "Nobody has decided about a hold in time.",
        {**_ORDER, "warehouse": int, "hold": UUID, "owner": str},
    ),
    EventType("order.cancelled", "An order, or what was left of it, was cancelled.", _ORDER),
    EventType(
        "order.status_changed", "The order's derived status changed.", {**_ORDER, "warehouse": int, "status": str}
    ),
    EventType(
        "order.edited",
        "Units, address, customer, service or tags of an order changed.",
        {**_ORDER, "warehouse": int, "what": str},
    ),
    EventType("order.repromised", "The day on which an order can go moved.", {**_ORDER, "warehouse": int, "day": str}),
    EventType("job.changed", "A job on many orders went on, or ended.", {"job": UUID}),
    EventType("payment.intended", "A call to the gateway is due.", {"order": UUID, "intent": UUID, "kind": str}),
    EventType(
        "payment.answered",
        "The gateway's answer was recorded.",
        {"order": UUID, "intent": UUID, "kind": str, "state": str},
    ),
    EventType("fulfilment.created", "A warehouse was given a part of an order.", {"fulfilment": UUID, "order": UUID}),
    EventType(
        "fulfilment.redirected",
        "A fulfilment goes to another address or by another service.",
        {"fulfilment": UUID, "order": UUID, "what": str},
    ),
    EventType("fulfilment.changed", "A fact of a fulfilment changed.", {"fulfilment": UUID, "order": UUID}),
    EventType(
        "line.cancelled",
        "Units of a line were cancelled: of these, so many reserved, in a tote, in a carton.",
        {**_LINE, "reserved": int, "picked": int, "packed": int},
    ),
    EventType("line.backordered", "Units of a line wait for stock.", {**_LINE, "reason": str}),
    # release and walking
    EventType("wave.released", "A wave is whole and on the floor.", {"wave": UUID, "number": int}),
    EventType("wave.changed", "A wave's state or counts changed.", {"wave": UUID}),
    EventType("tour.offered", "A tour waits for a picker.", _TOUR),
    EventType("tour.changed", "A tour, a slot or a task of it changed.", _TOUR),
    EventType("tour.finished", "A tour's last task is done.", _TOUR),
    EventType("task.opened", "A task other than a pick was opened.", {"task": UUID, "kind": str}),
    EventType("task.changed", "A task that is on no tour changed.", {"task": UUID, "kind": str}),
    EventType("task.done", "A task is done.", {"task": UUID, "kind": str}),
    EventType(
        "pick.shorted",
        "A picker did not find what should be there.",
        {"task": UUID, "bin": UUID, "item": UUID, "missing": int, "reason": str},
    ),
    EventType("fact.set_aside", "A fact from the floor waits for a supervisor.", {"fact": UUID, "device": UUID}),
    EventType(
        "fact.decided", "A supervisor booked or dismissed a fact that was set aside.", {"fact": UUID, "state": str}
    ),
    # packing, labels, shipping
    EventType("carton.changed", "A carton changed.", {"carton": UUID, "fulfilment": UUID, "station": UUID}),
    EventType("carton.closed", "A carton was closed by scanning its label.", {"carton": UUID, "fulfilment": UUID}),
    EventType("carton.voided", "A carton was emptied again; it does not leave.", {"carton": UUID, "fulfilment": UUID}),
    EventType("label.wanted", "A carton is complete and wants its label.", {"carton": UUID, "fulfilment": UUID}),
    EventType("station.changed", "A tote came to, or left, a pack station.", {"station": UUID}),
    EventType(
        "shipment.closed",
        "Everything of a shipment is in closed cartons.",
        {"shipment": UUID, "fulfilment": UUID, "order": UUID},
    ),
    EventType("print.queued", "A print job was queued.", {"job": UUID, "printer": UUID}),
    EventType("print.changed", "A print job's state changed.", {"job": UUID, "printer": UUID, "state": str}),
    EventType(
        "print.moved",
        "A print job of which nothing came out went to another printer.",
        {"job": UUID, "printer": UUID, "before": UUID},
    ),
    EventType("printer.changed", "A printer's condition changed.", {"printer": UUID, "condition": str}),
)
