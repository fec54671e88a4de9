"""Why: the parameters that nearly every statement has, each with its type, once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa

from server.db.types import Id

T = TypeVar("T")

_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


def padded(values: Iterable[T]) -> list[T]:
    """The values of an IN list, the last one repeated up to a few lengths: few statement texts are prepared then."""
    known = list(values)
    size = next((size for size in _SIZES if size >= len(known)), len(known))
    return known + known[-1:] * (size - len(known))


def id_(name: str) -> sa.BindParameter[UUID]:
    """A parameter that takes an id."""
    return sa.bindparam(name, type_=Id())


WAREHOUSE: Final = sa.bindparam("warehouse", type_=sa.SmallInteger())
