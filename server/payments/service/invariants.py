"""Why: amounts that are not the sum of their journal, or that the order does not know, are bugs; here they show."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from server.orders.service import lookup
from server.payments import rules
from server.payments.lifecycle import OPEN
from server.payments.rules import BY_HAND, Intent
from server.payments.store import payments as store
from server.payments.store.payments import Payment


def broken(conn: Connection) -> list[str]:
    """What is broken between orders, their money and its journal, in sentences. Read it in one snapshot."""
    return [sentence for payment in store.all_payments(conn) for sentence in _broken(conn, payment)]


def _broken(conn: Connection, payment: Payment) -> Iterator[str]:
    found, journal = lookup.order_of(conn, payment.order), store.journal(conn, payment.id)
    where = f"order {found.number}"
    if (payment.state, payment.captured_minor) != (found.payment, found.captured_minor):
        yield (
            f"{where}: the payment is {payment.state} with {payment.captured_minor} taken, "
            f"the order says {found.payment} with {found.captured_minor}"
        )
    for kind, amount in _sums(payment):
        if (told := rules.total(journal, kind, {"succeeded"})) != amount:
            yield f"{where}: the journal says {told} by {kind}, the payment {amount}"
    going = rules.total(journal, "refund", OPEN)
    if payment.captured_minor < payment.refunded_minor + going:
        yield f"{where}: {payment.refunded_minor} + {going} given back of {payment.captured_minor}"
    if payment.captured_minor - payment.refunded_minor - going > payment.amount_minor and not _ended(payment):
        yield f"{where}: {payment.captured_minor} taken of {payment.amount_minor}"
    yield from (f"{where}: {sentence}" for sentence in _authorisations(payment, journal))


def _sums(payment: Payment) -> Iterator[tuple[str, int]]:
    yield ("receive" if payment.method in BY_HAND else "capture"), payment.captured_minor
    yield "refund", payment.refunded_minor
    yield "receive", payment.received_minor


def _ended(payment: Payment) -> bool:
    return payment.state in ("voiding", "voided")


def _authorisations(payment: Payment, journal: list[Intent]) -> Iterator[str]:
    tried = {each.about for each in journal if each.kind == "void" and each.state != "abandoned"}
    for each in rules.authorisations(journal):
        if each.taken > each.amount_minor:
            yield f"{each.taken} taken of an authorisation of {each.amount_minor}"
        if each.given_back > each.captured:
            yield f"{each.given_back} given back of {each.captured} that an authorisation gave"
        needless = payment.state == "voided" or each.intent != payment.authorisation
        if needless and each.room and each.intent not in tried:
            yield f"the payment is {payment.state}, an authorisation of {each.amount_minor} stands beside it"
