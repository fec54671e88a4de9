"""Why: whatever a scanner reads is printed somewhere: badges, bins, totes, carts, benches, on office paper.

Bars are vector rectangles from zxing-cpp's encoder, black on white, each in its quiet zone.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple, TypeVar, cast

import zxingcpp
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from printers.glyphs import readable

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
DATA_MATRIX: Final = zxingcpp.BarcodeFormat.DataMatrix
EAN_13: Final = zxingcpp.BarcodeFormat.EAN13
ITF_14: Final = zxingcpp.BarcodeFormat.ITF
QUIET: Final = 10  # modules left and right of the bars that stay white
WIDEST: Final = 0.42 * mm  # a module; wider ones only cost paper
NARROWEST: Final = 0.24 * mm  # below it a 300 dpi office printer blurs the bars


PLAIN_LETTERS: Final = {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "Ŋ": "N", "ŋ": "n"}
"""Letters that the PDF's own fonts lack and that have no mark to leave out."""


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
    """The PDF in the making: pages with a head and a foot, text, bars. `of`: whose sheets they are, in the foot."""

    def __init__(self, title: str, of: str) -> None:
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=A4, invariant=1, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor("Pickwave")
        self._foot = f"Pickwave · {of} · print at 100 %"
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
            self.canvas.showPage()
        self._pages += 1
        top = A4[1] - 15 * mm
        self.text(MARGIN, top, title, 17, font=BOLD, width=A4[0] - 3 * MARGIN - stringWidth(note, PLAIN, 9))
        self.text(A4[0] - MARGIN, top, note, 9, colour=SOFT, align=1)
        self.canvas.bookmarkPage(str(self._pages))
        self.canvas.addOutlineEntry(title, str(self._pages), level=0)
        self.text(MARGIN, 6 * mm, self._foot, 7, colour=SOFT)
        self.text(A4[0] - MARGIN, 6 * mm, str(self._pages), 7, colour=SOFT, align=1)

    def _frame(self, box: Box) -> None:
        self.canvas.setStrokeColor(HexColor(LINE))
        self.canvas.setLineWidth(0.6)
        self.canvas.roundRect(*box, 2 * mm, stroke=1, fill=0)

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
        text = in_office_letters(text)
        while width is not None and stringWidth(text, font, size) > width:
            size -= 0.25
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.setFont(font, size)
        self.canvas.drawString(x - align * stringWidth(text, font, size), y, text)

    def code(self, text: str, box: Box) -> None:
        """Bars; a text that is too long for them as a square, which needs less room."""
        if box.width / (len(bar_modules(CODE_128, text)) + 2 * QUIET) >= NARROWEST:
            self.bars(CODE_128, text, box)
        else:
            self.square(text, box)

    def square(self, text: str, box: Box) -> None:
        """A Data Matrix centred in the box, its quiet zone inside it."""
        rows = matrix(text)
        module = min(WIDEST, box.height / (len(rows) + 2), box.width / (len(rows[0]) + 2))
        left, top = box.x + (box.width - len(rows[0]) * module) / 2, box.y + (box.height + len(rows) * module) / 2
        path = self.canvas.beginPath()
        for down, row in enumerate(rows, 1):
            at = 0
            for black, run in groupby(row):
                length = sum(1 for _ in run)
                if black:
                    path.rect(left + at * module, top - down * module, length * module, module)
                at += length
        self.canvas.setFillColorRGB(0, 0, 0)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def bars(self, symbology: zxingcpp.BarcodeFormat, text: str, box: Box) -> None:
        """The barcode centred in the box, quiet zones inside it. Raises ValueError where it would be too fine."""
        modules = bar_modules(symbology, text)
        module = min(WIDEST, box.width / (len(modules) + 2 * QUIET))
        if module < NARROWEST:
            raise ValueError(f"Expected at least {NARROWEST / mm:.2f} mm a bar, got {module / mm:.2f} for {text!r}.")
        left = box.x + (box.width - len(modules) * module) / 2
        path = self.canvas.beginPath()
        at = 0
        for black, run in groupby(modules):
            length = sum(1 for _ in run)
            if black:
                path.rect(left + at * module, box.y, length * module, box.height)
            at += length
        self.canvas.setFillColorRGB(0, 0, 0)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def chip(self, box: Box, sign: Sign, label: str) -> None:
        """A cart slot's sign: shape, colour and number."""
        self.canvas.setFillColor(HexColor(sign.colour))
        self.canvas.roundRect(*box, 1.5 * mm, stroke=0, fill=1)
        centre, middle, radius = box.x + box.width * 0.32, box.y + box.height / 2, box.height * 0.27
        self.canvas.setFillColor(HexColor("#ffffff"))
        if sign.corners == 0:
            self.canvas.circle(centre, middle, radius, stroke=0, fill=1)
        else:
            self._polygon(centre, middle, radius * 1.15, sign)
        self.text(box.x + box.width * 0.76, middle - 4, label, 11, font=BOLD, colour="#ffffff", align=0.5)

    def _polygon(self, x: float, y: float, radius: float, sign: Sign) -> None:
        path = self.canvas.beginPath()
        for corner in range(sign.corners):
            angle = math.pi * (2 * corner + sign.on_edge) / sign.corners - math.pi / 2
            point = x + radius * math.cos(angle), y + radius * math.sin(angle)
            path.lineTo(*point) if corner else path.moveTo(*point)
        path.close()
        self.canvas.drawPath(path, stroke=0, fill=1)

    def finish(self) -> bytes:
        """The PDF."""
        self.canvas.save()
        return self._file.getvalue()


def in_office_letters(text: str) -> str:
    """The text in letters of Western Europe, the only ones that every PDF reader has: Żółć is printed as Zólc."""
    return "".join(_office_letter(char) for char in readable(text).text)


def _office_letter(char: str) -> str:
    if char.encode("cp1252", "ignore"):
        return char
    bare = unicodedata.normalize("NFKD", PLAIN_LETTERS.get(char, char))[0]
    return bare if bare.encode("cp1252", "ignore") else "?"


def bar_modules(symbology: zxingcpp.BarcodeFormat, text: str) -> tuple[bool, ...]:
    """The barcode's modules from left to right, True where black."""
    return _modules(text, symbology)[0]


def matrix(text: str) -> list[tuple[bool, ...]]:
    """A Data Matrix's modules, row by row, True where black."""
    return _modules(text, DATA_MATRIX)


def _modules(text: str, symbology: zxingcpp.BarcodeFormat) -> list[tuple[bool, ...]]:
    image = zxingcpp.create_barcode(text, symbology).to_image(scale=1, add_quiet_zones=False)
    height, *_ = image.shape
    pixels = memoryview(cast(Any, image)).tobytes()
    width = len(pixels) // height
    return [tuple(value == 0 for value in pixels[at : at + width]) for at in range(0, len(pixels), width)]
