"""Why: what can be sold and how it is recognised."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Json, Utc

TRACKING = ("none", "lot", "lot_expiry", "serial")

item = table(
    "item",
    sa.Column("id", Id, primary_key=True),
    sa.Column("sku", sa.Text, nullable=False, unique=True),
    sa.Column("names", Json, nullable=False),  # {"en": …, "de": …}
    sa.Column("uom", sa.Text, nullable=False, server_default="each"),
    sa.Column("weight_g", sa.Integer, nullable=False),
    sa.Column("length_mm", sa.Integer, nullable=False),
    sa.Column("width_mm", sa.Integer, nullable=False),
    sa.Column("height_mm", sa.Integer, nullable=False),
    sa.Column(
        "tracking",
        sa.Text,
        sa.CheckConstraint("tracking IN ('none', 'lot', 'lot_expiry', 'serial')", name="tracking"),
        nullable=False,
        server_default="none",
    ),
    sa.Column("velocity", sa.Text, nullable=False, server_default="C"),
    sa.Column("hazmat", sa.Text, nullable=True),
    sa.Column("minimum_age", sa.SmallInteger, nullable=False, server_default="0"),  # of who may buy it; 0: anybody
    sa.Column("price_minor", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("currency", sa.Text, nullable=False, server_default="EUR"),
    sa.Column("picture_svg", sa.Text, nullable=True),
    sa.Column("picture_version", sa.Text, nullable=True),  # of the drawing, in its address
    sa.Column("search", sa.Text, nullable=False, server_default=""),  # the names in small letters
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("created_at", Utc, nullable=False),
    stream="core",
)

item_barcode = table(
    "item_barcode",
    sa.Column("code", sa.Text, primary_key=True),  # GTIN as 14 digits, or own I-…
    sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False, index=True),
    sa.Column("uom", sa.Text, nullable=False),  # each | inner | case | pallet
    sa.Column(
        "quantity", sa.Integer, sa.CheckConstraint("quantity > 0", name="quantity"), nullable=False
    ),  # base units in one
    stream="core",
)
