"""Prints the demo warehouse on paper: everything that a scanner can read, so that one can work without a shelf.

It exists so that anyone with a printer and a scanner (or a phone) can pick and pack from paper. `sheets()` gives one
A4 PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import groupby
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from printers.paper import cards
from printers.paper.sheet import BOLD, EAN_13, ITF_14, SOFT, Box, Sheet
from seed.goods import GROUPS
from seed.model import Demo, Item
from seed.pictures import HEIGHT, SHAPES, WIDTH, Colours, fill, path_steps
from server.setup.cards import COMMANDS


class DemoSheet(Sheet):
    """A sheet that can draw the demo's items."""

    def picture(self, box: Box, item: Item) -> None:
        """The item's picture, as large as the box allows, standing on its bottom."""
        canvas = self.canvas
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
            self.canvas.roundRect(x, y, width, height, min(radius, width / 2, height / 2), stroke=0, fill=1)
        elif kind == "c":
            x, y, radius = map(float, numbers)
            self.canvas.circle(x, y, radius, stroke=0, fill=1)
        else:
            self._path(draw)

    def _path(self, draw: str) -> None:
        path = self.canvas.beginPath()
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
        self.canvas.drawPath(path, stroke=0, fill=1)


# --- sections ---------------------------------------------------------------------------------------------------


def sheets(data: Demo, sections: Iterable[str] | None = None) -> bytes:
    """The PDF of the named sections, in the order of SECTIONS; all of them by default. The same data, the same bytes.

    Raises ValueError for a section that does not exist.
    """
    wanted = set(SECTIONS if sections is None else sections)
    if unknown := wanted - set(SECTIONS):
        raise ValueError(f"Expected sections of {', '.join(SECTIONS)}, got {', '.join(sorted(unknown))}.")
    name = data.warehouse.name
    sheet = DemoSheet(f"{name}: sheets to scan from", name)
    for name, section in SECTIONS.items():
        if name in wanted:
            section(sheet, data)
    return sheet.finish()


def _commands(sheet: DemoSheet, data: Demo) -> None:
    sheet.grid("Commands · Befehle", "scan instead of pressing", COMMANDS, 2, 6, cards.command)


def _badges(sheet: DemoSheet, data: Demo) -> None:
    people = [
        cards.Badge(one.name, f"{', '.join(one.roles)} · {one.language}", one.badge, f"PIN {one.pin}")
        for one in data.people
    ]
    sheet.grid("Badges · Ausweise", "PINs are printed because this is a demo", people, 2, 6, cards.badge)


def _stations(sheet: DemoSheet, data: Demo) -> None:
    printers = {printer.code: printer.name for printer in data.printers}
    places = [cards.Place(each.name, printers[each.printer], each.barcode) for each in data.stations]
    places += [
        cards.Place(place.code, f"{place.kind} · check digits {place.check_digits}", f"B-{place.code}")
        for place in data.places
        if not place.nowhere
    ]
    sheet.grid(
        "Stations and places · Plätze", "pack stations, receiving, staging, quarantine", places, 2, 5, cards.place
    )


def _carts(sheet: DemoSheet, data: Demo) -> None:
    carts = [cards.Cart(each.code, each.slots) for each in data.carts]
    sheet.grid("Carts · Wagen", "slots by number, colour and shape", carts, 2, 5, cards.cart)


def _totes(sheet: DemoSheet, data: Demo) -> None:
    sheet.grid("Totes · Wannen", "one on each short side", data.totes.codes, 3, 10, cards.tote)


def _bins(sheet: DemoSheet, data: Demo) -> None:
    zones = {zone.code: zone for zone in data.zones}
    ordered = sorted(data.bins, key=lambda spot: (spot.aisle, spot.bay, spot.level))
    for aisle, bins in groupby(ordered, key=lambda spot: spot.aisle):
        own = list(bins)
        zone = zones[own[0].zone]
        labels = [
            cards.Bin(f"{spot.aisle}·{spot.bay:02d}·{spot.level}", spot.check_digits, f"B-{spot.code}") for spot in own
        ]
        title = f"Aisle {aisle} · {zone.name_en}"
        sheet.grid(title, "odd bays right, even bays left", labels, len(zone.levels), 10, cards.bin)


def _items(sheet: DemoSheet, data: Demo) -> None:
    draw = partial(_item, data)
    for group, (english, german) in GROUPS.items():
        own = [item for item in data.items if item.group == group]
        sheet.grid(f"{english} · {german}", "each, and the case where there is one", own, 2, 8, draw)


def _item(data: Demo, sheet: DemoSheet, box: Box, item: Item) -> None:
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


SECTIONS: Final[dict[str, Callable[[DemoSheet, Demo], None]]] = {
    "commands": _commands,
    "badges": _badges,
    "stations": _stations,
    "carts": _carts,
    "totes": _totes,
    "items": _items,
    "bins": _bins,
}
