"""Why: a file that was brought in is a row with its place, so that whoever goes on with it knows where it stands."""

from __future__ import annotations

import sqlalchemy as sa

from server.db.base import table
from server.db.types import Id, Json, Utc
from server.integrations.lifecycle import IMPORT

import_run = table(
    "import_run",
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # a name of integrations/kinds.py
    sa.Column("for_warehouse", sa.SmallInteger, nullable=False),
    sa.Column(
        "state",
        sa.Text,
        sa.CheckConstraint("state IN ({})".format(", ".join(f"'{each}'" for each in IMPORT.states)), name="state"),
        nullable=False,
    ),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("layout", Json, nullable=False),  # reading.Layout
    sa.Column("columns", Json, nullable=False),  # [[header, column or null], …] as they stand in the file
    sa.Column("channel", sa.Text, nullable=True),  # whose files are understood so
    sa.Column("understood", Json, nullable=False),  # drafts.Understood
    sa.Column("start_at_once", sa.Boolean, nullable=False),
    sa.Column("skip_faults", sa.Boolean, nullable=False),
    # where it stands: the last row that is dealt with, in this state
    sa.Column("position", sa.BigInteger, nullable=False, server_default="1"),
    sa.Column("bytes_read", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("counts", Json, nullable=False),  # schemas.Counts of the check
    sa.Column("results", Json, nullable=False),  # schemas.Counts of what was written
    sa.Column("preview", Json, nullable=False),  # the first rows, while it is not written
    sa.Column("why", sa.Text, nullable=False, server_default=""),  # of a failed one: a code of told.FAULTS
    # who works on it: a process by its life, and until when it must give a sign
    sa.Column("holder", sa.Integer, nullable=True),
    sa.Column("held_until", Utc, nullable=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("created_by", Id, nullable=True),
    sa.Column("started_at", Utc, nullable=True),
    sa.Column("started_by", Id, nullable=True),
    sa.Column("ended_at", Utc, nullable=True),
    sa.Index("ix_import_run_state", "state"),
    stream="core",
)

import_fault = table(
    "import_fault",
    sa.Column("import_id", Id, sa.ForeignKey("import_run.id"), primary_key=True),
    sa.Column("phase", sa.Text, primary_key=True),  # check | run
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # 1, 2, … in the order of the file
    sa.Column("row", sa.BigInteger, nullable=False),
    sa.Column("column", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("wanted", sa.Text, nullable=False),
    sa.Column("got", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),  # what fills `wanted`
    stream="core",
)

import_outcome = table(
    "import_outcome",
    sa.Column("import_id", Id, sa.ForeignKey("import_run.id"), primary_key=True),
    sa.Column("row", sa.BigInteger, primary_key=True, autoincrement=False),  # the first of the record
    sa.Column("last", sa.BigInteger, nullable=False),
    sa.Column("came_to", sa.Text, nullable=False),  # made | changed | skipped | faulty
    sa.Column("name", sa.Text, nullable=False),  # what the file calls it
    sa.Column("made", sa.Text, nullable=False),  # what it is called here, where it has a number
    sa.Column("faults", Json, nullable=False),  # the first RowFaults of it
    stream="core",
)
