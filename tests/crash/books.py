"""Why: what a killed server left on its disk is read by nobody but us, before anything has been put right again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from server.db import base, sqlite
from server.inventory import service as inventory
from server.inventory.models import movement
from server.packing import service as packing
from server.packing.models import carton
from server.shipping import service as shipping
from server.shipping.models import label
from server.spooler.models import print_job
from server.tasks import service as tasks
from server.tasks.schemas import Answer

Told = tuple[dict[str, Any], dict[str, Any]]
"""A command and the answer that its device got."""

ROOMS: tuple[Callable[[sa.Connection], list[str]], ...] = (
    inventory.invariants,
    tasks.invariants,
    packing.invariants,
    shipping.invariants,
)
"""What holds after every command. Orders and payments follow by a sink: `pickwave check` looks at them at the end."""

MOVES = {"pick": "pick", "put_back": "put_back", "pack.item": "pack"}
"""Kinds that move goods, and the reason in the ledger."""

_BY_ID = sa.select(base.command.c.id, base.command.c.scope, base.command.c.answer).where(
    base.command.c.id.in_(sa.bindparam("ids", expanding=True)), base.command.c.scope.like("floor:%")
)
_MOVED = (
    sa.select(movement.c.command_id, movement.c.reason, sa.func.sum(movement.c.quantity))
    .where(movement.c.command_id.in_(sa.bindparam("ids", type_=movement.c.command_id.type, expanding=True)))
    .group_by(movement.c.command_id, movement.c.reason)
)
_SENDING = sa.select(print_job.c.id).where(print_job.c.state == "sending")
_STATES = sa.select(print_job.c.id, print_job.c.state).where(
    print_job.c.id.in_(sa.bindparam("ids", type_=print_job.c.id.type, expanding=True))
)
_CARTONS = sa.select(carton.c.sscc, carton.c.state)
_LIVE = sa.select(label.c.sscc).where(label.c.state == "live")
FILE = "pickwave.sqlite"
PORTION = 500


class Books:
    """The database of a site, read from outside."""

    def __init__(self, conn: sa.Connection) -> None:
        self._conn = conn

    def committed(self, ids: Iterable[str]) -> set[str]:
        """Those of these floor commands that are on the disk."""
        return {row.id for row in self._conn.execute(_BY_ID, {"ids": list(ids)})}

    def broken(self) -> list[str]:
        """What is broken of the invariants, in one picture."""
        self._conn.exec_driver_sql("BEGIN")
        try:
            return [sentence for look in ROOMS for sentence in look(self._conn)]
        finally:
            self._conn.exec_driver_sql("ROLLBACK")

    def differing(self, device: str, told: list[Told]) -> Iterator[str]:
        """What a device saw acknowledged and what is not there exactly once, with that answer and that effect."""
        for at in range(0, len(told), PORTION):
            yield from self._differing(device, told[at : at + PORTION])

    def _differing(self, device: str, told: list[Told]) -> Iterator[str]:
        ids = [command["id"] for command, _ in told]
        rows: dict[str, list[Any]] = {}
        for row in self._conn.execute(_BY_ID, {"ids": ids}):
            rows.setdefault(row.id, []).append(row)
        moved = {(row[0], row[1]): int(row[2]) for row in self._conn.execute(_MOVED, {"ids": [UUID(i) for i in ids]})}
        for command, answer in told:
            found = rows.get(command["id"], [])
            if [row.scope for row in found] != [f"floor:{device}"]:
                yield f"{command['kind']} {command['id']}: acknowledged, there are {len(found)}"
                continue
            kept = msgspec.json.decode(found[0].answer, type=Answer)
            if (kept.outcome, kept.params) != (answer["outcome"], answer["params"]):
                yield f"{command['kind']} {command['id']}: answered {answer}, kept {kept}"
            reason = MOVES.get(command["kind"])
            done = moved.get((UUID(command["id"]), reason or ""), 0)
            if reason is not None and done != command["body"]["qty"]:
                yield f"{command['kind']} {command['id']}: {command['body']['qty']} acknowledged, {done} in the ledger"

    def sending(self) -> list[UUID]:
        """The print jobs that were being sent."""
        return list(self._conn.execute(_SENDING).scalars())

    def job_states(self, jobs: list[UUID]) -> dict[UUID, str]:
        """What became of these print jobs."""
        return {row[0]: row[1] for row in self._conn.execute(_STATES, {"ids": jobs})}

    def cartons(self) -> dict[str, str]:
        """Every carton's state by its SSCC."""
        return {row[0]: row[1] for row in self._conn.execute(_CARTONS)}

    def live_labels(self) -> list[str]:
        """The SSCC of each live label."""
        return list(self._conn.execute(_LIVE).scalars())


@contextmanager
def left_behind(folder: Path, desk: Path) -> Iterator[Books]:
    """What a killed server's folder holds, read in a copy: to put its log in order is left to the server."""
    desk.mkdir(exist_ok=True)
    for name in (FILE, f"{FILE}-wal"):
        if (folder / name).exists():
            shutil.copyfile(folder / name, desk / name)
        else:
            (desk / name).unlink(missing_ok=True)
    (desk / f"{FILE}-shm").unlink(missing_ok=True)
    with _reading(sqlite.write_engine(str(desk / FILE))) as found:
        yield found


@contextmanager
def looked_into(folder: Path) -> Iterator[Books]:
    """The database of a running server, through a connection that can change nothing, not even when it ends."""
    url = f"sqlite+pysqlite:///file:{folder / FILE}?mode=ro&uri=true"
    with _reading(sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")) as found:
        yield found


@contextmanager
def _reading(engine: sa.Engine) -> Iterator[Books]:
    conn = engine.connect()
    try:
        yield Books(conn)
    finally:
        conn.invalidate()
        conn.close()
