"""What a PDF of ours prints can be scanned: its black rectangles are drawn into pictures and read back."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from reportlab.lib.pagesizes import A4

DOTS = 200 / 72  # pixels a point: what a scanner at arm's length makes of a page


def pages(pdf: bytes) -> Iterator[str]:
    """The drawing commands of each page."""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        yield zlib.decompress(base64.a85decode(b"<~" + stream.strip(), adobe=True)).decode("cp1252")


def picture(page: str) -> NDArray[np.uint8]:
    """The page with its black rectangles only: the bars. Everything else on the sheets is in another colour."""
    width, height = round(A4[0] * DOTS), round(A4[1] * DOTS)
    pixels = np.full((height, width), 255, dtype=np.uint8)
    black = False
    for colour, rect in re.findall(r"([\d.]+ [\d.]+ [\d.]+) rg|(-?[\d.]+ -?[\d.]+ [\d.]+ [\d.]+) re", page):
        if colour:
            black = colour == "0 0 0"
        elif black:
            x, y, w, h = (float(number) * DOTS for number in rect.split())
            pixels[round(height - y - h) : round(height - y), round(x) : round(x + w)] = 0
    return pixels


def scanned(pdf: bytes) -> list[str]:
    """Every barcode of every page."""
    return [code.text for page in pages(pdf) for code in zxingcpp.read_barcodes(picture(page))]


def read_qr(svg: str) -> str:
    """What a phone reads from a QR code that is drawn as rectangles of an SVG path."""
    size = int(re.findall(r'<svg width="(\d+)"', svg)[0])
    pixels = np.full((size, size), 255, dtype=np.uint8)
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)", svg):
        pixels[int(y) : int(y) + int(height), int(x) : int(x) + int(width)] = 0
    (found,) = zxingcpp.read_barcodes(pixels)
    return found.text
