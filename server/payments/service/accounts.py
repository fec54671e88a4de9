"""Why: who may buy on account, for how long and up to how much; what would go beyond waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.core.events import Event
from server.core.refusal import Fault, Refusal, in_both
from server.customers import service as customers
from server.customers.service import Buyer
from server.db.work import Work
from server.orders.currencies import shown
from server.orders.service import holds, money
from server.orders.store.orders import Order
from server.payments import rules
from server.payments.schemas import AccountList, AccountView, Balance, PutAccount
from server.payments.store import accounts as store
from server.payments.store import payments

INVOICES: Final = 20
"""So many open invoices are shown with a customer, those that are due first."""


class Terms(NamedTuple):
    """How a customer buys on account. No account: as everybody, without a limit."""

    account: UUID | None
    days: int
    limit_minor: int | None
    currency: str
    ended: bool = False

    @property
    def bounded(self) -> bool:
        """Whether there is a limit to what they may owe, or nothing more may be."""
        return self.account is not None and (self.ended or self.limit_minor is not None)


def terms(conn: Connection, found: Sequence[Order]) -> dict[UUID, Terms]:
    """What is agreed with the customers of these orders, by order."""
    whose = money.customers(conn, [each.id for each in found])
    accounts = store.of_many(conn, set(whose.values()))
    return {
        each.id: _terms(accounts.get(whose[each.id]) if each.id in whose else None, each.currency) for each in found
    }


def _terms(account: store.Account | None, currency: str) -> Terms:
    if account is None:
        return Terms(None, rules.DAYS, None, currency)
    if account.ended_at is not None:
        return Terms(account.id, rules.DAYS, account.limit_minor, account.currency, ended=True)
    return Terms(account.id, account.days, account.limit_minor, account.currency)


def check(work: Work, found: Order, agreed: Terms) -> None:
    """Holds an order of a customer whose terms have ended, or by which they would owe more than agreed, or owe it in
    another currency.
    """
    if agreed.ended:
        holds.hold(work, found.id, "terms_ended")
        return
    if agreed.account is None or agreed.limit_minor is None:
        return
    if found.currency != agreed.currency:
        fault = Fault("currency", "The limit is in another currency.", agreed.currency, found.currency)
    else:
        owes = owing(work.conn, agreed.account, agreed.currency)
        if owes <= agreed.limit_minor:
            return
        fault = Fault("totals.total_minor", "The customer would owe more than agreed.",
                      shown(agreed.limit_minor, agreed.currency), shown(owes, agreed.currency))  # fmt: skip
    holds.hold(work, found.id, "credit_exceeded", {"faults": in_both([fault])})


def owing(conn: Connection, account: UUID, currency: str) -> int:
    """What a customer owes, and will owe when all that is ordered on account has shipped."""
    return sum(
        max(max(each.amount_minor, each.captured_minor) - each.refunded_minor - each.received_minor, 0)
        for each in payments.on_account(conn, account, currency)
        if each.state not in ("voiding", "voided")
    )


def page(conn: Connection, after: str | None, most: int) -> AccountList:
    """Credit accounts by mail address, each with what is owed."""
    found = store.page(conn, after or "", most + 1)
    items = [_view(conn, each) for each in found[:most]]
    return AccountList(items, items[-1].email if len(found) > most else None)


def put(work: Work, email: str, new: PutAccount) -> AccountView:
    """Agrees something with whoever has this mail address, whom this may be the first word of.

    Refuses `changed_meanwhile` for an edition that is no longer the last.
    """
    buyer = Buyer(name=email.strip(), email=email, phone="", country="", language="en")
    whose = customers.found_or_made(work, buyer)
    if whose is None:
        raise Refusal("customer_unknown")
    return _agree(work, whose.id, new)


def put_of(work: Work, customer_id: UUID, new: PutAccount) -> AccountView:
    """Agrees something with a customer. Refuses `customer_unknown` and, as above, `changed_meanwhile`."""
    return _agree(work, customers.one(work.conn, customer_id).id, new)


def _agree(work: Work, customer_id: UUID, new: PutAccount) -> AccountView:
    known = store.of(work.conn, customer_id)
    if (None if known is None else known.version) != new.version:
        raise Refusal("changed_meanwhile")
    if known is None:
        account = work.new_id()
        store.add(work.conn, {
            "id": account, "customer_id": customer_id, "days": new.days, "limit_minor": new.limit_minor,
            "currency": new.currency, "created_at": work.now,
        })  # fmt: skip
        store.take_in(work.conn, account, customer_id)
    else:
        store.change(work.conn, customer_id, new.days, new.limit_minor, new.currency)
    found = store.of(work.conn, customer_id)
    if found is None:
        raise Refusal("not_found")
    return _view(work.conn, found)


def end(work: Work, customer_id: UUID, version: int) -> AccountView:
    """Lets a customer buy on account no longer: what they order so from now on is held, what they owe they still owe.

    Ended again it stays ended. Refuses `customer_unknown`, and `changed_meanwhile` for an edition that is no longer the
    last or where nothing was agreed.
    """
    whose = customers.one(work.conn, customer_id).id
    known = store.of(work.conn, whose)
    if known is None or (known.ended_at is None and known.version != version):
        raise Refusal("changed_meanwhile")
    if known.ended_at is None:
        store.end(work.conn, whose, work.now)
    return _view(work.conn, store.of(work.conn, whose) or known)


def _view(conn: Connection, each: store.Account) -> AccountView:
    return AccountView(
        each.customer, each.name, each.key, each.days, each.limit_minor, each.currency,
        owing(conn, each.id, each.currency), each.version, each.ended_at,
    )  # fmt: skip


# --- a customer's page ---------------------------------------------------------------------------------------------


def of_customer(conn: Connection, customer_id: UUID) -> Balance:
    """What a customer has been invoiced and not paid yet, what is due first, and what was agreed."""
    agreed = store.of(conn, customer_id)
    return Balance(
        open=payments.owed(conn, customer_id),
        invoices=payments.open_invoices(conn, customer_id, INVOICES),
        account=None if agreed is None else _view(conn, agreed),
        usual_days=rules.DAYS,
    )


def on_customer_merged(work: Work, event: Event) -> None:
    """Same-transaction reaction to `customer.merged`: what was agreed with the one who stays counts."""
    kept, gone = (store.of(work.conn, event.payload[each]) for each in ("customer", "other"))
    if gone is not None and kept is not None:
        store.join(work.conn, gone.id, kept.id)
    elif gone is not None:
        store.move(work.conn, gone.customer, event.payload["customer"])
    account = kept or gone
    if account is not None:
        store.take_in(work.conn, account.id, event.payload["customer"])
