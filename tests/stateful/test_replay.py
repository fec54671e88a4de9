"""Invariant 4: commands duplicated, re-sent, cut off and sent back to front end as the sequence sent once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.inventory.models import lpn, quant
from server.locations.models import bin
from server.orders.models import fulfilment_line
from server.orders.rules import FACTS
from server.orders.service import captures
from server.tasks.models import task
from tests.stateful.ground import Ground
from tests.support.world import new_order, release

ORDERS = ({"MILK": 4, "HONEY": 5}, {"OATS": 3}, {"MILK": 3, "OATS": 2})
ACTS = st.lists(
    st.tuples(st.sampled_from(("pick", "pick", "short", "skip", "undo", "bad")), st.integers(0, 9), st.integers(1, 6)),
    min_size=3,
    max_size=12,
)
PORTIONS = st.lists(st.tuples(st.integers(0, 11), st.integers(1, 6), st.booleans()), min_size=1, max_size=6)
"""From which command on, how many, and whether back to front: each is sent before everything is sent in order."""

_TASKS = sa.select(
    task.c.kind, task.c.state, bin.c.code, task.c.quantity, task.c.done, task.c.short, task.c.slot, task.c.position
).select_from(task.join(bin, task.c.bin_id == bin.c.id))
_LINES = sa.select(fulfilment_line.c.item_id, *(fulfilment_line.c[name] for name in FACTS))
_STOCK = sa.select(
    quant.c.item_id, quant.c.lot, quant.c.status, bin.c.code, lpn.c.code, quant.c.on_hand, quant.c.reserved
).select_from(quant.join(bin, quant.c.bin_id == bin.c.id).outerjoin(lpn, quant.c.lpn_id == lpn.c.id))


def _end(conn: sa.Connection) -> list[list[str]]:
    """The end state, without what is new in every run: ids and numbers."""
    return [sorted(repr(tuple(row)) for row in conn.execute(query)) for query in (_TASKS, _LINES, _STOCK)]


async def _begin(ground: Ground) -> None:
    for at, lines in enumerate(ORDERS):
        new = new_order(f"P-{ground.runs}-{at}", lines, payment={"method": "invoice", "token": ""})
        await ground.world.both(lambda work, n=new: captures.capture(work, n))  # type: ignore[misc]
    await release(ground.world)
    await ground.hands[0].begin()


async def _commands(ground: Ground, acts: list[tuple[str, int, int]]) -> list[dict[str, Any]]:
    """The acts as commands of a device that has no network and does not know what came of the ones before."""
    hand = ground.hands[0]
    stops = (await hand.tour()).stops
    made: list[dict[str, Any]] = []
    for kind, at, units in acts:
        stop = stops[at % len(stops)]
        bodies: dict[str, dict[str, Any]] = {
            "pick": {"task": stop.task, "qty": units, "bin": f"B-{stop.bin.code}", "item": "x", "tote": stop.tote,
                     "slot": stop.slot},
            "short": {"task": stop.task, "missing": units, "reason": "empty"},
            "skip": {"task": stop.task},
            "undo": {"command": made[-1]["id"] if made else stop.task},
            "bad": {"task": stop.task, "qty": "three"},
        }  # fmt: skip
        plain = {name: str(value) if isinstance(value, UUID) else value for name, value in bodies[kind].items()}
        made.append(hand.command("pick" if kind == "bad" else kind, plain))
    return made


async def _sent_once(ground: Ground, acts: list[tuple[str, int, int]]) -> list[str]:
    await _begin(ground)
    commands = await _commands(ground, acts)
    outcomes: list[str] = []
    for command in commands:
        ground.world.clock.advance(1)
        outcomes.extend(each.outcome for each in (await ground.hands[0].send(command)).answers)
    return outcomes


async def _sent_anyhow(
    ground: Ground, acts: list[tuple[str, int, int]], portions: list[tuple[int, int, bool]]
) -> list[str]:
    await _begin(ground)
    commands = await _commands(ground, acts)
    for start, size, backwards in portions:
        ground.world.clock.advance(1)
        portion = commands[start : start + size]
        await ground.hands[0].send(*(portion[::-1] if backwards else portion))
    ground.world.clock.advance(1)
    whole = await ground.hands[0].send(*commands)
    assert whole.resend_from is None
    return [each.outcome for each in whole.answers]


def test_any_way_of_sending_ends_as_sending_once(ground: Ground) -> None:
    @settings(
        max_examples=40 if ground.reader is not None else 5, deadline=None, derandomize=True, database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(acts=ACTS, portions=PORTIONS)
    def same(acts: list[tuple[str, int, int]], portions: list[tuple[int, int, bool]]) -> None:
        ground.fresh()
        once = ground.run(_sent_once(ground, acts)), ground.look(_end)
        ground.fresh()
        anyhow = ground.run(_sent_anyhow(ground, acts, portions)), ground.look(_end)
        assert anyhow == once

    same()
