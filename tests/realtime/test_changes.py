"""A view and its changes make the next view, whatever changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from server.realtime.changes import changes
from tests.support.live import applied

IDS = [str(UUID(int=n)) for n in range(4)]


class Stop(msgspec.Struct, frozen=True):
    bin: str
    done: int


class Tour(msgspec.Struct, frozen=True):
    state: str
    stops: list[Stop]
    cart: str | None
    slots: dict[int, Stop]
    lead: Stop | None
    facts: dict[UUID, int]


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    text: str = ""
    more: int = 0


class Board(msgspec.Struct, frozen=True):
    tours: dict[str, Tour]
    odd: dict[str, int]
    answer: Answer
    anything: Any


stops = st.builds(Stop, bin=st.sampled_from("ABC"), done=st.integers(0, 2))
tours = st.builds(
    Tour,
    state=st.sampled_from(("taken", "started")),
    stops=st.lists(stops, max_size=2),
    cart=st.none() | st.just("C-01"),
    slots=st.dictionaries(st.integers(1, 3), stops, max_size=2),
    lead=st.none() | stops,
    facts=st.dictionaries(st.sampled_from([UUID(int=1), UUID(int=2)]), st.integers(0, 1), max_size=2),
)
boards = st.builds(
    Board,
    tours=st.dictionaries(st.sampled_from(IDS), tours, max_size=3),
    odd=st.dictionaries(st.sampled_from(["a", "a/b", ""]), st.integers(0, 2), max_size=3),
    answer=st.builds(Answer, text=st.sampled_from(["", "x"]), more=st.integers(0, 1)),
    anything=st.none() | st.dictionaries(st.sampled_from("pq"), st.none() | st.integers(0, 1), max_size=2),
)


def seen(view: msgspec.Struct) -> Any:
    return msgspec.json.decode(msgspec.json.encode(view))


@given(boards, boards)
def test_what_changed_turns_the_old_into_the_new_also_twice(old: Board, new: Board) -> None:
    found = msgspec.json.decode(msgspec.json.encode(changes(old, new)))
    once = applied(seen(old), found)
    assert once == seen(new)
    assert applied(once, found) == seen(new)
    assert bool(changes(old, new)) == (seen(old) != seen(new))


def test_only_what_changed_is_sent() -> None:
    tour = Tour("taken", [], None, {}, None, {})
    old = Board({"1": tour, "2": tour}, {}, Answer(), None)
    new = Board({"1": msgspec.structs.replace(tour, state="started"), "3": tour}, {}, Answer(), None)
    found = changes(old, new)
    assert (found.set, found.gone) == ({"tours/1/state": "started", "tours/3": tour}, ["tours/2"])
