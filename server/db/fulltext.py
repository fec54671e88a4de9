"""Why: a person types a piece of what he remembers; any piece of a text finds its row, at a million rows as at ten.

Both databases index texts by their runs of three characters: SQLite by FTS5 with its trigram tokenizer, which triggers
keep beside the table, PostgreSQL by pg_trgm and a GIN index. A piece has at least three characters; a text that
parts its words by two blanks finds shorter beginnings of words too ("  a").
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any, Final

import sqlalchemy as sa

EXTENSION: Final = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
"""What PostgreSQL needs beforehand. Where it is not to be had, texts are read one after another: right, but slow."""
TRIGRAMS: Final = "gin_trgm_ops"
SHORTEST: Final = 3
"""Characters that a piece has at least."""
LAST: Final = 2**62
"""Behind every key."""
_BEFORE: Final = sa.bindparam("before", type_=sa.BigInteger())


class FullText:
    """The text of a table's rows, found by its pieces; the rows' keys are whole numbers, the newest is the highest."""

    def __init__(self, of: sa.Table, key: str, text: str = "text") -> None:
        self._key, self._text = of.c[key], of.c[text]
        self._index = sa.table(f"{of.name}_index", sa.column("rowid", sa.BigInteger()))
        index = sa.Index(
            f"ix_{of.name}_{text}", self._text, postgresql_using="gin", postgresql_ops={text: TRIGRAMS},
            info={"only": "postgresql"},
        ).ddl_if(dialect="postgresql")  # fmt: skip
        assert index is not None
        of.info["beside"] = {"sqlite": _beside(of.name, key, text)}
        for statement in of.info["beside"]["sqlite"]:
            sa.event.listen(of, "after_create", _only(statement, "sqlite"))
        sa.event.listen(of.metadata, "before_create", _only(EXTENSION, "postgresql"))

    def holding(self, conn: sa.Connection, pieces: Sequence[str], most: int, before: int = LAST) -> list[int]:
        """The keys of the newest rows before that key, at most `most`, whose text holds all of these pieces."""
        asked = [piece for piece in pieces if len(piece) >= SHORTEST]
        if not asked:
            return []
        if conn.dialect.name == "sqlite":
            wanted = " AND ".join('"' + piece.replace('"', '""') + '"' for piece in asked)
            return list(conn.execute(self._matching, {"wanted": wanted, "most": most, "before": before}).scalars())
        given = {f"piece{at}": f"%{_escaped(piece)}%" for at, piece in enumerate(asked)}
        return list(conn.execute(self._like(len(asked)), {**given, "most": most, "before": before}).scalars())

    @cached_property
    def _matching(self) -> sa.Select[int]:
        rowid = self._index.c.rowid
        matches = sa.literal_column(self._index.name).op("MATCH")(sa.bindparam("wanted", type_=sa.Text()))
        return sa.select(rowid).where(matches, rowid < _BEFORE).order_by(rowid.desc()).limit(sa.bindparam("most"))

    @lru_cache(maxsize=32)  # noqa: B019  (the tables live as long as the process)
    def _like(self, count: int) -> sa.Select[int]:
        """The pieces stand in the statement itself: how it is best found depends on how often they occur."""
        pieces = [sa.bindparam(f"piece{at}", type_=sa.Text(), literal_execute=True) for at in range(count)]
        held = [self._text.like(piece) for piece in pieces]
        newest = sa.select(self._key).where(*held, self._key < _BEFORE).order_by(self._key.desc())
        return newest.limit(sa.bindparam("most"))


def _only(statement: str, dialect: str) -> Any:
    return sa.DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]


def _escaped(piece: str) -> str:
    return piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _beside(name: str, key: str, text: str) -> list[str]:
    """The index as SQLite's FTS5 wants it, and what keeps it as the table is."""
    index = f"{name}_index"
    added = f"INSERT INTO {index}(rowid, {text}) VALUES (new.{key}, new.{text});"  # noqa: S608  (names of ours)
    gone = f"INSERT INTO {index}({index}, rowid, {text}) VALUES ('delete', old.{key}, old.{text});"  # noqa: S608
    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5({text}, content='{name}', content_rowid='{key}', tokenize='trigram')",
        f"CREATE TRIGGER {index}_added AFTER INSERT ON {name} BEGIN {added} END",
        f"CREATE TRIGGER {index}_gone AFTER DELETE ON {name} BEGIN {gone} END",
        f"CREATE TRIGGER {index}_changed AFTER UPDATE ON {name} BEGIN {gone} {added} END",
    ]


def statements_before(dialect: str) -> list[str]:
    """What a database of this kind needs before its tables."""
    return [EXTENSION] if dialect == "postgresql" else []


def statements_beside(table: sa.Table, dialect: str) -> Any:
    """What follows a table in a database of this kind."""
    return table.info.get("beside", {}).get(dialect, [])
