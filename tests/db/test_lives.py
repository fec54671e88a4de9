"""A life that is missing once says nothing: a connection may be cut and come again."""

from __future__ import annotations

from server.db.lives import STALE, Lives, Looked

NONE: frozenset[int] = frozenset()


def test_a_life_has_ended_that_is_missing_at_two_looks_some_time_apart() -> None:
    lives = Lives(apart=1.0)
    assert lives.look({7}, {1}, 10.0) == Looked(NONE, 1.0)
    assert lives.look({7}, {1}, 10.25) == Looked(NONE, 0.75)
    assert lives.look({7}, {1}, 11.0) == Looked(frozenset({7}), None)


def test_a_life_that_came_again_in_between_has_not_ended() -> None:
    lives = Lives(apart=1.0)
    lives.look({7}, {1}, 10.0)
    assert lives.look({8}, {1, 7, 8}, 10.5) == Looked(NONE, None)
    assert lives.look({7}, {1}, 11.0) == Looked(NONE, 1.0)


def test_a_look_of_long_ago_is_not_counted() -> None:
    lives = Lives(apart=1.0)
    lives.look({7}, {1}, 10.0)
    assert lives.look({7}, {1}, 10.0 + STALE + 1) == Looked(NONE, 1.0)


def test_each_life_is_looked_at_for_itself_and_the_next_look_is_for_the_last_of_them() -> None:
    lives = Lives(apart=1.0)
    lives.look({7}, {1}, 10.0)
    assert lives.look({7, 8}, {1}, 11.5) == Looked(frozenset({7}), 1.0)


def test_where_one_is_certain_one_look_is_enough() -> None:
    assert Lives(apart=0.0).look({7}, NONE, 10.0) == Looked(frozenset({7}), None)
