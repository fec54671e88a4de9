"""Why: the parameters that nearly every statement has, each with its type, once."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import sqlalchemy as sa

from server.db.types import Id


def id_(name: str) -> sa.BindParameter[UUID]:
    """A parameter that takes an id."""
    return sa.bindparam(name, type_=Id())


WAREHOUSE: Final = sa.bindparam("warehouse", type_=sa.SmallInteger())
