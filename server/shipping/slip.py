"""Why: who opens a parcel reads what should be in it, who ordered on the phone what was taken down. Pure.

One slip a carton, one confirmation an order, drawn from facts alone, one by one or many in a row.
In the customer's language, without prices unless the site wants them. The order's number is a barcode, so that what
comes back is found by a scan. Letters that the paper's font lacks are spelled as on labels.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final, Literal, NamedTuple, cast

import zxingcpp
from reportlab.lib.pagesizes import A4, A6
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from printers.glyphs import readable

Size = Literal["A6", "A4"]
SIZES: Final[Mapping[Size, tuple[float, float]]] = {"A6": A6, "A4": A4}

BOLD: Final = "Helvetica-Bold"
PLAIN: Final = "Helvetica"
SOFT: Final = 0.35
QUIET: Final = 10  # modules left and right of the bars that stay white
MODULE: Final = 0.3 * mm  # the width of a bar that an office printer draws sharply

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "Packing slip", "order": "Order", "carton": "Carton", "to": "To", "from": "From",
        "reference": "Your reference", "quantity": "Qty", "item": "Item", "price": "Price each", "lot": "Lot",
        "units": "Units in this carton", "page": "Page", "confirmation": "Order confirmation", "in_all": "Units in all",
        "items": "Goods", "shipping": "Shipping", "tax": "Tax", "total": "Total", "taken": "Taken on", "by": "Goes by",
        "day": "Can go on", "pay": "Paid by", "card": "card", "prepaid": "bank, beforehand", "invoice": "invoice",
        "cash": "cash",
    },
    "de": {
        "title": "Packzettel", "order": "Auftrag", "carton": "Karton", "to": "An", "from": "Von",
        "reference": "Ihr Zeichen", "quantity": "Menge", "item": "Artikel", "price": "Einzelpreis", "lot": "Charge",
        "units": "Stück in diesem Karton", "page": "Seite", "confirmation": "Auftragsbestätigung",
        "in_all": "Stück insgesamt", "items": "Waren", "shipping": "Versand", "tax": "Steuer", "total": "Summe",
        "taken": "Erfasst am", "by": "Geht mit", "day": "Kann gehen am", "pay": "Zahlung", "card": "Karte",
        "prepaid": "Bank, vorab", "invoice": "Rechnung", "cash": "bar",
    },
}  # fmt: skip
"""What a slip says; a customer of another language gets English."""


class Row(NamedTuple):
    """Units of an item in the carton; `price` in words, or nothing where none is shown."""

    quantity: int
    name: str
    sku: str
    lot: str = ""
    price: str = ""


class Slip(NamedTuple):
    """What is told of a carton, or of a whole order.

    `pairs` stand below its number, `sums` below its rows, each with a word of WORDS before it.
    """

    language: str
    order: str
    sender: Sequence[str]
    receiver: Sequence[str]
    rows: Sequence[Row]
    title: Literal["title", "confirmation"] = "title"
    pairs: Sequence[tuple[str, str]] = ()
    sums: Sequence[tuple[str, str]] = ()

    @property
    def name(self) -> str:
        """How the paper is called, which is also its file's name."""
        return "-".join((self.order, *(value for word, value in self.pairs if word == "carton")))


def draw(slips: Sequence[Slip], size: Size) -> bytes:
    """The slips as one PDF, each on pages of its own; the same slips, the same bytes.

    What does not fit goes on, on further pages. A printer is asked for one side only: nobody's paper stands on the back
    of somebody else's.
    """
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=SIZES[size], invariant=1, pageCompression=1)
    canvas.setTitle(_title(slips))
    canvas.setAuthor("Pickwave")
    canvas.setViewerPreference("Duplex", "Simplex")
    for slip in slips:
        paper = _Paper(canvas, slip, size)
        for row in slip.rows:
            paper.row(row)
        paper.sums()
        paper.finish()
    canvas.save()
    return file.getvalue()


def _title(slips: Sequence[Slip]) -> str:
    """How the PDF is called: by its paper, or by the first and the last of several."""
    named = dict.fromkeys(f"{_words(each)[each.title]} {each.name}" for each in (slips[0], slips[-1]))
    return _plain(" – ".join(named))


def _words(slip: Slip) -> Mapping[str, str]:
    return WORDS.get(slip.language, WORDS["en"])


class _Paper:
    """One paper in the making: `y` is where the next line comes."""

    def __init__(self, canvas: Canvas, slip: Slip, size: Size) -> None:
        self._canvas = canvas
        self._slip = slip
        self._words = _words(slip)
        self._width: float
        self._height: float
        self._width, self._height = SIZES[size]
        self._margin: float = (8 if size == "A6" else 18) * mm
        self._text = 8.0 if size == "A6" else 10.0
        self._pages = 1
        self._priced = any(row.price for row in slip.rows)
        self._head()

    def _head(self) -> None:
        words, slip, text = self._words, self._slip, self._text
        top = self._height - self._margin
        self._line(self._margin, top - text * 1.5, words[slip.title], text * 1.9, BOLD)
        bars = self._bars(slip.order, top - text * 2.2, text * 2.2)
        self._line(self._width - self._margin, bars - text * 1.1, slip.order, text, BOLD, align=1)
        self._y = bars - text * 2.6
        self._pair(words["order"], slip.order)
        for word, value in slip.pairs:
            self._pair(words[word], words.get(value, value) if word == "pay" else value)
        if self._pages == 1:
            self._addresses()
        self._columns()

    def _bars(self, text: str, top: float, height: float) -> float:
        """The barcode at the right edge; gives the height of its base."""
        modules = _modules(text)
        left = self._width - self._margin - len(modules) * MODULE
        path = self._canvas.beginPath()
        at = 0
        for black, run in groupby(modules):
            length = sum(1 for _ in run)
            if black:
                path.rect(left + at * MODULE, top - height, length * MODULE, height)
            at += length
        self._canvas.setFillGray(0)
        self._canvas.drawPath(path, stroke=0, fill=1)
        return top - height

    def _pair(self, name: str, value: str) -> None:
        self._line(self._margin, self._y, name, self._text, PLAIN, grey=SOFT)
        self._line(self._margin + self._text * 8, self._y, value, self._text, BOLD, room=self._right - self._text * 8)
        self._y -= self._text * 1.5

    @property
    def _right(self) -> float:
        """The room between the margins."""
        return self._width - 2 * self._margin

    def _addresses(self) -> None:
        self._y -= self._text * 0.6
        half = self._right / 2
        for x, name, lines in (
            (self._margin, self._words["to"], self._slip.receiver),
            (self._margin + half, self._words["from"], self._slip.sender),
        ):
            self._line(x, self._y, name, self._text * 0.85, PLAIN, grey=SOFT)
            for number, line in enumerate(lines, 1):
                font = BOLD if number == 1 else PLAIN
                self._line(x, self._y - number * self._text * 1.35, line, self._text, font, room=half - self._text)
        self._y -= (max(len(self._slip.receiver), len(self._slip.sender)) * 1.35 + 2) * self._text

    def _columns(self) -> None:
        self._rule()
        self._cells(
            self._words["quantity"], self._words["item"], self._words["price"] if self._priced else "", PLAIN, SOFT
        )
        self._y -= self._text * 0.5
        self._rule()

    def _rule(self) -> None:
        self._canvas.setStrokeGray(0.7)
        self._canvas.line(
            self._margin, self._y + self._text * 1.15, self._width - self._margin, self._y + self._text * 1.15
        )

    def row(self, row: Row) -> None:
        """One item with its number and lot below; a new page where there is no room for it."""
        wide = self._right - self._text * 5 - (self._text * 9 if self._priced else 0)
        lines = _wrapped(row.name, BOLD, self._text, wide)
        more = " · ".join(each for each in (row.sku, f"{self._words['lot']} {row.lot}" if row.lot else "") if each)
        if self._y - (len(lines) + 1) * self._text * 1.35 < self._margin + self._text * 3:
            self._turn()
        self._cells(str(row.quantity), lines[0], row.price, BOLD, 0)
        for line in [*lines[1:], more]:
            grey = SOFT if line is more else 0
            self._line(
                self._margin + self._text * 5,
                self._y,
                line,
                self._text * (0.9 if grey else 1),
                PLAIN,
                grey=grey,
                room=wide,
            )
            self._y -= self._text * 1.35
        self._y -= self._text * 0.5

    def _cells(self, quantity: str, item: str, price: str, font: str, grey: float) -> None:
        self._line(self._margin + self._text * 3.5, self._y, quantity, self._text, font, grey=grey, align=1)
        self._line(self._margin + self._text * 5, self._y, item, self._text, font, grey=grey)
        self._line(self._width - self._margin, self._y, price, self._text, PLAIN, grey=grey, align=1)
        self._y -= self._text * 1.35

    def sums(self) -> None:
        """What it comes to, below the prices; the last sum is what counts."""
        if self._y - len(self._slip.sums) * self._text * 1.5 < self._margin + self._text * 3:
            self._turn()
        for at, (word, value) in enumerate(self._slip.sums, 1):
            font = BOLD if at == len(self._slip.sums) else PLAIN
            left = self._width - self._margin - self._text * 9
            self._line(left, self._y, self._words[word], self._text, font, align=1)
            self._line(self._width - self._margin, self._y, value, self._text, font, align=1)
            self._y -= self._text * 1.5

    def _turn(self) -> None:
        self.finish()
        self._pages += 1
        self._head()

    def _foot(self) -> None:
        units = sum(row.quantity for row in self._slip.rows)
        self._line(
            self._margin,
            self._margin,
            f"{self._words['units' if self._slip.title == 'title' else 'in_all']}: {units}",
            self._text,
            BOLD,
        )
        page = f"{self._words['page']} {self._pages}"
        self._line(self._width - self._margin, self._margin, page, self._text * 0.85, PLAIN, grey=SOFT, align=1)

    def _line(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        font: str,
        *,
        grey: float = 0.08,
        align: float = 0,
        room: float | None = None,
    ) -> None:
        """One line with its base at y, smaller where it is wider than its room; `align` 1: it ends at x.

        Black is the bars' alone: a letter is never taken for one.
        """
        plain = _plain(text)
        while room is not None and size > 4 and stringWidth(plain, font, size) > room:
            size -= 0.25
        self._canvas.setFillGray(grey or 0.08)
        self._canvas.setFont(font, size)
        self._canvas.drawString(x - align * stringWidth(plain, font, size), y, plain)

    def finish(self) -> None:
        """The page is full, or the last one of this paper."""
        self._foot()
        self._canvas.showPage()


def _wrapped(text: str, font: str, size: float, room: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and stringWidth(_plain(longer), font, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


_SPELLED: Final = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"}


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """In letters that every PDF reader has: Western Europe's as they are, others without their marks."""
    return "".join(_letter(char) for char in readable(text).text)


def _letter(char: str) -> str:
    for spelled in (char, _SPELLED.get(char, ""), unicodedata.normalize("NFKD", char)[:1]):
        try:
            spelled.encode("cp1252")
        except UnicodeEncodeError:
            continue
        if spelled:
            return spelled
    return "?"


def _modules(text: str) -> tuple[bool, ...]:
    """The bars' modules from left to right, True where black."""
    image = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_image(scale=1, add_quiet_zones=False)
    height, *_ = image.shape
    pixels = memoryview(cast(Any, image)).tobytes()
    return tuple(value == 0 for value in pixels[: len(pixels) // height])
