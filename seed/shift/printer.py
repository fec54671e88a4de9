"""Why: a printer runs out of paper, and somebody has to see it, fetch a roll and load it.

A demo's printer is virtual; its page, of which the warehouse knows the address, is what a hand on a real one is: there
it fails, there it is mended, and there one sees what came out.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import httpx

FAULTS: Final[Mapping[str, str]] = {"paper_out": "paper-out", "print_lost": "drop-after"}
"""Mistake → what is then wrong with the printer (`printers/virtual/faults.py`)."""
LABELS_LOOKED_AT: Final = 12


@dataclass
class PrinterAtHand:
    """The printer of a station, and whoever stands before it. One that is real has no page: it never fails here."""

    http: httpx.AsyncClient
    where: Callable[[], Awaitable[str | None]]
    """Its page: another one when the server was started anew."""
    fault: str | None = None
    """The mistake that it suffers from."""

    async def suffer(self, mistake: str) -> bool:
        """From now on something is wrong with it; whether that could be."""
        if self.fault is not None or not await self._set(FAULTS[mistake]):
            return False
        self.fault = mistake
        return True

    async def mend(self) -> None:
        """All is well again."""
        if self.fault is not None:
            await self._set(None)
            self.fault = None

    async def came_out(self, sscc: str) -> bool:
        """Whether a label with this number lies in its tray; looks at the newest ones."""
        page = await self._page()
        if page is None:
            return False
        try:
            journal = (await self.http.get(f"{page}/journal.json")).json()
            for label in reversed(journal["labels"][-LABELS_LOOKED_AT:]):
                zpl = (await self.http.get(f"{page}{label['address']}")).content
                if sscc in re.sub(rb">[8;]", b"", zpl).decode("utf-8", "replace"):
                    return True
        except httpx.TransportError:
            pass  # it is being started anew
        return False

    async def _page(self) -> str | None:
        page = await self.where()
        return None if page is None else page.rstrip("/")

    async def _set(self, fault: str | None) -> bool:
        page = await self._page()
        if page is None:
            return False
        try:
            return (await self.http.post(f"{page}/fault", json={"fault": fault})).is_success
        except httpx.TransportError:
            return False
