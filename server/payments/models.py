"""Why: money is an intent first, a call second and a recorded answer third; these rows are the first and the third.

All intents of a payment together are its journal: whatever its amounts say is the sum of them.
"""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Json, Utc, state_column
from server.payments.lifecycle import INTENT, NEWS, PAYMENT, RUN


def _money(name: str) -> sa.Column[int]:
    return sa.Column(
        name, sa.BigInteger, sa.CheckConstraint(f"{name} >= 0", name=name), nullable=False, server_default="0"
    )


def _partial(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


credit_account = table(
    "credit_account",
    sa.Column("id", Id, primary_key=True),
    sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=False, unique=True),  # whose
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("limit_minor", sa.BigInteger, nullable=True),  # None: no limit
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("ended_at", Utc, nullable=True),  # since when what they order on account waits for a person
    stream="core",
)
"""Who may buy on account, or no longer: when an invoice of theirs is due, and how much they may owe."""

payment = table(
    "payment",
    sa.Column("id", Id, primary_key=True),
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), nullable=False, unique=True),
    sa.Column("method", sa.Text, nullable=False),  # card | prepaid | invoice | cash
    sa.Column("gateway", sa.Text, nullable=False),  # sandbox | stripe | none; empty: not asked yet
    sa.Column("token", sa.Text, nullable=False, server_default=""),  # the gateway's name for the means
    _money("amount_minor"),  # what the order costs in all, as it is now
    _money("captured_minor"),  # taken; on account: invoiced
    _money("refunded_minor"),  # given back; on account: credited
    _money("received_minor"),  # on account, beforehand and at the counter: the money that came
    _money("waived_minor"),  # beforehand and at the counter: given back although it was owed, and not asked for again
    sa.Column("currency", sa.Text, nullable=False),
    state_column(PAYMENT),
    sa.Column("authorisation", Id, nullable=True),  # the intent whose authorisation stands
    sa.Column("authorised_until", Utc, nullable=True),
    sa.Column("renew_at", Utc, nullable=True),  # when to set aside anew what is still to be taken
    sa.Column("account_id", Id, sa.ForeignKey("credit_account.id"), nullable=True),
    sa.Column("days", sa.Integer, nullable=True),  # on account: from the shipment until it is due
    sa.Column("invoice_due_at", Utc, nullable=True),  # of the first part that shipped
    sa.Column("created_at", Utc, nullable=False),
    _partial("ix_payment_renew", "renew_at", where="renew_at IS NOT NULL"),
    _partial("ix_payment_account", "account_id", where="account_id IS NOT NULL"),
    stream="core",
)

payment_intent = table(
    "payment_intent",
    sa.Column("id", Id, primary_key=True),  # also the idempotency key at the gateway
    sa.Column("payment_id", Id, sa.ForeignKey("payment.id"), nullable=False, index=True),
    sa.Column(
        "kind",
        sa.Text,
        sa.CheckConstraint("kind IN ('authorise', 'reauthorise', 'capture', 'void', 'refund', 'receive')", name="kind"),
        nullable=False,
    ),
    _money("amount_minor"),
    sa.Column("about", Id, nullable=True),  # the intent of the authorisation that it takes, lets go or gives back of
    state_column(INTENT),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due_at", Utc, nullable=True),  # when to ask (again); None: nothing to do
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("answered_at", Utc, nullable=True),
    sa.Column("answer", Json, nullable=True),
    sa.Column("reference", sa.Text, nullable=True),  # the gateway's name of what it made
    sa.Column("note", sa.Text, nullable=False, server_default=""),  # why it is given back, how it came
    sa.Column("intended_by", sa.Text, nullable=False),
    sa.Index("ix_payment_intent_due", "due_at"),
    sa.Index("ix_payment_intent_made", "kind", "created_at"),
    _partial("ix_payment_intent_reference", "reference", where="reference IS NOT NULL"),
    stream="core",
)

payment_news = table(
    "payment_news",
    sa.Column("id", Id, primary_key=True),
    sa.Column("gateway", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),  # the gateway's own id of it
    sa.Column("kind", sa.Text, nullable=False),
    state_column(NEWS),
    sa.Column("at", Utc, nullable=False, index=True),
    sa.UniqueConstraint("gateway", "event"),
    stream="core",
)
"""What gateways said by themselves, each once. Their bodies hold names and are not kept."""

reconciliation = table(
    "reconciliation",
    sa.Column("id", Id, primary_key=True),
    sa.Column("gateway", sa.Text, nullable=False),
    sa.Column("since", Utc, nullable=False),
    sa.Column("until", Utc, nullable=False),
    state_column(RUN),
    sa.Column("started_at", Utc, nullable=False),
    sa.Column("started_by", sa.Text, nullable=False),
    sa.Column("ended_at", Utc, nullable=True),
    _partial("ix_reconciliation_running", "id", where="state = 'running'"),
    stream="core",
)

reconciliation_line = table(
    "reconciliation_line",
    sa.Column("id", Id, primary_key=True),
    sa.Column("run_id", Id, sa.ForeignKey("reconciliation.id"), nullable=False),
    sa.Column("reference", sa.Text, nullable=False),  # the gateway's name of the authorisation
    sa.Column("intent_id", Id, nullable=True),  # ours; None: missing here
    sa.Column("order_number", sa.BigInteger, nullable=True),
    sa.Column("verdict", sa.Text, nullable=False),  # a key of rules.VERDICTS
    sa.Column("ours", Json, nullable=True),
    sa.Column("theirs", Json, nullable=True),
    sa.UniqueConstraint("run_id", "reference"),
    sa.Index("ix_reconciliation_line_verdict", "run_id", "verdict", "id"),
    sa.Index("ix_reconciliation_line_intent", "run_id", "intent_id"),
    stream="core",
)
"""Each payment of both sides that was compared, and what came of it."""
