"""Why: what the guide and the sheets are asked and answer."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.setup.rules import Step

SheetKind = Literal["badges", "bins", "places", "carts", "totes", "commands"]
Text = Annotated[str, Meta(max_length=60)]


class Guide(msgspec.Struct, frozen=True):
    """The set-up of a warehouse, step by step in order; `next` is the first that is missing, null when it can begin."""

    warehouse: int
    steps: list[Step]
    next: str | None


class Card(msgspec.Struct, frozen=True):
    """A card of a sheet, whatever it is: `name` large, `note` beside it, `barcode` below; a cart has `slots`."""

    name: str
    barcode: str
    note: str = ""
    slots: int = 0


class Order(msgspec.Struct, frozen=True):
    """A sheet to draw."""

    kind: SheetKind
    of: str
    cards: list[Card]
