"""Why: a phone finds an address by looking at it. A QR code as a drawing, for a page or a printed sheet."""

from __future__ import annotations

import zxingcpp


def svg(text: str) -> str:
    """The QR code as an SVG element, with its quiet zone."""
    drawn: str = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_svg(scale=4)
    return drawn[drawn.index("<svg") :]
