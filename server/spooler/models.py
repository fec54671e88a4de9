"""Why: printers and what they were asked to print, with a state that never pretends.

A printer prints one job at a time: the database itself allows one that is `sending`.
"""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Utc, state_column
from server.spooler.lifecycle import PRINT_JOB

printer = table(
    "printer",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("profile", sa.Text, nullable=False),  # a name of printers.profiles
    sa.Column("address", sa.Text, nullable=False),  # host:port, one of the allowed pairs
    sa.Column("page", sa.Text, nullable=True),  # where a virtual printer shows what it printed
    sa.Column("condition", sa.Text, nullable=False, server_default="unknown"),
    sa.Column("condition_at", Utc, nullable=True),
    sa.Column("unwell_since", Utc, nullable=True),  # cannot print since then, whatever keeps it by now
    sa.UniqueConstraint("warehouse_id", "code"),
    stream="warehouse",
)

print_job = table(
    "print_job",
    sa.Column("id", Id, primary_key=True),
    sa.Column("warehouse_id", sa.SmallInteger, nullable=False),
    sa.Column("printer_id", Id, sa.ForeignKey("printer.id"), nullable=False),
    sa.Column("other_id", Id, sa.ForeignKey("printer.id"), nullable=True),  # prints it where that one cannot
    sa.Column("kind", sa.Text, nullable=False),  # carton_label | bin | tote | badge | test
    sa.Column("subject_id", Id, nullable=True),  # the carton, tote, …
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("content_hash", sa.LargeBinary, nullable=False),
    sa.Column("copies", sa.Integer, nullable=False, server_default="1"),
    state_column(PRINT_JOB),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),  # how often it was claimed
    sa.Column("reason", sa.Text, nullable=True),  # a code: a condition of the printer, or what broke
    sa.Column("said", sa.Text, nullable=True),  # the same in a sentence for whoever stands there
    sa.Column("sender", sa.BigInteger, nullable=True),  # the process that sends it, as the database knows it
    sa.Column("lease_until", Utc, nullable=True),
    sa.Column("fence", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("due_at", Utc, nullable=True),
    sa.Column("queued_at", Utc, nullable=False),
    sa.Column("sent_at", Utc, nullable=True),
    sa.Column("ended_at", Utc, nullable=True),
    sa.Column("person_id", Id, nullable=True),
    sa.Index("ix_print_job_due", "warehouse_id", "state", "due_at"),
    sa.Index("ix_print_job_subject", "subject_id"),
    sa.Index(
        "ux_print_job_sending",
        "printer_id",
        unique=True,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    ),
    stream="warehouse",
)
