"""Why: our own carton label is drawn from facts alone, for the printer it will come out of. Pure."""

from __future__ import annotations

from typing import Any, Final

from printers.profiles import PrinterProfile, profile_named
from printers.templates.shipping import Address, Size, carton_label
from printers.templates.shipping import Carton as Printed
from server.shipping.port import Booked
from server.shipping.store import Carton, Ways

WITHOUT_PRINTER: Final = "virtual"
"""The profile of a label that nobody prints yet: it is still shown on the screen."""


def draw(carton: Carton, to: Ways, booked: Booked) -> bytes:
    """The ZPL of a carton's label, for the printer of its station."""
    profile: PrinterProfile = profile_named(carton.profile or WITHOUT_PRINTER)
    label = carton_label(
        profile,
        Printed(
            sender=address(to.sender, to.sender_name),
            receiver=address(to.receiver, str(to.customer.get("name", ""))),
            order_number=str(carton.order_number),
            carrier=to.carrier,
            service=to.service_name,
            routing=booked.routing,
            tracking=booked.tracking,
            sscc=carton.sscc,
            number=carton.number,  # how many there will be is known with the last one, when this one is long printed
        ),
        Size.FOUR_BY_SIX,
    )
    return label.zpl()


def address(fields: dict[str, Any], name: str) -> Address:
    """An address as it is written on paper."""
    street = tuple(part for part in (fields.get("company"), fields.get("street")) if part)
    city = f"{fields.get('postal_code', '')} {fields.get('city', '')}".strip()
    return Address(fields.get("name") or name, street, city, fields.get("country", ""))
