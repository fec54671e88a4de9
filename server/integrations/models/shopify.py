"""Why: what a shop sends in is kept as it came before anything is made of it, and none of it is lost."""

from __future__ import annotations

import sqlalchemy as sa

from server.core.refusal import Fault
from server.db.base import table
from server.db.types import Id, Json, Utc, state_column
from server.integrations.lifecycle import INCOMING

shop_channel = table(
    "shop_channel",
    sa.Column("channel", sa.Text, primary_key=True),  # as on its orders
    sa.Column("secret", sa.Text, nullable=False),  # proves what it sends, so it cannot be kept as a hash
    sa.Column("service", sa.Text, nullable=False),  # code of the carrier's service by which its orders go
    sa.Column("warehouse_id", sa.SmallInteger, nullable=True),  # sourced from; None: the first one
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created_at", Utc, nullable=False),
    stream="core",
)

shop_delivery = table(
    "shop_delivery",
    sa.Column("id", Id, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("delivery", sa.Text, nullable=False),  # the shop's own id of it
    sa.Column("digest", sa.LargeBinary, nullable=False),  # SHA-256 of the body: what its headers say is not signed
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("triggered_at", sa.Text, nullable=False),  # as the shop says it
    sa.Column("received_at", Utc, nullable=False, index=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    state_column(INCOMING),
    sa.Column("subject", sa.Text, nullable=True),  # the shop's own id of the order
    sa.Column("order_number", sa.BigInteger, nullable=True),
    sa.Column("reason", sa.Text, nullable=True),  # a code: why it was refused or ignored
    sa.Column("faults", Json(tuple[Fault, ...]), nullable=True),
    sa.UniqueConstraint("channel", "delivery"),
    sa.UniqueConstraint("channel", "digest"),
    sa.Index("ix_shop_delivery_order", "channel", "order_number"),
    sa.Index(
        "ix_shop_delivery_due",
        "state",
        sqlite_where=sa.text("state = 'received'"),
        postgresql_where=sa.text("state = 'received'"),
    ),
    stream="core",
)
