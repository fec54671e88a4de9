"""Why: what stands on the papers of one order or of many, in a few statements however many are asked for.

The papers themselves are drawn by `slip`, from what is found here alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from server.catalog import service as catalog
from server.catalog.schemas import Item
from server.core.refusal import Fault, Refusal
from server.locations import service as locations
from server.locations.schemas import Warehouse
from server.orders import currencies
from server.orders.schemas.captures import Customer
from server.orders.service import lookup, statuses
from server.orders.store import carriers, fulfilments, orders, pages
from server.orders.store.orders import Line, Order
from server.orders.store.pages import Head
from server.shipping import labels, store
from server.shipping.slip import Row, Slip
from server.shipping.store import Slipped, SlipRow


def named(conn: sa.Connection, numbers: Sequence[int]) -> dict[int, UUID]:
    """The ids of these orders by their numbers, in this order; refuses `invalid` with every number that is none."""
    known = orders.ids_of(conn, numbers)
    faults = [
        Fault(f"orders[{at}]", "There is no such order.", "the number of an order", str(number))
        for at, number in enumerate(numbers)
        if number not in known
    ]
    if faults:
        raise Refusal("invalid", *faults, count=len(faults))
    return {number: known[number] for number in numbers}


# --- of a carton ---------------------------------------------------------------------------------------------------


def slip_of(conn: sa.Connection, warehouse: int, carton_id: UUID, *, prices: bool) -> Slip:
    """What is to stand on a carton's packing slip, in its customer's language; refuses `carton_unknown`."""
    found = store.slipped(conn, warehouse, carton_id)
    if found is None:
        raise Refusal("carton_unknown")
    return next(_slips(conn, [found], prices=prices))


def slips(conn: sa.Connection, order_ids: Sequence[UUID], *, warehouse: int | None, prices: bool) -> list[Slip]:
    """The packing slips of these orders, by order, then by carton; of one warehouse or (None) of all."""
    rank = {order_id: at for at, order_id in enumerate(order_ids)}
    cartons = sorted(store.slipped_orders(conn, order_ids, warehouse), key=lambda each: rank[each.order])
    return list(_slips(conn, cartons, prices=prices))


def _slips(conn: sa.Connection, cartons: Sequence[Slipped], *, prices: bool) -> Iterator[Slip]:
    goods: dict[UUID, list[SlipRow]] = {each.id: [] for each in cartons}
    for warehouse in {each.warehouse for each in cartons}:
        here = [each.id for each in cartons if each.warehouse == warehouse]
        for row in store.slip_rows(conn, warehouse, here):
            goods[row.carton].append(row)
    items = catalog.items(conn, {row.item for rows in goods.values() for row in rows})
    return (_slip(each, goods[each.id], items, prices=prices) for each in cartons)


def _slip(of: Slipped, rows: Sequence[SlipRow], items: Mapping[UUID, Item], *, prices: bool) -> Slip:
    language = str(of.customer.get("language", ""))
    return Slip(
        language=language,
        order=str(of.order_number),
        pairs=[
            ("order", str(of.order_number)),
            ("carton", str(of.number)),
            *((("reference", of.reference),) if of.reference else ()),
        ],
        sender=_lines(of.sender, of.sender_name),
        receiver=_lines(of.address, str(of.customer.get("name", ""))),
        rows=[
            Row(
                quantity=row.quantity,
                name=_name(items[row.item], language),
                sku=items[row.item].sku,
                lot=row.lot,
                price=currencies.shown(row.price_minor, of.currency) if prices else "",
            )
            for row in rows
        ],
    )


# --- of an order ---------------------------------------------------------------------------------------------------


_NOTATION: Final[Mapping[str, tuple[str, str]]] = {"en": ("%Y-%m-%d", "."), "de": ("%d.%m.%Y", ",")}
"""How a language that papers are printed in writes a day, and what stands before cents."""


def confirmation_of(conn: sa.Connection, number: int) -> Slip:
    """What was ordered, as its customer is told; refuses `order_unknown`."""
    return confirmations(conn, [lookup.id_of(conn, number)])[0]


def confirmations(conn: sa.Connection, order_ids: Sequence[UUID]) -> list[Slip]:
    """What was ordered, as each customer is told, in this order."""
    found, heads = orders.by_ids(conn, order_ids), pages.heads_of(conn, order_ids)
    lines = orders.lines_of_many(conn, order_ids)
    every = [line for each in lines.values() for line in each]
    facts = statuses.order_facts(every, fulfilments.lines_of_orders(conn, order_ids))
    wanted = {line: each.wanted for line, each in facts.items()}
    items = catalog.items(conn, {line.item for line in every})
    senders = {number: locations.warehouse_of(conn, number) for number in {each.warehouse for each in found.values()}}
    services = carriers.names(conn)
    return [
        _confirmation(
            found[each], heads[each], [(line, items[line.item], wanted[line.id]) for line in lines[each]],
            senders[found[each].warehouse], services.get(found[each].service, found[each].service),
        )
        for each in order_ids
    ]  # fmt: skip


def _confirmation(
    of: Order, head: Head, lines: Sequence[tuple[Line, Item, int]], sender: Warehouse, service: str
) -> Slip:
    customer, zone = msgspec.convert(head.customer, Customer), ZoneInfo(sender.time_zone)
    written, mark = _NOTATION.get(customer.language, _NOTATION["en"])

    def shown(minor: int) -> str:
        return currencies.shown(minor, of.currency).replace(".", mark)

    amounts = (("items", of.items_minor), ("shipping", of.shipping_minor), ("tax", of.tax_minor))
    day = "" if of.promised_on is None else of.promised_on.strftime(written)
    pairs = (
        ("reference", head.external_ref), ("taken", head.captured_at.astimezone(zone).strftime(f"{written} %H:%M")),
        ("by", service), ("day", day), ("pay", of.payment_method),
    )  # fmt: skip
    return Slip(
        language=customer.language,
        order=str(of.number),
        title="confirmation",
        pairs=[each for each in pairs if each[1]],
        sender=_lines(sender.address, sender.name),
        receiver=_lines(head.address, customer.name),
        rows=[
            Row(wanted, _name(item, customer.language), item.sku, price=shown(line.price_minor))
            for line, item, wanted in lines
            if wanted
        ],
        sums=[*((word, shown(minor)) for word, minor in amounts if minor), ("total", shown(of.total_minor))],
    )


def _name(item: Item, language: str) -> str:
    return item.names.get(language) or item.names["en"]


def _lines(fields: dict[str, Any], name: str) -> list[str]:
    """An address, line by line."""
    written = labels.address(fields, name)
    return [each for each in (written.name, *written.street, written.city, written.country) if each]
