"""Why: a backup must outlive the database it came from: one file that either database can read back.

A zip: `manifest.json` (format, revision, when, and of each table its columns and how many rows) and of each table
`rows/<table>.jsonl`, one JSON array a row. It is one unchanging picture, taken while others write. It is read back
only into a database without tables, in one transaction, and counted and checked before that is committed.
"""

from __future__ import annotations

import asyncio
import base64
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.ext.asyncio import AsyncConnection

from server.db import migrations, postgres, sqlite, urls
from server.db.errors import SCHEMA, StartError
from server.db.folder import Folder
from server.db.tables import metadata
from server.db.types import Id, Json, Utc

FORMAT: Final = 1
BATCH: Final = 500


class Column(msgspec.Struct, frozen=True):
    """A column and how its values are written: see KINDS."""

    name: str
    kind: str


class Rows(msgspec.Struct, frozen=True):
    """A table of the backup: its columns in the order of each row, and how many rows there are."""

    table: str
    columns: tuple[Column, ...]
    count: int


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says about itself."""

    format: int
    revision: str
    at: datetime
    tables: tuple[Rows, ...]


class Kind(msgspec.Struct, frozen=True):
    """How one kind of value is written into JSON and read back, and the type it is stored as."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    type: Any


def _same(value: Any) -> Any:
    return value


KINDS: Final = {
    "id": Kind(str, UUID, Id),
    "moment": Kind(datetime.isoformat, datetime.fromisoformat, Utc),
    "bytes": Kind(lambda value: base64.b64encode(value).decode(), base64.b64decode, sa.LargeBinary),
    "date": Kind(date.isoformat, date.fromisoformat, sa.Date),
    "decimal": Kind(str, Decimal, sa.Numeric),
    "truth": Kind(_same, _same, sa.Boolean),
    "number": Kind(_same, _same, sa.BigInteger),
    "real": Kind(_same, _same, sa.Float),
    "text": Kind(_same, _same, sa.Text),
}
_KIND_OF: Final[tuple[tuple[type[Any], str], ...]] = (
    (Id, "id"), (Utc, "moment"), (Json, "text"), (sa.LargeBinary, "bytes"), (sa.Date, "date"), (sa.Boolean, "truth"),
    (sa.Integer, "number"), (sa.Float, "real"), (sa.Numeric, "decimal"), (sa.Text, "text"), (sa.String, "text"),
)  # fmt: skip


async def backup(url: str, file: Path) -> Manifest:
    """Writes a backup of the database to `file`, whole or not at all; a server may go on writing meanwhile.

    StartError when the database cannot be reached or has another schema than this code.
    """
    parsed = urls.parse(url)
    if urls.is_sqlite(parsed):
        engine = sqlite.read_engine(str(urls.file_of(parsed)))
        try:
            async with engine.connect() as conn:
                return await _write(conn, "BEGIN", file)
        finally:
            await engine.dispose()
    async with postgres.connection(parsed) as conn:
        return await _write(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", file)


async def _write(conn: AsyncConnection, begin: str, file: Path) -> Manifest:
    part = file.with_name(file.name + ".part")
    try:
        manifest = await conn.run_sync(_write_snapshot, begin, part)
        await asyncio.to_thread(os.replace, part, file)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write_snapshot(conn: sa.Connection, begin: str, part: Path) -> Manifest:
    conn.exec_driver_sql(begin)
    try:
        migrations.check(conn)
        with part.open("wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                tables = tuple(_write_table(conn, archive, table) for table in metadata.sorted_tables)
                manifest = Manifest(FORMAT, migrations.head(), datetime.now(UTC), tables)
                archive.writestr("manifest.json", msgspec.json.encode(manifest))
            out.flush()
            os.fsync(out.fileno())
        return manifest
    finally:
        conn.exec_driver_sql("ROLLBACK")


def _write_table(conn: sa.Connection, archive: zipfile.ZipFile, table: sa.Table) -> Rows:
    columns = tuple(Column(str(column.name), kind_of(column.type)) for column in table.columns)
    kinds = [KINDS[column.kind] for column in columns]
    count = 0
    with archive.open(f"rows/{table.name}.jsonl", "w", force_zip64=True) as out:
        for row in _all_rows(conn, table):
            values = [None if value is None else kind.write(value) for kind, value in zip(kinds, row, strict=True)]
            out.write(msgspec.json.encode(values) + b"\n")
            count += 1
    return Rows(str(table.name), columns, count)


def _all_rows(conn: sa.Connection, table: sa.Table) -> Iterator[Sequence[Any]]:
    """All rows in the order of the primary key, a page at a time; JSON as the text that is stored."""
    key = list(table.primary_key.columns)
    columns = [sa.type_coerce(c, sa.Text) if isinstance(c.type, Json) else c for c in table.columns]
    places = [list(table.columns).index(column) for column in key]
    after: Sequence[Any] | None = None
    while True:
        asked = sa.select(*columns).order_by(*key).limit(BATCH)
        if after is not None:
            asked = asked.where(sa.tuple_(*key) > sa.tuple_(*map(_bound, key, after)))
        page = conn.execute(asked).all()
        yield from page
        if len(page) < BATCH:
            return
        after = [page[-1][place] for place in places]


def _bound(column: sa.Column[Any], value: Any) -> sa.BindParameter[Any]:
    return sa.literal(value, column.type)


def kind_of(type_: Any) -> str:
    """How values of a column type are written."""
    for known, kind in _KIND_OF:
        if isinstance(type_, known):
            return kind
    raise TypeError(f"a backup does not know how to write {type_!r}")


async def restore(file: Path, url: str, *, command: str = "pickwave restore") -> Manifest:
    """Reads a backup into a database without tables, whole or not at all, then brings it to this code's schema.

    StartError when the file is no backup of ours, its schema is newer, or the database has tables already.
    """
    parsed = urls.parse(url)
    manifest = _manifest(file)
    if urls.is_sqlite(parsed):
        await asyncio.to_thread(_restore_sqlite, file, manifest, parsed, command)
    else:
        async with postgres.connection(parsed) as conn:
            await conn.run_sync(_restore_postgres, file, manifest)
    await migrations.migrate(url, command=command)
    return manifest


def _manifest(file: Path) -> Manifest:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = msgspec.json.decode(archive.read("manifest.json"), type=Manifest)
    except (OSError, zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as error:
        raise StartError(f"{file} is not a backup of Pickwave: {error}.", SCHEMA) from error
    if manifest.format != FORMAT or not migrations.known(manifest.revision):
        raise StartError(
            f"The backup {file} is of a newer Pickwave (schema {manifest.revision}): install the newer one.", SCHEMA
        )
    return manifest


def _restore_sqlite(file: Path, manifest: Manifest, url: sa.URL, command: str) -> None:
    with Folder.claim(urls.file_of(url).parent, command):
        engine = sqlite.write_engine(str(urls.file_of(url)))
        try:
            with engine.connect() as conn:
                _demand_empty(conn)
                with migrations.sqlite_transaction(conn):
                    migrations.run(conn, manifest.revision)
                    _fill(conn, file, manifest)
        finally:
            engine.dispose()


def _restore_postgres(conn: sa.Connection, file: Path, manifest: Manifest) -> None:
    with migrations.postgres_transaction(conn):
        _demand_empty(conn)
        migrations.run(conn, manifest.revision)
        keys = _drop_foreign_keys(conn)
        _fill(conn, file, manifest)
        for table, name, definition in keys:
            conn.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        _set_sequences(conn)


def _demand_empty(conn: sa.Connection) -> None:
    there = sa.inspect(conn).get_table_names()
    if there:
        raise StartError(
            f"The database is not empty ({', '.join(sorted(there)[:3])} …): restore into an empty one.", SCHEMA
        )


def _fill(conn: sa.Connection, file: Path, manifest: Manifest) -> None:
    with zipfile.ZipFile(file) as archive:
        for rows in manifest.tables:
            with archive.open(f"rows/{rows.table}.jsonl") as lines:
                _fill_table(conn, rows, lines)


def _fill_table(conn: sa.Connection, rows: Rows, lines: IO[bytes]) -> None:
    kinds = [KINDS[column.kind] for column in rows.columns]
    names = [column.name for column in rows.columns]
    table = sa.table(rows.table, *(sa.column(column.name, KINDS[column.kind].type) for column in rows.columns))
    statement = sa.insert(table)
    while batch := list(islice(lines, BATCH)):
        conn.execute(
            statement,
            [
                {
                    name: None if value is None else kind.read(value)
                    for name, kind, value in zip(names, kinds, msgspec.json.decode(line), strict=True)
                }
                for line in batch
            ],
        )
    found = conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    if found != rows.count:
        raise RuntimeError(f"table {rows.table}: the backup says {rows.count} rows, {found} came back")


def _drop_foreign_keys(conn: sa.Connection) -> list[tuple[str, str, str]]:
    """Takes the foreign keys off, so that rows may come in any order; they are put back and checked at the end."""
    query = (
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    )
    keys = [(row[0], row[1], row[2]) for row in conn.exec_driver_sql(query)]
    for table, name, _ in keys:
        conn.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return keys


def _set_sequences(conn: sa.Connection) -> None:
    """Lets each identity go on behind the highest number that came back."""
    query = (
        "SELECT c.table_name, c.column_name, pg_get_serial_sequence(quote_ident(c.table_name), c.column_name)"
        " FROM information_schema.columns c WHERE c.table_schema = 'public'"
        " AND pg_get_serial_sequence(quote_ident(c.table_name), c.column_name) IS NOT NULL"
    )
    for table, column, sequence in conn.exec_driver_sql(query).all():
        highest = sa.select(sa.func.max(sa.column(column))).select_from(sa.table(table)).scalar_subquery()
        conn.execute(
            sa.select(sa.func.setval(sa.cast(sequence, REGCLASS), sa.func.coalesce(highest, 1), highest.is_not(None)))
        )
