"""Why: orders released together against a cut-off, with what the plan promised in metres."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Json, Utc, state_column
from server.waves.lifecycle import WAVE

wave = table(
    "wave",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    state_column(WAVE),
    sa.Column("cutoff_at", Utc, nullable=False),
    sa.Column("filter", Json, nullable=False),
    sa.Column("orders", sa.Integer, nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("units", sa.Integer, nullable=False),
    sa.Column("short_lines", sa.Integer, nullable=False),
    sa.Column("tours", sa.Integer, nullable=False),
    sa.Column("length_mm", sa.BigInteger, nullable=False),
    sa.Column("bin_order_mm", sa.BigInteger, nullable=False),
    sa.Column("slices_done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("slices", sa.Integer, nullable=False, server_default="0"),
    sa.Column("plan", Json, nullable=True),  # what is still to be written while releasing
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("created_by", Id, nullable=True),
    sa.Column("released_at", Utc, nullable=True),
    sa.UniqueConstraint("warehouse_id", "number"),
    stream="warehouse",
)

wave_template = table(
    "wave_template",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("cutoff", sa.Text, nullable=True),  # HH:MM in the warehouse's zone: orders of today's cut-offs up to it
    sa.Column("services", Json, nullable=True),
    sa.Column("carrier", sa.Text, nullable=True),
    sa.Column("zone", sa.Text, nullable=True),
    sa.Column("most", sa.Integer, nullable=False),
    sa.UniqueConstraint("warehouse_id", "name"),
    stream="warehouse",
)
"""A filter with a name, that is asked again each day."""
