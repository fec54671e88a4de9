"""A scan costs the same on a large floor: no statement of it reads more rows than it wants. SQLite tells how it goes.

SQLite has no statistics of these tables, so it chooses by their shape alone: what is right here is right at any size.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from server import sqlite3
from server.core.clock import ManualClock
from server.core.events import EVENTS
from server.db import urls
from server.db.database import Database
from server.fanout.table import REACTIONS
from tests.support.world import World, build, capture, handheld, release

SHOWN = ("SELECT", "UPDATE", "DELETE")


@pytest.fixture
async def world(sqlite_url: str, clock: ManualClock) -> AsyncIterator[World]:
    db = await Database.open(sqlite_url, clock=clock, events=EVENTS, reactions=REACTIONS)
    yield await build(db, clock)
    await db.close()


@contextmanager
def heard(world: World) -> Iterator[list[str]]:
    """The statements that the writer sends meanwhile, with their values."""
    raw = world.db._site.writer._session.raw  # type: ignore[attr-defined]
    said: list[str] = []
    raw.set_trace_callback(said.append)
    yield said
    raw.set_trace_callback(None)


def plans(url: str, statements: list[str]) -> dict[str, list[str]]:
    """How SQLite goes about each."""
    conn = sqlite3.connect(urls.file_of(urls.parse(url)))
    try:
        return {
            text: [step[3] for step in conn.execute(f"EXPLAIN QUERY PLAN {text}")]
            for text in statements
            if text.startswith(SHOWN)
        }
    finally:
        conn.close()


async def test_a_scan_searches_by_whole_keys_and_sorts_nothing(world: World, sqlite_url: str) -> None:
    await world.stock("MILK", "A02-03-A", 40)
    await capture(world, "R-1", {"MILK": 30})
    await release(world)
    picker = handheld(world)
    tour = await picker.begin()
    (stop,) = tour.stops
    await picker.pick(stop, 1)
    body = {"task": str(stop.task), "qty": 1, "bin": stop.bin.code, "item": "any", "tote": stop.tote, "slot": stop.slot}
    picks = [picker.command("pick", body) for _ in range(20)]
    with heard(world) as said:
        answered = await picker.send(*picks)
    assert {each.outcome for each in answered.answers} == {"picked"}
    steps = plans(sqlite_url, said)
    assert len(steps) > 10
    wide = {text: found for text, found in steps.items() if any(_is_wide(step) for step in found)}
    assert wide == {}


def _is_wide(step: str) -> bool:
    """A scan, a sort, or a search for all of a warehouse's or a stream's."""
    return step.startswith(("SCAN", "USE TEMP B-TREE")) or step.endswith(("(stream=?)", "(warehouse_id=?)"))
