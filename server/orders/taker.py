"""Why: an edge that brings many orders takes them in together; what goes wrong with one is told of that one alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.errors import is_passing
from server.db.unit import Command, Lane
from server.db.work import Actor
from server.orders import intake
from server.orders.schemas.captures import Captured, NewOrder
from server.orders.service import captures
from server.policies import service as policies

NAME: Final = "orders.capture"


async def take_in(
    db: Database, actor: Actor, news: Sequence[NewOrder], lane: Lane = Lane.BULK
) -> list[Captured | Refusal]:
    """What became of each of these orders, at most `captures.AT_ONCE`; a refusal `broken` where something broke here.

    Raises what says nothing of the orders: that the database is away, or that too much waits.
    """
    await asyncio.to_thread(_look, news)
    if unready := await db.read(policies.unready):
        await asyncio.to_thread(policies.prepare, unready)
    run = partial(captures.capture_many, news=news)
    try:
        return (await db.write(Command(run, frozenset({CORE}), actor, NAME, lane=lane))).answer
    except Exception as error:
        if is_passing(error):
            raise
        _log().warning("orders_singly", orders=len(news), exc_info=error)
        return [await _one(db, actor, new, lane) for new in news]


def _look(news: Sequence[NewOrder]) -> None:
    """Everything slow, where nobody waits for a lock."""
    policies.prepare()
    for new in news:
        intake.look(new)


async def _one(db: Database, actor: Actor, new: NewOrder, lane: Lane) -> Captured | Refusal:
    run = partial(captures.capture, new=new)
    try:
        return (await db.write(Command(run, frozenset({CORE}), actor, NAME, lane=lane))).answer
    except Refusal as refusal:
        if is_passing(refusal):
            raise
        return refusal
    except Exception as error:
        if is_passing(error):
            raise
        _log().error("order_broken", channel=new.channel, exc_info=error)
        return Refusal("broken")


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("pickwave.orders")
    return logger
