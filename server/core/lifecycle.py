"""Why: every thing that has a state says its whole life in one table, and nothing else moves it.

From the table come the move itself (`advance`), what is allowed now (the buttons on a screen), the CHECK
constraint, the diagram in the docs and the TypeScript copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from server.core.refusal import Fault, Refusal


@dataclass(frozen=True)
class Lifecycle:
    """The states of one kind of thing and the moves between them.

    `states` maps each state to a plain sentence; `moves` maps (state, trigger) to the next state.
    """

    name: str
    initial: str
    states: Mapping[str, str]
    moves: Mapping[tuple[str, str], str]
    _allowed: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = set(self.states)
        named = {self.initial} | {state for state, _ in self.moves} | set(self.moves.values())
        if stray := sorted(named - known):
            raise ValueError(f"lifecycle {self.name}: states {stray} are used but not described")
        allowed: dict[str, tuple[str, ...]] = dict.fromkeys(self.states, ())
        for state, trigger in self.moves:
            allowed[state] = (*allowed[state], trigger)
        object.__setattr__(self, "_allowed", MappingProxyType(allowed))

    @property
    def triggers(self) -> tuple[str, ...]:
        """Every trigger once, in the order of the table."""
        return tuple(dict.fromkeys(trigger for _, trigger in self.moves))

    def can(self, state: str, trigger: str) -> bool:
        """Whether `trigger` moves a thing that is in `state`."""
        return (state, trigger) in self.moves

    def advance(self, state: str, trigger: str) -> str:
        """The state after `trigger`; refuses with `move_not_allowed` and says what is allowed."""
        following = self.moves.get((state, trigger))
        if following is None:
            wanted = ", ".join(self.allowed(state)) or "nothing, it has ended"
            raise Refusal(
                "move_not_allowed",
                Fault("state", "This cannot be done any more, or not yet.", wanted, trigger),
                thing=self.name,
                state=state,
                trigger=trigger,
            )
        return following

    def allowed(self, state: str) -> tuple[str, ...]:
        """The triggers that move a thing in `state`, in the order of the table."""
        return self._allowed[state]

    def ended(self, state: str) -> bool:
        """Whether nothing moves a thing in `state` any more."""
        return not self._allowed[state]
