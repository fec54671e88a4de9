"""Why: a channel tells the whole order anew; what is different about it is found here, step by step. Pure.

Each step is done, or told to a person, in a commit of its own that also notes it; whoever dies in between goes on with
the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from server.integrations.rules.sold import Told
from server.orders.schemas.captures import Address, Customer

What = Literal["cancel", "service", "address", "fewer", "more", "paid", "unpaid", "revived", "refund"]


class Step(msgspec.Struct, frozen=True):
    """One difference. `count` is units, or minor units of money; `price` that of one unit, None where nobody says it.

    `settled`: the channel has been paid for what is more.
    """

    what: What
    name: str = ""
    count: int = 0
    price: int | None = None
    settled: bool = False
    address: Address | None = None
    customer: Customer | None = None


def steps(before: Told, now: Told) -> Iterator[Step]:
    """What is to be done so that what a channel says is so; what is off the table needs no other change."""
    if now.cancelled and not before.cancelled:
        yield Step("cancel", now.cancelled)
    if before.cancelled and not now.cancelled:
        yield Step("revived")
    if not now.cancelled and not before.cancelled:
        yield from _changes(before, now)
    for each, amount in now.refunds.items():
        if (more := amount - before.refunds.get(each, 0)) > 0:
            yield Step("refund", each, more)


def _changes(before: Told, now: Told) -> Iterator[Step]:
    if now.service and now.service != before.service:
        yield Step("service", now.service)
    if now.address is not None and (now.address, now.customer) != (before.address, before.customer):
        yield Step("address", address=now.address, customer=now.customer)
    yield from _units(before, now)
    if before.unpaid and not now.unpaid:
        yield Step("paid")
    if now.unpaid and not before.unpaid:
        yield Step("unpaid", now.unpaid)


def _units(before: Told, now: Told) -> Iterator[Step]:
    """What is less goes first, so that nothing is asked for twice; only where nothing stays of what was, at last.

    An order of which nothing is left is cancelled, and nothing more could come to it.
    """
    differ = {sku: now.units.get(sku, 0) - before.units.get(sku, 0) for sku in sorted({*before.units, *now.units})}
    fewer = [Step("fewer", sku, -by, now.prices.get(sku)) for sku, by in differ.items() if by < 0]
    more = [Step("more", sku, by, now.prices.get(sku), settled=not now.unpaid) for sku, by in differ.items() if by > 0]
    stays = any(min(units, before.units.get(sku, 0)) > 0 for sku, units in now.units.items())
    yield from (*fewer, *more) if stays else (*more, *fewer)


TO_SETTLE: Final = "grown"
"""Told of an order that has grown and is paid over there, until that is written down, behind its last change."""


def after(before: Told, step: Step) -> Told:
    """What a channel has said once this step is dealt with."""
    put = msgspec.structs.replace
    match step.what:
        case "cancel" | "revived":
            return put(before, cancelled=step.name)
        case "service":
            return put(before, service=step.name)
        case "address":
            return put(before, address=step.address, customer=step.customer)
        case "more" | "fewer":
            by = step.count if step.what == "more" else -step.count
            units = {**before.units, step.name: before.units.get(step.name, 0) + by}
            unpaid = before.unpaid or (TO_SETTLE if step.settled else "")
            return put(before, units={sku: left for sku, left in units.items() if left}, unpaid=unpaid)
        case "paid" | "unpaid":
            return put(before, unpaid=step.name)
        case "refund":
            return put(before, refunds={**before.refunds, step.name: before.refunds.get(step.name, 0) + step.count})
