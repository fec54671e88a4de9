"""Why: ids must be unique, grow within a process, and carry the time they were made."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest

from server.core.ids import id_time, new_id

NOW = datetime(2040, 1, 1, 12, 0, 0, 123000, tzinfo=UTC)


def test_an_id_is_a_version_7_uuid_of_its_moment() -> None:
    made = new_id(NOW)
    assert (made.version, made.variant) == (7, RFC_4122)
    assert id_time(made) == NOW


def test_ids_of_one_moment_grow() -> None:
    made = [new_id(NOW) for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == 5000


def test_ids_grow_when_the_clock_steps_back() -> None:
    before = new_id(NOW + timedelta(seconds=10))
    assert new_id(NOW) > before


def test_threads_never_make_the_same_id() -> None:
    made: list[UUID] = []

    def make() -> None:
        mine = [new_id() for _ in range(2000)]
        assert mine == sorted(mine)
        made.extend(mine)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000


def test_the_time_of_another_kind_of_id_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="version 7"):
        id_time(UUID("00000000-0000-4000-8000-000000000000"))
