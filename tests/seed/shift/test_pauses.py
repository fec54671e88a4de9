"""The demo's people take human time, the same for the same seed, and walk along their tour."""

from __future__ import annotations

import random

from seed.shift.pauses import METRES_A_SECOND, SECONDS, Pauses, Walk


def seconds(pace: float, seed: int = 1) -> list[float]:
    pauses = Pauses(pace, random.Random(seed))
    return [pauses.seconds(what) for what in SECONDS for _ in range(20)]


def test_the_same_seed_takes_the_same_time() -> None:
    assert seconds(1) == seconds(1)
    assert seconds(1) != seconds(1, seed=2)


def test_every_pause_lies_in_its_span_and_is_divided_by_the_pace() -> None:
    pauses = Pauses(1, random.Random(1))
    for what, span in SECONDS.items():
        assert all(span.least <= pauses.seconds(what) <= span.most for _ in range(50))
    assert seconds(20) == [slow / 20 for slow in seconds(1)]


async def test_a_pause_and_a_walk_sleep_as_long_as_they_say() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    pauses = Pauses(10, random.Random(1), sleep)
    await pauses.take("scan", 3)
    await pauses.walk(26)
    twin = Pauses(10, random.Random(1))
    assert slept == [twin.seconds("scan", 3), 26 / METRES_A_SECOND / 10]


def test_a_way_goes_along_the_tour() -> None:
    """Up an aisle, over the cross-aisle, down the next one: farther than as the crow flies."""
    walk = Walk([[0, 0], [0, 10_000], [4_000, 10_000], [4_000, 0], [0, 0]])
    assert walk.metres_to(0, 9_000) == 9
    assert walk.metres_to(4_000, 9_500) == 1 + 4 + 0.5
    assert walk.metres_to(4_000, 200) == 9.3
    assert walk.metres_to(0, 0) == 4.2


def test_a_bin_off_the_tour_is_reached_all_the_same() -> None:
    walk = Walk([])
    assert walk.metres_to(0, 5_000) == 0
    assert walk.metres_to(3_000, 1_000) == 7
