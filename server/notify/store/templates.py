"""Why: every statement about templates and switches, built once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from server.notify.models import message_switch, message_template
from server.notify.schemas import Template

_ROW: Final[tuple[sa.Column[Any], ...]] = (
    message_template.c.milestone, message_template.c.channel, message_template.c.language, message_template.c.version,
    message_template.c.subject, message_template.c.body, message_template.c.by, message_template.c.at,
)  # fmt: skip
_OF: Final = sa.and_(
    message_template.c.milestone == sa.bindparam("of_milestone"),
    message_template.c.channel == sa.bindparam("of_channel"),
    message_template.c.language == sa.bindparam("of_language"),
)
_LAST: Final = sa.select(*_ROW).where(_OF).order_by(message_template.c.version.desc()).limit(1)
_BEFORE: Final = (
    sa.select(*_ROW)
    .where(_OF, message_template.c.version < sa.bindparam("before", type_=sa.Integer()))
    .order_by(message_template.c.version.desc())
    .limit(sa.bindparam("most"))
)
_WRITTEN: Final = sa.select(
    message_template.c.milestone, message_template.c.channel, message_template.c.language
).distinct()
_ADD: Final = sa.insert(message_template)
_SWITCHES: Final = sa.select(message_switch.c.milestone, message_switch.c.is_on)
_DROP_SWITCH: Final = sa.delete(message_switch).where(message_switch.c.milestone == sa.bindparam("of_milestone"))
_ADD_SWITCH: Final = sa.insert(message_switch)


def last(conn: sa.Connection, milestone: str, channel: str, language: str) -> Template | None:
    """What somebody wrote last."""
    row = conn.execute(_LAST, _key(milestone, channel, language)).one_or_none()
    return None if row is None else Template(*row)


def before(conn: sa.Connection, key: tuple[str, str, str], version: int, most: int) -> list[Template]:
    """What was written before this version, the newest first."""
    rows = conn.execute(_BEFORE, {**_key(*key), "before": version, "most": most})
    return [Template(*row) for row in rows]


def _key(milestone: str, channel: str, language: str) -> dict[str, str]:
    return {"of_milestone": milestone, "of_channel": channel, "of_language": language}


def written(conn: sa.Connection) -> set[tuple[str, str, str]]:
    """The templates that somebody has written: milestone, channel, language."""
    return {(row[0], row[1], row[2]) for row in conn.execute(_WRITTEN)}


def add(conn: sa.Connection, row: Mapping[str, Any]) -> None:
    """Keeps a version."""
    conn.execute(_ADD, row)


def switches(conn: sa.Connection) -> dict[str, bool]:
    """What somebody has switched on or off."""
    return {row[0]: row[1] for row in conn.execute(_SWITCHES)}


def switch(conn: sa.Connection, milestone: str, on: bool) -> None:
    """Keeps whether customers are told of it."""
    conn.execute(_DROP_SWITCH, {"of_milestone": milestone})
    conn.execute(_ADD_SWITCH, {"milestone": milestone, "is_on": on})
