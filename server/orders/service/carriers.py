"""Why: customers choose among the services that are known here."""

from __future__ import annotations

import msgspec

from server.core.editions import unchanged
from server.db.work import Work
from server.orders.schemas.services import NewService
from server.orders.store import carriers


def put_service(work: Work, new: NewService) -> str:
    """Makes a carrier's service that customers may choose, or replaces it."""
    known = next((each for each in carriers.every(work.conn) if each.code == new.code), None)
    unchanged(new.edition, known)
    row = msgspec.structs.asdict(new)
    code, _ = row.pop("code"), row.pop("edition")
    carriers.put(work.conn, code, row, known is not None)
    return new.code
