"""Why: stock is always the sum of its movements; quants are that sum, kept so that a scan need not add up."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Utc

STATUSES = ("available", "hold", "damaged", "quarantine", "expired")

lpn = table(
    "lpn",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column(
        "kind",
        sa.Text,
        sa.CheckConstraint("kind IN ('tote', 'carton', 'pallet')", name="kind"),
        nullable=False,
    ),
    sa.Column("code", sa.Text, nullable=False),  # T-0419, or a carton's SSCC
    sa.UniqueConstraint("warehouse_id", "code"),
    stream="warehouse",
)

quant = table(
    "quant",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("bin_id", Id, sa.ForeignKey("bin.id"), nullable=False),
    sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
    sa.Column("lot", sa.Text, nullable=False, server_default=""),
    sa.Column("expiry", sa.Date, nullable=True),
    sa.Column(
        "status",
        sa.Text,
        sa.CheckConstraint("status IN ('available', 'hold', 'damaged', 'quarantine', 'expired')", name="status"),
        nullable=False,
        server_default="available",
    ),
    sa.Column("lpn_id", Id, sa.ForeignKey("lpn.id"), nullable=True),
    sa.Column("on_hand", sa.BigInteger, nullable=False),
    sa.Column(
        "reserved",
        sa.BigInteger,
        sa.CheckConstraint("reserved >= 0", name="reserved"),
        nullable=False,
        server_default="0",
    ),
    sa.Index(
        "ux_quant_loose",
        "bin_id",
        "item_id",
        "lot",
        "status",
        unique=True,
        sqlite_where=sa.text("lpn_id IS NULL"),
        postgresql_where=sa.text("lpn_id IS NULL"),
    ),
    sa.Index(
        "ux_quant_lpn",
        "bin_id",
        "lpn_id",
        "item_id",
        "lot",
        "status",
        unique=True,
        sqlite_where=sa.text("lpn_id IS NOT NULL"),
        postgresql_where=sa.text("lpn_id IS NOT NULL"),
    ),
    sa.Index("ix_quant_item", "warehouse_id", "item_id"),
    sa.Index("ix_quant_lpn", "lpn_id"),
    stream="warehouse",
)

movement = table(
    "movement",
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
    sa.Column("lot", sa.Text, nullable=False, server_default=""),
    sa.Column("quantity", sa.BigInteger, sa.CheckConstraint("quantity > 0", name="quantity"), nullable=False),
    sa.Column("from_bin_id", Id, sa.ForeignKey("bin.id"), nullable=False),
    sa.Column("from_lpn_id", Id, sa.ForeignKey("lpn.id"), nullable=True),
    sa.Column("from_status", sa.Text, nullable=False),
    sa.Column("to_bin_id", Id, sa.ForeignKey("bin.id"), nullable=False),
    sa.Column("to_lpn_id", Id, sa.ForeignKey("lpn.id"), nullable=True),
    sa.Column("to_status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),  # opening, pick, put_back, short, pack, ship, move, undo, count
    sa.Column("person_id", Id, nullable=True),
    sa.Column("device_id", Id, nullable=True),
    sa.Column("command_id", Id, nullable=False, index=True),
    sa.Index("ix_movement_item", "warehouse_id", "item_id", "id"),
    stream="warehouse",
)
