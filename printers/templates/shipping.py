"""Why: our own carton label: who it is for is read from three metres, the SSCC by any scanner on any dock.

A carrier's own label is printed as the carrier sent it; this one is for carriers that take ours, and for the
dock. Layout after GS1 Logistic Label Guideline: text on top, the SSCC in the lowest block, bars at least 32
mm high.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from printers.label import Barcode, Label, Line, Text
from printers.profiles import PrinterProfile
from printers.symbologies import Code128, Gs1128
from printers.templates.common import largest_height, widest_module

MARGIN_MM: Final = 4.0
SSCC_BARS_MM: Final = 33.0
SSCC_MODULE_MM: Final = 0.5
SSCC_CAPTION_MM: Final = 4.0
SERVICE_MM: Final = (4.5, 4.0, 3.5, 3.0, 2.8)
"""Letter heights of the service's name, largest first; at the last one it has two lines."""


class Size(Enum):
    """Stock that a carton label is made for: width and height in mm."""

    FOUR_BY_SIX = (101.6, 152.4)
    A6 = (105.0, 148.0)


@dataclass(frozen=True)
class Address:
    """A place as it is printed.

    Name, street lines, "postcode city" (or as the country writes it), country.
    """

    name: str
    street: tuple[str, ...]
    city: str
    country: str = ""


@dataclass(frozen=True)
class Carton:
    """What a carton label says. `sscc` has 18 digits; `number` is the carton's of the order, of `count` where known."""

    sender: Address
    receiver: Address
    order_number: str
    carrier: str
    service: str
    routing: str
    tracking: str
    sscc: str
    number: int = 1
    count: int | None = None


def carton_label(profile: PrinterProfile, carton: Carton, size: Size = Size.FOUR_BY_SIX) -> Label:
    """The label of one carton.

    Raises BadSymbol or DoesNotFit; ask `unprintable()` before printing an address.
    """
    label = Label(profile, *size.value)
    for part in (_sender, _receiver, _routing, _order, _tracking, _sscc):
        part(label, carton)
    return label


def _sender(label: Label, carton: Carton) -> None:
    sender = carton.sender
    text = ", ".join(each for each in (sender.name, *sender.street, sender.city, sender.country) if each)
    label.add(Text(MARGIN_MM, 4, "From", 2.5), Text(14, 4, text, 2.5, _room(label) - 10, lines=3))
    _rule(label, 13)


def _receiver(label: Label, carton: Carton) -> None:
    receiver, room = carton.receiver, _room(label)
    street = ", ".join(each for each in receiver.street if each)
    place = ", ".join(each for each in (receiver.city, receiver.country) if each)
    label.add(
        Text(MARGIN_MM, 15, "To", 2.5),
        Text(MARGIN_MM, 19, receiver.name, 6.5, room, lines=2),
        Text(MARGIN_MM, 33, street, 5, room, lines=3),
        Text(MARGIN_MM, 49, place, largest_height(label, place, room, (7, 6)), room, lines=2),
    )
    _rule(label, 63.5)


def _routing(label: Label, carton: Carton) -> None:
    half = _room(label) / 2
    height = largest_height(label, carton.routing, half, (11, 8, 5.5))
    carrier = largest_height(label, carton.carrier, half - 2, (5.5, 4.5, 3.5))
    service = largest_height(label, carton.service, half - 2, SERVICE_MM)
    lines = 2 if service == SERVICE_MM[-1] else 1
    label.add(
        Text(MARGIN_MM, 65, carton.carrier, carrier, half - 2),
        Text(MARGIN_MM, 71, carton.service, service, half - 2, lines=lines),
        Text(MARGIN_MM + half, 65, carton.routing, height, half, align="right", whole=True),
    )
    _rule(label, 77)


def _order(label: Label, carton: Carton) -> None:
    room = _room(label)
    label.add(
        Text(MARGIN_MM, 78, f"Order {carton.order_number}", 4, room * 0.7),
        Text(MARGIN_MM, 78, _which(carton), 4, room, align="right", whole=True),
    )


def _which(carton: Carton) -> str:
    return f"Carton {carton.number}" if carton.count is None else f"{carton.number} / {carton.count}"


def _tracking(label: Label, carton: Carton) -> None:
    symbol = Code128(carton.tracking)
    module = widest_module(label, symbol)
    label.add(Barcode(symbol, y_mm=83.5, height_mm=13, module_mm=module, caption_mm=3.2))
    _rule(label, 102.5)


def _sscc(label: Label, carton: Carton) -> None:
    bottom = label.height_mm - 3
    top = bottom - SSCC_CAPTION_MM - 1.2 - SSCC_BARS_MM
    label.add(
        Barcode(
            Gs1128((("00", carton.sscc),)),
            y_mm=top,
            height_mm=SSCC_BARS_MM,
            module_mm=SSCC_MODULE_MM,
            caption_mm=SSCC_CAPTION_MM,
        )
    )


def _room(label: Label) -> float:
    return label.page.width / label.profile.dots_per_mm - 2 * MARGIN_MM


def _rule(label: Label, y_mm: float) -> None:
    label.add(Line(MARGIN_MM, y_mm, _room(label)))
