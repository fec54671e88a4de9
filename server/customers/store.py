"""Why: every statement about customers, built once. One indexed question finds who orders again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from server.customers.models import customer, customer_note, customer_term
from server.customers.rules import LAST
from server.customers.schemas import Customer, Note
from server.db.binds import among, id_, padded
from server.db.prepared import Prepared
from server.db.types import Utc

__all__ = ["Connection"]

_EMAIL: Final = sa.bindparam("mailed", type_=sa.Text())
_PHONE: Final = sa.bindparam("dialled", type_=sa.Text())


# --- whoever orders ------------------------------------------------------------------------------------------------

_BY_EMAIL: Final = Prepared(sa.select(customer.c.id).where(customer.c.email == _EMAIL))
_BY_PHONE: Final = Prepared(
    sa.select(customer.c.id, customer.c.email)
    .where(customer.c.phone == _PHONE)
    .order_by(customer.c.email.is_not(None), customer.c.id)
    .limit(2)
)
_BY_EMAILS: Final = sa.select(customer.c.email, customer.c.id).where(among(customer.c.email, "emails"))
_ADD: Final = Prepared(sa.insert(customer))
_ADD_TERM: Final = Prepared(sa.insert(customer_term))


class Dialled(NamedTuple):
    """A customer with a phone number; `email` is None where the number is all that is known."""

    id: UUID
    email: str | None


def by_email(conn: Connection, email: str) -> UUID | None:
    """The customer with this mail address."""
    found = _BY_EMAIL.one(conn, {"mailed": email})
    return None if found is None else found[0]


def by_emails(conn: Connection, emails: Sequence[str]) -> dict[str, UUID]:
    """The customers with these mail addresses."""
    if len(emails) == 1:
        one = by_email(conn, emails[0])
        return {} if one is None else {emails[0]: one}
    return {row[0]: row[1] for row in conn.execute(_BY_EMAILS, {"emails": padded(emails)})} if emails else {}


def by_phone(conn: Connection, phone: str) -> list[Dialled]:
    """At most two of the customers with this phone number, first one that is known by nothing else."""
    return [Dialled(*row) for row in _BY_PHONE.rows(conn, {"dialled": phone})]


def add(conn: Connection, rows: Sequence[Mapping[str, Any]], terms: Mapping[UUID, Sequence[str]]) -> None:
    """Customers, and what each is found by."""
    if rows:
        _ADD.change_all(conn, rows)
        _ADD_TERM.change_all(conn, [{"customer_id": of, "term": each} for of, found in terms.items() for each in found])


# --- looking -------------------------------------------------------------------------------------------------------

_ROW: Final[tuple[sa.Column[Any], ...]] = (
    customer.c.id, customer.c.name, customer.c.email, customer.c.phone, customer.c.language, customer.c.wish,
    customer.c.created_at,
)  # fmt: skip
_ONE: Final = sa.select(*_ROW).where(customer.c.id == id_("of"))
_BEFORE: Final = sa.or_(id_("before").is_(None), customer.c.id < id_("before"))


def by_id(conn: Connection, of: UUID) -> Customer | None:
    """A customer."""
    row = conn.execute(_ONE, {"of": of}).one_or_none()
    return None if row is None else _customer(row)


def _customer(row: Sequence[Any]) -> Customer:
    of, name, email, phone, *rest = row
    return Customer(of, name, email or "", phone or "", *rest)


def page(conn: Connection, words: Sequence[str], before: UUID | None, most: int) -> list[Customer]:
    """At most `most` customers of whom each of these words begins something they are found by, the newest first."""
    given: dict[str, Any] = {"before": before, "most": most}
    for at, word in enumerate(words):
        given |= {f"from{at}": word, f"to{at}": word + LAST}
    return [_customer(row) for row in conn.execute(_page(len(words)), given)]


@lru_cache(maxsize=16)
def _page(count: int) -> sa.Select[*tuple[Any, ...]]:
    found = sa.select(*_ROW).where(_BEFORE)
    for at in range(count):
        term = customer_term.alias(f"term{at}")
        begins = sa.and_(term.c.term >= sa.bindparam(f"from{at}"), term.c.term < sa.bindparam(f"to{at}"))
        found = found.where(customer.c.id.in_(sa.select(term.c.customer_id).where(begins)))
    return found.order_by(customer.c.id.desc()).limit(sa.bindparam("most"))


# --- changing ------------------------------------------------------------------------------------------------------

_SET: Final = (
    sa.update(customer)
    .where(customer.c.id == id_("of"))
    .values(
        name=sa.bindparam("new_name"),
        email=sa.bindparam("new_email", type_=sa.Text()),
        phone=sa.bindparam("new_phone", type_=sa.Text()),
        language=sa.bindparam("new_language"),
        wish=sa.bindparam("new_wish"),
    )
)
_DROP_TERMS: Final = sa.delete(customer_term).where(customer_term.c.customer_id == id_("of"))
_DROP: Final = sa.delete(customer).where(customer.c.id == id_("of"))
_INSERT_TERMS: Final = sa.insert(customer_term)


def change(conn: Connection, of: UUID, row: Mapping[str, Any], terms: Sequence[str]) -> None:
    """What is known of a customer from now on, and what they are found by."""
    conn.execute(_SET, {"of": of, **{f"new_{name}": value for name, value in row.items()}})
    conn.execute(_DROP_TERMS, {"of": of})
    conn.execute(_INSERT_TERMS, [{"customer_id": of, "term": each} for each in terms])


def drop(conn: Connection, of: UUID) -> None:
    """A customer whom nothing names any more."""
    conn.execute(_DROP_TERMS, {"of": of})
    conn.execute(_DROP, {"of": of})


# --- notes ---------------------------------------------------------------------------------------------------------

_NOTE: Final[tuple[sa.Column[Any], ...]] = (
    customer_note.c.id, customer_note.c.at, customer_note.c.by, customer_note.c.text, customer_note.c.changed_at,
    customer_note.c.changed_by,
)  # fmt: skip
_ONE_NOTE: Final = sa.select(*_NOTE).where(customer_note.c.customer_id == id_("of"), customer_note.c.id == id_("note"))
_NOTES: Final = (
    sa.select(*_NOTE)
    .where(
        customer_note.c.customer_id == id_("of"),
        sa.or_(id_("before").is_(None), customer_note.c.id < id_("before")),
    )
    .order_by(customer_note.c.id.desc())
    .limit(sa.bindparam("most"))
)
_ADD_NOTE: Final = sa.insert(customer_note)
_SET_NOTE: Final = (
    sa.update(customer_note)
    .where(customer_note.c.id == id_("note"))
    .values(text=sa.bindparam("new_text"), changed_at=sa.bindparam("now", type_=Utc()), changed_by=sa.bindparam("who"))
)
_DROP_NOTE: Final = sa.delete(customer_note).where(customer_note.c.id == id_("note"))
_MOVE_NOTES: Final = (
    sa.update(customer_note).where(customer_note.c.customer_id == id_("of")).values(customer_id=id_("to"))
)


def note(conn: Connection, of: UUID, note_id: UUID) -> Note | None:
    """A note of this customer's."""
    row = conn.execute(_ONE_NOTE, {"of": of, "note": note_id}).one_or_none()
    return None if row is None else Note(*row)


def notes(conn: Connection, of: UUID, before: UUID | None, most: int) -> list[Note]:
    """What was written about a customer, the newest first."""
    return [Note(*row) for row in conn.execute(_NOTES, {"of": of, "before": before, "most": most})]


def add_note(conn: Connection, row: Mapping[str, Any]) -> None:
    """Keeps a note."""
    conn.execute(_ADD_NOTE, row)


def change_note(conn: Connection, note_id: UUID, text: str, now: datetime, who: str) -> None:
    """What a note says from now on."""
    conn.execute(_SET_NOTE, {"note": note_id, "new_text": text, "now": now, "who": who})


def drop_note(conn: Connection, note_id: UUID) -> None:
    """Takes a note away."""
    conn.execute(_DROP_NOTE, {"note": note_id})


def move_notes(conn: Connection, of: UUID, to: UUID) -> None:
    """What was written about one customer is about another one."""
    conn.execute(_MOVE_NOTES, {"of": of, "to": to})
