"""Why: whoever orders is found again, by mail, else by phone; what the desk knows of them is kept in one place.

A capture asks one indexed question. Who gives neither is nobody's customer: the order alone knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from server.core.editions import unchanged
from server.core.events import Event
from server.core.refusal import Fault, Refusal
from server.customers import rules, store
from server.customers.schemas import (
    Customer,
    CustomerList,
    CustomerPage,
    Merge,
    Note,
    NoteList,
    PutCustomer,
    PutNote,
)
from server.customers.store import Connection
from server.db.base import CORE
from server.db.work import Work

Section = Callable[[Connection, UUID], Any]
"""What a later room knows of the customer with this id, as something that becomes JSON."""
NOTES: Final = 20
"""So many notes stand on a customer's page; older ones are asked for."""


# --- whoever orders ------------------------------------------------------------------------------------------------


class Buyer(NamedTuple):
    """Who ordered, as an order says it; `country` is where their phone number was dialled."""

    name: str
    email: str
    phone: str
    country: str
    language: str


class Known(NamedTuple):
    """A buyer's customer; `new`: they never ordered before."""

    id: UUID
    new: bool


class Joins(NamedTuple):
    """A buyer who is a customer from now on."""

    id: UUID
    buyer: Buyer


Key = tuple[str, str]
"""What a buyer is known by: their mail address, else their phone number."""


def key_of(buyer: Buyer) -> Key | None:
    """By what a buyer is known; None for who gives neither mail nor phone."""
    if email := rules.mail(buyer.email):
        return "email", email
    phone = rules.e164(buyer.phone, buyer.country)
    return None if phone is None else ("phone", phone)


def known_of(conn: Connection, keys: Iterable[Key | None]) -> dict[Key, UUID]:
    """The customers that are known by these keys already; mail addresses, however many, in one question."""
    asked = {key for key in keys if key is not None}
    emails = [said for kind, said in asked if kind == "email"]
    found: dict[Key, UUID] = {("email", email): each for email, each in store.by_emails(conn, emails).items()}
    for kind, said in asked:
        if kind == "phone" and (customer_id := _dialled(store.by_phone(conn, said))) is not None:
            found[kind, said] = customer_id
    return found


def _dialled(found: Sequence[store.Dialled]) -> UUID | None:
    """Whom a number means: who is known by nothing else, or the only one who has it; of several nobody is guessed."""
    if found and (found[0].email is None or len(found) == 1):
        return found[0].id
    return None


def found_or_made(work: Work, buyer: Buyer) -> Known | None:
    """The customer of a buyer, made where there is none yet; None for who gives neither mail nor phone. Stream 0."""
    key = key_of(buyer)
    if key is None:
        return None
    found = known_of(work.conn, [key]).get(key)
    if found is not None:
        return Known(found, new=False)
    joins = Joins(work.new_id(), buyer)
    keep(work, [joins])
    return Known(joins.id, new=True)


def keep(work: Work, joining: Sequence[Joins]) -> None:
    """New customers, for whoever knows that there are none yet with these keys. Stream 0."""
    rows = [_row(work, each) for each in joining]
    terms = {row["id"]: sorted(rules.terms(row["name"], row["email"], row["phone"])) for row in rows}
    store.add(work.conn, rows, terms)


def _row(work: Work, joins: Joins) -> dict[str, Any]:
    buyer = joins.buyer
    email = rules.mail(buyer.email) or None
    return {
        "id": joins.id, "name": buyer.name, "email": email, "phone": rules.e164(buyer.phone, buyer.country),
        "language": buyer.language, "wish": rules.first_wish(email), "created_at": work.now,
    }  # fmt: skip


# --- looking -------------------------------------------------------------------------------------------------------


def one(conn: Connection, customer_id: UUID) -> Customer:
    """A customer; refuses `customer_unknown`."""
    found = store.by_id(conn, customer_id)
    if found is None:
        raise Refusal("customer_unknown")
    return found


def page(conn: Connection, customer_id: UUID, sections: Mapping[str, Section]) -> CustomerPage:
    """Everything about a customer; refuses `customer_unknown`. Read it inside one snapshot."""
    found = one(conn, customer_id)
    written = notes(conn, customer_id, None, NOTES)
    more = {name: section(conn, customer_id) for name, section in sections.items()}
    return CustomerPage(found, written.items, written.next, more)


def listed(conn: Connection, text: str, before: UUID | None, most: int) -> CustomerList:
    """Customers that are found by this text (an empty one: all), the newest first."""
    words = rules.asked(text)
    if text.strip() and not any(words):
        return CustomerList([], None)
    found = store.page(conn, [each for each in words if each], before, most + 1)
    return CustomerList(found[:most], found[most - 1].id if len(found) > most else None)


def notes(conn: Connection, customer_id: UUID, before: UUID | None, most: int) -> NoteList:
    """What was written about a customer, the newest first."""
    found = store.notes(conn, customer_id, before, most + 1)
    return NoteList(found[:most], found[most - 1].id if len(found) > most else None)


def notes_of(conn: Connection, customer_id: UUID, before: UUID | None, most: int) -> NoteList:
    """The same for whoever does not know whether there is such a customer; refuses `customer_unknown`."""
    one(conn, customer_id)
    return notes(conn, customer_id, before, most)


# --- changing ------------------------------------------------------------------------------------------------------


def change(work: Work, customer_id: UUID, new: PutCustomer) -> Customer:
    """What is known of a customer from now on. Stream 0.

    Refuses `customer_unknown`, `changed_meanwhile`, `invalid`, and `customer_taken` for a mail address of another one.
    """
    unchanged(new.edition, one(work.conn, customer_id))
    if wrong := tuple(rules.faults(new)):
        raise Refusal("invalid", *wrong, count=len(wrong))
    email, phone = rules.mail(new.email) or None, rules.e164(new.phone, None)
    _refuse_taken(work.conn, customer_id, email, phone)
    name = new.name.strip()
    row = {"name": name, "email": email, "phone": phone, "language": new.language, "wish": new.wish}
    store.change(work.conn, customer_id, row, sorted(rules.terms(name, email, phone)))
    return one(work.conn, customer_id)


def _refuse_taken(conn: Connection, customer_id: UUID, email: str | None, phone: str | None) -> None:
    """Two customers are not known by the same: neither by a mail address, nor by a number and nothing else."""
    if email is not None:
        taken, field, got = store.by_email(conn, email), "email", email
    else:
        alone = [each.id for each in store.by_phone(conn, phone or "") if each.email is None]
        taken, field, got = next((each for each in alone if each != customer_id), None), "phone", phone or ""
    if taken not in (None, customer_id):
        raise Refusal("customer_taken", Fault(field, "Another customer is known by it.", "another one", got), got=got)


def merge(work: Work, customer_id: UUID, said: Merge) -> Customer:
    """Another customer turns out to be this one: what later rooms keep of them comes over, and they are gone.

    `customer.merged` tells the rooms above, in this unit; one of them may refuse. Stream 0.
    """
    kept = one(work.conn, customer_id)
    unchanged(said.edition, kept)
    if said.other == customer_id:
        fault = Fault("other", "A customer cannot be merged with themselves.", "another customer", str(said.other))
        raise Refusal("invalid", fault, count=1)
    one(work.conn, said.other)
    store.move_notes(work.conn, said.other, customer_id)
    work.emit("customer.merged", stream=CORE, customer=customer_id, other=said.other)
    return kept


def on_customer_merged(work: Work, event: Event) -> None:
    """Same-transaction reaction to `customer.merged`, the last of all: nothing names the other one any more."""
    store.drop(work.conn, event.payload["other"])


# --- notes ---------------------------------------------------------------------------------------------------------


def add_note(work: Work, customer_id: UUID, new: PutNote) -> Note:
    """Writes something down about a customer. Stream 0. Refuses `customer_unknown` and `invalid`."""
    one(work.conn, customer_id)
    _check(new)
    note_id = work.new_id()
    store.add_note(work.conn, {
        "id": note_id, "customer_id": customer_id, "at": work.now, "by": work.actor.name, "text": new.text.strip(),
    })  # fmt: skip
    return _note(work.conn, customer_id, note_id)


def change_note(work: Work, customer_id: UUID, note_id: UUID, new: PutNote) -> Note:
    """Writes it otherwise. Stream 0. Refuses `note_unknown`, `changed_meanwhile` and `invalid`."""
    unchanged(new.edition, _note(work.conn, customer_id, note_id))
    _check(new)
    store.change_note(work.conn, note_id, new.text.strip(), work.now, work.actor.name)
    return _note(work.conn, customer_id, note_id)


def drop_note(work: Work, customer_id: UUID, note_id: UUID) -> None:
    """Takes a note away. Stream 0. Refuses `note_unknown`."""
    _note(work.conn, customer_id, note_id)
    store.drop_note(work.conn, note_id)


def _check(new: PutNote) -> None:
    if wrong := tuple(rules.note_faults(new.text)):
        raise Refusal("invalid", *wrong, count=len(wrong))


def _note(conn: Connection, customer_id: UUID, note_id: UUID) -> Note:
    found = store.note(conn, customer_id, note_id)
    if found is None:
        raise Refusal("note_unknown")
    return found
