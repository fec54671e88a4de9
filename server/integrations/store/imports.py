"""Why: where an import stands, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from server.auth.models import person
from server.db.binds import id_
from server.db.types import Utc
from server.integrations.drafts import RowFault, Understood
from server.integrations.models.imports import import_fault, import_outcome, import_run
from server.integrations.reading import Layout
from server.integrations.schemas.imports import Counts

LIVE: Final = ("checking", "running")
"""The states in which somebody works on it."""


class Run(NamedTuple):
    """What a worker must know of an import."""

    id: UUID
    kind: str
    warehouse: int
    state: str
    size: int
    layout: Layout
    columns: list[tuple[str, str | None]]
    understood: Understood
    start_at_once: bool
    skip_faults: bool
    position: int
    counts: Counts
    results: Counts
    holder: int | None
    held_until: datetime | None


_RUN: Final = (
    import_run.c.id, import_run.c.kind, import_run.c.for_warehouse, import_run.c.state, import_run.c.size,
    import_run.c.layout, import_run.c.columns, import_run.c.understood, import_run.c.start_at_once,
    import_run.c.skip_faults,
    import_run.c.position, import_run.c.counts, import_run.c.results, import_run.c.holder, import_run.c.held_until,
)  # fmt: skip
_add: Final = sa.insert(import_run)
_by_id: Final = sa.select(*_RUN).where(import_run.c.id == id_("import"))
_begun: Final = sa.select(import_run.c.preview, import_run.c.created_by).where(import_run.c.id == id_("import"))
_live: Final = (
    sa.select(import_run.c.id, import_run.c.holder, import_run.c.held_until)
    .where(import_run.c.state.in_(LIVE))
    .order_by(import_run.c.created_at)
)
_waiting: Final = sa.select(import_run.c.id).where(
    import_run.c.state == "checked", import_run.c.created_at < sa.bindparam("before", type_=Utc())
)
_open: Final = sa.select(import_run.c.id).where(import_run.c.state.in_((*LIVE, "checked")))
_hold: Final = (
    sa.update(import_run)
    .where(import_run.c.id == id_("of"))
    .values(holder=sa.bindparam("life"), held_until=sa.bindparam("until", type_=Utc()))
)
_set: Final = (
    sa.update(import_run)
    .where(import_run.c.id == id_("of"))
    .values(
        position=sa.bindparam("at"),
        bytes_read=sa.bindparam("read", type_=sa.BigInteger()),
        counts=sa.bindparam("checked", type_=import_run.c.counts.type),
        results=sa.bindparam("written", type_=import_run.c.results.type),
        preview=sa.bindparam("first", type_=import_run.c.preview.type),
        held_until=sa.bindparam("until", type_=Utc()),
    )
)
_advance: Final = (
    sa.update(import_run)
    .where(import_run.c.id == id_("of"))
    .values(
        position=sa.bindparam("at"),
        bytes_read=sa.bindparam("read", type_=sa.BigInteger()),
        results=sa.bindparam("written", type_=import_run.c.results.type),
        held_until=sa.bindparam("until", type_=Utc()),
    )
)
_start: Final = (
    sa.update(import_run)
    .where(import_run.c.id == id_("of"))
    .values(
        state=sa.bindparam("to_state"),
        skip_faults=sa.bindparam("skip", type_=sa.Boolean()),
        position=1,
        bytes_read=0,
        started_at=sa.bindparam("at", type_=Utc()),
        started_by=sa.bindparam("by", type_=import_run.c.started_by.type),
    )
)
_mark: Final = sa.update(import_run).where(import_run.c.id == id_("of")).values(state=sa.bindparam("to_state"))
_end: Final = (
    sa.update(import_run)
    .where(import_run.c.id == id_("of"))
    .values(
        state=sa.bindparam("to_state"),
        why=sa.bindparam("because"),
        preview=[],
        ended_at=sa.bindparam("at", type_=Utc()),
        holder=None,
        held_until=None,
    )
)
_add_outcomes: Final = sa.insert(import_outcome)
_outcomes: Final = (
    sa.select(
        import_outcome.c.row, import_outcome.c.last, import_outcome.c.came_to, import_outcome.c.name,
        import_outcome.c.made, import_outcome.c.faults,
    )
    .where(import_outcome.c.import_id == id_("import"), import_outcome.c.row > sa.bindparam("after"))
    .order_by(import_outcome.c.row)
    .limit(sa.bindparam("most"))
)  # fmt: skip
_some_outcomes: Final = (
    sa.select(import_outcome.c.row)
    .where(import_outcome.c.import_id == id_("import"))
    .order_by(import_outcome.c.row)
    .limit(sa.bindparam("most"))
)
_drop_outcomes: Final = sa.delete(import_outcome).where(
    import_outcome.c.import_id == id_("of"), import_outcome.c.row <= sa.bindparam("until")
)
_add_faults: Final = sa.insert(import_fault)
_faults: Final = (
    sa.select(
        import_fault.c.number, import_fault.c.row, import_fault.c.column, import_fault.c.code, import_fault.c.wanted,
        import_fault.c.got, import_fault.c.params,
    )
    .where(
        import_fault.c.import_id == id_("import"),
        import_fault.c.phase == sa.bindparam("phase"),
        import_fault.c.number > sa.bindparam("after"),
    )
    .order_by(import_fault.c.number)
    .limit(sa.bindparam("most"))
)  # fmt: skip
_with_old_faults: Final = (
    sa.select(import_run.c.id)
    .where(
        import_run.c.ended_at < sa.bindparam("before", type_=Utc()),
        sa.or_(
            sa.exists().where(import_fault.c.import_id == import_run.c.id),
            sa.exists().where(import_outcome.c.import_id == import_run.c.id),
        ),
    )
    .limit(10)
)
_first_fault: Final = sa.select(sa.func.min(import_fault.c.number)).where(import_fault.c.import_id == id_("import"))
_drop_faults: Final = sa.delete(import_fault).where(
    import_fault.c.import_id == id_("of"), import_fault.c.number < sa.bindparam("below")
)


def add(conn: Connection, row: dict[str, Any]) -> None:
    """A new import."""
    conn.execute(_add, row)


def by_id(conn: Connection, import_id: UUID) -> Run | None:
    """An import, for who works on it."""
    row = conn.execute(_by_id, {"import": import_id}).one_or_none()
    return None if row is None else _run(row)


def _run(row: Any) -> Run:
    values = list(row)
    values[5] = msgspec.convert(row[5], Layout)
    values[6] = [(header, column) for header, column in row[6]]
    values[7] = msgspec.convert(row[7], Understood)
    values[11], values[12] = msgspec.convert(row[11], Counts), msgspec.convert(row[12], Counts)
    return Run(*values)


def begun(conn: Connection, import_id: UUID) -> tuple[list[list[str]], UUID | None]:
    """The first rows that are kept already, and who brought it in."""
    row = conn.execute(_begun, {"import": import_id}).one()
    return row[0], row[1]


class Live(NamedTuple):
    """An import that somebody works on, or should: by his life, and until when he must give a sign."""

    id: UUID
    holder: int | None
    held_until: datetime | None


def live(conn: Connection) -> list[Live]:
    """The imports that somebody works on, or should."""
    return [Live(*row) for row in conn.execute(_live)]


def waiting_since(conn: Connection, before: datetime) -> list[UUID]:
    """Imports that were checked and never started."""
    return list(conn.execute(_waiting, {"before": before}).scalars())


def with_files(conn: Connection) -> frozenset[UUID]:
    """The imports whose file is still needed."""
    return frozenset(conn.execute(_open).scalars())


def hold(conn: Connection, import_id: UUID, life: int, until: datetime) -> None:
    """From now on this process works on it."""
    conn.execute(_hold, {"of": import_id, "life": life, "until": until})


def set_checked(
    conn: Connection,
    import_id: UUID,
    *,
    at: int,
    read: int,
    counts: Counts,
    preview: Sequence[Sequence[str]],
    until: datetime,
) -> None:
    """How far the check is."""
    values = {"of": import_id, "at": at, "read": read, "until": until, "first": preview}
    conn.execute(_set, {**values, "checked": counts, "written": Counts()})


def set_written(conn: Connection, import_id: UUID, *, at: int, read: int, results: Counts, until: datetime) -> None:
    """How far the writing is."""
    conn.execute(_advance, {"of": import_id, "at": at, "read": read, "written": results, "until": until})


def start(conn: Connection, import_id: UUID, state: str, *, skip: bool, at: datetime, by: UUID | None) -> None:
    """It is written from its first row on."""
    conn.execute(_start, {"of": import_id, "to_state": state, "skip": skip, "at": at, "by": by})


def mark(conn: Connection, import_id: UUID, state: str) -> None:
    """Its state alone."""
    conn.execute(_mark, {"of": import_id, "to_state": state})


def end(conn: Connection, import_id: UUID, state: str, at: datetime, why: str = "") -> None:
    """Nobody works on it any more."""
    conn.execute(_end, {"of": import_id, "to_state": state, "at": at, "because": why})


def add_faults(conn: Connection, import_id: UUID, phase: str, after: int, faults: Sequence[RowFault]) -> None:
    """Keeps faults behind the `after` that there are."""
    rows = [
        {"import_id": import_id, "phase": phase, "number": after + number, **msgspec.structs.asdict(each)}
        for number, each in enumerate(faults, 1)
    ]
    if rows:
        conn.execute(_add_faults, rows)


def faults(conn: Connection, import_id: UUID, phase: str, after: int, most: int) -> list[tuple[int, RowFault]]:
    """At most so many faults behind the number `after`."""
    rows = conn.execute(_faults, {"import": import_id, "phase": phase, "after": after, "most": most})
    return [(row[0], RowFault(*row[1:])) for row in rows]


class Outcome(NamedTuple):
    """What became of a record: its rows, made, changed, skipped or faulty, its names there and here, what was wrong."""

    row: int
    last: int
    came_to: str
    name: str
    made: str
    faults: tuple[RowFault, ...]


def add_outcomes(conn: Connection, import_id: UUID, outcomes: Sequence[Outcome]) -> None:
    """Keeps what became of these records."""
    if outcomes:
        conn.execute(_add_outcomes, [{"import_id": import_id, **each._asdict()} for each in outcomes])


def outcomes(conn: Connection, import_id: UUID, after: int, most: int) -> list[Outcome]:
    """What became of the records behind the row `after`, in the order of the file."""
    rows = conn.execute(_outcomes, {"import": import_id, "after": after, "most": most})
    return [Outcome(*row[:5], msgspec.convert(row[5], tuple[RowFault, ...])) for row in rows]


def drop_outcomes(conn: Connection, import_id: UUID, most: int) -> bool:
    """Forgets the first outcomes of an import; whether there were any."""
    first = list(conn.execute(_some_outcomes, {"import": import_id, "most": most}).scalars())
    if first:
        conn.execute(_drop_outcomes, {"of": import_id, "until": first[-1]})
    return bool(first)


def with_old_faults(conn: Connection, before: datetime) -> list[UUID]:
    """Some imports that ended before this moment and have faults or outcomes still."""
    return list(conn.execute(_with_old_faults, {"before": before}).scalars())


def drop_faults(conn: Connection, import_id: UUID, most: int) -> bool:
    """Forgets the first faults of an import; whether there were any."""
    first = conn.execute(_first_fault, {"import": import_id}).scalar_one()
    if first is not None:
        conn.execute(_drop_faults, {"of": import_id, "below": first + most})
    return first is not None


# --- what the screens show -----------------------------------------------------------------------------------------


class Shown(NamedTuple):
    """An import as it is shown."""

    run: Run
    file_name: str
    bytes_read: int
    preview: list[list[str]]
    why: str
    created_at: datetime
    created_by: str
    started_at: datetime | None
    started_by: str
    ended_at: datetime | None


_creator, _starter = person.alias("creator"), person.alias("starter")
_SHOWN: Final = sa.select(
    *_RUN, import_run.c.file_name, import_run.c.bytes_read, import_run.c.preview, import_run.c.why,
    import_run.c.created_at, sa.func.coalesce(_creator.c.name, ""), import_run.c.started_at,
    sa.func.coalesce(_starter.c.name, ""), import_run.c.ended_at,
).select_from(
    import_run.outerjoin(_creator, _creator.c.id == import_run.c.created_by).outerjoin(
        _starter, _starter.c.id == import_run.c.started_by
    )
)  # fmt: skip
_shown_one: Final = _SHOWN.where(import_run.c.id == id_("import"))
_shown_page: Final = (
    _SHOWN.where(
        import_run.c.id < id_("before"),
        import_run.c.kind.in_(sa.bindparam("kinds", expanding=True)),
        sa.or_(
            sa.bindparam("warehouse", type_=sa.SmallInteger()).is_(None),
            import_run.c.for_warehouse == sa.bindparam("warehouse", type_=sa.SmallInteger()),
        ),
    )
    .order_by(import_run.c.id.desc())
    .limit(sa.bindparam("most"))
)


def shown(conn: Connection, import_id: UUID) -> Shown | None:
    """One import."""
    row = conn.execute(_shown_one, {"import": import_id}).one_or_none()
    return None if row is None else _shown(row)


def page(conn: Connection, kinds: Collection[str], warehouse: int | None, before: UUID, most: int) -> list[Shown]:
    """Imports of these kinds, of one warehouse or of all, the newest first."""
    values = {"kinds": sorted(kinds), "warehouse": warehouse, "before": before, "most": most}
    rows = conn.execute(_shown_page, values)
    return [_shown(row) for row in rows]


def _shown(row: Any) -> Shown:
    return Shown(_run(row[: len(_RUN)]), *row[len(_RUN) :])
