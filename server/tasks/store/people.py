"""Why: who has a tour is called by name, and whoever is given one must work here."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from server.auth.models import person
from server.db.binds import id_

_PERSON_NAME: Final = sa.select(person.c.name).where(person.c.id == id_("person"))


def name_of(conn: sa.Connection, person_id: UUID | None) -> str:
    """What to call someone in an answer."""
    return conn.execute(_PERSON_NAME, {"person": person_id}).scalar_one_or_none() or "?"


class Worker(NamedTuple):
    """Whether somebody works here, where, and as what."""

    active: bool
    warehouse: int | None
    roles: tuple[str, ...]


_WORKER: Final = sa.select(person.c.active, person.c.warehouse_id, person.c.roles).where(person.c.id == id_("person"))


def worker(conn: sa.Connection, person_id: UUID) -> Worker | None:
    """A person by id."""
    row = conn.execute(_WORKER, {"person": person_id}).one_or_none()
    return None if row is None else Worker(row[0], row[1], tuple(row[2]))
