"""Why: a label is built from typed parts in millimetres, and whatever would print badly is refused before it
prints.

    label = Label(profile_named("zd421-203"), width_mm=100, height_mm=50)
    label.add(Text(4, 4, "A-01-03", height_mm=12))
    label.add(Barcode(Code128("B-A-01-03"), y_mm=20, height_mm=20))
    label.zpl(copies=2)

A part that leaves the printable area, or stands in the quiet zone of a barcode, is refused. Text is cut to
its block and then ends in "..."; `shortened()` tells. Letters the printer lacks are spelled or printed as
`?`; `unprintable()` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from printers.errors import DoesNotFit
from printers.glyphs import readable, width_of
from printers.profiles import PrinterProfile
from printers.symbologies import Code128, Ean13, Gs1128, Qr, Symbol
from printers.units import to_dots, to_mm, whole_dots
from printers.wrap import wrap
from printers.zpl import block, command, symbol_field

Align = Literal["left", "center", "right"]

_ALIGN_LETTERS: Final[dict[Align, str]] = {"left": "L", "center": "C", "right": "R"}

# Left and right quiet zone in modules (Code 128: ISO/IEC 15417; EAN-13: GS1 General Specifications 5.2; QR:
# ISO/IEC 18004).
_QUIET: Final[dict[type, tuple[int, int]]] = {Code128: (10, 10), Gs1128: (10, 10), Ean13: (11, 7), Qr: (4, 4)}

CAPTION_GAP_MM: Final = 1.0
MIN_TEXT_MM: Final = 1.5


@dataclass(frozen=True)
class Area:
    """A rectangle in dots. `right` and `bottom` are the first dots that are no longer its own."""

    left: int
    top: int
    right: int
    bottom: int

    def crosses(self, other: Area) -> bool:
        """Whether the two share a dot."""
        beside = self.right <= other.left or other.right <= self.left
        above = self.bottom <= other.top or other.bottom <= self.top
        return not beside and not above


@dataclass(frozen=True)
class Page:
    """What can be printed on: the label's size in dots, never wider than the head."""

    dpi: int
    width: int
    height: int

    def dots(self, mm: float) -> int:
        """Millimetres in dots of this head."""
        return to_dots(mm, self.dpi)


@dataclass(frozen=True)
class Unprintable:
    """Text that holds characters the printer does not have; each was printed as `?`."""

    text: str
    characters: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """A part as the printer gets it: its commands, where it puts ink, and the clear space that it claims."""

    name: str
    zpl: bytes
    ink: tuple[Area, ...]
    clear: Area | None = None
    shortened: bool = False
    unprintable: Unprintable | None = None


class Element(Protocol):
    """A part of a label."""

    def drawn(self, page: Page) -> Drawn:
        """This part on that page. May raise DoesNotFit, OutOfRange or BadSymbol."""
        ...


@dataclass(frozen=True)
class Text:
    """Text in the resident font; `x_mm`, `y_mm` is the top left corner, `height_mm` the height of a line.

    `whole`: refuse rather than cut, for codes. Without `width_mm` the block reaches to the right edge. The
    text is wrapped into at most `lines` lines and cut there.
    """

    x_mm: float
    y_mm: float
    text: str
    height_mm: float = 4.0
    width_mm: float | None = None
    lines: int = 1
    align: Align = "left"
    whole: bool = False

    def drawn(self, page: Page) -> Drawn:
        """A ^FB block, its lines broken by us."""
        if self.height_mm < MIN_TEXT_MM:
            raise DoesNotFit(f"Expected text at least {MIN_TEXT_MM} mm high, got {self.height_mm} mm.")
        left, top, height = page.dots(self.x_mm), page.dots(self.y_mm), page.dots(self.height_mm)
        width = page.width - left if self.width_mm is None else page.dots(self.width_mm)
        return _text_block(Area(left, top, left + width, top + self.lines * height), self, height)


def _text_block(area: Area, text: Text, height: int) -> Drawn:
    width = area.right - area.left
    spelled = readable(text.text)
    wrapped = wrap(spelled.text, width, height, text.lines)
    name = f"Text {_short(text.text)}"
    missing = Unprintable(text.text, spelled.missing) if spelled.missing else None
    if text.whole and (wrapped.shortened or missing):
        raise DoesNotFit(
            f"{name} must be printed whole: it needs {width_of(spelled.text, height)} dots "
            f"in letters that the printer has, got {text.lines} x {width}."
        )
    if not wrapped.lines:
        return Drawn(name, b"", (), unprintable=missing)
    zpl = (
        _origin(area)
        + command("A0", "N", height, height)
        + command("FB", width, text.lines, 0, _ALIGN_LETTERS[text.align], 0)
        + block(wrapped.lines)
    )
    return Drawn(name, zpl, (area,), shortened=wrapped.shortened, unprintable=missing)


@dataclass(frozen=True)
class Barcode:
    """A barcode; `x_mm` is where its bars begin (None: in the middle), `module_mm` the wanted width of a
    module.

    The module is the nearest whole number of dots. `caption_mm` is the height of the text beneath (0: none),
    which is printed whole or refused. `height_mm` does not count for a QR code: it is square.
    """

    symbol: Symbol
    y_mm: float
    height_mm: float = 10.0
    module_mm: float = 0.375
    x_mm: float | None = None
    caption_mm: float = 0.0

    def drawn(self, page: Page) -> Drawn:
        """Bars, caption, and the quiet zones on both sides as space that nobody else may use."""
        module = max(1, page.dots(self.module_mm))
        width = self.symbol.modules() * module
        height = width if isinstance(self.symbol, Qr) else page.dots(self.height_mm)
        left = (page.width - width) // 2 if self.x_mm is None else page.dots(self.x_mm)
        top = page.dots(self.y_mm)
        bars = Area(left, top, left + width, top + height)
        before, after = (modules * module for modules in _QUIET[type(self.symbol)])
        clear = Area(bars.left - before, bars.top, bars.right + after, bars.bottom)
        zpl = _bars(self.symbol, bars, module)
        if not self.caption_mm:
            return Drawn(self._name, zpl, (bars,), clear)
        caption = self._caption(page, clear)
        return Drawn(self._name, zpl + caption.zpl, (bars, *caption.ink), clear)

    @property
    def _name(self) -> str:
        return f"{self.symbol.kind} {_short(self.symbol.caption)}"

    def _caption(self, page: Page, clear: Area) -> Drawn:
        height = page.dots(self.caption_mm)
        top = clear.bottom + page.dots(CAPTION_GAP_MM)
        area = Area(clear.left, top, clear.right, top + height)
        wanted = width_of(self.symbol.caption, height)
        if wanted > clear.right - clear.left:
            raise DoesNotFit(
                f"The text beneath {self._name} needs {_mm(wanted, page)} at {self.caption_mm} mm height, "
                f"got {_mm(clear.right - clear.left, page)}."
            )
        return _text_block(area, Text(0, 0, self.symbol.caption, self.caption_mm, align="center"), height)


def _code128_bars(module: int, height: int) -> bytes:
    return command("BY", module, 3, height) + command("BC", "N", height, "N", "N", "N")


def _ean13_bars(module: int, height: int) -> bytes:
    return command("BY", module, 3, height) + command("BE", "N", height, "N", "N")


def _qr_squares(module: int, _height: int) -> bytes:
    # A printer moves a QR code down by the height of ^BY: hence one dot.
    return command("BY", module, 3, 1) + command("BQ", "N", 2, module, "M")


# Each sets ^BY for itself: a QR code changes the module width of what follows.
_DRAWN_AS: Final[dict[type, Callable[[int, int], bytes]]] = {
    Code128: _code128_bars,
    Gs1128: _code128_bars,
    Ean13: _ean13_bars,
    Qr: _qr_squares,
}


def _bars(symbol: Symbol, area: Area, module: int) -> bytes:
    shape = _DRAWN_AS[type(symbol)](module, area.bottom - area.top)
    return _origin(area) + shape + symbol_field(symbol.written())


@dataclass(frozen=True)
class Box:
    """A frame; its inside stays free for others."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    thickness_mm: float = 0.5

    def drawn(self, page: Page) -> Drawn:
        """Four strokes by one ^GB."""
        outer = _rectangle(page, self.x_mm, self.y_mm, self.width_mm, self.height_mm)
        stroke = max(1, page.dots(self.thickness_mm))
        ink = (
            Area(outer.left, outer.top, outer.right, outer.top + stroke),
            Area(outer.left, outer.bottom - stroke, outer.right, outer.bottom),
            Area(outer.left, outer.top, outer.left + stroke, outer.bottom),
            Area(outer.right - stroke, outer.top, outer.right, outer.bottom),
        )
        return Drawn("Box", _graphic(outer, stroke), ink)


@dataclass(frozen=True)
class Line:
    """A straight line, across or (`vertical`) down."""

    x_mm: float
    y_mm: float
    length_mm: float
    thickness_mm: float = 0.4
    vertical: bool = False

    def drawn(self, page: Page) -> Drawn:
        """One ^GB as thick as it is high (or wide)."""
        across, down = (self.thickness_mm, self.length_mm) if self.vertical else (self.length_mm, self.thickness_mm)
        area = _rectangle(page, self.x_mm, self.y_mm, across, down)
        return Drawn("Line", _graphic(area, min(area.right - area.left, area.bottom - area.top)), (area,))


def _origin(area: Area) -> bytes:
    # A part that begins off the label is refused right after this, by name.
    return command("FO", max(0, area.left), max(0, area.top))


def _rectangle(page: Page, x_mm: float, y_mm: float, width_mm: float, height_mm: float) -> Area:
    left, top = page.dots(x_mm), page.dots(y_mm)
    return Area(left, top, left + max(1, page.dots(width_mm)), top + max(1, page.dots(height_mm)))


def _graphic(area: Area, stroke: int) -> bytes:
    size = command("GB", area.right - area.left, area.bottom - area.top, stroke)
    return _origin(area) + size + command("FS")


class Label:
    """One label for one printer. Add parts, then take `zpl()`."""

    def __init__(self, profile: PrinterProfile, width_mm: float | None = None, height_mm: float | None = None) -> None:
        """Without a size it is the stock that the profile says lies in the printer."""
        self.profile = profile
        self.width_mm = profile.media_width_mm if width_mm is None else width_mm
        self.height_mm = profile.media_height_mm if height_mm is None else height_mm
        self.page = Page(
            profile.dpi,
            whole_dots(min(self.width_mm, profile.head_mm), profile.dpi),
            whole_dots(self.height_mm, profile.dpi),
        )
        command("PW", self.page.width)
        command("LL", self.page.height)
        self._parts: list[Drawn] = []

    def add(self, *elements: Element) -> None:
        """Add parts in the order in which they are drawn.

        Raises DoesNotFit, OutOfRange or BadSymbol; then adds nothing.
        """
        drawn: list[Drawn] = []
        for element in elements:
            part = element.drawn(self.page)
            self._check_inside(part)
            self._check_quiet(part, [*self._parts, *drawn])
            drawn.append(part)
        self._parts.extend(drawn)

    def _check_inside(self, part: Drawn) -> None:
        page = self.page
        for area in (*part.ink, *([part.clear] if part.clear else [])):
            if area.left < 0 or area.top < 0:
                raise DoesNotFit(
                    f"{part.name} must begin on the label, got x {_mm(area.left, page)}, y {_mm(area.top, page)}."
                )
            if area.right > page.width:
                raise DoesNotFit(
                    f"{part.name} needs {_mm(area.right, page)} from the left, "
                    f"got {_mm(page.width, page)} of printable width."
                )
            if area.bottom > page.height:
                raise DoesNotFit(
                    f"{part.name} needs {_mm(area.bottom, page)} from the top, got a label of {_mm(page.height, page)}."
                )

    def _check_quiet(self, part: Drawn, others: Iterable[Drawn]) -> None:
        for other in others:
            for barcode, neighbour in ((part, other), (other, part)):
                if barcode.clear and any(barcode.clear.crosses(area) for area in neighbour.ink):
                    raise DoesNotFit(f"{neighbour.name} must stay out of the quiet zone of {barcode.name}.")

    def shortened(self) -> tuple[str, ...]:
        """Names of the texts whose end was left out."""
        return tuple(part.name for part in self._parts if part.shortened)

    def unprintable(self) -> tuple[Unprintable, ...]:
        """Texts with characters that the printer lacks.

        Ask before printing what must be read, such as an address.
        """
        return tuple(part.unprintable for part in self._parts if part.unprintable)

    def areas(self) -> tuple[tuple[str, tuple[Area, ...]], ...]:
        """Name and ink of each part, in dots, for previews and tests."""
        return tuple((part.name, part.ink) for part in self._parts)

    def zpl(self, copies: int = 1) -> bytes:
        """The whole format, `^XA` to `^XZ`.

        Every setting that outlives a job on the printer is set again here.
        """
        return b"".join(
            [
                command("XA"),
                self._settings(),
                *(part.zpl for part in self._parts),
                command("PQ", copies, 0, 0, "N"),
                command("XZ"),
                b"\n",
            ]
        )

    def _settings(self) -> bytes:
        profile = self.profile
        return b"".join(
            (
                command("CI", 28),
                command("MU", "D"),
                command("FW", "N"),
                command("PO", "N"),
                command("PM", "N"),
                command("LR", "N"),
                command("PW", self.page.width),
                command("LL", self.page.height),
                command("LH", 0, 0),
                command("MM", profile.mode.value),
                command("MN", profile.tracking.value),
                command("PR", profile.speed_ips, profile.slew_ips, profile.backfeed_ips),
                command("MD", profile.darkness),
            )
        )


def _short(text: str) -> str:
    return repr(text if len(text) <= 30 else text[:30] + "...")


def _mm(dots: int, page: Page) -> str:
    return f"{to_mm(dots, page.dpi):.1f} mm"
