"""Why: what decides today, what decided then and what somebody is writing are rows of one table, never overwritten."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Json, Utc, state_column
from server.policies.lifecycle import RULE_SET

rule_set = table(
    "rule_set",
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # a name of policies/rules.KINDS
    sa.Column("version", sa.Integer, nullable=False),
    state_column(RULE_SET),
    sa.Column("rules", Json, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),  # why it went live
    sa.Column("written_by", sa.Text, nullable=False),
    sa.Column("written_at", Utc, nullable=False),
    sa.Column("live_by", sa.Text, nullable=True),
    sa.Column("live_at", Utc, nullable=True),
    sa.Column("retired_at", Utc, nullable=True),
    sa.UniqueConstraint("kind", "version"),
    sa.Index("ix_rule_set_state", "state", "kind"),
    stream="core",
)
"""Version 0 of a kind is no row: it is written in `policies/defaults.py`."""
