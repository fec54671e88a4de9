"""Why: a command says who scanned by its upload ticket; names are looked up once, tickets are proved in the unit."""

from __future__ import annotations

from uuid import UUID

from server.auth import service as auth
from server.auth.tickets import Ticket, claimed
from server.db.database import Database
from server.db.work import Actor, Work
from server.tasks.floor import Device, unknown
from server.tasks.store import people


class UploadTickets:
    """Reads upload tickets for the floor desk. One a process; it keeps the names of those who scan."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._names: dict[UUID, str] = {}

    async def actor(self, text: str, device: Device) -> Actor:
        """Whom the ticket names, unproved; somebody unknown at this device where it names nobody."""
        ticket = claimed(text)
        if ticket is None:
            return unknown(device)
        name = self._names.get(ticket.person)
        if name is None:
            name = await self._db.read(lambda conn: people.name_of(conn, ticket.person))
            self._names[ticket.person] = name
        return Actor(person=ticket.person, device=device.id, name=name, warehouse=device.warehouse)

    def trouble(self, work: Work, text: str, device: Device, permission: str) -> str | None:
        """Why the ticket does not count for this permission, as a code of `core.words`; None when it does."""
        ticket = auth.read_ticket(work, text, permission)
        if not isinstance(ticket, Ticket):
            return f"ticket_{ticket.why}"
        if ticket.device != device.id or ticket.warehouse != device.warehouse:
            return "ticket_another_device"
        return None
