"""Prints the demo warehouse on paper: everything that a scanner can read, so that one can work without a shelf.

It exists so that anyone with a printer and a scanner (or a phone) can pick and pack from paper. `sheets()` gives one
A4 PDF. Bars are vector rectangles from zxing-cpp's encoder, black on white, each in its quiet zone.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Final, NamedTuple, TypeVar, cast

import zxingcpp
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from seed.goods import GROUPS
from seed.model import Bin, Cart, Demo, Item, Person
from seed.pictures import HEIGHT, SHAPES, WIDTH, Colours, fill, path_steps
from server.core.barcodes import command

T = TypeVar("T")

INK: Final = "#0e1620"
SOFT: Final = "#4b5a6a"
LINE: Final = "#dde3ea"
ACCENT: Final = "#1f62d9"
BOLD: Final = "Helvetica-Bold"
PLAIN: Final = "Helvetica"

MARGIN: Final = 12 * mm
HEAD: Final = 24 * mm
GAP: Final = 2 * mm

CODE_128: Final = zxingcpp.BarcodeFormat.Code128
EAN_13: Final = zxingcpp.BarcodeFormat.EAN13
ITF_14: Final = zxingcpp.BarcodeFormat.ITF
QUIET: Final = 10  # modules left and right of the bars that stay white
WIDEST: Final = 0.42 * mm  # a module; wider ones only cost paper
NARROWEST: Final = 0.24 * mm  # below it a 300 dpi office printer blurs the bars

# Name as in `%CMD:NAME:`, what it does, the same in German.
COMMANDS: Final = (
    ("DONE", "Done with this stop", "Mit diesem Halt fertig"),
    ("SHORT", "Not enough in the bin", "Zu wenig im Fach"),
    ("DAMAGED", "This one is damaged", "Dieses ist beschädigt"),
    ("SKIP", "Come back to this stop later", "Später wiederkommen"),
    ("UNDO", "Take back the last scan", "Letzten Scan zurücknehmen"),
    ("FULL", "The tote is full", "Die Wanne ist voll"),
    ("YES", "Yes", "Ja"),
    ("NO", "No", "Nein"),
    ("CLOSE", "Close the carton", "Karton schließen"),
    ("NEW_CARTON", "Take another carton", "Neuen Karton nehmen"),
    ("REPRINT", "Print the label again", "Etikett noch einmal drucken"),
    ("HELP", "Call the supervisor", "Hilfe rufen"),
)


class Sign(NamedTuple):
    """How a cart's slot is told, as number, colour and shape: the corners of a polygon, 0 for a circle."""

    colour: str
    corners: int
    on_edge: bool = True


# Slots 1 … 6: circle, triangle, square, diamond, pentagon, hexagon in the light theme's slot colours.
SIGNS: Final = (
    Sign("#d95f0e", 0),
    Sign("#0077b6", 3),
    Sign("#7b3fe4", 4),
    Sign("#b8860b", 4, on_edge=False),
    Sign("#1e8a4c", 5),
    Sign("#c2307c", 6),
)


class Box(NamedTuple):
    """A rectangle on the page in points, (x, y) its lower left corner."""

    x: float
    y: float
    width: float
    height: float


class Sheet:
    """The PDF in the making: pages with a head and a foot, text, bars, pictures."""

    def __init__(self, data: Demo) -> None:
        self._file = io.BytesIO()
        self._canvas = Canvas(self._file, pagesize=A4, invariant=1, pageCompression=1)
        self._canvas.setTitle(f"{data.warehouse.name}: sheets to scan from")
        self._canvas.setAuthor("Pickwave")
        self._foot = f"Pickwave · {data.warehouse.name} · print at 100 %"
        self._pages = 0

    def grid(
        self, title: str, note: str, things: Sequence[T], across: int, down: int, draw: Callable[[Sheet, Box, T], None]
    ) -> None:
        """The things as framed cells, `across` × `down` on a page, row by row, on as many pages as they need."""
        width = (A4[0] - 2 * MARGIN - (across - 1) * GAP) / across
        height = (A4[1] - MARGIN - HEAD - (down - 1) * GAP) / down
        for first in range(0, len(things), across * down):
            self._page(title, note)
            for place, thing in enumerate(things[first : first + across * down]):
                row, column = divmod(place, across)
                x = MARGIN + column * (width + GAP)
                y = A4[1] - HEAD - height - row * (height + GAP)
                self._frame(Box(x, y, width, height))
                draw(self, Box(x, y, width, height), thing)

    def _page(self, title: str, note: str) -> None:
        if self._pages:
            self._canvas.showPage()
        self._pages += 1
        top = A4[1] - 15 * mm
        self.text(MARGIN, top, title, 17, font=BOLD, width=A4[0] - 3 * MARGIN - stringWidth(note, PLAIN, 9))
        self.text(A4[0] - MARGIN, top, note, 9, colour=SOFT, align=1)
        self._canvas.bookmarkPage(str(self._pages))
        self._canvas.addOutlineEntry(title, str(self._pages), level=0)
        self.text(MARGIN, 6 * mm, self._foot, 7, colour=SOFT)
        self.text(A4[0] - MARGIN, 6 * mm, str(self._pages), 7, colour=SOFT, align=1)

    def _frame(self, box: Box) -> None:
        self._canvas.setStrokeColor(HexColor(LINE))
        self._canvas.setLineWidth(0.6)
        self._canvas.roundRect(*box, 2 * mm, stroke=1, fill=0)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        font: str = PLAIN,
        colour: str = INK,
        align: float = 0,
        width: float | None = None,
    ) -> None:
        """One line with its base at y; `align` 0 left, ½ centred, 1 right of x; smaller where wider than `width`."""
        while width is not None and stringWidth(text, font, size) > width:
            size -= 0.25
        self._canvas.setFillColor(HexColor(colour))
        self._canvas.setFont(font, size)
        self._canvas.drawString(x - align * stringWidth(text, font, size), y, text)

    def bars(self, symbology: zxingcpp.BarcodeFormat, text: str, box: Box) -> None:
        """The barcode centred in the box, quiet zones inside it. Raises ValueError where it would be too fine."""
        modules = bar_modules(symbology, text)
        module = min(WIDEST, box.width / (len(modules) + 2 * QUIET))
        if module < NARROWEST:
            raise ValueError(f"Expected at least {NARROWEST / mm:.2f} mm a bar, got {module / mm:.2f} for {text!r}.")
        left = box.x + (box.width - len(modules) * module) / 2
        path = self._canvas.beginPath()
        at = 0
        for black, run in groupby(modules):
            length = sum(1 for _ in run)
            if black:
                path.rect(left + at * module, box.y, length * module, box.height)
            at += length
        self._canvas.setFillColorRGB(0, 0, 0)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def chip(self, box: Box, sign: Sign, label: str) -> None:
        """A cart slot's sign: shape, colour and number."""
        self._canvas.setFillColor(HexColor(sign.colour))
        self._canvas.roundRect(*box, 1.5 * mm, stroke=0, fill=1)
        centre, middle, radius = box.x + box.width * 0.32, box.y + box.height / 2, box.height * 0.27
        self._canvas.setFillColor(HexColor("#ffffff"))
        if sign.corners == 0:
            self._canvas.circle(centre, middle, radius, stroke=0, fill=1)
        else:
            self._polygon(centre, middle, radius * 1.15, sign)
        self.text(box.x + box.width * 0.76, middle - 4, label, 11, font=BOLD, colour="#ffffff", align=0.5)

    def _polygon(self, x: float, y: float, radius: float, sign: Sign) -> None:
        path = self._canvas.beginPath()
        for corner in range(sign.corners):
            angle = math.pi * (2 * corner + sign.on_edge) / sign.corners - math.pi / 2
            point = x + radius * math.cos(angle), y + radius * math.sin(angle)
            path.lineTo(*point) if corner else path.moveTo(*point)
        path.close()
        self._canvas.drawPath(path, stroke=0, fill=1)

    def picture(self, box: Box, item: Item) -> None:
        """The item's picture, as large as the box allows, standing on its bottom."""
        canvas = self._canvas
        scale = min(box.width / WIDTH, box.height / HEIGHT)
        canvas.saveState()
        canvas.translate(box.x + (box.width - WIDTH * scale) / 2, box.y + HEIGHT * scale)
        canvas.scale(scale, -scale)
        for part in SHAPES[item.picture]:
            colour = fill(part, Colours(item.body, item.cap, item.label))
            canvas.setFillColor(HexColor(colour[:7]))
            canvas.setFillAlpha(int(colour[7:] or "ff", 16) / 255)
            self._part(part.draw)
        canvas.restoreState()

    def _part(self, draw: str) -> None:
        kind, *numbers = draw.split()
        if kind == "r":
            x, y, width, height, radius = map(float, numbers)
            self._canvas.roundRect(x, y, width, height, min(radius, width / 2, height / 2), stroke=0, fill=1)
        elif kind == "c":
            x, y, radius = map(float, numbers)
            self._canvas.circle(x, y, radius, stroke=0, fill=1)
        else:
            self._path(draw)

    def _path(self, draw: str) -> None:
        path = self._canvas.beginPath()
        x = y = 0.0
        for letter, points in path_steps(draw):
            if letter == "Z":
                path.close()
                continue
            if letter == "Q":  # PDF knows cubic curves only
                cx, cy, ex, ey = points
                path.curveTo(
                    x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3, ex + (cx - ex) * 2 / 3, ey + (cy - ey) * 2 / 3, ex, ey
                )
            elif letter == "M":
                path.moveTo(*points)
            else:
                path.lineTo(*points)
            x, y = points[-2:]
        self._canvas.drawPath(path, stroke=0, fill=1)

    def finish(self) -> bytes:
        """The PDF."""
        self._canvas.save()
        return self._file.getvalue()


def bar_modules(symbology: zxingcpp.BarcodeFormat, text: str) -> tuple[bool, ...]:
    """The barcode's modules from left to right, True where black."""
    image = zxingcpp.create_barcode(text, symbology).to_image(scale=1, add_quiet_zones=False)
    height, *_ = image.shape
    pixels = memoryview(cast(Any, image)).tobytes()
    return tuple(value == 0 for value in pixels[: len(pixels) // height])


# --- sections ---------------------------------------------------------------------------------------------------


def sheets(data: Demo, sections: Iterable[str] | None = None) -> bytes:
    """The PDF of the named sections, in the order of SECTIONS; all of them by default. The same data, the same bytes.

    Raises ValueError for a section that does not exist.
    """
    wanted = set(SECTIONS if sections is None else sections)
    if unknown := wanted - set(SECTIONS):
        raise ValueError(f"Expected sections of {', '.join(SECTIONS)}, got {', '.join(sorted(unknown))}.")
    sheet = Sheet(data)
    for name, section in SECTIONS.items():
        if name in wanted:
            section(sheet, data)
    return sheet.finish()


def _commands(sheet: Sheet, data: Demo) -> None:
    sheet.grid("Commands · Befehle", "scan instead of pressing", COMMANDS, 2, 6, _command)


def _command(sheet: Sheet, box: Box, row: tuple[str, str, str]) -> None:
    name, english, german = row
    middle = box.x + box.width / 2
    sheet.text(middle, box.y + box.height - 9.5 * mm, name.replace("_", " "), 19, font=BOLD, align=0.5)
    sheet.bars(CODE_128, command(name), _strip(box, 13.5 * mm, 13 * mm))
    sheet.text(middle, box.y + 8.6 * mm, english, 10, align=0.5)
    sheet.text(middle, box.y + 4.2 * mm, german, 9, colour=SOFT, align=0.5)


def _badges(sheet: Sheet, data: Demo) -> None:
    sheet.grid("Badges · Ausweise", "PINs are printed because this is a demo", data.people, 2, 6, _badge)


def _badge(sheet: Sheet, box: Box, person: Person) -> None:
    left, top = box.x + 5 * mm, box.y + box.height
    sheet.text(left, top - 9 * mm, person.name, 16, font=BOLD, width=box.width - 34 * mm)
    sheet.text(left, top - 14.5 * mm, f"{', '.join(person.roles)} · {person.language}", 10, colour=SOFT)
    sheet.text(box.x + box.width - 5 * mm, top - 9 * mm, f"PIN {person.pin}", 10, colour=ACCENT, font=BOLD, align=1)
    sheet.bars(CODE_128, person.badge, _strip(box, 8.5 * mm, 18.5 * mm))
    sheet.text(box.x + box.width / 2, box.y + 4 * mm, person.badge, 9, colour=SOFT, align=0.5)


def _stations(sheet: Sheet, data: Demo) -> None:
    printers = {printer.code: printer.name for printer in data.printers}
    cards = [(station.name, printers[station.printer], station.barcode) for station in data.stations]
    cards += [
        (place.code, f"{place.kind} · check digits {place.check_digits}", f"B-{place.code}")
        for place in data.places
        if not place.nowhere
    ]
    sheet.grid("Stations and places · Plätze", "pack stations, receiving, staging, quarantine", cards, 2, 5, _card)


def _card(sheet: Sheet, box: Box, card: tuple[str, str, str]) -> None:
    name, note, barcode = card
    left, top = box.x + 5 * mm, box.y + box.height
    sheet.text(left, top - 11 * mm, name, 20, font=BOLD, width=box.width - 10 * mm)
    sheet.text(left, top - 17 * mm, note, 10, colour=SOFT)
    sheet.bars(CODE_128, barcode, _strip(box, 9 * mm, 20 * mm))
    sheet.text(box.x + box.width / 2, box.y + 4 * mm, barcode, 9, colour=SOFT, align=0.5)


def _carts(sheet: Sheet, data: Demo) -> None:
    sheet.grid("Carts · Wagen", "slots by number, colour and shape", data.carts, 2, 5, _cart)


def _cart(sheet: Sheet, box: Box, cart: Cart) -> None:
    sheet.text(box.x + 5 * mm, box.y + box.height - 12 * mm, cart.code, 24, font=BOLD)
    sheet.bars(CODE_128, cart.code, Box(box.x + 34 * mm, box.y + 21 * mm, box.width - 38 * mm, box.height - 27 * mm))
    width = (box.width - 10 * mm) / cart.slots
    for slot in range(cart.slots):
        chip = Box(box.x + 5 * mm + slot * width, box.y + 5 * mm, width - 1.2 * mm, 9 * mm)
        sheet.chip(chip, SIGNS[slot % len(SIGNS)], str(slot + 1))


def _totes(sheet: Sheet, data: Demo) -> None:
    sheet.grid("Totes · Wannen", "one on each short side", data.totes.codes, 3, 10, _tote)


def _tote(sheet: Sheet, box: Box, code: str) -> None:
    sheet.text(box.x + box.width / 2, box.y + box.height - 7.5 * mm, code, 17, font=BOLD, align=0.5)
    sheet.bars(CODE_128, code, _strip(box, 3 * mm, 11 * mm))


def _bins(sheet: Sheet, data: Demo) -> None:
    zones = {zone.code: zone for zone in data.zones}
    ordered = sorted(data.bins, key=lambda spot: (spot.aisle, spot.bay, spot.level))
    for aisle, bins in groupby(ordered, key=lambda spot: spot.aisle):
        own = list(bins)
        zone = zones[own[0].zone]
        title = f"Aisle {aisle} · {zone.name_en}"
        sheet.grid(title, "odd bays right, even bays left", own, len(zone.levels), 10, _bin)


def _bin(sheet: Sheet, box: Box, spot: Bin) -> None:
    code = f"{spot.aisle}·{spot.bay:02d}·{spot.level}"
    base = box.y + box.height - 7.5 * mm
    sheet.text(box.x + 4 * mm, base, code, 17, font=BOLD)
    sheet.text(box.x + box.width - 4 * mm, base, spot.check_digits, 17, colour=ACCENT, font=BOLD, align=1)
    sheet.bars(CODE_128, f"B-{spot.code}", _strip(box, 3 * mm, 11 * mm))


def _items(sheet: Sheet, data: Demo) -> None:
    draw = partial(_item, data)
    for group, (english, german) in GROUPS.items():
        own = [item for item in data.items if item.group == group]
        sheet.grid(f"{english} · {german}", "each, and the case where there is one", own, 2, 8, draw)


def _item(data: Demo, sheet: Sheet, box: Box, item: Item) -> None:
    sheet.picture(Box(box.x + 2 * mm, box.y + 6 * mm, 14 * mm, 20 * mm), item)
    left, top, width = box.x + 18 * mm, box.y + box.height, box.width - 21 * mm
    where = "  ".join(sorted(stock.bin.replace("-", "·") for stock in data.stock_of(item.sku)))
    sheet.text(left, top - 5.5 * mm, item.name_en, 10.5, font=BOLD, width=width)
    sheet.text(left, top - 9.5 * mm, f"{item.sku}   {where}", 8, colour=SOFT, width=width)
    for barcode in data.barcodes_of(item.sku):
        each = barcode.uom == "each"
        spot = Box(box.x + 17 * mm, 0, 36 * mm, 0) if each else Box(box.x + 53 * mm, 0, box.width - 54 * mm, 0)
        bars = Box(spot.x, box.y + 6.5 * mm, spot.width, box.height - 18 * mm)
        sheet.bars(EAN_13 if each else ITF_14, barcode.gtin, bars)
        label = barcode.gtin if each else f"{barcode.gtin} · case of {barcode.quantity}"
        sheet.text(spot.x + spot.width / 2, box.y + 2.8 * mm, label, 7, colour=SOFT, align=0.5)


def _strip(box: Box, below: float, above: float) -> Box:
    """The box without what the texts need below and above the bars."""
    return Box(box.x, box.y + below, box.width, box.height - below - above)


SECTIONS: Final[dict[str, Callable[[Sheet, Demo], None]]] = {
    "commands": _commands,
    "badges": _badges,
    "stations": _stations,
    "carts": _carts,
    "totes": _totes,
    "items": _items,
    "bins": _bins,
}
