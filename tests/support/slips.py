"""What stands on slips and confirmations, as a reader of PDF and a scanner see it: only bars are quite black."""

from __future__ import annotations

import re

import numpy as np
import zxingcpp
from reportlab.lib.pagesizes import A6

from tests.support.paper import pages

DOTS = 300 / 72


def written(page: str) -> list[str]:
    """Everything that is written on a page."""
    found = re.findall(r"\(((?:\\.|[^)\\])*)\) Tj", page)
    return [re.sub(r"\\(\d{3})", lambda octal: bytes([int(octal[1], 8)]).decode("cp1252"), each) for each in found]


def texts(pdf: bytes) -> list[str]:
    """Everything that is written, page by page."""
    return [text for page in pages(pdf) for text in written(page)]


def scanned(pdf: bytes, paper: tuple[float, float] = A6) -> list[str]:
    """What a scanner reads: each page with its black rectangles, which are the bars."""
    codes = []
    for page in pages(pdf):
        width, height = (round(side * DOTS) for side in paper)
        pixels = np.full((height, width), 255, dtype=np.uint8)
        black = False
        for grey, rect in re.findall(r"([\d.]+) g\b|(-?[\d.]+ -?[\d.]+ [\d.]+ [\d.]+) re", page):
            if grey:
                black = float(grey) == 0
            elif black:
                x, y, w, h = (float(number) * DOTS for number in rect.split())
                pixels[round(height - y - h) : round(height - y), round(x) : round(x + w)] = 0
        codes += [code.text for code in zxingcpp.read_barcodes(pixels)]
    return codes
