"""Why: a scan runs a dozen small statements, and building an execution context for each costs more than SQLite does.

A `Prepared` is a Core statement that stays what it is everywhere; only on the writer's own SQLite connection it goes
straight to the driver: compiled once, values converted by the same types, watched by the same guard. On every other
connection it is executed as usual, so that there is one statement and one meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from server import sqlite3

Convert = Callable[[Any], Any]


class _Bind(NamedTuple):
    name: str
    required: bool
    default: Any
    convert: Convert | None


class _Compiled(NamedTuple):
    text: str
    binds: tuple[_Bind, ...]
    results: tuple[tuple[int, Convert], ...]


class Prepared:
    """A statement with bind parameters, without IN lists. `rows`, `one` and `change` run it."""

    def __init__(self, statement: sa.Select[Any] | sa.Insert | sa.Update | sa.Delete) -> None:
        self.statement: Final = statement
        self._by_names = isinstance(statement, sa.Insert)
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def rows(self, conn: sa.Connection, values: Mapping[str, Any]) -> list[Any]:
        """All rows, as tuples in the order of the statement's columns."""
        watch = _fast(conn)
        if watch is None:
            return [tuple(row) for row in conn.execute(self.statement, values)]
        compiled = self._for(conn, values)
        found = self._send(conn, watch, compiled, values).fetchall()
        return [_converted(row, compiled.results) for row in found] if compiled.results else found

    def one(self, conn: sa.Connection, values: Mapping[str, Any]) -> Any:
        """The only row, or None; ValueError for more."""
        found = self.rows(conn, values)
        if len(found) > 1:
            raise ValueError(f"wanted one row, got {len(found)}")
        return found[0] if found else None

    def change(self, conn: sa.Connection, values: Mapping[str, Any]) -> int:
        """Runs it; how many rows it touched."""
        watch = _fast(conn)
        if watch is None:
            return int(conn.execute(self.statement, values).rowcount)
        compiled = self._for(conn, values)
        return int(self._send(conn, watch, compiled, values).rowcount)

    def _send(self, conn: sa.Connection, watch: Any, compiled: _Compiled, values: Mapping[str, Any]) -> Any:
        watch.allow(self.statement, values)
        given = []
        for name, required, default, convert in compiled.binds:
            value = values[name] if required else values.get(name, default)
            given.append(value if convert is None else convert(value))
        try:
            return watch.raw.execute(compiled.text, given)
        except sqlite3.Error as error:
            watch.failed(error)
            raise sa.exc.DBAPIError.instance(
                compiled.text, given, error, sqlite3.Error, dialect=conn.dialect
            ) from error

    def _for(self, conn: sa.Connection, values: Mapping[str, Any]) -> _Compiled:
        names = tuple(values) if self._by_names else ()
        return self._compiled.get(names) or self._compile(conn, names)

    def _compile(self, conn: sa.Connection, names: tuple[str, ...]) -> _Compiled:
        dialect = conn.dialect
        compiled: Any = self.statement.compile(dialect=dialect, column_keys=list(names) or None)
        if compiled.post_compile_params or compiled.literal_execute_params:
            raise TypeError("a prepared statement has no lists and no literals that change its text")
        binds = tuple(
            _Bind(name, bind.required, bind.value, _processor(bind.type, dialect, "bind"))
            for name, bind in ((name, compiled.binds[name]) for name in compiled.positiontup)
        )
        columns = self.statement.selected_columns if isinstance(self.statement, sa.Select) else ()
        results = [(at, _processor(column.type, dialect, "result")) for at, column in enumerate(columns)]
        known = tuple((at, convert) for at, convert in results if convert is not None)
        made = self._compiled[names] = _Compiled(str(compiled), binds, known)
        return made


def _fast(conn: sa.Connection) -> Any:
    """The watch of the writer's SQLite connection; None for every other connection."""
    watch = conn.info.get("watch")
    return watch if watch is not None and watch.raw is not None else None


def _processor(kind: Any, dialect: Any, way: str) -> Convert | None:
    own = kind.dialect_impl(dialect)
    found: Convert | None = own.bind_processor(dialect) if way == "bind" else own.result_processor(dialect, None)
    return found


def _converted(row: tuple[Any, ...], results: tuple[tuple[int, Convert], ...]) -> tuple[Any, ...]:
    values = list(row)
    for at, convert in results:
        values[at] = convert(values[at])
    return tuple(values)
