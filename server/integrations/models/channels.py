"""Why: what a channel sends in is kept as it came before anything is made of it, and none of it is lost."""

from __future__ import annotations

import sqlalchemy as sa

from server.core.refusal import Fault
from server.db.base import table
from server.db.types import Id, Json, Utc, state_column
from server.integrations.lifecycle import INCOMING
from server.integrations.rules.channels import Answers, Settings
from server.integrations.rules.sold import Told

sales_channel = table(
    "sales_channel",
    sa.Column("code", sa.Text, primary_key=True),  # as on its orders
    sa.Column("kind", sa.Text, nullable=False),  # a name of rules/channels.py
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),  # proves what it sends, so it cannot be kept as a hash
    sa.Column("token", sa.Text, nullable=False, server_default=""),  # opens its API
    sa.Column("settings", Json(Settings), nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created_at", Utc, nullable=False),
    stream="core",
)

channel_edition = table(
    "channel_edition",
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("settings", Json(Settings), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
    stream="core",
)

shop_delivery = table(
    "shop_delivery",
    sa.Column("id", Id, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("delivery", sa.Text, nullable=False),  # the channel's own id of it
    sa.Column("digest", sa.LargeBinary, nullable=False),  # SHA-256 of the body: what its headers say is not signed
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("triggered_at", sa.Text, nullable=False),  # as the channel says it
    sa.Column("received_at", Utc, nullable=False, index=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    state_column(INCOMING),
    sa.Column("subject", sa.Text, nullable=True),  # the channel's own id of the order
    sa.Column("order_number", sa.BigInteger, nullable=True),
    sa.Column("reason", sa.Text, nullable=True),  # a code: why it was refused or ignored
    sa.Column("faults", Json(tuple[Fault, ...]), nullable=True),
    sa.Column("answers", Json(Answers), nullable=True),  # what a person said that its words mean
    sa.UniqueConstraint("channel", "delivery"),
    sa.UniqueConstraint("channel", "digest"),
    sa.Index("ix_shop_delivery_order", "channel", "order_number"),
    sa.Index("ix_shop_delivery_subject", "channel", "subject"),
    sa.Index(
        "ix_shop_delivery_due",
        "state",
        sqlite_where=sa.text("state = 'received'"),
        postgresql_where=sa.text("state = 'received'"),
    ),
    stream="core",
)

channel_order = table(
    "channel_order",
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),  # the channel's own id of the order
    sa.Column("order_id", Id, nullable=True, index=True),  # None: it was called off before it was here
    sa.Column("number", sa.BigInteger, nullable=True),
    sa.Column("told", Json(Told), nullable=False),  # what the channel has said and what was made of it
    stream="core",
)

left_checkout = table(
    "left_checkout",
    sa.Column("id", Id, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("checkout", sa.Text, nullable=False),  # the channel's own name of it
    sa.Column("began_at", Utc, nullable=False, index=True),
    sa.Column("moved_at", Utc, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("value_minor", sa.BigInteger, nullable=False),
    sa.Column("units", sa.Integer, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=True),  # of the order that it became
    sa.Column("recovered_at", Utc, nullable=True),
    sa.UniqueConstraint("channel", "checkout"),
    stream="core",
)
