"""Why: PostgreSQL takes no connections while it starts up, recovers or is shut down; here one database does as if."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa

_END = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1"


@asynccontextmanager
async def refusing(server_url: str, database_url: str) -> AsyncIterator[None]:
    """Nobody is connected to the database and nobody new comes in, while the block runs."""
    name = sa.make_url(database_url).database
    conn = await asyncpg.connect(server_url)
    try:
        await conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await conn.fetch(_END, name)
        yield
    finally:
        await conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await conn.close()
