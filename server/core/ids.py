"""Why: rows need ids that any process can make and that sort by the time they were made (UUIDv7, RFC 9562).

Neither Python 3.11 nor browsers have them. Layout: 48 bits of milliseconds, version 7, 12 random bits,
variant, 62 random bits. Ids of one process always grow: within a millisecond, and when the clock steps back,
the random part counts on by a random step.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, SafeUUID

_RANDOM_BITS: Final = 74
_RANDOM_MASK: Final = (1 << _RANDOM_BITS) - 1
_STEP_MASK: Final = (1 << 32) - 1
_LOW_BITS: Final = 62
_LOW_MASK: Final = (1 << _LOW_BITS) - 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

_new: Final = object.__new__
_set: Final = object.__setattr__
_SAFETY: Final = SafeUUID.unknown
"""Looked up once: an enum's member costs more than the rest of an id."""

_lock = threading.Lock()
_last = 0
"""The last id's time and random part, as one number of 122 bits."""


def new_id(now: datetime | None = None) -> UUID:
    """A fresh UUIDv7 that is greater than every id this process made before.

    `now` is aware; without it the system's clock is read.
    """
    global _last
    moment = time.time_ns() // 1_000_000 if now is None else (now - _EPOCH) // _MILLISECOND
    chance = int.from_bytes(os.urandom(10), "big")
    with _lock:
        if moment <= _last >> _RANDOM_BITS:
            _last += 1 + (chance & _STEP_MASK)
        else:
            _last = (moment << _RANDOM_BITS) | (chance & _RANDOM_MASK)
        fresh = _last
    return _uuid(fresh)


def id_of(number: int) -> UUID:
    """The id with this number, made as unpickling makes one: a scan reads some fifty, and UUID(…) checks five
    arguments first.
    """
    made = _new(UUID)
    _set(made, "int", number)
    _set(made, "is_safe", _SAFETY)
    return made


def id_time(value: UUID) -> datetime:
    """The moment a UUIDv7 was made, to the millisecond; ValueError for an id of another kind."""
    if value.version != 7:
        raise ValueError(f"wanted a version 7 id, got version {value.version}")
    return _EPOCH + (value.int >> 80) * _MILLISECOND


def _uuid(number: int) -> UUID:
    milliseconds = number >> _RANDOM_BITS
    high = (number >> _LOW_BITS) & 0xFFF
    low = number & _LOW_MASK
    return id_of((milliseconds << 80) | (7 << 76) | (high << 64) | (0b10 << 62) | low)
