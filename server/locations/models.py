"""Why: where things can be, in metres and in words; a warehouse's number is its stream."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Json

BIN_TYPES = (
    "pick",
    "reserve",
    "receiving",
    "staging",
    "pack",
    "dock",
    "quarantine",
    "returns",
    "cart",
    "supplier",
    "customer",
    "adjustment",
    "scrap",
)
VIRTUAL_TYPES = ("supplier", "customer", "adjustment", "scrap")  # they close the books, may go negative

warehouse = table(
    "warehouse",
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),  # = its stream: 1, 2, …
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("address", Json, nullable=False),
    sa.Column("gcp", sa.Text, nullable=False),  # GS1 company prefix of its SSCCs
    sa.Column("floor", Json, nullable=False),  # {"aisles": {"A01": x_mm…}, "cross": [y_mm…], "depot": [x, y]}
    stream="core",
)

zone = table(
    "zone",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.UniqueConstraint("warehouse_id", "code"),
    stream="warehouse",
)

bin = table(
    "bin",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("zone_id", Id, sa.ForeignKey("zone.id"), nullable=True),
    sa.Column("code", sa.Text, nullable=False),  # A07-03-B
    sa.Column(
        "type",
        sa.Text,
        sa.CheckConstraint("type IN ({})".format(", ".join(f"'{each}'" for each in BIN_TYPES)), name="type"),
        nullable=False,
    ),
    sa.Column("aisle", sa.Text, nullable=False, server_default=""),
    sa.Column("bay", sa.Integer, nullable=False, server_default="0"),
    sa.Column("level", sa.Text, nullable=False, server_default=""),
    sa.Column("side", sa.Text, nullable=False, server_default=""),  # left | right
    sa.Column("x_mm", sa.Integer, nullable=False, server_default="0"),
    sa.Column("y_mm", sa.Integer, nullable=False, server_default="0"),
    sa.Column("z_mm", sa.Integer, nullable=False, server_default="0"),
    sa.Column("check_digits", sa.Text, nullable=False, server_default=""),
    sa.Column("sequence", sa.Integer, nullable=False, server_default="0"),  # bin order
    sa.Column("max_weight_g", sa.Integer, nullable=True),
    sa.Column("max_volume_ml", sa.Integer, nullable=True),
    sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("warehouse_id", "code"),
    sa.Index(None, "warehouse_id", "type", "sequence", "code"),  # the special bins, which every scan books to or from
    stream="warehouse",
)
