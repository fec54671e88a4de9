"""Why: what others are to be told is written down before anybody calls them, for each endpoint on its own."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Json, Utc, state_column
from server.integrations.lifecycle import DELIVERY, ENDPOINT

webhook_endpoint = table(
    "webhook_endpoint",
    sa.Column("id", Id, primary_key=True),
    sa.Column(
        "channel", sa.Text, nullable=True, unique=True
    ),  # it is that channel's own way back, called in its manner
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("types", Json(list[str]), nullable=False),
    state_column(ENDPOINT),
    sa.Column("why", sa.Text, nullable=True),  # a code: why it is off
    sa.Column("secret", sa.LargeBinary, nullable=False),  # signs, so it cannot be kept as a hash
    sa.Column("former", sa.LargeBinary, nullable=True),  # signs too until then
    sa.Column("former_until", Utc, nullable=True),
    sa.Column("failing_since", Utc, nullable=True),  # the first try that failed since one was taken
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created_at", Utc, nullable=False),
    stream="core",
)

webhook_message = table(
    "webhook_message",
    sa.Column("id", Id, primary_key=True),
    sa.Column("of_stream", sa.SmallInteger, nullable=True),  # where its event stands in the log; a test has none
    sa.Column("position", sa.BigInteger, nullable=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False, index=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("of_stream", "position"),
    stream="core",
)

webhook_delivery = table(
    "webhook_delivery",
    sa.Column("id", Id, primary_key=True),
    sa.Column("message_id", Id, sa.ForeignKey("webhook_message.id"), nullable=False),
    sa.Column("endpoint_id", Id, sa.ForeignKey("webhook_endpoint.id"), nullable=False),
    state_column(DELIVERY),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),  # since it was last asked for
    sa.Column("due_at", Utc, nullable=True),  # only while it waits
    sa.Column("sender", sa.BigInteger, nullable=True),  # the process that sends it now, as the database knows it
    sa.Column("lease_until", Utc, nullable=True),
    sa.Column("status", sa.Integer, nullable=True),  # of the last answer
    sa.Column("reason", sa.Text, nullable=True),  # a code: why the last try was no success
    sa.UniqueConstraint("message_id", "endpoint_id"),
    sa.Index("ix_webhook_delivery_due", "endpoint_id", "due_at"),
    sa.Index("ix_webhook_delivery_state", "endpoint_id", "state"),
    sa.Index(
        "ix_webhook_delivery_sender",
        "sender",
        sqlite_where=sa.text("sender IS NOT NULL"),
        postgresql_where=sa.text("sender IS NOT NULL"),
    ),
    stream="core",
)

webhook_try = table(
    "webhook_try",
    sa.Column("id", Id, primary_key=True),
    sa.Column("delivery_id", Id, sa.ForeignKey("webhook_delivery.id"), nullable=False, index=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("status", sa.Integer, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("took_ms", sa.Integer, nullable=False),
    stream="core",
)
