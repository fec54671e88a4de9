"""Why: every table hangs on one metadata, names all its constraints and says to which stream its rows belong.

Stream "core" is stream 0: what belongs to no warehouse. Stream "warehouse" means that a row belongs to the
warehouse in its `warehouse_id`, which is the stream's number. "any" is for the write path's own tables, whose
rows name their stream themselves.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem

from server.db.types import Id, Utc

Stream = Literal["core", "warehouse", "any"]

CORE: Final = 0
"""The stream of what belongs to no warehouse."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(
    name: str,
    *items: SchemaItem,
    stream: Literal["core", "warehouse"],
    into: sa.MetaData = metadata,
    **options: Any,
) -> sa.Table:
    """A table whose rows belong to `stream`; a warehouse's table must have `warehouse_id SMALLINT NOT NULL`."""
    made = _marked(name, *items, stream=stream, into=into, **options)
    if stream == "warehouse":
        column = made.c.get("warehouse_id")
        if column is None or column.nullable or not isinstance(column.type, sa.SmallInteger):
            raise ValueError(f"table {name} is a warehouse's: wanted warehouse_id SMALLINT NOT NULL")
    return made


def _marked(name: str, *items: SchemaItem, stream: Stream, into: sa.MetaData, **options: Any) -> sa.Table:
    return sa.Table(name, into, *items, info={"stream": stream}, **options)


def _own(name: str, *items: SchemaItem, **options: Any) -> sa.Table:
    return _marked(name, *items, stream="any", into=metadata, sqlite_with_rowid=False, **options)


command = _own(
    "command",
    sa.Column("id", sa.String(128), primary_key=True),
    sa.Column("scope", sa.String(128), primary_key=True),
    sa.Column("stream", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("command_id", Id, nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("person", Id),
    sa.Column("device", Id),
    sa.Column("key", Id),
    sa.Column("payload_hash", sa.LargeBinary),
    sa.Column("refused", sa.Boolean, nullable=False),
    sa.Column("answer", sa.LargeBinary),
    sa.Index(None, "stream", "at"),
)
"""One row a command, written in its unit: proof that it was done, who did it, and the answer to give again."""

event = _own(
    "event",
    sa.Column("stream", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("version", sa.SmallInteger, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("command_id", Id, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
)
"""The log: within a stream positions are in commit order and without gaps. `payload` is JSON text."""

counter = _own(
    "counter",
    sa.Column("stream", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
"""The last number given out of each sequence that people read, and of each stream's log ("event")."""
