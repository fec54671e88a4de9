"""Why: what a killed server left is read by nobody but us, before anything has been put right again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.db import base
from server.inventory import service as inventory
from server.inventory.models import movement
from server.packing.models import carton
from server.packing.service import invariants as packing_invariants
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
    packing_invariants.broken,
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
_CARTONS = sa.select(carton.c.sscc, carton.c.state)
_LIVE = sa.select(label.c.sscc).where(label.c.state == "live")
PORTION = 500


class Books:
    """The database of a site, read from outside."""

    def __init__(self, conn: AsyncConnection) -> None:
        self._conn = conn

    async def committed(self, ids: Iterable[str]) -> set[str]:
        """Those of these floor commands that are stored."""
        return {row.id for row in await self._conn.execute(_BY_ID, {"ids": list(ids)})}

    async def broken(self) -> list[str]:
        """What is broken of the invariants."""
        return await self._conn.run_sync(lambda conn: [sentence for look in ROOMS for sentence in look(conn)])

    async def differing(self, device: str, told: list[Told]) -> list[str]:
        """What a device saw acknowledged and what is not there exactly once, with that answer and that effect."""
        found: list[str] = []
        for at in range(0, len(told), PORTION):
            found += await self._conn.run_sync(_differing, device, told[at : at + PORTION])
        return found

    async def sending(self) -> list[UUID]:
        """The print jobs that were being sent."""
        return list((await self._conn.execute(_SENDING)).scalars())

    async def cartons(self) -> dict[str, str]:
        """Every carton's state by its SSCC."""
        return {row[0]: row[1] for row in await self._conn.execute(_CARTONS)}

    async def live_labels(self) -> list[str]:
        """The SSCC of each live label."""
        return list((await self._conn.execute(_LIVE)).scalars())


def _differing(conn: sa.Connection, device: str, told: list[Told]) -> list[str]:
    ids = [command["id"] for command, _ in told]
    rows: dict[str, list[Any]] = {}
    for row in conn.execute(_BY_ID, {"ids": ids}):
        rows.setdefault(row.id, []).append(row)
    moved = {(row[0], row[1]): int(row[2]) for row in conn.execute(_MOVED, {"ids": [UUID(i) for i in ids]})}
    return [text for each in told for text in _difference(device, each, rows.get(each[0]["id"], []), moved)]


def _difference(device: str, told: Told, found: list[Any], moved: dict[tuple[UUID, str], int]) -> Iterator[str]:
    command, answer = told
    name = f"{command['kind']} {command['id']}"
    if [row.scope for row in found] != [f"floor:{device}"]:
        yield f"{name}: acknowledged, there are {len(found)}"
        return
    kept = msgspec.json.decode(found[0].answer, type=Answer)
    if (kept.outcome, kept.params) != (answer["outcome"], answer["params"]):
        yield f"{name}: answered {answer}, kept {kept}"
    reason = MOVES.get(command["kind"])
    done = moved.get((UUID(command["id"]), reason or ""), 0)
    if reason is not None and done != command["body"]["qty"]:
        yield f"{name}: {command['body']['qty']} acknowledged, {done} in the ledger"
