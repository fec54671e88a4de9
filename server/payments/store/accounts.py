"""Why: every statement about who may buy on account, built once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.customers.models import customer
from server.db.binds import among, id_, padded
from server.db.types import Utc
from server.orders.models import order
from server.payments.models import credit_account, payment


class Account(NamedTuple):
    """A credit account's row."""

    id: UUID
    customer: UUID
    name: str
    key: str
    days: int
    limit_minor: int | None
    currency: str
    version: int
    ended_at: datetime | None


_KEY: Final = sa.func.coalesce(customer.c.email, customer.c.phone)
_ACCOUNTS: Final[sa.Select[*tuple[Any, ...]]] = sa.select(
    credit_account.c.id, customer.c.id, customer.c.name, _KEY, credit_account.c.days, credit_account.c.limit_minor,
    credit_account.c.currency, credit_account.c.version, credit_account.c.ended_at,
).join_from(credit_account, customer, customer.c.id == credit_account.c.customer_id)  # fmt: skip
_OF: Final = _ACCOUNTS.where(credit_account.c.customer_id == id_("whose"))
_OF_MANY: Final = _ACCOUNTS.where(among(credit_account.c.customer_id, "customers"))
_PAGE: Final = _ACCOUNTS.where(sa.bindparam("after") < _KEY).order_by(_KEY).limit(sa.bindparam("most"))
_ADD: Final = sa.insert(credit_account)
_SET: Final = (
    sa.update(credit_account)
    .where(credit_account.c.customer_id == id_("whose"))
    .values(
        days=sa.bindparam("new_days", type_=sa.Integer()),
        limit_minor=sa.bindparam("new_limit", type_=sa.BigInteger()),
        currency=sa.bindparam("new_currency"),
        ended_at=None,
        version=credit_account.c.version + 1,
    )
)
_END: Final = (
    sa.update(credit_account)
    .where(credit_account.c.customer_id == id_("whose"))
    .values(ended_at=sa.bindparam("now", type_=Utc()), version=credit_account.c.version + 1)
)
_MOVE: Final = (
    sa.update(credit_account).where(credit_account.c.customer_id == id_("whose")).values(customer_id=id_("to"))
)
_TAKE_IN: Final = (
    sa.update(payment)
    .where(
        payment.c.account_id.is_(None),
        payment.c.method == "invoice",
        payment.c.order_id.in_(sa.select(order.c.id).where(order.c.customer_id == id_("whose"))),
    )
    .values(account_id=id_("to"))
)
_FOLLOW: Final = sa.update(payment).where(payment.c.account_id == id_("of")).values(account_id=id_("to"))
_DROP: Final = sa.delete(credit_account).where(credit_account.c.id == id_("of"))


def of(conn: Connection, customer_id: UUID) -> Account | None:
    """The account of this customer."""
    row = conn.execute(_OF, {"whose": customer_id}).one_or_none()
    return None if row is None else Account(*row)


def of_many(conn: Connection, customer_ids: Collection[UUID]) -> dict[UUID, Account]:
    """The accounts of these customers; those without one are left out."""
    rows = conn.execute(_OF_MANY, {"customers": padded(customer_ids)}) if customer_ids else ()
    return {row[1]: Account(*row) for row in rows}


def page(conn: Connection, after: str, most: int) -> list[Account]:
    """Accounts by mail address (or phone number), those behind `after`."""
    return [Account(*row) for row in conn.execute(_PAGE, {"after": after, "most": most})]


def add(conn: Connection, row: dict[str, Any]) -> None:
    """A new account."""
    conn.execute(_ADD, row)


def take_in(conn: Connection, account: UUID, customer_id: UUID) -> None:
    """What a customer bought on account before there was one is on it."""
    conn.execute(_TAKE_IN, {"to": account, "whose": customer_id})


def change(conn: Connection, customer_id: UUID, days: int, limit_minor: int | None, currency: str) -> None:
    """What is agreed from now on, also where it had ended."""
    conn.execute(_SET, {"whose": customer_id, "new_days": days, "new_limit": limit_minor, "new_currency": currency})


def end(conn: Connection, customer_id: UUID, now: datetime) -> None:
    """Nothing is agreed any more; the account stays with what is owed on it."""
    conn.execute(_END, {"whose": customer_id, "now": now})


def move(conn: Connection, customer_id: UUID, to: UUID) -> None:
    """The account of one customer is another one's, who has none."""
    conn.execute(_MOVE, {"whose": customer_id, "to": to})


def join(conn: Connection, account: UUID, to: UUID) -> None:
    """What was bought on one account is on another one, and the first is gone."""
    conn.execute(_FOLLOW, {"of": account, "to": to})
    conn.execute(_DROP, {"of": account})
