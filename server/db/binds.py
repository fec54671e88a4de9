"""Why: the parameters that nearly every statement has, each with its type, once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

from server.db.types import Id

T = TypeVar("T")

_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


def padded(values: Iterable[T]) -> list[T]:
    """The values of an IN list, the last one repeated up to a few lengths: few statement texts are prepared then."""
    known = list(values)
    size = next((size for size in _SIZES if size >= len(known)), len(known))
    return known + known[-1:] * (size - len(known))


class among(sa.ColumnElement[bool]):  # noqa: N801  (reads as `in_` does)
    """Whether a column's value is one of a list's, which the parameter `name` takes, best `padded`.

    PostgreSQL gets one array, whatever its length: hundreds of places cost as much to write into a statement as to
    read. SQLite has no arrays of ids and gets the places.
    """

    inherit_cache = True
    type = sa.Boolean()
    _traverse_internals = [  # noqa: RUF012  (SQLAlchemy's way to say what a construct is made of)
        ("places", InternalTraversal.dp_clauseelement),
        ("array", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: sa.ColumnElement[Any], name: str) -> None:
        kind = column.type
        self.places = column.in_(sa.bindparam(name, type_=kind, expanding=True))
        self.array = column == sa.any_(sa.bindparam(name, type_=postgresql.ARRAY(kind)))

    def self_group(self, against: Any = None) -> among:
        """As it is: in a WHERE, SQLAlchemy compares what it does not know to be a comparison with 1, and SQLite uses no
        index for that.
        """
        return self


@compiles(among)
def _in_places(element: among, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.places, **how))


@compiles(among, "postgresql")
def _in_array(element: among, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.array, **how))


def id_(name: str) -> sa.BindParameter[UUID]:
    """A parameter that takes an id."""
    return sa.bindparam(name, type_=Id())


WAREHOUSE: Final = sa.bindparam("warehouse", type_=sa.SmallInteger())
