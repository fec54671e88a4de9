"""Why: nobody types an address with gloves on. A QR code in the terminal, on a screen or on paper leads there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import zxingcpp

HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
"""Two rows of squares in one row of text."""


def svg(text: str) -> str:
    """As a drawing: an SVG element with its quiet zone."""
    drawn: str = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_svg(scale=4)
    return drawn[drawn.index("<svg") :]


def blocks(text: str) -> Iterator[str]:
    """As lines of text, light squares drawn: terminals are mostly dark, and a camera reads it on either."""
    picture = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=1)
    height, width = picture.shape
    pixels = memoryview(picture).tobytes()  # type: ignore[arg-type]  # it offers a buffer, its stub does not say so
    rows = [[pixel > 127 for pixel in pixels[row * width : (row + 1) * width]] for row in range(height)]
    for upper, lower in zip_longest(rows[::2], rows[1::2], fillvalue=[False] * width):
        yield "".join(HALVES[pair] for pair in zip(upper, lower, strict=True))
