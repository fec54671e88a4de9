"""Why: what a customer is told is a row before anybody is called, so that it is told once, or it is known why not."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Utc, state_column
from server.notify.lifecycle import MESSAGE


def _partial(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _channel(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, sa.CheckConstraint(f"{name} IN ('email', 'sms')", name=name), nullable=False)


customer_message = table(
    "customer_message",
    sa.Column("id", Id, primary_key=True),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False),
    sa.Column("milestone", sa.Text, nullable=False),
    sa.Column("occasion", sa.Text, nullable=False),  # which one of its kind: the same event makes the same one
    sa.Column("about", sa.Text, nullable=False),  # the intent, or warehouse:shipment
    _channel("channel"),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    state_column(MESSAGE),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),  # since it was last asked for
    sa.Column("due_at", Utc, nullable=True),  # only while it waits
    sa.Column("sender", sa.BigInteger, nullable=True),  # the process that sends it now, as the database knows it
    sa.Column("lease_until", Utc, nullable=True),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),  # a code: why it is not sent
    sa.Column("template", sa.Integer, nullable=True),  # the version that it was written by; 0: the delivered one
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    sa.Column("text", sa.Text, nullable=False, server_default=""),
    sa.Column("made_at", Utc, nullable=False),
    sa.Column("sent_at", Utc, nullable=True),
    sa.UniqueConstraint("order_id", "occasion"),
    sa.Index("ix_customer_message_state", "state", "id"),
    _partial("ix_customer_message_due", "due_at", where="due_at IS NOT NULL"),
    _partial("ix_customer_message_sender", "sender", where="sender IS NOT NULL"),
    stream="core",
)

customer_message_try = table(
    "customer_message_try",
    sa.Column("id", Id, primary_key=True),
    sa.Column("message_id", Id, sa.ForeignKey("customer_message.id"), nullable=False, index=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    stream="core",
)

message_template = table(
    "message_template",
    sa.Column("milestone", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
    stream="core",
)
"""The last version is written by; version 0 is no row, it stands in `notify/defaults.py`."""

message_switch = table(
    "message_switch",
    sa.Column("milestone", sa.Text, primary_key=True),
    sa.Column("is_on", sa.Boolean, nullable=False),
    stream="core",
)
"""Milestones that somebody has switched on or off; without a row they are as delivered."""
