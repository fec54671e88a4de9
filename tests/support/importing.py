"""A shop to which somebody brings files, whose importer works in the test's own process, step by step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.integrations.files import Files
from server.integrations.importer import Importer
from server.integrations.kinds import KINDS
from server.integrations.schemas.imports import ImportView
from server.integrations.service import imports as service
from tests.support.shop import DESK, Shop

HEADER = "reference,sku,quantity,price,currency,name,street,postal_code,city,country,service,payment"
REST = "EUR,Ana,Lindenweg 4,50667,Köln,DE,nordpost-parcel,prepaid"


def order_rows(*rows: str) -> str:
    """A file of orders; of each row reference, SKU, quantity and price are given."""
    return "\n".join((HEADER, *(f"{row},{REST}" for row in rows)))


@dataclass
class Desk:
    """Brings files in and looks at what they came to."""

    shop: Shop
    importer: Importer
    files: Files

    async def bring(self, kind: str, text: str | bytes, **asked: Any) -> UUID:
        """Brings a file in; nobody works on it yet."""
        data = text.encode() if isinstance(text, str) else text

        async def pieces() -> AsyncIterator[bytes]:
            for at in range(0, len(data), 1000):
                yield data[at : at + 1000]

        return await self.importer.bring_in(kind, 1, pieces(), DESK, **asked)

    async def check(self, kind: str, text: str | bytes, **asked: Any) -> ImportView:
        """Brings a file in and has it worked on as far as it goes."""
        import_id = await self.bring(kind, text, **asked)
        await self.importer.work_on(import_id)
        return await self.view(import_id)

    async def run(self, kind: str, text: str | bytes, **asked: Any) -> ImportView:
        """The same, to its end."""
        return await self.check(kind, text, start_at_once=True, skip_faults=True, **asked)

    async def view(self, import_id: UUID) -> ImportView:
        """As a screen shows it."""
        return await self.shop.db.read(lambda conn: service.view(conn, import_id, frozenset(KINDS), "en"))

    async def skipped(self, import_id: UUID) -> list[tuple[int, str]]:
        """Row and reason of each row that was left out as known."""
        found = await self.shop.db.read(lambda conn: service.skipped_list(conn, import_id, 0, 100, "en"))
        return [(each.row, each.why) for each in found.items]

    async def faults(self, import_id: UUID) -> list[tuple[int, str, str]]:
        """Row, column and code of each fault."""
        found = await self.shop.db.read(lambda conn: service.fault_list(conn, import_id, 0, 100, "en"))
        return [(each.row, each.column, each.code) for each in found.items]
