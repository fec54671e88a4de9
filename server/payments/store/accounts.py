"""Why: every statement about who may buy on account, built once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.binds import padded
from server.payments.models import credit_account


class Account(NamedTuple):
    """A credit account's row."""

    id: UUID
    email: str
    days: int
    limit_minor: int | None
    currency: str
    version: int


_ROW: Final[tuple[sa.Column[Any], ...]] = (
    credit_account.c.id, credit_account.c.email, credit_account.c.days, credit_account.c.limit_minor,
    credit_account.c.currency, credit_account.c.version,
)  # fmt: skip
_OF: Final = sa.select(*_ROW).where(credit_account.c.email == sa.bindparam("whose"))
_OF_MANY: Final = sa.select(*_ROW).where(credit_account.c.email.in_(sa.bindparam("emails", expanding=True)))
_PAGE: Final = (
    sa.select(*_ROW)
    .where(credit_account.c.email > sa.bindparam("after"))
    .order_by(credit_account.c.email)
    .limit(sa.bindparam("most"))
)
_ADD: Final = sa.insert(credit_account)
_SET: Final = (
    sa.update(credit_account)
    .where(credit_account.c.email == sa.bindparam("whose"))
    .values(
        days=sa.bindparam("new_days", type_=sa.Integer()),
        limit_minor=sa.bindparam("new_limit", type_=sa.BigInteger()),
        currency=sa.bindparam("new_currency"),
        version=credit_account.c.version + 1,
    )
)


def of(conn: Connection, email: str) -> Account | None:
    """The account of this customer."""
    row = conn.execute(_OF, {"whose": email}).one_or_none()
    return None if row is None else Account(*row)


def of_many(conn: Connection, emails: Collection[str]) -> dict[str, Account]:
    """The accounts of these customers, by mail address; those without one are left out."""
    rows = conn.execute(_OF_MANY, {"emails": padded(emails)}) if emails else ()
    return {row.email: Account(*row) for row in rows}


def page(conn: Connection, after: str, most: int) -> list[Account]:
    """Accounts by mail address, those behind `after`."""
    return [Account(*row) for row in conn.execute(_PAGE, {"after": after, "most": most})]


def add(conn: Connection, row: dict[str, Any]) -> None:
    """A new account."""
    conn.execute(_ADD, row)


def change(conn: Connection, email: str, days: int, limit_minor: int | None, currency: str) -> None:
    """What is agreed from now on."""
    conn.execute(_SET, {"whose": email, "new_days": days, "new_limit": limit_minor, "new_currency": currency})
