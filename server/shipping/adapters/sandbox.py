"""Why: a carrier to try with. It is deterministic: the same parcel has the same tracking number, today and tomorrow.

It refuses what its rules name, so that a refusal can be seen: no postal code, or a street called `REFUSE`.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from server.core.barcodes import check_digit
from server.shipping.port import Booked, CarrierRefused, Parcel

DIGITS: Final = 12
REFUSED: Final = "REFUSE"


class SandboxCarrier:
    """Books at once, forgets nothing within a process, and needs no memory to give the same answer again."""

    def __init__(self) -> None:
        self.voided: set[UUID] = set()

    async def book(self, parcel: Parcel) -> Booked | CarrierRefused:
        """The parcel's tracking number: two letters of the service, twelve digits of the key, a check digit."""
        if not parcel.receiver.get("postal_code"):
            return CarrierRefused("The postal code is missing.")
        if parcel.receiver.get("street", "").upper().startswith(REFUSED):
            return CarrierRefused("This address is not served.")
        digits = str(parcel.key.int % 10**DIGITS).zfill(DIGITS)
        letters = "".join(char for char in parcel.service.upper() if char.isalpha())[:2].ljust(2, "X")
        routing = f"{parcel.receiver['country']} {parcel.receiver['postal_code'][:2]}"
        return Booked(f"{letters}{digits}{check_digit(digits)}", routing)

    async def void(self, key: UUID) -> None:
        """Remembers that the parcel will not come."""
        self.voided.add(key)
