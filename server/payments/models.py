"""Why: money is an intent first, a call second and a recorded answer third; these rows are the first and the third."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Json, Utc, state_column
from server.payments.lifecycle import INTENT, PAYMENT

payment = table(
    "payment",
    sa.Column("id", Id, primary_key=True),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False, unique=True),
    sa.Column("method", sa.Text, nullable=False),  # card | prepaid | invoice
    sa.Column("gateway", sa.Text, nullable=False),  # sandbox
    sa.Column("token", sa.Text, nullable=False, server_default=""),  # the gateway's name for the means
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("captured_minor", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("currency", sa.Text, nullable=False),
    state_column(PAYMENT),
    sa.Column("authorised_until", Utc, nullable=True),
    sa.Column("reference", sa.Text, nullable=True),  # the gateway's id of the authorisation
    sa.Column("created_at", Utc, nullable=False),
    stream="core",
)

payment_intent = table(
    "payment_intent",
    sa.Column("id", Id, primary_key=True),  # also the idempotency key at the gateway
    sa.Column("payment_id", Id, sa.ForeignKey("payment.id"), nullable=False, index=True),
    sa.Column(
        "kind",
        sa.Text,
        sa.CheckConstraint("kind IN ('authorise', 'capture', 'void')", name="kind"),
        nullable=False,
    ),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    state_column(INTENT),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due_at", Utc, nullable=True),  # when to ask (again); None: nothing to do
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("answered_at", Utc, nullable=True),
    sa.Column("answer", Json, nullable=True),
    sa.Index("ix_payment_intent_due", "due_at"),
    stream="core",
)
