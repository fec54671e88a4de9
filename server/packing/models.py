"""Why: stations, carton types and cartons: what was scanned into which box."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Utc, state_column
from server.packing.lifecycle import CARTON

station = table(
    "station",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("code", sa.Text, nullable=False),  # PACK-1; its barcode is S-PACK-1
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("bin_id", Id, sa.ForeignKey("bin.id"), nullable=False),
    sa.Column("printer_id", Id, sa.ForeignKey("printer.id"), nullable=True),
    sa.UniqueConstraint("warehouse_id", "code"),
    stream="warehouse",
)

carton_type = table(
    "carton_type",
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("length_mm", sa.Integer, nullable=False),  # inside
    sa.Column("width_mm", sa.Integer, nullable=False),
    sa.Column("height_mm", sa.Integer, nullable=False),
    sa.Column("tare_g", sa.Integer, nullable=False),
    sa.Column("max_weight_g", sa.Integer, nullable=False),
    stream="core",
)

carton = table(
    "carton",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),  # 1, 2, … within its fulfilment
    sa.Column("fulfilment_id", Id, sa.ForeignKey("fulfilment.id"), nullable=False, index=True),
    sa.Column("shipment_id", Id, sa.ForeignKey("shipment.id"), nullable=False, index=True),
    sa.Column("station_id", Id, sa.ForeignKey("station.id"), nullable=False),
    sa.Column("lpn_id", Id, sa.ForeignKey("lpn.id"), nullable=False),
    sa.Column("sscc", sa.Text, nullable=False, unique=True),
    sa.Column("carton_type", sa.Text, sa.ForeignKey("carton_type.code"), nullable=False),
    state_column(CARTON),
    sa.Column("expected_g", sa.Integer, nullable=False, server_default="0"),
    sa.Column("weight_g", sa.Integer, nullable=True),
    sa.Column("person_id", Id, nullable=True),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("closed_at", Utc, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.UniqueConstraint("fulfilment_id", "number"),
    stream="warehouse",
)

carton_item = table(
    "carton_item",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("carton_id", Id, sa.ForeignKey("carton.id"), nullable=False),
    sa.Column("line_id", Id, sa.ForeignKey("fulfilment_line.id"), nullable=False, index=True),
    sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
    sa.Column("lot", sa.Text, nullable=False, server_default=""),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.UniqueConstraint("carton_id", "line_id", "lot"),
    stream="warehouse",
)
