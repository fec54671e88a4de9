"""Why: an order that was sent before is answered without being checked again."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from server.db.base import command

_key: Final = sa.select(sa.literal(1)).where(
    command.c.stream == sa.bindparam("of", type_=sa.SmallInteger()),
    command.c.scope == sa.bindparam("scope"),
    command.c.id == sa.bindparam("key"),
)


def known(conn: Connection, stream: int, scope: str, key: str) -> bool:
    """Whether a command with this key was done before."""
    return conn.execute(_key, {"of": stream, "scope": scope, "key": key}).first() is not None
