"""Why: customers choose among the services that are known here."""

from __future__ import annotations

import msgspec

from server.db.work import Work
from server.orders.schemas import NewService
from server.orders.store import carriers


def put_service(work: Work, new: NewService) -> str:
    """Makes a carrier's service that customers may choose, or replaces it."""
    known = any(row[0] == new.code for row in carriers.services(work.conn))
    row = msgspec.structs.asdict(new)
    code = row.pop("code")
    carriers.put(work.conn, code, row, known)
    return new.code
