"""Why: the schema changes here and nowhere else, whole or not at all, on both databases.

Alembic finds the steps and keeps the revision; the transaction is ours. SQLite: a copy is made first, foreign keys
are off before BEGIN (they cannot be switched inside), everything is one transaction, and `foreign_key_check` has
the last word. PostgreSQL: one transaction, one migrating process at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from server.db import postgres, sqlite, urls
from server.db.errors import SCHEMA, StartError
from server.db.folder import Folder

MIGRATION_LOCK: Final = 1
"""The advisory lock's second number while the schema changes; streams have another first number."""

_scripts: Final = ScriptDirectory(str(Path(__file__).parent))


def head() -> str:
    """The revision this code wants."""
    return cast(str, _scripts.get_current_head())


async def migrate(url: str, to: str = "head", *, command: str = "pickwave migrate") -> str:
    """Brings the database to a revision and gives it; does nothing when it is there.

    StartError when the folder is another's, the database cannot be reached or its schema is newer than the code.
    """
    parsed = urls.parse(url)
    if urls.is_sqlite(parsed):
        return await asyncio.to_thread(_migrate_sqlite, urls.file_of(parsed), to, command)
    async with postgres.connection(parsed) as conn:
        return await conn.run_sync(_migrate_postgres, to)


def revision(conn: sa.Connection) -> str | None:
    """The database's revision; None when it is empty. StartError when this code does not know it."""
    found = MigrationContext.configure(conn).get_current_revision()
    if found is not None and not known(found):
        raise StartError(
            f"The database's schema ({found}) is newer than this Pickwave ({head()}): install the newer one.", SCHEMA
        )
    return found


def check(conn: sa.Connection) -> None:
    """StartError unless the database has the schema of this code."""
    found = revision(conn)
    if found != head():
        raise StartError(
            f"The database's schema is {found or 'empty'}, this Pickwave wants {head()}: run `pickwave migrate`.",
            SCHEMA,
        )


def known(found: str) -> bool:
    """Whether this code has the revision `found`."""
    try:
        return _scripts.get_revision(found) is not None
    except CommandError:
        return False


def run(conn: sa.Connection, to: str = "head") -> str:
    """The steps to a revision, inside a transaction that the caller has begun."""
    found = revision(conn)
    if found == _target(to):
        return found

    def steps(heads: Any, context: Any) -> Any:
        return _scripts._upgrade_revs(to, heads)

    context = MigrationContext.configure(conn, opts={"fn": steps})
    with Operations.context(context):
        context.run_migrations()
    return _target(to)


@contextmanager
def sqlite_transaction(conn: sa.Connection) -> Iterator[None]:
    """One transaction for DDL and rows: foreign keys off before BEGIN, all of them checked before COMMIT."""
    conn.rollback()  # SQLAlchemy's own idea of a transaction; there is none
    raw: Any = conn.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    with conn.begin():  # ours to SQLAlchemy and alembic; the transaction itself is the statements below
        raw.execute("BEGIN IMMEDIATE")
        try:
            yield
            broken = raw.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows are left that point nowhere: {broken[:5]}")
        except BaseException:
            raw.execute("ROLLBACK")
            raise
        raw.execute("COMMIT")


@contextmanager
def postgres_transaction(conn: sa.Connection) -> Iterator[None]:
    """One transaction for DDL and rows; whoever else wants one waits."""
    session = postgres.PostgresSession(conn)
    session.begin_with_lock(MIGRATION_LOCK)
    try:
        yield
    except BaseException:
        session.rollback()
        raise
    session.commit()


def _migrate_sqlite(path: Path, to: str, command: str) -> str:
    with Folder.claim(path.parent, command):
        engine = sqlite.write_engine(str(path))
        try:
            with engine.connect() as conn:
                found = revision(conn)
                if found is not None and found != _target(to):
                    _copy(conn, path, found)
                with sqlite_transaction(conn):
                    return run(conn, to)
        finally:
            engine.dispose()


def _copy(conn: sa.Connection, path: Path, found: str) -> None:
    """A whole copy beside the file, made before its schema changes."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    copy = path.with_name(f"{path.name}.before-{found}-{stamp}")
    conn.exec_driver_sql("VACUUM INTO ?", (str(copy),))


def _migrate_postgres(conn: sa.Connection, to: str) -> str:
    with postgres_transaction(conn):
        return run(conn, to)


def _target(to: str) -> str:
    return head() if to == "head" else to
