"""Why: a printer runs out of paper, and somebody has to see it, fetch a roll and load it.

A demo's printer is virtual; its page, of which the warehouse knows the address, is what a hand on a real one is: there
it fails, there it is mended, and there one sees what came out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    page: str | None
    fault: str | None = None
    """The mistake that it suffers from."""

    async def suffer(self, mistake: str) -> bool:
        """From now on something is wrong with it; whether that could be."""
        if self.page is None or self.fault is not None:
            return False
        self.fault = mistake
        await self._set(FAULTS[mistake])
        return True

    async def mend(self) -> None:
        """All is well again."""
        self.fault = None
        await self._set(None)

    async def came_out(self, sscc: str) -> bool:
        """Whether a label with this number lies in its tray; looks at the newest ones."""
        if self.page is None:
            return False
        journal = (await self.http.get(f"{self._base}/journal.json")).json()
        for label in reversed(journal["labels"][-LABELS_LOOKED_AT:]):
            zpl = (await self.http.get(f"{self._base}{label['address']}")).content
            if sscc in re.sub(rb">[8;]", b"", zpl).decode("utf-8", "replace"):
                return True
        return False

    @property
    def _base(self) -> str:
        return (self.page or "").rstrip("/")

    async def _set(self, fault: str | None) -> None:
        if self.page is not None:
            (await self.http.post(f"{self._base}/fault", json={"fault": fault})).raise_for_status()
