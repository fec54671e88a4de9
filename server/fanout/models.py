"""Why: a durable sink remembers how far it has come in each stream, and one holder at a time works for it."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Json, Utc

sink_cursor = table(
    "sink_cursor",
    sa.Column("sink", sa.Text, primary_key=True),
    sa.Column("of_stream", sa.SmallInteger, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("holder", sa.Text, nullable=True),
    sa.Column("life", sa.BigInteger, nullable=True),  # the holder's process, as the database knows it
    sa.Column("lease_until", Utc, nullable=True),
    sa.Column("fence", sa.BigInteger, nullable=False, server_default="0"),
    stream="core",
)

parked_event = table(
    "parked_event",
    sa.Column("id", Id, primary_key=True),
    sa.Column("sink", sa.Text, nullable=False),
    sa.Column("of_stream", sa.SmallInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("event", Json, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.UniqueConstraint("sink", "of_stream", "position"),
    stream="core",
)
