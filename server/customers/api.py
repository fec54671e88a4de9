"""Why: the desk finds a customer by whatever they say of themselves, sees all of them, and keeps it right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Final, TypeVar
from uuid import UUID

from litestar import Router, delete, get, post, put
from litestar.datastructures import State
from litestar.params import JSONBody, PathParameter, QueryParameter

from server.auth.guards import ByActor, Db
from server.customers import service
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
from server.customers.service import Section
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work

T = TypeVar("T")

MOST: Final = 200
READ: Final = {"permission": "customers.read"}
EDIT: Final = {"permission": "customers.edit"}

CustomerId = Annotated[UUID, PathParameter(description="The customer's id.")]
NoteId = Annotated[UUID, PathParameter(description="The note's id.")]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many at most.")]
After = Annotated[UUID | None, QueryParameter(description="The `next` of the page before.")]


@get("/", opt=READ, summary="Customers")
async def customers(
    db: Db,
    limit: Limit = 50,
    after: After = None,
    text: Annotated[
        str | None,
        QueryParameter(
            name="q",
            max_length=100,
            description="Name, mail address or phone number; beginnings do.",
        ),
    ] = None,
) -> CustomerList:
    """Customers, the newest first, a page at a time; found by name, mail or phone."""
    return await db.read(partial(service.listed, text=text or "", before=after, most=limit))


@get("/{customer:uuid}", opt=READ, summary="Customer")
async def customer_page(state: State, db: Db, customer: CustomerId) -> CustomerPage:
    """Who it is, what was written about them, and what the rooms know: orders and their value, what they owe."""
    sections: Mapping[str, Section] = state.get("customer_sections", {})
    return await db.snapshot(partial(service.page, customer_id=customer, sections=sections))


@put("/{customer:uuid}", opt=EDIT, summary="Change a customer")
async def change(db: Db, actor: ByActor, customer: CustomerId, data: JSONBody[PutCustomer]) -> Customer:
    """Name, mail, phone, language, and how they want to be told. Orders keep what they were given."""
    return await _write(db, actor, "customers.change", partial(service.change, customer_id=customer, new=data))


@post("/{customer:uuid}/merge", opt=EDIT, status_code=200, summary="Merge two customers")
async def merge(db: Db, actor: ByActor, customer: CustomerId, data: JSONBody[Merge]) -> Customer:
    """Orders and notes of the other one come over, and the other one is gone. This cannot be taken back."""
    return await _write(db, actor, "customers.merge", partial(service.merge, customer_id=customer, said=data))


@get("/{customer:uuid}/notes", opt=READ, summary="A customer's notes")
async def notes(db: Db, customer: CustomerId, limit: Limit = 50, after: After = None) -> NoteList:
    """What was written about a customer, the newest first."""
    return await db.snapshot(partial(service.notes_of, customer_id=customer, before=after, most=limit))


@post("/{customer:uuid}/notes", opt=EDIT, summary="Write a note")
async def add_note(db: Db, actor: ByActor, customer: CustomerId, data: JSONBody[PutNote]) -> Note:
    """Something to know about a customer, with who wrote it and when."""
    return await _write(db, actor, "customers.add_note", partial(service.add_note, customer_id=customer, new=data))


@put("/{customer:uuid}/notes/{note:uuid}", opt=EDIT, summary="Change a note")
async def change_note(db: Db, actor: ByActor, customer: CustomerId, note: NoteId, data: JSONBody[PutNote]) -> Note:
    """Says it otherwise; who changed it stands beside who wrote it."""
    run = partial(service.change_note, customer_id=customer, note_id=note, new=data)
    return await _write(db, actor, "customers.change_note", run)


@delete("/{customer:uuid}/notes/{note:uuid}", opt=EDIT, summary="Take a note away")
async def drop_note(db: Db, actor: ByActor, customer: CustomerId, note: NoteId) -> None:
    """It is gone."""
    await _write(db, actor, "customers.drop_note", partial(service.drop_note, customer_id=customer, note_id=note))


async def _write(db: Database, actor: Actor, name: str, run: Callable[[Work], T]) -> T:
    return (await db.write(Command(run, frozenset({CORE}), actor, name))).answer


router: Final = Router(
    "/api/customers",
    route_handlers=[customers, customer_page, change, merge, notes, add_note, change_note, drop_note],
    tags=["Customers"],
)
