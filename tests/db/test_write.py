"""Why: what a caller of `Database.write` may rely on, on both databases."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
import sqlalchemy as sa

from server.core.refusal import Fault, Refusal
from server.db import base, log
from server.db.database import Database
from server.db.work import Actor, Work
from server.db.writer import Command, Key
from tests.db.house import CORE, EVENTS, SITE, add, value


async def test_a_command_is_stored_with_its_events_when_it_is_answered(open_database) -> None:
    database = await open_database(events=EVENTS)
    done = await database.write(add("a", 3))
    assert (done.answer, done.replayed, done.position) == ({"value": 3}, False, 1)
    assert await value(database, "a") == 3
    events = await database.read(lambda conn: log.tail(conn, 1, 0, 10))
    assert [(event.type, event.position, event.payload) for event in events] == [("added", 1, {"by": 3})]
