"""Why: stations, carton types and cartons: what was scanned into which box.

A carton knows nothing of shipments and labels: the later room `shipping` hangs those on it (decision 0004).
"""

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
    sa.Column("second_printer_id", Id, sa.ForeignKey("printer.id"), nullable=True),
    sa.Column("on_second", sa.Boolean, nullable=False, server_default=sa.false()),  # its packer has chosen that one
    sa.Column("parking", sa.Integer, nullable=False, server_default="0"),  # numbered places for waiting totes
    sa.UniqueConstraint("warehouse_id", "code"),
    stream="warehouse",
)

parked = table(
    "parked_order",
    sa.Column("station_id", Id, sa.ForeignKey("station.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),  # 1, 2, … of the station's parking
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("fulfilment_id", Id, sa.ForeignKey("fulfilment.id"), nullable=False, index=True),
    sa.Column("since", Utc, nullable=False),
    sa.Column("last_id", Id, sa.ForeignKey("lpn.id"), nullable=True),  # the tote that made it complete: on the bench
    sa.UniqueConstraint("station_id", "fulfilment_id"),
    stream="warehouse",
)
"""What is here of an order that lies in another tote too stands on a numbered place until all of it is there."""

carton_type = table(
    "carton_type",
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("length_mm", sa.Integer, nullable=False),  # inside
    sa.Column("width_mm", sa.Integer, nullable=False),
    sa.Column("height_mm", sa.Integer, nullable=False),
    sa.Column("tare_g", sa.Integer, nullable=False),
    sa.Column("max_weight_g", sa.Integer, nullable=False),
    sa.Column("fill_percent", sa.Integer, nullable=False, server_default="85"),  # goods are not water
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    stream="core",
)

carton = table(
    "carton",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),  # 1, 2, … within its fulfilment
    sa.Column("fulfilment_id", Id, sa.ForeignKey("fulfilment.id"), nullable=False, index=True),
    sa.Column("station_id", Id, sa.ForeignKey("station.id"), nullable=False),
    sa.Column("lpn_id", Id, sa.ForeignKey("lpn.id"), nullable=False),
    sa.Column("sscc", sa.Text, nullable=False, unique=True),
    sa.Column("carton_type", sa.Text, sa.ForeignKey("carton_type.code"), nullable=False),
    state_column(CARTON),
    sa.Column("expected_g", sa.Integer, nullable=False, server_default="0"),
    sa.Column("weight_g", sa.Integer, nullable=True),  # weighed and found right
    sa.Column("person_id", Id, nullable=True),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("closed_at", Utc, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.UniqueConstraint("fulfilment_id", "number"),
    sa.Index("ix_carton_station", "station_id", "state"),
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
    sa.Column("expiry", sa.Date, nullable=True),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.UniqueConstraint("carton_id", "line_id", "lot"),
    stream="warehouse",
)
