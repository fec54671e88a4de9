"""Why: closing and reprinting are scans too; the floor desk takes them beside those of picking and packing."""

from __future__ import annotations

from typing import Final

from server.shipping import service
from server.shipping.schemas import CloseCarton, Reprint
from server.tasks.floor import Kind

KINDS: Final[dict[str, Kind]] = {
    "pack.close": Kind(CloseCarton, service.close_carton, fact=False, permission="pack.work"),
    "pack.reprint": Kind(Reprint, service.reprint, fact=False, permission="pack.work"),
}
