"""Why: a customer is written to, and follows an order, under the name of the shop where it was bought.

One row for the house. Whatever colour is chosen, what is written on it can be read: the ink is reckoned, not chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Final, Literal
from urllib.parse import quote

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.core.editions import Edited, Edition, unchanged
from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.locations.models import warehouse
from server.shipping.logo import Logo, NoLogo, safe
from server.shipping.models import shop_brand

ONLY: Final = 1
COLOUR: Final = "#1f62d9"
LIGHT_INK: Final = "#ffffff"
DARK_INK: Final = "#000000"
READABLE: Final = 4.5
"""The contrast that text needs (WCAG 2.2, AA)."""

_COLOUR: Final = re.compile(r"^#[0-9a-f]{6}$")
_BRAND: Final = sa.select(shop_brand.c.name, shop_brand.c.contact, shop_brand.c.colour, shop_brand.c.logo_version)
_LOGO: Final = sa.select(shop_brand.c.logo, shop_brand.c.logo_type).where(shop_brand.c.logo.is_not(None))
_HOUSE: Final = sa.select(warehouse.c.name).order_by(warehouse.c.id).limit(1)
_ADD: Final = sa.insert(shop_brand)
_SET: Final = sa.update(shop_brand).where(shop_brand.c.id == ONLY)


class Brand(Edited, frozen=True):
    """How the shop shows itself. `logo`: the picture's version; empty: the name alone."""

    EDITED: ClassVar[tuple[str, ...]] = ("name", "contact", "colour", "logo")
    name: str
    contact: str
    colour: str
    ink: str
    logo: str


class PutBrand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the shop shows itself from now on."""

    name: Annotated[str, Meta(max_length=80, examples=["Hafen & Honig"], description="Empty: the warehouse's.")] = ""
    contact: Annotated[
        str, Meta(max_length=200, description="How customers reach it.", examples=["+49 30 2312500"])
    ] = ""
    colour: Annotated[str, Meta(max_length=7, examples=["#1f62d9"])] = COLOUR
    logo: Annotated[Literal["keep", "none", "new"], Meta(description="`new`: the one in `file`.")] = "keep"
    file: Annotated[bytes, Meta(max_length=400_000, description="A PNG or SVG, as base64.")] = b""
    edition: Edition | None = None


class Shown(msgspec.Struct, frozen=True):
    """How the shop shows itself to customers; `logo` is an address, empty without one."""

    name: str
    contact: str
    colour: str
    ink: str
    logo: str


def brand(conn: sa.Connection) -> Brand:
    """As it is set up."""
    row = conn.execute(_BRAND).one_or_none()
    if row is None:
        return Brand("", "", COLOUR, ink(COLOUR), "")
    name, contact, colour, version = row
    return Brand(name, contact, colour, ink(colour), version)


def shown(conn: sa.Connection) -> Shown:
    """As customers see it: without a name of its own it is called as its first warehouse."""
    set_up = brand(conn)
    name = set_up.name or conn.execute(_HOUSE).scalar_one_or_none() or ""
    at = f"/api/track/logo?v={quote(set_up.logo)}" if set_up.logo else ""
    return Shown(name, set_up.contact, set_up.colour, set_up.ink, at)


def logo(conn: sa.Connection) -> Logo:
    """The picture; refuses `not_found` without one."""
    row = conn.execute(_LOGO).one_or_none()
    if row is None:
        raise Refusal("not_found")
    return Logo(bytes(row[0]), row[1])


def put(work: Work, new: PutBrand) -> Brand:
    """How the shop shows itself from now on. Stream 0. Refuses `changed_meanwhile` and `invalid`."""
    before = work.conn.execute(_BRAND).one_or_none()
    unchanged(new.edition, brand(work.conn))
    colour = new.colour.lower()
    if wrong := tuple(_faults(new, colour)):
        raise Refusal("invalid", *wrong, count=len(wrong))
    row: dict[str, Any] = {"name": new.name.strip(), "contact": new.contact.strip(), "colour": colour}
    if new.logo != "keep":
        picture = safe(new.file) if new.logo == "new" else None
        version = sha256(picture.body).hexdigest()[:16] if picture else ""
        row |= {"logo": picture and picture.body, "logo_type": picture and picture.media_type, "logo_version": version}
    if before is None:
        work.execute(_ADD.values(id=ONLY, **row))
    else:
        work.execute(_SET.values(**row))
    return brand(work.conn)


def _faults(new: PutBrand, colour: str) -> Iterator[Fault]:
    for field, text in (("name", new.name), ("contact", new.contact)):
        if not text.isprintable():
            yield Fault(field, "This text holds control characters.", "one line", text[:60])
    if not _COLOUR.match(colour):
        yield Fault("colour", "This is no colour.", "# and six digits, such as #1f62d9", colour[:60])
    if new.logo == "new":
        try:
            safe(new.file)
        except NoLogo as why:
            yield why.fault


# --- what can be read on a colour ----------------------------------------------------------------------------------


def ink(colour: str) -> str:
    """The colour of what is written on this one: light or dark, whichever is read more easily."""
    return max((LIGHT_INK, DARK_INK), key=lambda each: contrast(each, colour))


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, 1 to 21 (WCAG)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
