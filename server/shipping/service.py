"""Why: a carton leaves with exactly one live label, and a shipment closes when all of it is in closed cartons.

A label is wanted (a row), the carrier is asked by the edge (`worker`), its answer recorded, and the label printed by
itself; scanning it on its carton closes the carton. Nothing here waits for a carrier or a printer.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from printers import PrinterDataError
from server.core import barcodes
from server.core.events import Event
from server.core.refusal import Refusal
from server.db.work import Work
from server.inventory import service as inventory
from server.locations import service as locations
from server.orders import rules as order_rules
from server.orders import terms
from server.orders.service import lines as order_lines
from server.orders.service import timelines
from server.orders.store import fulfilments
from server.packing import rules as packing
from server.packing.lifecycle import CARTON
from server.packing.service import cartons as packing_cartons
from server.packing.service import fulfilments as packing_fulfilments
from server.shipping import labels, store
from server.shipping.lifecycle import LABEL, SHIPMENT
from server.shipping.port import Booked, CarrierRefused, Parcel, Withdrawn
from server.shipping.schemas import CartonView, CloseCarton, LabelView, Reprint, ShipmentView
from server.shipping.store import Carton, Label
from server.spooler import service as spooler
from server.spooler.schemas import Job
from server.tasks.schemas import Answer
from server.tasks.store import tasks as task_store

PATIENCE: Final = timedelta(seconds=30)
"""After which an unanswered carrier is asked again, by the same key."""
WAITS: Final = (1, 5, 15, 60)
"""Seconds until a carrier that was away is asked again; the last one from then on."""
USED_UP: Final = "sscc_used_up"
"""Why a label is refused where the company prefix has no SSCC left."""
NEVER_SENT: Final = frozenset({"queued", "failed", "cancelled"})
"""States of a print of which surely nothing came out."""


# --- the label


def on_label_wanted(work: Work, event: Event) -> None:
    """The carton's last item is in: a label is wanted, and the carrier is to be asked at once."""
    _want(work, event.stream, _carton(work, event.stream, event.payload["carton"]))


def _want(work: Work, warehouse: int, carton: Carton) -> None:
    """A label of its own key: what a carrier said to an earlier one does not hold for it.

    Where the company has no SSCC left no carrier is asked: the label is refused by us, and waits to be asked for again.
    """
    last = store.last_label(work.conn, warehouse, carton.id)
    if last is not None and last.state in ("wanted", "live"):
        return
    numbered = packing_cartons.numbered(work, warehouse, carton.id, carton.sscc)
    carton = _carton(work, warehouse, carton.id)
    label_id = work.new_id()
    store.add_label(
        work.conn,
        {
            "id": label_id,
            "warehouse_id": warehouse,
            "carton_id": carton.id,
            "shipment_id": _open_shipment(work, warehouse, carton),
            "state": LABEL.initial,
            "sscc": carton.sscc,
            "due_at": work.now,
            "wanted_at": work.now,
        },
    )
    if not numbered:
        state = LABEL.advance(LABEL.initial, "refuse")
        store.set_label(work.conn, warehouse, label_id, state, reason=USED_UP)
        timelines.tell_fulfilment(work, carton.fulfilment, "label_unnumbered", {"carton": carton.number})


def _open_shipment(work: Work, warehouse: int, carton: Carton) -> UUID:
    known = store.shipments_of(work.conn, warehouse, carton.fulfilment)
    for each in known:
        if each.state == "open":
            return each.id
    shipment_id = work.new_id()
    store.add_shipment(
        work.conn,
        {
            "id": shipment_id,
            "warehouse_id": warehouse,
            "fulfilment_id": carton.fulfilment,
            "number": len(known) + 1,
            "service": carton.service,
            "state": SHIPMENT.initial,
            "opened_at": work.now,
        },
    )
    return shipment_id


def ask(
    work: Work, warehouse: int, label_id: UUID, asker: int, dead: Collection[int] = ()
) -> Parcel | Withdrawn | None:
    """Marks a label as being asked for by this process and gives what to tell the carrier; None: nothing any more.

    Until it is due again it is its asker's, unless that is one of the `dead`. A label that is no longer wanted and
    whose parcel may be booked is withdrawn.
    """
    label = store.label_by_id(work.conn, warehouse, label_id)
    if label is None or label.due_at is None or (label.due_at > work.now and label.asker not in dead):
        return None
    if label.state != "wanted":
        due = work.now + PATIENCE
        store.set_label(work.conn, warehouse, label_id, label.state, due=due, asker=asker, reason=label.reason)
        return Withdrawn(label_id)
    carton = _carton(work, warehouse, label.carton)
    to = store.ways(work.conn, warehouse, carton.order)
    store.set_label(work.conn, warehouse, label_id, label.state, due=work.now + PATIENCE, asker=asker)
    return Parcel(
        key=label_id,
        service=carton.service,
        weight_g=carton.weight_g or carton.expected_g,
        receiver={name: str(value) for name, value in to.receiver.items() if value},
        sender={name: str(value) for name, value in to.sender.items() if value},
        reference=str(carton.order_number),
    )


def answered(work: Work, warehouse: int, label_id: UUID, said: Booked | CarrierRefused) -> str:
    """Records a carrier's answer; a yes makes the label live and prints it by itself. Gives the label's state."""
    label = store.label_by_id(work.conn, warehouse, label_id)
    if label is None or label.state != "wanted":
        return "gone" if label is None else label.state
    carton = _carton(work, warehouse, label.carton)
    zpl = _drawn(work, warehouse, carton, said) if isinstance(said, Booked) else said
    if isinstance(zpl, CarrierRefused):
        state, reason = LABEL.advance(label.state, "refuse"), zpl.reason[:300]
        withdraw = work.now if isinstance(said, Booked) else None
        store.set_label(work.conn, warehouse, label_id, state, reason=reason, due=withdraw)
        timelines.tell_fulfilment(work, carton.fulfilment, "label_refused", {"reason": reason, "carton": carton.number})
    else:
        assert isinstance(said, Booked)
        state = LABEL.advance(label.state, "issue")
        store.set_label(work.conn, warehouse, label_id, state, tracking=said.tracking, zpl=zpl, issued=work.now)
        printed = terms.of_words(each.casefold() for each in (label.sscc, said.tracking))
        store.find_by(work.conn, warehouse, carton.order, printed)
        timelines.tell_fulfilment(
            work, carton.fulfilment, "label_live", {"tracking": said.tracking, "carton": carton.number}
        )
        if carton.printer is not None:
            spooler.enqueue(work, warehouse, carton.printer, "carton_label", carton.id, zpl, other=carton.other)
    _changed(work, warehouse, carton)
    return state


def _drawn(work: Work, warehouse: int, carton: Carton, said: Booked) -> bytes | CarrierRefused:
    """The label's ZPL; a refusal of ours where the parcel cannot be labelled as the carrier answered."""
    try:
        return labels.draw(carton, store.ways(work.conn, warehouse, carton.order), said)
    except PrinterDataError as error:
        return CarrierRefused(f"The label cannot be drawn: {error}")


def away(work: Work, warehouse: int, label_id: UUID) -> None:
    """The carrier gave no answer: it is told again later, by the same key."""
    label = store.label_by_id(work.conn, warehouse, label_id)
    if label is None or label.due_at is None:
        return
    seconds = WAITS[min(label.attempts, len(WAITS)) - 1] if label.attempts else WAITS[0]
    due = work.now + timedelta(seconds=seconds)
    wanted = label.state == "wanted"
    reason = "The carrier does not answer." if wanted else label.reason
    store.set_label(work.conn, warehouse, label_id, label.state, due=due, reason=reason)
    if wanted:
        _changed(work, warehouse, _carton(work, warehouse, label.carton))


def withdrawn(work: Work, warehouse: int, label_id: UUID) -> None:
    """The carrier knows that the parcel will not come."""
    label = store.label_by_id(work.conn, warehouse, label_id)
    if label is not None and label.state != "wanted":
        store.set_label(work.conn, warehouse, label_id, label.state, reason=label.reason)


def void_label(work: Work, warehouse: int, carton_id: UUID) -> str:
    """Takes a carton's label back and opens the carton again, also a closed one that waits for others.

    It gets another SSCC, so that the old paper closes nothing. The carrier is told, and a print that has not begun is
    called off. Refuses `label_missing`, and `carton_already_closed` once it has shipped.
    """
    carton = _carton(work, warehouse, carton_id)
    label = store.last_label(work.conn, warehouse, carton_id)
    if label is None or label.state == "void":
        raise Refusal("label_missing")
    if store.shipment_state(work.conn, warehouse, label.shipment) != "open":
        raise Refusal("carton_already_closed", carton=carton.number)
    _void(work, warehouse, carton, label, "voided_by_hand")
    packing_cartons.renumber(work, warehouse, carton_id)
    if CARTON.can(carton.state, "reopen"):
        store.set_carton(work.conn, warehouse, carton_id, CARTON.advance(carton.state, "reopen"), None)
    _changed(work, warehouse, carton)
    return "void"


def _void(work: Work, warehouse: int, carton: Carton, label: Label, why: str) -> None:
    asked = work.now if label.attempts else None
    due = label.due_at if label.state == "refused" else asked
    store.set_label(work.conn, warehouse, label.id, LABEL.advance(label.state, "void"), due=due, reason=why)
    spooler.call_off(work, warehouse, carton.id)
    params = {"tracking": label.tracking or "–", "carton": carton.number}
    timelines.tell_fulfilment(work, carton.fulfilment, "label_voided", params, why=why)


def retry_label(work: Work, warehouse: int, carton_id: UUID) -> str:
    """A carton without a label, refused or voided, is to have one: the carrier is asked anew, under a new key.

    Refuses `carton_not_complete` while something of its order is to be packed, `move_not_allowed` where a label is
    wanted or live, `fulfilment_on_hold`, `sscc_used_up` while the company prefix has none left.
    """
    carton = _carton(work, warehouse, carton_id)
    label = store.last_label(work.conn, warehouse, carton_id)
    if label is not None and label.state in ("wanted", "live"):
        raise Refusal("move_not_allowed", thing="label", state=label.state, trigger="retry")
    if carton.held:
        raise Refusal("fulfilment_on_hold", order=carton.order_number)
    if carton.state == "open" and not packing_cartons.whole(work, warehouse, carton_id):
        raise Refusal("carton_not_complete", left=_left(work, warehouse, carton))
    if label is not None and label.state == "refused":
        _void(work, warehouse, carton, label, "asked_again")
    if carton.state == "complete":
        _want(work, warehouse, carton)
        _changed(work, warehouse, carton)
    else:
        packing_cartons.complete(work, warehouse, carton_id)
    now = store.last_label(work.conn, warehouse, carton_id)
    if now is not None and now.reason == USED_UP:
        raise Refusal(USED_UP)
    return "wanted"


def reprint(work: Work, warehouse: int, body: Reprint) -> Answer:
    """The live label comes out: once more where it did, else by the print that waits; never by two prints at once.

    What waits at a printer on which the station no longer prints is called off, and comes out here.

    Refuses `label_missing`, `printer_unknown`.
    """
    carton = _carton(work, warehouse, body.carton)
    label = _live(work, warehouse, carton)
    zpl = store.zpl_of(work.conn, warehouse, label.id)
    if carton.printer is None or zpl is None:
        raise Refusal("printer_unknown")
    last = spooler.last_jobs(work.conn, warehouse, [carton.id]).get(carton.id)
    if last is not None and last.printer != carton.printer and last.state != "sending":
        if last.state == "unknown":
            spooler.decide(work, warehouse, last.id, "cancel")
        spooler.call_off(work, warehouse, carton.id)
        last = None
    if last is not None and last.state in ("failed", "unknown"):
        spooler.decide(work, warehouse, last.id, "reprint")
    elif last is None or last.state not in ("queued", "sending"):
        spooler.enqueue(work, warehouse, carton.printer, "carton_label", carton.id, zpl, other=carton.other)
    _changed(work, warehouse, carton)
    return Answer("reprinting", "ok")


def on_print_changed(work: Work, event: Event) -> None:
    """Same-transaction reaction to `print.changed`: a label came out, so its order tells of which printer."""
    if event.payload["state"] != "printed":
        return
    job = spooler.job_view(work.conn, event.stream, event.payload["job"])
    if (carton := _labelled_by(work, event.stream, job)) is not None:
        params = {"carton": carton.number, "printer": job.printer_name}
        timelines.tell_fulfilment(work, carton.fulfilment, "label_printed", params)


def on_print_moved(work: Work, event: Event) -> None:
    """Same-transaction reaction to `print.moved`: a label comes out of another printer than its order was told."""
    job = spooler.job_view(work.conn, event.stream, event.payload["job"])
    if (carton := _labelled_by(work, event.stream, job)) is not None:
        before = spooler.printer_by_id(work.conn, event.stream, event.payload["before"])
        params = {"carton": carton.number, "printer": job.printer_name, "before": before.name}
        timelines.tell_fulfilment(work, carton.fulfilment, "label_moved", params)


def _labelled_by(work: Work, warehouse: int, job: Job) -> Carton | None:
    """The carton whose label a job prints; None for any other paper."""
    if job.kind != "carton_label" or job.subject is None:
        return None
    return store.carton_by_id(work.conn, warehouse, job.subject)


# --- closing


def close_carton(work: Work, warehouse: int, body: CloseCarton) -> Answer:
    """The carton's own label was scanned on it: it is closed, and with the last one its shipment ships."""
    carton = _carton(work, warehouse, body.carton)
    if carton.state == "closed":
        raise Refusal("carton_already_closed", carton=carton.number)
    if carton.held:
        raise Refusal("fulfilment_on_hold", order=carton.order_number)
    if carton.state != "complete":
        raise Refusal("carton_not_complete", left=_left(work, warehouse, carton))
    if cancelled := task_store.to_take_out(work.conn, warehouse, carton.lpn):
        raise Refusal("carton_to_unpack", carton=carton.number, quantity=cancelled)
    label = _live(work, warehouse, carton)
    if carton.weight_g is None:
        raise Refusal("weight_missing")
    scanned = barcodes.parse(body.sscc)
    if scanned.kind == "sscc" and scanned.code in store.voided(work.conn, warehouse, carton.fulfilment):
        raise Refusal("label_void")
    if scanned.kind != "sscc" or scanned.code != label.sscc:
        raise Refusal("label_wrong")
    if not _may_be_on_paper(work, warehouse, carton, label):
        raise Refusal("label_not_printed", carton=carton.number)
    state = CARTON.advance(carton.state, "close")
    store.set_carton(work.conn, warehouse, carton.id, state, work.now)
    params = {"carton": carton.number, "sscc": label.sscc, "tracking": label.tracking or ""}
    timelines.tell_fulfilment(work, carton.fulfilment, "carton_closed", params)
    work.emit("carton.closed", stream=warehouse, carton=carton.id, fulfilment=carton.fulfilment)
    _changed(work, warehouse, carton)
    _settle_print(work, warehouse, carton)
    _ship_if_all_in(work, warehouse, carton, label.shipment)
    return Answer("carton_closed", "ok", {"carton": carton.number})


def _may_be_on_paper(work: Work, warehouse: int, carton: Carton, label: Label) -> bool:
    """Whether a label can be on its carton. One that no printer was sent was scanned from a screen, or typed.

    What nobody was asked to print, at a bench without a printer, comes on paper by another way.
    """
    prints = store.prints_of(work.conn, warehouse, label)
    return carton.printer is None or not prints or not NEVER_SENT.issuperset(prints)


def _settle_print(work: Work, warehouse: int, carton: Carton) -> None:
    """The scan proves that the label came out, so nobody need decide that any more, and no second copy is wanted."""
    last = spooler.last_jobs(work.conn, warehouse, [carton.id]).get(carton.id)
    if last is not None and last.state == "unknown":
        spooler.decide(work, warehouse, last.id, "printed")
    spooler.call_off(work, warehouse, carton.id)


def _left(work: Work, warehouse: int, carton: Carton) -> int:
    facts = order_lines.facts_of(work.conn, carton.fulfilment, warehouse)
    return max(0, packing.left(order_rules.total(facts.values())))


def _live(work: Work, warehouse: int, carton: Carton) -> Label:
    label = store.last_label(work.conn, warehouse, carton.id)
    if label is None or label.state != "live":
        raise Refusal("label_missing")
    return label


def _ship_if_all_in(work: Work, warehouse: int, carton: Carton, shipment: UUID) -> None:
    """Everything due of the fulfilment is in closed cartons: it leaves the books for the customer."""
    cartons = store.cartons_of(work.conn, warehouse, carton.fulfilment)
    if any(each.state != "closed" for each in cartons) or not packing_fulfilments.all_in(
        work, warehouse, carton.fulfilment
    ):
        return
    customer = inventory.Place(locations.special_bin(work.conn, warehouse, "customer"))
    for each in cartons:
        label = store.last_label(work.conn, warehouse, each.id)
        if label is None or label.shipment != shipment:
            continue
        for goods in store.packed_in(work.conn, warehouse, each.id):
            inventory.take(
                work,
                warehouse,
                inventory.Goods(goods.item, goods.lot, goods.expiry),
                goods.quantity,
                inventory.Place(each.station_bin, each.lpn),
                customer,
                "ship",
            )
            params = {"quantity": goods.quantity, "carton": each.number}
            order_lines.change(work, goods.line, "shipped", params, shipped=goods.quantity)
    store.close_shipment(work.conn, warehouse, shipment, SHIPMENT.advance("open", "close"), work.now)
    params = {"shipment": len(store.shipments_of(work.conn, warehouse, carton.fulfilment)), "cartons": len(cartons)}
    timelines.tell_fulfilment(work, carton.fulfilment, "shipment_closed", params)
    work.emit("shipment.closed", stream=warehouse, shipment=shipment, fulfilment=carton.fulfilment, order=carton.order)


def on_carton_voided(work: Work, event: Event) -> None:
    """Once an empty carton is gone, what is closed may be all that leaves."""
    warehouse = event.stream
    for carton in store.cartons_of(work.conn, warehouse, event.payload["fulfilment"]):
        label = store.last_label(work.conn, warehouse, carton.id)
        waits = label is not None and store.shipment_state(work.conn, warehouse, label.shipment) == "open"
        if carton.state == "closed" and label is not None and waits:
            _ship_if_all_in(work, warehouse, carton, label.shipment)
            return


def _carton(work: Work, warehouse: int, carton_id: UUID) -> Carton:
    carton = store.carton_by_id(work.conn, warehouse, carton_id)
    if carton is None:
        raise Refusal("carton_unknown")
    return carton


def _changed(work: Work, warehouse: int, carton: Carton) -> None:
    work.emit(
        "carton.changed", stream=warehouse, carton=carton.id, fulfilment=carton.fulfilment, station=carton.station
    )


# --- cancel


def on_line_cancelled(work: Work, event: Event) -> None:
    """What lies in a carton with a live label is too late to cancel: the label is voided first, by hand."""
    if not event.payload.get("packed"):
        return
    warehouse = event.stream
    for carton in store.cartons_of(work.conn, warehouse, event.payload["fulfilment"]):
        label = store.last_label(work.conn, warehouse, carton.id)
        holds = any(goods.line == event.payload["line"] for goods in store.packed_in(work.conn, warehouse, carton.id))
        if not holds or label is None or store.shipment_state(work.conn, warehouse, label.shipment) != "open":
            continue
        if label.state == "live":
            raise Refusal("cancel_too_late", order=carton.order_number, reason="carton_labelled")
        if label.state in ("wanted", "refused"):
            _void(work, warehouse, carton, label, "order_cancelled")


# --- it goes elsewhere


def on_fulfilment_redirected(work: Work, event: Event) -> None:
    """Another address or service: what was only asked for is asked anew; a live label is voided first, by hand."""
    warehouse = event.stream
    for carton in store.cartons_of(work.conn, warehouse, event.payload["fulfilment"]):
        label = store.last_label(work.conn, warehouse, carton.id)
        if label is None or store.shipment_state(work.conn, warehouse, label.shipment) != "open":
            continue
        if label.state == "live":
            raise Refusal("label_stands", carton=carton.number)
        store.set_service(work.conn, warehouse, label.shipment, carton.service)
        if label.state in ("wanted", "refused"):
            _void(work, warehouse, carton, label, "order_changed")
            _want(work, warehouse, carton)
            _changed(work, warehouse, carton)


# --- what others show


def label_of(conn: sa.Connection, warehouse: int, carton_id: UUID) -> LabelView | None:
    """A carton's newest label."""
    label = store.last_label(conn, warehouse, carton_id)
    return None if label is None else _shown(conn, warehouse, label)


def _shown(conn: sa.Connection, warehouse: int, label: Label) -> LabelView:
    drawn = label.state in ("live", "void") and label.tracking is not None
    url = f"/api/warehouses/{warehouse}/labels/{label.id}.zpl" if drawn else None
    voidable = label.state != "void" and store.shipment_state(conn, warehouse, label.shipment) == "open"
    return LabelView(label.id, label.state, label.sscc, label.tracking, label.reason, url, voidable)


def shipments(conn: sa.Connection, warehouse: int, fulfilment: UUID, service: str) -> list[ShipmentView]:
    """A fulfilment's shipments, each with the cartons that it took; a carton without a label is in none yet."""
    cartons: dict[UUID, list[CartonView]] = {}
    for each in store.cartons_of(conn, warehouse, fulfilment):
        label = store.last_label(conn, warehouse, each.id)
        if label is not None:
            shown = _shown(conn, warehouse, label)
            at = f"/api/warehouses/{warehouse}/cartons/{each.id}"
            again = f"{at}/reprint-label" if label.state == "live" else None
            view = CartonView(
                each.id, each.number, each.state, each.sscc, each.weight_g, shown, f"{at}/slip.pdf", again
            )
            cartons.setdefault(label.shipment, []).append(view)
    return [
        ShipmentView(each.number, each.state, service, cartons.get(each.id, []))
        for each in store.shipments_of(conn, warehouse, fulfilment)
    ]


def of_order(conn: sa.Connection, order_id: UUID) -> list[ShipmentView]:
    """The shipments of an order with their cartons and labels, for the order's page."""
    return [
        shipment
        for part in fulfilments.of_order(conn, order_id)
        for shipment in shipments(conn, part.warehouse, part.id, part.service)
    ]


def left_at(conn: sa.Connection, order_id: UUID) -> datetime | None:
    """When the last shipment of an order was closed; None before the first."""
    return store.left_at(conn, order_id)


def invariants(conn: sa.Connection) -> list[str]:
    """What is broken of invariant 5: a closed carton has exactly one live label, an emptied or open one has none.

    And of invariant 7: what lies with customers is what has shipped to them.
    """
    looks = (
        (store.CLOSED_WITHOUT_ONE_LABEL, "carton {} is closed and has {} live labels"),
        (store.LABELLED_TOO_EARLY, "carton {} is {} and has a label that is {}"),
        (store.SHIPPED_OPEN, "shipment {} is closed and its carton {} is {}"),
        (store.LEFT_UNSHIPPED, "item {}: {} units more lie with customers than have shipped to them"),
    )
    return [said.format(*row) for query, said in looks for row in conn.execute(query)]
