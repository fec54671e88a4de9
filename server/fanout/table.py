"""Why: what follows from what happened stands in one table, so that nobody has to search for side effects.

REACTIONS run in the transaction of their cause, in this order. An event never reaches itself (tested).
SINKS work after the commit, from a cursor, at least once (`durable.py`).
LIVE says which live topics an event touches (`server/realtime/topics.py`).
An event that goes nowhere stands in UNROUTED with the reason; a test walks them all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from server.auth.gate import AUTH_EVENTS
from server.customers import service as customers
from server.customers.service import Section as CustomerSection
from server.db.log import Logged
from server.db.work import Reaction, Together
from server.fanout import sinks
from server.fanout.durable import Sink, each
from server.integrations import sinks as integration_sinks
from server.integrations.service import incoming
from server.notify import sinks as notify_sinks
from server.notify.service import outbox
from server.orders.projection import Section
from server.orders.service import customers as order_customers
from server.packing.service import cancels as packing_cancels
from server.packing.service import places as packing_places
from server.packing.service import shorts as packing_shorts
from server.packing.service import totes as packing_totes
from server.payments import sinks as payment_sinks
from server.payments.service import accounts, payments
from server.payments.service import views as payment_views
from server.realtime.topics import SIGNED_IN, Touch
from server.shipping import service as shipping
from server.tasks import service as tasks
from server.waves import service as waves

# --- in the same transaction ---------------------------------------------------------------------------------------

REACTIONS: Final[Mapping[str, Sequence[Reaction]]] = {
    "order.captured": (Together(payments.on_orders_captured),),
    "order.cancelled": (payments.on_order_cancelled,),
    "order.edited": (payments.on_order_edited,),
    "customer.merged": (
        order_customers.on_customer_merged,
        accounts.on_customer_merged,
        customers.on_customer_merged,
    ),
    "line.cancelled": (tasks.on_line_cancelled, shipping.on_line_cancelled, packing_cancels.on_line_cancelled),
    "line.backordered": (packing_shorts.on_line_backordered,),
    "label.wanted": (shipping.on_label_wanted,),
    "carton.voided": (shipping.on_carton_voided,),
    "fulfilment.redirected": (shipping.on_fulfilment_redirected,),
    "print.changed": (shipping.on_print_changed,),
    "print.moved": (shipping.on_print_moved,),
    "task.done": (packing_totes.on_task_done,),
    "tour.finished": (waves.on_tour_finished, packing_totes.on_tour_finished),
}

# --- after the commit, at least once -------------------------------------------------------------------------------

SINKS: Final[tuple[Sink, ...]] = (
    Sink(
        "order_status",
        frozenset({"fulfilment.created", "fulfilment.changed", "shipment.closed", "wave.released"}),
        sinks.refresh_orders,
        rest=0.1,
    ),
    Sink("empty_cartons", frozenset({"line.backordered"}), each(sinks.drop_empty_cartons)),
    Sink("payment_capture", frozenset({"shipment.closed"}), each(payment_sinks.on_shipment_closed)),
    Sink("webhooks", integration_sinks.TOLD, integration_sinks.queue_webhooks),
    Sink("messages", notify_sinks.TOLD, notify_sinks.queue_messages, rest=0.5),
)

# --- after the commit, for whoever looks now -----------------------------------------------------------------------

Subject = Callable[[Logged], Hashable]


def _here(event: Logged) -> Hashable:
    """The event's warehouse."""
    return event.stream


def _id(field: str) -> Subject:
    """What this field of the event names."""

    def subject(event: Logged) -> Hashable:
        value: Any = event.payload[field]
        return None if value is None else UUID(value)

    return subject


_BOARD: Final = (("board", _here),)
_WAVES: Final = (("waves", _here), *_BOARD)
_FLOOR: Final = (("queue", _here), *_WAVES)
_PRINTER: Final = (("pack", _id("printer")), *_BOARD)
_EVERY_BOARD: Final = (("board", lambda _event: SIGNED_IN),)
_ITS_BOARD: Final = (("board", lambda event: event.payload["warehouse"]),)
_ORDER: Final = (("order", _id("order")),)
_ORDER_AND_BOARD: Final = (*_ORDER, *_ITS_BOARD)
_PART: Final = (("order", _id("fulfilment")),)

LIVE: Final[Mapping[str, Sequence[tuple[str, Subject]]]] = {
    "order.captured": _ORDER,
    "order.repromised": _ORDER_AND_BOARD,
    "order.edited": _ORDER_AND_BOARD,
    "order.held": _ORDER_AND_BOARD,
    "order.hold_released": _ORDER_AND_BOARD,
    "hold.escalated": _ORDER_AND_BOARD,
    "order.cancelled": _ORDER,
    "order.status_changed": _ORDER_AND_BOARD,
    "job.changed": (("job", _id("job")),),
    "message.changed": _ORDER,
    "payment.intended": _ORDER,
    "payment.answered": _ORDER,
    "fulfilment.created": _ORDER,
    "fulfilment.redirected": (*_ORDER, ("pack", _id("fulfilment"))),
    "fulfilment.changed": (*_BOARD, *_ORDER, ("pack", _id("fulfilment"))),
    "line.cancelled": _ORDER,
    "line.backordered": _ORDER,
    "carton.changed": (*_PART, ("pack", _id("station"))),
    "carton.closed": (*_BOARD, *_PART, ("pack", _id("fulfilment"))),
    "carton.voided": (*_PART, ("pack", _id("fulfilment"))),
    "shipment.closed": (*_BOARD, *_ORDER, ("pack", _id("fulfilment"))),
    "station.changed": (("pack", _id("station")), *_BOARD),
    "print.queued": _PRINTER,
    "print.changed": _PRINTER,
    "print.moved": (*_PRINTER, ("pack", _id("before"))),
    "printer.changed": _PRINTER,
    "person.changed": _EVERY_BOARD,
    "device.changed": _EVERY_BOARD,
    "device.heard": _ITS_BOARD,
    "session.opened": _EVERY_BOARD,
    "session.ended": _EVERY_BOARD,
    "fact.set_aside": _BOARD,
    "fact.decided": _BOARD,
    "wave.released": _FLOOR,
    "wave.changed": _WAVES,
    "tour.offered": _FLOOR,
    "tour.changed": _FLOOR,
    "tour.finished": _FLOOR,
    "task.opened": _FLOOR,
    "task.changed": _FLOOR,
    "task.done": _FLOOR,
    "pick.shorted": _WAVES,
}
"""Event → (topic, what of it is touched)."""

HEARD_BY_THE_GATE: Final = AUTH_EVENTS
"""What every process must forget about people, devices and keys, and which sockets end."""

UNROUTED: Final[Mapping[str, str]] = {
    "item.changed": "Nothing is kept of an item outside the database.",
    "bin.changed": "Nothing is kept of a bin outside the database.",
    "rules.changed": "Whoever decides looks at the versions each time.",
    "device.storage_lost": "Read in the log; telling the supervisor comes with notifications.",
}
"""Event → why nothing follows from it."""

ORDER_SECTIONS: Final[Mapping[str, Section]] = {
    "shipments": shipping.of_order,
    "places": packing_places.of_order,
    "money": payment_views.of_order,
    "heard": incoming.of_order,
    "messages": outbox.of_order,
}
"""What later rooms add to an order's page, live and over HTTP: name → (connection, order id) → JSON."""

CUSTOMER_SECTIONS: Final[Mapping[str, CustomerSection]] = {
    "orders": order_customers.of_customer,
    "money": accounts.of_customer,
}
"""The same of a customer's page: name → (connection, customer's id) → JSON."""


def touches(event: Logged) -> Iterator[Touch]:
    """What an event touches of the live topics."""
    for topic, subject in LIVE.get(event.type, ()):
        touched = subject(event)
        if touched is not None:
            yield Touch(topic, touched)
