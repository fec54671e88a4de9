"""Why: a shop's logo is shown to strangers: of a PNG only the picture is kept, of an SVG only a plain drawing. Pure."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from server.catalog import rules as catalog
from server.core.refusal import Fault

MOST_BYTES: Final = 200 * 1024
MOST_PIXELS: Final = 4_000
PICTURE: Final = "a PNG or a plain SVG"
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
KEPT: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""What a picture is made of; texts, profiles and places where it was taken are left out."""


class Logo(NamedTuple):
    """A picture that can do nothing but be looked at, and its media type."""

    body: bytes
    media_type: str


class NoLogo(Exception):
    """This is no picture that can be shown; the fault says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def safe(given: bytes) -> Logo:
    """The picture in these bytes; raises NoLogo."""
    if len(given) > MOST_BYTES:
        raise NoLogo(Fault("file", "A logo has at most {most} kB.", PICTURE, params={"most": MOST_BYTES // 1024}))
    if given.startswith(SIGNATURE):
        return Logo(_png(given), "image/png")
    try:
        text = given.decode()
    except UnicodeDecodeError:
        raise NoLogo(Fault("file", "This is neither a PNG nor an SVG.", PICTURE)) from None
    if fault := catalog.unsafe(text, "file"):
        raise NoLogo(fault)
    return Logo(given, "image/svg+xml")


def _png(given: bytes) -> bytes:
    chunks = list(_chunks(given))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        raise NoLogo(Fault("file", "This PNG is not whole.", PICTURE))
    width, height = struct.unpack(">II", chunks[0][1][:8])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        said = "A logo is at most {most} pixels wide and high."
        raise NoLogo(Fault("file", said, PICTURE, params={"most": MOST_PIXELS}))
    if not any(name == b"IDAT" for name, _ in chunks):
        raise NoLogo(Fault("file", "This PNG holds no picture.", PICTURE))
    return SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks if name in KEPT)


def _chunks(given: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(given):
        if len(given) < at + 12:
            raise NoLogo(Fault("file", "This PNG is not whole.", PICTURE))
        length, name = struct.unpack(">I4s", given[at : at + 8])
        body, proof = given[at + 8 : at + 8 + length], given[at + 8 + length : at + 12 + length]
        if len(proof) != 4 or struct.unpack(">I", proof)[0] != zlib.crc32(name + body):
            raise NoLogo(Fault("file", "This PNG is not whole.", PICTURE))
        yield name, body
        at += 12 + length
        if name == b"IEND":
            return


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
