"""`pickwave barcode TEXT`: what a barcode is, and its picture as SVG or PNG, to scan from a screen or from paper."""

from __future__ import annotations

import argparse
import re
import struct
import zlib
from pathlib import Path
from typing import Final

import msgspec
import zxingcpp

from server.core.barcodes import Scan, parse
from server.settings import Settings
from server.start import DONE, FAILED

RETAIL: Final = {8: zxingcpp.BarcodeFormat.EAN8, 12: zxingcpp.BarcodeFormat.UPCA, 13: zxingcpp.BarcodeFormat.EAN13}
SCALE: Final = 3
_BRACKETED = re.compile(r"^\(\d{2,4}\)")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The text and where its picture goes."""
    parser.add_argument("text", help="what the barcode says, for example B-A07-03-B, T-0419 or (00)340…")
    parser.add_argument("--out", type=Path, help="the picture's file, .svg or .png (default: TEXT.svg in this folder)")
    parser.add_argument("--qr", action="store_true", help="as a QR code instead of bars")


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Say what it is and draw it."""
    scan = parse(args.text)
    print(described(scan))
    target: Path = args.out or Path(f"{_file_name(args.text)}.svg")
    try:
        picture = drawn(scan, qr=args.qr)
    except ValueError as error:
        print(f"It cannot be drawn: {str(error).strip().partition(chr(10))[0]}")
        return FAILED
    if target.suffix == ".png":
        target.write_bytes(_png(picture.to_image(scale=SCALE, add_hrt=True)))
    else:
        target.write_text(picture.to_svg(scale=SCALE, add_hrt=True), encoding="utf-8")
    print(f"{picture.format} in {target}")
    return DONE


def described(scan: Scan) -> str:
    """The kind of the barcode and what it carries, in one line."""
    if scan.kind == "unknown":
        return "unknown: this is no barcode of the floor"
    carried = msgspec.structs.asdict(scan).items()
    told = (f"{name} {value}" for name, value in carried if value and name not in ("kind", "raw"))
    return f"{scan.kind}: {', '.join(told)}"


def drawn(scan: Scan, *, qr: bool) -> zxingcpp.Barcode:
    """Bars as they are on the floor: retail bars for a GTIN, GS1-128 for element strings, else Code 128."""
    text = f"(00){scan.code}" if scan.kind == "sscc" and not _BRACKETED.match(scan.raw) else scan.raw
    gs1 = _BRACKETED.match(text) is not None
    bars = RETAIL.get(len(text)) if scan.kind == "item" and text.isdigit() else None
    kind = zxingcpp.BarcodeFormat.QRCode if qr else bars or zxingcpp.BarcodeFormat.Code128
    return zxingcpp.create_barcode(text, kind, gs1=gs1) if gs1 else zxingcpp.create_barcode(text, kind)


def _file_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "_", text).strip("_")[:60] or "barcode"


def _png(image: zxingcpp.Image) -> bytes:
    """A grey picture as PNG (RFC 2083: header, one compressed block of rows without filter, end)."""
    grey = memoryview(image)  # type: ignore[arg-type]  # it offers a buffer, its stub does not say so
    height, width = image.shape
    pixels = grey.tobytes()
    rows = b"".join(b"\0" + pixels[row * width : (row + 1) * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
