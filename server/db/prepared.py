"""Why: a scan runs a dozen small statements, and building an execution context for each costs more than SQLite does.

A `Prepared` is a Core statement that stays what it is everywhere; only on a writer's own connection it goes straight
to the driver: compiled once, values converted by the same types, watched by the same guard. On every other connection
it is executed as usual, so that there is one statement and one meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

import sqlalchemy as sa

Convert = Callable[[Any], Any]


class Driver(Protocol):
    """A writer's driver. Each call raises what SQLAlchemy would raise, and has told the watch of it."""

    def fetch(self, text: str, given: Sequence[Any]) -> Sequence[Any]:
        """All rows."""

    def change(self, text: str, given: Sequence[Any]) -> int:
        """How many rows it touched."""

    def change_all(self, text: str, many: Sequence[Sequence[Any]]) -> None:
        """Runs it for each."""


class _Bind(NamedTuple):
    name: str
    required: bool
    default: Any
    convert: Convert | None


class _Compiled(NamedTuple):
    """`spread`: the same with an array for each value, where the database takes rows so."""

    text: str
    spread: str | None
    binds: tuple[_Bind, ...]
    results: tuple[tuple[int, Convert], ...]


FEW: Final = 4
"""Rows that go one by one: an array for each column costs more."""


class Prepared:
    """A statement with bind parameters, without IN lists; each of its methods is a way to run it."""

    def __init__(self, statement: sa.Select[Any] | sa.Insert | sa.Update | sa.Delete) -> None:
        # What an INSERT gave its row is not asked for: ids are known before.
        self.statement: Final = statement.inline() if isinstance(statement, sa.Insert) else statement
        self._by_names = isinstance(statement, sa.Insert)
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def rows(self, conn: sa.Connection, values: Mapping[str, Any]) -> list[Any]:
        """All rows, as tuples in the order of the statement's columns."""
        watch = _fast(conn)
        if watch is None:
            return [tuple(row) for row in conn.execute(self.statement, values)]
        compiled = self._for(conn, values)
        watch.allow(self.statement, (values,))
        return [
            _converted(row, compiled.results) for row in watch.driver.fetch(compiled.text, _given(compiled, values))
        ]

    def one(self, conn: sa.Connection, values: Mapping[str, Any]) -> Any:
        """The only row, or None; ValueError for more."""
        found = self.rows(conn, values)
        if len(found) > 1:
            raise ValueError(f"wanted one row, got {len(found)}")
        return found[0] if found else None

    def recalled(self, conn: sa.Connection, values: Mapping[str, Any]) -> Any:
        """The only row, read once a unit: for what stands still while the commands of a unit run.

        A command that holds stream 0 reads for itself, and after it everything is read anew.
        """
        watch = _fast(conn)
        if watch is None or watch.memo is None:
            return self.one(conn, values)
        key = (self, *values.values())
        if watch.memo.get(key) is None:
            watch.memo[key] = self.one(conn, values)
        return watch.memo[key]

    def change(self, conn: sa.Connection, values: Mapping[str, Any]) -> int:
        """Runs it; how many rows it touched."""
        watch = _fast(conn)
        if watch is None:
            return int(conn.execute(self.statement, values).rowcount)
        compiled = self._for(conn, values)
        watch.allow(self.statement, (values,))
        return int(watch.driver.change(compiled.text, _given(compiled, values)))

    def change_all(self, conn: sa.Connection, many: Sequence[Mapping[str, Any]]) -> None:
        """Runs it for each of these, which all name the same values."""
        watch = _fast(conn)
        if watch is None:
            conn.execute(self.statement, many)
            return
        compiled = self._for(conn, many[0])
        watch.allow(self.statement, many)
        rows = [_given(compiled, values) for values in many]
        if compiled.spread is None or len(rows) <= FEW:
            watch.driver.change_all(compiled.text, rows)
        else:
            watch.driver.change(compiled.spread, list(map(list, zip(*rows, strict=True))))

    def later(self, conn: sa.Connection, values: Mapping[str, Any]) -> None:
        """Runs it with the last statements of the unit, all commands' rows together: for what no command reads."""
        watch = _fast(conn)
        if watch is None or watch.work is None:
            self.change(conn, values)
            return
        watch.allow(self.statement, (values,))
        watch.work.later(self, values)

    def _for(self, conn: sa.Connection, values: Mapping[str, Any]) -> _Compiled:
        key = (conn.dialect.name, *values) if self._by_names else (conn.dialect.name,)
        return self._compiled.get(key) or self._compile(conn, key)

    def _compile(self, conn: sa.Connection, key: tuple[str, ...]) -> _Compiled:
        dialect, names = conn.dialect, key[1:]
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
        text = str(compiled)
        spread = _spread(text, len(binds)) if dialect.name == "postgresql" else None
        made = self._compiled[key] = _Compiled(text, spread, binds, known)
        return made


_ONE_ROW: Final = re.compile(r"(INSERT INTO \w+ \([^()]*\)) VALUES \((.*)\)")
_VALUE: Final = re.compile(r'\$(\d+)::([A-Z ]+?)(?: COLLATE "C")?')


def _spread(text: str, binds: int) -> str | None:
    """An INSERT of one row as one of many, with an array for each column: one statement, not one for each row.

    None for every other statement, and where a value is more than a plain one of the caller's.
    """
    found = _ONE_ROW.fullmatch(text)
    values = [_VALUE.fullmatch(each) for each in found[2].split(", ")] if found else []
    if found is None or [each and each[1] for each in values] != [str(at + 1) for at in range(binds)]:
        return None
    arrays = ", ".join(f"${each[1]}::{each[2]}[]" for each in values if each)
    return f"{found[1]} SELECT * FROM unnest({arrays})"  # noqa: S608  (names and types of ours)


def _fast(conn: sa.Connection) -> Any:
    """The watch of a writer's connection; None for every other connection."""
    watch = conn.info.get("watch")
    return watch if watch is not None and watch.driver is not None else None


def _given(compiled: _Compiled, values: Mapping[str, Any]) -> list[Any]:
    """The values in the order in which the text wants them, as the driver wants them."""
    given = []
    for name, required, default, convert in compiled.binds:
        value = values[name] if required else values.get(name, default)
        given.append(value if convert is None else convert(value))
    return given


def _processor(kind: Any, dialect: Any, way: str) -> Convert | None:
    own = kind.dialect_impl(dialect)
    found: Convert | None = own.bind_processor(dialect) if way == "bind" else own.result_processor(dialect, None)
    return found


def _converted(row: tuple[Any, ...], results: tuple[tuple[int, Convert], ...]) -> tuple[Any, ...]:
    if not results:
        return tuple(row)
    values = list(row)
    for at, convert in results:
        values[at] = convert(values[at])
    return tuple(values)
