"""Why: an answer that is lost is asked for again; what moves goods or money names itself, and is done once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from hashlib import sha256
from typing import Annotated, Final, TypeVar

import msgspec
from litestar.params import HeaderParameter

from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command, Done, Key
from server.db.work import Actor, Work

T = TypeVar("T")

OnceKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key", min_length=1, max_length=100,
        description="Chosen by you, one for each movement: the same again is answered again and not done again.",
    ),
]  # fmt: skip
_CORE: Final = frozenset({CORE})


def key_of(actor: Actor, name: str, given: str, payload: bytes) -> Key:
    """The key of this caller; what others send under the same words is another key."""
    return Key(f"{name}:{actor.key or actor.person or actor.name}", given, sha256(payload).digest())


async def once(
    db: Database,
    actor: Actor,
    name: str,
    key: str,
    run: Callable[[Work], T],
    answer: type[T],
    *about: object,
    streams: Collection[int] = _CORE,
) -> T:
    """Does it under the caller's own key; again, it is answered again.

    `about` is what was asked and of what. Refuses `key_reused` where the same key came with something else.
    """
    asked = msgspec.json.encode(about)
    command = Command(run, frozenset(streams), actor, name, key=key_of(actor, name, key, asked), answer=answer)
    return (await written(db, command)).answer


async def written(db: Database, command: Command[T]) -> Done[T]:
    """The command's outcome; in words of the wire where its key was used for something else."""
    try:
        return await db.write(command)
    except Refusal as refusal:
        if refusal.code != "command_id_reused":
            raise
        raise Refusal("key_reused") from refusal
