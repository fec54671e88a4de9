"""Why: what a person on the floor is to do, and what devices have said so far."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Json, Utc, state_column
from server.tasks.lifecycle import ASIDE, TASK, TOTE, TOUR

cart = table(
    "cart",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("code", sa.Text, nullable=False),  # C-07
    sa.Column("slots", sa.Integer, nullable=False),
    sa.Column("slot_volume_ml", sa.Integer, nullable=False),
    sa.Column("slot_weight_g", sa.Integer, nullable=False),
    sa.Column("tour_id", Id, nullable=True),
    sa.UniqueConstraint("warehouse_id", "code"),
    stream="warehouse",
)

tote = table(
    "tote",
    sa.Column("lpn_id", Id, sa.ForeignKey("lpn.id"), primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    state_column(TOTE),
    sa.Column("tour_id", Id, nullable=True, index=True),
    sa.Column("station_id", Id, nullable=True),
    stream="warehouse",
)

tour = table(
    "tour",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("wave_id", Id, nullable=True, index=True),
    state_column(TOUR),
    sa.Column("cart_id", Id, sa.ForeignKey("cart.id"), nullable=True),
    sa.Column("person_id", Id, nullable=True),
    sa.Column("device_id", Id, nullable=True),
    sa.Column("lease_until", Utc, nullable=True),
    sa.Column("cutoff_at", Utc, nullable=False),
    sa.Column("length_mm", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("bin_order_mm", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("proven", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("path", Json, nullable=False),  # [[x_mm, y_mm], …], the closed walk
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("taken_at", Utc, nullable=True),
    sa.Column("finished_at", Utc, nullable=True),
    sa.UniqueConstraint("warehouse_id", "number"),
    sa.Index("ix_tour_state", "warehouse_id", "state"),
    stream="warehouse",
)

tour_slot = table(
    "tour_slot",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("tour_id", Id, sa.ForeignKey("tour.id"), nullable=False),
    sa.Column("slot", sa.Integer, nullable=False),
    sa.Column("fulfilment_id", Id, sa.ForeignKey("fulfilment.id"), nullable=False, index=True),
    sa.Column("lpn_id", Id, sa.ForeignKey("lpn.id"), nullable=True, index=True),
    sa.UniqueConstraint("tour_id", "slot"),
    stream="warehouse",
)

task = table(
    "task",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column(
        "kind",
        sa.Text,
        sa.CheckConstraint("kind IN ('pick', 'put_back', 'count', 'unpack')", name="kind"),
        nullable=False,
    ),
    state_column(TASK),
    sa.Column("tour_id", Id, sa.ForeignKey("tour.id"), nullable=True),
    sa.Column("slot", sa.Integer, nullable=True),
    sa.Column("position", sa.Integer, nullable=False, server_default="0"),  # stop order on the tour
    sa.Column("fulfilment_id", Id, sa.ForeignKey("fulfilment.id"), nullable=True),
    sa.Column("line_id", Id, sa.ForeignKey("fulfilment_line.id"), nullable=True, index=True),
    sa.Column("quant_id", Id, sa.ForeignKey("quant.id"), nullable=True, index=True),  # reserved on
    sa.Column("bin_id", Id, sa.ForeignKey("bin.id"), nullable=False),
    sa.Column("lpn_id", Id, sa.ForeignKey("lpn.id"), nullable=True),  # put back: out of this tote
    sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
    sa.Column("lot", sa.Text, nullable=False, server_default=""),
    sa.Column("expiry", sa.Date, nullable=True),
    sa.Column("quantity", sa.Integer, nullable=False),  # wanted, in base units
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("short", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reason", sa.Text, nullable=True),
    sa.Column("person_id", Id, nullable=True),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("done_at", Utc, nullable=True),
    sa.Index("ix_task_tour", "tour_id", "position"),
    sa.Index("ix_task_fulfilment", "fulfilment_id"),
    sa.Index("ix_task_open", "warehouse_id", "kind", "state"),
    sa.Index("ix_task_done", "warehouse_id", "done_at"),
    stream="warehouse",
)

floor_effect = table(
    "floor_effect",
    sa.Column("command_id", Id, primary_key=True),  # what a command did, so that it can be taken back
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("task_id", Id, nullable=True),
    sa.Column("tour_id", Id, nullable=True),
    sa.Column("carton_id", Id, nullable=True),
    sa.Column("person_id", Id, nullable=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("effect", Json, nullable=False),
    sa.Column("undone_by", Id, nullable=True),
    sa.Index("ix_floor_effect_person", "warehouse_id", "person_id", "at"),
    sa.Index("ix_floor_effect_task", "task_id"),
    stream="warehouse",
)

device_stream = table(
    "device_stream",
    sa.Column("device_id", Id, primary_key=True),
    sa.Column("epoch", sa.Text, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("high_water", sa.BigInteger, nullable=False),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("seen_at", Utc, nullable=False),
    stream="warehouse",
)

fact_aside = table(
    "fact_aside",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    state_column(ASIDE),
    sa.Column("device_id", Id, nullable=False),
    sa.Column("person_id", Id, nullable=True),
    sa.Column("command_id", Id, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("decided_at", Utc, nullable=True),
    sa.Column("decided_by", Id, nullable=True),
    stream="warehouse",
)
