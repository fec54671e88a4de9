"""Why: what a channel changes of an order is done as a person at the desk would do it, or told to one; never lost.

Each step is one unit: done and noted, or refused, held and noted. So whoever dies in between repeats nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from server.catalog import service as catalog
from server.core.outcomes import OUTCOMES
from server.core.refusal import Fault, Refusal, in_both
from server.core.words import worded
from server.db.work import Work
from server.integrations.rules import changes as rules
from server.integrations.rules.changes import Step
from server.integrations.rules.sold import Told
from server.integrations.store import channels as store
from server.integrations.store.channels import Link
from server.orders.currencies import shown
from server.orders.lifecycle import HOLD
from server.orders.rules import ENDED
from server.orders.schemas.captures import NewLine
from server.orders.schemas.changes import MoreItems
from server.orders.service import additions, cancels, edits, holds
from server.orders.service.lookup import order_of, with_its_goods
from server.orders.service.timelines import tell
from server.orders.store import holds as hold_rows
from server.orders.store import orders
from server.payments.service import receipts, refunds

REASON: Final = "changed_at_channel"
"""Of the hold of an order that could not follow."""
EDITED: Final = "channel_edited"


class Where(NamedTuple):
    """The channel, what it calls the order, and the delivery that says so."""

    channel: str
    subject: str
    incoming: UUID


def change(work: Work, where: Where, now: Told, step: Step) -> None:
    """Does what a channel has changed, and notes it. Refuses what cannot be done any more. Stream 0, its warehouses.

    What another process has dealt with in the meantime is left as it is.
    """
    link, order = _order(work, where)
    if step in rules.steps(link.told, now):
        _DO[step.what](work, order, step)
        _told(work, link, order, step, where)


def cannot(work: Work, where: Where, now: Told, step: Step, refusal: Refusal) -> None:
    """Tells a person what could not be done: the order is held, or has it in its timeline where it has ended."""
    link, order = _order(work, where)
    if step not in rules.steps(link.told, now):
        return
    found = with_its_goods(work.conn, order)
    if found.status not in ENDED:
        faults = refusal.faults or (_fault(step, refusal),)
        detail = {"faults": in_both(faults), "incoming": str(where.incoming), "change": _code(step)}
        holds.hold(work, found.id, REASON, detail)
    _told(work, link, order, step, where, what="not_changed_at_channel")


def _fault(step: Step, refusal: Refusal) -> Fault:
    said = OUTCOMES[refusal.code]
    en, de = (getattr(said, each).format_map(worded(refusal.params, each)) for each in ("en", "de"))
    return Fault(step.what, en, de=de)


def edited(work: Work, where: Where, units: int) -> None:
    """Lines were changed over there, how is not known yet: the order waits until it is. Stream 0."""
    _, order = _order(work, where)
    if order_of(work.conn, order).status not in ENDED:
        holds.hold(work, order, REASON, {"incoming": str(where.incoming), "change": EDITED})
    tell(work, order, "changed_at_channel", {"reason": EDITED, "detail": str(units), "incoming": str(where.incoming)})


def settled(work: Work, where: Where) -> None:
    """It is known now how the lines were changed: what was held for that goes on. Stream 0."""
    _, order = _order(work, where)
    for each in hold_rows.of_order(work.conn, order):
        if each.state == HOLD.initial and each.reason == REASON and each.detail.get("change") == EDITED:
            holds.release(work, each.id, order_id=order)


def _order(work: Work, where: Where) -> tuple[Link, UUID]:
    link = store.link(work.conn, where.channel, where.subject)
    if link is None or link.order is None:
        raise LookupError(f"{where.channel} has no order {where.subject}")
    return link, link.order


def _told(
    work: Work, link: Link, order: UUID, step: Step, where: Where, what: str = "changed_at_channel"
) -> None:  # fmt: skip
    store.tell(work.conn, link.channel, link.subject, rules.after(link.told, step))
    params = {"reason": _code(step), "detail": _detail(work, order, step), "incoming": str(where.incoming)}
    tell(work, order, what, params)


def _code(step: Step) -> str:
    return f"channel_{step.what}"


def _detail(work: Work, order: UUID, step: Step) -> str:
    """What exactly, in signs that need no language."""
    match step.what:
        case "refund":
            return shown(step.count, order_of(work.conn, order).currency)
        case "more" | "fewer":
            return f"{step.count} × {step.name}"
        case "address":
            return "" if step.address is None else step.address.city
    return step.name


# --- each step


def _cancel(work: Work, order: UUID, step: Step) -> None:
    """What is cancelled here is that already; where its goods go with another order, they have not been called off."""
    if order_of(work.conn, order).status != "cancelled":
        cancels.cancel(work, order, step.name)
    elif with_its_goods(work.conn, order).id != order and not _heard_of_it(work, order):
        _by_a_person(work, order, step)


def _heard_of_it(work: Work, order: UUID) -> bool:
    """Whether its channel was told that it is cancelled here, and only says it again."""
    links = store.links_of(work.conn, order)
    return any(known.settings.back.url for each in links if (known := store.channel(work.conn, each.channel)))


def _service(work: Work, order: UUID, step: Step) -> None:
    edits.change_service(work, order, step.name)


def _address(work: Work, order: UUID, step: Step) -> None:
    assert step.address is not None
    edits.redirect(work, order, step.address, step.customer)


def _fewer(work: Work, order: UUID, step: Step) -> None:
    """Units less of a SKU, of its last lines first."""
    found = catalog.items_by_sku(work.conn, [step.name]).get(step.name)
    lines = [each for each in orders.lines_of(work.conn, order) if found is not None and each.item == found.id]
    left = step.count
    for line in reversed(lines):
        wanted = min(left, line.ordered - line.cancelled)
        if wanted:
            cancels.cancel_units(work, order, line.position, wanted)
            left -= wanted
    if left:
        fault = Fault("quantity", "Not so many can be cancelled any more.", str(step.count - left), str(step.count))
        raise Refusal("cancel_too_late", fault, order=order_of(work.conn, order).number, reason="shipped")


def _more(work: Work, order: UUID, step: Step) -> None:
    """Units more, at the channel's price."""
    if step.price is None:
        _by_a_person(work, order, step)
        return
    additions.add(work, order, MoreItems(lines=[NewLine(sku=step.name, quantity=step.count, price_minor=step.price)]))


def _unpaid(work: Work, order: UUID, step: Step) -> None:
    """An order that waits for its money anyway goes on waiting; what was paid once is for a person."""
    if receipts.is_all_there(work, order):
        _by_a_person(work, order, step)


def _paid(work: Work, order: UUID, _step: Step) -> None:
    if not receipts.is_all_there(work, order):
        receipts.receive(work, order, None)


def _refund(work: Work, order: UUID, step: Step) -> None:
    refunds.paid_elsewhere(work, order, step.count)


def _by_a_person(_work: Work, _order: UUID, step: Step) -> None:
    raise Refusal("needs_a_person", Fault(step.what, "A person has to look at it."))


_DO: Final[Mapping[str, Callable[[Work, UUID, Step], Any]]] = {
    "cancel": _cancel,
    "service": _service,
    "address": _address,
    "fewer": _fewer,
    "more": _more,
    "paid": _paid,
    "unpaid": _unpaid,
    "revived": _by_a_person,
    "refund": _refund,
}
