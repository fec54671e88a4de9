"""How the cut through a half-built tour can look, and what each piece of floor does to it.

A tour is built aisle by aisle. All that the part already built tells the rest is, for each corner on the cut,
whether the corner carries none, an odd or an even number of passages, and which corners hang together: the
equivalence classes of Ratliff & Rosenthal (1983, Operations Research 31) and Roodbergen & de Koster (2001,
EJOR 133), here for any number of cross-aisles. A depot beside the grid is one more corner that stays on the
cut from the first aisle to the last. The tables depend on the number of cross-aisles alone, so they are built
once and shared.

A table is, for each class, the moves out of it: (class after, which of the piece's lengths the move walks).
Moves that can never be better than another are left out; that is what keeps a tour of twenty aisles at a
millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product
from typing import TypeAlias

State: TypeAlias = tuple[int, ...]
"""One number for each corner of the cut: 0 no passage; else 2 * component + 1 if their number is odd."""

Table: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]
Piece: TypeAlias = tuple[str, int]
Moves: TypeAlias = Callable[[State], Iterator[tuple[State, int]]]

NONE, SINGLE, DOUBLE = 0, 1, 2
"""Which length of a join a move walks: nothing, the passage once, the passage there and back."""

LOW, HIGH, GAP = 3, 4, 5
"""In a block with stops: in and out from the lower end, the upper end, both ends around the widest gap."""

HIGH_OR_GAP, LOW_OR_GAP, ANY = 6, 7, 8
"""The shortest of several ways that lead to the same class; `WAYS` says which."""

WAYS: dict[int, tuple[int, ...]] = {
    LOW: (LOW,),
    HIGH: (HIGH,),
    GAP: (GAP,),
    HIGH_OR_GAP: (HIGH, GAP),
    LOW_OR_GAP: (LOW, GAP),
    ANY: (LOW, HIGH, GAP),
}


class Frontier:
    """The classes and tables for `crosses` cross-aisles; `carried` adds a depot beside the grid."""

    def __init__(self, crosses: int, carried: bool) -> None:
        self.depot = crosses
        blocks = range(crosses - 1)
        pieces: dict[Piece, Moves] = {("ahead", 0): self._ahead}
        pieces |= {("picked", block): self._picked(block) for block in blocks}
        pieces |= {("empty", block): self._joined(block, block + 1) for block in blocks}
        pieces |= {("touched", corner): self._touched(corner) for corner in range(crosses)}
        if carried:
            pieces |= {("linked", corner): self._joined(corner, self.depot) for corner in range(crosses)}
        nothing = (0,) * crosses
        first = (*nothing, 2) if carried else nothing
        self.states, tables = _closure(first, pieces)
        self.final = tuple(i for i, state in enumerate(self.states) if _is_tour(state))
        self.ahead = tables["ahead", 0]
        self.picked = [tables["picked", block] for block in blocks]
        self.empty = [tables["empty", block] for block in blocks]
        self.touched = [tables["touched", corner] for corner in range(crosses)]
        self.linked = [tables["linked", corner] for corner in range(crosses)] if carried else []

    def ahead_of(self, state: int, after: int) -> tuple[int, ...]:
        """How often each cross-aisle is walked between the aisle left in class `state` and the next one."""
        left, right = self.states[state][: self.depot], self.states[after][: self.depot]
        return tuple(1 if old & 1 else 2 if new else 0 for old, new in zip(left, right, strict=True))

    def _joined(self, a: int, b: int) -> Moves:
        """A passage without stops between two corners: unused, walked once, or twice to connect them."""

        def moves(state: State) -> Iterator[tuple[State, int]]:
            yield state, NONE
            yield _join(state, a, b, odd=1), SINGLE
            if not _connected(state, a, b):
                yield _join(state, a, b, odd=0), DOUBLE

        return moves

    def _picked(self, block: int) -> Moves:
        """A block with stops between the corners `block` and `block + 1`."""
        a, b = block, block + 1

        def moves(state: State) -> Iterator[tuple[State, int]]:
            yield _join(state, a, b, odd=1), SINGLE
            if not _connected(state, a, b):
                yield _join(state, a, b, odd=0), DOUBLE
            if state[a] and state[b]:
                yield state, ANY
            elif state[a]:
                yield state, LOW
                yield _touch(state, b), HIGH_OR_GAP
            elif state[b]:
                yield state, HIGH
                yield _touch(state, a), LOW_OR_GAP
            else:
                yield _touch(state, a), LOW
                yield _touch(state, b), HIGH
                yield _touch(_touch(state, a), b), GAP

        return moves

    def _touched(self, corner: int) -> Moves:
        """A corner that must be visited: a stop on the cross-aisle, or the depot."""
        return lambda state: iter(((_touch(state, corner), NONE),))

    def _ahead(self, state: State) -> Iterator[tuple[State, int]]:
        """On to the next aisle. An odd corner goes on once, an even one twice or ends, but no component ends.

        Which length: how many cross-aisles are walked in all, each counted as often as it is walked.
        """
        options = [
            (0,) if corner == 0 else (corner,) if corner & 1 or i == self.depot else (0, corner)
            for i, corner in enumerate(state)
        ]
        components = _components(state)
        for after in product(*options):
            if _components(after) == components:
                walked = sum(1 if corner & 1 else 2 for corner in after[: self.depot] if corner)
                yield _named(after), walked


@lru_cache(maxsize=16)
def frontier(crosses: int, carried: bool) -> Frontier:
    """The shared tables; building them takes a millisecond for 2 cross-aisles and under a second for 5."""
    return Frontier(crosses, carried)


def _closure(first: State, pieces: dict[Piece, Moves]) -> tuple[list[State], dict[Piece, Table]]:
    """Every class that can be reached from `first`, and each piece's table over them."""
    number = {first: 0}
    states = [first]
    rows: dict[Piece, list[tuple[tuple[int, int], ...]]] = {piece: [] for piece in pieces}
    for state in states:
        for piece, moves in pieces.items():
            row = []
            for after, length in moves(state):
                if after not in number:
                    number[after] = len(states)
                    states.append(after)
                row.append((number[after], length))
            rows[piece].append(tuple(row))
    return states, {piece: tuple(table) for piece, table in rows.items()}


def _components(state: State) -> set[int]:
    return {corner >> 1 for corner in state if corner}


def _connected(state: State, a: int, b: int) -> bool:
    return state[a] != 0 and state[a] >> 1 == state[b] >> 1


def _is_tour(state: State) -> bool:
    return len(_components(state)) == 1 and not any(corner & 1 for corner in state)


def _touch(state: State, corner: int) -> State:
    if state[corner]:
        return state
    fresh = 2 * (len(state) + 1)
    return _named((*state[:corner], fresh, *state[corner + 1 :]))


def _join(state: State, a: int, b: int, odd: int) -> State:
    corners = list(_touch(_touch(state, a), b))
    kept, gone = corners[a] >> 1, corners[b] >> 1
    corners = [2 * kept + (corner & 1) if corner >> 1 == gone and corner else corner for corner in corners]
    corners[a] ^= odd
    corners[b] ^= odd
    return _named(tuple(corners))


def _named(state: State) -> State:
    """The same class with its components counted 1, 2, … in the order in which they appear."""
    names: dict[int, int] = {}
    return tuple(2 * names.setdefault(corner >> 1, len(names) + 1) + (corner & 1) if corner else 0 for corner in state)
