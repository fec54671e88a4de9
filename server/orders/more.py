"""Why: customers want one more: what comes to an order joins its lines, and the order costs so much more. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from server.orders.schemas.captures import NewLine, NewTotals
from server.orders.schemas.changes import MoreItems
from server.orders.store.orders import Line, Order


class Placed(NamedTuple):
    """Units that come to an order: `line` has them already some of, or they are a new line at `position`."""

    line: Line | None
    position: int
    sku: str
    item: UUID
    quantity: int
    price_minor: int


def placed(lines: Sequence[Line], new: Sequence[NewLine], items: Mapping[str, UUID]) -> list[Placed]:
    """Where units go: to the line of that item at that price, else to a new one behind the last."""
    known = {(line.item, line.price_minor): line for line in reversed(lines)}
    found: dict[tuple[UUID, int], Placed] = {}
    position = max((line.position for line in lines), default=0)
    for each in new:
        at = (items[each.sku], each.price_minor)
        if at not in found:
            line = known.get(at)
            position += line is None
            found[at] = Placed(line, line.position if line else position, each.sku, at[0], 0, each.price_minor)
        found[at] = found[at]._replace(quantity=found[at].quantity + each.quantity)
    return list(found.values())


class Priced(Protocol):
    """What an order's goods cost, and the tax on them."""

    @property
    def items_minor(self) -> int:
        """The goods."""

    @property
    def tax_minor(self) -> int:
        """Tax on top of their prices."""


def tax_of(found: Priced, value: int) -> int:
    """The tax on goods of an order that cost so much: of what was cancelled none is owed."""
    return found.tax_minor * value // found.items_minor if found.items_minor else found.tax_minor


def totals(found: Order, new: MoreItems) -> NewTotals:
    """What the order costs with it. Where nothing else is said, shipping stays and tax grows with the goods."""
    added = sum(line.quantity * line.price_minor for line in new.lines)
    in_proportion = found.tax_minor * added // found.items_minor if found.items_minor else 0
    items = found.items_minor + added
    shipping = found.shipping_minor if new.shipping_minor is None else new.shipping_minor
    tax = found.tax_minor + in_proportion if new.tax_minor is None else new.tax_minor
    return NewTotals(items_minor=items, shipping_minor=shipping, tax_minor=tax, total_minor=items + shipping + tax)
