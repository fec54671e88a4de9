"""How a shop shows itself: readable on whatever colour, by a picture that can do nothing but be looked at."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.refusal import Refusal
from server.db.database import Database
from server.db.work import Actor
from server.shipping import api, brand
from server.shipping.brand import PutBrand
from server.shipping.logo import SIGNATURE, NoLogo, safe
from tests.support.wire import client

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


HEAD = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
PIXEL = chunk(b"IDAT", zlib.compress(b"\0\0"))
END = chunk(b"IEND", b"")


def test_of_a_png_only_the_picture_is_kept() -> None:
    told = SIGNATURE + HEAD + chunk(b"tEXt", b"Author\0Ana") + chunk(b"eXIf", b"52.5,13.4") + PIXEL + END + b"<script>"
    assert safe(told) == (SIGNATURE + HEAD + PIXEL + END, "image/png")


@pytest.mark.parametrize("wrong", [
    b"GIF89a", b"\xff\xfe", SIGNATURE, SIGNATURE + HEAD + END, SIGNATURE + HEAD[:-1] + b"x" + PIXEL + END,
    SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 5000, 1, 8, 0, 0, 0, 0)) + PIXEL + END, b" " * 300_000,
    SVG.replace(b"<rect", b"<script>1</script><rect"), SVG.replace(b"<rect", b'<rect onload="x()"'),
    SVG.replace(b"<rect", b'<image href="https://elsewhere.example/x.png"/><rect'), b"<!DOCTYPE svg>" + SVG,
])  # fmt: skip
def test_what_is_more_than_a_picture_is_refused(wrong: bytes) -> None:
    with pytest.raises(NoLogo):
        safe(wrong)


@given(st.integers(0, 0xFFFFFF))
def test_what_is_written_on_a_colour_can_be_read(number: int) -> None:
    colour = f"#{number:06x}"
    assert brand.contrast(brand.ink(colour), colour) >= brand.READABLE


async def test_a_shop_is_shown_as_it_was_set_up_by_one_person_at_a_time(database: Database) -> None:
    async with client(database, [api.brand_router, api.track_router], Actor(name="Sara"), cancel_pace=None) as http:
        first = (await http.get("/api/brand")).json()
        assert (first["name"], first["colour"], first["logo"]) == ("", brand.COLOUR, "")
        assert (await http.get("/api/track/logo")).status_code == 404
        new = {
            "name": "Hafen & Honig", "contact": "help@example.com", "colour": "#FFD23F", "logo": "new",
            "file": b64encode(SVG).decode(), "edition": first["edition"],
        }  # fmt: skip
        saved = (await http.put("/api/brand", json=new)).json()
        assert (saved["colour"], saved["ink"], len(saved["logo"])) == ("#ffd23f", brand.DARK_INK, 16)
        assert (await http.put("/api/brand", json=new)).json()["code"] == "changed_meanwhile"
        picture = await http.get("/api/track/logo")
        assert (picture.content, picture.headers["content-type"]) == (SVG, "image/svg+xml")
        kept = {"name": "Hafen", "edition": saved["edition"]}
        assert (await http.put("/api/brand", json=kept)).json()["logo"] == saved["logo"]
        shown = await database.read(brand.shown)
        assert (shown.name, shown.logo) == ("Hafen", f"/api/track/logo?v={saved['logo']}")
        for change, field in (({"colour": "blue"}, "colour"), ({"name": "a\nb"}, "name"), ({"logo": "new"}, "file")):
            wrong = await http.put("/api/brand", json=change)
            assert (wrong.status_code, wrong.json()["faults"][0]["field"]) == (422, field)
        assert (await http.put("/api/brand", json={"logo": "none"})).json()["logo"] == ""


async def test_without_a_logo_there_is_none(database: Database) -> None:
    with pytest.raises(Refusal, match="not_found"):
        await database.read(partial(brand.logo))
    assert PutBrand().colour == brand.COLOUR
