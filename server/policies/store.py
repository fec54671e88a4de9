"""Why: every statement about rule sets, built once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection as Connection

from server.db.binds import id_
from server.db.prepared import Prepared
from server.db.types import Json, Utc
from server.policies.models import rule_set
from server.policies.rules import Rule
from server.policies.schemas import RuleSet

_ROW: Final[tuple[sa.Column[Any], ...]] = (
    rule_set.c.id, rule_set.c.kind, rule_set.c.version, rule_set.c.state, rule_set.c.rules, rule_set.c.note,
    rule_set.c.written_by, rule_set.c.written_at, rule_set.c.live_by, rule_set.c.live_at, rule_set.c.retired_at,
)  # fmt: skip
_LIVE: Final = Prepared(
    sa.select(rule_set.c.id, rule_set.c.written_at, rule_set.c.kind, rule_set.c.version).where(
        rule_set.c.state == "live"
    )
)
_IN_STATE: Final = sa.select(*_ROW).where(rule_set.c.state == sa.bindparam("in_state")).order_by(rule_set.c.kind)
_OF_KIND: Final = sa.select(*_ROW).where(
    rule_set.c.kind == sa.bindparam("of_kind"), rule_set.c.state == sa.bindparam("in_state")
)
_BY_ID: Final = sa.select(*_ROW).where(rule_set.c.id == id_("of"))
_VERSION: Final = sa.select(*_ROW).where(
    rule_set.c.kind == sa.bindparam("of_kind"), rule_set.c.version == sa.bindparam("of_version", type_=sa.Integer)
)
_VERSIONS: Final = (
    sa.select(*_ROW)
    .where(
        rule_set.c.kind == sa.bindparam("of_kind"),
        rule_set.c.state.in_(("live", "retired")),
        rule_set.c.version < sa.bindparam("before", type_=sa.Integer),
    )
    .order_by(rule_set.c.version.desc())
    .limit(sa.bindparam("most"))
)
_LAST: Final = sa.select(sa.func.max(rule_set.c.version)).where(rule_set.c.kind == sa.bindparam("of_kind"))
_ADD: Final = sa.insert(rule_set)
_WRITE: Final = (
    sa.update(rule_set)
    .where(rule_set.c.id == id_("of"))
    .values(
        rules=sa.bindparam("new_rules", type_=Json()),
        written_by=sa.bindparam("by"),
        written_at=sa.bindparam("at", type_=Utc()),
    )
)
_MOVE: Final = (
    sa.update(rule_set)
    .where(rule_set.c.id == id_("of"))
    .values(
        state=sa.bindparam("new_state"),
        note=sa.bindparam("new_note"),
        live_by=sa.bindparam("new_live_by"),
        live_at=sa.bindparam("new_live_at", type_=Utc()),
        retired_at=sa.bindparam("new_retired_at", type_=Utc()),
    )
)


class Kept(NamedTuple):
    """A rule set with the id of its row."""

    id: UUID
    set: RuleSet


def _kept(row: Any) -> Kept:
    told: dict[str, Any] = dict(row._mapping)
    row_id = told.pop("id")
    rules = msgspec.convert(told.pop("rules"), list[Rule])
    return Kept(row_id, RuleSet(rules=rules, **told))


def live(conn: Connection) -> list[tuple[UUID, datetime, str, int]]:
    """Id, moment of writing, kind and version of what decides now."""
    return [(row[0], row[1], row[2], row[3]) for row in _LIVE.rows(conn, {})]


def by_id(conn: Connection, of: UUID) -> RuleSet:
    """A rule set whose id is known."""
    return _kept(conn.execute(_BY_ID, {"of": of}).one()).set


def in_state(conn: Connection, state: str) -> dict[str, RuleSet]:
    """The rule sets in this state by kind: at most one of each for `live` and `draft`."""
    return {each.set.kind: each.set for each in map(_kept, conn.execute(_IN_STATE, {"in_state": state}))}


def of_kind(conn: Connection, kind: str, state: str) -> Kept | None:
    """The live one, or the draft."""
    row = conn.execute(_OF_KIND, {"of_kind": kind, "in_state": state}).one_or_none()
    return None if row is None else _kept(row)


def version(conn: Connection, kind: str, number: int) -> RuleSet | None:
    """A version, whatever became of it."""
    row = conn.execute(_VERSION, {"of_kind": kind, "of_version": number}).one_or_none()
    return None if row is None else _kept(row).set


def versions(conn: Connection, kind: str, before: int, most: int) -> list[RuleSet]:
    """What is or was live below this version, the newest first."""
    rows = conn.execute(_VERSIONS, {"of_kind": kind, "before": before, "most": most})
    return [_kept(row).set for row in rows]


def last(conn: Connection, kind: str) -> int:
    """The highest version that was given out; 0: none."""
    return int(conn.execute(_LAST, {"of_kind": kind}).scalar_one() or 0)


def add(conn: Connection, row: Mapping[str, Any]) -> None:
    """Keeps a new draft."""
    conn.execute(_ADD, row)


def write(conn: Connection, of: UUID, rules: list[Rule], by: str, at: datetime) -> None:
    """What a draft says from now on."""
    conn.execute(_WRITE, {"of": of, "new_rules": rules, "by": by, "at": at})


def move(conn: Connection, of: UUID, state: str, kept: RuleSet) -> None:
    """Where a rule set stands in its life, with what is known of that."""
    values = {"note": kept.note, "live_by": kept.live_by, "live_at": kept.live_at, "retired_at": kept.retired_at}
    conn.execute(_MOVE, {"of": of, "new_state": state, **{f"new_{name}": value for name, value in values.items()}})
