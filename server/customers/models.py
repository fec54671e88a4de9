"""Why: somebody who orders for the tenth time is one customer with ten orders, not ten names on ten orders."""

from __future__ import annotations

import sqlalchemy as sa

from server.customers.rules import WISHES
from server.db.base import table
from server.db.types import Id, Utc

customer = table(
    "customer",
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=True, unique=True),  # in small letters: who it is
    sa.Column("phone", sa.Text, nullable=True, index=True),  # E.164; a family may share one
    sa.Column("language", sa.Text, nullable=False),  # two letters
    sa.Column(
        "wish",
        sa.Text,
        sa.CheckConstraint(f"wish IN ({', '.join(repr(each) for each in WISHES)})", name="wish"),
        nullable=False,
    ),  # how they want to be told of their orders
    sa.Column("created_at", Utc, nullable=False),
    sa.CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name="known"),
    sa.Index(
        "uq_customer_phone_alone",
        "phone",
        unique=True,
        sqlite_where=sa.text("email IS NULL"),
        postgresql_where=sa.text("email IS NULL"),
    ),
    stream="core",
)

customer_term = table(
    "customer_term",
    sa.Column(
        "term", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), primary_key=True
    ),  # in small letters
    sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), primary_key=True, index=True),
    stream="core",
)
"""What a customer is found by."""

customer_note = table(
    "customer_note",
    sa.Column("id", Id, primary_key=True),
    sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("changed_at", Utc, nullable=True),
    sa.Column("changed_by", sa.Text, nullable=True),
    sa.Index("ix_customer_note_customer", "customer_id", "id"),
    stream="core",
)
