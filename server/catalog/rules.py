"""Why: what an item may be, and which drawings are only drawings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from xml.etree import ElementTree

from server.catalog.schemas import NewBarcode, NewItem
from server.core.barcodes import parse
from server.core.refusal import Fault

SKU: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$")
CURRENCY: Final = re.compile(r"^[A-Z]{3}$")
UOMS: Final = ("each", "inner", "case", "pallet")
TRACKING: Final = ("none", "lot", "lot_expiry", "serial")
VELOCITIES: Final = ("A", "B", "C")
MOST_UNITS: Final = 100_000

# field → (least, most)
RANGES: Final[dict[str, tuple[int, int]]] = {
    "weight_g": (0, 1_000_000),
    "length_mm": (0, 10_000),
    "width_mm": (0, 10_000),
    "height_mm": (0, 10_000),
    "price_minor": (0, 10**10),
    "minimum_age": (0, 99),
}
CHOICES: Final[dict[str, tuple[str, ...]]] = {"uom": UOMS, "tracking": TRACKING, "velocity": VELOCITIES}


def canonical(code: str) -> str | None:
    """The stored form of an item's barcode (GTIN as 14 digits, own `I-…`), or None when it is none."""
    scan = parse(code)
    return scan.code if scan.kind == "item" and not (scan.lot or scan.expiry or scan.serial) else None


def faults(new: NewItem) -> Iterator[Fault]:
    """Everything that is wrong with an item."""
    if not SKU.match(new.sku):
        yield Fault("sku", "A SKU is letters, digits and . _ / -.", "1 to 40 characters", new.sku[:60])
    if not new.names.get("en"):
        yield Fault("names.en", "An item needs an English name.", "a name", "nothing")
    for language, name in new.names.items():
        if not re.fullmatch(r"[a-z]{2}", language) or not 1 <= len(name) <= 200:
            yield Fault(f"names.{language[:10]}", "A name in a two-letter language.", "1 to 200 characters", name[:60])
    for field, (least, most) in RANGES.items():
        value: int = getattr(new, field)
        if not least <= value <= most:
            yield Fault(field, "This number is out of range.", "{least} to {most}", str(value)[:60],
                        {"least": least, "most": most})  # fmt: skip
    for field, choices in CHOICES.items():
        if getattr(new, field) not in choices:
            yield Fault(field, "There is no such choice.", ", ".join(choices), str(getattr(new, field))[:60])
    if not CURRENCY.match(new.currency):
        yield Fault("currency", "A currency is three letters.", "ISO 4217", new.currency[:60])
    if new.picture_svg is not None and (fault := unsafe(new.picture_svg)):
        yield fault
    for index, barcode in enumerate(new.barcodes):
        yield from _barcode_faults(f"barcodes[{index}]", barcode)


def _barcode_faults(field: str, barcode: NewBarcode) -> Iterator[Fault]:
    if canonical(barcode.code) is None:
        yield Fault(
            f"{field}.code", "This is no item's barcode, or its check digit is wrong.",
            "a GTIN of 8, 12, 13 or 14 digits, or I-…", barcode.code[:60],
        )  # fmt: skip
    if barcode.uom not in UOMS:
        yield Fault(f"{field}.uom", "There is no such unit.", ", ".join(UOMS), barcode.uom[:60])
    if not 1 <= barcode.quantity <= MOST_UNITS:
        yield Fault(f"{field}.quantity", "Base units in one scan.", "1 to {most}", str(barcode.quantity)[:60],
                    {"most": MOST_UNITS})  # fmt: skip


# --- pictures ------------------------------------------------------------------------------------------------------

MOST_SVG: Final = 64 * 1024
DRAWING: Final = "a plain drawing"
SVG: Final = "{http://www.w3.org/2000/svg}"
_DRAWN: Final = (
    "svg g path rect circle ellipse line polyline polygon title desc defs linearGradient radialGradient stop text "
    "tspan clipPath"
)
_SAID: Final = (
    "id class viewBox width height x y x1 y1 x2 y2 cx cy r rx ry d points transform fill fill-opacity fill-rule "
    "clip-rule clip-path stroke stroke-width stroke-linecap stroke-linejoin stroke-dasharray stroke-opacity opacity "
    "offset stop-color stop-opacity gradientUnits gradientTransform fx fy font-size font-family font-weight "
    "text-anchor role aria-label aria-hidden preserveAspectRatio version"
)
ELEMENTS: Final = frozenset(_DRAWN.split())
ATTRIBUTES: Final = frozenset(_SAID.split())
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!#)|javascript:|data:|//", re.IGNORECASE)


def unsafe(svg: str, field: str = "picture_svg") -> Fault | None:
    """Why this text is more than a drawing (script, outside references, entities), or None when it is just that."""
    if len(svg) > MOST_SVG:
        return Fault(field, "A picture has at most {most} characters.", DRAWING, params={"most": MOST_SVG})
    if "<!" in svg or "<?" in svg.lstrip()[5:]:
        return Fault(field, "A picture has no declarations and no comments.", DRAWING)
    try:
        root = ElementTree.fromstring(svg)
    except (ElementTree.ParseError, ValueError):
        return Fault(field, "This is no XML.", DRAWING)
    if root.tag != f"{SVG}svg":
        return Fault(field, "This is no SVG.", DRAWING)
    for element in root.iter():
        name = element.tag.removeprefix(SVG) if isinstance(element.tag, str) else ""
        if name not in ELEMENTS:
            return Fault(field, "A picture may not hold <{name}>.", DRAWING, params={"name": name[:30]})
        for attribute, value in element.attrib.items():
            if attribute not in ATTRIBUTES or _ELSEWHERE.search(value):
                said = "A picture may not hold {name} with this value."
                return Fault(field, said, DRAWING, params={"name": attribute[:30]})
    return None


def version(svg: str) -> str:
    """The version of a picture: short, and another one for another picture."""
    return sha256(svg.encode()).hexdigest()[:16]
