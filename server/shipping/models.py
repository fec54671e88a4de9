"""Why: who carries it, by which service, and the one label that may leave on each carton."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from server.db.base import table
from server.db.fulltext import FullText
from server.db.types import Id, Utc, state_column
from server.shipping.lifecycle import LABEL, SHIPMENT

shipment = table(
    "shipment",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("fulfilment_id", Id, sa.ForeignKey("fulfilment.id"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    state_column(SHIPMENT),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("closed_at", Utc, nullable=True),
    sa.UniqueConstraint("fulfilment_id", "number"),
    stream="warehouse",
)

parcel_text = table(
    "parcel_text",
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),  # SSCC and tracking number in small letters, blanks around each
    stream="warehouse",
)
"""What is printed on a label, by which its order is found; it stays when the label is void."""
PARCEL_TEXT: Final = FullText(parcel_text, "id")

label = table(
    "label",
    sa.Column("id", Id, primary_key=True),  # also the key at the carrier
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("carton_id", Id, sa.ForeignKey("carton.id"), nullable=False, index=True),
    sa.Column("shipment_id", Id, sa.ForeignKey("shipment.id"), nullable=False, index=True),
    state_column(LABEL),
    sa.Column("sscc", sa.Text, nullable=False),
    sa.Column("tracking", sa.Text, nullable=True),
    sa.Column("zpl", sa.LargeBinary, nullable=True),
    sa.Column("reason", sa.Text, nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due_at", Utc, nullable=True),  # when the carrier is to be asked, or told that it is void
    sa.Column("asker", sa.BigInteger, nullable=True),  # the process that asks now, as the database knows it
    sa.Column("wanted_at", Utc, nullable=False),
    sa.Column("issued_at", Utc, nullable=True),
    sa.Index("ix_label_due", "due_at"),
    sa.Index(
        "ix_label_asker",
        "asker",
        sqlite_where=sa.text("asker IS NOT NULL"),
        postgresql_where=sa.text("asker IS NOT NULL"),
    ),
    sa.Index(
        "ux_label_live",
        "carton_id",
        unique=True,
        sqlite_where=sa.text("state IN ('wanted', 'live')"),
        postgresql_where=sa.text("state IN ('wanted', 'live')"),
    ),
    stream="warehouse",
)

shop_brand = table(
    "shop_brand",
    sa.Column("id", sa.SmallInteger, sa.CheckConstraint("id = 1", name="only"), primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("colour", sa.Text, nullable=False),  # #rrggbb
    sa.Column("logo", sa.LargeBinary, nullable=True),
    sa.Column("logo_type", sa.Text, nullable=True),
    sa.Column("logo_version", sa.Text, nullable=False, server_default=""),  # of its bytes, which few ask for
    stream="core",
)
"""How the shop shows itself to customers: one row, or none yet."""
