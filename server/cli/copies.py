"""Whole copies of a database, for `backup` and `restore`.

SQLite: `VACUUM INTO` from a connection that cannot write, so it works while the database is served, and a copy is
whole or not there. PostgreSQL: its own pg_dump and pg_restore, whose version must fit the server's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from server import sqlite3
from server.db import migrations, postgres, urls
from server.db.errors import SCHEMA, StartError
from server.db.folder import Folder
from server.start import FAILED

SQLITE_HEADER: Final = b"SQLite format 3\0"
SET_ASIDE: Final = ".before-restore"


def trouble(sentence: str) -> StartError:
    """A sentence that ends the command."""
    return StartError(sentence, FAILED)


def writable_target(target: Path) -> None:
    """Refuse to write over something, or where nothing can be written."""
    if target.exists():
        raise trouble(f"{target} is there already: choose another name.")
    if not target.absolute().parent.is_dir():
        raise trouble(f"There is no folder {target.absolute().parent}.")


# --- SQLite -----------------------------------------------------------------------------------------------------


def backup_sqlite(file: Path, target: Path) -> None:
    """A whole, compact copy of the database file, synced to the disk."""
    if not file.exists():
        raise trouble(f"There is no database {file}.")
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
            source.execute("VACUUM INTO ?", (str(part),))
        _sync(part)
        os.replace(part, target)
        _sync(target.absolute().parent)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise trouble(f"{target} could not be written: {error}.") from None


def restore_sqlite(source: Path, file: Path) -> Path | None:
    """Put a checked copy in the place of the database; where the old one went, if there was one."""
    check_sqlite_copy(source)
    with Folder.claim(file.parent, "pickwave restore"):
        part = file.with_name(f".{file.name}.part")
        shutil.copyfile(source, part)
        _sync(part)
        aside = _set_aside(file)
        os.replace(part, file)
        _sync(file.parent)
    return aside


def check_sqlite_copy(source: Path) -> None:
    """Refuse what is no sound database of a Pickwave that is not newer than this one."""
    with source.open("rb") as opened:
        if opened.read(len(SQLITE_HEADER)) != SQLITE_HEADER:
            raise trouble(f"{source} is no SQLite database.")
    engine = sa.create_engine("sqlite+pysqlite://", creator=lambda: sqlite3.connect(f"file:{source}?mode=ro", uri=True))
    try:
        with engine.connect() as conn:
            found = conn.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            if found != ["ok"]:
                raise trouble(f"{source} is damaged: {found[0]}.")
            if migrations.revision(conn) is None:
                raise StartError(f"{source} is no database of Pickwave.", SCHEMA)
    except sa.exc.DatabaseError as error:
        raise trouble(f"{source} is damaged: {error.orig}.") from None
    finally:
        engine.dispose()


def _set_aside(file: Path) -> Path | None:
    """The old database, with what its write-ahead log still holds, under another name."""
    if not file.exists():
        return None
    with closing(sqlite3.connect(file)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    aside = file.with_name(file.name + SET_ASIDE)
    aside.unlink(missing_ok=True)
    os.link(file, aside)  # a second name: at no moment is there no database under the first
    return aside


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- PostgreSQL -------------------------------------------------------------------------------------------------


def backup_postgres(url: sa.URL, target: Path) -> None:
    """A dump in PostgreSQL's own format."""
    part = target.with_name(f".{target.name}.part")
    try:
        _postgres_tool("pg_dump", "--format=custom", f"--file={part}", url=url)
        _sync(part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


async def restore_postgres(source: Path, url: sa.URL) -> None:
    """Fill an empty database from a dump, in one transaction; a database with tables is refused."""
    async with postgres.connection(url) as conn:
        tables = await conn.run_sync(lambda inside: sa.inspect(inside).get_table_names())
    if tables:
        raise trouble(f"The database {urls.plain(url)} is not empty: restore into a new one.")
    _postgres_tool("pg_restore", "--single-transaction", "--no-owner", "--exit-on-error", str(source), url=url)


def _postgres_tool(name: str, *arguments: str, url: sa.URL) -> None:
    """Run a tool of PostgreSQL; the password goes by the environment, where other users cannot read it."""
    if shutil.which(name) is None:
        raise trouble(f"{name} is not installed: it comes with PostgreSQL's client package.")
    query = {key: value for key, value in url.query.items() if isinstance(value, str)}
    given = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
    }
    environment = {**os.environ, **{key: value for key, value in given.items() if value}}
    command = [name, f"--dbname={url.database}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = [line.removeprefix(f"{name}: ").rstrip(".") for line in done.stderr.strip().splitlines()[:2]]
        raise trouble(f"{name} failed: {'; '.join(said) or 'it gave no reason'}.")
